"""How our papers look: one place for margins, fonts, requisites, signatures and tables.

Measures follow the layout rows for ГОСТ Р 7.0.97: right 10, top and bottom 20 mm, left 30 mm where
a paper is kept for more than 10 years, else 20; indent 1.25 cm; corner requisites up to 8 cm wide;
page numbers from the second page on in the middle of the top margin.
"""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Literal

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

from adapters.docx.zipped import stable_zip

FONT = "Times New Roman"
MARKS = '{% if marks %}{{ marks|join(" · ") }}{% endif %}'
CORNER_MM = 80

Align = Literal["left", "center", "right", "both"]
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}

_SIGNED: tuple[Align, ...] = ("left", "left", "right")


class Paper:
    """A template under construction. In texts `~` is a no-break space and `**` turns bold on."""

    def __init__(self, title: str, *, left_mm: int, size: int = 14, spacing: float = 1.15) -> None:
        self._document = Document()
        self._size = size
        self._spacing = spacing
        self.width_mm = 210 - left_mm - 10
        self._set_properties(title)
        self._set_style()
        self._set_page(left_mm)

    def para(  # noqa: PLR0913 - each is one visible property of a paragraph
        self,
        text: str,
        *,
        align: Align = "both",
        indent: bool = True,
        bold: bool = False,
        before: float = 0,
        after: float = 0,
        keep: bool = False,
        size: float | None = None,
        left_mm: float = 0,
    ) -> Paragraph:
        """A paragraph; `keep` holds it on one page with the next."""
        paragraph = self._document.add_paragraph()
        _fill(paragraph, text, bold=bold, size=size)
        shape = paragraph.paragraph_format
        shape.alignment = _ALIGN[align]
        shape.first_line_indent = Mm(12.5) if indent else Mm(0)
        shape.left_indent = Mm(left_mm)
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.keep_with_next = keep
        if not indent and align != "both":
            shape.line_spacing = 1  # requisites of several lines stand close
        return paragraph

    def tag(self, tag: str) -> None:
        """A template tag that governs whole paragraphs, e.g. `if representative`."""
        self._document.add_paragraph(f"{{%p {tag} %}}")

    def title(self, *lines: str, before: float = 12, after: float = 12) -> None:
        """The centred name of the paper; the first line is its kind, in capitals."""
        for index, line in enumerate(lines):
            self.para(
                line,
                align="center",
                indent=False,
                bold=True,
                before=before if index == 0 else 0,
                after=after if index == len(lines) - 1 else 0,
                keep=True,
            )

    def section(self, text: str) -> None:
        """A heading inside the text, never the last line of a page."""
        self.para(text, align="center", indent=False, bold=True, before=10, after=4, keep=True)

    def corner(self, lines: Sequence[str]) -> None:
        """A requisite of the upper right corner, its lines flush left."""
        for line in lines:
            by_hand = line.startswith(("_", "«_"))
            self.para(
                line,
                align="left",
                indent=False,
                left_mm=self.width_mm - CORNER_MM,
                before=6 if by_hand else 0,
            )

    def fill_in(self, text: str, caption: str | None = None) -> None:
        """A line to be filled by hand, drawn up to the right margin."""
        paragraph = self.para(f"{text} \t", align="left", indent=False, before=4)
        paragraph.paragraph_format.tab_stops.add_tab_stop(
            Mm(self.width_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES
        )
        if caption:
            self.para(caption, align="center", indent=False, size=9)

    def both_ends(self, left: str, right: str, *, before: float = 0, after: float = 0) -> None:
        """One line, its left part at the left margin and its right part at the right one."""
        paragraph = self.para(
            f"{left}\t{right}", align="left", indent=False, before=before, after=after
        )
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(self.width_mm), WD_TAB_ALIGNMENT.RIGHT)

    def page_break(self) -> None:
        """What follows begins on a new page."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.page_break_before = True
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(1)

    def signatures(
        self, *lines: tuple[str, str], ruled: bool = True, gap: float = 12, keep: bool = False
    ) -> None:
        """Lines of post, room for the signature, initials and surname; all on one page.

        `keep` holds the last of them on one page with what follows.
        """
        table = self._grid((self.width_mm - 100, 48, 52), rows=len(lines))
        for row, (post, name) in zip(table.rows, lines, strict=True):
            _whole(row)
            for cell, text, align in zip(row.cells, (post, "", name), _SIGNED, strict=True):
                _cell(cell, text, align=align, size=None)
                shape = cell.paragraphs[0].paragraph_format
                shape.space_before = Pt(gap)
                shape.keep_with_next = keep or row._tr is not table.rows[-1]._tr
            if ruled:
                _bottom_line(row.cells[1])
            for cell in row.cells:
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
        self._small_gap(keep=keep)

    def columns(self, left: Sequence[str], right: Sequence[str]) -> None:
        """Two columns without borders; each text is a paragraph."""
        half = self.width_mm / 2
        table = self._grid((half, half))
        for cell, texts in zip(table.rows[0].cells, (left, right), strict=True):
            _cell(cell, texts[0], align="left", size=None)
            for text in texts[1:]:
                _cell_paragraph(cell.add_paragraph(), text, align="left", size=None)
        _whole(table.rows[0])
        self._small_gap()

    def table(
        self,
        heads: Sequence[str],
        widths_mm: Sequence[float],
        loop: str,
        cells: Sequence[str],
        *,
        centred: Sequence[int] = (0,),
    ) -> None:
        """A table with one row per element; its head repeats on each page, rows do not split."""
        table = self._grid(widths_mm, rows=4, style="Table Grid")
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            _cell(cell, text, align="center", size=12, bold=True)
        _repeat(table.rows[0])
        table.rows[1].cells[0].text = f"{{%tr for {loop} %}}"
        for index, (cell, text) in enumerate(zip(table.rows[2].cells, cells, strict=True)):
            _cell(cell, text, align="center" if index in centred else "left", size=12)
        table.rows[3].cells[0].text = "{%tr endfor %}"
        for row in table.rows:
            _whole(row)
        self._small_gap()

    def figures(self, rows: Sequence[tuple[str, str]], value_mm: float = 30) -> None:
        """A bordered table of names and values."""
        table = self._grid(
            (self.width_mm - value_mm, value_mm), rows=len(rows) + 1, style="Table Grid"
        )
        for row, (name, value) in zip(table.rows, (("Показатель", "Значение"), *rows), strict=True):
            head = row is table.rows[0] or name == "Показатель"
            _cell(row.cells[0], name, align="center" if head else "left", size=12, bold=head)
            _cell(row.cells[1], value, align="center", size=12, bold=head)
            _whole(row)
        _repeat(table.rows[0])
        self._small_gap()

    def bytes(self) -> bytes:
        """The file; the same script makes the same bytes."""
        out = io.BytesIO()
        self._document.save(out)
        return stable_zip(out.getvalue())

    def _small_gap(self, *, keep: bool = False) -> None:
        """Word wants a paragraph between tables; it must not look like an empty line."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Pt(4)

    def _grid(
        self, widths_mm: Sequence[float], *, rows: int = 1, style: str | None = None
    ) -> Table:
        table: Table = self._document.add_table(rows=rows, cols=len(widths_mm), style=style)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        if style is None:  # without borders the text stands flush with the text around it
            margins = _element("w:tblCellMar")
            margins.extend(_element(f"w:{side}", w="0", type="dxa") for side in ("left", "right"))
            for look in table._tbl.tblPr.iterchildren(qn("w:tblLook")):  # the schema has an order
                look.addprevious(margins)
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
            for cell in column.cells:
                cell.width = Mm(width)
        return table

    def _set_properties(self, title: str) -> None:
        properties = self._document.core_properties
        properties.title, properties.author, properties.comments = title, "", ""
        properties.language = "ru-RU"
        properties.created = properties.modified = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

    def _set_style(self) -> None:
        style = self._document.styles["Normal"]
        if not isinstance(style, ParagraphStyle):
            raise TypeError("the base template has no paragraph style «Normal»")
        style.font.name, style.font.size = FONT, Pt(self._size)
        fonts = style.element.rPr.rFonts
        for script in ("w:eastAsia", "w:cs"):
            fonts.set(qn(script), FONT)
        language = _element("w:lang", val="ru-RU", eastAsia="ru-RU")
        style.element.rPr.append(language)
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = self._spacing
        shape.widow_control = True

    def _set_page(self, left_mm: int) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin, section.right_margin = Mm(left_mm), Mm(10)
        section.top_margin = section.bottom_margin = Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        for header, number in ((section.first_page_header, False), (section.header, True)):
            self._header(header.paragraphs[0], number=number)

    def _header(self, paragraph: Paragraph, *, number: bool) -> None:
        """Page number in the middle, marks («ПРОЕКТ») at the right end of the top margin."""
        paragraph.style = self._document.styles["Normal"]
        shape = paragraph.paragraph_format
        shape.line_spacing = 1
        shape.tab_stops.add_tab_stop(Mm(self.width_mm / 2), WD_TAB_ALIGNMENT.CENTER)
        shape.tab_stops.add_tab_stop(Mm(self.width_mm), WD_TAB_ALIGNMENT.RIGHT)
        paragraph.add_run("\t")
        if number:
            _page_field(paragraph)
        marks = paragraph.add_run(f"\t{MARKS}")
        marks.bold = True
        marks.font.size = Pt(12)
        marks.font.color.rgb = RGBColor(0xA0, 0x1C, 0x1C)


def _fill(
    paragraph: Paragraph, text: str, *, bold: bool = False, size: float | None = None
) -> None:
    for index, piece in enumerate(text.replace("~", "\N{NO-BREAK SPACE}").split("**")):
        if not piece:
            continue
        run = paragraph.add_run(piece)
        run.bold = True if bold or index % 2 else None
        if size is not None:
            run.font.size = Pt(size)


def _cell(cell: _Cell, text: str, *, align: Align, size: float | None, bold: bool = False) -> None:
    _cell_paragraph(cell.paragraphs[0], text, align=align, size=size, bold=bold)


def _cell_paragraph(
    paragraph: Paragraph, text: str, *, align: Align, size: float | None, bold: bool = False
) -> None:
    _fill(paragraph, text, bold=bold, size=size)
    paragraph.alignment = _ALIGN[align]
    paragraph.paragraph_format.line_spacing = 1


def _element(tag: str, **attributes: str) -> _Element:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _page_field(paragraph: Paragraph) -> None:
    for kind, text in (("begin", None), (None, "PAGE"), ("separate", None), ("end", None)):
        run = paragraph.add_run()
        if kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))
        else:
            instruction = _element("w:instrText")
            instruction.text = text
            run._r.append(instruction)


def _whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))


def _repeat(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))


def _bottom_line(cell: _Cell) -> None:
    borders = _element("w:tcBorders")
    borders.append(_element("w:bottom", val="single", sz="6", space="0", color="000000"))
    cell._tc.get_or_add_tcPr().append(borders)
