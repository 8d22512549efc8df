"""The cycle's workflow: its rows, its pairs, its end."""

import asyncio
from collections.abc import Sequence

from temporalio import workflow

from activities.records import RecordActivities
from activities.tasks import PlanCycle
from domain import ids
from domain.cycle_pairs import FormPairs, WelcomeMentor
from domain.evidence import RecordResult
from domain.extras import DraftDocument
from domain.messages import DocumentSettled, OrderInForce, PairMoved
from domain.process import Answer, Retry
from domain.programme import Act, CycleMove, ProgrammeState

# The shell is reloaded into the sandbox as each workflow's own module is; no host module passes.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import RECORD
    from workflows.process import DOCUMENT, PAIR, ClockMoved, ProcessShell


@workflow.defn
class ProgrammeWorkflow(ProcessShell[ProgrammeState, CycleMove]):
    @workflow.init
    def __init__(self, state: ProgrammeState) -> None:
        self._start(state)

    @workflow.run
    async def run(self, state: ProgrammeState) -> ProgrammeState:
        del state  # taken by __init__, before any message could arrive
        return await self._live()

    def _next_moves(self) -> Sequence[CycleMove]:
        return self._state.next_moves(self._now())

    async def _do(self, move: CycleMove) -> None:
        match move.act:
            case Act.PLAN:
                task = PlanCycle(cycle_id=self._state.cycle_id)
                plan = await self._call(RecordActivities.plan_cycle, task, RECORD)
                self._state = self._state.planned(plan, self._now())
            case Act.START_PAIRS:
                await asyncio.gather(*(self._start_pair(pair_id) for pair_id in move.pairs))
                self._state = self._state.pairs_started(move.pairs)
            case Act.START_DOCUMENT:
                await self._start_document(move)
            case Act.TELL_ORDER:
                await self._tell_order(move)

    async def _start_pair(self, pair_id: str) -> None:
        await self._start_child(PAIR, self._state.pair(pair_id, self._now()))

    async def _start_document(self, move: CycleMove) -> None:
        paper = move.paper
        if paper is None:
            raise RuntimeError("a move that starts a document names its paper")
        await self._start_child(DOCUMENT, self._state.document(paper, self._now()))
        self._state = self._state.document_started(paper)

    async def _tell_order(self, move: CycleMove) -> None:
        fact = OrderInForce(document_id=move.document_id, clock_offset=self._state.clock_offset)
        await asyncio.gather(
            *(self._tell(ids.pair_workflow(p), "order_in_force", fact) for p in move.pairs)
        )
        self._state = self._state.order_told(move.pairs)

    @workflow.update
    async def form_pairs(self, wish: FormPairs) -> Answer:
        return await self._accept(wish, ProgrammeState.pairs_formed)

    @form_pairs.validator
    def _check_form_pairs(self, wish: FormPairs) -> None:
        now = self._now_for(wish)
        self._check(wish, lambda asked: self._state.check_can_form(asked, now))

    @workflow.update
    async def welcome_mentor(self, wish: WelcomeMentor) -> Answer:
        return await self._accept(wish, ProgrammeState.mentor_welcomed)

    @welcome_mentor.validator
    def _check_welcome_mentor(self, wish: WelcomeMentor) -> None:
        self._check(wish, self._state.check_can_welcome)

    @workflow.update
    async def draft_document(self, wish: DraftDocument) -> Answer:
        return await self._accept(wish, ProgrammeState.document_asked)

    @draft_document.validator
    def _check_draft_document(self, wish: DraftDocument) -> None:
        self._check(wish, self._state.check_can_draft)

    @workflow.update
    async def record_result(self, wish: RecordResult) -> Answer:
        return await self._accept(wish, ProgrammeState.result_recorded)

    @record_result.validator
    def _check_record_result(self, wish: RecordResult) -> None:
        today = self._now_for(wish).date()
        self._check(wish, lambda result: self._state.check_can_record(result, today))

    @workflow.update
    async def retry(self, wish: Retry) -> Answer:
        return await self._accept(wish, ProgrammeState.retried)

    @retry.validator
    def _check_retry(self, wish: Retry) -> None:
        self._check(wish, self._state.check_can_retry)

    @workflow.update
    async def move_clock(self, wish: ClockMoved) -> Answer:
        return await self._settle_clock(wish)

    @workflow.signal
    async def document_settled(self, fact: DocumentSettled) -> None:
        await self._after_start_of(ids.document_workflow(fact.document_id))
        now = self._heard(fact)
        self._state = self._state.document_settled(fact, now)

    @workflow.signal
    def pair_moved(self, fact: PairMoved) -> None:
        now = self._heard(fact)
        self._state = self._state.pair_moved(fact, now)

    @workflow.query
    def state(self) -> ProgrammeState:
        return self._state
