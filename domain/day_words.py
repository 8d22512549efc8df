"""Days and counts in Russian, as every sentence of the program says them."""

from datetime import date
from typing import Final

from domain.names import NBSP

_MONTHS: Final = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
_ENDINGS_FEW: Final = (2, 3, 4)
_TEENS: Final = range(11, 15)


def ending(n: int, one: str, few: str, many: str) -> str:
    """Which of the three goes with a count: «день», «дня», «дней»."""
    if n % 100 in _TEENS:
        return many
    if n % 10 == 1:
        return one
    return few if n % 10 in _ENDINGS_FEW else many


def plural(n: int, one: str, few: str, many: str) -> str:
    """«1 день», «3 дня», «12 дней»."""
    return f"{n}{NBSP}{ending(n, one, few, many)}"


def long_day(day: date) -> str:
    """«22 ноября 2026 г.»."""
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}{NBSP}{day.year}{NBSP}г."


def short_day(day: date, today: date) -> str:
    """«22 ноября», with the year if it is another one."""
    if day.year != today.year:
        return long_day(day)
    return f"{day.day}{NBSP}{_MONTHS[day.month - 1]}"


def late_by(day: date, today: date) -> str:
    """«просрочено на 2 дня»; on the day itself «просрочено»."""
    days = (today - day).days
    return f"просрочено на {plural(days, 'день', 'дня', 'дней')}" if days > 0 else "просрочено"


def stopped(sentence: str) -> str:
    """The sentence with its full stop, that «22 ноября 2026 г.» has already."""
    return sentence if sentence.endswith(".") else f"{sentence}."
