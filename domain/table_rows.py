"""The body of a roadmap's tables: sections, rows, and what was done with rows that are neither.

Merged cells hold for all rows that they cover. A section is a row of one wide cell, or what the
first of two columns of activities says. Nothing is left out: what is no row is told in `notes`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from domain.base import Value
from domain.table_columns import Column, HeadedTable, Heading, by_column
from domain.word_tables import Cell


class Unsure(Value):
    """A place where somebody should look: what stood there, and what was made of it and why."""

    table: int  # in the document, 1 on
    row: int  # in the table, 1 on
    column: int | None  # of its grid, 1 on
    text: str
    taken_as: str
    why: str  # Russian


class Band(Value):
    """A section: a row over all columns."""

    title: str
    number: str | None = None


class Item(Value):
    """A row of the roadmap; its cells are those with words, merged ones among them."""

    table: int
    row: int  # 1 on
    band: int | None  # index of its section
    group: str | None  # what the column of sections says
    number: str | None  # as it is written
    cells: Mapping[Column, tuple[Cell, ...]]


class Body(Value):
    """All rows of all tables."""

    headings: tuple[Heading, ...]
    bands: tuple[Band, ...]
    items: tuple[Item, ...]
    notes: tuple[str, ...]  # what stood there beside sections and rows
    unsure: tuple[Unsure, ...]


_LIKE_NUMBER: Final = re.compile(r"[\dIVXivx]+(?:[.)\d]*)")
_WHOLE: Final = re.compile(r"(\d+)[.)]?")
_TIMES: Final = (Column.DEADLINE, Column.START, Column.END)
_SHOWN: Final = 200
_OFTEN: Final = 3
"""A section covers more than one row: at least every third begins none."""
_BULLETS: Final = "-–—•"


def read_body(tables: Sequence[HeadedTable]) -> Body:
    """The rows of tables with one set of columns."""
    headings = _with_groups(tables)
    reading = _Reading()
    for table in tables:
        columns = headings if len(headings) == len(table.headings) else table.headings
        reading.read(table.changed(headings=columns))
    return Body(
        headings=headings,
        bands=tuple(reading.bands),
        items=tuple(reading.items),
        notes=tuple(reading.notes),
        unsure=tuple(reading.unsure),
    )


def unsure_of(item: Item, column: int | None, text: str, taken_as: str, why: str) -> Unsure:
    """An `Unsure` about a row, in a column of the grid (0 on)."""
    return Unsure(
        table=item.table,
        row=item.row,
        column=None if column is None else column + 1,
        text=text[:_SHOWN],
        taken_as=taken_as,
        why=why,
    )


def _with_groups(tables: Sequence[HeadedTable]) -> tuple[Heading, ...]:
    """Of two columns of activities, the first holds sections if it covers rows of the second."""
    headings = tables[0].headings
    if not {Column.ACTIVITY, Column.CONTENT} <= {h.column for h in headings}:
        return headings
    covered = [
        _is_covered(number, table)
        for table in tables
        for number in range(table.first, len(table.table.rows))
    ]
    if _OFTEN * sum(covered) < len(covered) or not any(covered):
        return headings
    changed = {Column.ACTIVITY: Column.SECTION, Column.CONTENT: Column.ACTIVITY}
    return tuple(h.changed(column=changed.get(h.column, h.column)) for h in headings)


def _is_covered(number: int, table: HeadedTable) -> bool:
    cells = by_column(table.table.rows[number].cells, table.headings)
    content = [c for c in cells.get(Column.CONTENT, ()) if c.lines and c.top == number]
    activity = [c for c in cells.get(Column.ACTIVITY, ()) if c.lines and c.top == number]
    return bool(content) and not activity


class _Reading:
    """Goes through the rows once, from the first table to the last."""

    def __init__(self) -> None:
        self.bands: list[Band] = []
        self.items: list[Item] = []
        self.notes: list[str] = []
        self.unsure: list[Unsure] = []
        self._group: str | None = None

    def read(self, table: HeadedTable) -> None:
        """Take the rows of a table."""
        heads = {cell.text for row in table.table.rows[: table.first] for cell in row.cells}
        heads |= {heading.words for heading in table.headings}
        for number in range(table.first, len(table.table.rows)):
            self._row(_Look(table, number), heads)

    def _row(self, look: "_Look", heads: set[str]) -> None:
        texts = [cell.text for cell in look.fresh]
        if not look.fresh:
            return  # nothing but what is merged from above
        if len(texts) > 1 and set(texts) <= heads:
            return  # the heading again, on the next page
        if len(texts) > 2 and texts == [str(n + 1) for n in range(len(texts))]:  # noqa: PLR2004
            self.notes.append(f"Таблица {look.number}, строка {look.row + 1}: {' '.join(texts)}")
        elif (band := look.band()) is not None:
            self._begin(band)
        elif self._goes_on(look):
            self._join(look, "строка без номера продолжает предыдущую")
        elif self._is_other_result(look):
            self._join(look, None)
        elif look.is_only_number():
            self.notes.append(f"Таблица {look.number}, строка {look.row + 1}: {texts[0]}")
        else:
            self._item(look)

    def _begin(self, band: "_FoundBand") -> None:
        self.bands.append(Band(title=band.cell.text, number=band.number))
        self._group = None
        if band.why:
            place = {"table": band.table, "row": band.row + 1, "column": band.cell.column + 1}
            self.unsure.append(
                Unsure(**place, text=band.cell.text[:_SHOWN], taken_as="раздел", why=band.why)
            )

    def _goes_on(self, look: "_Look") -> bool:
        """A row that a page's end has cut: its second part has no number and begins midway."""
        if not self.items or look.said(Column.NUMBER):
            return False
        activity = look.said(Column.ACTIVITY)
        if look.has(Column.ACTIVITY) and not activity:
            return False  # merged from above: another result of the same row
        if activity:
            lead = look.said(Column.LEAD)
            return _is_midway(activity) and Column.NUMBER in look.columns and not lead[:1].isupper()
        return not look.has(*_TIMES, Column.LEAD)

    def _is_other_result(self, look: "_Look") -> bool:
        """The activity, its deadline and its people are merged over this row too."""
        if not self.items or not look.has(Column.ACTIVITY) or look.said(Column.ACTIVITY):
            return False
        return not any(look.said(column) for column in (*_TIMES, Column.LEAD))

    def _join(self, look: "_Look", why: str | None) -> None:
        last = self.items[-1]
        cells = dict(last.cells)
        for column, new in look.by_column.items():
            fresh = tuple(cell for cell in new if cell.top == look.row and cell.lines)
            if not fresh:
                continue
            if column in (Column.NUMBER, Column.SECTION):
                column = Column.OTHER  # noqa: PLW2901 - a row has one number and one section
            old = cells.get(column, ())
            if why and old and fresh[0].lines[0].text[:1].islower():
                cells[column] = (*old[:-1], _glued(old[-1], fresh[0]), *fresh[1:])
            else:
                cells[column] = (*old, *fresh)
        self.items[-1] = last.changed(cells=cells)
        if why:
            text = " ".join(cell.text for cell in look.fresh)
            taken_as = f"часть строки {last.row}"
            item = last.changed(table=look.number, row=look.row + 1)
            self.unsure.append(unsure_of(item, look.fresh[0].column, text, taken_as, why))

    def _item(self, look: "_Look") -> None:
        cells = {
            column: kept
            for column, all_ in look.by_column.items()
            if (kept := tuple(cell for cell in all_ if cell.lines))
        }
        group = " ".join(cell.text for cell in cells.pop(Column.SECTION, ()))
        self._group = group or self._group
        number = look.said(Column.NUMBER) or None
        cells.pop(Column.NUMBER, None)
        item = Item(
            table=look.number,
            row=look.row + 1,
            band=len(self.bands) - 1 if self.bands else None,
            group=self._group,
            number=number,
            cells=cells,
        )
        if Column.ACTIVITY not in cells and self.items:
            above = self.items[-1].cells.get(Column.ACTIVITY, ())
            item = item.changed(cells={**cells, Column.ACTIVITY: above})
            text = " ".join(cell.text for cell in above)
            why = "мероприятие в строке не названо: взято из строки выше"
            self.unsure.append(unsure_of(item, None, "", text[:80], why))
        for cell in look.over_several():
            why = "ячейка объединяет несколько столбцов: взята как первый из них"
            self.unsure.append(unsure_of(item, cell.column, cell.text, look.column_of(cell), why))
        self.items.append(item)


class _FoundBand(Value):
    table: int
    row: int
    cell: Cell
    number: str | None
    why: str | None = None


class _Look:
    """One row of a table, from all sides."""

    def __init__(self, table: HeadedTable, row: int) -> None:
        self._table = table
        self.number, self.row = table.table.number, row
        self.columns = table.columns
        self.cells = table.table.rows[row].cells
        self.fresh = [cell for cell in self.cells if cell.top == row and cell.lines]
        self.by_column = by_column(self.cells, table.headings)

    def said(self, column: Column) -> str:
        """What this very row says there, without what is merged from above."""
        cells = self.by_column.get(column, ())
        return " ".join(cell.text for cell in cells if cell.top == self.row and cell.lines)

    def has(self, *columns: Column) -> bool:
        """Whether words hold there, merged ones too."""
        return any(cell.lines for one in columns for cell in self.by_column.get(one, ()))

    def column_of(self, cell: Cell) -> str:
        return self._table.headings[min(cell.column, len(self.columns) - 1)].words

    def over_several(self) -> list[Cell]:
        """Cells that cover columns of several kinds."""
        return [cell for cell in self.fresh if len(self._covered(cell)) > 1]

    def is_only_number(self) -> bool:
        """Whether nothing but the column of numbers says something."""
        return bool(self.fresh) and all(
            self._covered(cell) == {Column.NUMBER} for cell in self.cells if cell.lines
        )

    def band(self) -> _FoundBand | None:
        """The section that this row begins, if it does."""
        numbers = [cell for cell in self.fresh if self._covered(cell) == {Column.NUMBER}]
        rest = [cell for cell in self.fresh if cell not in numbers]
        number = numbers[0].text if numbers else None
        if any(cell.lines and cell.top != self.row for cell in self.cells):
            return None  # a row that merged cells hold for
        if number is None and rest and _is_midway(rest[0].text):
            return None
        if len(rest) == 1 and len(self._covered(rest[0]) - {Column.NUMBER}) > 1:
            return self._found(rest[0], number)
        if not rest and len(numbers) == 1 and not _LIKE_NUMBER.fullmatch(numbers[0].text):
            return self._found(numbers[0], None)
        if len(rest) == 1 and Column.NUMBER in self.columns:
            return self._narrow_band(rest[0], number)
        return None

    def _narrow_band(self, cell: Cell, number: str | None) -> _FoundBand | None:
        """A section that somebody wrote into one cell and did not merge."""
        if self._covered(cell) != {Column.ACTIVITY}:
            return None
        if number is None:
            return self._found(cell, None, "в строке одна ячейка со словами, без номера")
        if number and self._has_parts(number):
            return self._found(cell, number, "строка без срока, а ниже её подпункты")
        return None

    def _found(self, cell: Cell, number: str | None, why: str | None = None) -> _FoundBand:
        return _FoundBand(table=self.number, row=self.row, cell=cell, number=number, why=why)

    def _has_parts(self, number: str) -> bool:
        """Whether the next row is numbered inside of this one: 2 and 2.1."""
        whole = _WHOLE.fullmatch(number)
        if whole is None or self.row + 1 >= len(self._table.table.rows):
            return False
        return _Look(self._table, self.row + 1).said(Column.NUMBER).startswith(f"{whole[1]}.")

    def _covered(self, cell: Cell) -> set[Column]:
        return set(self.columns[cell.column : cell.column + cell.width])


def _is_midway(text: str) -> bool:
    """Whether a text begins in the middle of one."""
    return text[0].islower() or text[0] in _BULLETS


def _glued(cell: Cell, more: Cell) -> Cell:
    """The cell with the words of another page's part behind its last line."""
    last, first = cell.lines[-1], more.lines[0]
    joined = last.changed(text=f"{last.text}{'' if last.text.endswith('-') else ' '}{first.text}")
    return cell.changed(lines=(*cell.lines[:-1], joined, *more.lines[1:]))
