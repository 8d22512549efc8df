"""A document on its route: what it is, who is asked, what follows by itself.

Rights begin and end, discussions end, and the route goes on; what people say is `document_wishes`
and `document_decisions`.
"""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, Self

from domain import ids
from domain.approval import Approval, Circumstances, Deciders, Head, Passed
from domain.assignments import Assignment
from domain.authority import Decider, Mandates
from domain.base import Message
from domain.errors import FactMissing, NotYours, RemarkMissing, StaleVersion, WrongState
from domain.messages import MandatesChanged
from domain.people import AccessRole, Actor
from domain.process import Notice, Process, Task, Terms
from domain.routes import Outcome, RouteStage
from domain.working_days import Calendar


class Stage(StrEnum):
    DRAFTING = "drafting"
    ON_APPROVAL = "on_approval"
    RETURNED = "returned"
    REFUSED = "refused"
    TO_REGISTER = "to_register"
    REGISTERING = "registering"
    TO_SIGN = "to_sign"
    SEALING = "sealing"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


END = (Stage.IN_FORCE, Stage.WITHDRAWN)


class Draft(Message):
    """A rendered version."""

    facts_id: str
    facts_sha256: str
    sha256: str


_NOTHING_FOUND = Circumstances()


class OnApproval(Process):
    """The part of a document's state that its approval needs and changes."""

    document_id: str
    kind: str
    pair_id: str | None = None
    person_id: str | None = None  # whose consent it is
    item_id: str | None = None  # the roadmap row's item
    drafter: str
    approval: Approval | None = None  # none: nobody is asked
    registrar: str | None = None
    escalate_to: str
    terms: Terms = Terms()

    stage: Stage = Stage.DRAFTING
    since: datetime
    version: int = 1
    inputs_id: str | None = None
    draft: Draft | None = None
    head: Head | None = None  # on the signature line of this version
    mandates: Mandates = Mandates()
    calendar: Calendar = Calendar()
    assignments: tuple[Assignment, ...] = ()  # what this version gives to people

    @abstractmethod
    def _after_approval(self) -> Stage:
        """Where an approved version goes."""

    # What follows by itself

    def drafted(self, draft: Draft, now: datetime, found: Circumstances = _NOTHING_FOUND) -> Self:
        """The version lies there; its way goes by what was found with its facts."""
        if self.stage is not Stage.DRAFTING:
            return self
        state = self.changed(
            draft=draft,
            head=found.head,
            mandates=self.mandates.later(found.mandates),
            calendar=found.calendar,
            assignments=found.assignments,
            since=now,
        )
        goes: dict[str, Any] = {"stage": self._after_approval()}
        if state.approval is not None:
            who = state._who(now)
            begun = state.approval.begun(found.skipped, state.version, now, who)
            goes = {"stage": Stage.ON_APPROVAL, **state._onward(begun, now)}
        refs = {**self._refs(), "facts": draft.facts_id}
        return state.recorded(
            "drafted", now, version=self.version, sha256=draft.sha256, refs=refs, **goes
        )

    def advanced(self, now: datetime) -> Self:
        """Rights begin and end, discussions end; a version whose head changed is made anew."""
        state = super().advanced(now)
        if state._head_is_gone(now):
            return state._next_version(now)  # what is approved must be what is signed
        if state.stage is not Stage.ON_APPROVAL or state.approval is None or state.trouble:
            return state
        return state._handed_over(now)._discussion_ended(now)

    def moments(self) -> Iterable[datetime]:
        if self.stage in (Stage.ON_APPROVAL, Stage.TO_REGISTER):
            yield from self.mandates.moments()
        stage = self._stage_of("discussion")
        if stage is not None:
            yield self.stage_due(stage)

    def mandates_changed(self, fact: MandatesChanged, now: datetime) -> Self:
        """An older list than the one that is known changes nothing."""
        if fact.mandates.revision <= self.mandates.revision:
            return self
        state = self.touched(mandates=fact.mandates)
        if state.trouble == FactMissing.__name__ and state.stage is Stage.DRAFTING:
            # Perhaps there was no head to name in it; if that was not it, the trouble comes back.
            state = state.recorded("retried", now, trouble=None)
        return state.advanced(now)

    def _deciders_now(self, holder: str, now: datetime) -> tuple[Decider, ...]:
        """Whoever may decide for the holder; not who drafted it, unless the route lets him."""
        may_be_own = self.approval is None or self.approval.route.own_draft
        found = self.mandates.deciders(holder, self.kind, now)
        return tuple(one for one in found if may_be_own or one.person_id != self.drafter)

    def _who(self, now: datetime) -> Deciders:
        return partial(self._deciders_now, now=now)

    def _handed_over(self, now: datetime) -> Self:
        before = self.approval
        if before is None:
            return self
        after = before.handed_over(self.version, self._who(now))
        state = self.changed(approval=after)
        known = {one.holder: one.deciders for one in before.acting}
        for one in after.acting:
            if known.get(one.holder) == one.deciders:
                continue
            refs = {
                **self._refs(),
                "stage": before.stage.id if before.stage else "",
                "holder": one.holder,
                "from": ",".join(d.person_id for d in known.get(one.holder, ())),
                "to": ",".join(d.person_id for d in one.deciders),
                "mandate": ",".join(d.mandate_id or "" for d in one.deciders),
            }
            state = state.recorded("handed_over", now, version=self.version, refs=refs)
        return state

    def _discussion_ended(self, now: datetime) -> Self:
        stage = self._stage_of("discussion")
        if stage is None or self.approval is None or now < self.stage_due(stage):
            return self
        if self.approval.unanswered():
            return self
        passed = Passed(stage=stage.id, version=self.version)
        refs = {**self._refs(), "stage": stage.id, "remarks": str(len(self.approval.remarks))}
        goes = self._onward(self.approval.passed_by(passed, now, self._who(now)), now)
        return self.recorded("discussion_ended", now, version=self.version, refs=refs, **goes)

    def _head_is_gone(self, now: datetime) -> bool:
        """Whether the signature line names somebody who would not sign any more."""
        if self.head is None or self.stage not in (Stage.ON_APPROVAL, Stage.TO_REGISTER):
            return False
        found = self.mandates.deciders(self.head.instead_of, self.kind, now)
        return bool(found) and all(one.person_id != self.head.person_id for one in found)

    def _next_version(
        self,
        now: datetime,
        by: Actor | None = None,
        note_id: str | None = None,
        inputs_id: str | None = None,
    ) -> Self:
        state = self.changed(version=self.version + 1)
        refs = self._refs() if by else {**self._refs(), "why": "head_changed"}
        return state.recorded(
            "redrafted",
            now,
            by,
            version=state.version,
            note_id=note_id,
            refs=refs,
            stage=Stage.DRAFTING,
            since=now,
            draft=None,
            trouble=None,
            news=(*self.news, *state._told("redrafted", by)),
            inputs_id=inputs_id or self.inputs_id,
        )

    def _onward(self, approval: Approval, now: datetime) -> dict[str, Any]:
        """What changes: on approval still, or on to what comes after it."""
        if approval.stage is not None:
            return {"approval": approval}
        return {"approval": approval, "stage": self._after_approval(), "since": now}

    def _told(self, what: str, by: Actor | None) -> tuple[Notice, ...]:
        """A word for everybody who had acted, save who acts now."""
        acted = self.approval.who_acted() if self.approval else ()
        task = f"{self.document_id}/{what}/{self.version}"
        return tuple(
            Notice(key=f"{task}/{person}", kind="informed", task_id=task, recipient=person)
            for person in acted
            if by is None or not by.is_one_of(person)
        )

    # Tasks

    def _approval_tasks(self) -> tuple[Task, ...]:
        approval = self.approval
        stage = approval.stage if approval else None
        if approval is None or stage is None:
            return ()
        match stage.kind:
            case "body":
                return (self._stage_task("hold_sitting", stage.holders[0], stage),)
            case "discussion":
                return tuple(
                    self._stage_task("answer_remark", self.drafter, stage, remark=remark.id)
                    for remark in approval.unanswered()
                )
            case "review":
                return self._deciders_tasks("attach_review", approval, stage)
            case _:
                return self._deciders_tasks("decide", approval, stage)

    def _deciders_tasks(self, kind: str, approval: Approval, stage: RouteStage) -> tuple[Task, ...]:
        """One for each who may decide; for a right that nobody has, one to give it."""
        tasks: dict[str, Task] = {}
        for acting in approval.acting:
            for one in acting.deciders:
                task = self._stage_task(kind, one.person_id, stage)
                tasks[task.id] = task
            if not acting.deciders:
                task = self._stage_task("appoint", self.escalate_to, stage, holder=acting.holder)
                tasks[task.id] = task
        return tuple(tasks.values())

    def _stage_task(self, kind: str, assignee: str, stage: RouteStage, **refs: str) -> Task:
        since = self._stage_since()
        due = self.stage_due(stage)
        name = "/".join((self.document_id, kind, str(self.version), stage.id, assignee))
        return Task(
            id="/".join((name, *refs.values())),
            kind=kind,
            assignee=assignee,
            escalate_to=self.escalate_to,
            since=since,
            due=due,
            remind_at=self.terms.remind_at(since, due),
            refs={**self._task_refs(), "stage": stage.id, **refs},
        )

    def _task_refs(self) -> dict[str, str]:
        refs = {"document": self.document_id, "document_kind": self.kind}
        return {**refs, "pair": self.pair_id} if self.pair_id else refs

    def _stage_since(self) -> datetime:
        return (self.approval and self.approval.since) or self.since

    def stage_due(self, stage: RouteStage) -> datetime:
        """When the stage at work should be over."""
        since = self._stage_since()
        if stage.days is None:
            return self.terms.due("decide", since)
        return self.calendar.due(since, stage.days)

    def _stage_of(self, kind: str) -> RouteStage | None:
        """The stage at work, if it is of that kind."""
        stage = self.approval.stage if self.approval and self.stage is Stage.ON_APPROVAL else None
        return stage if stage and stage.kind == kind else None

    def _approval(self) -> Approval:
        if self.approval is None:
            raise WrongState(f"document {self.document_id} is approved by nobody")
        return self.approval

    def _refs(self) -> dict[str, str]:
        refs = {"pair": self.pair_id, "person": self.person_id, "item": self.item_id}
        return {"kind": self.kind} | {name: id_ for name, id_ in refs.items() if id_}

    def _check_is_this(self, version: int, sha256: str) -> None:
        self._check_version(version)
        if self.draft is None or sha256 != self.draft.sha256:
            raise StaleVersion(f"version {self.version} has another hash than the decision names")

    def _check_says_why(self, outcome: Outcome, note_id: str | None) -> None:
        if outcome is not Outcome.APPROVE and not note_id:
            raise RemarkMissing("sending back and refusing need a reason")

    def _check_stage(self, stage: Stage, troubled: Stage | None = None) -> None:
        """`troubled`: a later stage from which it may come back while there is trouble."""
        if self.stage is not stage and not (self.trouble and self.stage is troubled):
            raise WrongState(f"document {self.document_id} is {self.stage}, not {stage}")

    def _check_version(self, version: int) -> None:
        if version != self.version:
            raise StaleVersion(f"version {version} is named, version {self.version} is in force")

    def _check_office(self, by: Actor) -> None:
        """Paperwork is done by whoever drafts, or by the curator of the organisation."""
        if by.role is not AccessRole.CURATOR and not by.is_one_of(self.drafter):
            raise NotYours(f"document {self.document_id} is in another's hands")

    @property
    def workflow_id(self) -> str:
        return ids.document_workflow(self.document_id)
