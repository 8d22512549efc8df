"""Working days: the law's, and those that the organisation names itself."""

from typing import Annotated

from fastapi import APIRouter, Path

from adapters.postgres.sheet_views import CalendarView
from api import sheets
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded, GuardedUpload
from api.sheet_schemas import FIRST_YEAR, LAST_YEAR, CalendarDays
from api.uploads import SPREADSHEET_BODY, Spreadsheet

router = APIRouter(prefix="/calendars", tags=["calendars"], route_class=Guarded)
uploads = APIRouter(prefix="/calendars", tags=["calendars"], route_class=GuardedUpload)

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]


@router.get("/{year}", name="calendars.get")
def year_of(year: Year, services: ServicesOf, user: Reader) -> CalendarView:
    """The days of a year that differ from the plain week, and how many people work."""
    return services.views.calendar_year(user.organisation_id, year)


@router.post("", name="calendars.load")
def load(body: CalendarDays, act: Acting) -> CalendarView:
    """Name the organisation's own days of a year, in place of those that it named before."""
    return sheets.load_calendar(act, {one.day: one.works for one in body.days})


@uploads.post("/import", name="calendars.import", openapi_extra=SPREADSHEET_BODY)
def import_days(table: Spreadsheet, act: Acting) -> CalendarView:
    """The same from an XLSX (the raw body), columns «Дата» and «Что»; mistakes are listed."""
    return sheets.load_calendar(act, act.services.read_days(table.content))
