"""Deadlines in Russian words, as a programme's own table has them: «август–сентябрь»."""

from typing import assert_never

from domain.deadlines import (
    AllYear,
    Always,
    BetweenDates,
    CalendarYears,
    Deadline,
    EndOfCycle,
    InMonth,
    InMonths,
    MonthDay,
    NoDeadline,
    NotLater,
    OnDate,
    Times,
    Yearly,
)
from domain.names import NBSP

_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_OF_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_TIMES = (
    *("одного", "двух", "трёх", "четырёх", "пяти", "шести"),
    *("семи", "восьми", "девяти", "десяти", "одиннадцати", "двенадцати"),
)


def deadline_words(rule: Deadline) -> str:  # noqa: C901, PLR0911 - a case per rule
    """The rule in words. A day and its month do not come apart at a line's end.

    What is due later for a pair that arises later (`late_days`) is not told.
    """
    match rule:
        case InMonth():
            return _months(rule.month, rule.month) + _next(rule.year)
        case InMonths():
            return _months(rule.first, rule.last) + _next(rule.year)
        case OnDate():
            return _day(rule.on)
        case NotLater():
            return f"до {_day(rule.by)}"
        case BetweenDates():
            return _days(rule.first, rule.last)
        case CalendarYears():
            return f"{_years(rule.first + 1, rule.last + 1)} программы"
        case Yearly():
            months = _months(rule.first, rule.last or rule.first) if rule.first else ""
            return f"ежегодно, {months}" if months else "ежегодно"
        case Times():
            return f"не реже {_TIMES[rule.times - 1]} раз{_a(rule.times)} за учебный год"
        case AllYear():
            return "в течение года"
        case Always():
            return "постоянно"
        case EndOfCycle():
            return "по завершении цикла"
        case NoDeadline():
            return "срок не задан"
    assert_never(rule)


def _months(first: int, last: int) -> str:
    names = dict.fromkeys(_MONTHS[month - 1] for month in (first, last))
    return "–".join(names)


def _next(year: str) -> str:
    return " следующего года" if year == "next" else ""


def _day(day: MonthDay) -> str:
    return f"{day.day}{NBSP}{_OF_MONTHS[day.month - 1]}"


def _days(first: MonthDay, last: MonthDay) -> str:
    if first == last:
        return _day(last)
    if first.month == last.month and first.day < last.day:
        return f"{first.day}–{_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _years(first: int, last: int) -> str:
    return f"{first}-й год" if first == last else f"{first}–{last}-й годы"


def _a(times: int) -> str:
    return "а" if times == 1 else ""
