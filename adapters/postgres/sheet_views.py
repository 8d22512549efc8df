"""What stands beside documents, who approved and who has read them; and working days."""

from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import text

from adapters.docx.facts import Facts
from adapters.postgres.access_views import rows_of
from adapters.postgres.acquaintances import reading_list
from adapters.postgres.calendars import own_days
from adapters.postgres.journal_views import JournalViews
from adapters.postgres.names import Names
from adapters.postgres.sheet_facts import Sheets
from adapters.postgres.shown import Named
from adapters.working_days import starting_work_rules
from domain.acquaintance import Way
from domain.base import Value
from domain.working_days import Calendar

Sheet = Literal["approval_sheet", "acquaintance_sheet"]

_READ = text(
    """
    SELECT person_id, way, recorded_by, at FROM acquaintances
    WHERE organisation_id = :organisation AND document_id = :document
    """
)


class CalendarDay(Value):
    """A day that differs from the plain week; `own` if the organisation named it."""

    day: date
    works: bool
    own: bool


class CalendarView(Value):
    """A year's working days, by what they were moved."""

    year: int
    decree: str | None
    days: tuple[CalendarDay, ...]
    working_days: int


class AcquaintanceLine(Value):
    """Somebody whom the document names. `reader` has to read it, and has done so on `day`."""

    person: Named
    reader: Named | None
    day: date | None
    way: Way | None = None
    recorded_by: Named | None = None
    at: datetime | None = None


class AcquaintanceView(Value):
    """Who has read a document, and how many are missing."""

    document_id: str
    in_force: bool
    people: tuple[AcquaintanceLine, ...]
    missing: int


class SheetViews(JournalViews):
    """Sheets and working days of an organisation."""

    def calendar_year(self, organisation_id: str, year: int) -> CalendarView:
        """The days of a year that differ from the plain week, and how many people work."""
        with self._engine.connect() as connection:
            own = own_days(connection, organisation_id, year)
        return calendar_view(year, own)

    def acquaintance(self, organisation_id: str, document_id: str) -> AcquaintanceView:
        """Everybody whom the document's present version names, by name."""
        with self._engine.connect() as connection:
            known = reading_list(connection, organisation_id, document_id)
            rows = rows_of(connection, _READ, organisation_id, document=document_id)
            said = {row["person_id"]: row for row in rows}
            people = [
                *(one.person_id for one in known.people),
                *(one.reader_id for one in known.people),
                *(row["recorded_by"] for row in rows),
            ]
            names = Names(connection, organisation_id, people)
        lines = []
        for one in known.people:
            row = said.get(one.person_id)
            line = AcquaintanceLine(
                person=names.of(one.person_id), reader=names.of_any(one.reader_id), day=one.day
            )
            lines.append(
                line.changed(way=row["way"], recorded_by=names.of(row["recorded_by"]), at=row["at"])
                if row
                else line
            )
        return AcquaintanceView(
            document_id=document_id,
            in_force=known.since is not None,
            people=tuple(lines),
            missing=sum(line.day is None for line in lines),
        )

    def sheet_facts(
        self, organisation_id: str, document_id: str, sheet: Sheet, now: datetime
    ) -> Facts:
        """What a sheet beside the document says now.

        Raises `NotFound` for the approvals of a document that nobody has to approve, and
        `FactMissing` if nobody has the right of the organisation's head.
        """
        with self._engine.connect() as connection:
            known = Sheets(connection, organisation_id, document_id, self._kinds, now)
            return known.approval() if sheet == "approval_sheet" else known.acquaintance()


def calendar_view(year: int, own: dict[date, bool]) -> CalendarView:
    """A year by the law, with the organisation's `own` days laid over it."""
    days = starting_work_rules().days(year) | own
    known = Calendar.of(days, 0)
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    return CalendarView(
        year=year,
        decree=starting_work_rules().decree(year),
        days=tuple(
            CalendarDay(day=day, works=works, own=day in own)
            for day, works in sorted(days.items())
            if day in (*known.off, *known.on) or day in own
        ),
        working_days=sum(known.is_working(first + timedelta(days=n)) for n in range(length)),
    )
