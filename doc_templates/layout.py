"""How our papers look: one place for margins, fonts, requisites, signatures and tables.

Measures follow the layout rows for ГОСТ Р 7.0.97: right 10, top and bottom 20 mm, left 30 mm where
a paper is kept for more than 10 years, else 20; indent 1.25 cm; corner requisites up to 7.5 cm, as
the standard of 2016 has it (that of 2025 allows 8); page numbers from the second page on in the
middle of the top margin, the QR code at its right end.
"""

import datetime as dt
import io
from collections.abc import Sequence

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph

from adapters.docx.zipped import stable_zip
from doc_templates.marks import fill_header, signature_mark
from doc_templates.parts import (
    ALIGN,
    Align,
    element,
    fill,
    fill_cell,
    fill_paragraph,
    fill_row,
    keep_whole,
    make_room,
    repeat_above,
    underline,
)

FONT = "Times New Roman"
CORNER_MM = 75

_MOST_NARROW = 10  # columns to write in, side by side
_WRITTEN_MM = 8  # the least height of a row to write in

_SIGNED: tuple[Align, ...] = ("left", "left", "right")


class Paper:
    """A template under construction. In texts `~` is a no-break space and `**` turns bold on."""

    def __init__(  # noqa: PLR0913 - each is one visible property of a paper
        self,
        title: str,
        *,
        left_mm: int,
        right_mm: int = 10,
        size: int = 14,
        spacing: float = 1.15,
        landscape: bool = False,
        numbered: bool = True,
        coded: bool = True,
    ) -> None:
        """`coded`: each page has a QR code; ceremonial papers go without."""
        self._has_mark = False
        self._document = Document()
        self._size = size
        self._spacing = spacing
        self._page_mm = (297, 210) if landscape else (210, 297)
        self.width_mm = self._page_mm[0] - left_mm - right_mm
        self._set_properties(title)
        self._set_style()
        self._set_page(left_mm, right_mm, numbered=numbered, coded=coded)

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
        fill(paragraph, text, bold=bold, size=size)
        shape = paragraph.paragraph_format
        shape.alignment = ALIGN[align]
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

    def fill_in(self, text: str, caption: str | None = None, *, keep: bool = False) -> None:
        """A line to be filled by hand, drawn up to the right margin."""
        paragraph = self.para(f"{text} \t", align="left", indent=False, before=4, keep=keep)
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
        self,
        *lines: tuple[str, str],
        ruled: bool = True,
        gap: float = 12,
        keep: bool = False,
        below: str | None = None,
    ) -> None:
        """Lines of post, room for the signature, initials and surname; all on one page.

        `keep` holds the last of them on one page with what follows; `below`, a date to be filled
        by hand, belongs to them. On the paper's first line a mark stands in place of the
        signature if the fact `signature_mark` is given.
        """
        table = self._grid((self.width_mm - 100, 48, 52), rows=len(lines) + (below is not None))
        if below is not None:
            keep_whole(table.rows[-1])
            cell = table.rows[-1].cells[0].merge(table.rows[-1].cells[-1])
            fill_cell(cell, below, align="left", size=None)
            cell.paragraphs[0].paragraph_format.space_before = Pt(8)
        for row, (post, name) in zip(table.rows, lines, strict=False):
            keep_whole(row)
            for cell, text, align in zip(row.cells, (post, "", name), _SIGNED, strict=True):
                fill_cell(cell, text, align=align, size=None)
                shape = cell.paragraphs[0].paragraph_format
                shape.space_before = Pt(gap)
                shape.keep_with_next = keep or row._tr is not table.rows[-1]._tr
            if ruled:
                underline(row.cells[1])
            for cell in row.cells:
                cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.BOTTOM
            if not self._has_mark:
                self._has_mark = True
                signature_mark(row.cells[1], gap=gap, keep=keep or len(table.rows) > 1)
        self._no_gap(keep=keep)

    def columns(
        self, left: Sequence[str], right: Sequence[str], *, right_mm: float | None = None
    ) -> None:
        """Two columns without borders, halves unless told; each text is a paragraph."""
        right_mm = right_mm or self.width_mm / 2
        table = self._grid((self.width_mm - right_mm, right_mm))
        for cell, texts in zip(table.rows[0].cells, (left, right), strict=True):
            fill_cell(cell, texts[0], align="left", size=None)
            for text in texts[1:]:
                fill_paragraph(cell.add_paragraph(), text, align="left", size=None)
        keep_whole(table.rows[0])
        self._no_gap()

    def table(  # noqa: PLR0913 - each is one visible property of a table
        self,
        heads: Sequence[str],
        widths_mm: Sequence[float],
        loop: str,
        cells: Sequence[str],
        *,
        centred: Sequence[int] = (0,),
        group: tuple[str, str] | None = None,
        foot: Sequence[str] = (),
        may_split: bool = False,
    ) -> None:
        """A table with one row per element; its head repeats on each page.

        A new line in a cell begins a paragraph. `group`: an outer loop, and what its full-width
        row says above the rows of the inner one. `foot`: the cells of a last row, with totals.
        `may_split`: long rows go on overleaf; else each row stays whole.
        """
        body = ["for", "row", "end"]
        if group is not None:
            body = ["for", "head", *body, "end"]
        if foot:
            body.append("foot")
        loops = iter((loop,) if group is None else (group[0], loop))
        table = self._grid(widths_mm, rows=len(body) + 1, style="Table Grid")
        for cell, text in zip(table.rows[0].cells, heads, strict=True):
            fill_cell(cell, text, align="center", size=12, bold=True)
        repeat_above(table.rows[0])
        for what, row in zip(body, table.rows[1:], strict=True):
            if what == "for":
                row.cells[0].text = f"{{%tr for {next(loops)} %}}"
            elif what == "end":
                row.cells[0].text = "{%tr endfor %}"
            elif what == "head" and group is not None:
                whole = row.cells[0].merge(row.cells[-1])
                fill_cell(whole, group[1], align="left", size=12, bold=True)
                whole.paragraphs[0].paragraph_format.keep_with_next = True
            elif what == "foot":
                fill_row(row, foot, centred, bold=True)
            else:
                fill_row(row, cells, centred)
            if what != "row" or not may_split:
                keep_whole(row)
        keep_whole(table.rows[0])
        self._no_gap()

    def sheet(
        self,
        heads: Sequence[str],
        widths_mm: Sequence[float],
        loop: str,
        cells: Sequence[str],
        *,
        across: tuple[str, str],
        under: Sequence[str],
    ) -> None:
        """A table to write in: a row per element of `loop`, a narrow column per one of `across`.

        `across`: its loop, and what stands at the head of each narrow column. `under`: the cells
        of the row under the head. Up to ten narrow columns fit; the fewer they are, the wider all.
        """
        narrow_mm = (self.width_mm - sum(widths_mm)) / _MOST_NARROW
        table = self._grid((*widths_mm, *[narrow_mm] * 3), rows=5, style="Table Grid")
        table.rows[2].cells[0].text = f"{{%tr for {loop} %}}"
        table.rows[4].cells[0].text = "{%tr endfor %}"
        for index, texts, head in ((0, heads, across[1]), (1, under, ""), (3, cells, "")):
            row = table.rows[index]
            narrow = (f"{{%tc for {across[0]} %}}", head, "{%tc endfor %}")
            centred = (0, len(texts) + 1)
            fill_row(row, (*texts, *narrow), centred, bold=index == 0, least_mm=_WRITTEN_MM)
            keep_whole(row)
        repeat_above(table.rows[0])
        make_room(table, _MOST_NARROW, self.width_mm)
        self._no_gap()

    def figures(
        self,
        rows: Sequence[tuple[str, str]],
        value_mm: float = 30,
        *,
        heads: tuple[str, str] = ("Показатель", "Значение"),
        value_align: Align = "center",
    ) -> None:
        """A bordered table of names and values."""
        table = self._grid(
            (self.width_mm - value_mm, value_mm), rows=len(rows) + 1, style="Table Grid"
        )
        for index, (row, (name, value)) in enumerate(zip(table.rows, (heads, *rows), strict=True)):
            head = index == 0
            fill_cell(row.cells[0], name, align="center" if head else "left", size=12, bold=head)
            fill_cell(
                row.cells[1], value, align="center" if head else value_align, size=12, bold=head
            )
            keep_whole(row)
        repeat_above(table.rows[0])
        self._no_gap()

    def frame(self) -> None:
        """A double line around each page, for papers that are handed over."""
        borders = element("w:pgBorders", offsetFrom="page")
        borders.extend(
            element(f"w:{side}", val="double", sz="6", space="24", color="1F3864")
            for side in ("top", "left", "bottom", "right")
        )
        for margins in self._document.sections[0]._sectPr.iterchildren(qn("w:pgMar")):
            margins.addnext(borders)  # the schema has an order

    def foot(self, text: str) -> None:
        """A centred line at the foot of the first page."""
        paragraph = self._document.sections[0].first_page_footer.paragraphs[0]
        paragraph.style = self._document.styles["Normal"]
        fill(paragraph, text)
        paragraph.alignment = ALIGN["center"]

    def bytes(self) -> bytes:
        """The file; the same script makes the same bytes."""
        out = io.BytesIO()
        self._document.save(out)
        return stable_zip(out.getvalue())

    def _no_gap(self, *, keep: bool = False) -> None:
        """Word wants a paragraph after a table; so low, it never goes overleaf on its own."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        paragraph.paragraph_format.line_spacing = Twips(1)

    def _grid(
        self, widths_mm: Sequence[float], *, rows: int = 1, style: str | None = None
    ) -> Table:
        table: Table = self._document.add_table(rows=rows, cols=len(widths_mm), style=style)
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        if style is None:  # without borders the text stands flush with the text around it
            margins = element("w:tblCellMar")
            margins.extend(element(f"w:{side}", w="0", type="dxa") for side in ("left", "right"))
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
        language = element("w:lang", val="ru-RU", eastAsia="ru-RU")
        style.element.rPr.append(language)
        shape = style.paragraph_format
        shape.space_before = shape.space_after = Pt(0)
        shape.line_spacing = self._spacing
        shape.widow_control = True

    def _set_page(self, left_mm: int, right_mm: int, *, numbered: bool, coded: bool) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = (Mm(side) for side in self._page_mm)
        if self._page_mm[0] > self._page_mm[1]:
            section.orientation = WD_ORIENT.LANDSCAPE
        section.left_margin, section.right_margin = Mm(left_mm), Mm(right_mm)
        section.top_margin = section.bottom_margin = Mm(20)
        section.header_distance = section.footer_distance = Mm(10)
        section.different_first_page_header_footer = True
        headers = ((section.first_page_header, False), (section.header, numbered))
        for index, (header, number) in enumerate(headers, start=1):
            paragraph = header.paragraphs[0]
            paragraph.style = self._document.styles["Normal"]
            fill_header(paragraph, self.width_mm, number=number, code=index if coded else None)
