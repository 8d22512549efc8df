"""What the app is given at start; nothing here comes from a module global."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from activities.ports import Desk, Files, Scans, Signatures, Templates
from api.accounts import Accounts
from api.gateway import Gateway
from api.metrics import Figures
from api.routes.reading import JournalBook, Sheet, Views
from domain.canary import CanaryResult
from domain.document_text import Block
from domain.enrolment import Enrolment
from domain.kinds import DocumentKind
from domain.roadmap import Roadmap


@dataclass(frozen=True)
class Services:
    """Doors to the rest.

    `read_people` takes an XLSX and the day, and raises `BadUpload` or `BadSpreadsheet`; `roadmaps`
    takes a name and raises `NotFound`; `pdf_copy` takes the SHA-256 of a DOCX and its bytes, and
    raises `CopyUnavailable`; `made_copy` gives the one that is at hand, if any; `pdf_begun` says
    whether there is one, and begins it if not; `document_text` tells what is written in a DOCX, and
    raises `BadUpload`; `sheet_file` makes a sheet of its facts, and raises `FactMissing`;
    `read_days` takes an XLSX and raises as `read_people`; `now` is the wall clock, with a time
    zone. `figures` may be some seconds old; `canary` tells how the store was found when it was last
    tried, None before it was. The rehearsal clock is read in a rehearsal only.
    """

    gateway: Gateway
    views: Views
    desk: Desk
    files: Files
    read_people: Callable[[bytes, date], Enrolment]
    roadmaps: Callable[[str], Roadmap]
    kinds: Mapping[str, DocumentKind]
    templates: Templates
    pdf_copy: Callable[[str, bytes], bytes]
    made_copy: Callable[[str], bytes | None]
    scans: Scans
    signatures: Signatures
    journal_file: Callable[[JournalBook, Literal["xlsx", "docx"]], bytes]
    sheet_file: Callable[[Sheet, Mapping[str, object]], bytes]
    read_days: Callable[[bytes], Mapping[date, bool]]
    pdf_begun: Callable[[str, bytes], bool]
    document_text: Callable[[bytes], tuple[Block, ...]]
    accounts: Accounts
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
