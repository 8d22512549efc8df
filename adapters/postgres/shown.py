"""What views show: values for the API, for pages and for programs."""

from datetime import date, datetime
from typing import Any, Literal

from domain.amendments import How
from domain.base import Value
from domain.grounds import Ground
from domain.journals import Journal, LineState
from domain.names import Case, NameForms, Part
from domain.people import AccessRole


class User(Value):
    """An account, and for whom it acts: its person, and the bodies the person sits in."""

    id: str
    organisation_id: str
    role: AccessRole
    person_id: str | None
    acts_for: tuple[str, ...]


class SignedIn(Value):
    """Somebody at the pages, as the head of each shows it."""

    user: User
    name: str
    organisation: str
    must_change_password: bool


class Named(Value):
    """A person or body by its id and name («Иванова М. П.»)."""

    id: str
    name: str


class BodyLine(Named):
    code: str


class PersonLine(Value):
    id: str
    code: str
    name: str
    roles: tuple[str, ...]
    post: str | None
    birth_date: date
    experience_years: int | None
    sure: bool
    """Whether all forms of the name are certain."""


class NamesView(Value):
    """The forms of a person's name, and what of it somebody should look at or has looked at."""

    person_id: str
    forms: NameForms
    corrected_by: Named | None


class Ended(Value):
    """Since when a document has no force, and by which one."""

    how: How
    title: str
    day: date
    by: str


class NameQuestion(Value):
    """A name of which nobody is sure how it is declined: to be answered once for the person."""

    person_id: str
    title: str
    unsure: tuple[Part, ...]
    guess: dict[Case, str]
    """The whole name in each case, as papers would have it without an answer."""


class DocumentLine(Value):
    """A document as lists show it. `sha256` is of the rendering that people see now."""

    document_id: str
    kind: str
    title: str
    stage: str
    version: int
    sha256: str | None
    number: str | None
    day: date | None
    pair_id: str | None
    person_id: str | None
    ended: Ended | None = None


class ChainStep(Value):
    """A document that changed an earlier one of the chain."""

    document: DocumentLine
    changed_id: str
    how: How


class ChainView(Value):
    """A document with all that changed it by a day, in order."""

    on: date
    base: DocumentLine
    steps: tuple[ChainStep, ...]


class InboxTask(Value):
    """Something to do. `mine` is false where a curator may act for somebody else."""

    workflow_id: str
    task_id: str
    kind: str
    title: str
    assignee: Named
    mine: bool
    since: datetime
    due: datetime | None
    late: bool
    cycle_id: str
    refs: dict[str, str]
    document: DocumentLine | None
    about: tuple[Named, ...] = ()
    """The mentor and the mentee of the pair that it is about."""


class StageLine(Value):
    """A stage of a pair's road; `held` of `need` meetings, where those are what it waits for."""

    id: str
    title: str
    state: Literal["done", "now", "ahead"]
    held: int | None = None
    need: int | None = None


class KnownFile(Value):
    """A kept file that bears this hash, without a word about any person."""

    document_id: str
    title: str
    number: str | None
    day: date | None
    role: str
    version: int
    latest_version: int
    stage: str
    signed_at: datetime | None
    """When its signed copy was sealed."""
    time_zone: str
    ended: Ended | None


class PairLine(Value):
    """A line of the register of pairs."""

    pair_id: str
    cycle_id: str
    mentor: Named
    mentee: Named
    form: str
    form_title: str
    role_model: str | None
    role_model_title: str | None
    mentor_type: str | None
    turn: int
    stage: str
    stage_title: str
    open: bool
    follows: str | None = None  # the pair of the year before that it goes on with


class LawPaper(Value):
    """A document that law asks of a pair, by which norm, and how far it is."""

    kind: str
    title: str
    norm: str
    person: Named | None  # whose consent it is
    document_id: str | None
    in_force: bool


class PairView(PairLine):
    at_work: bool
    waiting_until: datetime | None
    trouble: str | None
    documents: tuple[DocumentLine, ...]
    """Its own, and the order that names it."""
    package: tuple[LawPaper, ...]
    stages: tuple[StageLine, ...] = ()
    waiting: str = ""


class TimelineEvent(Value):
    """One event, with who did it."""

    seq: int
    subject: str
    n: int
    action: str
    actor: Named
    at: datetime
    recorded_at: datetime
    version: int | None
    sha256: str | None
    note_id: str | None
    refs: dict[str, str]
    stage: str | None = None
    """Of the cycle, pair or document, after the event; None before programs said it."""
    role: str | None = None
    """Of the account that acted, as it was then."""
    named: dict[str, str] = {}
    """How those are called whom `refs` name: who was asked, from whom to whom, which body."""
    text: str
    hash: str


class ResultLine(Value):
    id: str
    title: str
    proof: str
    done: bool
    document_id: str | None
    evidence_id: str | None
    more: tuple[str, ...] = ()  # ids of what came after the first piece of evidence
    need: int = 1  # so many pieces
    goes_on: bool = False  # takes more though there is enough, as long as its row is open
    awaits_draft: bool = False  # its document was withdrawn; nobody said yet what shall be

    @property
    def have(self) -> int:
        """How many pieces of evidence there are."""
        return len(self.more) + (self.evidence_id is not None)


class ItemLine(Value):
    """A roadmap row's work, in the cycle or in a pair."""

    workflow_id: str
    item_id: str
    step: str
    turn: int
    title: str
    pair_id: str | None
    lead: Named
    opens: datetime
    due: datetime | None
    open: bool
    done: bool
    skipped: bool  # it does not apply, and so is done
    late: bool
    results: tuple[ResultLine, ...]
    waiting: str = ""
    """What is waited for, in a sentence."""


class CycleView(Value):
    cycle_id: str
    roadmap: str
    roadmap_version: int
    title: str
    start: date
    ends: date
    stage: str
    trouble: str | None
    pairs: int
    pairs_open: int
    documents: int
    tasks: int
    tasks_late: int
    items: tuple[ItemLine, ...]
    waiting: str = ""


class GroundLine(Ground):
    """An act among the organisation's grounds, as it stands on a day."""

    words: str
    """With all that names it, in the nominative."""
    cited: str
    """As preambles cite it, in the instrumental («в соответствии с …»)."""
    in_force: bool
    lost: bool


class JournalView(Journal):
    """A journal as it stands on a day."""

    own: bool  # the organisation made it
    kinds: tuple[str, ...]  # titles of what it counts
    year: int
    last: int  # the last counter of that year


class JournalLineView(Value):
    """A number and whose it is; `title` is of the document, or of the paper from outside."""

    line_id: str
    number: str
    n: int | None
    letter: str
    state: LineState
    state_title: str
    day: date
    document_id: str | None
    title: str | None
    sender: str | None
    foreign_number: str | None
    foreign_day: date | None
    reason: str | None
    author: Named | None


class JournalBook(Journal):
    """A journal's year, whole."""

    organisation: str
    year: int
    lines: tuple[JournalLineView, ...]


class JournalPage(JournalBook):
    """A page of a journal's year."""

    page: int
    pages: int
    total: int


class NoticeLine(Value):
    """A reminder or an escalation, and to whom it went."""

    subject: str
    key: str
    kind: str
    task_id: str
    recipient: Named
    at: datetime


class TextView(Value):
    """What a person wrote."""

    id: str
    kind: str
    subject: str
    author: Named
    body: dict[str, Any]
    recorded_at: datetime
