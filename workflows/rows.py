"""Results of rows and changes of them under way, which a cycle and a pair take alike."""

from typing import TypeVar

from temporalio import workflow

from domain.evidence import RecordResult, check_in_time
from domain.pair import PairState
from domain.process import Answer
from domain.programme import ProgrammeState
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
)

# The shell is reloaded into the sandbox as each workflow's own module is; no host module passes.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.process import M, ProcessShell

R = TypeVar("R", ProgrammeState, PairState)


class RowShell(ProcessShell[R, M]):
    """Base of the two workflows that work through rows."""

    @workflow.update
    async def record_result(self, wish: RecordResult) -> Answer:
        return await self._accept(wish, lambda state, asked, now: state.result_recorded(asked, now))

    @record_result.validator
    def _check_record_result(self, wish: RecordResult) -> None:
        today, clock = self._now_for(wish).date(), workflow.now()

        def rule(asked: RecordResult) -> None:
            check_in_time(asked, clock)
            self._state.check_can_record(asked, today)

        self._check(wish, rule)

    @workflow.update
    async def move_deadline(self, wish: MoveDeadline) -> Answer:
        return await self._accept(wish, lambda state, asked, now: state.deadline_moved(asked, now))

    @move_deadline.validator
    def _check_move_deadline(self, wish: MoveDeadline) -> None:
        now = self._now_for(wish)
        self._check(wish, lambda asked: self._state.check_can_move_deadline(asked, now))

    @workflow.update
    async def change_lead(self, wish: ChangeLead) -> Answer:
        return await self._accept(wish, lambda state, asked, now: state.lead_changed(asked, now))

    @change_lead.validator
    def _check_change_lead(self, wish: ChangeLead) -> None:
        self._check(wish, self._state.check_can_change_lead)

    @workflow.update
    async def mark_not_applicable(self, wish: MarkNotApplicable) -> Answer:
        return await self._accept(wish, lambda state, asked, now: state.row_skipped(asked, now))

    @mark_not_applicable.validator
    def _check_mark_not_applicable(self, wish: MarkNotApplicable) -> None:
        self._check(wish, self._state.check_can_skip)

    @workflow.update
    async def mark_applicable(self, wish: MarkApplicable) -> Answer:
        return await self._accept(wish, lambda state, asked, now: state.row_resumed(asked, now))

    @mark_applicable.validator
    def _check_mark_applicable(self, wish: MarkApplicable) -> None:
        self._check(wish, self._state.check_can_resume)

    @workflow.update
    async def draft_again(self, wish: DraftAgain) -> Answer:
        return await self._accept(wish, lambda state, asked, now: state.draft_wanted(asked, now))

    @draft_again.validator
    def _check_draft_again(self, wish: DraftAgain) -> None:
        self._check(wish, self._state.check_can_draft_again)
