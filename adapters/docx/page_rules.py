"""Rules of pages and paragraphs: each says what breaks it, where, and what was expected."""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.docx.layout_profile import (
    FontSize,
    LineSpacing,
    Margins,
    PageNumber,
    PageSize,
    ParagraphIndent,
    TextAlignment,
)
from adapters.docx.measured import Measured, PageField, Paragraph, Section
from domain.layout_settings import PageNumberPlace

TOLERANCE_MM = 0.15
"""Word keeps twentieths of a point; people type centimetres with two digits."""
_SHEET_TOLERANCE_MM = 1.0
_SPACING_TOLERANCE = 0.02
_FIXED_TOLERANCE = 0.1  # a fixed height is counted in lines of a usual typeface
_ONE_PAGE = 1200
"""Signs that surely fit on one sheet: it needs no number."""

_ALIGNED = {"left": "по левому краю", "right": "по правому краю", "both": "по ширине"}
_PLACED = {"left": "слева", "right": "справа", "center": "посередине"}
_SIDES = {"left": "левое", "right": "правое", "top": "верхнее", "bottom": "нижнее"}


@dataclass(frozen=True)
class Finding:
    """One thing that breaks a rule."""

    place: str
    found: str
    expected: str


def mm_words(length: float) -> str:
    """«12,5 мм»."""
    return f"{number_words(round(length, 1))} мм"


def number_words(figure: float) -> str:
    """With a decimal comma and at most two digits behind it."""
    return f"{round(figure, 2):g}".replace(".", ",")


def page_size(rule: PageSize, document: Measured) -> Iterator[Finding]:
    """Each section is one of the sheets, upright or across."""
    for section in document.sections:
        sides = sorted((section.width_mm, section.height_mm))
        if not any(
            all(
                abs(a - b) <= _SHEET_TOLERANCE_MM for a, b in zip(sides, sorted(sheet), strict=True)
            )
            for sheet in rule.sizes_mm
        ):
            found = f"{section.width_mm:.0f} × {section.height_mm:.0f} мм"
            sheets = (f"{number_words(a)} × {number_words(b)} мм" for a, b in rule.sizes_mm)
            yield Finding(_section(section), found, " или ".join(sheets))


def margins(rule: Margins, document: Measured, *, kept_long: bool | None) -> Iterator[Finding]:
    """No margin is less than the least."""
    left = rule.left_kept_long_mm if kept_long else rule.left_mm
    least = {"left": left, "right": rule.right_mm, "top": rule.top_mm, "bottom": rule.bottom_mm}
    for section in document.sections:
        found = {
            "left": section.left_mm,
            "right": section.right_mm,
            "top": section.top_mm,
            "bottom": section.bottom_mm,
        }
        for side, length in least.items():
            if found[side] < length - TOLERANCE_MM:
                yield Finding(
                    f"{_section(section)}, {_SIDES[side]} поле",
                    mm_words(found[side]),
                    f"не меньше {mm_words(length)}",
                )


def font_size(rule: FontSize, document: Measured) -> Iterator[Finding]:
    """The text has one of the sizes; a table or a caption may be smaller, never larger."""
    sizes = ", ".join(map(number_words, rule.text_pt))
    for paragraph in document.paragraphs:
        for size in paragraph.sizes_pt:
            if paragraph.container or _is_caption(paragraph):
                if size > rule.table_largest_pt:
                    expected = f"не больше {number_words(rule.table_largest_pt)} пт"
                    yield Finding(paragraph.place, f"{number_words(size)} пт", expected)
            elif size not in rule.text_pt:
                yield Finding(paragraph.place, f"{number_words(size)} пт", f"{sizes} пт")


def line_spacing(rule: LineSpacing, document: Measured) -> Iterator[Finding]:
    """Neither the text's lines nor those of requisites are closer or farther than they may be."""
    expected = f"{number_words(rule.least)}–{number_words(rule.most)}"
    for paragraph in document.paragraphs:
        if paragraph.container:
            continue
        give = _SPACING_TOLERANCE if paragraph.spacing * 240 % 1 == 0 else _FIXED_TOLERANCE
        if not rule.least - give <= paragraph.spacing <= rule.most + give:
            yield Finding(paragraph.place, number_words(paragraph.spacing), expected)


def paragraph_indent(rule: ParagraphIndent, document: Measured) -> Iterator[Finding]:
    """Every paragraph of the text begins with the same indent.

    One that begins with a small letter goes on with the sentence before it: it needs none.
    """
    for paragraph in document.paragraphs:
        if paragraph.container or paragraph.listed or paragraph.align != "both":
            continue
        if paragraph.text.lstrip()[:1].islower() and abs(paragraph.first_line_mm) <= TOLERANCE_MM:
            continue
        if abs(paragraph.first_line_mm - rule.indent_mm) > TOLERANCE_MM:
            found = mm_words(paragraph.first_line_mm)
            yield Finding(paragraph.place, found, mm_words(rule.indent_mm))


def text_alignment(rule: TextAlignment, document: Measured) -> Iterator[Finding]:
    """Paragraphs of several lines are aligned alike; centred ones are requisites."""
    for paragraph in document.paragraphs:
        long = len(paragraph.text) >= rule.from_signs and "\n" not in paragraph.text.strip()
        wrong = paragraph.align not in {"center", rule.align}
        if long and not paragraph.container and wrong:
            yield Finding(paragraph.place, _ALIGNED[paragraph.align], _ALIGNED[rule.align])


def page_number(rule: PageNumber, document: Measured) -> Iterator[Finding]:
    """From the second page on a number stands in its place: the middle of the upper margin."""
    first = document.sections[0]
    if any(first.first if first.first_differs else first.others):
        yield Finding("первая страница", "с номером", "без номера")
    sections = [section for section in document.sections if section.others]
    above = rule.place.startswith("top")
    if not sections and not _one_page(document):
        yield Finding("верхнее поле", "номера страницы нет", "номер со второй страницы")
    for section in sections:
        for field in section.others:
            yield from _misplaced(rule.place, field, f"{_section(section)}, номер страницы")
        if above and section.header_mm < rule.from_edge_mm - TOLERANCE_MM:
            yield Finding(
                f"{_section(section)}, номер страницы",
                f"{mm_words(section.header_mm)} от верхнего края",
                f"не меньше {mm_words(rule.from_edge_mm)}",
            )


def _misplaced(wanted: PageNumberPlace, field: PageField, place: str) -> Iterator[Finding]:
    above, side = wanted.startswith("top"), wanted.rpartition("_")[2]
    if field.above != above:
        yield Finding(place, _margin(above=field.above), _margin(above=above))
    elif field.align != side:
        yield Finding(place, _PLACED.get(field.align, field.align), _PLACED[side])


def _margin(*, above: bool) -> str:
    return "в верхнем поле" if above else "в нижнем поле"


def _section(section: Section) -> str:
    return f"раздел {section.number}"


def _is_caption(paragraph: Paragraph) -> bool:
    """What explains the line above it, such as «(подпись)»."""
    text = paragraph.text.strip()
    return text.startswith("(") and text.endswith(")")


def _one_page(document: Measured) -> bool:
    """Whether it surely has one: a DOCX does not tell how many pages it takes."""
    short = sum(len(paragraph.text) for paragraph in document.paragraphs) <= _ONE_PAGE
    broken = any(paragraph.breaks for paragraph in document.paragraphs)
    return short and not broken and len(document.sections) == 1
