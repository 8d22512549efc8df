"""Documents that people ask for apart from rows, on a real server: they change earlier ones."""

from collections.abc import Callable

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain import ids
from domain.amendments import Change, How
from domain.document_wishes import Drop
from domain.documents import DocumentState, Stage
from domain.extras import DraftDocument
from tests.workflows.rows import CURATOR, DIRECTOR, a_cycle, launch
from tests.workflows.world import Handle, World, ask, refusal_of


def a_wish(document_id: str, *changed: str, how: How = How.AMENDS) -> DraftDocument:
    return DraftDocument(
        by=CURATOR,
        document_id=document_id,
        kind="report",
        approver="director",
        numbered=False,
        changes=tuple(Change(document_id=one, how=how) for one in changed),
    )


def in_force(world: World, document_id: str) -> Callable[[], bool]:
    def is_so() -> bool:
        state = world.ledger.state(ids.document_workflow(document_id))
        return isinstance(state, DocumentState) and state.stage is Stage.IN_FORCE and state.reported

    return is_so


async def with_an_order(world: World) -> tuple[Handle, str]:
    """A cycle that runs, and its first order, which is in force."""
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch()
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    shown = world.cycle(handle)
    assert shown is not None
    (order,) = [result.document_id for result in shown.items[0].results]
    assert order is not None
    await world.people.work_until(in_force(world, order))
    return handle, order


async def drawn_up(world: World, handle: Handle, wish: DraftDocument) -> None:
    await ask(handle, "draft_document", wish)
    await world.people.work_until(in_force(world, wish.document_id))
    await world.at_stage(handle, "running")


async def refused(handle: Handle, wish: DraftDocument) -> str | None:
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await ask(handle, "draft_document", wish)
    return refusal_of(caught.value)


async def test_an_order_is_amended_then_cancelled_and_then_changed_no_more(world: World) -> None:
    handle, order = await with_an_order(world)
    first, second = ids.new_id(), ids.new_id()

    await drawn_up(world, handle, a_wish(first, order))
    await drawn_up(world, handle, a_wish(second, order, how=How.CANCELS))

    assert await refused(handle, a_wish(ids.new_id(), order)) == "CancelledAlready"
    assert await refused(handle, a_wish(ids.new_id(), "elsewhere")) == "ForeignDocument"
    told = [e for e in world.ledger.events_of(handle.id) if e.action == "document_changed"]
    assert [(e.refs["document"], e.refs["by"], e.refs["how"]) for e in told] == [
        (order, first, "amends"),
        (order, second, "cancels"),
    ]
    assert world.ledger.actions(ids.document_workflow(second))[-1] == "changed_document"


async def test_a_document_that_is_not_in_force_yet_is_not_changed(world: World) -> None:
    handle, order = await with_an_order(world)
    first = ids.new_id()
    await ask(handle, "draft_document", a_wish(first, order))

    assert await refused(handle, a_wish(ids.new_id(), first)) == "NotInForce"


async def test_a_repeated_wish_drafts_one_document(world: World) -> None:
    handle, order = await with_an_order(world)
    wish = a_wish(ids.new_id(), order)

    answers = [await ask(handle, "draft_document", wish, "request1") for _ in range(2)]

    assert answers[0] == answers[1]
    shown = world.cycle(handle)
    assert shown is not None
    assert len(shown.extras) == 1


async def test_a_paper_that_was_given_up_leaves_the_order_as_it_was(world: World) -> None:
    handle, order = await with_an_order(world)
    first = ids.new_id()
    await ask(handle, "draft_document", a_wish(first, order, how=How.CANCELS))
    paper = world.handle(ids.document_workflow(first))
    await world.at_stage(paper, "on_approval")

    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await ask(paper, "drop", Drop(by=DIRECTOR))
    assert refusal_of(caught.value) == "NotYours"
    await ask(paper, "drop", Drop(by=CURATOR, note_id="reason1"))
    await paper.result()

    await world.until(lambda: (cycle := world.cycle(handle)) and cycle.extras[0].settled)
    await drawn_up(world, handle, a_wish(ids.new_id(), order, how=How.CANCELS))
    await world.until(lambda: "document_changed" in world.ledger.actions(handle.id))
