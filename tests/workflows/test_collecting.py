"""Rows that count evidence, and rows that collect it, on a real server."""

from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.evidence import EventHeld, RecordResult, RemarkGiven
from domain.items import Item
from domain.programme import ProgrammeState
from tests import builders
from tests import roadmap_builders as roadmaps
from tests.workflows.rows import CURATOR, REMARK, a_cycle, a_step, launch, real_now
from tests.workflows.world import World, ask, refusal_of
from workflows.process import ClockMoved

YEAR = 366 * 24 * 3600
SEMINARS: Any = {"proof": "event", "attendance": 10, "count": 3, "kinds": ["seminar", "training"]}
ROADMAP = roadmaps.a_roadmap(
    steps=[
        a_step("1", SEMINARS),
        a_step("2", REMARK) | {"deadline": {"rule": "always"}},
        a_step("3", REMARK, after=["2"]),
    ]
)


def a_seminar(n: int, **fields: object) -> EventHeld:
    known = {"day": real_now().date(), "attendance": 10, "kind": "seminar", "evidence_id": f"e{n}"}
    return EventHeld.model_validate({**known, **fields})


async def test_a_row_of_three_and_a_row_that_collects_are_carried_to_the_close(
    world: World,
) -> None:
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch().changed(roadmap=ROADMAP)
    handle = await world.start(state)
    await world.at_stage(handle, "running")

    def cycle() -> ProgrammeState:
        known = world.cycle(handle)
        assert known is not None
        return known

    def item(number: str) -> Item:
        return next(one for one in cycle().items if one.id == number)

    def seminar(n: int, **fields: object) -> RecordResult:
        return builders.a_record(a_seminar(n, **fields), by=CURATOR, item="1", result="result")

    def remark(item_id: str, n: int) -> RecordResult:
        said = RemarkGiven(evidence_id=f"r{n}")
        return builders.a_record(said, by=CURATOR, item=item_id, result="result")

    for n in (1, 2):
        await ask(handle, "record_result", seminar(n))
    (task,) = (one for one in cycle().tasks() if one.refs["item"] == "1")
    assert (task.refs["have"], task.refs["of"]) == ("2", "3")
    for wish, refusal in (
        (seminar(2), "AlreadyCounted"),
        (seminar(3, kind="forum"), "WrongEventKind"),
        (seminar(3, attendance=9), "TooFewAttended"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await ask(handle, "record_result", wish)
        assert refusal_of(refused.value) == refusal
    await ask(handle, "record_result", seminar(3))
    assert item("1").done

    # What waits for a row that collects goes on as soon as that has enough.
    await ask(handle, "record_result", remark("2", 1))
    await world.until(lambda: item("3").open)
    await ask(handle, "record_result", remark("3", 2))
    await ask(handle, "record_result", remark("2", 3))
    assert (item("2").done, item("2").results[0].evidence) == (False, ("r1", "r3"))
    assert not cycle().closed

    await handle.execute_update("move_clock", ClockMoved(offset=YEAR))
    end = await handle.result()

    assert (end.closed, [one.done for one in end.items]) == (True, [True] * 3)
    told = world.ledger.actions(handle.id)
    assert told.count("evidence_added") == 3
    assert told[-2:] == ["item_closed", "closed"]
