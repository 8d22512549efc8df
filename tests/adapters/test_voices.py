"""Questionnaires by form, the plan of a group, the diary and the mentor's report."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from adapters.docx.renderer import DocxRenderer
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MATCHING = (
    "questionnaire_mentee",
    "questionnaire_mentee_practice",
    "questionnaire_mentee_pupil",
    "questionnaire_mentor",
)
QUESTIONNAIRES = (*MATCHING, "questionnaire_preference", "questionnaire_satisfaction")


def example(kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    return facts


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def document_of(renderer: DocxRenderer, kind: str, changed: dict[str, object]) -> Any:  # noqa: ANN401 - python-docx has no name for it
    return Document(io.BytesIO(renderer.render(kind, example(kind) | changed)))


def text_of(renderer: DocxRenderer, kind: str, **changed: object) -> str:
    body = document_of(renderer, kind, changed).element.body
    lines = ("".join(node.text or "" for node in p.iter(f"{W}t")) for p in body.iter(f"{W}p"))
    return "\n".join(lines).replace("\u00a0", " ")


def rows_of(renderer: DocxRenderer, kind: str, head: str, **changed: object) -> list[list[str]]:
    """The rows below the head of the table that has `head` in its first row."""
    tables = document_of(renderer, kind, changed).tables
    table = next(one for one in tables if head in [cell.text for cell in one.rows[0].cells])
    return [[cell.text.strip() for cell in row.cells] for row in table.rows[1:]]


@pytest.mark.parametrize("kind", QUESTIONNAIRES)
def test_a_questionnaire_holds_no_consent_and_asks_nothing_about_health(
    renderer: DocxRenderer, kind: str
) -> None:
    text = text_of(renderer, kind)
    assert "На любой вопрос можно не отвечать." in text
    assert [word for word in ("ОВЗ", "инвалид", "диагноз", "аю согласие") if word in text] == []


@pytest.mark.parametrize("kind", MATCHING)
def test_the_consent_comes_before_the_questionnaire(renderer: DocxRenderer, kind: str) -> None:
    text = text_of(renderer, kind)
    assert "оформляется отдельно, до заполнения анкеты" in text
    assert "Сведения о здоровье указывать не нужно." in text


@pytest.mark.parametrize(
    ("kind", "asked", "foreign"),
    [
        ("questionnaire_mentee", "стаж педагогической работы", "Класс или группа"),
        ("questionnaire_mentee_pupil", "старшего обучающегося", "аттестации"),
        ("questionnaire_mentee_practice", "предприятия", "аттестации"),
    ],
)
def test_each_form_of_mentoring_asks_its_own_mentees(
    renderer: DocxRenderer, kind: str, asked: str, foreign: str
) -> None:
    text = text_of(renderer, kind)
    assert asked in text
    assert foreign not in text


def test_preferences_are_for_the_curator_alone(renderer: DocxRenderer) -> None:
    text = text_of(renderer, "questionnaire_preference")
    assert "Её читает только куратор; другим участникам ответы не сообщаются." in text
    assert "С кем Вы предпочли бы не работать? Причины объяснять не нужно." in text


@pytest.mark.parametrize("anonymous", [True, False])
def test_an_anonymous_questionnaire_asks_for_no_name_and_no_signature(
    renderer: DocxRenderer, *, anonymous: bool
) -> None:
    text = text_of(renderer, "questionnaire_satisfaction", anonymous=anonymous)
    assert ("Анкета анонимна" in text) is anonymous
    assert ("Фамилия, имя, отчество:" in text) is not anonymous
    assert ("Подпись ____" in text) is not anonymous
    assert ("персональных данных оформляется отдельно" in text) is not anonymous


def test_mentor_and_mentee_score_what_each_of_them_saw(renderer: DocxRenderer) -> None:
    kind = "questionnaire_satisfaction"
    both, mentee, mentor = (
        {row[0] for row in rows_of(renderer, kind, head)}
        for head in ("Отвечают все", "Отвечает наставляемый", "Отвечает наставник")
    )
    assert (len(both), len(mentee), len(mentor)) == (7, 3, 3)
    assert both.isdisjoint(mentee | mentor)


@pytest.mark.parametrize("count", [1, 6, 42])
def test_the_plan_of_a_group_has_a_row_for_each_mentee(renderer: DocxRenderer, count: int) -> None:
    six = example("individual_plan_group")["group_mentees"]
    group = (six * 7)[:count]
    rows = rows_of(renderer, "individual_plan_group", "Личная задача", group_mentees=group)
    assert [row[0] for row in rows] == [str(number) for number in range(1, count + 1)]
    assert rows[0][1:3] == ["Дюма Анна-Мария", "Студентка группы ТМ\u201111"]


def test_the_plan_of_a_group_says_for_whom_each_activity_is(renderer: DocxRenderer) -> None:
    rows = rows_of(renderer, "individual_plan_group", "Для кого")
    assert {row[2] for row in rows} == {"Вся группа", "Каждый"}


def test_a_diary_has_the_steps_of_the_plan_or_room_for_them(renderer: DocxRenderer) -> None:
    planned = example("diary")["activities"]
    given = rows_of(renderer, "diary", "Что нужно сделать")
    assert [row[1] for row in given] == [one["text"] for one in planned]
    blank = rows_of(renderer, "diary", "Что нужно сделать", activities=[])
    assert [row[1:] for row in blank] == [[""] * 4] * 8


def test_a_diary_is_its_authors(renderer: DocxRenderer) -> None:
    text = text_of(renderer, "diary")
    assert "а куратор — если наставляемый не против" in text
    assert "О здоровье, семье и личных делах других людей писать не нужно." in text


def test_the_report_counts_the_meetings_of_the_pair(renderer: DocxRenderer) -> None:
    held = example("mentor_report")["meetings_held"]
    minutes = sum(one["minutes"] for one in held)
    text = text_of(renderer, "mentor_report")
    assert f"встреч: {len(held)}, общая продолжительность — {minutes} мин." in text
    assert f"последняя — {held[-1]['day']['words']}".replace("\u00a0", " ") in text
    assert "2.1. Встречи за это время не отмечены." in text_of(
        renderer, "mentor_report", meetings_held=[]
    )


def test_the_report_shows_scores_once_somebody_has_scored(renderer: DocxRenderer) -> None:
    scored = "Оценки последнего мониторинга"
    assert scored in text_of(renderer, "mentor_report")
    assert scored not in text_of(renderer, "mentor_report", monitoring_average="—")
    assert scored not in text_of(renderer, "mentor_report", monitoring=[], monitoring_average=None)


def test_what_the_mentor_has_not_told_is_left_to_be_written_in(renderer: DocxRenderer) -> None:
    document = document_of(renderer, "mentor_report", {"results": None, "difficulties": None})
    texts = [paragraph.text for paragraph in document.paragraphs]
    at = texts.index("3. Результаты")
    assert [text.strip() for text in texts[at + 1 : at + 4]] == [""] * 3
    assert "— Включить наставляемую в состав рабочей группы по проектам." in "\n".join(
        texts
    ).replace("\u00a0", " ")
