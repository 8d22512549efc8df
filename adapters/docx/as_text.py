"""What is written in a DOCX, for reading on a screen: no program draws its pages for that.

Paragraphs with alignment, bold, italic and underlined words, and tables are told; pictures,
headers, footers and what only positions are not. A document of ours holds nothing else.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Final

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.table import Table as DocxTable
from docx.table import _Cell as DocxCell
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run as DocxRun

from adapters.docx.compiled import UNREADABLE
from adapters.zip_parts import zip_parts
from domain.document_text import Align, Block, Cell, Paragraph, Row, Run, Table
from domain.errors import BadUpload

_ALIGNED: Final[dict[WD_ALIGN_PARAGRAPH | None, Align]] = {
    WD_ALIGN_PARAGRAPH.CENTER: "center",
    WD_ALIGN_PARAGRAPH.RIGHT: "right",
    WD_ALIGN_PARAGRAPH.JUSTIFY: "both",
}
_VAL: Final = qn("w:val")
_NO_LINE: Final = ("nil", "none")
_ASIDE: Final = Cm(6)


def document_text(content: bytes) -> tuple[Block, ...]:
    """The blocks of its body, in order. Raises `BadUpload` for what is no safe DOCX."""
    for _ in zip_parts(content):
        continue  # each part is held against the limits
    try:
        document = Document(io.BytesIO(content))
        return tuple(_blocks(document))
    except UNREADABLE as error:
        raise BadUpload("файл не читается как документ Word") from error


def _blocks(document: DocxDocument) -> Iterator[Block]:
    for one in document.iter_inner_content():
        yield _table(one) if isinstance(one, DocxTable) else _paragraph(one)


def _paragraph(one: DocxParagraph) -> Paragraph:
    align = _said(one, "alignment")
    indent = _said(one, "left_indent")
    runs: list[Run] = []
    for run in one.runs:
        look = _run(run)
        if look.text and runs and dict(runs[-1], text="") == dict(look, text=""):
            runs[-1] = runs[-1].changed(text=runs[-1].text + look.text)
        elif look.text:
            runs.append(look)
    return Paragraph(
        runs=tuple(runs),
        align=_ALIGNED.get(align, "left"),
        aside=indent is not None and indent >= _ASIDE,
    )


def _said(one: DocxParagraph, name: str) -> Any:
    """A property of the paragraph itself, or of the nearest of its styles that has it."""
    found = getattr(one.paragraph_format, name)
    style: Any = one.style
    while found is None and style is not None:
        found, style = getattr(style.paragraph_format, name), style.base_style
    return found


def _run(run: DocxRun) -> Run:
    return Run(
        text=run.text,
        bold=bool(run.bold),
        italic=bool(run.italic),
        underline=bool(run.underline),
    )


def _table(table: DocxTable) -> Table:
    rows = []
    for row in table.rows:
        properties = row._tr.trPr
        head = properties is not None and properties.find(qn("w:tblHeader")) is not None
        # A merged cell comes once for each column that it covers.
        merged = groupby(row.cells, key=lambda cell: id(cell._tc))
        cells = [_cell(list(same)) for _, same in merged]
        rows.append(Row(cells=tuple(cells), head=head))
    return Table(rows=tuple(rows), ruled=_is_ruled(table))


def _cell(columns: Sequence[DocxCell]) -> Cell:
    paragraphs = tuple(_paragraph(one) for one in columns[0].paragraphs)
    return Cell(paragraphs=paragraphs, columns=len(columns))


def _is_ruled(table: DocxTable) -> bool:
    """Whether the table itself or its style draws lines."""
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    if borders is not None:
        return any(line.get(_VAL) not in _NO_LINE for line in borders)
    style: Any = table.style
    return style is not None and "Grid" in style.name
