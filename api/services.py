"""What the app is given at start; nothing here comes from a module global."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from activities.ports import Desk, Files, Scans, Signatures, Templates
from api.accounts import Accounts
from api.gateway import Gateway
from api.metrics import Figures
from api.routes.reading import JournalBook, Sheet, VersionFacts, Views
from domain.canary import CanaryResult
from domain.checkpoints import SignedCheckpoint, Witnessed
from domain.document_text import Block
from domain.enrolment import Enrolment
from domain.kinds import DocumentKind, KnownKind
from domain.organisations import Level, NewOrganisation
from domain.packages import PaperRule
from domain.reads import ReadOf
from domain.report_forms import Figure, ReportForm
from domain.roadmap import Roadmap

Scope = Literal["document", "pair", "cycle", "person", "text", "everybody"]


class Bundle(Protocol):
    """The auditor's bundle of a pair or a cycle, made while its bytes are taken."""

    @property
    def name(self) -> str:
        """What a file with it is called."""
        ...

    def __iter__(self) -> Iterator[bytes]:
        """Raises what `Services.bundle` says in the middle of it; what came before is no ZIP."""
        ...


class Reads(Protocol):
    """Where it is kept that somebody looked at data of minors."""

    def noting(self) -> AbstractContextManager[Mapping[str, date]]:
        """Those whose names are put into words meanwhile, with their births."""
        ...

    def keep(
        self, read: ReadOf, people: Mapping[str, date], scope: Scope | None = None, id_: str = ""
    ) -> None:
        """Keep a read, if minors are among those people, or among those whom the scope holds."""
        ...


class Log(Protocol):
    """What an organisation's log states of itself."""

    def checkpoint(self, organisation_id: str) -> SignedCheckpoint:
        """A signed checkpoint of the log as it is now. Raises `LogForked`."""
        ...

    def submission(
        self, organisation_id: str, old: int, new: int | None = None
    ) -> SignedCheckpoint:
        """What a witness needs that keeps `old` entries. Raises `NotFound` and `StaleProof`."""
        ...


class Witness(Protocol):
    """What an organisation keeps of other logs, and others of its own."""

    def keep(
        self, organisation_id: str, submission: str, by: str, key: str | None = None
    ) -> Witnessed:
        """Keep a checkpoint that continues the one before; the first one needs its key.

        Raises `LogKeyMissing`, `ForgedCheckpoint`, `LogForked` and `StaleProof`.
        """
        ...

    def kept(self, organisation_id: str) -> tuple[Witnessed, ...]:
        """What is kept of other logs; of each the latest first."""
        ...

    def keep_cosignature(self, organisation_id: str, note: str, key: str, by: str) -> datetime:
        """Keep a witness's signature under a checkpoint of ours. Raises `ForgedCheckpoint`."""
        ...


@dataclass(frozen=True)
class Services:
    """Doors to the rest.

    `read_people` takes an XLSX and the day, and raises `BadUpload` or `BadSpreadsheet`;
    `read_organisations` takes an XLSX and the level of the one above, and raises as it; `roadmaps`
    takes a name and raises `NotFound`, `roadmap_names` are all that there are; `pdf_copy` takes
    the SHA-256 of a DOCX and its bytes, and raises `CopyUnavailable`; `made_copy` gives the one
    that is at hand, if any; `pdf_begun` says whether there is one, and begins it if not;
    `document_text` tells what is written in a DOCX, and raises `BadUpload`; `sheet_file` makes a
    sheet of its facts, and raises `FactMissing`;
    `read_days` takes an XLSX and raises as `read_people`; `table_file` makes the table of a version
    whose kind is one of `tables`, with links to an address; `report_file` makes a form of a report,
    and `read_report` takes it filled, and raises as `read_people`; `bundle` takes `pair` or `cycle`
    and an id, raises `NotFound`, and while it is read `NotFound`, `BytesChanged`, `WrongKey` or
    `KeyDestroyed` that names a document; `now` is the wall clock, with a time zone. `figures` may
    be some seconds old; `canary` tells how the store was found when it was last
    tried, None before it was. The rehearsal clock is read in a rehearsal only.
    """

    gateway: Gateway
    views: Views
    desk: Desk
    files: Files
    read_people: Callable[[bytes, date], Enrolment]
    read_organisations: Callable[[bytes, Level], tuple[NewOrganisation, ...]]
    roadmaps: Callable[[str], Roadmap]
    roadmap_names: Callable[[], tuple[str, ...]]
    package_rules: tuple[PaperRule, ...]
    kinds: Mapping[str, DocumentKind]
    known_kinds: Mapping[str, KnownKind]
    templates: Templates
    pdf_copy: Callable[[str, bytes], bytes]
    made_copy: Callable[[str], bytes | None]
    scans: Scans
    signatures: Signatures
    journal_file: Callable[[JournalBook, Literal["xlsx", "docx"]], bytes]
    sheet_file: Callable[[Sheet, Mapping[str, object]], bytes]
    table_file: Callable[[VersionFacts, str], bytes]
    tables: Collection[str]
    read_days: Callable[[bytes], Mapping[date, bool]]
    report_file: Callable[[ReportForm, Literal["xlsx", "docx"]], bytes]
    read_report: Callable[[bytes, Literal["xlsx", "docx"], ReportForm], dict[str, Figure]]
    pdf_begun: Callable[[str, bytes], bool]
    document_text: Callable[[bytes], tuple[Block, ...]]
    accounts: Accounts
    bundle: Callable[[str, str], Bundle]
    reads: Reads
    log: Log
    witness: Witness
    now: Callable[[], datetime]
    figures: Callable[[], Figures]
    canary: Callable[[], CanaryResult | None]
    version: str = ""
    metrics_token: str | None = None
    rehearsal: bool = False

    def clock_offset(self) -> int:
        """Seconds that the clock of the processes is ahead."""
        return self.desk.clock_offset() if self.rehearsal else 0

    def process_now(self) -> datetime:
        """The moment by the clock of the processes."""
        return self.now() + timedelta(seconds=self.clock_offset())

    def today(self, organisation_id: str) -> date:
        """The organisation's own day, by the clock of the processes."""
        return self.process_now().astimezone(self.zone(organisation_id)).date()

    def zone(self, organisation_id: str) -> ZoneInfo:
        """The zone in which the organisation's days begin and end."""
        return ZoneInfo(self.views.time_zone(organisation_id))
