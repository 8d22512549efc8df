"""Deadline rules of the five programmes, and the windows they give inside a cycle.

A rule names months and days, never years: which year is meant follows from the cycle's start
(`Period`). Dates are the organisation's local dates; a window's `due` is its last day.
"""

import calendar
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Literal, assert_never

from pydantic import Field, model_validator

from domain.base import Value
from domain.errors import BadDate

MONTHS_IN_YEAR = 12


class Period(Value):
    """The first and the last day of a cycle."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> "Period":
        if self.end < self.start:
            raise ValueError("the period ends before it starts")
        return self


class Window(Value):
    """When a row may be worked on: from `opens` to `due` (both days included), or without end."""

    opens: date
    due: date | None


Month = Annotated[int, Field(ge=1, le=12)]


class MonthDay(Value):
    """A day of the year. 29 February means 28 February in years that lack it."""

    month: Month
    day: Annotated[int, Field(ge=1, le=31)]

    @model_validator(mode="after")
    def _exists(self) -> "MonthDay":
        if self.day > calendar.monthrange(2024, self.month)[1]:
            raise ValueError(f"month {self.month} has no day {self.day}")
        return self

    def in_year(self, year: int) -> date:
        return date(year, self.month, min(self.day, _last_day(year, self.month)))


class _Rule(Value):
    late_days: Annotated[int, Field(ge=1)] | None = None
    """If what the row fans over arises after the window: this many days from then."""


class InMonth(_Rule):
    """«ноябрь»"""

    rule: Literal["month"]
    month: Month
    year: Literal["this", "next"] = "this"
    """`next`: «январь следующего года», the calendar year after the one the cycle starts in."""


class InMonths(_Rule):
    """«август – сентябрь», across the new year too: «ноябрь – февраль»"""

    rule: Literal["months"]
    first: Month
    last: Month
    year: Literal["this", "next"] = "this"
    """`next`: the span ends in the calendar year after the one the cycle starts in."""


class OnDate(_Rule):
    """«05.04.2024», or a day of each cycle's year"""

    rule: Literal["date"]
    on: MonthDay


class NotLater(_Rule):
    """«не позднее 1 мая»: open from the cycle's start"""

    rule: Literal["not_later"]
    by: MonthDay


class BetweenDates(_Rule):
    """«20–25 ноября»"""

    rule: Literal["dates"]
    first: MonthDay
    last: MonthDay


class CalendarYears(_Rule):
    """«2023 г.», «2023–2024 гг.»: `first` and `last` count from the cycle's first year, 0 on"""

    rule: Literal["years"]
    first: Annotated[int, Field(ge=0)] = 0
    last: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _in_order(self) -> "CalendarYears":
        if self.last < self.first:
            raise ValueError("the last year comes before the first")
        return self


class Yearly(_Rule):
    """«ежегодно», with months or without: a window in each year of the cycle"""

    rule: Literal["yearly"]
    first: Month | None = None
    last: Month | None = None

    @model_validator(mode="after")
    def _has_a_first_month(self) -> "Yearly":
        if self.last is not None and self.first is None:
            raise ValueError("the last month is given without the first")
        return self


class Times(_Rule):
    """«не реже двух раз за учебный год»: as many equal parts of each school year. A part of
    which less than half lies in the cycle belongs to the cycle before or after.
    """

    rule: Literal["times"]
    times: Annotated[int, Field(ge=1, le=12)]


class AllYear(_Rule):
    """«в течение года»: the first twelve months, also of a cycle that takes longer"""

    rule: Literal["all_year"]


class Always(_Rule):
    """«постоянно»: closes with the cycle"""

    rule: Literal["always"]


class EndOfCycle(_Rule):
    """«по завершении»: the last `days` days of the cycle"""

    rule: Literal["end_of_cycle"]
    days: Annotated[int, Field(ge=1)] = 30


class NoDeadline(_Rule):
    """No deadline in the source"""

    rule: Literal["none"]


Deadline = Annotated[
    InMonth
    | InMonths
    | OnDate
    | NotLater
    | BetweenDates
    | CalendarYears
    | Yearly
    | Times
    | AllYear
    | Always
    | EndOfCycle
    | NoDeadline,
    Field(discriminator="rule"),
]


def windows(  # noqa: C901, PLR0911, PLR0912 - a case per rule
    rule: Deadline, period: Period
) -> tuple[Window, ...]:
    """The windows of `rule` in `period`, in order; one, save for yearly and repeated rules.

    A window may lie outside the period: `roadmap check` complains of that, a launch in the
    middle of a year does not.
    """
    match rule:
        case InMonth():
            return (_months(rule.month, rule.month, _shifted(period, rule.year)),)
        case InMonths():
            return (_months(rule.first, rule.last, _shifted(period, rule.year)),)
        case OnDate():
            day = _first_from(period.start, rule.on)
            return (Window(opens=day, due=day),)
        case NotLater():
            return (Window(opens=period.start, due=_first_from(period.start, rule.by)),)
        case BetweenDates():
            last = _first_from(period.start, rule.last)
            first = rule.first.in_year(last.year)
            if first > last:
                first = rule.first.in_year(last.year - 1)
            return (Window(opens=first, due=last),)
        case CalendarYears():
            first_year = period.start.year + rule.first
            opens = max(period.start, date(first_year, 1, 1))
            return (Window(opens=opens, due=date(period.start.year + rule.last, 12, 31)),)
        case Yearly():
            return _yearly(rule, period)
        case Times():
            return _times(rule.times, period)
        case AllYear():
            year = add_months(period.start, MONTHS_IN_YEAR) - timedelta(days=1)
            return (Window(opens=period.start, due=min(year, period.end)),)
        case Always():
            return (Window(opens=period.start, due=period.end),)
        case EndOfCycle():
            opens = max(period.start, period.end - timedelta(days=rule.days - 1))
            return (Window(opens=opens, due=period.end),)
        case NoDeadline():
            return (Window(opens=period.start, due=None),)
    assert_never(rule)


def check_day(day: date, today: date) -> None:
    """What took place did so by tomorrow at the latest: the day begins earlier in the east."""
    if day > today + timedelta(days=1):
        raise BadDate(f"{day.isoformat()} lies in the future")


def school_years(period: Period) -> tuple[Period, ...]:
    """The school years, from 1 September to 31 August, that the period touches."""
    year = period.start.year if period.start.month >= 9 else period.start.year - 1  # noqa: PLR2004
    found = []
    while date(year, 9, 1) <= period.end:
        found.append(Period(start=date(year, 9, 1), end=date(year + 1, 8, 31)))
        year += 1
    return tuple(found)


def add_months(day: date, months: int) -> date:
    """The same day `months` later; 31 becomes the month's last day where it is missing."""
    year, month = divmod(day.month - 1 + months, MONTHS_IN_YEAR)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, _last_day(year, month)))


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _shifted(period: Period, year: Literal["this", "next"]) -> date:
    return period.start if year == "this" else date(period.start.year + 1, 1, 1)


def _months(first: int, last: int, start: date) -> Window:
    """The span of months whose end is the nearest one after `start`.

    A span that is under way at `start` counts: «август – сентябрь» for a start on 1 September
    is this year's.
    """
    end_year = start.year if last >= start.month else start.year + 1
    opens_year = end_year if first <= last else end_year - 1
    return Window(
        opens=date(opens_year, first, 1), due=date(end_year, last, _last_day(end_year, last))
    )


def _first_from(start: date, day: MonthDay) -> date:
    this_year = day.in_year(start.year)
    return this_year if this_year >= start else day.in_year(start.year + 1)


def _yearly(rule: Yearly, period: Period) -> tuple[Window, ...]:
    found: list[Window] = []
    start = period.start
    while start <= period.end:
        if rule.first is None:
            end = min(period.end, add_months(start, MONTHS_IN_YEAR) - timedelta(days=1))
            found.append(Window(opens=start, due=end))
        else:
            window = _months(rule.first, rule.last or rule.first, start)
            if window.opens <= period.end:
                found.append(window)
        start = add_months(start, MONTHS_IN_YEAR)
    return tuple(found)


def _times(times: int, period: Period) -> tuple[Window, ...]:
    found: list[Window] = []
    for year in school_years(period):
        days = (year.end - year.start).days + 1
        edges = [year.start + timedelta(days=days * part // times) for part in range(times + 1)]
        for opens, after in pairwise(edges):
            due = after - timedelta(days=1)
            if period.start <= opens + (due - opens) / 2 <= period.end:
                window = Window(opens=max(opens, period.start), due=min(due, period.end))
                found.append(window)
    return tuple(found) or (Window(opens=period.start, due=period.end),)
