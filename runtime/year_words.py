"""Standing orders, and the year that follows, in lines for a terminal."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

Found = Mapping[str, Any]

_STATES: Final = {"active": "действует", "paused": "приостановлен", "ended": "прекращён"}


def orders_words(found: Iterable[Found]) -> str:
    """All orders."""
    return "\n".join(map(order_words, found)) or "Ежегодных запусков нет."


def order_words(one: Found) -> str:
    """An order: its code, its next day, what became of the latest launch, what is missing."""
    next_ = f", следующий запуск {_day(one['next_start'])}" if one["state"] == "active" else ""
    lines = [f"{one['order_id']}  {one['title']}: {_STATES[one['state']]}{next_}; {one['words']}"]
    lines += missing_lines(one["missing"])
    return "\n".join(lines)


def missing_lines(missing: Iterable[Found]) -> list[str]:
    """A line for each thing that is missing."""
    return [f"      не хватает: {one['words']}; {one['remedy']}" for one in missing]


def _day(iso: str | None) -> str:
    return f"{date.fromisoformat(iso):%d.%m.%Y}" if iso else "неизвестен"
