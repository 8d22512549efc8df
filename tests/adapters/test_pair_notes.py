"""What was written of a pair's meetings goes with its papers, by an act that names it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from adapters.postgres.archive import PostgresArchive
from adapters.postgres.recovery import Destroyed, PostgresRecovery
from adapters.postgres.row_checks import RowCheck
from adapters.postgres.tables import KeptTextRow
from domain import ids
from domain.documents import DocumentState
from domain.errors import KeyDestroyed
from domain.programme import ProgrammeState
from domain.retention import Ground
from tests.adapters.old_papers import (
    LATER,
    a_text,
    act_in_force,
    carry_out,
    facts_of,
    paper,
    wish,
)
from tests.adapters.world import NOW, World
from tests.law import KINDS


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def a_note(world: World, pair_id: str, kind: str = "notes") -> str:
    """What was written of a meeting of the pair, or of its end."""
    text = a_text(world, "").changed(
        id=ids.new_id(), kind=kind, subject=ids.pair_workflow(pair_id), body={"text": "Опоздала"}
    )
    world.desk.keep_text(text)
    return text.id


def ended_pair(world: World) -> tuple[ProgrammeState, str]:
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pair(cycle.pairs[0].pair_id, NOW)
    world.save(pair.recorded("stopped", NOW, stopped=True))
    return cycle, pair.pair_id


def carried_out(world: World, cycle: ProgrammeState, documents: list[str], ground: Ground) -> str:
    """The act."""
    asked = wish(world, documents, ground=ground, on=NOW.date())
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, len(documents))
    carry_out(world, asked.act_id)
    return asked.act_id


def test_notes_of_a_pair_that_has_ended_go_with_the_first_of_its_papers_and_the_act_names_them(
    world: World, engine: Engine
) -> None:
    cycle, pair = ended_pair(world)
    diaries = [paper(world, cycle, "diary", pair_id=pair).document_id for _ in range(2)]
    notes = [a_note(world, pair), a_note(world, pair), a_note(world, pair, "reason")]
    evidence = a_note(world, pair, "evidence")

    act = carried_out(world, cycle, diaries, Ground.CONSENT_WITHDRAWN)

    for note in notes:
        with pytest.raises(KeyDestroyed):
            world.ledger.kept_text(note)
    assert world.ledger.kept_text(evidence)
    told = text(
        "SELECT text::json -> 'refs' ->> 'notes' FROM audit_entries "
        "WHERE action = 'destroyed' AND organisation_id = :o ORDER BY seq"
    )
    with engine.connect() as connection:
        assert connection.scalars(told, {"o": world.organisation}).all() == ["3", None]
        look = RowCheck(connection)
        faults = [*look.missed("kept_texts"), *look.sealed(KeptTextRow)]
    assert [one for one in faults if world.organisation in one or pair in one] == []
    (gone, *_) = [one for one in PostgresRecovery(engine).destroyed() if one.act_id == act]
    assert gone.pair_id == pair


def test_an_act_names_the_notes_that_go_with_papers_of_pairs(world: World) -> None:
    cycle, pair = ended_pair(world)
    diary = paper(world, cycle, "diary", pair_id=pair)
    for _ in range(2):
        a_note(world, pair)
    early, late = (
        wish(world, [diary.document_id], ground=ground, act_id=ids.new_id(), on=on)
        for ground, on in ((Ground.CONSENT_WITHDRAWN, NOW.date()), (Ground.TERM, LATER))
    )
    world.desk.keep_destruction_list(early, KINDS)
    *_, row = facts_of(world, cycle, early.act_id)["subjects"]
    assert (row["person"], row["categories"], row["carrier"]) == (
        "Коваль Анна Павловна, Черных Любовь Павловна",
        "записи о встречах и ходе работы пары",
        "хранилище службы, 2 записи",
    )
    world.save(withdrawn_act(world, cycle, early.act_id))
    world.desk.keep_destruction_list(late, KINDS)
    *_, line = facts_of(world, cycle, late.act_id)["destroyed_papers"]
    assert line == {
        "title": "Записи о встречах и ходе работы пар, документы которых названы выше",
        "years": str(datetime.now(UTC).year),
        "count": "2 записи",
        "term": "до окончания работы пары",
    }


def withdrawn_act(world: World, cycle: ProgrammeState, act_id: str) -> DocumentState:
    act = world.document(cycle).changed(document_id=act_id, kind="destruction_act", item_id=None)
    return act.changed(stage="withdrawn", revision=2)


def test_notes_of_a_pair_at_work_stay_when_one_of_its_papers_goes(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pairs[0].pair_id
    diary = paper(world, cycle, "diary", pair_id=pair)
    note = a_note(world, pair)
    act = carried_out(world, cycle, [diary.document_id], Ground.UNLAWFUL)
    assert world.ledger.kept_text(note)
    recovery = PostgresRecovery(world.engine)
    (gone,) = (one for one in recovery.destroyed() if one.act_id == act)
    assert gone.pair_id is None


def test_notes_that_came_back_with_a_backup_are_destroyed_again(world: World) -> None:
    cycle, pair = ended_pair(world)
    diary = paper(world, cycle, "diary", pair_id=pair)
    note = a_note(world, pair)
    listed = {"organisation_id": world.organisation, "document_id": diary.document_id}
    gone = Destroyed.model_validate({**listed, "act_id": "later", "at": NOW, "pair_id": pair})
    recovery = PostgresRecovery(world.engine)

    assert recovery.destroy_again([gone]) == 2
    assert recovery.destroy_again([gone]) == 0

    with pytest.raises(KeyDestroyed):
        world.ledger.kept_text(note)
    archive = PostgresArchive(world.engine)
    assert not any(diary.document_id in one for one in archive.keys_without_act())
    (told,) = (one for one in archive.destroyed_again() if diary.document_id in one)
    assert "по акту later" in told
