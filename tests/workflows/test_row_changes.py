"""Changes under way on a real server: versions of roadmaps, withdrawals, races with decisions."""

import asyncio

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain import ids
from domain.document_wishes import Drop
from domain.row_changes import DraftAgain, MarkNotApplicable
from tests import builders
from tests.workflows.changing import (
    TRACK,
    changed_rows,
    is_finished,
    launched_by,
    new_version,
    open_document,
    take,
)
from tests.workflows.rows import CURATOR, decision
from tests.workflows.world import World, ask, refusal_of

WHY = "reason1"


async def test_a_version_waits_for_a_document_in_approval_and_is_taken_once_it_is_withdrawn(
    world: World,
) -> None:
    handle, state = await launched_by(world, changed_rows("1", "5"))
    document = await open_document(world, handle)

    await take(world, handle, new_version(world, state, 1, changed_rows("5", "6")), refused=True)
    cycle = world.cycle(handle)
    assert cycle is not None
    assert ([item.id for item in cycle.items], cycle.roadmap_n) == (["1", "5"], 0)
    assert cycle.why_refused() == f"row 1: at_work {document}"

    paper = world.handle(ids.document_workflow(document))
    await ask(paper, "drop", Drop(by=CURATOR, note_id=WHY))
    await world.until(lambda: any(t.kind == "draft_again" for t in world.ledger.open_tasks()))
    await take(world, handle, new_version(world, state, 2, changed_rows("5", "6")))
    cycle = world.cycle(handle)
    assert cycle is not None
    assert {item.id: item.skipped for item in cycle.items} == {"1": True, "5": False, "6": False}

    await world.people.work_until(is_finished(world, handle))
    assert world.ledger.actions(handle.id).count("roadmap_taken") == 1


async def test_a_pair_that_runs_goes_on_by_what_it_has(world: World) -> None:
    handle, state = await launched_by(world, changed_rows("1", "2", "5"))
    both = builders.a_pair_request(mentor_id=builders.MENTOR, mentee_id=builders.MENTEE)
    await ask(handle, "form_pairs", builders.a_forming(both, by=CURATOR))
    people = world.people
    people.idles = lambda subject: subject == handle.id
    await people.work_until(lambda: "result_proved" in world.ledger.actions(handle.id))
    slower = [{**stage, "days": 99} for stage in TRACK["stages"]]
    rows = changed_rows("1", "2", "5", "6", track={**TRACK, "stages": slower})
    await take(world, handle, new_version(world, state, 1, rows))

    await world.people.work_until(is_finished(world, handle))
    end = await handle.result()
    assert [pair.stage for pair in end.pairs] == ["completed"]
    assert {item.id for item in end.items} == {"1", "2", "5", "6"}
    pairs = [id_ for id_ in world.ledger.saves if id_.startswith("pair/")]
    shown = world.pair(world.handle(pairs[0]))
    assert shown is not None
    assert 99 not in [stage.days for stage in shown.track]


async def test_what_cannot_be_planned_stops_nothing(world: World) -> None:
    handle, state = await launched_by(world, changed_rows("5"))
    wish = new_version(world, state, 1, changed_rows("5"))
    del world.ledger.roadmaps[1]
    await take(world, handle, wish, refused=True)
    await take(world, handle, new_version(world, state, 2, changed_rows("5", "6")))
    await world.people.work_until(is_finished(world, handle))


async def test_of_a_withdrawal_and_a_decision_at_once_one_counts_and_the_row_goes_on(
    world: World,
) -> None:
    handle, _ = await launched_by(world, changed_rows("1", "5"))
    document = await open_document(world, handle)
    paper = world.handle(ids.document_workflow(document))
    shown = world.document(paper)
    assert shown is not None
    drop = Drop(by=CURATOR, note_id=WHY)
    skip = MarkNotApplicable(by=CURATOR, note_id=WHY, item="1")
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "mark_not_applicable", skip)
    assert refusal_of(refused.value) == "RowAtWork"
    _, dropped = await asyncio.gather(
        ask(paper, "decide", decision(shown)),
        ask(paper, "drop", drop),
        return_exceptions=True,
    )
    assert not isinstance(dropped, BaseException)  # approved or not, it has no number yet
    await world.until(lambda: any(t.kind == "draft_again" for t in world.ledger.open_tasks()))
    again = DraftAgain(by=CURATOR, item="1", result="result")
    await ask(handle, "draft_again", again)
    assert await open_document(world, handle) != document
    await world.people.work_until(is_finished(world, handle))
