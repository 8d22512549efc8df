"""What is special in the papers of a college's programme: totals, cases, optional parts."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.shared import Mm

from adapters.docx.facts import person_facts
from adapters.docx.renderer import DocxRenderer
from adapters.russian import name_forms
from doc_templates.build import BUILDERS
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def example(kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    return facts


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def text_of(document: bytes) -> str:
    body = Document(io.BytesIO(document)).element.body
    lines = ("".join(node.text or "" for node in p.iter(f"{W}t")) for p in body.iter(f"{W}p"))
    return "\n".join(lines).replace("\u00a0", " ")


def rows_of(document: bytes, head: str) -> list[list[str]]:
    """The rows below the head of the table that has `head` in its first row."""
    tables = Document(io.BytesIO(document)).tables
    table = next(one for one in tables if head in [cell.text for cell in one.rows[0].cells])
    return [[cell.text.replace("\u00a0", " ") for cell in row.cells] for row in table.rows[1:]]


def breaks(document: bytes) -> int:
    return len(list(Document(io.BytesIO(document)).element.body.iter(f"{W}pageBreakBefore")))


def test_the_order_names_rewarded_mentors_in_the_accusative(renderer: DocxRenderer) -> None:
    document = renderer.render("order_rewards", example("order_rewards"))
    rows = rows_of(document, "Кого поощрить")
    assert rows[0][1] == "Коваля Льва Ильича, преподавателя специальных дисциплин"
    assert [row[2][0].isupper() for row in rows] == [True] * 3
    text = text_of(document)
    assert text.count("__________ Л. И. Коваль") == 1
    assert "объявить благодарность и вручить благодарственное письмо." in text


@pytest.mark.parametrize("mentors", [1, 2, 30])
def test_each_rewarded_mentor_has_a_page_with_the_letter(
    renderer: DocxRenderer, mentors: int
) -> None:
    facts = example("thanks_letter")
    facts["rewarded"] = [facts["rewarded"][0]] * mentors
    document = renderer.render("thanks_letter", facts)
    text = text_of(document)
    assert breaks(document) == mentors - 1
    assert text.count("Ковалю Льву Ильичу") == mentors
    assert text.count("О. П. Вершинина") == mentors
    assert "благодарит Вас за помощь" in text


def test_letters_have_no_page_numbers(renderer: DocxRenderer) -> None:
    for kind, numbered in (("thanks_letter", False), ("report", True)):
        section = Document(io.BytesIO(renderer.render(kind, example(kind)))).sections[0]
        assert ("PAGE" in section.header._element.xpath("string(.)")) is numbered


@pytest.mark.parametrize(
    ("kind", "base"), [("register_mentors", "mentors_base"), ("register_mentees", "mentees_base")]
)
def test_a_register_counts_its_people_and_tells_no_birth_dates(
    renderer: DocxRenderer, kind: str, base: str
) -> None:
    facts = example(kind)
    facts[base] = facts[base] * 7
    for row in facts[base]:
        row["person"]["birth_date"] = {"iso": "1984-02-29", "words": "29 февраля 1984 г."}
    facts[base][0]["person"]["post"] = None
    document = renderer.render(kind, facts)
    rows = rows_of(document, "Категория")
    assert len(rows) == 28
    assert rows[0][2] == "—"
    text = text_of(document)
    assert "Всего в реестре: 28 чел." in text
    assert "1984" not in text


def test_the_training_sums_its_hours(renderer: DocxRenderer) -> None:
    facts = example("training_programme")
    facts["sessions"] = [
        {"topic": "Первая тема", "form": "семинар", "hours": 4},
        {"topic": "Вторая тема", "form": "практикум", "hours": 7},
    ]
    document = renderer.render("training_programme", facts)
    assert rows_of(document, "Часы")[-1] == ["", "Всего", "", "11"]
    assert "Объём программы: 11 ч." in text_of(document)


@pytest.mark.parametrize("sessions", [1, 2, 3, 6, 10])
def test_the_attendance_sheet_has_a_row_for_each_mentor_and_a_column_for_each_session(
    renderer: DocxRenderer, sessions: int
) -> None:
    facts = example("training_programme")
    facts["sessions"] = [{"topic": "Тема", "form": "семинар", "hours": 1}] * sessions
    document = Document(io.BytesIO(renderer.render("training_programme", facts)))
    sheet = next(table for table in document.tables if table.cell(0, 1).text == "Наставник")
    rows = [
        ["".join(node.text or "" for node in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")]
        for row in sheet._tbl.iter(f"{W}tr")
    ]
    names = [row["person"]["name"]["nomn"] for row in facts["mentors_base"]]
    columns = [str(number) for number in range(1, sessions + 1)]
    blank = [""] * sessions
    assert rows == [
        ["№ п/п", "Наставник", *columns],
        ["", "Дата занятия", *blank],
        *([str(index), name, *blank] for index, name in enumerate(names, start=1)),
    ]
    widths = [column.width for column in sheet.columns]
    assert None not in widths
    assert round(sum(width for width in widths if width) / Mm(1)) == 180
    assert len(set(widths[-sessions:])) == 1


@pytest.mark.parametrize(
    ("post", "printed"),
    [
        ("студент группы ЭМ-21", "студент группы ЭМ\N{NON-BREAKING HYPHEN}21"),
        ("педагог-психолог", "педагог-психолог"),
    ],
)
def test_only_the_name_of_a_group_does_not_break_at_its_hyphen(post: str, printed: str) -> None:
    person = person_facts(name_forms("Ким", "Артём", "Сергеевич", "m"), post)
    assert person["post"]["nomn"] == printed


@pytest.mark.parametrize("labour", [True, False])
def test_only_the_consent_of_staff_refers_to_labour_law(
    renderer: DocxRenderer, *, labour: bool
) -> None:
    text = text_of(
        renderer.render("mentor_consent", example("mentor_consent") | {"labour": labour})
    )
    assert ("351.8" in text) is labour
    assert ("дополнительным соглашением к трудовому договору" in text) is labour
    assert ("принимаю на себя добровольно" in text) is not labour
    assert "законный представитель" not in text


def test_the_representative_of_a_minor_mentor_agrees_too(renderer: DocxRenderer) -> None:
    facts = example("mentor_consent") | {
        "labour": False,
        "mentor": example("order_pairs")["pairs"][3]["mentor"],
        "mentor_representative": example("agreement")["mentee_representative"],
    }
    text = text_of(renderer.render("mentor_consent", facts))
    assert (
        "Я, Саркисян Рузанна Ашотовна, студентка группы ЭЛ\N{NON-BREAKING HYPHEN}31, согласна"
        in text
    )
    assert "(мать), как законный представитель согласна с тем, чтобы" in text
    assert "Саркисян Рузанна Ашотовна выполняла функции наставника." in text
    assert "С. А. Дюма" in text


def test_the_record_of_meetings_counts_them_and_their_minutes(renderer: DocxRenderer) -> None:
    facts = example("meeting_record")
    document = renderer.render("meeting_record", facts)
    assert rows_of(document, "Что сделано")[-1][1:4] == ["Всего встреч: 7", "", "465"]
    assert "Наставляемая\n" in text_of(document)
    facts["mentee"] = facts["mentor"]
    assert "Наставляемый\n" in text_of(renderer.render("meeting_record", facts))


def test_a_record_without_meetings_says_so(renderer: DocxRenderer) -> None:
    text = text_of(
        renderer.render("meeting_record", example("meeting_record") | {"meetings_held": []})
    )
    assert "Встречи за это время не отмечены." in text
    assert "Что сделано" not in text


@pytest.mark.parametrize(
    ("kind", "title"),
    [("monitoring_interim", "ПРОМЕЖУТОЧНОГО"), ("monitoring_final", "ИТОГОВОГО")],
)
def test_a_monitoring_shows_scores_and_remarks_of_both_voices(
    renderer: DocxRenderer, kind: str, title: str
) -> None:
    facts = example(kind)
    facts["monitoring_remarks"] = [{"voice": "куратор", "text": "Пара работает дружно."}]
    document = renderer.render(kind, facts)
    text = text_of(document)
    rows = rows_of(document, "Оценка куратора")
    assert [row[2:] for row in rows] == [
        [part["mentor"], part["curator"]] for part in facts["monitoring"]
    ]
    assert f"ЛИСТ {title} МОНИТОРИНГА" in text
    assert "Куратор: Пара работает дружно." in text
    assert "Замечаний и предложений нет." not in text
    silent = text_of(renderer.render(kind, facts | {"monitoring_remarks": None}))
    assert "Замечаний и предложений нет." in silent


@pytest.mark.parametrize("kind", ["agreement", "individual_plan", "mentor_consent"])
def test_the_type_of_mentor_stands_where_it_is_chosen(renderer: DocxRenderer, kind: str) -> None:
    text = text_of(renderer.render(kind, example(kind) | {"mentor_type": "консультант"}))
    assert "; тип наставника: консультант." in text
    assert "тип наставника" not in text_of(
        renderer.render(kind, example(kind) | {"mentor_type": None})
    )


@pytest.mark.parametrize("kind", sorted(BUILDERS))
def test_no_paper_asks_how_a_pair_is_called_behind_the_scenes(
    renderer: DocxRenderer, kind: str
) -> None:
    # «Неуспевающий» is for the curator who chooses, not for an order that everybody reads.
    assert "role_model" not in renderer.fields(kind)


def test_the_report_says_when_a_programme_sets_no_results_and_no_indicators(
    renderer: DocxRenderer,
) -> None:
    facts = example("report")
    document = renderer.render("report", facts)
    numbers = [row[0] for row in rows_of(document, "Индикатор")]
    assert numbers == [row["number"] for row in facts["indicator_values"]]
    assert [row[3] for row in rows_of(document, "Планируемый результат")] == [
        row["fact"] for row in facts["targets_reached"]
    ]
    assert "не установлены" not in text_of(document)
    bare = text_of(
        renderer.render("report", facts | {"indicator_values": [], "targets_reached": []})
    )
    assert "Планируемые результаты программой не установлены." in bare
    assert "Целевые индикаторы программой не установлены." in bare
