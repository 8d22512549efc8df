"""What the activities ask of the world. `adapters/` makes each port real, `tests/fakes/` too."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from activities import tasks
from activities.event_ports import EventDesk
from activities.indicator_ports import IndicatorDesk
from activities.object_ports import Objects
from activities.organisation_ports import OrganisationDesk
from activities.retention_ports import RetentionDesk, RetentionLedger
from activities.roadmap_ports import RoadmapDesk
from activities.sitting_ports import SittingDesk
from activities.verification_ports import IncidentDesk
from activities.yearly_ports import LaunchDesk
from domain.base import Value
from domain.canary import CanaryResult
from domain.enrolment import Enrolment
from domain.grounds import Ground, GroundEnd
from domain.journals import Line
from domain.layout_settings import LayoutSettings
from domain.names import NameCorrection
from domain.scans import CheckedScan
from domain.signing import SignatureCheck
from domain.templates import TemplateCheck, TemplateDifference, TemplateField, TemplateVersion


class Stored(Value):
    """An object as it lies in the store."""

    key: str
    sha256: str  # of the content, hex
    stored_sha256: str  # of the stored (encrypted) bytes, hex
    size: int  # of the content, bytes


class Files(Protocol):
    """Write-once objects. The first writer of a key wins; nobody changes bytes afterwards.

    Content is encrypted with a key of its own, that is derived from a data key and the content's
    SHA-256, so one data key and a fixed nonce never encrypt two contents alike.
    """

    def put_once(self, key: str, content: bytes, data_key: bytes) -> Stored:
        """Encrypt and keep `content` under `key`, read it back and check it.

        If the key is taken, what is kept there stays and is returned: compare `sha256`.
        Raises `BytesChanged` if what was read back is not what was written, `WrongKey` if the
        taken key does not open with `data_key`.
        """
        ...

    def seal_key(self, content: bytes, data_key: bytes) -> str:
        """Under which key `seal` keeps this."""
        ...

    def seal(self, content: bytes, data_key: bytes, until: datetime | None = None) -> Stored:
        """Keep `content` for ever under `sealed/<SHA-256 of the stored bytes>`, read back.

        A store that locks what is sealed locks it until then at least; a later call may only
        prolong that.
        """
        ...

    def hold(self, key: str, until: datetime) -> None:
        """Lock what is sealed until then at least, where there are locks. Raises `NotFound`."""
        ...

    def get(self, key: str, data_key: bytes) -> bytes:
        """The content. Raises `NotFound`, `BytesChanged` or `WrongKey`."""
        ...

    def stored_bytes(self, key: str) -> bytes:
        """The bytes as stored (encrypted). Raises `NotFound`."""
        ...

    def stored_hash(self, key: str) -> str:
        """SHA-256 of the bytes as stored, hex; read piece by piece. Raises `NotFound`."""
        ...

    def hides(self, key: str, stored_sha256: str) -> bool:
        """Whether what lies under `key` now hides such bytes, which the store still has."""
        ...

    def stored_at(self, key: str) -> datetime:
        """When the object was put. Raises `NotFound`."""
        ...

    def keys(self, prefix: str = "") -> Sequence[str]:
        """All keys under `prefix`, sorted."""
        ...

    def remove_forsaken(self, key: str) -> bool:
        """Remove an object that nobody will ever name, and what was begun of it in parts.

        Only for `Sweeps.sweep`, which knows that no row names it. True if nothing is there any
        more, False if the store's own lock forbids that.
        """
        ...

    def sweep_strays(self) -> int:
        """Remove what writers left half-written more than an hour ago; how many."""
        ...

    def check_ready(self) -> None:
        """Raises `OSError` if the store does not answer or could keep nothing now."""
        ...

    def canary(self) -> CanaryResult:
        """Try to overwrite, delete and shorten the retention of an object that is there for it.

        That object is not among `keys`. Harmless to repeat, to cut off, and by many at once.
        Raises `OSError` if the store does not answer: nothing is known then.
        """
        ...


class Template(Value):
    """A template as a document was drafted with it. What is not `ours` is not trusted either."""

    sha256: str
    content: bytes
    ours: bool


class Renderer(Protocol):
    """Makes DOCX files from templates."""

    def render(
        self, kind: str, facts: Mapping[str, Any], template: Template | None = None
    ) -> bytes:
        """The document. The same facts and template give the same bytes.

        Without `template` it is the one that came with the program.
        Raises `FactMissing` (field named) or `TemplateFault` (field and place named).
        """
        ...


class Templates(Protocol):
    """Templates as an organisation changes them. `NotFound` for a kind that there is not."""

    def ours(self, kind: str, settings: LayoutSettings) -> bytes:
        """The one that came with the program, with an organisation's layout laid over it."""
        ...

    def fields(self, kind: str) -> tuple[TemplateField, ...]:
        """The facts that templates of the kind may use."""
        ...

    def check(self, kind: str, content: bytes) -> TemplateCheck:
        """All that is wrong with a template. Raises `BadUpload` for what is no safe DOCX."""
        ...

    def preview(self, kind: str, content: bytes) -> bytes:
        """A document of example facts. Raises `TemplateFault` or `FactMissing`."""
        ...

    def difference(self, kind: str, old: bytes, new: bytes) -> TemplateDifference:
        """How `new` differs from `old`. Raises `BadUpload` or `TemplateFault`."""
        ...


class Scans(Protocol):
    """Files that people send as proof on paper, looked at before anything of them is kept."""

    def check(
        self, files: Sequence[bytes], code: str | None = None, copy: bytes | None = None
    ) -> CheckedScan:
        """The files as one PDF, and what was found; a single PDF stays byte for byte.

        With `code` (`ids.document_code`) the pages must be of that document and version; `copy` is
        a PDF of it, to compare the number of pages with. Raises `BadUpload`, `InfectedFile`,
        `ForeignPages`, or `ChecksBusy` if too many others wait.
        """
        ...


class Signatures(Protocol):
    """Detached electronic signatures."""

    def check(self, content: bytes, signature: bytes, now: datetime) -> list[SignatureCheck]:
        """Each signature of a file of signatures over `content`; `now` is when it came.

        Raises `BadSignatureFile`, `BadAuthorities`, or `ChecksBusy` if too many others wait.
        """
        ...


class Ledger(RetentionLedger, Objects, Protocol):
    """What is remembered. Each method is one transaction, and harmless when repeated."""

    def save(self, task: tasks.SaveProgress) -> None:
        """Write rows, tasks and unsaved events of a state; an older revision changes nothing.

        Children that the state is about to start get rows that say *at work*; children whose
        outcome the state knows no longer do.
        """
        ...

    def launch(self, cycle_id: str, n: int = 0) -> tasks.Launch:
        """What was launched, or roadmap `n` of those to be taken since. Raises `NotFound`."""
        ...

    def consents(self, task: tasks.FindPackage) -> tuple[tasks.PersonConsent, ...]:
        """Birth dates and consents in force of `task.people`, in their order."""
        ...

    def keep_facts(self, task: tasks.GatherFacts) -> tasks.FactsKept:
        """Gather the facts of a document's version, keep them for good, make the draft's key.

        The first facts of a version stay. Raises `NotFound` or `FactMissing`.
        """
        ...

    def facts(self, facts_id: str) -> Mapping[str, Any]:
        """Facts as kept. Raises `NotFound`, or `BytesChanged` if they are not what was kept."""
        ...

    def kept_text(self, text_id: str) -> Mapping[str, Any]:
        """What was kept with a wish. Raises `NotFound`, or `BytesChanged` if it is not that."""
        ...

    def ablatives(self, body_ids: Sequence[str]) -> Mapping[str, str]:
        """How bodies are called where they considered a paper: «педагогическим советом»."""
        ...

    def template(self, facts_id: str) -> Template | None:
        """What the version with these facts is made of, now and later; none: as it always was.

        It is chosen and kept with the facts. Raises `NotFound`, or `BytesChanged` if it is not
        what was kept.
        """
        ...

    def enter_in_journal(self, task: tasks.EnterInJournal) -> tasks.JournalLine:
        """The document's line; the same one if asked again. Makes the rendering's key too.

        A typed number may raise `NumberTaken`, `ForeignNumber` or `NumberTooFar`.
        """
        ...


class Notices(Protocol):
    """Tells people. A notice with the same key is sent once."""

    def post(self, task: tasks.SendNotices) -> None: ...


class Desk(
    SittingDesk,
    IncidentDesk,
    RetentionDesk,
    OrganisationDesk,
    IndicatorDesk,
    EventDesk,
    RoadmapDesk,
    LaunchDesk,
    Objects,
    Protocol,
):
    """What the API writes itself: rows that a command then names by id.

    Ids are made by the caller from the request's idempotency key; a repeat changes nothing.
    """

    def keep_text(self, text: tasks.KeptText) -> str:
        """Keep a remark, a reason, notes, evidence or amended facts; returns the id."""
        ...

    def enrol(self, organisation_id: str, enrolment: Enrolment) -> tasks.Enrolled:
        """Take all people and bodies, or none; known codes are brought up to date."""
        ...

    def correct_names(
        self, organisation_id: str, person_id: str, correction: NameCorrection
    ) -> None:
        """Keep what a person said of a name's forms; later imports of the same name leave it.

        Raises `NotFound` for an unknown person or a part that the name does not have.
        """
        ...

    def keep_template(self, upload: tasks.TemplateUpload, content: bytes) -> TemplateVersion:
        """Keep a checked template as the kind's next version; a repeat gives the same one."""
        ...

    def keep_layout(self, upload: tasks.LayoutUpload) -> None:
        """Keep the organisation's layout in place of the one before."""
        ...

    def keep_ground(
        self, organisation_id: str, act: Ground, author: str, replaces: str | None = None
    ) -> None:
        """Keep an act among the organisation's grounds; what it replaces loses force that day.

        Raises as `end_ground` does, if it replaces something.
        """
        ...

    def end_ground(self, organisation_id: str, ground_id: str, end: GroundEnd, author: str) -> None:
        """Keep that an act lost force. Raises `NotFound`, `WrongState` if another end was said,
        `BadDate` before the act's first day.
        """
        ...

    def reserve_number(self, wish: tasks.NumberWish) -> Line:
        """Take the journal's next number out of the row; a document may have it later.

        Raises `NotFound` for an unknown journal, as all that follow.
        """
        ...

    def letter_number(self, wish: tasks.NumberWish, after: str) -> Line:
        """Reserve a number right after a known one of this year: «12-а-о» after «12-о».

        Raises `NotFound`, or `NumberTaken` when no letter is left.
        """
        ...

    def void_number(self, wish: tasks.NumberWish, number: str, year: int | None = None) -> Line:
        """Nothing will ever have this number. Of this year if none is said.

        Raises `NotFound`, or `WrongState` if it is void or a document has it.
        """
        ...

    def file_incoming(self, paper: tasks.IncomingPaper, ground: Ground | None = None) -> Line:
        """Give a paper from outside our number; as a `ground`, papers of ours cite it.

        Raises `IncomingKnown` for the same sender, number and day, `BadDate` for a later day.
        """
        ...

    def place_kinds(self, placed: tasks.KindsPlaced) -> None:
        """Count kinds in a journal from a day on.

        Raises `MaskNotUnique`, `BadDate` for a past day, `WrongState` if another journal was named
        for that kind and day, or the journal is known with another mask.
        """
        ...

    def give_mandate(self, wish: tasks.MandateWish) -> None:
        """Record a right; a change of the head ends what it ends, all at once.

        Raises `NotFound` for an unknown person, and as `domain.mandates.check_can_add` and
        `domain.mandates.succession`.
        """
        ...

    def end_mandate(self, end: tasks.MandateEnd) -> None:
        """End a right. Raises `NotFound`, or as `MandateRecord.check_can_end`."""
        ...

    def untold_mandates(
        self, now: datetime, organisation_id: str | None = None
    ) -> tuple[tasks.UntoldMandates, ...]:
        """Organisations, or this one if it is one, whose open documents may not know of a change
        of rights.
        """
        ...

    def mandates_told(self, told: tasks.UntoldMandates) -> None:
        """Its documents know its rights; changes that came later are still to be told."""
        ...

    def load_calendar(self, loaded: tasks.CalendarLoaded) -> None:
        """Keep the organisation's own working days of a year in place of those before."""
        ...

    def record_acquaintance(self, wish: tasks.AcquaintanceWish) -> None:
        """Keep who has read a document in force. Raises `NotFound`, else as `ReadingList`."""
        ...

    def begin_request(self, request: tasks.ApiRequest) -> tasks.ApiAnswer | None:
        """Claim an idempotency key; the stored answer if it was answered already.

        Raises `KeyReused` if the key came with another request, `StillWorking` if a twin is in
        flight (a claim older than a minute is taken over: whoever held it is gone).
        """
        ...

    def finish_request(self, request: tasks.ApiRequest, answer: tasks.ApiAnswer) -> None:
        """Keep the answer of a claimed key."""
        ...

    def drop_request(self, request: tasks.ApiRequest) -> None:
        """Forget a claim whose request was refused before it did anything."""
        ...

    def clock_offset(self) -> int:
        """Seconds that the rehearsal clock is ahead; 0 outside a rehearsal."""
        ...

    def set_clock_offset(self, seconds: int) -> None:
        """Move the rehearsal clock forward; never back."""
        ...
