"""Ways of saying a deadline without its year, the most special first; see `deadline_phrases`.

Each pattern is tried on small letters with one kind of dash and without «ё».
"""

import calendar
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from domain.deadlines import (
    AllYear,
    Always,
    BetweenDates,
    Deadline,
    EndOfCycle,
    InMonth,
    InMonths,
    MonthDay,
    NoDeadline,
    NotLater,
    OnDate,
    Times,
)


class Found(NamedTuple):
    """The rule of a phrase, and what of it is not sure (Russian)."""

    rule: Deadline
    why: str | None = None


Reader = Callable[[re.Match[str]], Found | None]
"""None: it only looked like this pattern."""

MONTHS: Final = 12
_DECADE: Final = 10
_ALWAYS: Final = Always(rule="always")
_STEMS: Final = (
    *("январ[ьяею]", "феврал[ьяею]", "март[ае]?", "апрел[ьяею]", "ма[йяею]", "июн[ьяею]"),
    *("июл[ьяею]", "август[ае]?", "сентябр[ьяею]", "октябр[ьяею]", "ноябр[ьяею]", "декабр[ьяею]"),
)
_SHORT: Final = (
    *("янв", "февр?", "мар", "апр", "май", "июн"),
    *("июл", "авг", "сент?", "окт", "нояб?", "дек"),
)
_MONTH: Final = rf"((?:{'|'.join((*_STEMS, *_SHORT))})(?![а-я])\.?)"
_DAY: Final = r"(?<!\d)(\d{1,2})(?:-?(?:го|е|ое|ого|му))?"
_ORDINALS: Final = (
    ("1", "i", "перв[а-я]+"),
    ("2", "ii", "втор[а-я]+"),
    ("3", "iii", "трет[а-я]+"),
    ("4", "iv", "четв[е]рт[а-я]+"),
)
_WAYS: Final = "|".join("|".join(ways) for ways in reversed(_ORDINALS))
_ORDINAL: Final = rf"({_WAYS})(?:-?[а-я]{{1,3}})?"
_COUNTS: Final = (
    *("одного|один|одной", "двух|два|две|дважды", "трех|три|трижды", "четырех|четыре"),
    *("пяти|пять", "шести|шесть"),
)
_COUNT: Final = rf"(\d{{1,2}}(?:\s?-\s?\d)?|{'|'.join(_COUNTS)})(?:-?[а-я]{{1,2}})?"
_SCHOOL: Final = r"учебн[а-я]+ |уч\.? ?"
_WORD: Final = r"(?<![а-я])"
_PER: Final = (
    rf"((?:{_SCHOOL})?год[а]?|полгода|полугоди[ея]|квартал|четверть|месяц|неделю)(?![а-я])"
)


def months_in(text: str) -> Iterator[int]:
    """The months that are named, in order."""
    for found in re.finditer(rf"{_WORD}{_MONTH}", text):
        yield _month(found[1])


def _month(word: str) -> int:
    return next(
        number
        for number, (stem, short) in enumerate(zip(_STEMS, _SHORT, strict=True), start=1)
        if re.fullmatch(rf"(?:{stem}|{short})\.?", word)
    )


def _ordinal(word: str) -> int:
    return next(
        number
        for number, ways in enumerate(_ORDINALS, start=1)
        if any(re.fullmatch(way, word) for way in ways)
    )


def _count(word: str) -> tuple[int, str | None]:
    """The number, the smaller of two."""
    if word[0].isdigit():
        return int(re.split(r"\s?-", word)[0]), "взято меньшее число" if "-" in word else None
    return next(n for n, ways in enumerate(_COUNTS, 1) if re.fullmatch(ways, word)), None


def _day(day: str, month: int) -> MonthDay | None:
    last = calendar.monthrange(2024, month)[1]
    return MonthDay(month=month, day=int(day)) if 1 <= int(day) <= last else None


def _last_of(month: int) -> MonthDay:
    return MonthDay(month=month, day=calendar.monthrange(2023, month)[1])


def _between(first: MonthDay | None, last: MonthDay | None, why: str | None) -> Found | None:
    if first is None or last is None:
        return None
    return Found(BetweenDates(rule="dates", first=first, last=last), why)


def _span(first: int, last: int, why: str | None = None) -> Found:
    if first == last:
        return Found(InMonth(rule="month", month=first), why)
    return Found(InMonths(rule="months", first=first, last=last), why)


def _not_later(day: MonthDay | None, why: str | None = None) -> Found | None:
    return Found(NotLater(rule="not_later", by=day), why) if day else None


def _two_dates(found: re.Match[str]) -> Found | None:
    first, last = _day(found[1], _month(found[2])), _day(found[3], _month(found[4]))
    return _between(first, last, None)


def _two_days(found: re.Match[str]) -> Found | None:
    month, joint = _month(found[4]), found[0][found.end(2) - found.start() : found.start(3)]
    why = None
    if found[1] == "до ":
        why = "«до» и два дня: взято от первого до второго"
    elif "," in joint or " и " in f" {found[0]} ":
        why = "названы два дня: взято от первого до второго"
    return _between(_day(found[2], month), _day(found[3], month), why)


def _by_day(found: re.Match[str]) -> Found | None:
    return _not_later(_day(found[1], _month(found[2])))


def _on_day(found: re.Match[str]) -> Found | None:
    day = _day(found[1], _month(found[2]))
    return Found(OnDate(rule="date", on=day)) if day else None


def _part_of_month(found: re.Match[str]) -> Found | None:
    """A decade, a week or a half of a month; the last decade and half go on to its end."""
    what, month = found[3], _month(found[4])
    days = {"декад": _DECADE, "недел": 7, "полов": 15}[what]
    end = _last_of(month).day
    if found[1]:
        return _between(_day(str(end - days + 1), month), _last_of(month), None)
    first = (_ordinal(found[2]) - 1) * days + 1
    if first > end:
        return None
    is_last = what != "недел" and end - first < 2 * days - 1
    return _between(
        _day(str(first), month), _day(str(end if is_last else first + days - 1), month), None
    )


def _edge_of_month(found: re.Match[str]) -> Found | None:
    limit, where, month = found[1] or "", found[2], _month(found[3])
    if where.startswith("кон") and limit.strip() in ("до", "к", "не позднее", "не позже"):
        return _not_later(_last_of(month))
    days = {"нач": (1, 10), "сер": (11, 20), "кон": (21, _last_of(month).day)}[where[:3]]
    first, last = (_day(str(day), month) for day in days)
    return _between(first, last, f"взято с {days[0]}-го по {days[1]}-е число")


def _months_span(found: re.Match[str]) -> Found:
    return _span(_month(found[1]), _month(found[2]))


def _by_month(found: re.Match[str]) -> Found | None:
    month = _month(found[2])
    if found[1].startswith("не "):
        return _not_later(_last_of(month))
    before = _last_of((month - 2) % MONTHS + 1)
    return _not_later(before, f"взято до начала месяца: {before.day:02}.{before.month:02}")


def _list_of_months(found: re.Match[str]) -> Found:
    months = list(months_in(found[0]))
    in_a_row = all(later == one % MONTHS + 1 for one, later in pairwise(months))
    why = None if in_a_row else "месяцы не подряд: взято от первого до последнего"
    return _span(months[0], months[-1], why)


def _one_month(found: re.Match[str]) -> Found:
    return _span(_month(found[1]), _month(found[1]))


def _quarters(found: re.Match[str]) -> Found:
    first = _ordinal(found[1])
    return _span(3 * first - 2, 3 * (_ordinal(found[2]) if found[2] else first))


def _school_part(found: re.Match[str]) -> Found | None:
    number = _ordinal(found[1])
    parts: tuple[tuple[int, int], ...] = ((9, 12), (1, 5))
    why = None if "уч" in found[0] else "полугодие взято как учебное"
    if found[2].startswith("чет"):
        parts, why = ((9, 10), (11, 12), (1, 3), (4, 5)), "месяцы четверти взяты по обычаю"
    return _span(*parts[number - 1], why) if number <= len(parts) else None


def _season(found: re.Match[str]) -> Found:
    first, last = {"осе": (9, 11), "зим": (12, 2), "вес": (3, 5), "лет": (6, 8)}[found[1][:3]]
    return _span(first, last, "месяцы взяты по календарю")


def _often(found: re.Match[str]) -> Found:
    count, why = _count(found[1]) if found[1] else (1, None)
    per = found[2].removeprefix("учебный ").removeprefix("уч")
    times = count * next(
        number
        for start, number in (
            *(("полу", 2), ("полг", 2), ("квар", 4), ("четв", 4), ("меся", 12), ("неде", 52)),
            ("", 1),
        )
        if per.startswith(start)
    )
    if times > MONTHS:
        return Found(_ALWAYS, "чаще раза в месяц: взято «постоянно»")
    return Found(Times(rule="times", times=max(times, 1)), why)


def _each(found: re.Match[str]) -> Found:
    times = {"ежеква": 4, "ежемес": 12}.get(found[0][:6])
    if times is None:
        return Found(_ALWAYS, "чаще раза в месяц: взято «постоянно»")
    return Found(Times(rule="times", times=times))


def _edge_of_year(found: re.Match[str]) -> Found | None:
    limit, is_start, is_school = found[1] or "", found[2] == "нач", found[3] is not None
    months = (9, 5) if is_school else (1, MONTHS)
    month = months[0] if is_start else months[1]
    if limit.strip() in ("до", "к", "не позднее", "не позже"):
        day = MonthDay(month=month, day=1) if is_start else _last_of(month)
        return _not_later(day, f"взято: до {day.day:02}.{day.month:02}")
    return _span(month, month, f"взято: {month}-й месяц")


def _is(rule: Deadline, why: str | None = None) -> Reader:
    return lambda _: Found(rule, why)


_LIMIT: Final = "до|к|не позднее|не позже"
_AT_LEAST: Final = r"(?:не реже|не менее|не меньше|минимум)? ?(?:чем )?"
_BY_PLAN: Final = r"(?:по|согласно|в соответствии с)(?: отдельн[а-я]+| утвержденн[а-я]+)?"
_WHOLE: Final = r"(?:в течени[еи]|на протяжении)"
_TABLE: Final[tuple[tuple[Reader, tuple[str, ...]], ...]] = (
    (
        _often,
        (
            rf"{_AT_LEAST}(?<![\w-]){_COUNT} ?(?:раз[а]? )?(?:в|за) ?{_PER}",
            rf"{_WORD}(?:не реже )?раз() в {_PER}",
        ),
    ),
    (_two_dates, (rf"(?:с|со|от)? ?{_DAY} ?{_MONTH} ?(?:-|по|до) ?{_DAY} ?{_MONTH}",)),
    (_two_days, (rf"{_WORD}(с |до |от )?{_DAY} ?(?:-|по|до|,|и) ?{_DAY} ?{_MONTH}",)),
    (_by_day, (rf"{_WORD}(?:{_LIMIT}|по) {_DAY} ?{_MONTH}",)),
    (_is(_ALWAYS, "назван только день начала"), (rf"{_WORD}(?:с|со|от) {_DAY} ?{_MONTH}",)),
    (_on_day, (rf"{_DAY} ?{_MONTH}",)),
    (
        _part_of_month,
        (rf"{_WORD}(?:(последн[а-я]+)|{_ORDINAL}) (декад|недел|полов)[а-я]* {_MONTH}",),
    ),
    (
        _edge_of_month,
        (rf"{_WORD}({_LIMIT}|в|во)? ?(начал|середин|кон[ец])[а-я]* {_MONTH}",),
    ),
    (_months_span, (rf"{_WORD}{_MONTH} ?(?:-|по|до) ?{_MONTH}",)),
    (_by_month, (rf"{_WORD}({_LIMIT}) {_MONTH}",)),
    (_list_of_months, (rf"{_WORD}{_MONTH}(?:(?: ?[,;/и] ?| ){_MONTH})+",)),
    (_is(_ALWAYS, "назван только месяц начала"), (rf"{_WORD}(?:с|со|начиная с) {_MONTH}",)),
    (_one_month, (rf"{_WORD}{_MONTH}",)),
    (_each, ("ежекварт[а-я]+|ежемесяч[а-я]+|еженедел[а-я]+|ежеднев[а-я]+",)),
    (_quarters, (rf"(?<!\w){_ORDINAL}(?:-{_ORDINAL})? ?кв(?:артал[а-я]*|\.)?(?![а-я])",)),
    (
        _school_part,
        (rf"(?<!\w){_ORDINAL} (полугоди[а-я]+|четверт[а-я]+)(?: (?:{_SCHOOL})года)?",),
    ),
    (
        _edge_of_year,
        (rf"{_WORD}((?:{_LIMIT}|в) )?(нач|кон)[а-я]* ({_SCHOOL})?год[а-я]*",),
    ),
    (
        _season,
        (rf"{_WORD}(осен|зим|весен|весн|летн|летом|лето)[а-я]*(?: период[а-я]*| каникул[а-я]*)?",),
    ),
    (
        _is(AllYear(rule="all_year")),
        (
            rf"{_WHOLE} (?:всего )?(?:{_SCHOOL}|календарного )?года",
            rf"{_WORD}(?:весь |круглый )?(?:{_SCHOOL})год|круглый год|весь год",
        ),
    ),
    (
        _is(_ALWAYS),
        (
            "постоянно|регулярно|систематически|непрерывно|бессрочно",
            rf"(?:{_WHOLE} (?:всего|срока|периода)|весь период|весь срок)[а-я ]*",
        ),
    ),
    (
        _is(_ALWAYS, "взято «постоянно»: закрывается с циклом"),
        (
            "по мере [а-я]+|(?:при|по) необходимости|в ходе [а-я]+|в процессе [а-я]+",
            "по (?:запрос|требовани|обращени|заявк)[а-я]+",
        ),
    ),
    (
        _is(EndOfCycle(rule="end_of_cycle")),
        ("по (?:завершени|окончани)[ия] (?:цикла|программы|проекта|реализации программы)",),
    ),
    (
        _is(EndOfCycle(rule="end_of_cycle"), "взяты последние 30 дней цикла"),
        (
            "по (?:завершени|окончани|итог|результат|истечени)[а-я]+|после [а-я]+",
            "на завершающем этапе|в конце",
        ),
    ),
    (
        _is(NoDeadline(rule="none"), "срок стоит в другом документе"),
        (rf"{_BY_PLAN} (?:план|график|расписани|согласовани)[а-я]+",),
    ),
)
PATTERNS: Final = tuple(
    (re.compile(pattern), read) for read, patterns in _TABLE for pattern in patterns
)
