"""What became of a document's route: who was asked, who said what of which version.

A verdict names the version and the hash that it is about and never counts for another; the route
says whether those who approved an earlier version are asked again (`Again`).
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Self

from domain.assignments import Assignment
from domain.authority import Decider, Mandates
from domain.base import Message
from domain.routes import Again, Outcome, Route, RouteStage
from domain.working_days import Calendar

Deciders = Callable[[str], tuple[Decider, ...]]
"""Who decides now for a holder: nobody if the right has ended and nobody stands in place."""


class Verdict(Message):
    """What was said of one version, by whom, for whom and by which right."""

    n: int
    stage: str
    stage_title: str
    holder: str  # who was asked: a person or a body
    user_id: str
    person_id: str | None = None  # who decided; none: a body did
    outcome: Outcome
    version: int
    sha256: str
    note_id: str | None = None
    at: datetime
    mandate_id: str | None = None
    sitting_id: str | None = None
    number: str | None = None  # of the body's minutes
    day: date | None = None


class DiscussionRemark(Message):
    """A remark of the open discussion; the drafter answers each."""

    id: str
    user_id: str
    note_id: str
    version: int
    at: datetime
    answer_id: str | None = None


class Passed(Message):
    """A discussion or a review that is over for a version."""

    stage: str
    version: int
    sha256: str | None = None  # the review's file


class Acting(Message):
    """Who decides at present for somebody who is asked."""

    holder: str
    deciders: tuple[Decider, ...]


class Head(Message):
    """Whose name and post stand on the signature line of the organisation's head."""

    person_id: str
    instead_of: str  # whom the launch, or the account, names as the head


class Circumstances(Message):
    """What was found when a version was drafted, and what its life goes by."""

    skipped: tuple[str, ...] = ()  # stages that the facts do not ask for
    mandates: Mandates = Mandates()
    calendar: Calendar = Calendar()
    head: Head | None = None
    assignments: tuple[Assignment, ...] = ()


class Approval(Message):
    """How far a document is on its route; `position` is the index of the stage at work."""

    route: Route
    position: int = 0
    since: datetime | None = None  # when that stage began
    skipped: tuple[str, ...] = ()
    acting: tuple[Acting, ...] = ()  # for those who are still asked in that stage
    verdicts: tuple[Verdict, ...] = ()
    remarks: tuple[DiscussionRemark, ...] = ()
    passed: tuple[Passed, ...] = ()

    @property
    def stage(self) -> RouteStage | None:
        """The stage at work; None once the route is done."""
        stages = self.route.stages
        return stages[self.position] if self.position < len(stages) else None

    def begun(self, skipped: tuple[str, ...], version: int, now: datetime, who: Deciders) -> Self:
        """A version goes the route from its first stage that is still to be passed."""
        state = self.changed(skipped=skipped, position=0, since=now)
        return state._gone_on(version, now, who)

    def left(self, version: int) -> tuple[str, ...]:
        """Who of the stage at work has not approved this version."""
        stage = self.stage
        if stage is None:
            return ()
        return tuple(one for one in stage.holders if not self._approved(stage.id, one, version))

    def decider(self, holder: str, people: tuple[str, ...]) -> Decider | None:
        """Which of these people decides now for that holder."""
        acting = next((one for one in self.acting if one.holder == holder), None)
        found = acting.deciders if acting else ()
        return next((one for one in found if one.person_id in people), None)

    def given(self, verdict: Verdict, now: datetime, who: Deciders) -> Self:
        """With one verdict more; the route goes on if that was what its stage waited for."""
        state = self.changed(verdicts=(*self.verdicts, verdict))
        if verdict.outcome is not Outcome.APPROVE:
            return state
        return state._gone_on(verdict.version, now, who)

    def passed_by(self, passed: Passed, now: datetime, who: Deciders) -> Self:
        """A discussion or a review is over."""
        state = self.changed(passed=(*self.passed, passed))
        return state._gone_on(passed.version, now, who)

    def handed_over(self, version: int, who: Deciders) -> Self:
        """With whoever decides now for those who are still asked."""
        asked = self.left(version) if self.stage and self.stage.kind != "body" else ()
        acting = tuple(Acting(holder=holder, deciders=who(holder)) for holder in asked)
        return self if acting == self.acting else self.changed(acting=acting)

    def unanswered(self) -> tuple[DiscussionRemark, ...]:
        return tuple(remark for remark in self.remarks if remark.answer_id is None)

    def who_acted(self) -> tuple[str, ...]:
        """People and bodies who said something of any version, each once."""
        return tuple(dict.fromkeys(one.person_id or one.holder for one in self.verdicts))

    def is_passed(self, stage: RouteStage, version: int) -> bool:
        """Whether nobody is asked in this stage about this version any more."""
        if stage.id in self.skipped:
            return True
        if stage.kind in ("discussion", "review"):
            return any(
                one.stage == stage.id and self._counts(one.version, version) for one in self.passed
            )
        approved = [one for one in stage.holders if self._approved(stage.id, one, version)]
        return len(approved) >= stage.needed

    def _gone_on(self, version: int, now: datetime, who: Deciders) -> Self:
        stages = self.route.stages
        position = next(
            (n for n, stage in enumerate(stages) if not self.is_passed(stage, version)), len(stages)
        )
        same = position == self.position
        state = self.changed(position=position, since=self.since if same else now)
        return state.handed_over(version, who)

    def _approved(self, stage: str, holder: str, version: int) -> bool:
        return any(
            one.stage == stage
            and one.holder == holder
            and one.outcome is Outcome.APPROVE
            and self._counts(one.version, version)
            for one in self.verdicts
        )

    def _counts(self, said_of: int, version: int) -> bool:
        """Whether who was through with one version is not asked about another."""
        return said_of == version or self.route.again is Again.LEFT
