"""What the API reads, as it needs it: `PostgresViews` is one, the fake of the tests another.

It stands among the routes because only they may know the views.
"""

from datetime import date, datetime
from typing import Protocol

from adapters.postgres.views import (
    BodyLine,
    ChainView,
    CycleView,
    DocumentLine,
    DocumentView,
    GroundLine,
    InboxTask,
    IndicatorLine,
    JournalBook,
    JournalLineView,
    JournalPage,
    JournalView,
    KnownFile,
    NameQuestion,
    NamesView,
    NoticeLine,
    ObjectLine,
    PairLine,
    PairView,
    PersonLine,
    SignedIn,
    StageLine,
    TextView,
    TimelineEvent,
    User,
)
from domain.layout_settings import LayoutSettings
from domain.people import AccessRole
from domain.templates import TemplateVersion

__all__ = [
    "BodyLine",
    "ChainView",
    "CycleView",
    "DocumentLine",
    "DocumentView",
    "GroundLine",
    "InboxTask",
    "IndicatorLine",
    "JournalBook",
    "JournalLineView",
    "JournalPage",
    "JournalView",
    "KnownFile",
    "NameQuestion",
    "NamesView",
    "NoticeLine",
    "ObjectLine",
    "PairLine",
    "PairView",
    "PersonLine",
    "SignedIn",
    "StageLine",
    "TextView",
    "TimelineEvent",
    "User",
    "Views",
]


class Views(Protocol):
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

    def bodies(self, organisation_id: str) -> tuple[BodyLine, ...]: ...

    def inbox(
        self, organisation_id: str, acts_for: tuple[str, ...], role: AccessRole, now: datetime
    ) -> tuple[InboxTask, ...]: ...

    def waiting(
        self, organisation_id: str, workflow_id: str, acts_for: tuple[str, ...], now: datetime
    ) -> tuple[InboxTask, ...]: ...

    def cycles(self, organisation_id: str) -> tuple[str, ...]: ...

    def cycle(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleView: ...

    def register(self, organisation_id: str, cycle_id: str) -> tuple[PairLine, ...]: ...

    def indicators(self, organisation_id: str, cycle_id: str) -> tuple[IndicatorLine, ...]: ...

    def notices(self, organisation_id: str, cycle_id: str) -> tuple[NoticeLine, ...]: ...

    def pair(self, organisation_id: str, pair_id: str) -> PairView: ...

    def timeline(self, organisation_id: str, pair_id: str) -> tuple[TimelineEvent, ...]: ...

    def document(self, organisation_id: str, document_id: str) -> DocumentView: ...

    def history(self, organisation_id: str, document_id: str) -> tuple[TimelineEvent, ...]: ...

    def chain(self, organisation_id: str, document_id: str, on: date) -> ChainView: ...

    def document_register(
        self, organisation_id: str, on: date, kind: str | None = None
    ) -> tuple[DocumentLine, ...]: ...

    def grounds(self, organisation_id: str, on: date) -> tuple[GroundLine, ...]: ...

    def journals(self, organisation_id: str, on: date) -> tuple[JournalView, ...]: ...

    def journal_page(
        self, organisation_id: str, name: str, year: int, page: int
    ) -> JournalPage: ...

    def journal_book(self, organisation_id: str, name: str, year: int) -> JournalBook: ...

    def journal_line(self, organisation_id: str, line_id: str) -> JournalLineView: ...

    def check_number(self, organisation_id: str, kind: str, number: str, day: date) -> None: ...

    def text(self, organisation_id: str, text_id: str) -> TextView: ...

    def objects(self, organisation_id: str, document_id: str) -> tuple[ObjectLine, ...]: ...

    def file_by_hash(self, sha256: str) -> KnownFile | None:
        """Of any organisation: whoever holds the file may ask."""
        ...

    def document_by_code(self, document_id: str) -> KnownFile | None:
        """Of any organisation: the code stands on the paper."""
        ...
