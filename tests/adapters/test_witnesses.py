"""Witnesses in PostgreSQL: school and city keep each other, and find a log that was rewritten."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from adapters.files.keyring import MasterKeys
from adapters.log_keys import LogKeys, verify_cosignature
from adapters.postgres.row_checks import RowCheck
from domain.audit import AuditEvent
from domain.checkpoints import origin_of, read_submission
from domain.errors import (
    ForgedCheckpoint,
    LogForked,
    LogKeyMissing,
    NotFound,
    StaleProof,
)
from tests.adapters.logged import OF_TWELVE, REWRITES, Logged


@pytest.fixture
def school(engine: Engine, owner_engine: Engine) -> Logged:
    return Logged(engine, owner_engine)


@pytest.fixture
def city(engine: Engine, owner_engine: Engine) -> Logged:
    return Logged(engine, owner_engine)


def handed(keeper: Logged, owner: Logged, old: int | None = None) -> str:
    """The owner hands its log to the keeper; the note that it gets back."""
    origin = origin_of(owner.id)
    kept = [one.checkpoint for one in keeper.witness.kept(keeper.id)]
    known = next((one.size for one in kept if one.origin == origin), 0)
    given = owner.log.submission(owner.id, known if old is None else old)
    return keeper.witness.keep(keeper.id, given.text, "u1", given.key).note


def missed(keeper: Logged, table: str) -> list[str]:
    with keeper.engine.connect() as connection:
        return [one for one in RowCheck(connection).missed(table) if keeper.id in one]


def test_school_and_city_keep_each_other(school: Logged, city: Logged) -> None:
    school.grow(12)
    city.grow(9)
    handed(city, school)
    handed(school, city)
    school.grow(30)
    note = handed(city, school)
    handed(school, city)
    sizes = [one.checkpoint.size for one in city.witness.kept(city.id)]
    assert sizes == [12 + 1 + 30, 12]  # the school's log tells that it keeps the city's
    assert school.faults() == city.faults() == []

    witnessed = city.witness.kept(city.id)[0]
    signed_at = verify_cosignature(note, witnessed.witness_key)
    assert signed_at == witnessed.kept_at.replace(microsecond=0)
    for _ in range(2):
        kept = school.witness.keep_cosignature(school.id, note, witnessed.witness_key, "u1")
        assert kept == signed_at
    assert school.faults() == []
    with pytest.raises(ForgedCheckpoint, match=school.id):
        city.witness.keep_cosignature(city.id, note, witnessed.witness_key, "u1")


def test_the_witness_tells_in_its_own_log_what_it_keeps(school: Logged, city: Logged) -> None:
    school.grow(12)
    handed(city, school)
    handed(city, school)  # the same again
    (body,) = city.texts()
    said = AuditEvent.model_validate_json(body)
    assert (said.action, said.refs["size"]) == ("log_witnessed", "12")
    assert said.refs["origin"] == origin_of(school.id)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM witnessed",
        "UPDATE witnessed SET text = text || text",
        "UPDATE witnessed SET size = size + 1",
    ],
)
def test_what_a_witness_kept_and_has_no_more_is_missed_by_its_log(
    school: Logged, city: Logged, change: str
) -> None:
    school.grow(12)
    handed(city, school)
    assert missed(city, "witnessed") == []
    city.tamper(change)
    (said,) = missed(city, "witnessed")
    of = f"witness/{city.id}: отметки журнала {origin_of(school.id)} на 12 записей"
    assert said == f"{of} нет, или она другая (witnessed)"


@pytest.mark.parametrize("change", REWRITES)
def test_a_witness_finds_a_log_that_was_made_anew_without_a_trace(
    school: Logged, city: Logged, change: Callable[[list[str]], list[str]]
) -> None:
    school.grow(12)
    handed(city, school)
    school.rewrite(change, marks=True)
    (found,) = school.faults()
    assert OF_TWELVE.search(found)
    school.said += 7000
    school.grow(3)
    with pytest.raises(LogForked):
        handed(city, school)


def test_a_first_checkpoint_needs_the_key_and_later_ones_the_same(
    school: Logged, city: Logged
) -> None:
    school.grow(12)
    given = school.log.submission(school.id, 0)
    with pytest.raises(LogKeyMissing):
        city.witness.keep(city.id, given.text, "u1")
    other = LogKeys(MasterKeys(bytes(32))).sign(given.checkpoint)
    with pytest.raises(ForgedCheckpoint):
        city.witness.keep(city.id, given.text, "u1", other.key)
    city.witness.keep(city.id, given.text, "u1", given.key)
    school.grow(1)
    forged = school.log.submission(school.id, 12)
    theirs = LogKeys(MasterKeys(bytes(32))).sign(forged.checkpoint).text
    replaced = forged.text.replace(read_submission(forged.text).text, theirs)
    with pytest.raises(ForgedCheckpoint):
        city.witness.keep(city.id, replaced, "u1")
    assert city.witness.keep(city.id, forged.text, "u1").checkpoint.size == 13


def test_a_proof_that_begins_elsewhere_is_asked_for_anew(school: Logged, city: Logged) -> None:
    school.grow(12)
    handed(city, school)
    school.grow(5)
    with pytest.raises(StaleProof, match="от записи 12, а это от 0"):
        handed(city, school, old=0)
    with pytest.raises(StaleProof, match="в журнале записей 17"):
        school.log.submission(school.id, 18)
    handed(city, school)
    assert [one.checkpoint.size for one in city.witness.kept(city.id)] == [17, 12]


def test_an_earlier_checkpoint_is_handed_out_as_it_was_signed(school: Logged) -> None:
    school.grow(5)
    early = school.log.checkpoint(school.id)
    school.grow(5)
    given = school.log.submission(school.id, 2, 5)
    assert read_submission(given.text).text == early.text
    with pytest.raises(NotFound):
        school.log.submission(school.id, 2, 7)


def test_a_changed_row_of_a_witness_is_named(school: Logged, city: Logged) -> None:
    school.grow(12)
    note = handed(city, school)
    witness = city.witness.kept(city.id)[0]
    school.witness.keep_cosignature(school.id, note, witness.witness_key, "u1")
    city.tamper("UPDATE witnessed SET cosignature = text")
    assert any(found.startswith("отметка журнала nastavnik/") for found in city.faults())
    city.tamper("UPDATE witnessed SET text = replace(text, E'\\n12\\n', E'\\n11\\n')")
    assert any(found.startswith("отметка у свидетеля") for found in school.faults())
    school.tamper("UPDATE cosignatures SET text = replace(text, 'time', 'tame')")
    assert any(found.startswith("подпись свидетеля") for found in school.faults())


def test_an_unknown_witness_is_refused(school: Logged) -> None:
    school.grow(3)
    given = school.log.submission(school.id, 0)
    with pytest.raises(NotFound):
        school.witness.keep("nobody", given.text, "u1", given.key)
