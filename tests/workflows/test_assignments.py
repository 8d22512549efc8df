"""What an order gives to people, on a real server: the order lives until it is done."""

from datetime import datetime, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain import ids
from domain.amendments import Change, How
from domain.approval import Circumstances
from domain.assignments import Assignment, AssignmentStage
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.documents import DocumentState, Stage
from domain.extras import DraftDocument
from domain.people import Actor
from tests import builders
from tests.workflows.rows import CURATOR, DIRECTOR, STRANGER, a_cycle, a_document, launch, real_now
from tests.workflows.world import Handle, World, ask, refusal_of

DAY = timedelta(days=1)
MENTOR = "mentor-7"


def an_assignment(
    id_: str, controller: str = builders.APPROVER, due: datetime | None = None
) -> Assignment:
    return Assignment(
        id=id_, item=id_, who=MENTOR, controller=controller, due=due or real_now() + 30 * DAY
    )


async def with_an_order(world: World, *given: Assignment) -> Handle:
    """An order in force that gives these."""
    world.ledger.found = Circumstances(assignments=given)
    handle = await world.start(a_document())
    await in_force(world, handle)
    return handle


async def in_force(world: World, handle: Handle) -> None:
    """Whatever is asked of people is done, but what an order in force asks."""

    def is_so(subject: str = handle.id) -> bool:
        shown = world.ledger.state(subject)
        return isinstance(shown, DocumentState) and shown.stage is Stage.IN_FORCE

    people = world.people
    people.idles = is_so
    await people.work_until(is_so)
    await world.at_stage(handle, "in_force")


def done(id_: str, by: Actor = CURATOR) -> Fulfil:
    return Fulfil(by=by, assignment=id_, note_id="note1")


async def refused(handle: Handle, name: str, wish: Fulfil | ReturnAssignment) -> str | None:
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await ask(handle, name, wish)
    return refusal_of(caught.value)


async def test_an_order_ends_when_the_last_of_what_it_gave_is_over(world: World) -> None:
    handle = await with_an_order(
        world, an_assignment("1", builders.CURATOR), an_assignment("2", builders.CURATOR)
    )
    assert {task.kind for task in world.ledger.open_tasks()} == {"fulfil"}

    assert await refused(handle, "fulfil", done("1", STRANGER)) == "NotYours"
    assert await refused(handle, "fulfil", done("9")) == "NotFound"
    await ask(handle, "fulfil", done("1"))
    assert [task.refs["assignment"] for task in world.ledger.open_tasks()] == ["2"]
    drop = DropAssignment(by=CURATOR, assignment="2", note_id="note2")
    await ask(handle, "drop_assignment", drop)

    end: DocumentState = await handle.result()
    assert [one.stage for one in end.assignments] == [
        AssignmentStage.FULFILLED,
        AssignmentStage.DROPPED,
    ]
    assert world.ledger.actions(handle.id)[-5:] == [
        *("sealed", "assignment_given", "assignment_given"),
        *("assignment_fulfilled", "assignment_dropped"),
    ]


async def test_what_was_done_may_be_given_back_and_its_controller_is_told_each_time(
    world: World,
) -> None:
    handle = await with_an_order(world, an_assignment("1"))

    await ask(handle, "fulfil", done("1"))
    await ask(
        handle, "return_assignment", ReturnAssignment(by=DIRECTOR, assignment="1", note_id="why")
    )
    await ask(handle, "fulfil", done("1"))
    await world.at_stage(handle, "in_force")

    told = [notice for notice in world.ledger.notices.values() if notice.kind == "informed"]
    assert [notice.recipient for notice in told] == [builders.APPROVER] * 2
    known = ReturnAssignment(by=CURATOR, assignment="1", note_id="why")
    assert await refused(handle, "return_assignment", known) == "NotYours"


async def test_an_order_that_is_cancelled_asks_for_nothing_any_more(world: World) -> None:
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch()
    world.ledger.found = Circumstances(assignments=(an_assignment("1"),))
    cycle = await world.start(state)
    await world.at_stage(cycle, "running")
    shown = world.cycle(cycle)
    assert shown is not None
    (order,) = [result.document_id for result in shown.items[0].results]
    assert order is not None
    earlier = world.handle(ids.document_workflow(order))
    await in_force(world, earlier)

    world.ledger.found = Circumstances()
    wish = DraftDocument(
        by=CURATOR,
        document_id=ids.new_id(),
        kind="report",
        approver="director",
        changes=(Change(document_id=order, how=How.CANCELS),),
    )
    await ask(cycle, "draft_document", wish)
    await in_force(world, world.handle(ids.document_workflow(wish.document_id)))

    end = DocumentState.model_validate(await earlier.result())
    assert end.assignments[0].stage is AssignmentStage.DROPPED
    dropped = world.ledger.events_of(earlier.id)[-1]
    assert (dropped.action, dropped.refs["document"]) == ("assignment_dropped", wish.document_id)
