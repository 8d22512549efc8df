"""The life of a document, from its first draft to the sealed file.

drafting → on approval ⇄ returned → to register → registering → to sign → sealing → in force.
A document without an approver or a journal skips those stages. A remark sends the document
back; a redraft is the next version; a decision counts only for the version and hash it names.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Self

from domain import ids
from domain.amendments import Change
from domain.base import Message
from domain.document_wishes import AttachSigned, Decide, Drop, Redraft, Register
from domain.errors import NotYours, RemarkMissing, StaleVersion, WrongState
from domain.journals import TypedNumber
from domain.messages import Withdraw
from domain.people import AccessRole, Actor
from domain.process import Process, Task, Terms


class Stage(StrEnum):
    DRAFTING = "drafting"
    ON_APPROVAL = "on_approval"
    RETURNED = "returned"
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
    REPORT = "report"


class DocumentMove(Message):
    """What the document's workflow does next by itself; one thing at a time."""

    act: Act

    @property
    def key(self) -> str:
        return "document"


class DocumentState(Process):
    process: Literal["document"] = "document"
    document_id: str
    kind: str
    owner_id: str  # the pair or the cycle that asked for it
    pair_id: str | None = None
    person_id: str | None = None  # whose consent it is
    item_id: str | None = None  # the roadmap row's item
    step: str | None = None  # the row; none for a paper of the pair's track
    result_id: str | None = None
    turn: int = 1  # the yearly turn that it belongs to
    drafter: str
    approver: str | None = None
    registrar: str | None = None
    changes: tuple[Change, ...] = ()  # what it does to earlier documents, once in force
    escalate_to: str
    terms: Terms = Terms()

    stage: Stage = Stage.DRAFTING
    since: datetime
    version: int = 1
    inputs_id: str | None = None
    draft: Draft | None = None
    typed: TypedNumber | None = None  # the number that it shall have
    entry: Entry | None = None
    signed_sha256: str | None = None
    signed_size: int = 0
    signed_type: str = ""
    seal: Seal | None = None
    reported: bool = False

    @property
    def workflow_id(self) -> str:
        return ids.document_workflow(self.document_id)

    @property
    def stage_name(self) -> str:
        return self.stage

    def is_finished(self) -> bool:
        return self.stage in END and self.reported

    def next_moves(self, now: datetime) -> tuple[DocumentMove, ...]:
        """What to do now; nothing while a person is waited for or trouble is unmended."""
        del now
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
            case Stage.ON_APPROVAL if self.approver:
                return (self._task("decide", self.approver, "decide"),)
            case Stage.RETURNED:
                return (self._task("redraft", self.drafter, "redraft"),)
            case Stage.TO_REGISTER if self.registrar:
                return (self._task("register", self.registrar, "registration"),)
            case Stage.TO_SIGN:
                return (self._task("attach_signed", self.drafter, "signature"),)
            case _:
                return ()

    def _task(self, kind: str, assignee: str, term: str | None) -> Task:
        due = self.terms.due(term, self.since) if term else None
        refs = {"document": self.document_id, "document_kind": self.kind}
        if self.pair_id:
            refs["pair"] = self.pair_id
        return Task(
            id=f"{self.document_id}/{kind}/{self.version}",
            kind=kind,
            assignee=assignee,
            escalate_to=self.escalate_to,
            since=self.since,
            due=due,
            remind_at=self.terms.remind_at(self.since, due),
            refs=refs,
        )

    # What people may do

    def check_can_decide(self, wish: Decide) -> None:
        self._check_stage(Stage.ON_APPROVAL)
        if not self.approver or not wish.by.is_one_of(self.approver):
            raise NotYours(f"document {self.document_id} waits for another's decision")
        self._check_version(wish.version)
        if self.draft is None or wish.sha256 != self.draft.sha256:
            raise StaleVersion(f"version {self.version} has another hash than the decision names")
        if not wish.approved and not wish.note_id:
            raise RemarkMissing("sending back needs a remark")

    def decided(self, wish: Decide, now: datetime) -> Self:
        """Approved: on to the journal or the signature. Sent back: to the drafter."""
        stage = self._after_approval() if wish.approved else Stage.RETURNED
        return self.recorded(
            "approved" if wish.approved else "sent_back",
            now,
            wish.by,
            version=wish.version,
            sha256=wish.sha256,
            note_id=wish.note_id,
            refs=self._refs(),
            stage=stage,
            since=now,
        )

    def check_can_redraft(self, wish: Redraft) -> None:
        if self.stage is not Stage.RETURNED and not self.trouble:
            raise WrongState(f"document {self.document_id} is {self.stage}, it was not sent back")
        if self.entry:
            raise WrongState(f"document {self.document_id} has a number already")
        self._check_version(wish.version)
        self._check_office(wish.by)

    def redrafted(self, wish: Redraft, now: datetime) -> Self:
        state = self.changed(version=self.version + 1)
        return state.recorded(
            "redrafted",
            now,
            wish.by,
            version=state.version,
            note_id=wish.note_id,
            refs=self._refs(),
            stage=Stage.DRAFTING,
            since=now,
            inputs_id=wish.inputs_id or self.inputs_id,
            draft=None,
            trouble=None,
        )

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

    def check_can_attach(self, wish: AttachSigned) -> None:
        """A scan that could not be sealed may be attached anew."""
        self._check_stage(Stage.TO_SIGN, Stage.SEALING)
        self._check_version(wish.version)
        self._check_office(wish.by)

    def attached(self, wish: AttachSigned, now: datetime) -> Self:
        return self.recorded(
            "signed_scan_attached",
            now,
            wish.by,
            version=wish.version,
            sha256=wish.sha256,
            refs={**self._refs(), **wish.checked},
            stage=Stage.SEALING,
            since=now,
            signed_sha256=wish.sha256,
            signed_size=wish.size,
            signed_type=wish.media_type,
            trouble=None,
        )

    def check_can_drop(self, wish: Drop) -> None:
        """Only a paper of no row, of no pair and without a number may be given up."""
        if self.item_id or self.pair_id:
            raise WrongState(f"document {self.document_id} is wanted by a row or a pair")
        if self.entry or self.stage in (*END, Stage.REGISTERING, Stage.SEALING):
            raise WrongState(f"document {self.document_id} is {self.stage}")
        self._check_office(wish.by)

    def dropped(self, wish: Drop, now: datetime) -> Self:
        return self._as_withdrawn(now, now, wish)

    # What follows by itself

    def drafted(self, draft: Draft, now: datetime) -> Self:
        if self.stage is not Stage.DRAFTING:
            return self
        return self.recorded(
            "drafted",
            now,
            version=self.version,
            sha256=draft.sha256,
            refs={**self._refs(), "facts": draft.facts_id},
            draft=draft,
            stage=Stage.ON_APPROVAL if self.approver else self._after_approval(),
            since=now,
        )

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
        return state

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

    def told(self) -> Self:
        """The owner knows the outcome."""
        return self.touched(reported=True)

    def _after_approval(self) -> Stage:
        """A journal counts it, or it gets its date at once; a paper nobody approves is ready."""
        if self.registrar:
            return Stage.TO_REGISTER
        return Stage.REGISTERING if self.approver else Stage.TO_SIGN

    def is_ready_as_drafted(self) -> bool:
        """True if the draft itself goes to signature: nobody approves or numbers it."""
        return self.approver is None and self.registrar is None

    def _refs(self) -> dict[str, str]:
        refs = {"pair": self.pair_id, "person": self.person_id, "item": self.item_id}
        return {"kind": self.kind} | {name: id_ for name, id_ in refs.items() if id_}

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
