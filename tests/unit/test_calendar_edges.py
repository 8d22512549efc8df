"""Edges of the calendar: leap days, the 31st, the turn of the year, midnight in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import TypeAdapter

from adapters.working_days import starting_work_rules
from domain.deadlines import Deadline, Period, add_months, windows
from domain.planning import last_moment, period_of, plan, season_of, turn_of
from domain.roadmap import Roadmap
from domain.working_days import Calendar
from tests.roadmap_builders import a_roadmap, a_step, an_order_step

ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
    *("Asia/Novosibirsk", "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan"),
    "Asia/Kamchatka",
)
RULES = TypeAdapter(tuple[Deadline, ...]).validate_python(
    [
        {"rule": "month", "month": 2},
        {"rule": "month", "month": 1, "year": "next"},
        {"rule": "months", "first": 11, "last": 2},
        {"rule": "months", "first": 8, "last": 9},
        {"rule": "date", "on": {"month": 12, "day": 31}},
        {"rule": "not_later", "by": {"month": 1, "day": 31}},
        {"rule": "dates", "first": {"month": 12, "day": 25}, "last": {"month": 1, "day": 15}},
        {"rule": "dates", "first": {"month": 11, "day": 20}, "last": {"month": 11, "day": 25}},
        {"rule": "years", "first": 0, "last": 1},
        {"rule": "yearly", "first": 5},
        {"rule": "yearly"},
        {"rule": "times", "times": 2},
        {"rule": "all_year"},
        {"rule": "always"},
        {"rule": "end_of_cycle", "days": 31},
        {"rule": "none"},
    ]
)
DAYS = some.dates(date(2010, 1, 1), date(2060, 12, 31))
STARTS = some.builds(date, some.integers(2010, 2060), some.integers(1, 12), some.integers(1, 28))


def a_year(start: date, months: int = 12) -> Period:
    return Period(start=start, end=add_months(start, months) - timedelta(days=1))


def a_road(month: int, day: int, months: int, turns: int = 1) -> Roadmap:
    return a_roadmap(season={"month": month, "day": day, "months": months, "turns": turns})


@given(rule=some.sampled_from(RULES), start=STARTS, months=some.integers(10, 60))
def test_windows_have_days_in_order_and_follow_each_other(
    rule: Deadline, start: date, months: int
) -> None:
    found = windows(rule, a_year(start, months))
    assert found
    assert all(one.due is None or one.opens <= one.due for one in found)
    assert [one.opens for one in found] == sorted({one.opens for one in found})


@given(rule=some.sampled_from(RULES), start=STARTS, years=some.integers(1, 12))
def test_the_same_rule_a_year_later_is_the_same_days_a_year_later(
    rule: Deadline, start: date, years: int
) -> None:
    """29 February comes and goes, and no window slips by a day because of it."""
    before = windows(rule, a_year(start))
    after = windows(rule, a_year(add_months(start, 12 * years)))
    if rule.rule == "times":  # parts of a year by days: a leap year's are a day longer
        # On 1 December half of a half-year is over, and half a day less in a leap year.
        assert len(before) == len(after) or (start.month, start.day) == (12, 1)
        return
    if rule.rule == "end_of_cycle":  # counted back from the end
        assert [one.due and one.due.month for one in before] == [
            one.due and one.due.month for one in after
        ]
        return
    for one, other in zip(before, after, strict=True):
        assert other.opens == add_months(one.opens, 12 * years)
        if one.due is not None and other.due is not None:
            both = ((one.due.month, one.due.day), (other.due.month, other.due.day))
            assert both[0] == both[1] or set(both) <= {(2, 28), (2, 29)}


@pytest.mark.parametrize(("year", "last"), [(2027, 28), (2028, 29), (2100, 28), (2000, 29)])
def test_february_ends_with_its_last_day(year: int, last: int) -> None:
    (window,) = windows(RULES[0], a_year(date(year - 1, 9, 1)))
    assert (window.opens, window.due) == (date(year, 2, 1), date(year, 2, last))


@pytest.mark.parametrize(
    ("rule", "start", "opens", "due"),
    [
        (2, date(2026, 9, 1), date(2026, 11, 1), date(2027, 2, 28)),
        (2, date(2027, 9, 1), date(2027, 11, 1), date(2028, 2, 29)),
        (2, date(2027, 1, 11), date(2026, 11, 1), date(2027, 2, 28)),
        (6, date(2026, 9, 1), date(2026, 12, 25), date(2027, 1, 15)),
        (6, date(2027, 1, 15), date(2026, 12, 25), date(2027, 1, 15)),
        (6, date(2027, 1, 16), date(2027, 12, 25), date(2028, 1, 15)),
        (1, date(2026, 9, 1), date(2027, 1, 1), date(2027, 1, 31)),
        (4, date(2026, 12, 31), date(2026, 12, 31), date(2026, 12, 31)),
        (4, date(2027, 1, 1), date(2027, 12, 31), date(2027, 12, 31)),
        (5, date(2026, 9, 1), date(2026, 9, 1), date(2027, 1, 31)),
    ],
)
def test_spans_cross_the_new_year(rule: int, start: date, opens: date, due: date) -> None:
    (window,) = windows(RULES[rule], a_year(start))
    assert (window.opens, window.due) == (opens, due)


@given(day=DAYS, months=some.integers(-36, 36))
def test_a_month_added_is_the_same_day_or_the_months_last(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1
    assert moved.day <= day.day


@given(
    day=DAYS,
    month=some.integers(1, 12),
    first=some.integers(1, 28),
    months=some.integers(1, 14),
)
def test_a_day_joins_the_season_that_it_lies_in_or_the_next_to_begin(
    day: date, month: int, first: int, months: int
) -> None:
    road = a_road(month, first, months)
    season = season_of(road, day)
    if season.start <= day:
        assert day <= season.end
        following = period_of(road, season.start.year + 1)
        assert day < following.start, "the latest of those that it lies in"
    else:
        assert period_of(road, season.start.year - 1).end < day
        assert season.start <= add_months(day, 12)


@given(start=DAYS, month=some.integers(1, 12), turn=some.integers(1, 10))
def test_turns_follow_year_by_year_whatever_the_day_of_launch(
    start: date, month: int, turn: int
) -> None:
    road = a_road(month, 28, 14, turns=10)
    first, later = turn_of(road, start, 1), turn_of(road, start, turn)
    assert later.start == add_months(first.start, 12 * (turn - 1))
    assert later.end > add_months(later.start, 12), "it runs into the next one"


@given(day=DAYS, zone=some.sampled_from(ZONES))
def test_a_deadline_holds_to_the_last_second_of_the_own_day(day: date, zone: str) -> None:
    """Also where the clocks were moved: Russia did so until 2014, Magadan and others in 2016."""
    here = ZoneInfo(zone)
    last = last_moment(day, here)
    after = (last + timedelta(seconds=1)).astimezone(here)
    assert last.utcoffset() == timedelta(0)
    assert last.astimezone(here).date() == day
    assert (after.date(), after.time()) == (day + timedelta(days=1), time())


@pytest.mark.parametrize(
    ("zone", "opens", "due"),
    [
        (
            "Asia/Kamchatka",
            datetime(2027, 12, 31, 12, tzinfo=UTC),
            datetime(2028, 1, 31, 11, 59, 59, tzinfo=UTC),
        ),
        (
            "Europe/Kaliningrad",
            datetime(2027, 12, 31, 22, tzinfo=UTC),
            datetime(2028, 1, 31, 21, 59, 59, tzinfo=UTC),
        ),
    ],
)
def test_a_row_opens_and_ends_at_the_organisations_midnight(
    zone: str, opens: datetime, due: datetime
) -> None:
    january = a_step(deadline={"rule": "month", "month": 1})
    road = a_roadmap(steps=[january, an_order_step()])
    holders = {"curator": "2" * 16, "director": "1" * 16}
    row = plan(road, date(2027, 9, 1), ZoneInfo(zone), holders).items[0]
    assert (row.opens, row.due) == (opens, due)


def a_calendar(*years: int, hours: int = 3) -> Calendar:
    days: dict[date, bool] = {}
    for year in years:
        days |= starting_work_rules().days(year)
    return Calendar.of(days, hours * 60)


@pytest.mark.parametrize(
    ("since", "days", "hours", "local"),
    [
        # The evening of 30 December by Moscow: 31 December 2025 is free by decree, then holidays.
        (datetime(2025, 12, 30, 15, tzinfo=UTC), 1, 3, date(2026, 1, 12)),
        # Noon of 30 December in UTC is 31 December's first minute in Kamchatka.
        (datetime(2025, 12, 29, 12, tzinfo=UTC), 1, 12, date(2026, 1, 12)),
        (datetime(2025, 12, 29, 11, 59, tzinfo=UTC), 1, 12, date(2025, 12, 30)),
        # A working Saturday counts: 1 November 2025 is worked for 3 November.
        (datetime(2025, 10, 31, 9, tzinfo=UTC), 1, 3, date(2025, 11, 1)),
        (datetime(2025, 11, 1, 9, tzinfo=UTC), 1, 3, date(2025, 11, 5)),
        # May: the days off of January that became days off of May.
        (datetime(2025, 4, 30, 9, tzinfo=UTC), 1, 3, date(2025, 5, 5)),
        (datetime(2025, 5, 7, 9, tzinfo=UTC), 1, 3, date(2025, 5, 12)),
        # 29 February 2024 is a Thursday, and worked.
        (datetime(2024, 2, 28, 9, tzinfo=UTC), 1, 3, date(2024, 2, 29)),
    ],
)
def test_working_days_over_holidays_moved_days_and_midnight(
    since: datetime, days: int, hours: int, local: date
) -> None:
    due = a_calendar(2024, 2025, 2026, hours=hours).due(since, days)
    here = due + timedelta(hours=hours)
    assert (here.date(), here.time()) == (local, time(23, 59, 59))
