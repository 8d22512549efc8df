"""The tables of a Word document, read in a child process from the XML itself.

Read by hand, not by python-docx: its cells leave out content controls and inserted text, and
nothing that a person sees in a table may be lost.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from lxml import etree

from adapters.docx.child import Children
from adapters.docx.guard import LARGEST_XML, parsed
from adapters.zip_parts import zip_parts
from domain.errors import BadUpload, TemplateFault
from domain.word_tables import Cell, Line, Row, Table, WordTables, cleaned

MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 60
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_LOOSE: Final = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE: Final = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK})
"""What Word keeps but does not show: deleted and moved text, the second drawing of a text box."""
_DOCUMENT: Final = "word/document.xml"
_OLD_WORD: Final = b"\xd0\xcf\x11\xe0"


def read_word_tables(content: bytes) -> WordTables:
    """The tables of a foreign file, read by a child that may fail alone.

    Raises `BadUpload` for what is no DOCX, is locked, breaks a limit or cannot be read.
    """
    if content.startswith(_OLD_WORD):
        raise BadUpload(
            "это файл Word 97–2003 или файл под паролем; "
            "снимите пароль и сохраните его как «Документ Word (DOCX)»"
        )
    try:
        answer, _ = Children().once("tables", content)
    except TemplateFault as fault:
        raise BadUpload(
            "таблицы не прочитались за отведённые время и память; оставьте в файле одну таблицу"
        ) from fault
    return WordTables.model_validate(answer["found"])


def word_tables(content: bytes) -> WordTables:
    """The same, in this process. Raises `BadUpload`."""
    document: bytes | None = None
    for name, part in zip_parts(content):
        if name == _DOCUMENT:
            document = part
    if document is None:
        raise BadUpload("это не документ Word; сохраните его как «Документ Word (DOCX)»")
    if len(document) > LARGEST_XML:
        raise BadUpload("текст документа слишком велик; оставьте в файле одну таблицу")
    root = parsed(document.replace(_STRICT, _LOOSE))
    body = root.find(f"{_W}body")
    if body is None:
        raise BadUpload("в документе Word нет текста")
    return _Reading(body).found()


class _Spot(NamedTuple):
    """A cell that may go on in the row below."""

    top: int
    lines: tuple[Line, ...]


class _Reading:
    """Goes through the body once."""

    def __init__(self, body: etree._Element) -> None:
        self._tables: list[Table] = []
        self._above: list[str] = []
        self._outside = 0
        self._rows = 0
        self._read(body)

    def found(self) -> WordTables:
        return WordTables(tables=tuple(self._tables), outside=self._outside)

    def _read(self, around: etree._Element) -> None:
        for one in _shown_children(around):
            if one.tag == f"{_W}tbl":
                self._table(one)
            elif one.tag == f"{_W}p":
                if text := " ".join(line.text for line in _lines_of(one)):
                    self._above.append(text)
                    self._outside += 1
            else:  # a content control, a change that somebody made
                self._read(one)

    def _table(self, table: etree._Element) -> None:
        open_: dict[int, _Spot] = {}
        rows: list[Row] = []
        for number, row in enumerate(_inner(table, f"{_W}tr")):
            self._rows += 1
            if self._rows > MOST_ROWS:
                raise BadUpload(f"в таблицах больше {MOST_ROWS} строк; разделите файл")
            rows.append(_row(row, number, open_))
        above, self._above = tuple(self._above), []
        number = len(self._tables) + 1
        self._tables.append(Table(number=number, above=above, rows=tuple(rows)))


def _row(row: etree._Element, number: int, open_: dict[int, _Spot]) -> Row:
    """Its cells; `open_` knows by column what was merged downwards so far."""
    column = _value(row, "trPr", "gridBefore", 0)
    cells: list[Cell] = []
    for one in _inner(row, f"{_W}tc"):
        width = max(1, _value(one, "tcPr", "gridSpan", 1))
        if column + width > MOST_COLUMNS:
            raise BadUpload(f"в таблице больше {MOST_COLUMNS} столбцов; разделите её")
        merge = one.find(f"{_W}tcPr/{_W}vMerge")
        lines = tuple(line for part in _paragraphs(one) for line in _lines_of(part))
        known = open_.get(column)
        if merge is None:
            spot = _Spot(number, lines)
            open_.pop(column, None)
        elif merge.get(f"{_W}val") == "restart" or known is None:
            spot = open_[column] = _Spot(number, lines)
        else:  # Word hides what stands in the lower cells; it is kept all the same
            new = tuple(line for line in lines if line not in known.lines)
            spot = open_[column] = _Spot(known.top, (*known.lines, *new))
        cells.append(Cell(column=column, width=width, top=spot.top, lines=spot.lines))
        column += width
    return Row(cells=tuple(cells))


def _value(of: etree._Element, properties: str, name: str, otherwise: int) -> int:
    found = of.find(f"{_W}{properties}/{_W}{name}")
    said = (found.get(f"{_W}val") if found is not None else None) or ""
    return int(said) if said.isdecimal() and len(said) <= len(str(MOST_COLUMNS)) else otherwise


def _shown_children(of: etree._Element) -> Iterator[etree._Element]:
    for child in of.iterchildren("*"):  # without comments
        if child.tag not in _GONE:
            yield child


def _inner(of: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The nearest elements of this kind: those of an inner table are not among them."""
    for child in _shown_children(of):
        if child.tag == tag:
            yield child
        elif child.tag != f"{_W}tbl":
            yield from _inner(child, tag)


def _paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """All its paragraphs, those of inner tables and text boxes too, in order."""
    for child in _shown_children(cell):
        if child.tag == f"{_W}p":
            yield child
        yield from _paragraphs(child)


def _lines_of(paragraph: etree._Element) -> tuple[Line, ...]:
    bullet = paragraph.find(f"{_W}pPr/{_W}numPr") is not None or _is_list(paragraph)
    lines = (cleaned(line) for line in "".join(_texts(paragraph)).split("\n"))
    return tuple(Line(text=text, bullet=bullet and n == 0) for n, text in enumerate(lines) if text)


def _is_list(paragraph: etree._Element) -> bool:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return style is not None and (style.get(f"{_W}val") or "").startswith("List")


def _texts(of: etree._Element) -> Iterator[str]:
    """The text of a paragraph; paragraphs inside it (a text box) are read on their own."""
    for child in _shown_children(of):
        match child.tag.removeprefix(_W):
            case "t":
                yield child.text or ""
            case "tab":
                yield " "
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case "p" | "pPr" | "rPr":
                continue
            case _:
                yield from _texts(child)
