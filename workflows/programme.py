"""The cycle's workflow: its rows, its pairs, its end."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from activities.branch_ports import FileReport
from activities.branching import BranchActivities
from activities.records import RecordActivities
from activities.tasks import PlanCycle
from domain import ids
from domain.branch_wishes import AnswerReports, EnterReport, Excuse, Invite, ReleaseBranch
from domain.branches import AT_ONCE
from domain.cycle_pairs import FormPairs, WelcomeMentor
from domain.cycle_roadmap import TakeRoadmap
from domain.errors import RoadmapConflict
from domain.extras import DraftDocument
from domain.messages import (
    BranchLeft,
    BranchMoved,
    DocumentSettled,
    Fact,
    OrderInForce,
    PairMoved,
    Reminded,
    ReportAnswered,
    ReportReceived,
)
from domain.process import Answer, Retry
from domain.programme import Act, CycleMove, ProgrammeState
from domain.upper import SendReport

# The shell is reloaded into the sandbox as each workflow's own module is; no host module passes.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import RECORD
    from workflows.process import DOCUMENT, PAIR, C, ClockMoved, code_of
    from workflows.rows import RowShell

LEAVES_TOLD: Final = "leaves-told"
"""Runs that have this mark in their history tell branches that they left."""


@workflow.defn
class ProgrammeWorkflow(RowShell[ProgrammeState, CycleMove]):
    @workflow.init
    def __init__(self, state: ProgrammeState) -> None:
        self._start(state)

    @workflow.run
    async def run(self, state: ProgrammeState) -> ProgrammeState:
        del state  # taken by __init__, before any message could arrive
        return await self._live()

    def _check(self, wish: C, rule: Callable[[C], None]) -> None:
        def once_planned(asked: C) -> None:
            self._state.check_is_planned()
            rule(asked)

        super()._check(wish, once_planned)

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
            case Act.TAKE_ROADMAP:
                await self._take_roadmap(int(move.subject))
            case Act.TELL_ANSWERS | Act.TELL_LEAVES:
                await self._tell_below(move)
            case Act.REMIND_BELOW:
                await self._remind_below(move)
            case Act.TELL_UPPER:
                await self._tell_upper("branch_moved", self._state.moved_for(move.subject))
                self._state = self._state.upper_told(move.subject)
            case Act.FILE_REPORT:
                await self._file_report(move)

    async def _take_roadmap(self, n: int) -> None:
        """A plan that cannot be made is refused: the cycle goes on by the one that it has."""
        task = PlanCycle(cycle_id=self._state.cycle_id, n=n)
        try:
            plan = await self._call(RecordActivities.plan_cycle, task, RECORD)
        except ActivityError as error:
            self._state = self._state.roadmap_refused(code_of(error), self._now())
        else:
            self._state = self._state.roadmap_planned(plan, self._now())

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

    # The cycles below, and the one above: each is a workflow of its own, launched by its owner.

    async def _tell_below(self, move: CycleMove) -> None:
        state = self._state
        news: list[tuple[int, str, Fact]] = [
            *((one.n, "report_answered", state.fact_for(one)) for one in move.answers),
            *((one.n, "branch_left", state.leave_for(one)) for one in move.leaves),
        ]
        await asyncio.gather(
            *(self._tell(self._below(n), signal, fact) for n, signal, fact in news)
        )
        if move.answers:
            self._state = self._state.answers_told(move.answers)
        if move.leaves:
            self._state = self._state.leaves_told(move.leaves)

    async def _remind_below(self, move: CycleMove) -> None:
        missing = move.missing
        if missing is None:
            raise RuntimeError("a move that reminds names of what")
        if notices := self._state.notices_for(missing):
            await self._send(notices, self._now())
        fact = self._state.reminder_for(missing)
        for first in range(0, len(missing.branches), AT_ONCE):
            some = missing.branches[first : first + AT_ONCE]
            await asyncio.gather(*(self._tell(self._below(n), "reminded", fact) for n in some))
        self._state = self._state.reminded_below(missing, self._now())

    def _below(self, n: int) -> str:
        return ids.cycle_workflow(ids.branch_cycle(self._state.cycle_id, n))

    async def _tell_upper(self, signal: str, fact: Fact) -> bool:
        upper = self._state.upper
        if upper is None:
            raise RuntimeError("a move that tells the upper cycle has one")
        return await self._tell(ids.cycle_workflow(upper.cycle_id), signal, fact)

    async def _file_report(self, move: CycleMove) -> None:
        state, filing, upper = self._state, move.filing, self._state.upper
        if filing is None or upper is None:
            raise RuntimeError("a move that files a report says which")
        task = FileReport(
            organisation_id=state.organisation_id,
            cycle_id=state.cycle_id,
            upper_cycle_id=upper.cycle_id,
            n=upper.n,
            filing=filing,
        )
        filed = await self._call(BranchActivities.file_report, task, RECORD)
        fact = self._state.sent_as(filing.where, filed.version)
        heard = await self._tell_upper("report_received", fact)
        self._state = self._state.report_sent(filing, filed.version, self._now(), heard=heard)

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
    async def invite(self, wish: Invite) -> Answer:
        return await self._accept(wish, ProgrammeState.branches_invited)

    @invite.validator
    def _check_invite(self, wish: Invite) -> None:
        self._check(wish, self._state.check_can_invite)

    @workflow.update
    async def answer_reports(self, wish: AnswerReports) -> Answer:
        return await self._accept(wish, ProgrammeState.reports_answered)

    @answer_reports.validator
    def _check_answer_reports(self, wish: AnswerReports) -> None:
        self._check(wish, self._state.check_can_answer)

    @workflow.update
    async def enter_report(self, wish: EnterReport) -> Answer:
        return await self._accept(wish, ProgrammeState.report_entered)

    @enter_report.validator
    def _check_enter_report(self, wish: EnterReport) -> None:
        self._check(wish, self._state.check_can_enter)

    @workflow.update
    async def excuse(self, wish: Excuse) -> Answer:
        return await self._accept(wish, ProgrammeState.report_excused)

    @excuse.validator
    def _check_excuse(self, wish: Excuse) -> None:
        self._check(wish, self._state.check_can_excuse)

    @workflow.update
    async def release_branch(self, wish: ReleaseBranch) -> Answer:
        def released(state: ProgrammeState, asked: ReleaseBranch, now: datetime) -> ProgrammeState:
            left = state.branch_released(asked, now)
            return left.leaves_unsaid() if _tells_nobody(left) else left

        return await self._accept(wish, released)

    @release_branch.validator
    def _check_release_branch(self, wish: ReleaseBranch) -> None:
        self._check(wish, self._state.check_can_release)

    @workflow.update
    async def send_report(self, wish: SendReport) -> Answer:
        return await self._accept(wish, ProgrammeState.report_corrected)

    @send_report.validator
    def _check_send_report(self, wish: SendReport) -> None:
        self._check(wish, self._state.check_can_send_report)

    @workflow.update
    async def take_roadmap(self, wish: TakeRoadmap) -> Answer:
        """Answers once the roadmap is taken; fails with `RoadmapConflict` if it is not."""
        answer = await self._accept(wish, ProgrammeState.roadmap_asked)
        await workflow.wait_condition(lambda: self._state.has_settled(wish.n))
        mine = self._state.revision
        await workflow.wait_condition(lambda: self._saved >= mine)
        if self._state.was_refused(wish.n):
            raise ApplicationError(
                self._state.why_refused(), type=RoadmapConflict.__name__, non_retryable=True
            )
        return answer

    @take_roadmap.validator
    def _check_take_roadmap(self, wish: TakeRoadmap) -> None:
        self._check(wish, self._state.check_can_take)

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

    @workflow.signal
    def branch_moved(self, fact: BranchMoved) -> None:
        now = self._heard(fact)
        moved = self._state.branch_moved(fact, now)
        self._state = self._state if _tells_nobody(moved) else moved

    @workflow.signal
    def report_received(self, fact: ReportReceived) -> None:
        now = self._heard(fact)
        received = self._state.report_received(fact, now)
        self._state = received.leaves_unsaid() if _tells_nobody(received) else received

    @workflow.signal
    def report_answered(self, fact: ReportAnswered) -> None:
        now = self._heard(fact)
        self._state = self._state.report_answered(fact, now)

    @workflow.signal
    def branch_left(self, fact: BranchLeft) -> None:
        now = self._heard(fact)
        self._state = self._state.branch_left(fact, now)

    @workflow.signal
    def reminded(self, fact: Reminded) -> None:
        now = self._heard(fact)
        self._state = self._state.reminded(fact, now)

    @workflow.query
    def state(self) -> ProgrammeState:
        return self._state


def _tells_nobody(state: ProgrammeState) -> bool:
    """True in a run that let a branch go before branches were told: its history has no word of it.
    Whoever left is told when it speaks to a later run, or by `recover`.
    """
    return bool(state.leaves_to_tell()) and not workflow.patched(LEAVES_TOLD)
