"""Which saves of its rows a workflow's history tells of."""

from collections.abc import AsyncIterator
from typing import Final

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client

from domain.base import Message

SAVING: Final = "save_progress"
"""The activity that brings the rows up to a process."""
_PAGE: Final = 50


class _Revision(Message):
    revision: int


class _Saving(Message):
    state: _Revision


class Saves:
    """Of the current runs of workflows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def asked(self, workflow_id: str) -> int:
        """The last revision that was to be saved, or with which the run began; -1 if none.

        The row had it from there: as long as Temporal has lost nothing, no row is newer.
        """
        async for event in self._backwards(workflow_id):
            if (revision := await self._asked_by(event)) is not None:
                return revision
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
                begun = event.workflow_execution_started_event_attributes
                (state,) = await self._client.data_converter.decode(
                    begun.input.payloads, [_Revision]
                )
                return int(state.revision)
        return -1

    async def done(self, workflow_id: str) -> int:
        """The last revision whose save has ended; -1 if none. No row may be older."""
        ended: set[int] = set()
        async for event in self._backwards(workflow_id):
            if event.HasField("activity_task_completed_event_attributes"):
                ended.add(event.activity_task_completed_event_attributes.scheduled_event_id)
            elif event.event_id in ended and (revision := await self._asked_by(event)) is not None:
                return revision
        return -1

    async def _backwards(self, workflow_id: str) -> AsyncIterator[HistoryEvent]:
        token = b""
        while True:
            page = await self._client.workflow_service.get_workflow_execution_history_reverse(
                GetWorkflowExecutionHistoryReverseRequest(
                    namespace=self._client.namespace,
                    execution=WorkflowExecution(workflow_id=workflow_id),
                    maximum_page_size=_PAGE,
                    next_page_token=token,
                )
            )
            for event in page.history.events:
                yield event
            token = page.next_page_token
            if not token:
                return

    async def _asked_by(self, event: HistoryEvent) -> int | None:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name != SAVING:
            return None
        decode = self._client.data_converter.decode
        (saving,) = await decode(scheduled.input.payloads, [_Saving])
        return int(saving.state.revision)
