"""Numbers of rows as ids: as the table has them where they can be, else made whole."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from domain.base import Value

_GIVEN: Final = re.compile(r"№?\s*(\d{1,4}(?:\.\d{1,3}){0,3})\s*[.)]?")
_LONGEST: Final = 12


class Numbered(Value):
    """A row's number as it is written, and the section that it stands in."""

    section: int
    written: str | None


class RowNumbers(Value):
    """An id for each row, and why they are not the table's own numbers (Russian)."""

    ids: tuple[str, ...]
    why: str | None


def row_numbers(rows: Sequence[Numbered]) -> RowNumbers:
    """Different ids for all rows, the table's numbers if they allow it."""
    given = _with_gaps_filled(rows)
    tries = (
        (given, None),
        (
            [n and f"{row.section}.{n}" for row, n in zip(rows, given, strict=True)],
            "номера в таблице повторяются: впереди поставлен номер раздела",
        ),
    )
    for ids, why in tries:
        known = [one for one in ids if one and len(one) <= _LONGEST]
        if len(set(known)) == len(rows):
            return RowNumbers(ids=tuple(known), why=why)
    any_written = any(row.written for row in rows)
    return RowNumbers(
        ids=tuple(_counted(rows)),
        why="номера таблицы не годятся: строки пронумерованы заново" if any_written else None,
    )


def _with_gaps_filled(rows: Sequence[Numbered]) -> list[str | None]:
    """A number holds for the rows without one that follow it in its section: 2.1, 2.2 …"""
    runs: list[tuple[str | None, int, int]] = []  # number, section, length
    for row in rows:
        match = _GIVEN.fullmatch(row.written.strip()) if row.written else None
        number = ".".join(str(int(part)) for part in match[1].split(".")) if match else None
        if runs and row.written is None and runs[-1][1] == row.section:
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((number, row.section, 1))
    found: list[str | None] = []
    for number, _, length in runs:
        if number is None:
            found += [None] * length
        else:
            found += [number] if length == 1 else [f"{number}.{n + 1}" for n in range(length)]
    return found


def _counted(rows: Sequence[Numbered]) -> Iterator[str]:
    counts: Counter[int] = Counter()
    in_sections = len({row.section for row in rows}) > 1
    for place, row in enumerate(rows, start=1):
        counts[row.section] += 1
        yield f"{row.section}.{counts[row.section]}" if in_sections else str(place)
