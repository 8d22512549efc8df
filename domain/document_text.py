"""What is written in a document, apart from its pages; and how two versions of it differ."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal, TypeAlias

from domain.base import Value

Align: TypeAlias = Literal["left", "center", "right", "both"]
_WORD: Final = re.compile(r"\S+\s*")


class Run(Value):
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


class Paragraph(Value):
    runs: tuple[Run, ...] = ()
    align: Align = "left"
    aside: bool = False
    """Stands in the right half of the page, as a stamp of approval does."""

    @property
    def text(self) -> str:
        """Its words alone."""
        return "".join(run.text for run in self.runs)


class Cell(Value):
    paragraphs: tuple[Paragraph, ...]
    columns: int = 1
    """How many columns of the grid it covers."""


class Row(Value):
    cells: tuple[Cell, ...]
    head: bool = False


class Table(Value):
    """`ruled` tables have lines; others only hold words side by side."""

    rows: tuple[Row, ...]
    ruled: bool = True


Block: TypeAlias = Paragraph | Table


class Piece(Value):
    """Words that stayed, went or came."""

    what: Literal["same", "removed", "added"]
    text: str


class Change(Value):
    """A paragraph or a table's row that another version has otherwise."""

    pieces: tuple[Piece, ...]


def lines(blocks: Sequence[Block]) -> list[str]:
    """Each paragraph and each row of a table as one line; empty ones are left out."""
    return [line for line in _all_lines(blocks) if line]


def changes(old: Sequence[Block], new: Sequence[Block]) -> tuple[Change, ...]:
    """What the new text has otherwise, in order, word by word."""
    before, after = lines(old), lines(new)
    found: list[Change] = []
    for what, i1, i2, j1, j2 in _opcodes(before, after):
        if what != "equal":
            found += [
                Change(pieces=tuple(_pieces(one or "", other or "")))
                for one, other in zip_longest(before[i1:i2], after[j1:j2])
            ]
    return tuple(found)


def _all_lines(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.text.strip()
        else:
            for row in block.rows:
                cells = (" ".join(p.text for p in cell.paragraphs).strip() for cell in row.cells)
                yield " | ".join(cells).strip(" |")


def _pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = _WORD.findall(old), _WORD.findall(new)
    for what, i1, i2, j1, j2 in _opcodes(before, after):
        if what == "equal":
            yield Piece(what="same", text="".join(before[i1:i2]))
            continue
        if i2 > i1:
            yield Piece(what="removed", text="".join(before[i1:i2]))
        if j2 > j1:
            yield Piece(what="added", text="".join(after[j1:j2]))


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
