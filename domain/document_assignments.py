"""The life of a document's assignments, once it is in force.

A document whose assignments are not all fulfilled or given up lives on; and as long again as its
terms give for a decision, so that the controller can look at what was done and give it back. One
that loses its force to a later document asks for nothing any more: what is open ends by itself,
what was fulfilled stays as it is. A change that leaves it in force leaves its assignments too.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from domain.assignments import Assignment, AssignmentStage
from domain.document_approval import OnApproval, Stage
from domain.errors import NotFound, NotYours, ProofMissing, RemarkMissing, WrongState
from domain.messages import Superseded
from domain.people import AccessRole
from domain.process import Command, Notice, Task


class Fulfil(Command):
    """It is done: the note says how; a file that was uploaded for it may prove it."""

    assignment: str
    file_sha256: str | None = None


class ReturnAssignment(Command):
    """The controller is not content; the note says why."""

    assignment: str


class DropAssignment(Command):
    """The controller gives it up; the note says why."""

    assignment: str


class GivesAssignments(OnApproval):
    """A document that may give people something to do."""

    def check_can_fulfil(self, wish: Fulfil) -> None:
        """By whom it was given to, or by the curator for him."""
        one = self._assignment(wish.assignment, AssignmentStage.OPEN)
        if wish.by.role is not AccessRole.CURATOR and not wish.by.is_one_of(one.who):
            raise NotYours(f"assignment {one.id} was given to another")
        if wish.note_id is None:
            raise ProofMissing("what was done must be said")

    def fulfilled(self, wish: Fulfil, now: datetime) -> Self:
        """Done; the controller is told."""
        one = self._assignment(wish.assignment)
        is_own = wish.by.is_one_of(one.controller)
        done = one.changed(
            stage=AssignmentStage.FULFILLED,
            fulfilled_at=now,
            fulfilled_by=wish.by.user_id,
            returnable_until=None if is_own else self.terms.due("decide", now),
            note_id=wish.note_id,
            file_sha256=wish.file_sha256,
        )
        state = self._with(done, "assignment_fulfilled", now, wish)
        if is_own:
            return state
        task = self._fulfil_id(one)
        told = Notice(
            key=f"{task}/{one.controller}",
            kind="informed",
            task_id=task,
            recipient=one.controller,
        )
        return state.changed(news=(*state.news, told))

    def check_can_return_assignment(self, wish: ReturnAssignment) -> None:
        """As long as the controller has for that."""
        one = self._assignment(wish.assignment, AssignmentStage.FULFILLED)
        self._check_controls(one, wish)
        if one.is_over:
            raise WrongState(f"the time to give assignment {one.id} back has passed")

    def assignment_returned(self, wish: ReturnAssignment, now: datetime) -> Self:
        """To be done anew; what had proved it stands in the log."""
        one = self._assignment(wish.assignment)
        again = one.changed(
            stage=AssignmentStage.OPEN,
            since=now,
            returned=one.returned + 1,
            fulfilled_at=None,
            fulfilled_by=None,
            returnable_until=None,
            note_id=wish.note_id,
            file_sha256=None,
        )
        return self._with(again, "assignment_returned", now, wish)

    def check_can_drop_assignment(self, wish: DropAssignment) -> None:
        self._check_controls(self._assignment(wish.assignment, AssignmentStage.OPEN), wish)

    def assignment_dropped(self, wish: DropAssignment, now: datetime) -> Self:
        """Nobody has to do it any more."""
        dropped = self._assignment(wish.assignment).changed(
            stage=AssignmentStage.DROPPED, note_id=wish.note_id
        )
        return self._with(dropped, "assignment_dropped", now, wish)

    def superseded(self, fact: Superseded, now: datetime) -> Self:
        """A later document has taken this one's force."""
        state = self._settled(one.id for one in self.assignments)
        for one in self.open_assignments():
            dropped = one.changed(stage=AssignmentStage.DROPPED)
            refs = {"document": fact.document_id}
            state = state._with(dropped, "assignment_dropped", now, refs=refs)
        return state

    def advanced(self, now: datetime) -> Self:
        """Control goes with the right; what was fulfilled long ago is not given back any more."""
        state = super().advanced(now)
        known = ((one.id, one.returnable_until) for one in state.assignments)
        state = state._settled(id_ for id_, until in known if until is not None and until <= now)
        if state.stage is not Stage.IN_FORCE:
            return state
        for one in state.assignments:
            after = one if one.is_over else state._controlled(one, now)
            if after != one:
                refs = {"from": one.controller, "to": after.controller}
                state = state._with(after, "control_handed_over", now, refs=refs)
        return state

    def moments(self) -> Iterable[datetime]:
        yield from super().moments()
        if self.stage is Stage.IN_FORCE and not all(one.is_over for one in self.assignments):
            yield from self.mandates.moments()
        yield from (one.returnable_until for one in self.assignments if one.returnable_until)

    def _controlled(self, one: Assignment, now: datetime) -> Assignment:
        """By whoever has the controller's right now; by nobody new while nobody has it."""
        holder = one.control_of or one.controller
        deciders = [d.person_id for d in self.mandates.deciders(holder, self.kind, now)]
        if not deciders or one.controller in deciders:
            return one
        return one.changed(controller=deciders[0], control_of=holder)

    def _settled(self, which: Iterable[str]) -> Self:
        ids = set(which)
        after = tuple(
            one.changed(returnable_until=None) if one.id in ids and one.returnable_until else one
            for one in self.assignments
        )
        return self if after == self.assignments else self.touched(assignments=after)

    def open_assignments(self) -> tuple[Assignment, ...]:
        return tuple(one for one in self.assignments if one.is_open)

    def _assignments_given(self, now: datetime) -> Self:
        """The document has come into force: each assignment begins."""
        state = self
        for one in self.assignments:
            if one.stage is AssignmentStage.AHEAD:
                given = self._controlled(one.given(now, self.calendar), now)
                state = state._with(given, "assignment_given", now)
        return state

    def _assignment_tasks(self) -> tuple[Task, ...]:
        return tuple(self._fulfil_tasks())

    def _fulfil_tasks(self) -> Iterable[Task]:
        """One for each open assignment; its controller hears when it is late."""
        for one in self.open_assignments():
            since = one.since or self.since
            yield Task(
                id=self._fulfil_id(one),
                kind="fulfil",
                assignee=one.who,
                escalate_to=one.controller,
                since=since,
                due=one.due,
                remind_at=self.terms.remind_at(since, one.due),
                refs={**self._task_refs(), "assignment": one.id, "point": one.item},
            )

    def _fulfil_id(self, one: Assignment) -> str:
        """Another each time that it is given back, so that reminders come anew."""
        return f"{self.document_id}/fulfil/{one.id}/{one.returned}"

    def _assignment(self, id_: str, stage: AssignmentStage | None = None) -> Assignment:
        one = next((one for one in self.assignments if one.id == id_), None)
        if one is None:
            raise NotFound(f"document {self.document_id} gives no assignment {id_}")
        if stage is not None and one.stage is not stage:
            raise WrongState(f"assignment {id_} is {one.stage}, not {stage}")
        return one

    def _check_controls(self, one: Assignment, wish: Command) -> None:
        if not one.is_controlled_by(wish.by):
            raise NotYours(f"assignment {one.id} is controlled by another")
        if wish.note_id is None:
            raise RemarkMissing("the controller must say why")

    def _with(
        self,
        one: Assignment,
        action: str,
        now: datetime,
        wish: Command | None = None,
        refs: dict[str, str] | None = None,
    ) -> Self:
        """The assignment of this id replaced, and the event of it."""
        about = {"assignment": one.id, "who": one.who, "controller": one.controller}
        return self.recorded(
            action,
            now,
            wish.by if wish else None,
            version=self.version,
            sha256=one.file_sha256,
            note_id=wish.note_id if wish else None,
            refs={**self._refs(), **about, **(refs or {})},
            assignments=tuple(one if known.id == one.id else known for known in self.assignments),
        )
