"""An organisation's own layout: laid over a template, measured, and told where it falls short."""

import io
from functools import cache
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt
from pydantic import ValidationError

from adapters.docx.layout_overrides import overridden, short_of
from adapters.docx.layout_profile import profiles
from adapters.docx.layout_settings import with_settings
from adapters.docx.linter import lint
from adapters.docx.renderer import DocxRenderer
from domain.errors import TemplateFault
from domain.layout_settings import LayoutSettings
from tests.adapters.test_docx_renderer import KINDS, TEMPLATES, example, text_of
from tests.law import RENDERER

PLAIN = RENDERER
OLD, NEW = profiles(TEMPLATES.parent / "rules")
EVERYTHING = LayoutSettings(
    font="PT Serif",
    size_pt=12.5,
    table_size_pt=11,
    line_spacing=1.4,
    requisite_spacing=1.1,
    indent_mm=15,
    left_mm=25,
    left_kept_long_mm=35,
    right_mm=12,
    top_mm=22,
    bottom_mm=15,
    corner_mm=70,
    page_number="bottom_center",
    page_number_mm=8,
)


@cache
def template(kind: str) -> bytes:
    return (TEMPLATES / kind / "template.docx").read_bytes()


def laid_out(kind: str, **given: Any) -> Word:  # noqa: ANN401 - each setting has a type of its own
    settings = LayoutSettings(**given)
    kept_long = PLAIN.kind(kind).kept_long
    return Document(io.BytesIO(with_settings(template(kind), settings, kept_long=kept_long)))


def margins(section: Section) -> list[float]:
    sides = (
        section.left_margin,
        section.right_margin,
        section.top_margin,
        section.bottom_margin,
    )
    return [round(side.mm, 1) for side in sides if side is not None]


def width(document: Word) -> int:
    section = document.sections[0]
    return int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_in_an_own_layout_keeps_what_the_organisation_set(kind: str) -> None:
    own = DocxRenderer(TEMPLATES, EVERYTHING)
    kept_long = own.kind(kind).kept_long
    document = own.render(kind, example(kind))
    report = lint(document, overridden(NEW, EVERYTHING), kept_long=kept_long)
    assert report.violations == ()
    assert text_of(document) == text_of(PLAIN.render(kind, example(kind)))


def test_without_settings_a_template_is_left_alone() -> None:
    assert with_settings(template("report"), LayoutSettings(), kept_long=True) == template("report")


def test_the_same_settings_give_the_same_bytes() -> None:
    first = with_settings(template("report"), EVERYTHING, kept_long=True)
    assert first == with_settings(template("report"), EVERYTHING, kept_long=True)


def test_a_file_that_is_no_docx_is_refused() -> None:
    with pytest.raises(TemplateFault, match="не файл DOCX"):
        with_settings(b"%PDF-1.7", EVERYTHING, kept_long=True)


@pytest.mark.parametrize(("kind", "left"), [("order_pairs", 35), ("individual_plan", 25)])
def test_the_left_margin_goes_with_the_term_of_keeping(kind: str, left: int) -> None:
    document = laid_out(kind, left_mm=25, left_kept_long_mm=35, bottom_mm=15)
    assert margins(document.sections[0]) == [left, 10, 20, 15]


@pytest.mark.parametrize("kind", ["register_mentors", "order_pairs", "programme", "report"])
def test_tables_go_on_reaching_from_margin_to_margin(kind: str) -> None:
    document = laid_out(kind, left_mm=40, left_kept_long_mm=45, right_mm=20)
    tables = [sum(column.width or 0 for column in table.columns) for table in document.tables]
    assert tables
    assert all(abs(one - width(document)) < Mm(1) for one in tables)


def test_a_corner_requisite_stays_at_the_right_margin() -> None:
    document = laid_out("report", right_mm=25, corner_mm=60)
    head = next(one for one in document.paragraphs if one.text == "УТВЕРЖДАЮ")
    assert head.paragraph_format.left_indent is not None
    assert abs(head.paragraph_format.left_indent - (width(document) - Mm(60))) < Mm(0.1)
    [stamps, *_] = laid_out("regulation", corner_mm=60).tables
    assert round((stamps.columns[1].width or 0) / Mm(1)) == 60


def test_marks_stay_at_the_right_end_of_the_top_margin() -> None:
    before = Document(io.BytesIO(template("report"))).sections[0].header.paragraphs[0]
    after = laid_out("report", right_mm=25).sections[0].header.paragraphs[0]
    moved = [
        round((new.position - old.position) / Mm(1), 1)
        for old, new in zip(
            before.paragraph_format.tab_stops, after.paragraph_format.tab_stops, strict=True
        )
    ]
    assert moved == [-7.5, -15.0]


def test_font_and_spacing_are_those_of_the_style() -> None:
    normal = laid_out("report", font="PT Serif", size_pt=13, line_spacing=1.5).styles["Normal"]
    element = normal.element
    assert {element.rPr.rFonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "cs")} == {
        "PT Serif"
    }
    assert element.rPr.sz.val == Pt(13)
    assert element.pPr.spacing.line == Pt(18)


def test_text_may_be_flush_left_and_a_table_small() -> None:
    document = laid_out("order_pairs", align="left", indent_mm=0, table_size_pt=10)
    [clause] = [one for one in document.paragraphs if one.text.startswith("2.")]
    assert clause.alignment == WD_ALIGN_PARAGRAPH.LEFT
    assert clause.paragraph_format.first_line_indent == 0
    table = next(table for table in document.tables if "п/п" in table.cell(0, 0).text)
    sizes = {run.font.size for one in table.cell(0, 1).paragraphs for run in one.runs}
    assert sizes == {Pt(10)}


@pytest.mark.parametrize("place", ["top_center", "top_right", "bottom_center", "bottom_right"])
def test_the_page_number_stands_where_the_organisation_wants_it(place: str) -> None:
    settings = LayoutSettings.model_validate({"page_number": place})
    document = DocxRenderer(TEMPLATES, settings).render("report", example("report"))
    assert lint(document, overridden(NEW, settings), kept_long=True).violations == ()
    told = [one.rule for one in lint(document, NEW, kept_long=True).violations]
    assert told == ([] if place == "top_center" else ["page_number"])


@pytest.mark.parametrize(
    ("given", "rule", "found"),
    [
        ({"left_mm": 15}, "margins", "15 мм"),
        ({"left_kept_long_mm": 25}, "margins", "25 мм"),
        ({"right_mm": 8}, "margins", "8 мм"),
        ({"top_mm": 15}, "margins", "15 мм"),
        ({"size_pt": 11}, "font_size", "11 пт"),
        ({"table_size_pt": 15}, "font_size", "15 пт"),
        ({"line_spacing": 2}, "line_spacing", "2"),
        ({"line_spacing": 0.9}, "line_spacing", "0,9"),
        ({"requisite_spacing": 1.5}, "line_spacing", "1,5"),
        ({"indent_mm": 10}, "paragraph_indent", "10 мм"),
        ({"align": "left"}, "text_alignment", "по левому краю"),
        ({"corner_mm": 85}, "corner_width", "85 мм"),
        ({"page_number": "bottom_right"}, "page_number", "внизу справа"),
        ({"page_number_mm": 5}, "page_number", "5 мм"),
    ],
)
def test_a_setting_that_falls_short_of_the_profile_is_told(
    given: dict[str, Any], rule: str, found: str
) -> None:
    [told] = short_of(NEW, LayoutSettings.model_validate(given))
    assert (told.rule, told.found) == (rule, found)
    assert told.place.startswith("настройки организации")
    assert told.expected


def test_what_keeps_the_profile_is_not_told_and_each_profile_has_its_own_numbers() -> None:
    kept = LayoutSettings(left_mm=25, size_pt=13, line_spacing=1.5, corner_mm=80, table_size_pt=10)
    assert short_of(NEW, kept) == ()
    assert [one.rule for one in short_of(OLD, kept)] == ["corner_width"]


def test_an_own_profile_still_finds_what_breaks_it() -> None:
    own = overridden(NEW, LayoutSettings(left_kept_long_mm=40))
    report = lint(PLAIN.render("report", example("report")), own, kept_long=True)
    assert [one.rule for one in report.violations] == ["margins"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"left_mm": 1},
        {"size_pt": 12.3},
        {"size_pt": 40},
        {"font": "<w:x>"},
        {"font": ""},
        {"page_number": "left"},
        {"corner_mm": 200},
        {"colour": "red"},
    ],
)
def test_settings_that_no_page_can_have_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LayoutSettings.model_validate(wrong)
