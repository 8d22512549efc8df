"""Deadlines as people write them in tables of Word: «сентябрь–октябрь 2023 г.» -> a rule.

What cannot be said by a rule is never guessed in silence: `why` tells what was left out. Wordings
follow the tables of the five programmes; where a phrase has no one meaning, the school year
(1 September to 31 August) decides.
"""

import calendar
import re
from typing import Final

from domain.base import Value
from domain.deadline_patterns import MONTHS, PATTERNS, Found
from domain.deadlines import (
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
    Yearly,
)


class ReadDeadline(Value):
    """What a phrase means. `CalendarYears` counts from the first year that the phrase names."""

    rule: Deadline
    years: tuple[int, int] | None = None  # the calendar years it names, the first and the last
    why: str | None = None  # Russian: what is not sure; None if all of it is


SCHOOL_YEAR: Final = 9
"""The month in which it begins."""
LONGEST: Final = 300
"""Signs. A longer text is no deadline."""

_OF_MONTHS: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_FILLER_WORDS: Final = (
    "в во с со по до на и к за г гг год года году годы годов месяц месяца месяце срок сроки "
    "срока период периода течение течении учебного уч не позднее позже это т д"
)
_FILLERS: Final = frozenset(_FILLER_WORDS.split())
_DASHES: Final = re.compile(r"\s*[-‐‑‒–—−―]+\s*")
_SPACES: Final = re.compile(r"\s+")
_DATE: Final = re.compile(
    r"(?<![\d.])(\d{1,2})\.(\d{2})(?:\.(\d{4}|\d{2}))?(?:\s?г\.?(?![а-я]))?(?!\d)"
)
_YEAR: Final = r"(20\d\d)"
_YEAR_END: Final = (
    r"(?:\s*-?\s*(?:учебн[а-я]*|уч\.?)?\s*"
    r"(?:годы|годов|годах|года|году|год|г\.?\s?г\.?|г\.?)(?![а-я]))?"
)
_SPAN_OF_YEARS: Final = re.compile(
    rf"{_YEAR}\s?[-/]\s?(20\d\d(?!\d)|\d\d(?=\s?(?:уч|г)))({_YEAR_END})"
)
_ONE_YEAR: Final = re.compile(rf"(?<!\d){_YEAR}(?!\d)({_YEAR_END})")
_YEAR_WORD: Final = r"(?:учебн[а-я]+ |календарн[а-я]+ )?год[а-я]*"
_EVERY_YEAR: Final = re.compile(rf"ежегодн[а-я]*|кажд(?:ый|ого) {_YEAR_WORD}|из года в год")
_THIS_YEAR: Final = re.compile(rf"(?:текущ|настоящ|данн)[а-я]+ {_YEAR_WORD}")
_NEXT_YEAR: Final = re.compile(rf"(?:следующ|последующ|будущ)[а-я]+(?: за отчетным)? {_YEAR_WORD}")


def read_deadline(text: str) -> ReadDeadline:
    """What the words of a cell ask for; `NoDeadline` with a reason if they are not understood."""
    words = _plain(text)
    if not words.strip(" -."):
        return ReadDeadline(rule=NoDeadline(rule="none"), why="срок не указан")
    if len(words) > LONGEST:
        return ReadDeadline(rule=NoDeadline(rule="none"), why="слишком длинно для срока")
    words, years, of_school = _without_years(words)
    every_year, words = _taken(_EVERY_YEAR, words)
    _, words = _taken(_THIS_YEAR, words)
    next_year, words = _taken(_NEXT_YEAR, words)
    words = _DASHES.sub("-", _SPACES.sub(" ", words)).strip(" -,;.:()")
    found, rest = _first_found(words)
    if found is None:
        found, rest = _years_alone(words, years, of_school=of_school, every_year=every_year), words
    if years is not None:
        years = _of_school_year(found.rule, years) if of_school else years
        found = found if every_year else _within_a_year(found, years)
    rule, said = found.rule, None
    if next_year:
        rule, said = _next(rule)
    elif every_year:
        rule, said = _every(rule)
    left = None if rule.rule == "none" and found.why else _left(rest)
    told = "; ".join(one for one in (found.why, left, said) if one)
    return ReadDeadline(rule=rule, years=years, why=told or None)


def _plain(text: str) -> str:
    """Small letters, one kind of dash, figures of a date with the month's name."""
    shown = _DASHES.sub("-", _SPACES.sub(" ", text.lower().replace("ё", "е")))

    def named(date: re.Match[str]) -> str:
        day, month, year = int(date[1]), int(date[2]), date[3]
        if not (1 <= month <= MONTHS and 1 <= day <= calendar.monthrange(2024, month)[1]):
            return date[0]
        return f"{day} {_OF_MONTHS[month - 1]} {_whole_year(year) if year else ''} "

    return _DASHES.sub("-", _DATE.sub(named, shown))


def _whole_year(year: str) -> str:
    return f"20{year[-2:]}"


def _without_years(words: str) -> tuple[str, tuple[int, int] | None, bool]:
    named: list[int] = []
    ends: list[str] = []

    def take(found: re.Match[str]) -> str:
        *years, end = found.groups()
        named.extend(int(_whole_year(year)) for year in years)
        ends.append(end)
        return " "

    for pattern in (_SPAN_OF_YEARS, _ONE_YEAR):
        words = pattern.sub(take, words)
    years = (min(named), max(named)) if named else None
    return words, years, any("уч" in end for end in ends)


def _taken(pattern: re.Pattern[str], words: str) -> tuple[bool, str]:
    left = pattern.sub(" ", words)
    return left != words, left


def _first_found(words: str) -> tuple[Found | None, str]:
    """What the first pattern that fits reads, and the words left."""
    for pattern, read in PATTERNS:
        match = pattern.search(words)
        found = match and read(match)
        if match and found:
            return found, f"{words[: match.start()]} {words[match.end() :]}"
    return None, words


def _years_alone(
    words: str, years: tuple[int, int] | None, *, of_school: bool, every_year: bool
) -> Found:
    if every_year:
        return Found(Yearly(rule="yearly"))
    if years is None:
        return Found(NoDeadline(rule="none"), "срок не понят")
    if of_school and years[1] - years[0] <= 1:
        return Found(AllYear(rule="all_year"))
    is_limit = re.match(r"(?:до|к|не позднее)\b", words) is not None
    why = "«до» и год: взят весь этот год" if is_limit else None
    return Found(CalendarYears(rule="years", last=years[1] - years[0]), why)


def _days_of(rule: Deadline) -> tuple[MonthDay, MonthDay] | None:
    """The first and the last day of a rule that names its months."""
    match rule:
        case InMonth():
            return MonthDay(month=rule.month, day=1), MonthDay(month=rule.month, day=1)
        case InMonths():
            return MonthDay(month=rule.first, day=1), MonthDay(month=rule.last, day=1)
        case OnDate():
            return rule.on, rule.on
        case NotLater():
            return rule.by, rule.by
        case BetweenDates():
            return rule.first, rule.last
        case _:
            return None


def _of_school_year(rule: Deadline, years: tuple[int, int]) -> tuple[int, int]:
    """The calendar years of these months of a school year: «сентябрь 2023–2024 уч. г.» is 2023."""
    days = _days_of(rule)
    if days is None or years[1] - years[0] != 1:
        return years
    first, last = (years[int(day.month < SCHOOL_YEAR)] for day in days)
    return min(first, last), last


def _within_a_year(found: Found, years: tuple[int, int]) -> Found:
    """Months that lie more than a year apart are no span of months; one day has one year."""
    rule, days = found.rule, _days_of(found.rule)
    if days is None:
        return found
    first, last = ((day.month, day.day) for day in days)
    if years[1] - years[0] <= int(first > last):
        return found
    if isinstance(rule, InMonths):
        whole = CalendarYears(rule="years", last=years[1] - years[0])
        return Found(whole, "дольше года: годы взяты целиком, месяцы не переданы")
    return Found(
        rule, "; ".join(one for one in (found.why, "лет названо несколько: взят последний") if one)
    )


def _next(rule: Deadline) -> tuple[Deadline, str | None]:
    if isinstance(rule, InMonth | InMonths):
        return rule.changed(year="next"), None
    return rule, "«следующего года» не передано"


def _every(rule: Deadline) -> tuple[Deadline, str | None]:
    if isinstance(rule, InMonth):
        return Yearly(rule="yearly", first=rule.month, last=rule.month), None
    if isinstance(rule, InMonths):
        return Yearly(rule="yearly", first=rule.first, last=rule.last), None
    if isinstance(rule, OnDate | BetweenDates | NotLater):
        return rule, "«ежегодно» передаётся витками: season.turns"
    return rule, None


def _left(rest: str) -> str | None:
    words = [word for word in re.findall(r"[\w%]+", rest) if word not in _FILLERS]
    return f"не учтено: «{' '.join(words)}»" if words else None
