"""An uploaded XLSX as rows of values, opened only after it was found harmless."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from adapters.zip_parts import zip_parts
from domain.base import Value
from domain.errors import BadUpload

CellValue = str | int | float | bool | date | datetime | time | timedelta
"""What a cell holds; an empty cell holds an empty text."""

# Whoever enrols more does it in two files; a sheet of this size takes some 15 MB while it is read.
MAX_SHEETS = 10
MAX_ROWS = 5_000
MAX_COLUMNS = 50

_WORKBOOK = "xl/workbook.xml"
_XLSX = b"spreadsheetml.sheet.main+xml"
# Sheets are told by content: their part may have any name. The second is UTF-16.
_SHEET_MARKS = (b"sheetData", "sheetData".encode("utf-16-le"), "sheetData".encode("utf-16-be"))
_ADDRESS = re.compile(r"([A-Za-z]{1,2})([0-9]{1,4})")  # nothing longer is within the limits
_ROW = re.compile(r"[0-9]{1,4}")

_TOO_FAR = f"в таблице есть ячейки дальше строки {MAX_ROWS} или столбца {MAX_COLUMNS}; удалите их"
_DAMAGED = "таблица повреждена и не читается"
_NOT_XLSX = "это не таблица XLSX; сохраните её как «Книга Excel (.xlsx)»"


class Sheet(Value):
    """A sheet from its cell A1 on: `rows[0][0]` is A1."""

    name: str
    rows: tuple[tuple[CellValue, ...], ...]


def read_xlsx(content: bytes) -> tuple[Sheet, ...]:
    """All sheets in their order. Raises `BadUpload` on what is no harmless XLSX."""
    names: set[str] = set()
    for name, part in zip_parts(content):
        names.add(name)
        if name == "[Content_Types].xml" and _XLSX not in part:
            raise BadUpload(_NOT_XLSX)
        if any(mark in part for mark in _SHEET_MARKS):
            _Extent().check(part)
    if not {_WORKBOOK, "[Content_Types].xml"} <= names:
        raise BadUpload(_NOT_XLSX)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            if len(workbook.sheet_names) > MAX_SHEETS:
                raise BadUpload(f"в таблице больше {MAX_SHEETS} листов; удалите лишние")
            return tuple(
                Sheet.model_construct(name=name, rows=tuple(_rows(workbook, name)))
                for name in workbook.sheet_names
            )
    except CalamineError as error:
        raise BadUpload(_DAMAGED) from error


def _rows(workbook: CalamineWorkbook, name: str) -> Iterator[tuple[CellValue, ...]]:
    for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False):
        yield tuple(row)


class _Extent:
    """Refuses far-off cells: the library holds the whole rectangle, a cell XFD1048576 fells it.

    A row or a cell that does not say where it is follows the one before.
    """

    def __init__(self) -> None:
        self._row = 0
        self._column = 0

    def check(self, part: bytes) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        try:
            parser.Parse(part, True)  # noqa: FBT003 - expat takes it by position
        except expat.ExpatError as error:
            raise BadUpload(_DAMAGED) from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = tag.rpartition(":")[2]
        if element == "row":
            self._row = _row_number(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif element == "c":
            address = _ADDRESS.fullmatch(attributes.get("r", ""))
            if address:
                self._column = _column_number(address[1])
                self._row = max(self._row, int(address[2]))
            elif "r" in attributes:
                raise BadUpload(_TOO_FAR)
            else:
                self._column += 1
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise BadUpload(_TOO_FAR)


def _row_number(text: str) -> int:
    if not _ROW.fullmatch(text):
        raise BadUpload(_TOO_FAR)
    return int(text)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def column_letters(index: int) -> str:
    """«A» for 0, «AA» for 26."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
