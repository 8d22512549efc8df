"""The season that the deadlines of a table lie in, and the deadlines as this season counts them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from domain.base import Value
from domain.deadline_phrases import SCHOOL_YEAR, ReadDeadline
from domain.deadlines import (
    MONTHS_IN_YEAR,
    AllYear,
    BetweenDates,
    CalendarYears,
    Deadline,
    InMonth,
    InMonths,
    MonthDay,
    NoDeadline,
    NotLater,
    OnDate,
    Period,
    Yearly,
    add_months,
    windows,
)
from domain.roadmap import Season

LONGEST: Final = 72
"""Months of a season, as `Season` allows."""
_SAMPLE_YEAR: Final = 2023
"""Of a table that names no year. No leap year: 29 February is due on 28 February then."""


class ReadSeason(Value):
    """When a cycle of the table begins and how long it takes."""

    season: Season
    first_year: int  # the year of its first day that the table means, or a sample
    why: str | None  # Russian: where it comes from, if not from the caller


class Settled(Value):
    """A deadline as a rule of the season."""

    rule: Deadline
    why: str | None = None  # Russian: what is not sure


def read_season(
    read: Sequence[ReadDeadline], start: MonthDay | None, months: int | None
) -> ReadSeason:
    """The season that holds all of these deadlines, in the order of the table.

    `start` and `months`, where given, are taken as they are.
    """
    begins = start or MonthDay(month=_first_month(read), day=1)
    year = _first_year(read, begins.month)
    season = Season(month=begins.month, day=min(begins.day, 28), months=months or MONTHS_IN_YEAR)
    if months is None:
        season = season.changed(months=_months_needed(read, season, year))
    why = None
    if start is None or months is None:
        why = "начало и длина цикла взяты по срокам таблицы; задаются --start и --months"
    return ReadSeason(season=season, first_year=year, why=why)


def settled(read: ReadDeadline, of: ReadSeason) -> Settled:
    """The rule whose windows in the season are what the phrase means, or no rule and a reason."""
    why = read.why
    rule, more = _fitted(read, of.season, of.first_year)
    period = _period(of.season, of.first_year)
    found = windows(rule, period)
    outside = [w for w in found if w.opens > period.end or (w.due and w.due < period.start)]
    if not found or outside:
        rule, more = NoDeadline(rule="none"), "срок лежит вне цикла"
    return Settled(rule=rule, why="; ".join(one for one in (why, more) if one) or None)


def _first_month(read: Sequence[ReadDeadline]) -> int:
    """The month of the earliest day that is named with a year, else that of the first row."""
    dated = [
        (one.years[0], month)
        for one in read
        if one.years and (month := _opening(one.rule)) is not None
    ]
    if dated:
        return min(dated)[1]
    months = [
        month
        for one in read
        if not isinstance(one.rule, AllYear)
        and getattr(one.rule, "year", "this") == "this"
        and (month := _opening(one.rule)) is not None
    ]
    if months:
        return months[0]
    return 1 if any(isinstance(one.rule, CalendarYears) for one in read) else SCHOOL_YEAR


def _opening(rule: Deadline) -> int | None:
    """The month in which the rule's window opens, where it says so."""
    match rule:
        case InMonth():
            return rule.month
        case InMonths() | Yearly():
            return rule.first
        case OnDate():
            return rule.on.month
        case BetweenDates():
            return rule.first.month
        case AllYear():
            return SCHOOL_YEAR
        case _:
            return None


def _first_year(read: Sequence[ReadDeadline], start: int) -> int:
    """The year of the season's first day: what is named lies in this year or in the next."""
    named = [one.years[0] - _is_before(one.rule, start) for one in read if one.years is not None]
    return min(named, default=_SAMPLE_YEAR)


def _is_before(rule: Deadline, start: int) -> int:
    month = rule.by.month if isinstance(rule, NotLater) else _opening(rule)
    return int(month is not None and not isinstance(rule, AllYear) and month < start)


def _months_needed(read: Iterable[ReadDeadline], season: Season, year: int) -> int:
    """The fewest months, a year at least, in which all windows end."""
    due = [
        window.due
        for one in read
        for window in windows(_fitted(one, season, year)[0], _period(season, year))
        if window.due is not None
    ]
    months = MONTHS_IN_YEAR
    while months < LONGEST and _period(season.changed(months=months), year).end < max(
        due, default=date.min
    ):
        months += 1
    return months


def _fitted(read: ReadDeadline, season: Season, year: int) -> tuple[Deadline, str | None]:
    """The rule counted from the season's first year."""
    rule, period = read.rule, _period(season, year)
    if isinstance(rule, CalendarYears):
        shift = (read.years[0] if read.years else year) - year
        if shift < 0:
            return NoDeadline(rule="none"), "год раньше начала цикла"
        return rule.changed(first=rule.first + shift, last=rule.last + shift), None
    if not isinstance(rule, InMonth | InMonths | OnDate | BetweenDates | NotLater | Yearly):
        return rule, None
    if _opens_before(rule, period):
        return _moved(rule, "срок пересекает начало цикла: взят следующий год")
    if read.years is None or isinstance(rule, Yearly):
        return rule, None
    return _of_named_year(rule, read.years, period)


def _opens_before(rule: Deadline, period: Period) -> bool:
    """Whether a span is under way when the season begins: the next one is meant then."""
    if isinstance(rule, NotLater) or getattr(rule, "first", None) is None:
        return False
    return any(window.opens < period.start for window in windows(rule, period)[:1])


def _of_named_year(
    rule: Deadline, years: tuple[int, int], period: Period
) -> tuple[Deadline, str | None]:
    due = windows(rule, period)[0].due
    if due is None or due.year == years[1]:
        return rule, None
    moved, _ = _moved(rule, None)
    due = windows(moved, period)[0].due
    if due is not None and due.year == years[1]:
        return moved, None
    return rule, f"год {years[1]} правилом не передан"


def _moved(rule: Deadline, why: str | None) -> tuple[Deadline, str | None]:
    """The same months of the year after the one in which the season begins."""
    match rule:
        case InMonth() | InMonths():
            return rule.changed(year="next"), why
        case Yearly() if rule.first is not None:
            last = rule.last or rule.first
            return InMonths(rule="months", first=rule.first, last=last, year="next"), why
        case _:
            return rule, why and "срок пересекает начало цикла"


def _period(season: Season, year: int) -> Period:
    start = date(year, season.month, season.day)
    return Period(start=start, end=add_months(start, season.months) - timedelta(days=1))
