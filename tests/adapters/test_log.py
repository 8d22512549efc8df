"""The log in PostgreSQL: checkpoints, proofs, and what is found of those who rewrite it."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from sqlalchemy import Connection, Engine, event, text

from adapters.log_keys import verify
from adapters.postgres import log
from domain import merkle
from domain.checkpoints import origin_of
from domain.errors import (
    ForgedCheckpoint,
    LogForked,
    NotFound,
)
from tests.adapters.logged import (
    OF_TWELVE,
    REWRITES,
    Logged,
    drop,
    edit,
    insert,
    swap,
    tampering,
)

SIZE = 75


@pytest.fixture
def school(engine: Engine, owner_engine: Engine) -> Logged:
    return Logged(engine, owner_engine)


# Checkpoints and proofs


def test_a_checkpoint_states_the_root_over_the_texts(school: Logged) -> None:
    school.grow(SIZE)
    signed = school.log.checkpoint(school.id)
    peaks: list[bytes] = []
    for n, body in enumerate(school.texts()):
        peaks, _ = merkle.grown(n, peaks, merkle.leaf_hash(body.encode()))
    found = verify(signed.text, signed.key)
    assert (found.origin, found.size) == (origin_of(school.id), SIZE)
    assert found.root == merkle.root(peaks).hex()


def test_a_checkpoint_of_a_size_is_signed_once(school: Logged) -> None:
    school.grow(5)
    first = school.log.checkpoint(school.id)
    assert school.log.checkpoint(school.id) == first
    school.grow(1)
    second = school.log.checkpoint(school.id)
    assert school.log.checkpoints(school.id) == (first, second)


def test_an_empty_log_has_a_checkpoint_and_an_unknown_one_has_none(school: Logged) -> None:
    assert school.log.checkpoint(school.id).checkpoint.root == merkle.EMPTY_ROOT.hex()
    with pytest.raises(NotFound):
        school.log.checkpoint("nobody")


@pytest.mark.parametrize("size", [1, 2, 31, 64, 65, SIZE])
def test_every_entry_is_proved_to_be_in_each_checkpoint(school: Logged, size: int) -> None:
    school.grow(size)
    root = bytes.fromhex(school.log.checkpoint(school.id).checkpoint.root)
    school.grow(20)  # a later log proves for the earlier checkpoint
    leaves = [merkle.leaf_hash(body.encode()) for body in school.texts()]
    proofs = dict(school.log.inclusion(school.id, range(1, size + 1), size))
    assert sorted(proofs) == list(range(1, size + 1))
    for seq, proof in proofs.items():
        hashes = [bytes.fromhex(one) for one in proof]
        assert merkle.is_included(leaves[seq - 1], seq - 1, size, hashes, root)


def test_each_checkpoint_is_proved_to_continue_the_one_before(school: Logged) -> None:
    marks = [school.log.checkpoint(school.id).checkpoint]
    for count in (1, 1, 5, 1, 24, 40):
        school.grow(count)
        marks.append(school.log.checkpoint(school.id).checkpoint)
    for old, new in [*pairwise(marks), (marks[0], marks[-1]), (marks[3], marks[-1])]:
        proof = school.log.consistency(school.id, old.size, new.size)
        assert merkle.is_consistent(
            old.size,
            new.size,
            bytes.fromhex(old.root),
            bytes.fromhex(new.root),
            [bytes.fromhex(one) for one in proof],
        )


def test_a_proof_reads_no_more_rows_than_it_has_hashes(school: Logged) -> None:
    school.grow(300, at_once=100)
    read: list[int] = []

    def count(*told: object) -> None:
        cursor = told[1]
        read.append(getattr(cursor, "rowcount", 0))

    event.listen(school.engine, "after_cursor_execute", count)
    try:
        school.log.consistency(school.id, 37, 300)
        [(_, proof)] = school.log.inclusion(school.id, [100], 300)
    finally:
        event.remove(school.engine, "after_cursor_execute", count)
    assert len(proof) == 9
    assert len(read) == 2
    assert max(read) <= 2 * 9


# Tampering


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE audit_entries SET text = replace(text, 'u1', 'u2')", "запись 6 ({}): текст"),
        ("UPDATE audit_entries SET actor = 'u2'", "запись 6 ({}): столбцы"),
        ("UPDATE audit_entries SET n = 7000", "запись 6 ({}): столбцы"),
        ("UPDATE audit_entries SET at = at + interval '1 second'", "запись 6 ({}): столбцы"),
        ("DELETE FROM audit_entries", "записи 6 нет"),
        (
            "UPDATE audit_entries SET nodes = sha256('x'::bytea) || substr(nodes, 33)",
            "запись 6 ({}): хеш записей 5–6 не тот",
        ),
        (
            "UPDATE audit_entries SET nodes = substr(nodes, 1, 32) || sha256('x'::bytea)",
            "запись 6 ({}): хеш записей 5–6 не тот",
        ),
        ("UPDATE audit_entries SET nodes = ''", "запись 6 ({}): хеш записей 6–6 не тот"),
        ("UPDATE audit_entries SET seq = 7000", "запись 7000 ({}): лишняя"),
    ],
)
def test_a_changed_entry_is_named(school: Logged, change: str, fault: str) -> None:
    school.grow(20)
    assert school.faults() == []
    school.tamper(change, "AND seq = 6")
    named = fault.format(school.subject)
    assert any(found.startswith(named) for found in school.faults()), school.faults()


MOVE = "UPDATE audit_entries SET seq = {}"


def test_entries_that_changed_places_are_found(school: Logged) -> None:
    school.grow(20)
    for new, old in ((7000, 6), (6, 8), (8, 7000)):
        school.tamper(MOVE.format(new), f"AND seq = {old}")
    found = school.faults()
    assert any("запись 6 " in fault for fault in found)
    assert any("запись 8 " in fault for fault in found)


def test_an_end_that_was_cut_off_is_found(school: Logged) -> None:
    school.grow(20)
    school.tamper("DELETE FROM audit_entries", "AND seq > 17")
    assert school.faults() == ["записей 18–20 нет"]


def test_a_head_that_says_something_else_is_found(school: Logged) -> None:
    school.grow(20)
    school.tamper("UPDATE audit_heads SET peaks = substr(peaks, 33)")
    assert school.faults() == ["конец журнала не тот, что дают записи"]


def test_a_log_whose_head_is_gone_is_found(school: Logged) -> None:
    school.grow(3)
    school.tamper("DELETE FROM audit_heads")
    assert school.faults()[0] == "конца журнала нет (audit_heads)"
    school.tamper("DELETE FROM audit_entries")
    assert school.faults() == ["конца журнала нет (audit_heads)"]
    with pytest.raises(NotFound):
        school.log.faults("nobody")


@pytest.mark.parametrize("change", REWRITES)
def test_a_log_that_was_made_anew_is_found_by_any_checkpoint_of_before(
    school: Logged, change: Callable[[list[str]], list[str]]
) -> None:
    school.grow(12)
    kept = school.log.checkpoint(school.id)
    school.rewrite(change, marks=False)
    (found,) = school.faults()
    assert OF_TWELVE.search(found)
    school.rewrite(lambda texts: texts, marks=True)  # nothing of ours tells of it any more
    assert school.faults() == []
    assert any(OF_TWELVE.search(one) for one in school.faults(verify(kept.text, kept.key)))


@pytest.mark.parametrize("change", [edit, drop, insert, swap])
def test_a_log_that_was_made_anew_is_not_signed(
    school: Logged, change: Callable[[list[str]], list[str]]
) -> None:
    school.grow(12)
    school.log.checkpoint(school.id)
    school.grow(3)
    school.rewrite(change, marks=False)
    with pytest.raises(LogForked, match=r"не продолжает отметку \(записей 12\)"):
        school.log.checkpoint(school.id)


def test_a_changed_checkpoint_is_named(school: Logged) -> None:
    school.grow(12)
    school.log.checkpoint(school.id)
    school.tamper("UPDATE checkpoints SET text = replace(text, E'\\n12\\n', E'\\n11\\n')")
    (fault,) = school.faults()
    assert fault.startswith("отметка (записей 12): подпись ключом")
    with pytest.raises(ForgedCheckpoint):
        school.log.checkpoints(school.id)
    school.tamper("UPDATE checkpoints SET text = replace(text, E'\\n11\\n', E'\\n12\\n')")
    school.tamper("UPDATE checkpoints SET size = 11")
    (fault,) = school.faults()
    assert fault == "отметка (записей 11) говорит о другом журнале или размере"


CHANGE = "UPDATE audit_entries SET {} = {} WHERE organisation_id = :id AND seq = :seq"


def test_random_changes_are_all_found(school: Logged) -> None:
    """What a changed column holds is of its kind, and never what it was."""
    school.grow(40)
    chance = random.Random(7)
    changes = {
        "text": "overlay(text placing chr(ascii(substr(text, {0}, 1)) + 1) from {0} for 1)",
        "nodes": "set_bit(nodes, {0}, 1 - get_bit(nodes, {0}))",
        "subject": "subject || 'x'",
        "n": "n + 7000",
        "action": "action || 'x'",
        "actor": "'u{0}0'",
        "at": "at + {0} * interval '1 second'",
        "cycle_id": "'c{0}'",
    }
    with tampering(school.owner) as connection:
        for _ in range(200):
            seq, column = chance.randint(1, 40), chance.choice(list(changes))
            value = changes[column].format(chance.randint(1, 60))
            change = CHANGE.format(column, value)
            one = connection.begin_nested()
            connection.execute(text(change), {"id": school.id, "seq": seq})
            found = list(faults_within(connection, school.id))
            assert any(f"запись {seq} " in fault for fault in found), (seq, column, found)
            one.rollback()
    assert school.faults() == []


def faults_within(connection: Connection, organisation: str) -> Iterator[str]:
    given = {"id": organisation}
    rows = connection.execute(
        text("SELECT * FROM audit_entries WHERE organisation_id = :id ORDER BY seq"), given
    ).mappings()
    head = connection.execute(
        text("SELECT size, peaks FROM audit_heads WHERE organisation_id = :id"), given
    ).one()
    names = log.LogEntry.model_fields
    entries = (log.LogEntry.model_validate({name: row[name] for name in names}) for row in rows)
    return log.faults(entries, log.LogHead(size=head.size, peaks=head.peaks))
