"""What the API does with working days and with the sheets beside documents.

Nothing here waits for a workflow; all runs in a thread.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from fastapi import Response

from activities.tasks import AcquaintanceWish, CalendarLoaded
from api.act import Act
from api.downloads import file_answer
from api.routes.reading import AcquaintanceView, CalendarView, Sheet, User
from api.services import Services
from api.sheet_schemas import FIRST_YEAR, LAST_YEAR, Acquaint
from api.uploads import DOCX
from domain.errors import BadDate
from domain.people import AccessRole

_FOR_OTHERS: Final = frozenset({AccessRole.ADMINISTRATOR, AccessRole.CURATOR})
_TITLES: Final[Mapping[Sheet, str]] = {
    "approval_sheet": "Лист согласования",
    "acquaintance_sheet": "Лист ознакомления",
}


def load_calendar(act: Act, days: Mapping[date, bool]) -> CalendarView:
    """Keep the organisation's own days of one year; the year as it is then.

    Raises `BadDate` for a year of which the rules know nothing.
    """
    year = next(iter(days)).year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadDate(f"a calendar is of a year from {FIRST_YEAR} to {LAST_YEAR}")
    loaded = CalendarLoaded(
        organisation_id=act.user.organisation_id,
        year=year,
        days=dict(days),
        by=act.user.id,
        at=act.now,
    )
    act.services.desk.load_calendar(loaded)
    return act.services.views.calendar_year(act.user.organisation_id, year)


def acquaint(act: Act, document_id: str, said: Acquaint) -> AcquaintanceView:
    """Record who has read a document. Raises as `Desk.record_acquaintance`."""
    wish = AcquaintanceWish(
        organisation_id=act.user.organisation_id,
        document_id=document_id,
        people=said.person_ids,
        day=said.day,
        by=act.user.id,
        person_id=act.user.person_id,
        for_others=act.user.role in _FOR_OTHERS,
        at=act.now,
    )
    act.services.desk.record_acquaintance(wish)
    return act.services.views.acquaintance(act.user.organisation_id, document_id)


def sheet_file(services: Services, user: User, document_id: str, sheet: Sheet) -> Response:
    """A sheet as a document, to be saved. Raises `NotFound` or `FactMissing`."""
    document = services.views.document(user.organisation_id, document_id)
    now = services.process_now()
    facts = services.views.sheet_facts(user.organisation_id, document_id, sheet, now)
    name = f"{_TITLES[sheet]}. {document.title}"
    if document.number:
        name += f" № {document.number}"
    return file_answer(services.sheet_file(sheet, facts), f"{name}.docx", DOCX)
