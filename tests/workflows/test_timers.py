"""Reminders, escalations and openings come by the workflow's own timer, on a server that skips."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from domain.document_assignments import Fulfil
from domain.documents import DocumentState
from domain.process import Answer
from tests import builders
from tests.workflows.conftest import CONVERTER, program
from tests.workflows.rows import CURATOR, a_cycle, a_document, decision, launch
from tests.workflows.test_assignments import MENTOR, an_assignment, with_an_order
from tests.workflows.world import World, events_of
from workflows.process import CYCLE_KEY, STAGE_KEY

DAY = timedelta(days=1)


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program("temporal-test-server"), data_converter=CONVERTER
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace="default",
                search_attributes={
                    key.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
                    for key in (STAGE_KEY, CYCLE_KEY)
                },
            )
        )
        yield environment


@pytest.fixture
async def world(skipping: WorkflowEnvironment) -> AsyncIterator[World]:
    world = World(skipping.client)
    async with world.worker():
        yield world


def sent(world: World) -> dict[str, str]:
    """Kind and recipient of each notice."""
    return {notice.kind: notice.recipient for notice in list(world.ledger.notices.values())}


async def test_one_timer_at_a_time_reminds_and_then_escalates(
    skipping: WorkflowEnvironment, world: World
) -> None:
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    assert sent(world) == {}

    await skipping.sleep(1.9 * DAY)
    assert sent(world) == {}
    await skipping.sleep(0.2 * DAY)
    await world.until(lambda: sent(world) == {"reminder": builders.APPROVER})
    await skipping.sleep(1 * DAY)
    await world.until(lambda: "escalation" in sent(world))

    assert sent(world)["escalation"] == builders.CURATOR
    await world.until(lambda: "escalated" in world.ledger.actions(handle.id))
    await skipping.sleep(30 * DAY)
    assert world.ledger.actions(handle.id) == ["drafted", "reminded", "escalated"]
    assert (await events_of(handle))["TIMER_FIRED"] == 2


async def test_a_decision_in_time_stops_the_clock_of_its_reminder(
    skipping: WorkflowEnvironment, world: World
) -> None:
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    document = world.document(handle)
    assert document

    await handle.execute_update("decide", decision(document), result_type=Answer)
    await world.at_stage(handle, "to_register")
    await skipping.sleep(0.9 * DAY)

    assert sent(world) == {}


async def test_a_row_opens_when_its_day_comes(skipping: WorkflowEnvironment, world: World) -> None:
    state = a_cycle()
    today = (await skipping.get_current_time()).date()
    world.ledger.launches[state.cycle_id] = launch(start=today + 31 * DAY)
    handle = await world.start(state)
    await world.at_stage(handle, "running")

    await skipping.sleep(29 * DAY)
    assert "item_opened" not in world.ledger.actions(handle.id)
    await skipping.sleep(3 * DAY)

    await world.until(lambda: "item_opened" in world.ledger.actions(handle.id))


async def test_an_order_reminds_of_what_it_gave_and_ends_when_nothing_can_be_given_back(
    skipping: WorkflowEnvironment, world: World
) -> None:
    now = await skipping.get_current_time()
    handle = await with_an_order(world, an_assignment("1", due=now + 10 * DAY))

    def told() -> dict[str, str]:
        notices = list(world.ledger.notices.values())
        return {one.kind: one.recipient for one in notices if "/fulfil/" in one.task_id}

    assert told() == {}
    await skipping.sleep(9.5 * DAY)
    await world.until(lambda: told() == {"reminder": MENTOR})
    await skipping.sleep(1 * DAY)
    await world.until(lambda: told().get("escalation") == builders.APPROVER)

    wish = Fulfil(by=CURATOR, assignment="1", note_id="note1")
    await handle.execute_update("fulfil", wish, result_type=Answer)
    await world.until(lambda: told().get("informed") == builders.APPROVER)
    await skipping.sleep(2.5 * DAY)
    shown = world.document(handle)
    assert shown is not None
    assert not shown.is_finished()
    await skipping.sleep(1 * DAY)
    end = DocumentState.model_validate(await handle.result())
    assert end.is_finished()
