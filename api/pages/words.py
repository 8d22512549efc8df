"""Dates and counts as people say them."""

from datetime import date, datetime, tzinfo
from typing import Final

from babel.dates import format_date, format_datetime

_NEAR: Final = 14
"""Within so many days the weekday says more than the number."""
_WEEKDAYS: Final = (
    *("понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья"),
)
_WEEKDAYS_SET: Final = (
    *("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"),
)
_ENDINGS_FEW: Final = (2, 3, 4)
_TEENS: Final = range(11, 15)


def plural(n: int, one: str, few: str, many: str) -> str:
    """«1 день», «3 дня», «12 дней»."""
    if n % 10 == 1 and n % 100 not in _TEENS:
        word = one
    else:
        word = few if n % 10 in _ENDINGS_FEW and n % 100 not in _TEENS else many
    return f"{n}\N{NO-BREAK SPACE}{word}"


def long_day(day: date) -> str:
    """«22 ноября 2026 г.»."""
    return format_date(day, "d MMMM y 'г.'", locale="ru").replace(" ", "\N{NO-BREAK SPACE}")


def short_day(day: date, today: date) -> str:
    """«22 ноября», with the year if it is another one."""
    if day.year != today.year:
        return long_day(day)
    return format_date(day, "d MMMM", locale="ru").replace(" ", "\N{NO-BREAK SPACE}")


def until(day: date, today: date) -> str:
    """«до пятницы, 27 ноября (через 3 дня)»; beyond two weeks «до 30 декабря»."""
    ahead = (day - today).days
    if not 0 <= ahead <= _NEAR:
        return f"до {short_day(day, today)}"
    return f"до {_WEEKDAYS[day.weekday()]}, {short_day(day, today)} ({_distance(ahead)})"


def set_for(day: date, today: date) -> str:
    """«на пятницу, 27 ноября (через 3 дня)»; far ahead, or when it is over, «на 30 декабря»."""
    ahead = (day - today).days
    if not 0 <= ahead <= _NEAR:
        return f"на {short_day(day, today)}"
    return f"на {_WEEKDAYS_SET[day.weekday()]}, {short_day(day, today)} ({_distance(ahead)})"


def late_by(day: date, today: date) -> str:
    """«просрочено на 2 дня»; on the day itself «просрочено»."""
    days = (today - day).days
    return f"просрочено на {plural(days, 'день', 'дня', 'дней')}" if days > 0 else "просрочено"


def was_due(day: date, today: date) -> str:
    """«срок был 19 сентября»."""
    return f"срок был {short_day(day, today)}"


def stopped(sentence: str) -> str:
    """The sentence with its full stop, that «22 ноября 2026 г.» has already."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def moment(at: datetime, zone: tzinfo) -> str:
    """«22 ноября 2026 г. в 14:05»; it may be broken before the time."""
    local = at.astimezone(zone)
    time = format_datetime(local, "'в' HH:mm", locale="ru").replace(" ", "\N{NO-BREAK SPACE}")
    return f"{long_day(local.date())} {time}"


def _distance(ahead: int) -> str:
    match ahead:
        case 0:
            return "сегодня"
        case 1:
            return "завтра"
        case _:
            return f"через {plural(ahead, 'день', 'дня', 'дней')}"
