"""Terms of working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.working_days import Calendar

_YEKATERINBURG = 5 * 60
_DAYS = st.dates(date(2023, 12, 1), date(2026, 2, 1))


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    days = draw(st.lists(_DAYS, max_size=40))
    return Calendar(
        off=tuple(day for day in days if day.weekday() < 5),
        on=tuple(day for day in days if day.weekday() >= 5),
        zone_minutes=draw(st.integers(-720, 840)),
    )


_MOMENTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis takes bounds without a zone
    datetime(2025, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def _local(calendar: Calendar, moment: datetime) -> datetime:
    return moment + timedelta(minutes=calendar.zone_minutes)


@given(_calendars(), _MOMENTS, st.integers(1, 30))
def test_a_term_is_so_many_working_days_and_ends_with_one(
    calendar: Calendar, since: datetime, days: int
) -> None:
    due = _local(calendar, calendar.due(since, days))

    first = _local(calendar, since).date()
    between = [first + timedelta(days=n) for n in range(1, (due.date() - first).days + 1)]
    assert sum(calendar.is_working(day) for day in between) == days
    assert calendar.is_working(due.date())
    assert (due.hour, due.minute, due.second) == (23, 59, 59)


@given(_calendars(), _MOMENTS, st.integers(1, 30))
def test_a_longer_term_ends_later(calendar: Calendar, since: datetime, days: int) -> None:
    assert since < calendar.due(since, days) < calendar.due(since, days + 1)


@given(_calendars(), _MOMENTS, _MOMENTS, st.integers(1, 30))
def test_who_begins_later_is_never_due_earlier(
    calendar: Calendar, one: datetime, other: datetime, days: int
) -> None:
    assert calendar.due(min(one, other), days) <= calendar.due(max(one, other), days)


@given(_calendars(), _DAYS)
def test_a_moved_day_is_the_contrary_of_its_weekday(calendar: Calendar, day: date) -> None:
    moved = day in (*calendar.off, *calendar.on)

    assert calendar.is_working(day) is ((day.weekday() < 5) is not moved)


@pytest.mark.parametrize(
    ("since", "last_day"),
    [
        ("2025-04-29T04:00Z", date(2025, 5, 7)),  # a Tuesday: 30 April, 5, 6, 7 May
        ("2025-04-29T20:00Z", date(2025, 5, 12)),  # in Yekaterinburg it is the 30th already
        ("2025-10-29T04:00Z", date(2025, 11, 5)),  # 30, 31 October, a working Saturday, 5 November
    ],
)
def test_holidays_and_moved_days_count_in_the_organisations_own_zone(
    since: str, last_day: date
) -> None:
    off = ("2025-05-01", "2025-05-02", "2025-05-08", "2025-05-09", "2025-11-03", "2025-11-04")
    calendar = Calendar(
        off=tuple(date.fromisoformat(day) for day in off),
        on=(date(2025, 11, 1),),
        zone_minutes=_YEKATERINBURG,
    )

    due = calendar.due(datetime.fromisoformat(since), 4)

    assert due == datetime(last_day.year, last_day.month, last_day.day, 18, 59, 59, tzinfo=UTC)
