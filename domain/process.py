"""What a cycle, a pair and a document have in common.

Each is a frozen state that grows by a revision with every change, carries the events that are
not saved yet, and knows its open tasks; from the tasks follow reminders, escalations and the
next moment at which time alone changes something.
"""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import Field

from domain.audit import AuditEvent
from domain.base import Message, Value
from domain.errors import NotYours, WrongState
from domain.ids import SYSTEM
from domain.people import AccessRole, Actor

ANSWERS_KEPT = 200


class Task(Message):
    """Something that a person or body has to do."""

    id: str  # unique within its process
    kind: str  # decide, redraft, register, attach_signed, record_result, …
    assignee: str  # id of a person or body
    escalate_to: str
    since: datetime
    due: datetime | None = None
    remind_at: datetime | None = None
    refs: dict[str, str] = {}


class Notice(Message):
    """A reminder before a task's deadline, an escalation after it, or news for who had a part."""

    key: str  # task id / reminder|escalation, or / whom it informs; sent once
    kind: str  # reminder, escalation, informed
    task_id: str
    recipient: str
    organisation_id: str | None = None  # whose it is, if not the process's own


class Answer(Message):
    """The answer to an update: the change is recorded, and readers can see it."""

    request_id: str
    revision: int


class Command(Message):
    """A wish of a person. Free text stands in a row, here are its id and hash."""

    by: Actor
    note_id: str | None = None
    clock_offset: int = 0  # seconds; the rehearsal clock of the sender


class Retry(Command):
    """Try again what was refused, after the cause was mended."""


class Process(Message):
    """State of one durable process; see the module."""

    organisation_id: str
    cycle_id: str
    parent: str | None = None  # workflow id of whoever waits for this one
    clock_offset: int = 0  # seconds between the rehearsal clock and the real one
    revision: int = 0
    events: int = 0  # events made so far
    unsaved: tuple[AuditEvent, ...] = ()
    answers: tuple[Answer, ...] = ()
    notified: tuple[str, ...] = ()
    news: tuple[Notice, ...] = ()  # to be sent
    announced: bool = False  # its parent has a row for it, which says that it is at work
    started: bool = False  # was saved by itself
    trouble: str | None = None  # the code of the refusal that stopped a move

    @property
    @abstractmethod
    def workflow_id(self) -> str:
        """The id that `ids.py` builds for it."""

    @property
    @abstractmethod
    def stage_name(self) -> str:
        """The stage in one word, for lists and search attributes."""

    @abstractmethod
    def tasks(self) -> tuple[Task, ...]:
        """What people have to do now."""

    @abstractmethod
    def is_finished(self) -> bool:
        """True if nothing can happen to it any more and everybody was told."""

    def advanced(self, now: datetime) -> Self:
        """The state after what time alone changes; itself if nothing."""
        del now
        return self

    def moments(self) -> Iterable[datetime]:
        """Moments, past or future, at which `advanced` may change something."""
        return ()

    def to_save(self) -> Self:
        """What a save must hold of this state."""
        return self

    def recorded(
        self,
        action: str,
        at: datetime,
        by: Actor | None = None,
        *,
        version: int | None = None,
        sha256: str | None = None,
        note_id: str | None = None,
        refs: dict[str, str] | None = None,
        **fields: object,
    ) -> Self:
        """The next state: `fields` changed, one event more, one revision more.

        The event says at which stage it leaves the process: no stage changes without an event.
        """
        after = self.changed(**fields)
        event = AuditEvent(
            subject=self.workflow_id,
            n=self.events + 1,
            action=action,
            actor=by.user_id if by else SYSTEM,
            at=at,
            version=version,
            sha256=sha256,
            note_id=note_id,
            refs={"cycle": self.cycle_id, **(refs or {})},
            stage=after.stage_name,
            role=by.role if by else None,
        )
        return after.changed(
            revision=self.revision + 1, events=event.n, unsaved=(*self.unsaved, event)
        )

    def touched(self, **fields: object) -> Self:
        """The next state without an event of its own."""
        return self.changed(revision=self.revision + 1, **fields)

    def saved(self, shown: Self) -> Self:
        """The state after `shown`, an earlier one of the same process, was saved."""
        return self.changed(started=True, unsaved=self.unsaved[len(shown.unsaved) :])

    def answered(self, request_id: str) -> Self:
        """Remembers that this request led to the present revision."""
        answer = Answer(request_id=request_id, revision=self.revision)
        return self.changed(answers=(*self.answers, answer)[-ANSWERS_KEPT:])

    def answer_to(self, request_id: str) -> Answer | None:
        return next((a for a in self.answers if a.request_id == request_id), None)

    def troubled(self, move: str, code: str, now: datetime) -> Self:
        """A move was refused for good; nothing moves until a person has mended the cause."""
        if self.is_finished():
            return self
        return self.recorded("troubled", now, refs={"move": move, "code": code}, trouble=code)

    def mend_task(self, assignee: str, since: datetime) -> Task:
        """The task of whoever must mend the cause of the trouble."""
        return Task(
            id=f"{self.workflow_id}/mend/{self.events}",
            kind="mend",
            assignee=assignee,
            escalate_to=assignee,
            since=since,
            refs={"code": self.trouble or ""},
        )

    def check_can_retry(self, wish: Retry) -> None:
        if not self.trouble:
            raise WrongState(f"{self.workflow_id} has no trouble")
        if wish.by.role not in (AccessRole.CURATOR, AccessRole.ADMINISTRATOR):
            raise NotYours(f"{self.workflow_id} is mended by the curator or the administrator")

    def retried(self, wish: Retry, now: datetime) -> Self:
        return self.recorded("retried", now, wish.by, note_id=wish.note_id, trouble=None)

    def with_clock(self, offset: int) -> Self:
        """The state by the later of the two clocks."""
        return self if offset <= self.clock_offset else self.touched(clock_offset=offset)

    def notices_due(self, now: datetime) -> tuple[Notice, ...]:
        """News, and reminders and escalations that are due, as far as they were not sent yet."""
        return self.news + tuple(
            notice
            for task in self.tasks()
            for moment, notice in _notices(task)
            if moment <= now and notice.key not in self.notified
        )

    def noticed(self, notices: tuple[Notice, ...], now: datetime) -> Self:
        """Remembers that `notices` were sent, as long as their tasks are open."""
        open_tasks = {task.id for task in self.tasks()}
        sent = {notice.key for notice in notices}
        state = self.changed(
            notified=tuple(key for key in self.notified if key.rpartition("/")[0] in open_tasks),
            news=tuple(notice for notice in self.news if notice.key not in sent),
        )
        for notice in notices:
            state = state.recorded(
                _SENT[notice.kind],
                now,
                refs={"task": notice.task_id, "recipient": notice.recipient},
                notified=(*state.notified, notice.key),
            )
        return state

    def next_moment(self, now: datetime) -> datetime | None:
        """The nearest later moment at which something becomes due by itself."""
        moments = [moment for moment in self.moments() if moment > now]
        moments += [moment for task in self.tasks() for moment, _ in _notices(task) if moment > now]
        return min(moments, default=None)


_SENT = {"reminder": "reminded", "escalation": "escalated", "informed": "informed"}


def _notices(task: Task) -> Iterable[tuple[datetime, Notice]]:
    if task.due is None:
        return
    for kind, moment, recipient in (
        ("reminder", task.remind_at, task.assignee),
        ("escalation", task.due, task.escalate_to),
    ):
        if moment is not None:
            key = f"{task.id}/{kind}"
            yield moment, Notice(key=key, kind=kind, task_id=task.id, recipient=recipient)


class Terms(Value):
    """How long people have, in calendar days, and how early a reminder comes."""

    redraft: Annotated[int, Field(ge=1)] = 3
    decide: Annotated[int, Field(ge=1)] = 3
    registration: Annotated[int, Field(ge=1)] = 2
    signature: Annotated[int, Field(ge=1)] = 7
    remind_before: Annotated[int, Field(ge=0)] = 1

    def due(self, what: str, since: datetime) -> datetime:
        """The deadline of a task that arose at `since`; `what` names one of the terms."""
        return since + timedelta(days=int(getattr(self, what)))

    def remind_at(self, since: datetime, due: datetime | None) -> datetime | None:
        """When to remind: `remind_before` days before the deadline, never before it arose."""
        return None if due is None else max(since, due - timedelta(days=self.remind_before))
