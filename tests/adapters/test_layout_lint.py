"""The layout of documents, measured: ours keep the profile, of spoilt ones the place is told."""

import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from adapters.docx.layout_profile import Profile, Rules, profile_on, profiles
from adapters.docx.linter import Report, lint
from domain.errors import NotFound
from tests.law import RENDERER

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
TEMPLATES = ROOT / "doc_templates"
OLD, NEW = profiles(RULES)


@cache
def rendered(kind: str) -> bytes:
    facts: dict[str, Any] = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    return RENDERER.render(kind, facts)


def spoilt(kind: str, spoil: Callable[[Word], object]) -> bytes:
    document = Document(io.BytesIO(rendered(kind)))
    spoil(document)
    return saved(document)


def saved(document: Word) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def states(report: Report) -> dict[str, str]:
    return {rule.rule: rule.state for rule in report.rules}


# Profiles


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2018-07-01", "gost-2016"),
        ("2025-08-17", "gost-2016"),
        ("2025-08-18", "gost-2025"),
        ("2040-01-01", "gost-2025"),
    ],
)
def test_the_date_of_a_document_chooses_its_profile(day: str, name: str) -> None:
    assert profile_on(RULES, dt.date.fromisoformat(day)).profile == name


def test_before_the_first_profile_there_is_none() -> None:
    with pytest.raises(NotFound, match=r"30\.06\.2018"):
        profile_on(RULES, dt.date(2018, 6, 30))


@pytest.mark.parametrize("profile", [OLD, NEW], ids=lambda one: one.profile)
def test_a_profile_says_what_it_measures_and_what_it_does_not(profile: Profile) -> None:
    report = lint(rendered("order_pairs"), profile)
    assert [rule.rule for rule in report.rules] == list(Rules.model_fields)
    assert all(rule.title for rule in report.rules)
    assert report.not_measured == profile.not_measured != ()


# Our own documents


@pytest.mark.parametrize("profile", [OLD, NEW], ids=lambda one: one.profile)
@pytest.mark.parametrize("kind", RENDERER.kinds())
def test_each_kind_keeps_every_rule_of_both_profiles(kind: str, profile: Profile) -> None:
    report = lint(rendered(kind), profile, kept_long=RENDERER.kind(kind).kept_long)
    assert report.violations == ()
    assert report.ok


def test_every_rule_but_the_mark_of_a_signature_is_tried_by_some_kind() -> None:
    tried = {
        name
        for kind in RENDERER.kinds()
        for name, state in states(lint(rendered(kind), NEW)).items()
        if state == "kept"
    }
    assert set(Rules.model_fields) - tried == {"signature_mark"}


def test_a_ceremonial_letter_is_bound_by_fewer_rules() -> None:
    found = states(lint(rendered("thanks_letter"), NEW))
    exempt = {name for name, state in found.items() if state == "exempt"}
    assert exempt == set(NEW.kinds.exempt[0].rules)
    assert found["margins"] == "kept"


# Spoilt ones


def by_text(document: Word, start: str) -> Paragraph:
    inside = (
        paragraph
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for paragraph in cell.paragraphs
    )
    found: Iterator[Paragraph] = (
        paragraph
        for paragraph in (*document.paragraphs, *inside)
        if paragraph.text.replace("\u00a0", " ").strip().startswith(start)
    )
    return next(found)


def rewrite(start: str, text: str) -> Callable[[Word], object]:
    return lambda document: setattr(by_text(document, start), "text", text)


def cut(element: Any) -> None:  # noqa: ANN401 - python-docx does not say what its elements are
    element.getparent().remove(element)


def remove(start: str) -> Callable[[Word], object]:
    def spoil(document: Word) -> None:
        cut(by_text(document, start)._p)

    return spoil


def shape(start: str, name: str, wrong: object) -> Callable[[Word], object]:
    return lambda document: setattr(by_text(document, start).paragraph_format, name, wrong)


def section(name: str, wrong: object) -> Callable[[Word], object]:
    return lambda document: setattr(document.sections[0], name, wrong)


def without_signatures(document: Word) -> None:
    cut(document.tables[0]._tbl)


def without_page_number(document: Word) -> None:
    header = document.sections[0].header.paragraphs[0]._p
    for run in list(header.iter(qn("w:r"))):
        header.remove(run)


def number_at_the_left(document: Word) -> None:
    header = document.sections[0].header.paragraphs[0]._p
    for run in list(header.iter(qn("w:r"))):
        if run.find(qn("w:tab")) is not None:
            run.remove(run.find(qn("w:tab")))


def larger(start: str, size: float) -> Callable[[Word], object]:
    return lambda document: setattr(by_text(document, start).runs[0].font, "size", Pt(size))


def style_size(document: Word) -> None:
    document.styles["Normal"].font.size = Pt(11)


def signature_named(name: str) -> Callable[[Word], object]:
    return lambda document: setattr(document.tables[0].cell(0, 2).paragraphs[0], "text", name)


def marked(*lines: str) -> Callable[[Word], object]:
    return lambda document: [document.add_paragraph(line) for line in lines]


ORDER = "order_curator"
FULL_MARK = (
    "Документ подписан электронной подписью",
    "Сертификат 01AB",
    "Владелец Орлова Анна Ильинична",
    "Действителен с 01.02.2026 по 01.05.2027",
)

SPOILT = [
    (ORDER, section("left_margin", Mm(20)), "margins", "раздел 1, левое поле", "20 мм"),
    (ORDER, section("right_margin", Mm(8)), "margins", "раздел 1, правое поле", "8 мм"),
    (ORDER, section("bottom_margin", Mm(15)), "margins", "раздел 1, нижнее поле", "15 мм"),
    (ORDER, section("page_width", Mm(216)), "page_size", "раздел 1", "216 × 297 мм"),
    (ORDER, larger("2. Установить", 15), "font_size", "абзац 10 «2. Установить срок и…»", "15 пт"),
    (ORDER, style_size, "font_size", "абзац 1 «Государственное бюдж…»", "11 пт"),
    (
        "register_mentors",
        larger("№ п/п", 16),
        "font_size",
        "таблица 1, строка 1, ячейка 1",
        "16 пт",
    ),
    (
        ORDER,
        shape("2. Установить", "line_spacing", 2.0),
        "line_spacing",
        "абзац 10 «2. Установить срок и…»",
        "2",
    ),
    (
        ORDER,
        shape("2. Установить", "line_spacing", Pt(10)),
        "line_spacing",
        "абзац 10 «2. Установить срок и…»",
        "0,62",
    ),
    (
        ORDER,
        shape("2. Установить", "first_line_indent", Mm(10)),
        "paragraph_indent",
        "абзац 10 «2. Установить срок и…»",
        "10 мм",
    ),
    (
        ORDER,
        shape("4. Куратор", "alignment", WD_ALIGN_PARAGRAPH.LEFT),
        "text_alignment",
        "абзац 19 «4. Куратор вправе за…»",
        "по левому краю",
    ),
    (ORDER, without_page_number, "page_number", "верхнее поле", "номера страницы нет"),
    (ORDER, number_at_the_left, "page_number", "раздел 1, номер страницы", "слева"),
    (
        ORDER,
        section("different_first_page_header_footer", wrong=False),
        "page_number",
        "первая страница",
        "с номером",
    ),
    (
        ORDER,
        section("header_distance", Mm(5)),
        "page_number",
        "раздел 1, номер страницы",
        "5 мм от верхнего края",
    ),
    (
        "report",
        shape("УТВЕРЖДАЮ", "left_indent", Mm(40)),
        "corner_width",
        "абзац 1 «УТВЕРЖДАЮ»",
        "40 мм от левого поля",
    ),
    (
        "regulation",
        shape("к приказу", "left_indent", Mm(86)),
        "corner_width",
        "абзац 1 «Приложение № 1»",
        "ширина 84 мм",
    ),
    (
        "report",
        shape("ГБПОУ", "line_spacing", 1.5),
        "corner_width",
        "абзац 3 «ГБПОУ «Заречинский п…»",
        "интервал 1,5",
    ),
    (ORDER, rewrite("7 сентября", "№ 119-о"), "date_and_number", "под: абзац 3", "даты нет"),
    (ORDER, rewrite("7 сентября", "7.9.26 № 1"), "date_and_number", "абзац 4", "7.9.26 № 1"),
    (
        ORDER,
        rewrite("7 сентября", "7 сентября 2026 года № 1"),
        "date_and_number",
        "абзац 4",
        "7 сентября 2026 года № 1",
    ),
    (ORDER, rewrite("7 сентября", "07.09.2026"), "date_and_number", "под: абзац 3", "номера нет"),
    ("report", rewrite("УТВЕРЖДАЮ", "«Утверждаю»:"), "approval", "абзац 1", "«Утверждаю»:"),
    ("report", remove("______________ О. П."), "approval", "абзац 1", "нет инициалов и фамилии"),
    ("report", remove("«____»"), "approval", "абзац 1", "нет даты"),
    ("programme", rewrite("УТВЕРЖДЕНА", "УТВЕРЖДЁН"), "approval", "таблица 1", "УТВЕРЖДЁН"),
    (
        "programme",
        rewrite("приказом", "директором"),
        "approval",
        "таблица 1, строка 1, ячейка 2",
        "не сказано, чем утверждено",
    ),
    (ORDER, remove("О назначении"), "heading", "абзац 3 «ПРИКАЗ»", "заголовка нет"),
    (ORDER, rewrite("О назначении", "О кураторе."), "heading", "абзац 6", "в конце точка"),
    (ORDER, remove("ПРИКАЗЫВАЮ"), "order_text", "абзац 3 «ПРИКАЗ»", "слова «ПРИКАЗЫВАЮ:» нет"),
    ("regulation", rewrite("Приложение №", "Приложение 7"), "appendix_mark", "абзац 1", "ие 7"),
    ("order_pairs", remove("к приказу"), "appendix_mark", "абзац", "не сказано, к чему"),
    (ORDER, without_signatures, "signature", "конец документа", "строки подписи нет"),
    (
        ORDER,
        signature_named("Вершинина О. П."),
        "signature",
        "таблица 1, строка 1, ячейка 3",
        "инициалы после фамилии",
    ),
    (
        ORDER,
        lambda document: setattr(document.tables[0].cell(0, 0), "text", "за директора"),
        "signature",
        "таблица 1, строка 1, ячейка 1",
        "за директора",
    ),
    (ORDER, marked(*FULL_MARK[:2]), "signature_mark", "абзац", "не назван: владелец"),
]


@pytest.mark.parametrize(("kind", "spoil", "rule", "place", "found"), SPOILT)
def test_a_spoilt_document_is_told_by_rule_place_and_value(
    kind: str, spoil: Callable[[Word], object], rule: str, place: str, found: str
) -> None:
    kept_long = RENDERER.kind(kind).kept_long
    report = lint(spoilt(kind, spoil), NEW, kept_long=kept_long)
    told = [one for one in report.violations if one.rule == rule]
    assert [one for one in told if place in one.place and found in one.found], report.violations
    assert states(report)[rule] == "broken"
    assert all(one.expected for one in told)


@pytest.mark.parametrize("rule", Rules.model_fields)
def test_every_rule_has_a_document_that_breaks_it(rule: str) -> None:
    assert rule in {case[2] for case in SPOILT}


def test_a_whole_mark_of_a_signature_keeps_its_rule() -> None:
    report = lint(spoilt(ORDER, marked(*FULL_MARK)), NEW)
    assert states(report)["signature_mark"] == "kept"


def test_without_a_known_term_of_keeping_the_narrower_margin_is_enough() -> None:
    narrow = spoilt(ORDER, section("left_margin", Mm(20)))
    assert lint(narrow, NEW).ok
    assert not lint(narrow, NEW, kept_long=True).ok


def test_a_heading_may_be_missing_under_the_former_profile() -> None:
    assert lint(spoilt(ORDER, remove("О назначении")), OLD).ok


def test_the_same_fault_in_many_places_is_one_violation_with_a_count() -> None:
    [fault] = [
        one for one in lint(spoilt(ORDER, style_size), NEW).violations if one.rule == "font_size"
    ]
    assert fault.more > 10


# Documents of others


def test_an_empty_document_of_word_is_measured() -> None:
    found = states(lint(saved(Document()), NEW))
    assert found["signature"] == "broken"
    assert found["margins"] == "kept"
    assert found["page_number"] == "kept"  # one page needs no number


def test_text_of_deleted_runs_and_of_boxes_is_no_text_of_the_paragraph() -> None:
    document = Document(io.BytesIO(rendered(ORDER)))
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:delText"))
    deleted.append(run)
    document.paragraphs[9]._p.append(deleted)
    assert lint(saved(document), NEW, kept_long=True).ok


def test_an_order_written_by_hand_is_read_as_people_read_it() -> None:
    document = Document(io.BytesIO(rendered(ORDER)))
    for start, text in (
        ("ПРИКАЗ", "П Р И К А З"),
        ("7 сентября", "07.09.2026\t№ 118-о"),
        ("ПРИКАЗЫВАЮ", "п р и к а з ы в а ю:"),
    ):
        rewrite(start, text)(document)
    document.add_paragraph(
        "Приложение № 1\nк приказу от 07.09.2026 № 118-о"
    ).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    report = lint(saved(document), NEW, kept_long=True)
    found = states(report)
    assert report.violations == ()
    names = ("date_and_number", "order_text", "heading", "appendix_mark", "corner_width")
    assert {found[name] for name in names} == {"kept"}
