"""What workflows ask of activities, and what they answer. Ids, hashes and states only."""

import hashlib
import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.amendments import Change
from domain.approval import Circumstances
from domain.authority import Mandates
from domain.base import Message, Value
from domain.consents import ConsentNeed, PaperNeed
from domain.documents import DocumentState
from domain.journals import Journal, TypedNumber
from domain.layout_settings import LayoutSettings
from domain.mandates import MandateRecord
from domain.pair import PairState
from domain.people import Form
from domain.process import Notice
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.rollover import CarriedRow
from domain.routes import Route
from domain.stamps import Stamp
from domain.upper import Upper

State = Annotated[ProgrammeState | PairState | DocumentState, Field(discriminator="process")]


class SaveProgress(Message):
    """Make a state visible: its rows, its tasks, its unsaved events, all at once."""

    state: State
    now: datetime
    at_work: bool  # something of its own is still to be done
    waiting_until: datetime | None  # when time alone will change something


class Saved(Message):
    revision: int


class PlanCycle(Message):
    cycle_id: str
    n: int = 0  # which of the roadmaps that it was asked to take; 0: what was launched


class Launch(Message):
    """What was launched: the roadmap in force then, the first day, who holds which role."""

    roadmap: Roadmap
    start: date
    time_zone: str
    holders: dict[str, str]
    turns: int = 1
    launched_by: str | None = None  # the user
    upper: Upper | None = None  # the cycle above, whose branch it is
    follows: str | None = None  # the cycle of the year before
    amended: tuple[CarriedRow, ...] = ()  # rows as they were changed there


class FindPackage(Message):
    """Which documents does law ask of this pair on `day`, and which consents are in force?"""

    organisation_id: str
    cycle_id: str
    mentor_id: str
    mentee_id: str
    form: Form
    day: date

    @property
    def people(self) -> tuple[str, ...]:
        return self.mentor_id, self.mentee_id


class PackageFound(Message):
    consents: tuple[ConsentNeed, ...]
    papers: tuple[PaperNeed, ...] = ()


class PersonConsent(Message):
    """What the ledger knows of a person for the package. Stays inside the activity."""

    person_id: str
    birth: date
    documents: dict[str, str] = {}  # kind → the document in force


class GatherFacts(Message):
    """Gather what the template asks, keep it once, and make the key of the draft."""

    organisation_id: str
    cycle_id: str
    document_id: str
    kind: str
    version: int
    pair_id: str | None = None
    person_id: str | None = None
    step: str | None = None
    result_id: str | None = None
    turn: int = 1
    inputs_id: str | None = None
    changes: tuple[Change, ...] = ()
    branch: int | None = None  # the organisation below that it is about
    route: Route | None = None  # its stages may depend on the facts
    now: datetime


class FactsKept(Message):
    facts_id: str
    sha256: str
    found: Circumstances = Circumstances()


class RenderDraft(Message):
    organisation_id: str
    document_id: str
    kind: str
    version: int
    facts_id: str
    facts_sha256: str
    is_final: bool  # nobody approves it: no «ПРОЕКТ»
    stamps: tuple[Stamp, ...] = ()  # `stamps_expected`


class EnterInJournal(Message):
    """Give the next number of the kind's journal, or the typed one, or only a date, and make the
    key.
    """

    organisation_id: str
    document_id: str
    kind: str
    version: int
    numbered: bool
    typed: TypedNumber | None = None
    now: datetime


class JournalLine(Message):
    number: str | None
    day: date


class RenderRegistered(Message):
    organisation_id: str
    document_id: str
    kind: str
    version: int
    facts_id: str
    line: JournalLine
    stamps: tuple[Stamp, ...] = ()  # `stamps_given`


class Rendered(Message):
    sha256: str


class PrepareSeal(Message):
    organisation_id: str
    document_id: str
    sha256: str
    visual_of: int | None = None  # the version of which a visual copy will be made


class SealSignedFile(Message):
    """Keep a file for ever: an upload, or the rendering that was signed electronically."""

    organisation_id: str
    document_id: str
    version: int
    sha256: str
    media_type: str
    role: Literal["signed", "signature"] = "signed"
    rendering: Literal["draft", "registered"] | None = None  # none: an upload
    kind: str | None = None  # with the day, it says how long it is locked at least
    day: date | None = None


class RenderVisual(Message):
    """Make the copy with the mark of an electronic signature."""

    organisation_id: str
    document_id: str
    kind: str
    version: int
    facts_id: str
    line: JournalLine | None  # none: it has no date of its own
    marks_id: str
    place: str  # whose mark of those in that row
    stamps: tuple[Stamp, ...] = ()  # as in the rendering that was signed


class ObjectRecord(Message):
    """A row that knows an object."""

    organisation_id: str
    document_id: str
    version: int
    role: str  # incoming, draft, registered, signed, signature, visual
    key: str
    key_id: str
    sha256: str
    stored_sha256: str
    size: int
    media_type: str


class SendNotices(Message):
    organisation_id: str
    cycle_id: str
    subject: str
    notices: tuple[Notice, ...]
    now: datetime


class KeptText(Value):
    """Something that a person wrote. Personal data may be in it: it stays in the database."""

    id: str
    organisation_id: str
    kind: str  # remark, reason, notes, evidence, inputs, signature
    subject: str  # workflow id that it belongs to
    author: str  # user id
    body: dict[str, Any]

    def sha256(self) -> str:
        text = json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


class TemplateUpload(Value):
    """A template that a person of the organisation uploads, apart from its bytes."""

    id: str
    organisation_id: str
    kind: str
    active_from: date
    uploaded_by: str
    at: datetime


class LayoutUpload(Value):
    """An organisation's layout, as a person of it sets it."""

    id: str
    organisation_id: str
    settings: LayoutSettings
    uploaded_by: str
    at: datetime


class NumberWish(Value):
    """Something is to be done with a number of a journal: by whom, when and why."""

    id: str  # of the line, if one is made
    organisation_id: str
    journal: str
    by: str
    at: datetime
    reason_id: str


class IncomingPaper(Value):
    """A paper from outside, to be filed under a number of ours."""

    id: str
    organisation_id: str
    sender: str
    number: str
    day: date
    title: str
    by: str
    at: datetime


class KindsPlaced(Value):
    """From a day on, kinds of documents are counted in a journal, which may be new."""

    organisation_id: str
    journal: Journal
    kinds: tuple[str, ...]
    since: date
    by: str
    at: datetime


class MandateWish(Value):
    """A right is to be recorded; if it `succeeds`, its holder follows the one in whose place."""

    organisation_id: str
    record: MandateRecord
    succeeds: bool = False
    by: str
    at: datetime


class MandateEnd(Value):
    """A right is to end: `day` is the first without it."""

    id: str
    organisation_id: str
    day: date
    by: str
    at: datetime
    reason_id: str


class UntoldMandates(Value):
    """An organisation's rights as they stand, and the open documents that may not know of them."""

    organisation_id: str
    mandates: Mandates
    documents: tuple[str, ...]  # workflow ids


class CalendarLoaded(Value):
    """Days of a year that the organisation names itself, over those of the law."""

    organisation_id: str
    year: int
    days: dict[date, bool]  # whether people work then
    by: str
    at: datetime


class AcquaintanceWish(Value):
    """People have read a document in force: who says so, of whom, and on which day it was."""

    organisation_id: str
    document_id: str
    people: tuple[str, ...] | None  # whom the document names; none: for whom `person_id` reads
    day: date | None  # none: today
    by: str
    person_id: str | None  # whose account it is
    for_others: bool  # may say it of anybody
    at: datetime


class Enrolled(Value):
    """How many rows an import made or changed."""

    people: int
    bodies: int


class ApiRequest(Value):
    """A POST with its idempotency key, as far as a repeat must be told from another request."""

    organisation_id: str
    user_id: str
    key: str
    route: str
    body_sha256: str


class ApiAnswer(Value):
    """What was answered."""

    status: int
    body: dict[str, Any]
