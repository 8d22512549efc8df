"""The papers of a programme: stamps of the appendices, the roadmap's table, blank forms."""

import io
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.table import Table

from adapters.docx.renderer import DocxRenderer
from tests.adapters.test_docx_renderer import W, example, text_of
from tests.law import RENDERER

APPENDICES = {
    "regulation": ("1", "УТВЕРЖДЕНО"),
    "programme": ("2", "УТВЕРЖДЕНА"),
    "yearly_plan": ("3", "УТВЕРЖДЁН"),
    "planned_results": ("4", "УТВЕРЖДЕНЫ"),
}
ORDER = {"number": "777-о", "date_words": "1 марта 2027 г."}
MINUTES = {"number": "5", "date_words": "20 февраля 2027 г."}


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def lines_of(renderer: DocxRenderer, kind: str, **facts: object) -> list[str]:
    return text_of(renderer.render(kind, example(kind) | facts)).splitlines()


def plan_of(renderer: DocxRenderer, facts: dict[str, Any]) -> Table:
    document = Document(io.BytesIO(renderer.render("yearly_plan", facts)))
    return next(table for table in document.tables if table.cell(0, 0).text == "№")


@pytest.mark.parametrize("kind", APPENDICES)
def test_the_stamps_name_the_order_and_the_minutes(renderer: DocxRenderer, kind: str) -> None:
    number, approved = APPENDICES[kind]
    lines = lines_of(renderer, kind, introduction_order=ORDER, council_minutes=MINUTES)
    assert f"Приложение № {number}" in lines
    assert lines.count("от 1 марта 2027 г. № 777-о") == 2
    assert "протокол от 20 февраля 2027 г. № 5" in lines
    assert lines[lines.index(approved) + 1] == "приказом директора"
    assert renderer.kind(kind).approved_form == approved


@pytest.mark.parametrize("kind", APPENDICES)
def test_the_stamps_are_blanks_until_order_and_minutes_are_there(
    renderer: DocxRenderer, kind: str
) -> None:
    lines = lines_of(renderer, kind, introduction_order=None, council_minutes=None)
    assert lines.count("от ______________ № ______") == 2
    assert "РАССМОТРЕНО И ОДОБРЕНО" not in lines


@pytest.mark.parametrize("kind", APPENDICES)
def test_the_number_of_an_appendix_can_be_given(renderer: DocxRenderer, kind: str) -> None:
    assert "Приложение № 9" in lines_of(renderer, kind, appendix="9")


@pytest.mark.parametrize("kind", APPENDICES)
def test_the_introduction_order_puts_each_appendix_in_force(
    renderer: DocxRenderer, kind: str
) -> None:
    text = "\n".join(lines_of(renderer, "order_introduction"))
    assert text.count(f"(приложение № {APPENDICES[kind][0]})") == 1


@pytest.mark.parametrize(
    ("minutes", "ground"),
    [(MINUTES, "совета (протокол от 20 февраля 2027 г. № 5)"), (None, "молодых педагогов")],
)
def test_the_introduction_order_rests_on_the_minutes_where_there_are_any(
    renderer: DocxRenderer, minutes: object, ground: str
) -> None:
    lines = lines_of(renderer, "order_introduction", council_minutes=minutes)
    assert lines[lines.index("ПРИКАЗЫВАЮ:") - 1].endswith(ground)


@pytest.mark.parametrize(
    ("years", "named"), [("2026–2030", "на 2026–2030 годы"), ("2026/2027", "2026/2027 учебный год")]
)
def test_the_years_are_named_by_what_they_are(
    renderer: DocxRenderer, years: str, named: str
) -> None:
    assert any(line.endswith(named) for line in lines_of(renderer, "programme", years=years))


def test_the_yearly_plan_lies_on_its_side(renderer: DocxRenderer) -> None:
    document = renderer.render("yearly_plan", example("yearly_plan"))
    section = Document(io.BytesIO(document)).sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width is not None
    assert round(section.page_width.mm) == 297


def test_the_yearly_plan_has_a_row_for_each_row_and_section_of_the_roadmap(
    renderer: DocxRenderer,
) -> None:
    facts = example("yearly_plan")
    rows = plan_of(renderer, facts).rows
    expected = [
        first
        for section in facts["sections"]
        for first in (section["title"], *(row["number"] for row in section["rows"]))
    ]
    assert [row.cells[0].text for row in rows[1:]] == expected
    head = rows[0]._tr.trPr
    assert head is not None
    assert head.find(f"{W}tblHeader") is not None


def test_a_row_of_the_plan_without_actions_or_results_leaves_no_hole(
    renderer: DocxRenderer,
) -> None:
    facts = example("yearly_plan")
    facts["sections"][0]["rows"][0] |= {"title": "Встреча", "actions": [], "results": []}
    cells = [cell.text for cell in plan_of(renderer, facts).rows[2].cells]
    assert (cells[1], cells[4]) == ("Встреча", "—")


def test_the_plan_lists_its_results_and_lets_long_rows_go_on_overleaf(
    renderer: DocxRenderer,
) -> None:
    facts = example("yearly_plan")
    facts["sections"][0]["rows"][0]["results"] = ["Первый", "Второй"]
    head, section, row, *_ = plan_of(renderer, facts).rows
    assert row.cells[4].text.replace("\u00a0", " ") == "— Первый;\n— Второй."
    assert [bool(each._tr.xpath("./w:trPr/w:cantSplit")) for each in (head, section, row)] == [
        True,
        True,
        False,
    ]


def test_the_planned_results_say_how_a_plan_without_a_figure_is_measured(
    renderer: DocxRenderer,
) -> None:
    text = "\n".join(lines_of(renderer, "planned_results"))
    assert "Где план не задан числом, значение сравнивается с предыдущим годом" in text


def test_the_minutes_decide_each_item_of_the_agenda(renderer: DocxRenderer) -> None:
    agenda = [
        {"topic": "О программе", "decision": "Рассмотрено и одобрено."},
        {"topic": "О планах", "decision": "Отложить."},
    ]
    lines = lines_of(renderer, "council_minutes", agenda=agenda)
    assert [line for line in lines if "О программе" in line or "О планах" in line] == [
        "1. О программе.",
        "2. О планах.",
        "О программе.",
        "О планах.",
    ]
    assert lines[lines.index("2. СЛУШАЛИ:") + 3] == "Отложить."


def test_the_order_names_each_duty_of_the_curator(renderer: DocxRenderer) -> None:
    lines = lines_of(renderer, "order_curator", duties=["вести учёт", "готовить отчёт"])
    at = lines.index("3. Возложить на куратора следующие обязанности:")
    assert lines[at + 1 : at + 3] == ["3.1. Вести учёт.", "3.2. Готовить отчёт."]
