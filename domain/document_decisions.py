"""What people say of a document on its route: decide, resolve, discuss, review.

One «send back» returns the version to its drafter, one «refuse» ends its way until the curator
begins anew; everybody who had acted is told.
"""

from datetime import datetime
from typing import Any, Self

from domain.approval import DiscussionRemark, Passed, Verdict
from domain.authority import Decider
from domain.document_approval import OnApproval, Stage
from domain.document_wishes import AddRemark, AnswerRemark, AttachReview, Decide, Resolve
from domain.errors import NotFound, NotYours, OwnDraft, RemarkMissing, RightEnded, WrongState
from domain.people import AccessRole, Actor
from domain.routes import Outcome

_OFFICE = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)
_EVENTS = {
    Outcome.APPROVE: "approved",
    Outcome.SEND_BACK: "sent_back",
    Outcome.REFUSE: "refused",
}


class DecidedUpon(OnApproval):
    """A document that takes decisions."""

    def check_can_decide(self, wish: Decide) -> None:
        self._check_stage(Stage.ON_APPROVAL)
        self._seat_of(wish.by, "decision")
        self._check_is_this(wish.version, wish.sha256)
        self._check_says_why(wish.outcome, wish.note_id)

    def decided(self, wish: Decide, now: datetime) -> Self:
        """One of those who are asked has said what he thinks of this version."""
        holder, decider = self._seat_of(wish.by, "decision")
        refs = {"mandate": decider.mandate_id} if decider.mandate_id else {}
        given = {"person_id": decider.person_id, "mandate_id": decider.mandate_id}
        return self._said(wish, holder, given, refs, now)

    def check_can_resolve(self, wish: Resolve) -> None:
        self._check_stage(Stage.ON_APPROVAL)
        self._check_is_this(wish.version, wish.sha256)
        stage = self._stage_of("body")
        if stage is None or wish.body_id not in stage.holders:
            raise WrongState(f"document {self.document_id} does not wait for body {wish.body_id}")
        if wish.by.role not in _OFFICE and not wish.by.is_one_of(wish.body_id):
            raise NotYours("a body's decision is recorded by its members or by the office")
        self._check_says_why(wish.outcome, wish.note_id)

    def resolved(self, wish: Resolve, now: datetime) -> Self:
        """The body has decided at a sitting; the minutes are its proof."""
        refs = {
            "sitting": wish.sitting_id,
            "body": wish.body_id,
            "number": wish.number,
            "day": wish.day.isoformat(),
        }
        given = wish.model_dump(include={"sitting_id", "number", "day"})
        return self._said(wish, wish.body_id, given, refs, now)

    def check_can_add_remark(self, wish: AddRemark) -> None:
        stage = self._stage_of("discussion")
        if stage is None:
            raise WrongState(f"document {self.document_id} is not under discussion")
        self._check_version(wish.version)
        if wish.note_id is None:
            raise RemarkMissing("a remark has words")

    def remark_added(self, wish: AddRemark, now: datetime) -> Self:
        approval = self._approval()
        remark = DiscussionRemark(
            id=str(len(approval.remarks) + 1),
            user_id=wish.by.user_id,
            note_id=wish.note_id or "",
            version=self.version,
            at=now,
        )
        return self.recorded(
            "remark_made",
            now,
            wish.by,
            version=self.version,
            note_id=wish.note_id,
            refs={**self._refs(), "remark": remark.id},
            approval=approval.changed(remarks=(*approval.remarks, remark)),
        )

    def check_can_answer_remark(self, wish: AnswerRemark) -> None:
        known = self._approval().remarks if self.approval else ()
        remark = next((one for one in known if one.id == wish.remark_id), None)
        if remark is None:
            raise NotFound(f"document {self.document_id} has no remark {wish.remark_id}")
        if remark.answer_id is not None:
            raise WrongState(f"remark {remark.id} is answered")
        self._check_office(wish.by)
        if wish.note_id is None:
            raise RemarkMissing("an answer has words")

    def remark_answered(self, wish: AnswerRemark, now: datetime) -> Self:
        approval = self._approval()
        remarks = tuple(
            one.changed(answer_id=wish.note_id) if one.id == wish.remark_id else one
            for one in approval.remarks
        )
        state = self.recorded(
            "remark_answered",
            now,
            wish.by,
            version=self.version,
            note_id=wish.note_id,
            refs={**self._refs(), "remark": wish.remark_id},
            approval=approval.changed(remarks=remarks),
        )
        return state.advanced(now)

    def check_can_attach_review(self, wish: AttachReview) -> None:
        if self._stage_of("review") is None:
            raise WrongState(f"document {self.document_id} waits for no review")
        self._check_version(wish.version)
        if wish.by.role not in _OFFICE:
            self._seat_of(wish.by, "review")

    def review_attached(self, wish: AttachReview, now: datetime) -> Self:
        approval, stage = self._approval(), self._stage_of("review")
        passed = Passed(stage=stage.id if stage else "", version=self.version, sha256=wish.sha256)
        return self.recorded(
            "review_attached",
            now,
            wish.by,
            version=self.version,
            sha256=wish.sha256,
            note_id=wish.note_id,
            refs={**self._refs(), "stage": passed.stage, **wish.checked},
            **self._onward(approval.passed_by(passed, now, self._who(now)), now),
        )

    def _said(
        self,
        wish: Decide | Resolve,
        holder: str,
        given: dict[str, Any],
        refs: dict[str, str],
        now: datetime,
    ) -> Self:
        approval = self._approval()
        at = approval.stage
        verdict = Verdict(
            n=len(approval.verdicts) + 1,
            stage=at.id if at else "",
            stage_title=at.title if at else "",
            holder=holder,
            user_id=wish.by.user_id,
            outcome=wish.outcome,
            version=wish.version,
            sha256=wish.sha256,
            note_id=wish.note_id,
            at=now,
            **given,
        )
        after = approval.given(verdict, now, self._who(now))
        goes = self._onward(after, now)
        if wish.outcome is not Outcome.APPROVE:
            stage = Stage.REFUSED if wish.outcome is Outcome.REFUSE else Stage.RETURNED
            news = (*self.news, *self._told(_EVENTS[wish.outcome], wish.by))
            goes = {"approval": after, "stage": stage, "since": now, "news": news}
        return self.recorded(
            _EVENTS[wish.outcome],
            now,
            wish.by,
            version=wish.version,
            sha256=wish.sha256,
            note_id=wish.note_id,
            refs={**self._refs(), "stage": verdict.stage, "holder": holder, **refs},
            **goes,
        )

    def _seat_of(self, by: Actor, kind: str) -> tuple[str, Decider]:
        """Whose place this person has in the stage at work, and by which right.

        Raises `OwnDraft`, `RightEnded` or `NotYours`.
        """
        stage, approval = self._stage_of(kind), self._approval()
        asked = approval.left(self.version) if stage else ()
        for holder in asked:
            found = approval.decider(holder, by.acts_for)
            if found is not None:
                return holder, found
        if not approval.route.own_draft and by.is_one_of(self.drafter) and by.is_one_of(*asked):
            raise OwnDraft(f"document {self.document_id} was drafted by the same person")
        if by.is_one_of(*asked):
            raise RightEnded(f"the right to decide on {self.document_id} is another's now")
        raise NotYours(f"document {self.document_id} waits for another's decision")
