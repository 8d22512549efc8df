"""An organisation's layout laid over a template."""

import io
from collections.abc import Iterator

from docx import Document
from docx.document import Document as OpenedDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

from adapters.docx.compiled import UNREADABLE
from adapters.docx.zipped import stable_zip
from domain.errors import TemplateFault
from domain.layout_settings import LayoutSettings

_NEAR = Mm(1)
_FONTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_CORNER_TABLE = 2  # columns: what is at the left, and the requisite of the corner


def with_settings(template: bytes, settings: LayoutSettings, *, kept_long: bool) -> bytes:
    """The template with the organisation's layout; equal arguments give equal bytes.

    `kept_long`: papers of the kind are kept for more than 10 years (`left_margin_mm` of kind.yaml
    is 30). What the settings leave open, tags and text stay as they are. Done once, when a
    template is loaded. Raises `TemplateFault` if the template is no DOCX.
    """
    if settings == LayoutSettings():
        return template
    try:
        document = Document(io.BytesIO(template))
    except UNREADABLE as error:
        raise TemplateFault("не читается: это не файл DOCX") from error
    _Layout(document, settings, kept_long=kept_long).apply()
    out = io.BytesIO()
    document.save(out)
    return stable_zip(out.getvalue())


class _Layout:
    """One application of settings to one document."""

    def __init__(
        self, document: OpenedDocument, settings: LayoutSettings, *, kept_long: bool
    ) -> None:
        self._document = document
        self._settings = settings
        self._kept_long = kept_long
        normal = document.styles["Normal"]
        if not isinstance(normal, ParagraphStyle):
            raise TemplateFault("в шаблоне нет стиля абзаца «Normal»")
        self._normal = normal
        self._size = normal.font.size

    def apply(self) -> None:
        before = [_text_width(section) for section in self._document.sections]
        for section in self._document.sections:
            self._margins(section)
        for index, block in _blocks(self._document):
            width = _text_width(self._document.sections[index])
            self._block(block, before[index], width)
        for section, old in zip(self._document.sections, before, strict=True):
            self._headers(section, old)
        self._font()
        self._style()

    def _margins(self, section: Section) -> None:
        given = self._settings
        left = given.left_kept_long_mm if self._kept_long else given.left_mm
        for name, length in (
            ("left_margin", left),
            ("right_margin", given.right_mm),
            ("top_margin", given.top_mm),
            ("bottom_margin", given.bottom_mm),
            ("header_distance", given.page_number_mm),
            ("footer_distance", given.page_number_mm),
        ):
            if length is not None:
                setattr(section, name, Mm(length))

    def _block(self, block: Paragraph | Table, old: int, new: int) -> None:
        if isinstance(block, Paragraph):
            self._paragraph(block, old, new)
            return
        bordered = block._tbl.tblPr.find(qn("w:tblStyle")) is not None
        self._columns(block, old, new, bordered=bordered)
        for paragraph in _within(block):
            if bordered and self._settings.table_size_pt is not None:
                for run in paragraph.runs:
                    run.font.size = Pt(self._settings.table_size_pt)
            elif not bordered:
                self._spacing(paragraph)

    def _paragraph(self, paragraph: Paragraph, old: int, new: int) -> None:
        shape, given = paragraph.paragraph_format, self._settings
        _move_stops(paragraph, old, new)
        if given.size_pt is not None:
            for run in paragraph.runs:
                if run.font.size == self._size:  # else it was made larger or smaller on purpose
                    run.font.size = Pt(given.size_pt)
        left = shape.left_indent or 0
        if left >= old / 2 - _NEAR:
            corner = old - left if given.corner_mm is None else Mm(given.corner_mm)
            shape.left_indent = Length(new - corner)
        self._spacing(paragraph)
        first = shape.first_line_indent or 0
        if first <= 0:
            return
        if given.indent_mm is not None:
            shape.first_line_indent = Mm(given.indent_mm)
        if given.align is not None:
            both = given.align == "both"
            shape.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if both else WD_ALIGN_PARAGRAPH.LEFT

    def _spacing(self, paragraph: Paragraph) -> None:
        """Of a paragraph that has its own: requisites do, text has that of the style."""
        shape, given = paragraph.paragraph_format, self._settings
        if not isinstance(shape.line_spacing, float):
            return
        is_text = shape.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
        wanted = given.line_spacing if is_text else given.requisite_spacing
        if wanted is not None:
            shape.line_spacing = wanted

    def _columns(self, table: Table, old: int, new: int, *, bordered: bool) -> None:
        grid = [column.width or 0 for column in table.columns]
        if abs(sum(grid) - old) > _NEAR:
            return  # as wide as its author wanted it
        wanted = [width * new / old for width in grid]
        if not bordered and len(grid) == _CORNER_TABLE and grid[1] <= old / 2 - _NEAR:
            corner = self._settings.corner_mm
            right = grid[1] if corner is None else Mm(corner)
            wanted = [new - right, right]
        for width in table._tbl.tblPr.iterchildren(qn("w:tblW")):
            if width.get(qn("w:type")) == "dxa":
                width.set(qn("w:w"), str(Length(new).twips))
        for column, share in zip(table._tbl.tblGrid.gridCol_lst, wanted, strict=True):
            column.w = Length(round(share))
        for row in table._tbl.tr_lst:
            for index, cell in enumerate(row.tc_lst):
                same = len(row.tc_lst) == len(grid)  # else cells are merged or come by a loop
                ratio = wanted[index] / grid[index] if same and grid[index] else new / old
                if cell.width is not None:
                    cell.width = Length(round(cell.width * ratio))

    def _headers(self, section: Section, old: int) -> None:
        new = _text_width(section)
        for part in (
            section.header,
            section.first_page_header,
            section.even_page_header,
            section.footer,
            section.first_page_footer,
            section.even_page_footer,
        ):
            if not part.is_linked_to_previous:
                for paragraph in part.paragraphs:
                    _move_stops(paragraph, old, new)
        place = self._settings.page_number
        if place is None or section.header.is_linked_to_previous:
            return
        for paragraph in section.header.paragraphs:
            runs = _page_field(paragraph)
            if runs:
                _place_number(section, paragraph, runs, place)
                return

    def _font(self) -> None:
        font = self._settings.font
        if font is None:
            return
        old = self._normal.font.name
        parts = [self._document.styles.element, self._document.element]
        for section in self._document.sections:
            headers = (section.header, section.first_page_header, section.footer)
            parts += [part._element for part in headers if not part.is_linked_to_previous]
        for part in parts:
            for fonts in part.iter(qn("w:rFonts")):
                for script in _FONTS:
                    if old is not None and fonts.get(qn(script)) == old:
                        fonts.set(qn(script), font)

    def _style(self) -> None:
        given = self._settings
        if given.font is not None:
            self._normal.font.name = given.font
        if given.line_spacing is not None:
            self._normal.paragraph_format.line_spacing = given.line_spacing
        if given.size_pt is not None:
            self._normal.font.size = Pt(given.size_pt)


def _text_width(section: Section) -> int:
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return (page or Mm(210)) - (left or 0) - (right or 0)


def _blocks(document: OpenedDocument) -> Iterator[tuple[int, Paragraph | Table]]:
    """Paragraphs and tables of the page itself, with the number of their section."""
    section = 0
    for block in document.iter_inner_content():
        yield section, block
        if isinstance(block, Paragraph):
            section += block._p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None


def _within(table: Table) -> Iterator[Paragraph]:
    for paragraph in table._tbl.iter(qn("w:p")):
        if isinstance(paragraph, CT_P):
            yield Paragraph(paragraph, table)


def _move_stops(paragraph: Paragraph, old: int, new: int) -> None:
    """Stops at the right end and in the middle stay there."""
    for stop in paragraph.paragraph_format.tab_stops:
        if stop.alignment == WD_TAB_ALIGNMENT.RIGHT:
            stop.position = Length(stop.position + new - old)
        elif stop.alignment == WD_TAB_ALIGNMENT.CENTER:
            stop.position = Length(stop.position + (new - old) // 2)


def _page_field(paragraph: Paragraph) -> list[_Element]:
    """The runs of the field PAGE, which Word needs together."""
    runs: list[_Element] = []
    for run in paragraph._p.iterchildren(qn("w:r")):
        field = run.find(qn("w:fldChar"))
        kind = None if field is None else field.get(qn("w:fldCharType"))
        if kind == "begin":
            runs = [run]
        elif runs:
            runs.append(run)
        if kind == "end":
            codes = (code.text or "" for one in runs for code in one.iter(qn("w:instrText")))
            if "".join(codes).split()[:1] == ["PAGE"]:
                return runs
            runs = []
    return []


def _place_number(section: Section, header: Paragraph, runs: list[_Element], place: str) -> None:
    side = place.removeprefix("top_").removeprefix("bottom_")
    if place == "top_right":
        header.add_run("  ")
        target = header
    elif place == "top_center":
        return
    else:
        section.footer.is_linked_to_previous = False
        target = section.footer.paragraphs[0]
        target.style = header.style
        target.alignment = (
            WD_ALIGN_PARAGRAPH.CENTER if side == "center" else WD_ALIGN_PARAGRAPH.RIGHT
        )
    for run in runs:
        target._p.append(run)
