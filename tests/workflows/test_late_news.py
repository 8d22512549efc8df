"""A child may say its last word before its owner hears that it was started: nothing is lost.

It happens when the owner's task waits for a worker that died, while another serves the child.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio import workflow
from temporalio.worker import (
    HandleSignalInput,
    Interceptor,
    StartChildWorkflowInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from tests.workflows.rows import a_cycle, a_pair, launch
from tests.workflows.world import World


class Inbound(WorkflowInboundInterceptor):
    heard = 0

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(Outbound(outbound, self))

    async def handle_signal(self, input: HandleSignalInput) -> None:  # noqa: A002 - the SDK's name
        self.heard += 1
        await super().handle_signal(input)


class Outbound(WorkflowOutboundInterceptor):
    def __init__(self, following: WorkflowOutboundInterceptor, inbound: Inbound) -> None:
        super().__init__(following)
        self._inbound = inbound

    async def start_child_workflow(
        self,
        input: StartChildWorkflowInput,  # noqa: A002 - the SDK's name
    ) -> workflow.ChildWorkflowHandle[Any, Any]:
        handle = await super().start_child_workflow(input)
        if input.workflow == "DocumentWorkflow":
            before = self._inbound.heard
            await workflow.wait_condition(lambda: self._inbound.heard > before)
        return handle


class LateNews(Interceptor):
    """Holds back that a document was started until a signal came."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        del input
        return Inbound


@pytest.fixture
async def late_world(idle_world: World) -> AsyncIterator[World]:
    async with idle_world.worker(LateNews()):
        yield idle_world


async def test_a_pair_learns_of_a_consent_that_was_signed_before_the_news_of_its_start(
    late_world: World,
) -> None:
    world = late_world
    handle = await world.start(a_pair("consents", "meetings"))

    await world.people.work_until(
        lambda: (pair := world.pair(handle)) is not None and pair.stage_name == "meetings",
        seconds=30,
    )


async def test_a_cycle_learns_of_an_order_that_was_signed_before_the_news_of_its_start(
    late_world: World,
) -> None:
    world = late_world
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch()
    handle = await world.start(state)

    await world.people.work_until(
        lambda: "result_proved" in world.ledger.actions(handle.id), seconds=30
    )
