"""The small parts that papers are put together from: runs, cells, rows, raw elements."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Literal

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

_SHARES = 5

Align = Literal["left", "center", "right", "both"]
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def fill(paragraph: Paragraph, text: str, *, bold: bool = False, size: float | None = None) -> None:
    for index, piece in enumerate(text.replace("~", "\N{NO-BREAK SPACE}").split("**")):
        if not piece:
            continue
        run = paragraph.add_run(piece)
        run.bold = True if bold or index % 2 else None
        if size is not None:
            run.font.size = Pt(size)


def fill_cell(
    cell: _Cell, text: str, *, align: Align, size: float | None, bold: bool = False
) -> None:
    first, *others = text.split("\n")
    fill_paragraph(cell.paragraphs[0], first, align=align, size=size, bold=bold)
    for other in others:
        fill_paragraph(cell.add_paragraph(), other, align=align, size=size, bold=bold)


def fill_row(
    row: _Row,
    texts: Sequence[str],
    centred: Sequence[int],
    *,
    bold: bool = False,
    least_mm: float | None = None,
) -> None:
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        align: Align = "center" if index in centred else "left"
        fill_cell(cell, text, align=align, size=12, bold=bold)
        if least_mm is not None:
            row.height = Mm(least_mm)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def fill_paragraph(
    paragraph: Paragraph, text: str, *, align: Align, size: float | None, bold: bool = False
) -> None:
    fill(paragraph, text, bold=bold, size=size)
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.line_spacing = 1


def element(tag: str, **attributes: str) -> _Element:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def page_field(paragraph: Paragraph) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), ("end", None)):
        run = paragraph.add_run()
        if kind:
            run._r.append(element("w:fldChar", fldCharType=kind))
        else:
            instruction = element("w:instrText")
            instruction.text = text
            run._r.append(instruction)


def make_room(table: Table, columns: int, width_mm: float) -> None:
    """Room for as many `columns` like the last one; where fewer come, the others widen.

    docxtpl cuts the columns that do not come out of the grid and shares their width out equally,
    so the second column, which needs most, is made of several.
    """
    table.autofit = True
    for width in table._tbl.tblPr.iterchildren(qn("w:tblW")):
        width.set(qn("w:type"), "dxa")
        width.set(qn("w:w"), str(Mm(width_mm).twips))
    grid = table._tbl.tblGrid
    _, wide, *narrow = grid.gridCol_lst
    if wide.w is None:
        raise ValueError("the second column has no width")
    wide.w = Length(wide.w // _SHARES)
    for _ in range(_SHARES - 1):
        wide.addnext(deepcopy(wide))
    for _ in range(columns - len(narrow)):
        grid.append(deepcopy(narrow[-1]))
    for row in table._tbl.tr_lst:
        row.tc_lst[1].grid_span = _SHARES


def keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))


def repeat_above(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def underline(cell: _Cell) -> None:
    borders = element("w:tcBorders")
    borders.append(element("w:bottom", val="single", sz="6", space="0", color="000000"))
    cell._tc.get_or_add_tcPr().append(borders)
