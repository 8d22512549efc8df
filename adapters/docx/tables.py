"""Columns of tables whose rows got more or fewer cells than the template has.

Word wants a `w:gridCol` for each column; a loop over cells (`{%tc for %}`) changes their number.
"""

import re
from collections.abc import Iterator

from lxml import etree

from domain.errors import TemplateFault

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WIDTH = f"{_W}w"
_TOKEN = re.compile(
    r"\{%\s*(?P<statement>if|for|endif|endfor)\b.*?%\}"
    r"|<(?P<end>/?)w:(?P<name>tbl|tblGrid|tr|tc|gridCol|gridSpan)(?=[ />])(?P<rest>[^>]*)>",
    re.DOTALL,
)
_SPAN = re.compile(r'w:val="(\d+)"')


class _Table:
    """A table of a template, as far as it can be told without facts."""

    def __init__(self, depth: int) -> None:
        self.depth = depth  # of conditions and loops around it
        self.row_depth = depth
        self.columns = 0
        self.has_grid = False
        self.measured = self.even = True
        self.always = self.most = self.most_cells = 0  # columns of rows; cells of a row
        self.spanned = self.cells = 0  # of the row that is read

    def end_row(self) -> None:
        self.most = max(self.most, self.spanned)
        self.most_cells = max(self.most_cells, self.cells)
        if self.row_depth == self.depth:
            self.always = max(self.always, self.spanned)

    @property
    def settled(self) -> bool:
        """Whether its columns fit whatever the facts are."""
        return self.even and self.most_cells <= self.columns <= self.always


def may_change(source: str) -> bool:
    """Whether facts can change the columns of a table. Raises `TemplateFault` without a grid."""
    tables = list(_tables(source))
    for table in tables:
        if not table.has_grid or not (table.settled or table.measured):
            raise TemplateFault("у таблицы не заданы столбцы (w:tblGrid, w:gridCol)")
    return not all(table.settled for table in tables)


def _tables(source: str) -> Iterator[_Table]:
    depth = 0
    opened: list[_Table] = []
    for token in _TOKEN.finditer(source):
        statement, name = token.group("statement"), token.group("name")
        if statement is not None:
            depth += -1 if statement.startswith("end") else 1
        elif name == "tbl":
            if token.group("end"):
                yield opened.pop()
            else:
                opened.append(_Table(depth))
                if len(opened) > 1:  # rows of an inner table count for the outer one too
                    opened[-2].even = False
        elif opened:
            _read(opened[-1], token, depth)


def _read(table: _Table, token: re.Match[str], depth: int) -> None:
    is_end, rest = token.group("end") == "/", token.group("rest")
    match token.group("name"):
        case "tblGrid":
            table.has_grid = True
        case "gridCol" if not is_end:
            table.columns += 1
            table.even &= depth == table.depth
            table.measured &= ' w:w="' in rest
        case "tr" if is_end:
            table.end_row()
        case "tr":
            table.row_depth, table.spanned, table.cells = depth, 0, 0
        case "tc" if not is_end:
            table.cells += 1
            table.spanned += 1
            table.even &= depth == table.row_depth
        case "gridSpan" if not is_end:
            span = _SPAN.search(rest)
            table.even &= span is not None and depth == table.row_depth
            table.spanned += int(span.group(1)) - 1 if span else 0


def with_columns_fixed(document: bytes) -> bytes:
    """The part with as many columns in each table as its widest row has, its width kept."""
    tree = etree.fromstring(document)
    for table in tree.iter(f"{_W}tbl"):
        grid = table.find(f"{_W}tblGrid")
        if grid is not None:
            rows = [row.findall(f"{_W}tc") for row in table.iter(f"{_W}tr")]
            _widen(grid, max(map(len, rows), default=0))
            _narrow(grid, max((sum(map(_span, row)) for row in rows), default=0))
    return etree.tostring(tree, encoding="UTF-8", standalone=True)


def _span(cell: etree._Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return 1 if span is None else int(span.get(f"{_W}val", "1"))


def _widen(grid: etree._Element, wanted: int) -> None:
    columns = grid.findall(f"{_W}gridCol")
    width = sum(_width(column) for column in columns)
    if wanted <= len(columns) or width <= 0:
        return
    before, after = width / len(columns), width / wanted
    for column in columns:
        column.set(_WIDTH, str(int(_width(column) * after / before)))
    for _ in range(wanted - len(columns)):
        etree.SubElement(grid, f"{_W}gridCol", {_WIDTH: str(int(after))})


def _narrow(grid: etree._Element, wanted: int) -> None:
    columns = grid.findall(f"{_W}gridCol")
    left, extra = columns[:wanted], columns[wanted:]
    if not extra:
        return
    for column in extra:
        grid.remove(column)
    share = int(sum(_width(column) for column in extra) / len(left)) if left else 0
    for column in left:
        column.set(_WIDTH, str(int(_width(column) + share)))


def _width(column: etree._Element) -> float:
    return float(column.get(_WIDTH, "0"))
