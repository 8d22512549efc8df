"""A roadmap written as a Word table becomes a file that can be checked and launched."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml

from adapters.docx.roadmap_tables import word_tables
from adapters.package_rules import read_package_rules
from domain.preview import preview
from domain.word_tables import words_of
from runtime.roadmap_import import imported_words
from runtime.shipped import PACKAGES
from tests.adapters.roadmap_tables import (
    Import,
    a_college,
    a_district,
    a_plan,
    a_school,
    merged,
    saved,
    table_of,
)
from tests.adapters.world import templates

SHAPES = {"school": a_school, "district": a_district, "college": a_college}
_LIST_MARK = re.compile(r"^\s*(?:\d{1,2}[.)]|[-–•])\s*(?=[^\W\d])")


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Import]:
    """Each shape of table, imported once."""
    return {name: Import(tmp_path_factory.mktemp(name), make()) for name, make in SHAPES.items()}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_of_table_is_imported_checked_and_previewed(
    shape: str, shapes: dict[str, Import]
) -> None:
    found = shapes[shape]
    assert (found.said.ok, found.said.problems) == (True, ())
    kinds = {kind: templates().kind(kind) for kind in templates().kinds()}
    told = preview(found.roadmap, date(2026, 9, 1), kinds, read_package_rules(PACKAGES))
    assert {item.step for item in told.items} == {step.id for step in found.steps()}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_word_of_a_table_is_lost(shape: str, shapes: dict[str, Import]) -> None:
    kept = set(words_of(shapes[shape].text))
    for text in _cells(SHAPES[shape]()):
        lost = set(words_of(text)) - kept
        assert not lost, text


def _cells(content: bytes) -> Iterator[str]:
    for table in word_tables(content).tables:
        for row in table.rows:
            for cell in row.cells:
                yield " ".join(_LIST_MARK.sub("", line.text) for line in cell.lines)


def test_a_school_plan_is_read_row_by_row(shapes: dict[str, Import]) -> None:
    found = shapes["school"]
    roadmap = found.roadmap
    assert [step.id for step in roadmap.steps] == ["1.1", "1.2", "2.1", "2.2", "2.3", "2.4"]
    assert [stage.title for stage in roadmap.stages] == ["1. Подготовка условий", "2. Работа пар"]
    assert roadmap.title == "План мероприятий («дорожная карта») школы"
    assert (roadmap.season.month, roadmap.season.months) == (9, 12)
    first, second, pairs, _, seminar, _ = roadmap.steps
    assert (first.title, first.actions) == (
        "Запуск программы",
        ("рассказать коллективу", "собрать команду"),
    )
    assert (first.lead, first.co_executors) == (
        "director",
        ("zamestitel_direktora_po_uvr", "curator"),
    )
    assert second.deadline == first.deadline, "a merged deadline holds for all rows it covers"
    assert second.co_executors == ("pedagog_psikholog",)
    assert [result.id for result in first.results] == ["order_introduction", "regulation"]
    assert [result.id for result in pairs.results] == ["pairs", "order_pairs"]
    assert pairs.results[1].by.model_dump()["pairs_at"] == "order"
    assert "order" in [stage.id for stage in roadmap.track.stages]
    assert seminar.deadline.rule == "dates"


def test_a_row_of_the_mentor_is_worked_on_by_each_pair(shapes: dict[str, Import]) -> None:
    found = shapes["school"]
    step = found.steps()[3]
    assert (step.scope, step.lead) == ("pairs", "mentor")
    assert "1/7/4 назван наставник" in found.why()


def test_what_was_not_sure_is_told_by_cell_and_beside_the_row(shapes: dict[str, Import]) -> None:
    found = shapes["school"]
    [deadline] = [one for one in found.said.unsure if "до" in one.text and one.column == 3]
    assert (deadline.table, deadline.row) == (1, 8)
    assert deadline.text == "до 20–25 марта 2027 г."
    assert "два дня" in deadline.why
    assert "# Проверьте: rule: dates" in found.text
    assert "# до 20–25 марта 2027 г." in found.text
    assert "таблица 1, строка 8, столбец 3: «до 20–25 марта 2027 г.»" in imported_words(found.said)
    assert "1/9/4 ответственный не указан" in found.why()
    assert "1/4/5 результат не указан" in found.why()


def test_two_columns_of_activities_are_sections_and_rows_on_both_pages(
    shapes: dict[str, Import],
) -> None:
    found = shapes["district"]
    assert found.said.tables == (1, 2)
    assert [step.id for step in found.steps()] == ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]
    assert [stage.title for stage in found.roadmap.stages] == ["Документы", "Обучение", "Итоги"]
    rules = [step.deadline.rule for step in found.steps()]
    assert rules == ["month", "month", "months", "always", "months", "always"]
    assert (found.roadmap.season.month, found.roadmap.season.months) == (11, 12)
    assert "организации ниже" in found.why()


def test_a_heading_of_two_rows_gives_edges_of_deadlines_and_helpers(
    shapes: dict[str, Import],
) -> None:
    found = shapes["college"]
    assert [step.title for step in found.steps()] == [
        "Отбор наставников",
        "База наставников и на-ставляемых колледжа",
        "Годовой отчёт",
        "Положение о наставничестве, новая редакция",
    ]
    first, second, last, _ = found.steps()
    assert [stage.title for stage in found.roadmap.stages] == ["Отбор", "Итоги"]
    assert (first.deadline.rule, second.deadline.rule) == ("months", "month")
    assert last.deadline.model_dump()["last"] == 6
    assert first.co_executors == ("metodist",)
    assert "# Примечание: очно" in found.text
    assert "столбец не понят" in found.why()
    assert "продолжает предыдущую" in found.why()


def test_a_row_that_goes_on_over_a_page_is_one_row(tmp_path: Path) -> None:
    rows = [
        ("1", "Показ лучших", "май 2027", "Методист", "Отчёт о работе"),
        ("", "пар школы", "", "", "за год"),
    ]
    [step] = Import(tmp_path, a_plan(*rows)).steps()
    assert step.title == "Показ лучших пар школы"
    assert step.results[0].title == "Отчёт о работе за год"


def test_one_activity_over_several_results_is_one_row_with_all_of_them(tmp_path: Path) -> None:
    document = Document()
    head = ("№", "Мероприятие", "Срок", "Ответственный", "Результат")
    rows = [head, ("1", "Запуск", "май", "Методист", "Приказ о внедрении"), ("",) * 4 + ("Сайт",)]
    table = table_of(document, rows)
    for column in range(4):
        merged(table, column, [(1, 2)])
    [step] = Import(tmp_path, saved(document)).steps()
    assert [result.title for result in step.results] == ["Приказ о внедрении", "Сайт"]


def test_one_activity_over_several_deadlines_is_several_rows(tmp_path: Path) -> None:
    document = Document()
    head = ("№", "Мероприятие", "Срок", "Ответственный")
    rows = [head, ("1", "Семинар", "май", "Методист"), ("", "", "июнь", "Директор")]
    table = table_of(document, rows)
    for column in (0, 1):
        merged(table, column, [(1, 2)])
    steps = Import(tmp_path, saved(document)).steps()
    assert [(step.id, step.title, step.lead) for step in steps] == [
        ("1.1", "Семинар", "metodist"),
        ("1.2", "Семинар", "director"),
    ]


def test_numbers_that_begin_anew_in_each_section_get_its_number(tmp_path: Path) -> None:
    row = ("Семинар", "2026-2027", "Методист", "")
    found = Import(tmp_path, a_plan(("Первый",), ("1.", *row), ("Второй",), ("1.", *row)))
    assert [step.id for step in found.steps()] == ["1.1", "2.1"]
    assert "повторяются" in found.why()
    assert found.roadmap.season.months == 24


def test_the_season_that_is_asked_for_is_taken(tmp_path: Path) -> None:
    plan = a_plan(
        ("1", "Семинар", "ноябрь", "Методист", ""), ("2", "Итоги", "июль", "Методист", "")
    )
    found = Import(tmp_path, plan, start="10-15", months=6)
    season = found.roadmap.season
    assert (season.month, season.day, season.months) == (10, 15, 6)
    assert [step.deadline.rule for step in found.steps()] == ["month", "none"]
    assert "вне цикла" in found.why()


def test_a_persons_name_is_neither_shown_nor_a_role_but_stays_in_the_file(tmp_path: Path) -> None:
    found = Import(tmp_path, a_plan(("1", "Семинар", "май", "методист Приречная А.Б.", "")))
    shown = imported_words(found.said) + found.said.model_dump_json()
    assert "Приречн" not in shown
    assert "[имя]" in shown
    assert list(found.roadmap.roles) == ["metodist", "director", "curator", "mentor"]
    assert "# методист Приречная А.Б." in found.text


def test_a_name_in_a_row_that_a_page_has_cut_is_not_shown(tmp_path: Path) -> None:
    rows = [
        ("1", "Семинар", "май", "методист", "Отчёт"),
        ("", "для школ", "", "заводская Приречная А.Б.", "Приречная А.Б."),
    ]
    found = Import(tmp_path, a_plan(*rows))
    assert "продолжает предыдущую" in found.why()
    assert "Приречн" not in found.said.model_dump_json()


def test_text_that_somebody_inserted_or_hid_in_a_control_is_read(tmp_path: Path) -> None:
    document = Document()
    table = table_of(
        document, [("Мероприятие", "Срок", "Ответственный"), ("Семинар", "май", "Методист")]
    )
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph = table.cell(1, 0).paragraphs[0]._p
    paragraph.append(parse_xml(f"<w:ins {w}><w:r><w:t> для наставников</w:t></w:r></w:ins>"))
    paragraph.append(parse_xml(f"<w:del {w}><w:r><w:delText> лишнее</w:delText></w:r></w:del>"))
    control = f"<w:sdt {w}><w:sdtContent><w:r><w:t> школы</w:t></w:r></w:sdtContent></w:sdt>"
    paragraph.append(parse_xml(control))
    inner = table.cell(1, 2).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "Директор"
    [step] = Import(tmp_path, saved(document)).steps()
    assert step.title == "Семинар для наставников школы"
    assert (step.lead, step.co_executors) == ("metodist", ("director",))


def test_signs_that_nobody_sees_and_words_like_yaml_do_no_harm(tmp_path: Path) -> None:
    title = "null: {a} # \u2028* &b 'в' \"г\" нор\u00adма\u200bтив\u0085 – да\u00a0%"
    rows = [("1", title, "май # июнь", "да: нет", "- !!str {}"), ("2", "yes", "1", "no", "0.5")]
    first, second = Import(tmp_path, a_plan(*rows)).steps()
    assert first.title == "null: {a} # * &b 'в' \"г\" норматив – да %"
    assert (second.title, second.results[0].title) == ("yes", "0.5")


def test_a_long_table_of_long_texts_stays_a_roadmap(tmp_path: Path) -> None:
    def long(n: int) -> str:
        return " ".join(sha256(f"{n}/{word}".encode()).hexdigest()[:6] for word in range(300))

    rows = [(str(n + 1), long(n), "май", "Методист", long(-n)) for n in range(100)]
    found = Import(tmp_path, a_plan(*rows))
    assert (found.said.ok, found.said.rows) == (True, 100)
