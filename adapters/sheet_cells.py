"""Cells of tables that are made for people: words stay words, numbers and days are such."""

from copy import copy
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from adapters.docx.facts import printable

CellValue = str | int | float | date | None

# How cells of each sort look in a workbook: to find that out takes longer than all the rest.
_LOOKS: Final[WeakKeyDictionary[Workbook, dict[tuple[bool, bool, bool], Any]]] = WeakKeyDictionary()


def sheet_cell(sheet: Worksheet, value: CellValue, *, bold: bool = False) -> Any:
    """A cell for one more row of the sheet.

    Whatever words begin with, no program may take them for a formula.
    """
    is_words, is_day = isinstance(value, str), isinstance(value, date)
    said: Any = printable(value) if isinstance(value, str) else value
    made: Any = WriteOnlyCell(sheet, said)
    if is_words:
        made.data_type = "s"  # set anew: the library takes a leading «=» for a formula
    workbook: Any = sheet.parent
    known = _LOOKS.setdefault(workbook, {})
    look = (is_words, is_day, bold)
    if look not in known:
        made.quotePrefix = is_words
        if is_day:
            made.number_format = "DD.MM.YYYY"
        made.alignment = Alignment(wrap_text=True, vertical="top")
        made.font = Font(bold=bold)
        known[look] = copy(made._style)
    made._style = copy(known[look])
    return made
