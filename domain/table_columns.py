"""Which tables of a document are the roadmap, and what each of their columns holds.

Columns are known by the words of their headings, in any order and wording; a heading may take
several rows, and be repeated on the next page.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from domain.base import Value
from domain.errors import NoActivityColumn, NoRoadmapTable, SeveralRoadmapTables
from domain.word_tables import Cell, Table


class Column(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    SECTION = "section"
    ACTIVITY = "activity"
    CONTENT = "content"
    START = "start"
    END = "end"
    DEADLINE = "deadline"
    LEAD = "lead"
    HELPERS = "helpers"
    RESULT = "result"
    OTHER = "other"


class Heading(Value):
    """A column of the grid by the words above it."""

    column: Column
    words: str


class HeadedTable(Value):
    """A table of the roadmap; `headings` by the columns of its grid."""

    table: Table
    headings: tuple[Heading, ...]
    first: int  # the first row of its body, 0 on
    names_columns: bool = True  # False: it goes on where the table before has ended

    @property
    def columns(self) -> tuple[Column, ...]:
        """What its columns hold."""
        return tuple(heading.column for heading in self.headings)


LONGEST_HEADING: Final = 150
"""Signs. A longer text is no heading."""
_SEARCHED: Final = 12
"""Rows in which a heading is looked for: a title or two may stand before it."""
_PP: Final = r"п ?[./\\]? ?п\.?"
_RESULTS: Final = (
    r"результат|критери|показател|\bитог|подтвержд|документ|продукт|\bвыход|отчетност"
    r"|форм[аы] (?:представлен|завершен)"
)
_WORDS: Final[tuple[tuple[Column, str], ...]] = (
    (Column.OTHER, r"отметк|примечани|финанс|бюджет"),
    (Column.NUMBER, rf"^(?:(?:№|n[º°o]?|#|номер|пункт)[№ .]*(?:{_PP}|строки|мероприятия)?|{_PP})$"),
    (Column.START, r"^(?:дата |срок )?(?:начал[оа]|с)(?: [а-я]+)?$"),
    (Column.END, r"^(?:дата |срок )?(?:окончани[ея]|завершени[ея]|конец|по)(?: [а-я]+)?$"),
    (Column.DEADLINE, r"\bсрок|\bдат[аыу]\b|период|\bмесяц|\bкогда\b|\bвремя\b"),
    (Column.HELPERS, r"соисполнител|привлека"),
    (Column.LEAD, r"ответствен|исполнител|организатор|\bкто\b"),
    (Column.RESULT, _RESULTS),
    (Column.CONTENT, r"содержани|описани"),
    (Column.ACTIVITY, r"мероприят|\bдел[ао]\b"),
    (Column.SECTION, r"\bэтап|направлени|раздел|\bблок|модул|\bзадач"),
    (Column.CONTENT, r"наименован|действи|деятельност|\bработ|\bшаг|\bчто\b|\bтем[аы]\b"),
)
_RANKS: Final = (Column.ACTIVITY, Column.CONTENT, Column.SECTION)
"""The first of these that a table has holds its activities."""
_BESIDE: Final = frozenset({Column.DEADLINE, Column.START, Column.END, Column.LEAD, Column.RESULT})


def roadmap_tables(
    tables: Sequence[Table], wanted: Collection[int] = ()
) -> tuple[HeadedTable, ...]:
    """The tables that make up the roadmap, in order; those `wanted` by number, where any are.

    Raises `NoRoadmapTable`, `NoActivityColumn` or `SeveralRoadmapTables`.
    """
    if not tables:
        raise NoRoadmapTable("в документе нет ни одной таблицы; дайте файл с таблицей плана")
    unknown = sorted(set(wanted) - {table.number for table in tables})
    if unknown:
        raise NoRoadmapTable(f"таблицы {unknown[0]} нет; в документе таблиц: {len(tables)}")
    found = list(_headed(tables, wanted))
    if not found:
        raise NoActivityColumn(
            "ни в одной таблице нет столбца мероприятий рядом со сроком, ответственным или "
            "результатом; назовите столбец «Мероприятие» и повторите"
        )
    kinds = {one.columns for one in found if one.names_columns}
    if len(kinds) > 1 and not wanted:
        told = "; ".join(
            f"таблица {one.table.number}, строк: {len(one.table.rows) - one.first}, столбцы: "
            + ", ".join(f"«{words}»" for words in dict.fromkeys(h.words for h in one.headings))
            for one in found
            if one.names_columns
        )
        raise SeveralRoadmapTables(f"выберите таблицу, --table N (можно несколько раз): {told}")
    return tuple(found)


def _headed(tables: Sequence[Table], wanted: Collection[int]) -> Iterator[HeadedTable]:
    """The tables with a heading of their own, and those that go on without one."""
    before: HeadedTable | None = None
    for table in tables:
        found = _with_heading(table)
        goes_on = found is None and before is not None and table.width == len(before.headings)
        if found is None and before is not None and goes_on:
            found = HeadedTable(table=table, headings=before.headings, first=0, names_columns=False)
        is_wanted = not wanted or table.number in wanted or goes_on
        before = found if is_wanted else None
        if before is not None:
            yield before


def _with_heading(table: Table) -> HeadedTable | None:
    for top in range(min(_SEARCHED, len(table.rows))):
        if sum(bool(cell.lines) for cell in table.rows[top].cells) < 2:  # noqa: PLR2004 - a title
            continue
        height = _height(table, top)
        headings = _headings(table, range(top, top + height))
        columns = {heading.column for heading in headings}
        if Column.ACTIVITY in columns and columns & _BESIDE:
            return HeadedTable(table=table, headings=headings, first=top + height)
    return None


def _height(table: Table, top: int) -> int:
    """The rows of a heading that begins at `top`: below it go on its merged cells and parts."""
    height = 1
    while top + height < len(table.rows):
        above, below = table.rows[top + height - 1].cells, table.rows[top + height].cells
        wide = [cell for cell in above if cell.width > 1]
        parts = [c for c in below if c.top == top + height and c.lines]
        under_wide = [c for c in parts if any(_is_under(c, cell) for cell in wide)]
        merged = any(c.top < top + height and c.top >= top for c in below)
        is_part = bool(under_wide) and len(under_wide) == len(parts)
        # Everything goes on: a heading whose every cell is merged downwards.
        if not is_part and not (merged and not parts):
            return height
        height += 1
    return height


def _is_under(cell: Cell, above: Cell) -> bool:
    return above.column <= cell.column < above.column + above.width and cell.width < above.width


def _headings(table: Table, rows: range) -> tuple[Heading, ...]:
    """A heading for each column of the grid, its lowest words first asked."""
    texts: list[list[str]] = [[] for _ in range(table.width)]
    for row in rows:
        for cell in table.rows[row].cells:
            for column in range(cell.column, cell.column + cell.width):
                if cell.text and cell.text not in texts[column]:
                    texts[column].append(cell.text)
    known = [Heading(column=_known(above), words=" ".join(above)) for above in texts]
    return _with_activity(known)


def _known(above: Sequence[str]) -> Column:
    """What a column holds by the words above it, the nearest first."""
    for text in reversed(above):
        found = column_of(text)
        if found is not Column.OTHER:
            return found
    return column_of(" ".join(above))


def column_of(heading: str) -> Column:
    """What the column below this heading holds; `OTHER` if it does not say so or says too much."""
    words = heading.casefold().replace("ё", "е").strip(" .:*")
    if not words or len(words) > LONGEST_HEADING:
        return Column.OTHER
    kinds = [column for column, pattern in _WORDS if re.search(pattern, words)]
    if {Column.DEADLINE, Column.LEAD} <= set(kinds):
        return Column.OTHER  # «срок и ответственный» in one column
    return kinds[0] if kinds else Column.OTHER


def _with_activity(known: Sequence[Heading]) -> tuple[Heading, ...]:
    """Exactly one heading of activities, if any is like it; further ones are content."""
    rank = next((kind for kind in _RANKS if any(h.column is kind for h in known)), None)
    chosen: str | None = None
    found: list[Heading] = []
    for heading in known:
        column = heading.column
        if column is rank and chosen in (None, heading.words):
            chosen, column = heading.words, Column.ACTIVITY
        elif column is Column.ACTIVITY:
            column = Column.CONTENT
        found.append(heading.changed(column=column))
    return tuple(found)


def by_column(
    cells: Sequence[Cell], headings: Sequence[Heading]
) -> Mapping[Column, tuple[Cell, ...]]:
    """The cells of a row by what they hold; one over several columns is with the first of them."""
    found: dict[Column, tuple[Cell, ...]] = {}
    for cell in cells:
        column = headings[min(cell.column, len(headings) - 1)].column
        found[column] = (*found.get(column, ()), cell)
    return found
