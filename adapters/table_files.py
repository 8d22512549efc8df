"""A document's version as a table (XLSX), made of the very facts that it was printed from.

What stands on the sheets is data beside the kind, `table.yaml`: single figures, or the rows of a
table. Whatever an older version does not know stays empty.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from pydantic import Field, TypeAdapter

from adapters.docx.facts import Facts
from adapters.postgres.shown_document import VersionFacts
from adapters.sheet_cells import CellValue, sheet_cell
from domain.base import Value

ORIGINS: Final = "Откуда числа"
ABOUT: Final = "Документ"
_TOTAL: Final = "Всего"
_NUMBER: Final = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_ORIGIN_COLUMNS: Final = (
    ("Число", 50),
    ("Значение", 14),
    ("Откуда", 40),
    ("Период", 44),
    ("На день", 12),
    ("Записей", 10),
    ("Где посмотреть", 60),
)


class Column(Value):
    """A column, or one figure: `value` is its place in the facts, parts through a dot."""

    value: str
    heading: str
    width: int = 14
    cell: Literal["words", "number", "date"] = "words"
    """How words are taken; a number in the facts is one anyway."""
    total: str | None = None
    """What stands under the column: its `sum`, or the fact of this name."""


class SheetRules(Value):
    """A sheet: single figures, or the table of facts, or list, that is called `rows`."""

    sheet: Annotated[str, Field(max_length=31, pattern=r"^[^\[\]:*?/\\]+$")]
    figures: tuple[Column, ...] = ()
    rows: str | None = None
    columns: tuple[Column, ...] = ()


_RULES: Final = TypeAdapter(tuple[SheetRules, ...])


def table_rules(templates: Path) -> Mapping[str, tuple[SheetRules, ...]]:
    """The sheets of each kind that has a table. Raises `pydantic.ValidationError`."""
    return {
        path.parent.name: _RULES.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(templates.glob("*/table.yaml"))
    }


def table_files(
    rules: Mapping[str, tuple[SheetRules, ...]],
) -> Callable[[VersionFacts, str], bytes]:
    """What makes the table of a version; paths in it lead to the service at the given address."""

    def make(known: VersionFacts, address: str) -> bytes:
        return _Table(known, rules[known.kind], address.rstrip("/")).content()

    return make


class _Table:
    def __init__(self, known: VersionFacts, rules: Sequence[SheetRules], address: str) -> None:
        self._known = known
        self._facts = known.facts
        self._rules = rules
        self._address = address
        self._workbook = Workbook()
        origins: Sequence[Facts] = known.facts.get("origins") or ()
        self._origins = {one["figure"]: (n, one) for n, one in enumerate(origins, start=2)}

    def content(self) -> bytes:
        for rules in self._rules:
            if rules.figures:
                self._figures(rules)
            else:
                self._rows(rules)
        if self._origins:
            self._all_origins()
        self._about()
        del self._workbook[self._workbook.sheetnames[0]]  # the empty one that each begins with
        content = BytesIO()
        self._workbook.save(content)
        return content.getvalue()

    def _sheet(self, title: str, columns: Sequence[tuple[str, int]]) -> Worksheet:
        sheet: Worksheet = self._workbook.create_sheet(title)
        sheet.freeze_panes = "A2"
        for index, (_, width) in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        self._append(sheet, [heading for heading, _ in columns], bold=True)
        return sheet

    def _append(self, sheet: Worksheet, row: Sequence[CellValue], *, bold: bool = False) -> None:
        sheet.append([sheet_cell(sheet, one, bold=bold) for one in row])

    def _figures(self, rules: SheetRules) -> None:
        """A figure beside all that is known of where it is from."""
        heads = (("Показатель", 50), *_ORIGIN_COLUMNS[1:])
        sheet = self._sheet(rules.sheet, heads)
        for at, column in enumerate(rules.figures, start=2):
            _, origin = self._origins.get(column.value, (0, {}))
            self._append(
                sheet,
                [column.heading, _value(self._facts, column), *_origin_cells(origin)],
            )
            self._link(sheet.cell(at, len(heads)), origin.get("path"))

    def _rows(self, rules: SheetRules) -> None:
        columns = rules.columns
        sheet = self._sheet(rules.sheet, [(one.heading, one.width) for one in columns])
        rows = list(_rows(self._facts.get(rules.rows or "")))
        for n, row in enumerate(rows, start=1):
            self._append(sheet, [_value(row, column) for column in columns])
            for index, column in enumerate(columns, start=1):
                cell = sheet.cell(n + 1, index)
                self._point(cell, f"{rules.rows}.{n}.{column.value}", f"{rules.rows}.{n}")
                if column.value == "path":
                    self._link(cell, row.get("path"))
        if rows and any(column.total for column in columns):
            self._totals(sheet, rules, rows)

    def _totals(self, sheet: Worksheet, rules: SheetRules, rows: Sequence[Facts]) -> None:
        totals = [self._total(column, rows) for column in rules.columns]
        self._append(sheet, [_TOTAL, *totals[1:]], bold=True)
        for index, column in enumerate(rules.columns, start=1):
            place = f"{rules.rows}.{column.value}" if column.total == "sum" else column.total
            self._point(sheet.cell(len(rows) + 2, index), place or "")

    def _total(self, column: Column, rows: Sequence[Facts]) -> CellValue:
        if column.total is None:
            return None
        if column.total != "sum":
            return _value(self._facts, column.changed(value=column.total))
        return sum(n for row in rows if isinstance(n := _value(row, column), int | float))

    def _all_origins(self) -> None:
        sheet = self._sheet(ORIGINS, _ORIGIN_COLUMNS)
        for at, one in self._origins.values():
            value = _value(one, Column(value="value", heading="", cell="number"))
            self._append(sheet, [one["title"], value, *_origin_cells(one)])
            self._link(sheet.cell(at, len(_ORIGIN_COLUMNS)), one["path"])

    def _about(self) -> None:
        """Which document this is, and the hash of the facts that all of it was made from."""
        sheet = self._sheet(ABOUT, (("Сведения", 26), ("Значение", 90)))
        known, organisation = self._known, self._facts.get("organisation") or {}
        said: tuple[tuple[str, CellValue], ...] = (
            ("Документ", known.title),
            ("Номер", known.number),
            ("Дата", known.day),
            ("Версия", known.version),
            ("Организация", organisation.get("name")),
            ("Программа", self._facts.get("programme")),
            ("Учебный год", self._facts.get("school_year")),
            ("Код документа", f"{known.document_id}/{known.version}"),
            ("SHA-256 сведений", known.sha256),
        )
        for row in said:
            if row[1] is not None:
                self._append(sheet, row)

    def _point(self, cell: Cell | MergedCell, *places: str) -> None:
        """From a figure's cell to where it is from, if that is told."""
        row = next((self._origins[one][0] for one in places if one in self._origins), None)
        if row is not None and isinstance(cell.value, int | float):
            location = f"'{ORIGINS}'!A{row}"
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)

    def _link(self, cell: Cell | MergedCell, path: object) -> None:
        """A path leads to its page."""
        if isinstance(path, str) and path.startswith("/"):
            cell.hyperlink = f"{self._address}{path}"
            cell.font = Font(color="0563C1", underline="single")


def _origin_cells(origin: Mapping[str, Any]) -> list[CellValue]:
    day = origin.get("day")
    return [
        origin.get("source"),
        origin.get("period"),
        date.fromisoformat(day["iso"]) if day else None,
        origin.get("rows"),
        origin.get("path"),
    ]


def _rows(found: object) -> Iterator[Facts]:
    """The rows of a fact; a line of a list is a row with its `text`."""
    for one in found if isinstance(found, list) else ():
        yield one if isinstance(one, dict) else {"text": one}


def _value(facts: Mapping[str, Any], column: Column) -> CellValue:
    found: Any = facts
    for part in column.value.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str) and column.cell == "number" and _NUMBER.fullmatch(found):
        number = Decimal(found.replace(",", "."))
        return int(number) if number == number.to_integral_value() else float(number)
    if isinstance(found, str) and column.cell == "date":
        return date.fromisoformat(found)
    return found if isinstance(found, str | int) else None
