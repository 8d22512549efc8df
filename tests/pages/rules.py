"""Workflows that are the rules of the domain and nothing more: a wish is done and saved at once."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, Protocol

from api.problems import Unavailable
from domain.branch_wishes import AnswerReports, EnterReport, Excuse, Invite, ReleaseBranch
from domain.cycle_pairs import FormPairs
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.document_wishes import (
    AddRemark,
    AnswerRemark,
    AttachReview,
    AttachSigned,
    Decide,
    Drop,
    Redraft,
    Register,
    Resolve,
)
from domain.evidence import RecordResult
from domain.extras import DraftDocument
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.process import Answer, Command, Retry
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
)
from domain.upper import SendReport
from tests.fakes.gateway import FakeGateway

Check, Move = Callable[..., None], Callable[..., Any]

_WISHES: Final = {
    Decide: ("check_can_decide", "decided"),
    Resolve: ("check_can_resolve", "resolved"),
    DraftDocument: ("check_can_draft", "document_asked"),
    AddRemark: ("check_can_add_remark", "remark_added"),
    AnswerRemark: ("check_can_answer_remark", "remark_answered"),
    AttachReview: ("check_can_attach_review", "review_attached"),
    Redraft: ("check_can_redraft", "redrafted"),
    Register: ("check_can_register", "registration_asked"),
    AttachSigned: ("check_can_attach", "attached"),
    Drop: ("check_can_drop", "dropped"),
    Fulfil: ("check_can_fulfil", "fulfilled"),
    ReturnAssignment: ("check_can_return_assignment", "assignment_returned"),
    DropAssignment: ("check_can_drop_assignment", "assignment_dropped"),
    Retry: ("check_can_retry", "retried"),
    Invite: ("check_can_invite", "branches_invited"),
    AnswerReports: ("check_can_answer", "reports_answered"),
    EnterReport: ("check_can_enter", "report_entered"),
    FormPairs: ("check_can_form", "pairs_formed"),
    Excuse: ("check_can_excuse", "report_excused"),
    ReleaseBranch: ("check_can_release", "branch_released"),
    SendReport: ("check_can_send_report", "report_corrected"),
    RecordMeeting: ("check_can_record_meeting", "meeting_recorded"),
    RecordMonitoring: ("check_can_record_monitoring", "monitoring_recorded"),
    RecordResult: ("check_can_record", "result_recorded"),
    MoveDeadline: ("check_can_move_deadline", "deadline_moved"),
    ChangeLead: ("check_can_change_lead", "lead_changed"),
    MarkNotApplicable: ("check_can_skip", "row_skipped"),
    MarkApplicable: ("check_can_resume", "row_resumed"),
    DraftAgain: ("check_can_draft_again", "draft_wanted"),
}
_AT_A_MOMENT: Final = (FormPairs, MoveDeadline)
_ON_A_DAY: Final = (RecordMeeting, RecordResult)


class Ruled(Protocol):
    """What has states, and goes on with them."""

    now: datetime

    def state(self, workflow_id: str) -> Any:  # noqa: ANN401 - of a cycle, a pair or a document
        ...

    def today(self) -> date: ...

    def go_on(self, state: Any) -> None:  # noqa: ANN401 - the same
        """Save it, and do what follows by itself."""
        ...


class RulesGateway(FakeGateway):
    """Does by the rules what workflows would do."""

    def __init__(self, school: Ruled) -> None:
        super().__init__()
        self._school = school
        self.is_away = False

    async def send(self, workflow_id: str, wish: Command, request_id: str) -> Answer:
        if self.is_away:
            raise Unavailable("no worker")
        state = self._school.state(workflow_id)
        known = state.answer_to(request_id)
        if known is not None:
            return Answer.model_validate(known)
        check, move = _WISHES[type(wish)]
        on: tuple[date, ...] = (self._school.today(),) if isinstance(wish, _ON_A_DAY) else ()
        if isinstance(wish, _AT_A_MOMENT):
            on = (self._school.now,)
        getattr(state, check)(wish, *on)
        after = getattr(state, move)(wish, self._school.now).answered(request_id)
        self._school.go_on(after)
        return Answer(request_id=request_id, revision=after.revision)
