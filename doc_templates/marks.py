"""What stands on papers beside their text: marks, page number, QR code, electronic signature."""

import io

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from lxml.etree import _Element

from adapters.docx.qr import placeholder
from doc_templates.parts import element, fill_paragraph, page_field

_MARKS = '{% if marks %}{{ marks|join(" · ") }}{% endif %}'
_CODE_MM = 15
_CODE_FROM_EDGE_MM = 4  # printers leave this much of a sheet blank
_CODE_GAP_MM = 3
_MARK = (
    "**Документ подписан электронной подписью**",
    "Сертификат {{ signature_mark.certificate }}",
    "Владелец {{ signature_mark.owner }}",
    "Действителен с~{{ signature_mark.valid_from }} по~{{ signature_mark.valid_until }}",
)


def fill_header(paragraph: Paragraph, width_mm: float, *, number: bool, code: int | None) -> None:
    """Page number in the middle of the top margin, marks («ПРОЕКТ») at its right end.

    `code` is the picture's number in the document; the marks leave room for it. None: no code.
    """
    right_mm = width_mm if code is None else width_mm - _CODE_MM - _CODE_GAP_MM
    shape = paragraph.paragraph_format
    shape.line_spacing = 1
    shape.tab_stops.add_tab_stop(Mm(width_mm / 2), WD_TAB_ALIGNMENT.CENTER)
    shape.tab_stops.add_tab_stop(Mm(right_mm), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run("\t")
    if number:
        page_field(paragraph)
    marks = paragraph.add_run(f"\t{_MARKS}")
    marks.bold = True
    marks.font.size = Pt(12)
    marks.font.color.rgb = RGBColor(0xA0, 0x1C, 0x1C)
    if code is not None:
        _code_picture(paragraph, code)


def _code_picture(paragraph: Paragraph, number: int) -> None:
    """The placeholder of the QR code, at the right end of the top margin and behind the text.

    The standard of 2025 has it low on the first sheet, or in the upper right corner.
    """
    size = Mm(_CODE_MM)
    inline = paragraph.add_run().add_picture(io.BytesIO(placeholder()), size, size)._inline
    anchor = _drawn(
        "wp:anchor",
        distT="0",
        distB="0",
        distL="0",
        distR="0",
        simplePos="0",
        relativeHeight="1",
        behindDoc="1",
        locked="0",
        layoutInCell="1",
        allowOverlap="1",
    )
    across, down = _drawn("wp:positionH", relativeFrom="margin"), _drawn("wp:positionV")
    down.set("relativeFrom", "page")
    for place, kind, text in (
        (across, "wp:align", "right"),
        (down, "wp:posOffset", str(Mm(_CODE_FROM_EDGE_MM))),
    ):
        where = _drawn(kind)
        where.text = text
        place.append(where)
    inline.docPr.set("id", str(number))
    inline.docPr.set("name", "QR-код")
    inline.docPr.set("descr", "Код документа и версии")
    anchor.extend((_drawn("wp:simplePos", x="0", y="0"), across, down))
    extent, *rest = inline.iterchildren()
    anchor.extend((extent, _drawn("wp:wrapNone"), *rest))
    drawing = inline.getparent()
    if drawing is None:
        raise ValueError("the picture stands nowhere")
    drawing.replace(inline, anchor)


def _drawn(tag: str, **attributes: str) -> _Element:
    """As `element`, for drawings, whose attributes have no namespace."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(name, value)
    return made


def signature_mark(cell: _Cell, *, gap: float, keep: bool) -> None:
    """The mark of an electronic signature, where there is one, in place of the room to sign.

    What it must say: that the document is signed so, the certificate, its owner and its term.
    """
    room = cell.paragraphs[0]
    room.insert_paragraph_before("{%p if signature_mark %}")
    for index, text in enumerate(_MARK):
        line = room.insert_paragraph_before()
        borders = element("w:pBdr")
        borders.extend(
            element(f"w:{side}", val="single", sz="6", space="1", color="1F3864")
            for side in ("top", "left", "bottom", "right")
        )
        line._p.get_or_add_pPr().append(borders)
        fill_paragraph(line, text, align="left", size=7)
        shape = line.paragraph_format
        shape.left_indent = shape.right_indent = Mm(1.5)
        shape.space_before = Pt(gap if index == 0 else 0)
        shape.keep_with_next = keep
    room.insert_paragraph_before("{%p else %}")
    cell.add_paragraph("{%p endif %}")
