"""The only door from HTTP to Temporal.

Every wish is an update whose id follows from the request's idempotency key, so a repeat is
harmless, and has a time limit, since an update waits for ever when no worker is up. A refusal of
a workflow's rules rises here as the class that the rule raised there.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    ScheduleOverlapPolicy,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
)
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.yearly_ports import LaunchYearly
from api.problems import BY_CODE, Internal, Unavailable
from domain import ids
from domain.branch_wishes import AnswerReports, EnterReport, Excuse, Invite, ReleaseBranch
from domain.cycle_pairs import FormPairs, WelcomeMentor
from domain.cycle_roadmap import TakeRoadmap
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.document_wishes import (
    AddRemark,
    AnswerRemark,
    AttachReview,
    AttachSignature,
    AttachSigned,
    Decide,
    Drop,
    Redraft,
    Register,
    Resolve,
)
from domain.documents import DocumentState
from domain.errors import NotFound, WrongState
from domain.evidence import RecordResult
from domain.extras import DraftDocument
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.messages import MandatesChanged
from domain.pair import PairState, Stop
from domain.process import Answer, Command, Process, Retry
from domain.programme import ProgrammeState
from domain.roadmap import Season
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
)
from domain.upper import SendReport
from domain.yearly import YearlyOrder
from workflows.process import CYCLE_KEY, DOCUMENT, ClockMoved
from workflows.programme import ProgrammeWorkflow
from workflows.yearly import YearlyWorkflow
from workflows.yearly_schedules import keep_schedule

TIME_LIMIT_SECONDS: Final = 15.0
_FIRST_PAUSE_SECONDS: Final = 0.1
_LONGEST_PAUSE_SECONDS: Final = 1.0

UPDATES: Final[Mapping[type[Command], str]] = {
    Decide: "decide",
    Resolve: "resolve",
    AddRemark: "add_remark",
    AnswerRemark: "answer_remark",
    AttachReview: "attach_review",
    Redraft: "redraft",
    Register: "register",
    AttachSigned: "attach_signed",
    AttachSignature: "attach_signature",
    Drop: "drop",
    Fulfil: "fulfil",
    ReturnAssignment: "return_assignment",
    DropAssignment: "drop_assignment",
    DraftDocument: "draft_document",
    FormPairs: "form_pairs",
    WelcomeMentor: "welcome_mentor",
    Invite: "invite",
    AnswerReports: "answer_reports",
    EnterReport: "enter_report",
    Excuse: "excuse",
    ReleaseBranch: "release_branch",
    SendReport: "send_report",
    RecordResult: "record_result",
    RecordMeeting: "record_meeting",
    RecordMonitoring: "record_monitoring",
    Stop: "stop",
    TakeRoadmap: "take_roadmap",
    MoveDeadline: "move_deadline",
    ChangeLead: "change_lead",
    MarkNotApplicable: "mark_not_applicable",
    MarkApplicable: "mark_applicable",
    DraftAgain: "draft_again",
    Retry: "retry",
}
"""The update that takes each wish."""

_STATES: Final[Mapping[str, type[Process]]] = {
    "cycle": ProgrammeState,
    "pair": PairState,
    "document": DocumentState,
}

_SOON: Final = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,  # also said of an update that met a change of the workflow
    }
)
_NOT_NOW: Final = frozenset(
    {
        RPCStatusCode.CANCELLED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.FAILED_PRECONDITION,  # the workflow is not ready: its task fails
        RPCStatusCode.INTERNAL,
        RPCStatusCode.UNKNOWN,
    }
)

T = TypeVar("T")


class Gateway(Protocol):
    """Wishes of people, on their way to workflows."""

    async def launch(self, state: ProgrammeState) -> None:
        """Start the cycle; one that was started by this id before is the same one.

        Raises `Unavailable` as `send` does.
        """
        ...

    async def begin(self, state: DocumentState) -> None:
        """Start a document that no cycle starts; one that was started by this id is the same one.

        Raises `Unavailable` as `send` does.
        """
        ...

    async def send(self, workflow_id: str, wish: Command, request_id: str) -> Answer:
        """Make the wish; on return the change is recorded and readers see it.

        Raises the refusal of the rule, `NotFound` if there is no such workflow, `WrongState` if
        it has ended, and `Unavailable` if the outcome is not known in time: the same request id
        may be sent again, and nothing is done twice.
        """
        ...

    async def move_clock(self, workflow_id: str, offset: int) -> bool:
        """Move a process's rehearsal clock and let it settle; False if the process has ended."""
        ...

    async def tell_mandates(self, workflow_id: str, fact: MandatesChanged) -> None:
        """Tell a document the rights of its organisation; one that is not there needs no telling.

        Raises `Unavailable` as `send` does.
        """
        ...

    async def verify(self) -> None:
        """Have all stored files verified now; harmless while that is done already.

        Raises `Unavailable` as `send` does.
        """
        ...

    async def keep_yearly(self, order: YearlyOrder, season: Season) -> None:
        """Have the engine launch by this order each year, or no more, as its state says.

        Raises `Unavailable` as `send` does.
        """
        ...

    async def launch_yearly(self, order_id: str) -> None:
        """Try the order's launch now; on return the order's row tells what came of it.

        Raises `Unavailable` as `send` does.
        """
        ...

    async def check_ready(self) -> None:
        """Raises `Unavailable` unless the engine answers."""
        ...


@dataclass(frozen=True)
class TemporalGateway:
    """`Gateway` over a client that has our data converter."""

    client: Client
    task_queue: str
    time_limit_seconds: float = TIME_LIMIT_SECONDS

    async def launch(self, state: ProgrammeState) -> None:
        """As `Gateway.launch`."""
        await self._start(ProgrammeWorkflow.__name__, state)

    async def begin(self, state: DocumentState) -> None:
        """As `Gateway.begin`."""
        await self._start(DOCUMENT, state)

    async def _start(self, kind: str, state: ProgrammeState | DocumentState) -> None:
        async def start() -> None:
            try:
                await self.client.start_workflow(
                    kind,
                    state,
                    id=state.workflow_id,
                    task_queue=self.task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    search_attributes=TypedSearchAttributes(
                        [SearchAttributePair(CYCLE_KEY, state.cycle_id)]
                    ),
                )
            except WorkflowAlreadyStartedError:
                return  # the id follows from the request, so this is a repeat

        await self._in_time(start)

    async def send(self, workflow_id: str, wish: Command, request_id: str) -> Answer:
        """As `Gateway.send`."""
        return await self._update(workflow_id, UPDATES[type(wish)], wish, request_id)

    async def move_clock(self, workflow_id: str, offset: int) -> bool:
        """As `Gateway.move_clock`."""
        wish = ClockMoved(offset=offset)
        try:
            await self._update(workflow_id, "move_clock", wish, f"clock/{offset}")
        except (NotFound, WrongState):
            return False
        return True

    async def tell_mandates(self, workflow_id: str, fact: MandatesChanged) -> None:
        """As `Gateway.tell_mandates`."""
        handle = self.client.get_workflow_handle(workflow_id)

        async def tell() -> None:
            try:
                await handle.signal("mandates_changed", fact)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise

        await self._in_time(tell)

    async def verify(self) -> None:
        """As `Gateway.verify`: the schedule of the night begins now, unless it is at work."""
        schedule = self.client.get_schedule_handle(ids.VERIFICATION_SCHEDULE)

        async def begin() -> None:
            try:
                await schedule.trigger(overlap=ScheduleOverlapPolicy.SKIP)
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    raise Unavailable("no worker has made the schedule yet") from error
                raise

        await self._in_time(begin)

    async def keep_yearly(self, order: YearlyOrder, season: Season) -> None:
        """As `Gateway.keep_yearly`."""
        await self._in_time(lambda: keep_schedule(self.client, order, season, self.task_queue))

    async def launch_yearly(self, order_id: str) -> None:
        """As `Gateway.launch_yearly`."""
        id_ = f"{ids.yearly_order(order_id)}/now"

        async def launch() -> None:
            await self.client.execute_workflow(
                YearlyWorkflow.run,
                LaunchYearly(order_id=order_id),
                id=id_,
                task_queue=self.task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            )

        await self._in_time(launch)

    async def check_ready(self) -> None:
        """As `Gateway.check_ready`."""

        async def check() -> None:
            if not await self.client.service_client.check_health():
                raise Unavailable("Temporal does not serve")

        await self._in_time(check)

    async def _update(
        self, workflow_id: str, update: str, wish: Command | ClockMoved, request_id: str
    ) -> Answer:
        handle = self.client.get_workflow_handle(workflow_id)

        async def ask() -> Answer:
            try:
                answer: Answer = await handle.execute_update(
                    update, wish, id=request_id, result_type=Answer
                )
                return answer
            except WorkflowUpdateFailedError as error:
                raise _refusal(error) from error
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return await self._answer_of_ended(workflow_id, request_id)
                raise

        return await self._in_time(ask)

    async def _answer_of_ended(self, workflow_id: str, request_id: str) -> Answer:
        """The answer that a workflow gave before it ended, when it is asked again."""
        state_type = _STATES[workflow_id.partition("/")[0]]
        handle = self.client.get_workflow_handle(workflow_id, result_type=state_type)
        try:
            state: Process = await handle.result()
        except WorkflowFailureError as error:
            raise WrongState(f"{workflow_id} was ended by an operator") from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise NotFound(f"there is no {workflow_id}") from error
            raise
        answer = state.answer_to(request_id)
        if answer is None:
            raise WrongState(f"{workflow_id} is {state.stage_name}")
        return answer

    async def _in_time(self, call: Callable[[], Awaitable[T]]) -> T:
        try:
            async with asyncio.timeout(self.time_limit_seconds):
                return await _patiently(call)
        except (TimeoutError, RPCTimeoutOrCancelledError) as error:
            raise Unavailable(
                "the outcome is not known yet; ask again with the same key"
            ) from error
        except RPCError as error:
            if error.status in _NOT_NOW:
                raise Unavailable(f"Temporal answered {error.status.name}") from error
            raise


async def _patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Calls again as long as the server has too much to do: it takes 10 updates at once a run.

    Ids make that safe: what was done is not done again.
    """
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await call()
        except RPCError as error:
            if error.status not in _SOON:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _refusal(error: WorkflowUpdateFailedError) -> Exception:
    """The refusal that a rule raised; anything else that an update fails with is our mistake."""
    cause = error.cause
    kind = BY_CODE.get(cause.type or "") if isinstance(cause, ApplicationError) else None
    if kind is None or not isinstance(cause, ApplicationError):
        return Internal(f"the update failed: {getattr(cause, 'type', type(cause).__name__)}")
    return kind(cause.message)
