"""The life of a document, from its first draft to the sealed file.

drafting → on approval ⇄ returned → to register → registering → to sign → sealing → in force.
A document without an approver or a journal skips those stages. A remark sends the document
back; a redraft is the next version; a decision counts only for the version and hash it names.
An act on destruction destroys what it lists once it is in force, and only then.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

from domain.amendments import Change
from domain.base import Message
from domain.document_approval import END, Draft, Stage
from domain.document_assignments import GivesAssignments
from domain.document_signing import Rendering, ToSign
from domain.document_wishes import Drop, Redraft, Register
from domain.errors import NotYours, WrongState
from domain.journals import TypedNumber
from domain.messages import Withdraw
from domain.people import AccessRole
from domain.process import Task

__all__ = ["END", "Act", "DocumentMove", "DocumentState", "Draft", "Entry", "Seal", "Stage"]


class Entry(Message):
    """The number and date of a document, and the rendering that carries them."""

    number: str | None  # None for kinds that no journal counts
    day: date
    sha256: str


class Seal(Message):
    """The signed file as it is kept for ever."""

    key: str
    sha256: str
    stored_sha256: str
    size: int


class Act(StrEnum):
    DRAFT = "draft"
    ENTER = "enter"
    SEAL = "seal"
    DESTROY = "destroy"
    REPORT = "report"


class DocumentMove(Message):
    """What the document's workflow does next by itself; one thing at a time."""

    act: Act

    @property
    def key(self) -> str:
        return "document"


class DocumentState(ToSign, GivesAssignments):
    process: Literal["document"] = "document"
    owner_id: str  # the pair or the cycle that asked for it
    step: str | None = None  # the row; none for a paper of the pair's track
    result_id: str | None = None
    turn: int = 1  # the yearly turn that it belongs to
    changes: tuple[Change, ...] = ()  # what it does to earlier documents, once in force

    typed: TypedNumber | None = None  # the number that it shall have
    entry: Entry | None = None
    seal: Seal | None = None
    branch: int | None = None  # the organisation below that it is about
    destroys: int = 0  # documents that are listed to be destroyed by it
    destroyed: int = 0  # of these, how many are destroyed
    all_destroyed: bool = False
    reported: bool = False

    @property
    def stage_name(self) -> str:
        return self.stage

    def is_finished(self) -> bool:
        """One that is in force lives on until its assignments are over."""
        is_over = self.stage is Stage.WITHDRAWN or all(one.is_over for one in self.assignments)
        return self.stage in END and self.reported and is_over

    def next_moves(self, now: datetime) -> tuple[DocumentMove, ...]:
        """What to do now; nothing while a person is waited for or trouble is unmended."""
        del now
        if self.stage is Stage.IN_FORCE and self.destroys and not self.all_destroyed:
            return (DocumentMove(act=Act.DESTROY),)
        if self.stage in END:
            return () if self.reported else (DocumentMove(act=Act.REPORT),)
        by_stage = {
            Stage.DRAFTING: Act.DRAFT,
            Stage.REGISTERING: Act.ENTER,
            Stage.SEALING: Act.SEAL,
        }
        act = by_stage.get(self.stage)
        return (DocumentMove(act=act),) if act and not self.trouble else ()

    def tasks(self) -> tuple[Task, ...]:
        if self.trouble:
            return (self.mend_task(self.escalate_to, self.since),)
        match self.stage:
            case Stage.ON_APPROVAL:
                return self._approval_tasks()
            case Stage.RETURNED:
                asked = ("redraft", self.drafter, "redraft")
            case Stage.REFUSED:
                asked = ("reopen", self.escalate_to, "redraft")
            case Stage.TO_REGISTER if self.registrar:
                asked = ("register", self.registrar, "registration")
            case Stage.TO_SIGN:
                asked = ("attach_signed", self.drafter, "signature")
            case Stage.IN_FORCE:
                return self._assignment_tasks()
            case _:
                return ()
        return (self._task(*asked),)

    def _task(self, kind: str, assignee: str, term: str) -> Task:
        due = self.terms.due(term, self.since)
        return Task(
            id=f"{self.document_id}/{kind}/{self.version}",
            kind=kind,
            assignee=assignee,
            escalate_to=self.escalate_to,
            since=self.since,
            due=due,
            remind_at=self.terms.remind_at(self.since, due),
            refs=self._task_refs(),
        )

    # What people may do

    def check_can_redraft(self, wish: Redraft) -> None:
        """What was refused is begun anew by the curator only."""
        if self.stage not in (Stage.RETURNED, Stage.REFUSED) and not self.trouble:
            raise WrongState(f"document {self.document_id} is {self.stage}, it was not sent back")
        if self.entry:
            raise WrongState(f"document {self.document_id} has a number already")
        self._check_version(wish.version)
        self._check_office(wish.by)
        if self.stage is Stage.REFUSED and wish.by.role is not AccessRole.CURATOR:
            raise NotYours(f"document {self.document_id} was refused: the curator begins it anew")

    def redrafted(self, wish: Redraft, now: datetime) -> Self:
        return self._next_version(now, wish.by, wish.note_id, wish.inputs_id)

    def check_can_register(self, wish: Register) -> None:
        """A number that was refused may be replaced by another."""
        self._check_stage(Stage.TO_REGISTER, Stage.REGISTERING if self.registrar else None)
        self._check_version(wish.version)
        self._check_office(wish.by)
        TypedNumber.asked(wish.number, wish.note_id, wish.by.user_id)

    def registration_asked(self, wish: Register, now: datetime) -> Self:
        return self.recorded(
            "registration_asked",
            now,
            wish.by,
            version=wish.version,
            note_id=wish.note_id,
            refs=self._refs() | ({"number": wish.number} if wish.number else {}),
            stage=Stage.REGISTERING,
            since=now,
            typed=TypedNumber.asked(wish.number, wish.note_id, wish.by.user_id),
            trouble=None,
        )

    def check_can_drop(self, wish: Drop) -> None:
        """Only a paper without a number that no pair's track asks for may be given up."""
        if self.step is None and (self.item_id or self.pair_id):
            raise WrongState(f"document {self.document_id} is wanted by a pair")
        if self.entry or self.stage in (*END, Stage.REGISTERING, Stage.SEALING):
            raise WrongState(f"document {self.document_id} is {self.stage}")
        self._check_office(wish.by)

    def dropped(self, wish: Drop, now: datetime) -> Self:
        return self._as_withdrawn(now, now, wish)

    # What follows by itself

    def registered(self, entry: Entry, now: datetime) -> Self:
        if self.stage is not Stage.REGISTERING:
            return self
        return self.recorded(
            "registered",
            now,
            version=self.version,
            sha256=entry.sha256,
            refs={**self._refs(), "number": entry.number or "", "day": entry.day.isoformat()},
            entry=entry,
            stage=Stage.TO_SIGN,
            since=now,
        )

    def sealed(self, seal: Seal, now: datetime) -> Self:
        if self.stage is not Stage.SEALING:
            return self
        state = self.recorded(
            "sealed",
            now,
            version=self.version,
            sha256=seal.sha256,
            refs={**self._refs(), "stored_sha256": seal.stored_sha256},
            seal=seal,
            stage=Stage.IN_FORCE,
            since=now,
        )
        for change in self.changes:
            refs = {**self._refs(), "document": change.document_id, "how": change.how}
            state = state.recorded("changed_document", now, refs=refs)
        return state._assignments_given(now)

    def withdrawn(self, wish: Withdraw, now: datetime) -> Self:
        """Withdrawn; a document in force or withdrawn before stays what it is."""
        if self.stage in END:
            return self
        return self._as_withdrawn(max(now, wish.at), now)

    def _as_withdrawn(self, at: datetime, now: datetime, wish: Drop | None = None) -> Self:
        return self.recorded(
            "withdrawn",
            at,
            wish.by if wish else None,
            version=self.version,
            note_id=wish.note_id if wish else None,
            refs=self._refs(),
            stage=Stage.WITHDRAWN,
            since=now,
            trouble=None,
        )

    def troubled(self, move: str, code: str, now: datetime) -> Self:
        """As for every process; a document withdrawn meanwhile has nothing left to mend."""
        return self if self.stage in END else super().troubled(move, code, now)

    def ended_documents(self) -> tuple[str, ...]:
        """The earlier documents that have no force since this one is in force."""
        if self.stage is not Stage.IN_FORCE:
            return ()
        return tuple(change.document_id for change in self.changes if change.how.is_final)

    def some_destroyed(self, destroyed: int, now: datetime, *, left: int) -> Self:
        """So many of what the act lists are destroyed; with the last comes the act's own event."""
        if left:
            return self.touched(destroyed=destroyed)
        return self.recorded(
            "listed_destroyed",
            now,
            version=self.version,
            refs={**self._refs(), "documents": str(destroyed)},
            destroyed=destroyed,
            all_destroyed=True,
        )

    def told(self) -> Self:
        """The owner knows the outcome."""
        return self.touched(reported=True)

    def _after_approval(self) -> Stage:
        """A journal counts it, or it gets its date at once; a paper nobody approves is ready."""
        if self.registrar:
            return Stage.TO_REGISTER
        return Stage.REGISTERING if self.approval else Stage.TO_SIGN

    def rendering(self) -> tuple[Rendering, str] | None:
        """What is signed: with number and date, or the draft that is ready as it is."""
        if self.entry:
            return "registered", self.entry.sha256
        return ("draft", self.draft.sha256) if self.draft else None

    def is_ready_as_drafted(self) -> bool:
        """True if the draft itself goes to signature: nobody approves or numbers it."""
        return self.approval is None and self.registrar is None
