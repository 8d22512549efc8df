"""Tables of a Word document as a person sees them: merged cells, lines, what stands above."""

import re
import unicodedata
from typing import Final

from domain.base import Value

_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES: Final = re.compile(r"\s+")
_WORD: Final = re.compile(r"\w+")


class Line(Value):
    """A paragraph of a cell, or a part of it up to a line break. Its text is `cleaned`."""

    text: str
    bullet: bool = False  # Word itself draws a bullet or a number before it


class Cell(Value):
    """A cell in one row; one that is merged over several rows stands in each of them."""

    column: int  # of the grid, 0 on
    width: int = 1  # columns that it covers
    top: int  # the row, 0 on, in which it begins
    lines: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """All lines as one."""
        return " ".join(line.text for line in self.lines)


class Row(Value):
    """The cells of a row from left to right."""

    cells: tuple[Cell, ...]


class Table(Value):
    """A table of the document's body; tables inside its cells are text of those cells."""

    number: int  # in the document, 1 on
    above: tuple[str, ...] = ()  # the paragraphs between it and the table before, or the start
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        """Columns of its grid."""
        return max((c.column + c.width for row in self.rows for c in row.cells), default=0)


class WordTables(Value):
    """All tables, and how many paragraphs with words stand outside of them."""

    tables: tuple[Table, ...]
    outside: int


def cleaned(text: str) -> str:
    """The text in one line and one form, without signs that nobody sees."""
    known = unicodedata.normalize("NFC", _HIDDEN.sub("", text))
    shown = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in known)
    return _SPACES.sub(" ", shown).strip()


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def words_of(text: str) -> tuple[str, ...]:
    """Its words and numbers, small, in order: by them a text is found again."""
    return tuple(word.casefold() for word in _WORD.findall(cleaned(text)))
