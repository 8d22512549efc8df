"""What the view of one document shows, with its way through approval."""

from datetime import date, datetime
from typing import Any, Literal

from adapters.postgres.shown import DocumentLine, Named
from domain.base import Value
from domain.retention import KeptUntil
from domain.routes import Outcome, StageKind
from domain.scans import ScanCheck


class DestroyedBy(Value):
    """The act by which a document was destroyed."""

    act_id: str
    number: str | None
    day: date | None
    ground: str
    destroyed_at: datetime
    keys: int


class VersionFacts(Value):
    """What a version of a document was printed from; number and day are of the registered one."""

    document_id: str
    kind: str
    title: str
    version: int
    number: str | None
    day: date | None
    sha256: str
    facts: dict[str, Any]


class ObjectLine(Value):
    """A stored object. `role` is draft, registered, signed, signature, visual, or incoming until it
    is sealed.
    """

    document_id: str
    version: int
    role: str
    key: str
    key_id: str
    sha256: str
    stored_sha256: str
    size: int
    media_type: str


class RouteLine(Value):
    """A stage of the document's route; `asked` are those who still have to say something."""

    id: str
    title: str
    kind: StageKind
    state: Literal["done", "now", "ahead", "skipped"]
    holders: tuple[Named, ...]
    asked: tuple[Named, ...] = ()
    since: datetime | None = None
    due: datetime | None = None


class VerdictLine(Value):
    """What was said of a version: `holder` was asked, `person` answered; for a body its minutes."""

    n: int
    stage: str
    stage_title: str
    holder: Named
    person: Named | None
    outcome: Outcome
    version: int
    sha256: str
    note_id: str | None
    at: datetime
    mandate_id: str | None
    sitting_id: str | None
    number: str | None
    day: date | None


class RemarkLine(Value):
    """A remark of the discussion; its words, and those of the answer, are kept texts."""

    id: str
    author: Named
    note_id: str
    version: int
    at: datetime
    answer_id: str | None


class ReviewLine(Value):
    """A review from outside; whose it is, a kept text says, and its file is named by its hash."""

    version: int
    sha256: str
    author: Named  # who attached it
    note_id: str | None
    at: datetime


class SignatureLine(Value):
    """A line of a paper that is signed electronically."""

    place: str
    title: str
    signer: Named | None  # none: still missing
    file: int | None  # which of the document's files of signatures it is in, counted from 1
    sha256: str | None  # of that file


class DocumentView(DocumentLine):
    """`approvers` decide now."""

    cycle_id: str
    item_id: str | None
    result_id: str | None
    drafter: Named
    approvers: tuple[Named, ...]
    registrar: Named | None
    since: datetime
    draft_sha256: str | None
    registered_sha256: str | None
    signed_sha256: str | None
    stored_key: str | None
    stored_sha256: str | None
    trouble: str | None
    objects: tuple[ObjectLine, ...]
    route: tuple[RouteLine, ...] = ()
    verdicts: tuple[VerdictLine, ...] = ()
    remarks: tuple[RemarkLine, ...] = ()
    reviews: tuple[ReviewLine, ...] = ()
    scan: ScanCheck | None = None
    """What was found of the signed scan, when it was taken."""
    signing: tuple[SignatureLine, ...] = ()
    """The lines to be signed, once the first electronic signature came."""
    kept: KeptUntil | None = None
    """How long it is kept; none while it is on its way."""
    destroyed: DestroyedBy | None = None
    waiting: str = ""
    """What is waited for, in a sentence."""
