"""Dates and counts as people say them."""

from datetime import date, datetime, tzinfo
from typing import Final

from babel.dates import format_datetime

from domain.day_words import late_by, long_day, plural, short_day, stopped

__all__ = [
    "late_by",
    "long_day",
    "moment",
    "plural",
    "set_for",
    "short_day",
    "stopped",
    "until",
    "was_due",
]

_NEAR: Final = 14
"""Within so many days the weekday says more than the number."""
_WEEKDAYS: Final = (
    *("понедельника", "вторника", "среды", "четверга", "пятницы", "субботы", "воскресенья"),
)
_WEEKDAYS_SET: Final = (
    *("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье"),
)


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


def was_due(day: date, today: date) -> str:
    """«срок был 19 сентября»."""
    return f"срок был {short_day(day, today)}"


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
