"""Working days and acquaintance in memory: what the fakes of desk and views share."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from activities.tasks import AcquaintanceWish, CalendarLoaded
from adapters.postgres.sheet_views import (
    AcquaintanceLine,
    AcquaintanceView,
    CalendarView,
    Sheet,
    calendar_view,
)
from adapters.postgres.shown import Named
from adapters.postgres.shown_document import DocumentView, VersionFacts
from domain.acquaintance import Acquainted, ReadingList
from domain.errors import NotFound

Place = tuple[str, str]  # organisation, document


class MemorySheets:
    """Lists of whom documents name are put in by a test; what was recorded can be looked at."""

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = ZoneInfo(zone)
        self.lists: dict[Place, ReadingList] = {}
        self.said: dict[tuple[str, str], tuple[Acquainted, AcquaintanceWish]] = {}
        self.days: dict[tuple[str, int], dict[date, bool]] = {}

    def load(self, loaded: CalendarLoaded) -> None:
        self.days[loaded.organisation_id, loaded.year] = loaded.days

    def record(self, wish: AcquaintanceWish) -> None:
        known = self.list_of(wish.organisation_id, wish.document_id)
        today = wish.at.astimezone(self.zone).date()
        for one in known.records(
            wish.people, wish.day or today, today, wish.person_id, for_others=wish.for_others
        ):
            self.said[wish.document_id, one.person_id] = (one, wish)

    def list_of(self, organisation_id: str, document_id: str) -> ReadingList:
        if (organisation_id, document_id) not in self.lists:
            raise NotFound("no such document")
        known = self.lists[organisation_id, document_id]
        people = (
            one.changed(day=self.said[document_id, one.person_id][0].day)
            if (document_id, one.person_id) in self.said
            else one
            for one in known.people
        )
        return known.changed(people=tuple(people))


class FakeSheetViews:
    """Reads over `MemorySheets`."""

    sheets: MemorySheets
    documents: dict[Place, DocumentView]

    def calendar_year(self, organisation_id: str, year: int) -> CalendarView:
        return calendar_view(year, self.sheets.days.get((organisation_id, year), {}))

    def acquaintance(self, organisation_id: str, document_id: str) -> AcquaintanceView:
        known = self.sheets.list_of(organisation_id, document_id)
        lines = []
        for one in known.people:
            said, wish = self.sheets.said.get((document_id, one.person_id), (None, None))
            line = AcquaintanceLine(
                person=_named(one.person_id),
                reader=_named(one.reader_id) if one.reader_id else None,
                day=one.day,
                way=said.way if said else None,
                recorded_by=_named(wish.by) if wish else None,
                at=wish.at if wish else None,
            )
            lines.append(line)
        return AcquaintanceView(
            document_id=document_id,
            in_force=known.since is not None,
            people=tuple(lines),
            missing=sum(line.day is None for line in lines),
        )

    def sheet_facts(
        self, organisation_id: str, document_id: str, sheet: Sheet, now: datetime
    ) -> dict[str, object]:
        known = self.sheets.list_of(organisation_id, document_id)
        return {"sheet": sheet, "people": len(known.people), "now": now.isoformat()}

    def version_facts(
        self, organisation_id: str, document_id: str, version: int | None = None
    ) -> VersionFacts:
        document = self.documents.get((organisation_id, document_id))
        if document is None or version not in (None, 1, document.version):
            raise NotFound("no such version")
        return VersionFacts(
            **document.model_dump(include={"document_id", "kind", "title", "number", "day"}),
            version=version or document.version,
            sha256="a" * 64,
            facts={},
        )


def _named(id_: str) -> Named:
    return Named(id=id_, name=id_)
