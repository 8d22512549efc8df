"""Production calendars: the law's days with those that the organisation named laid over them."""

import hashlib
import json
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from activities.tasks import CalendarLoaded
from adapters.postgres import log
from adapters.postgres.calendar_tables import CalendarRow
from adapters.postgres.rows import Known, put
from adapters.working_days import starting_work_rules
from domain import ids
from domain.audit import AuditEvent
from domain.errors import NotFound
from domain.working_days import Calendar

_ZONE: Final = text("SELECT time_zone FROM organisations WHERE organisation_id = :organisation")
_OWN: Final = text(
    "SELECT days FROM calendars WHERE organisation_id = :organisation AND year = :year"
)
_EVENTS: Final = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")


def calendar(connection: Connection, organisation_id: str, now: datetime) -> Calendar:
    """The working days of this year and the next, in the organisation's zone as of `now`.

    Raises `NotFound` for an unknown organisation.
    """
    zone = connection.execute(_ZONE, {"organisation": organisation_id}).scalar_one_or_none()
    if zone is None:
        raise NotFound(f"no organisation {organisation_id}")
    here = now.astimezone(ZoneInfo(zone))
    days: dict[date, bool] = {}
    for year in (here.year, here.year + 1):
        days |= starting_work_rules().days(year) | own_days(connection, organisation_id, year)
    offset = here.utcoffset()
    return Calendar.of(days, int(offset.total_seconds() // 60) if offset else 0)


def own_days(connection: Connection, organisation_id: str, year: int) -> dict[date, bool]:
    """What the organisation named itself for that year."""
    given = {"organisation": organisation_id, "year": year}
    found = connection.execute(_OWN, given).scalar_one_or_none() or {}
    return {date.fromisoformat(day): works for day, works in found.items()}


def load(connection: Connection, loaded: CalendarLoaded) -> None:
    """As `Desk.load_calendar`; the caller holds the organisation's lock."""
    days = {day.isoformat(): works for day, works in sorted(loaded.days.items())}
    row = {
        "organisation_id": loaded.organisation_id,
        "year": loaded.year,
        "days": days,
        "author": loaded.by,
        "at": loaded.at.isoformat(),
    }
    if own_days(connection, loaded.organisation_id, loaded.year) == loaded.days:
        return
    put(connection, CalendarRow, [row], Known.IS_REPLACED)
    subject = ids.calendar_subject(loaded.organisation_id, loaded.year)
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action="calendar_loaded",
        actor=loaded.by,
        at=loaded.at,
        sha256=hashlib.sha256(json.dumps(days).encode()).hexdigest(),
        refs={"days": str(len(days))},
    )
    log.append(connection, loaded.organisation_id, [event], None)
