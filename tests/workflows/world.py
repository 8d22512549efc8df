"""A worker over fakes on a real server, and what a test does with it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Interceptor, Worker

from activities.branching import BranchActivities
from activities.documents import DocumentActivities
from activities.records import RecordActivities
from activities.sweeping import SweepActivities
from activities.verification import VerificationActivities
from activities.yearly import YearlyActivities
from adapters.files.write_once import WriteOnceFiles
from domain import ids
from domain.documents import DocumentState
from domain.pair import PairState
from domain.process import Answer, Command
from domain.programme import ProgrammeState
from tests.fakes.branch_reports import MemoryBranchReports
from tests.fakes.files import MemoryFiles
from tests.fakes.renderer import PlainRenderer
from tests.fakes.verification import MemoryVerifications
from tests.fakes.yearly import MemoryYearlyBook
from tests.law import KINDS, RULES
from tests.workflows.held import HeldLedger
from tests.workflows.people import LIMIT, People, stages
from workflows.document import DocumentWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.registry import WORKFLOWS, sandbox

Handle = WorkflowHandle[Any, Any]
GRACE = timedelta(seconds=10)
"""For activities at hand when a test ends, as the service's worker has it. Without, an activity is
cancelled while its answer is on the way, and the worker may wait for it for good.
"""


@dataclass
class World:
    client: Client
    queue: str = field(default_factory=ids.new_id)
    ledger: HeldLedger = field(default_factory=HeldLedger)
    files: WriteOnceFiles = field(default_factory=MemoryFiles)
    renderer: PlainRenderer = field(default_factory=PlainRenderer)
    reports: MemoryBranchReports = field(default_factory=MemoryBranchReports)
    book: MemoryVerifications = field(default_factory=MemoryVerifications)
    orders: MemoryYearlyBook = field(default_factory=MemoryYearlyBook)
    pace: dict[str, Any] = field(default_factory=dict)  # of the verification
    tries: int = 1  # of what a store gives out wrong

    @property
    def people(self) -> People:
        return People(self.client, self.ledger.saves, self.ledger, self.files)

    def handle(self, workflow_id: str) -> Handle:
        """Whichever run of this workflow is the current one."""
        return self.client.get_workflow_handle(workflow_id)

    def worker(self, *interceptors: Interceptor, cached_workflows: int = 1000) -> Worker:
        records = RecordActivities(self.ledger, self.ledger, RULES, KINDS)
        documents = DocumentActivities(self.ledger, self.renderer, self.files, tries=self.tries)
        sweeps = SweepActivities(self.ledger, self.files)
        verification = VerificationActivities(self.book, self.files, self.book, rest=0, **self.pace)
        worker = Worker(
            self.client,
            task_queue=self.queue,
            workflows=WORKFLOWS,
            workflow_runner=sandbox(),
            activities=[
                *activities_of(records),
                *activities_of(documents),
                *activities_of(BranchActivities(self.reports)),
                *activities_of(sweeps),
                *activities_of(verification),
                *activities_of(YearlyActivities(self.orders, lambda _: None)),
            ],
            activity_executor=ThreadPoolExecutor(8),
            interceptors=interceptors,
            max_cached_workflows=cached_workflows,
            graceful_shutdown_timeout=GRACE,
        )
        # A workflow that waits for a processor for two seconds is not caught in a loop of its own.
        assert worker._workflow_worker is not None
        worker._workflow_worker._deadlock_timeout_seconds = 60
        return worker

    async def start(self, state: ProgrammeState | PairState | DocumentState) -> Handle:
        match state:
            case ProgrammeState():
                return await self._start(ProgrammeWorkflow.run, state)
            case PairState():
                return await self._start(PairWorkflow.run, state)
            case DocumentState():
                return await self._start(DocumentWorkflow.run, state)

    async def _start(self, run: Any, state: Any) -> Handle:  # noqa: ANN401 - one of three
        return await self.client.start_workflow(
            run, state, id=state.workflow_id, task_queue=self.queue
        )

    async def until(self, condition: Callable[[], object], seconds: float = 60) -> None:
        """Waits until `condition` holds."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():  # noqa: ASYNC110 - what is waited for lies in fakes
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"not so in {seconds} s: {stages(self.ledger.saves)}") from None

    def document(self, handle: Handle) -> DocumentState | None:
        """The document as readers see it."""
        state = self.ledger.state(handle.id)
        assert state is None or isinstance(state, DocumentState)
        return state

    def pair(self, handle: Handle) -> PairState | None:
        """The pair as readers see it."""
        state = self.ledger.state(handle.id)
        assert state is None or isinstance(state, PairState)
        return state

    def cycle(self, handle: Handle) -> ProgrammeState | None:
        """The cycle as readers see it."""
        state = self.ledger.state(handle.id)
        assert state is None or isinstance(state, ProgrammeState)
        return state

    def rests(self, handle: Handle) -> bool:
        """True if the process was saved and has nothing of its own to do."""
        saved = self.ledger.saves.get(handle.id)
        return saved is not None and not saved.at_work

    async def at_stage(self, handle: Handle, stage: str) -> None:
        """Waits until readers see the process at this stage, at rest."""

        def is_there() -> bool:
            saved = self.ledger.saves.get(handle.id)
            return saved is not None and saved.state.stage_name == stage and not saved.at_work

        await self.until(is_there)


def activities_of(group: object) -> list[Any]:
    """All activities of a group, as the worker registers them."""
    methods = [getattr(group, name) for name in dir(type(group)) if not name.startswith("_")]
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]


async def ask(
    handle: Handle,
    update: str,
    wish: Command,
    request_id: str | None = None,
    limit: timedelta = LIMIT,
) -> Answer:
    """The answer to an update; a refusal is raised as `WorkflowUpdateFailedError`."""
    answer: Answer = await handle.execute_update(
        update, wish, id=request_id or ids.new_id(), result_type=Answer, rpc_timeout=limit
    )
    return answer


def refusal_of(error: WorkflowUpdateFailedError) -> str | None:
    """The code of a refused update."""
    assert isinstance(error.cause, ApplicationError)
    return error.cause.type


async def events_of(handle: Handle) -> Counter[str]:
    """How often each type of event is in the history of the current run."""
    history = await handle.fetch_history()
    return Counter(
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events
    )


async def quiet_events_of(handle: Handle, *after: str) -> Counter[str]:
    """The same, once there were events of these types and nothing is under way any more."""
    async with asyncio.timeout(60):
        while True:
            events = await events_of(handle)
            raw = (await handle.describe()).raw_description
            busy = raw.HasField("pending_workflow_task") or raw.pending_activities
            grown = raw.workflow_execution_info.history_length > events.total()
            if not busy and not grown and all(events[name] for name in after):
                return events


async def runs_of(handle: Handle) -> Sequence[Counter[str]]:
    """Events of each run of a workflow that this test started, oldest first."""
    client, found = handle._client, []
    run_id = handle.first_execution_run_id
    while run_id:
        run = client.get_workflow_handle(handle.id, run_id=run_id)
        last = [event async for event in run.fetch_history_events()][-1]
        found.append(await events_of(run))
        run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
    return found
