"""What the API reads, as it needs it: `PostgresViews` is one, the fake of the tests another.

It stands among the routes because only they may know the views.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from adapters.postgres.assignment_views import AssignmentLine
from adapters.postgres.body_views import BodyView, ItemView, SittingLine, SittingView
from adapters.postgres.cycle_views import (
    CycleLine,
    CycleRows,
    DocumentPage,
    DocumentStanding,
    PairPage,
    PairStanding,
)
from adapters.postgres.event_views import (
    CycleEvents,
    EventLine,
    EventView,
    PublicationLine,
    PublicationView,
)
from adapters.postgres.form_views import Amendable, PairForms, ResultAsked
from adapters.postgres.news_views import NewsLine
from adapters.postgres.retention_views import ChoiceLine, RetentionPage
from adapters.postgres.sheet_views import AcquaintanceView, CalendarView, Sheet
from adapters.postgres.verification_views import IncidentLine, IncidentPage, VerificationView
from adapters.postgres.views import (
    AuthorityLine,
    BodyLine,
    ChainView,
    CyclePast,
    CycleView,
    DocumentLine,
    DocumentView,
    GroundLine,
    InboxTask,
    JournalBook,
    JournalLineView,
    JournalPage,
    JournalView,
    KnownFile,
    LogAsked,
    LogLine,
    LogPage,
    Named,
    NameQuestion,
    NamesView,
    NoticeLine,
    ObjectLine,
    PairLine,
    PairPast,
    PairView,
    PastDocument,
    PastRow,
    PersonLine,
    ReadLine,
    ReadsAsked,
    ReadsPage,
    RemarkLine,
    RouteLine,
    SignedIn,
    StageLine,
    TextView,
    TimelineEvent,
    User,
    VerdictLine,
    VersionFacts,
)
from adapters.postgres.waiting_views import WaitLine, Waits
from api.routes.branch_reading import BranchReading
from api.routes.indicator_reading import IndicatorReading
from api.routes.launch_reading import LaunchReading
from api.routes.roadmap_reading import RoadmapReading
from domain.layout_settings import LayoutSettings
from domain.people import AccessRole
from domain.programme import ProgrammeState
from domain.signatories import SignaturePlace
from domain.templates import TemplateVersion

__all__ = [
    "AcquaintanceView",
    "Amendable",
    "AssignmentLine",
    "AuthorityLine",
    "BodyLine",
    "BodyView",
    "CalendarView",
    "ChainView",
    "ChoiceLine",
    "CycleEvents",
    "CycleLine",
    "CyclePast",
    "CycleRows",
    "CycleView",
    "DocumentLine",
    "DocumentPage",
    "DocumentStanding",
    "DocumentView",
    "EventLine",
    "EventView",
    "GroundLine",
    "InboxTask",
    "IncidentLine",
    "IncidentPage",
    "ItemView",
    "JournalBook",
    "JournalLineView",
    "JournalPage",
    "JournalView",
    "KnownFile",
    "LogAsked",
    "LogLine",
    "LogPage",
    "NameQuestion",
    "Named",
    "NamesView",
    "NewsLine",
    "NoticeLine",
    "ObjectLine",
    "PairForms",
    "PairLine",
    "PairPage",
    "PairPast",
    "PairStanding",
    "PairView",
    "PastDocument",
    "PastRow",
    "PersonLine",
    "PublicationLine",
    "PublicationView",
    "ReadLine",
    "ReadsAsked",
    "ReadsPage",
    "RemarkLine",
    "ResultAsked",
    "RetentionPage",
    "RouteLine",
    "Sheet",
    "SignedIn",
    "SittingLine",
    "SittingView",
    "StageLine",
    "TextView",
    "TimelineEvent",
    "User",
    "VerdictLine",
    "VerificationView",
    "VersionFacts",
    "Views",
    "WaitLine",
    "Waits",
]


class Views(BranchReading, IndicatorReading, LaunchReading, RoadmapReading, Protocol):
    """Reads of one organisation. `NotFound` where the organisation has nothing of the kind."""

    def user_by_token(self, token: str) -> User: ...

    def time_zone(self, organisation_id: str) -> str: ...

    def has_process(self, organisation_id: str, workflow_id: str) -> bool: ...

    def templates(self, organisation_id: str, kind: str) -> tuple[TemplateVersion, ...]: ...

    def template(self, organisation_id: str, kind: str, version: int) -> bytes: ...

    def layout(self, organisation_id: str) -> LayoutSettings: ...

    def people(self, organisation_id: str) -> tuple[PersonLine, ...]: ...

    def names(self, organisation_id: str, person_id: str) -> NamesView: ...

    def name_questions(self, organisation_id: str) -> tuple[NameQuestion, ...]: ...

    def news(
        self, organisation_id: str, acts_for: Sequence[str], now: datetime
    ) -> tuple[NewsLine, ...]: ...

    def bodies(self, organisation_id: str) -> tuple[BodyLine, ...]: ...

    def body(self, organisation_id: str, body_id: str, on: date) -> BodyView: ...

    def bodies_on(self, organisation_id: str, on: date) -> tuple[BodyView, ...]: ...

    def sittings(
        self, organisation_id: str, body_id: str | None = None
    ) -> tuple[SittingLine, ...]: ...

    def sitting(self, organisation_id: str, sitting_id: str) -> SittingView: ...

    def called_sittings(self, organisation_id: str) -> Mapping[str, str]: ...

    def inbox(
        self, organisation_id: str, acts_for: tuple[str, ...], role: AccessRole, now: datetime
    ) -> tuple[InboxTask, ...]: ...

    def waiting(
        self, organisation_id: str, workflow_id: str, acts_for: tuple[str, ...], now: datetime
    ) -> tuple[InboxTask, ...]: ...

    def workflow_of(self, organisation_id: str, id_: str) -> str: ...

    def waits(self, organisation_id: str, workflow_id: str, now: datetime) -> Waits: ...

    def waits_of_pairs(
        self, organisation_id: str, cycle_id: str, pair_ids: Sequence[str], now: datetime
    ) -> Waits: ...

    def waits_of_documents(
        self, organisation_id: str, cycle_id: str, document_ids: Sequence[str], now: datetime
    ) -> Waits: ...

    def waits_in(self, organisation_id: str, cycle_id: str, now: datetime) -> Waits: ...

    def cycles(self, organisation_id: str) -> tuple[str, ...]: ...

    def cycle(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleView: ...

    def register(self, organisation_id: str, cycle_id: str) -> tuple[PairLine, ...]: ...

    def cycle_events(self, organisation_id: str, cycle_id: str) -> CycleEvents: ...

    def event(self, organisation_id: str, event_id: str) -> EventView: ...

    def publication(self, organisation_id: str, publication_id: str) -> PublicationView: ...

    def notices(self, organisation_id: str, cycle_id: str) -> tuple[NoticeLine, ...]: ...

    def pair(self, organisation_id: str, pair_id: str) -> PairView: ...

    def pair_forms(self, organisation_id: str, pair_id: str) -> PairForms: ...

    def result_asked(
        self, organisation_id: str, workflow_id: str, item_id: str, result_id: str
    ) -> ResultAsked: ...

    def amendable(self, organisation_id: str, document_id: str) -> Amendable: ...

    def cycle_lines(self, organisation_id: str, now: datetime) -> tuple[CycleLine, ...]: ...

    def cycle_line(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleLine: ...

    def cycle_rows(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleRows: ...

    def cycle_pairs(
        self, organisation_id: str, cycle_id: str, now: datetime, page: int
    ) -> PairPage: ...

    def cycle_documents(
        self, organisation_id: str, cycle_id: str, now: datetime, page: int
    ) -> DocumentPage: ...

    def timeline(self, organisation_id: str, asked: LogAsked) -> LogPage: ...

    def log(self, organisation_id: str, asked: LogAsked) -> LogPage: ...

    def reads(
        self,
        organisation_id: str,
        asked: ReadsAsked,
        before: int | None = None,
        limit: int = 50,
    ) -> ReadsPage: ...

    def pair_past(self, organisation_id: str, pair_id: str, on: date) -> PairPast: ...

    def cycle_past(self, organisation_id: str, cycle_id: str, on: date) -> CyclePast: ...

    def document(self, organisation_id: str, document_id: str) -> DocumentView: ...

    def version_facts(
        self, organisation_id: str, document_id: str, version: int | None = None
    ) -> VersionFacts: ...

    def document_assignments(
        self, organisation_id: str, document_id: str, now: datetime
    ) -> tuple[AssignmentLine, ...]: ...

    def assignments(
        self,
        organisation_id: str,
        controllers: tuple[str, ...] | None,
        state: Literal["open", "late", "done"] | None,
        now: datetime,
    ) -> tuple[AssignmentLine, ...]: ...

    def history(self, organisation_id: str, document_id: str) -> tuple[TimelineEvent, ...]: ...

    def chain(self, organisation_id: str, document_id: str, on: date) -> ChainView: ...

    def document_register(
        self, organisation_id: str, on: date, kind: str | None = None
    ) -> tuple[DocumentLine, ...]: ...

    def grounds(self, organisation_id: str, on: date) -> tuple[GroundLine, ...]: ...

    def authorities(self, organisation_id: str, on: date) -> tuple[AuthorityLine, ...]: ...

    def journals(self, organisation_id: str, on: date) -> tuple[JournalView, ...]: ...

    def journal_page(
        self, organisation_id: str, name: str, year: int, page: int
    ) -> JournalPage: ...

    def journal_book(self, organisation_id: str, name: str, year: int) -> JournalBook: ...

    def journal_line(self, organisation_id: str, line_id: str) -> JournalLineView: ...

    def check_number(
        self, organisation_id: str, kind: str, number: str, day: date, document: str | None = None
    ) -> None: ...

    def retention(self, organisation_id: str, on: date) -> RetentionPage: ...

    def closed_cycle(self, organisation_id: str, cycle_id: str) -> ProgrammeState | None: ...

    def retention_choices(self, organisation_id: str, on: date) -> tuple[ChoiceLine, ...]: ...

    def calendar_year(self, organisation_id: str, year: int) -> CalendarView: ...

    def acquaintance(self, organisation_id: str, document_id: str) -> AcquaintanceView: ...

    def sheet_facts(
        self, organisation_id: str, document_id: str, sheet: Sheet, now: datetime
    ) -> Mapping[str, object]: ...

    def text(self, organisation_id: str, text_id: str) -> TextView: ...

    def objects(self, organisation_id: str, document_id: str) -> tuple[ObjectLine, ...]: ...

    def signature_places(
        self, organisation_id: str, document_id: str, now: datetime
    ) -> tuple[SignaturePlace, ...]: ...

    def verification(self) -> VerificationView | None: ...

    def incidents(self, organisation_id: str, *, only_open: bool, page: int) -> IncidentPage: ...

    def file_by_hash(self, sha256: str) -> KnownFile | None:
        """Of any organisation: whoever holds the file may ask."""
        ...

    def document_by_code(self, document_id: str) -> KnownFile | None:
        """Of any organisation: the code stands on the paper."""
        ...
