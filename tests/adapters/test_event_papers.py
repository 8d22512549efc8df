"""What makes right the papers of selection, training, events and rewards: both branches of each."""

import io
from typing import Any

import pytest
from docx import Document

from adapters.docx.renderer import DocxRenderer
from tests.adapters.test_college_papers import breaks, rows_of, text_of
from tests.adapters.test_docx_renderer import example
from tests.law import RENDERER

CEREMONIAL = (("training_certificate", "trained"), ("diploma", "winners"))


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def bare(renderer: DocxRenderer, kind: str) -> dict[str, Any]:
    """What the service finds by itself, no more."""
    return {
        name: fact
        for name, fact in example(kind).items()
        if renderer.fields(kind)[name].required and renderer.fields(kind)[name].source != "input"
    }


def rows_below(document: bytes, head: str) -> list[list[str]]:
    """As `rows_of`, with the lines of a cell that people are to sign in taken together."""
    return [[" ".join(cell.split()) for cell in row] for row in rows_of(document, head)]


@pytest.mark.parametrize(
    ("kind", "head", "rows"),
    [("acquaintance_sheet", "Подпись", 12), ("attendance_list", "Подпись", 15)],
)
def test_a_sheet_without_people_has_numbered_rows_to_write_in(
    renderer: DocxRenderer, kind: str, head: str, rows: int
) -> None:
    found = rows_below(renderer.render(kind, bare(renderer, kind)), head)
    assert [row[0] for row in found] == [str(n) for n in range(1, rows + 1)]
    assert {cell for row in found for cell in row[1:]} == {""}


def test_the_acquaintance_sheet_names_its_document_and_leaves_room_for_signature_and_date(
    renderer: DocxRenderer,
) -> None:
    document = renderer.render("acquaintance_sheet", example("acquaintance_sheet"))
    text = text_of(document)
    assert "с приказом «Об утверждении наставнических пар»" in text
    assert "от 30 ноября 2026 г. № 121-о" in text
    assert "Ознакомление провела:" in text
    rows = rows_below(document, "Подпись")
    post = "Преподаватель специальных дисциплин"
    assert rows[0] == ["1", "Коваль Лев Ильич", post, "отмечено в системе", "01.12.2026"]
    assert rows[2] == [
        "3",
        "Ким Артём Сергеевич",
        "Студент группы ТМ\N{NON-BREAKING HYPHEN}41",
        "",
        "",
    ]


def test_the_acquaintance_sheet_says_who_is_missing_and_who_reads_for_a_child(
    renderer: DocxRenderer,
) -> None:
    facts = example("acquaintance_sheet")
    facts["acquainted"][-1]["reader"] = "В. И. Дюма"
    text = text_of(renderer.render("acquaintance_sheet", facts))
    assert "; представитель — В. И. Дюма" in text
    assert "не ознакомлены (4 из 6): А. С. Ким, Г. М. Заяц, Г. Ф. Асадчий, А.-М. С. Дюма." in text
    everybody = renderer.render("acquaintance_sheet", facts | {"not_acquainted": []})
    assert "По состоянию на 3 декабря 2026 г. ознакомлены все." in text_of(everybody)


def test_the_acquaintance_sheet_of_no_document_asks_for_its_name_and_number(
    renderer: DocxRenderer,
) -> None:
    text = text_of(renderer.render("acquaintance_sheet", bare(renderer, "acquaintance_sheet")))
    assert "(вид документа и его заголовок)" in text
    assert "от ______________ № ______" in text


def test_the_attendance_list_asks_for_no_telephone_or_address(renderer: DocxRenderer) -> None:
    document = renderer.render("attendance_list", example("attendance_list"))
    heads = [cell.text for cell in Document(io.BytesIO(document)).tables[0].rows[0].cells]
    assert heads[1:] == ["Фамилия, имя, отчество", "Организация, должность или группа", "Подпись"]
    last = rows_below(document, "Подпись")[-1]
    assert last[2] == "АО «Заречинский механический завод», ведущий инженер-технолог"


def test_the_minutes_of_the_school_say_of_each_decision_who_does_it_and_by_when(
    renderer: DocxRenderer,
) -> None:
    facts = example("school_minutes")
    text = text_of(renderer.render("school_minutes", facts))
    decisions = [one for item in facts["school_agenda"] for one in item["decisions"]]
    assert text.count("Ответственный: ") == text.count("Срок: ") == len(decisions) == 4
    assert text.count("СЛУШАЛИ:") == text.count("РЕШИЛИ:") == text.count("Голосовали: ") == 2
    assert text.index("ПОВЕСТКА ДНЯ") < text.index("1. СЛУШАЛИ: Коваля Льва Ильича, методиста.")
    assert "Голосовали: за — 18, против — нет, воздержался — 1." in text


def test_the_minutes_not_yet_held_leave_votes_and_dates_blank(renderer: DocxRenderer) -> None:
    facts = bare(renderer, "school_minutes") | {"registration": None}
    text = text_of(renderer.render("school_minutes", facts))
    assert text.count("Голосовали: за — ____, против — ____, воздержались — ____.") == 3
    assert "Присутствовали: ______ чел., список прилагается" in text
    assert "№ ______" in text


def test_the_criteria_sum_their_points_and_name_the_conditions_of_the_law(
    renderer: DocxRenderer,
) -> None:
    facts = example("selection_criteria")
    facts["scored_criteria"] = [
        {"criterion": "опыт", "evidence": "анкета", "points": 7},
        {"criterion": "отзывы", "evidence": "беседа", "points": 4},
    ]
    facts["pass_mark"] = 6
    document = renderer.render("selection_criteria", facts)
    assert rows_of(document, "Критерий")[-1] == ["", "Всего", "", "11"]
    text = text_of(document)
    for item in (
        "письменно согласился быть наставником",
        "согласие дал и законный представитель",
        "статьёй 351.1 Трудового кодекса",
        "проходной балл (6)",
    ):
        assert item in text


def test_the_decision_tells_of_each_candidate_in_the_right_gender(renderer: DocxRenderer) -> None:
    document = renderer.render("selection_decision", example("selection_decision"))
    rows = rows_of(document, "Решение")
    assert [row[4] for row in rows] == ["отобран", "отобрана", "не отобран", "отобрана"]
    assert [row[3] for row in rows] == ["28", "25", "16", "22"]
    text = text_of(document)
    assert text.count("Член комиссии: ") == 2
    assert "____________ " not in text
    assert "Г. Ф. Асадчий" in text


def test_before_the_commission_sat_the_decision_lists_the_base_and_leaves_the_rest_blank(
    renderer: DocxRenderer,
) -> None:
    document = renderer.render("selection_decision", bare(renderer, "selection_decision"))
    rows = rows_below(document, "Решение")
    base = example("selection_decision")["mentors_base"]
    assert len(rows) == len(base)
    assert {cell for row in rows for cell in row[3:]} == {""}
    text = text_of(document)
    assert text.count("Член комиссии: ________") == 2
    assert "за — ____, против — ____, воздержались — ____" in text


def test_the_timetable_sums_its_hours_and_shows_day_and_time_of_each_lesson(
    renderer: DocxRenderer,
) -> None:
    document = renderer.render("training_timetable", example("training_timetable"))
    rows = rows_of(document, "Кто ведёт")
    assert rows[0][1] == "12 октября 2026 г.\n15:00 – 16:30"
    assert rows[0][2].endswith("(семинар)")
    assert rows[-1][3] == "12"


def test_the_blank_timetable_has_the_lessons_of_the_training_programme(
    renderer: DocxRenderer,
) -> None:
    lessons = renderer.fields("training_timetable")["lessons"].default
    sessions = renderer.fields("training_programme")["sessions"].default
    told = [(one["topic"].lower(), one["form"], one["hours"]) for one in lessons]
    assert told == [(one["topic"].lower(), one["form"], one["hours"]) for one in sessions]
    hours = renderer.fields("training_certificate")["training_hours"].default
    assert sum(one["hours"] for one in sessions) == hours


@pytest.mark.parametrize(("kind", "whom"), CEREMONIAL)
@pytest.mark.parametrize("people", [1, 2, 25])
def test_a_ceremonial_paper_has_a_page_for_each_person(
    renderer: DocxRenderer, kind: str, whom: str, people: int
) -> None:
    facts = example(kind)
    facts[whom] = facts[whom][:1] * people
    document = renderer.render(kind, facts)
    assert breaks(document) == people - 1
    assert text_of(document).count("Коваль Лев Ильич") == people


@pytest.mark.parametrize(("kind", "whom"), CEREMONIAL)
def test_a_ceremonial_paper_of_nobody_yet_is_one_blank(
    renderer: DocxRenderer, kind: str, whom: str
) -> None:
    document = renderer.render(kind, example(kind) | {whom: []})
    text = text_of(document)
    assert breaks(document) == 0
    assert text.count("(фамилия, имя, отчество)") == 1
    assert "(прошла)" in text or "(награждена)" in text


def test_a_certificate_agrees_with_the_person_and_claims_no_qualification(
    renderer: DocxRenderer,
) -> None:
    text = text_of(renderer.render("training_certificate", example("training_certificate")))
    assert text.count("прошёл обучение наставников") == 2
    assert text.count("прошла обучение наставников") == 1
    assert text.count("не является документом о квалификации") == 3
    assert "удостоверение" not in text.lower()


def test_the_event_programme_asks_consent_before_photographs(renderer: DocxRenderer) -> None:
    text = text_of(renderer.render("event_programme", bare(renderer, "event_programme")))
    assert "только с отдельного письменного согласия участника" in text
    assert "его законного представителя" in text
    assert "Дата: «____»" in text
    assert "__:__ – __:__" in text


def test_the_review_gives_what_the_reviewer_said(renderer: DocxRenderer) -> None:
    facts = example("review")
    document = renderer.render("review", facts)
    assert [row[2] for row in rows_of(document, "Вопрос")] == ["Да", "Да", "Отчасти", "Отчасти"]
    text = text_of(document)
    assert facts["conclusion"] in text
    assert "Отметьте одно" not in text
    assert "Т. Н. Ларина" in text


def test_a_review_not_yet_written_judges_nothing(renderer: DocxRenderer) -> None:
    document = renderer.render("review", bare(renderer, "review"))
    rows = rows_of(document, "Вопрос")
    assert len(rows) == 8
    assert {cell for row in rows for cell in row[2:]} == {""}
    assert text_of(document).count("☐ ") == 3


def test_the_petition_names_its_addressee_and_whom_to_reward_in_the_accusative(
    renderer: DocxRenderer,
) -> None:
    document = renderer.render("petition", example("petition"))
    rows = rows_of(document, "Кого наградить")
    assert rows[0][1] == "Коваля Льва Ильича, преподавателя специальных дисциплин"
    text = text_of(document)
    lines = text.splitlines()
    at = lines.index("Министру образования")
    assert lines[at : at + 3] == ["Министру образования", "Заречинской области", "Громову П. Д."]
    assert "просит наградить почётной грамотой министерства:" in text
    assert "Согласия на передачу персональных данных" in text
    assert text.index("О. П. Вершинина") < text.index("Исполнитель: Непомнящая Мария Ильинична")


def test_a_petition_to_nobody_yet_leaves_addressee_and_reward_blank(
    renderer: DocxRenderer,
) -> None:
    text = text_of(renderer.render("petition", bare(renderer, "petition")))
    assert text.count("_" * 28 + "\n") == 4
    assert "просит наградить ______" in text


def test_the_map_groups_practices_by_form_with_author_and_link(renderer: DocxRenderer) -> None:
    document = renderer.render("resource_map", example("resource_map"))
    rows = rows_of(document, "Практика")
    groups = [row[0] for row in rows if row[0] == row[4]]
    assert groups[0] == "Форма наставничества: «педагог — педагог»"
    assert len(groups) == 3
    assert len(rows) == 3 + 4
    assert [rows[1][0], rows[1][4]] == ["1", "https://politech.example/nastavnik/pervyj-god"]


def test_an_empty_map_has_rows_for_each_form_of_the_roadmap(renderer: DocxRenderer) -> None:
    facts = bare(renderer, "resource_map")
    rows = rows_below(renderer.render("resource_map", facts), "Практика")
    assert len(rows) == len(facts["forms"]) * 4
    assert [row[0] for row in rows[1:4]] == ["1", "2", "3"]
