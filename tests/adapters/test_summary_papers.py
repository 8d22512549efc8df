"""Checks, needs, reports, registers: what is told, left to be written, and never asked."""

import io
from typing import Any

import pytest
from docx import Document

from adapters.docx.renderer import DocxRenderer
from tests.adapters.test_docx_renderer import example, text_of
from tests.law import RENDERER

REGISTERED = {"number": "204-о", "date_words": "25 июня 2027 г."}
TABLES = {
    "analytical_note": "problems",
    "curator_report": "events",
    "inspection_checklist": "findings",
    "monitoring_final": "activities",
    "monitoring_interim": "activities",
    "municipal_summary": "organisations_below",
    "organisation_monitoring": "practices",
    "plan_correction": "corrections",
    "recommendations": "advice",
    "register_programmes": "practices",
}


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def said(renderer: DocxRenderer, kind: str, **facts: object) -> str:
    return text_of(renderer.render(kind, example(kind) | facts))


def rows_of(renderer: DocxRenderer, kind: str, head: str, **facts: object) -> list[list[str]]:
    """The rows under the head of the first table that has such a column."""
    document = Document(io.BytesIO(renderer.render(kind, example(kind) | facts)))
    table = next(
        table for table in document.tables if head in [cell.text for cell in table.rows[0].cells]
    )
    return [
        [cell.text.strip().replace("\u00a0", " ") for cell in row.cells] for row in table.rows[1:]
    ]


@pytest.mark.parametrize(("kind", "table"), TABLES.items())
def test_a_table_that_nobody_filled_is_left_to_be_written(
    renderer: DocxRenderer, kind: str, table: str
) -> None:
    def height(rows: object) -> int:
        document = renderer.render(kind, example(kind) | {table: rows})
        return sum(len(one.rows) for one in Document(io.BytesIO(document)).tables)

    row = example(kind)[table][0]
    assert height([row] * 40) - height([row]) == 39
    assert height([]) - height([row]) >= 2
    assert height(None) == height([])


@pytest.mark.parametrize(
    ("norm", "about"),
    [
        ("части 4 статьи 9 Федерального закона № 152-ФЗ", "отдельным документом"),
        ("статья 10.1 Федерального закона № 152-ФЗ", "отдельные согласия"),
        ("статья 351.8 ТК РФ", "дополнительное соглашение к трудовому договору"),
        ("статья 30 Федерального закона № 273-ФЗ", "с учётом мнения советов"),
    ],
)
def test_the_checklist_names_the_norm_beside_what_it_asks(
    renderer: DocxRenderer, norm: str, about: str
) -> None:
    [line] = [line for line in said(renderer, "inspection_checklist").splitlines() if norm in line]
    assert about in line


def test_the_checklist_leaves_room_for_each_answer_and_takes_no_copies(
    renderer: DocxRenderer,
) -> None:
    rows = rows_of(renderer, "inspection_checklist", "Да")
    asked = [row for row in rows if row[0] != row[1]]
    sections = [row[0] for row in rows if row[0] == row[1]]
    assert [row[2:] for row in asked] == [["", "", ""]] * len(asked)
    assert [row[0].split(".")[0] for row in asked] == sorted(row[0][0] for row in asked)
    assert len(sections) == 5
    assert "копии не снимаются" in said(renderer, "inspection_checklist")


@pytest.mark.parametrize("kind", ["inspection_checklist", "recommendations"])
def test_an_organisation_that_is_not_known_is_written_by_hand(
    renderer: DocxRenderer, kind: str
) -> None:
    known = said(renderer, kind)
    unknown = said(renderer, kind, about_organisation=None)
    assert "МБОУ «Средняя школа № 4 г. Заречинска»" in known
    assert "Средняя школа" not in unknown
    assert "_________________" in unknown


@pytest.mark.parametrize("kind", ["inspection_checklist", "recommendations"])
def test_nobody_of_the_organisation_below_is_named(renderer: DocxRenderer, kind: str) -> None:
    lines = [line.strip() for line in said(renderer, kind).splitlines()]
    assert "_________________" in lines


def test_recommendations_are_addressed_and_say_when_to_answer(
    renderer: DocxRenderer,
) -> None:
    lines = said(renderer, "recommendations").splitlines()
    at = lines.index("Руководителю")
    assert lines[at + 1 : at + 3] == ["МБОУ «Средняя школа № 4 г. Заречинска»", "_" * 17]
    assert "Сведения о принятых мерах просим направить до 10 февраля 2027 г." in lines
    assert any(
        line.endswith("направить до ____________________.")
        for line in said(renderer, "recommendations", reply_due=None).splitlines()
    )


def test_a_corrected_plan_is_approved_by_an_order_as_the_plan_was(renderer: DocxRenderer) -> None:
    lines = said(renderer, "plan_correction", amendment_order=REGISTERED).splitlines()
    at = lines.index("УТВЕРЖДЁН")
    assert lines[at + 1] == "приказом директора"
    assert lines[at + 3] == "от 25 июня 2027 г. № 204-о"
    assert "План утверждён приказом директора" in "\n".join(lines)
    assert renderer.kind("plan_correction").approved_form == "УТВЕРЖДЁН"


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ({"number": "5", "date_words": "18 июня 2027 г."}, True),
        (None, False),
    ],
)
def test_a_correction_rests_on_the_council_only_where_it_met(
    renderer: DocxRenderer, minutes: object, *, told: bool
) -> None:
    text = said(renderer, "plan_correction", council_minutes=minutes)
    assert ("рассмотренного педагогическим советом (протокол от 18 июня" in text) is told
    assert "за 2026/2027 учебный год" in text


@pytest.mark.parametrize("kind", ["monitoring_interim", "monitoring_final"])
def test_a_monitoring_has_its_four_parts_and_the_report_on_the_route(
    renderer: DocxRenderer, kind: str
) -> None:
    text = said(renderer, kind)
    criteria = ("качество процесса:", "рост компетенций:", "взаимодействие:", "индивидуальный")
    assert [part for part in criteria if f"— {part}" not in text] == []
    facts = example(kind)
    minutes = sum(meeting["minutes"] for meeting in facts["meetings_held"])
    assert f"встреч: {len(facts['meetings_held'])}, общая продолжительность — {minutes} мин" in text
    route = rows_of(renderer, kind, "Мероприятие плана")
    assert [row[1:] for row in route] == [
        [one["text"], one["result"], ""] for one in facts["activities"]
    ]


@pytest.mark.parametrize("before", ["7,9", None])
def test_the_final_monitoring_is_compared_with_the_interim_one(
    renderer: DocxRenderer, before: str | None
) -> None:
    text = said(renderer, "monitoring_final", monitoring_average_before=before)
    assert ("При промежуточном мониторинге она составляла 7,9." in text) is (before is not None)
    assert "При промежуточном мониторинге" not in said(renderer, "monitoring_interim")


@pytest.mark.parametrize(
    ("teaches", "heads"),
    [
        (True, ["В чём бывают затруднения"]),
        (False, ["В чём бывают затруднения"]),
        (
            None,
            [
                "В чём бывают затруднения (для педагогов)",
                "В чём бывают затруднения (для обучающихся)",
            ],
        ),
    ],
)
def test_needs_are_asked_of_a_teacher_a_student_or_whoever_it_may_be(
    renderer: DocxRenderer, heads: list[str], *, teaches: bool | None
) -> None:
    text = said(renderer, "needs_assessment", teaches=teaches)
    assert [line for line in text.splitlines() if line.startswith("В чём бывают")] == heads
    assert ("Подготовка к аттестации и конкурсам" in text) is (teaches is not False)
    assert ("Общение с преподавателями" in text) is (teaches is not True)


def test_needs_are_assessed_twice_on_one_sheet(renderer: DocxRenderer) -> None:
    text = said(renderer, "needs_assessment")
    assert text.index("2. Входная диагностика") < text.index("3. Итоговая диагностика")
    assert text.count("Л. П. Черных") == 2
    assert "на отметки, оплату труда и аттестацию они не влияют" in text
    scores = rows_of(renderer, "needs_assessment", "Итоговая")
    assert {tuple(row[2:]) for row in scores} == {("", "")}


@pytest.mark.parametrize("kind", ["needs_assessment", "register_participants"])
def test_nothing_is_asked_about_health(renderer: DocxRenderer, kind: str) -> None:
    text = said(renderer, kind)
    assert "здоровье" in text
    assert [word for word in ("ОВЗ", "инвалид", "диагноз", "паспорт") if word in text] == []


def test_the_personified_register_holds_codes_and_no_names(renderer: DocxRenderer) -> None:
    rows = rows_of(renderer, "register_participants", "Код")
    assert [row[1] for row in rows if row[0] == "1"] == ["Н-01", "У-01"]
    assert [row[0] for row in rows if row[0] == row[1]] == [
        "Наставники: 4 чел.",
        "Наставляемые: 4 чел.",
    ]
    names = [
        line for line in said(renderer, "register_participants").splitlines() if "Непомн" in line
    ]
    assert names == ["М. И. Непомнящая"]


NAMED = {
    "organisation": "СОШ № 1",
    "name": "Дюма Светлана Павловна",
    "part": "наставляемый",
    "form": "педагог — обучающийся",
}
COUNTED = {"organisation": "СОШ № 1", "people": 15, "named": 1, "unnamed": 14}


def test_the_register_of_one_above_names_who_consented_and_counts_the_others(
    renderer: DocxRenderer,
) -> None:
    of_above: dict[str, object] = {
        "named_below": [NAMED],
        "people_below": [COUNTED],
        "participants": [],
    }
    kind = "register_participants"
    assert rows_of(renderer, kind, "Фамилия, имя, отчество", **of_above) == [
        ["1", "Дюма Светлана Павловна", "Наставляемый", "Педагог — обучающийся", "СОШ № 1"]
    ]
    assert rows_of(renderer, kind, "Без имён", **of_above) == [["СОШ № 1", "15", "1", "14"]]
    assert "обозначен кодом" not in said(renderer, kind, **of_above)
    nobody: dict[str, object] = {**of_above, "named_below": []}
    assert "Дюма" not in said(renderer, kind, **nobody)


def test_a_participant_without_an_end_has_an_open_term(renderer: DocxRenderer) -> None:
    groups = example("register_participants")["participants"]
    groups[0]["rows"][0] |= {"until": ""}
    rows = rows_of(renderer, "register_participants", "Код", participants=groups)
    assert [row[4] for row in rows[1:3]] == ["23.11.2026", "23.11.2026 — 30.06.2027"]


def test_the_municipal_summary_adds_the_organisations_up(renderer: DocxRenderer) -> None:
    below = example("municipal_summary")["organisations_below"]
    *rows, total = rows_of(renderer, "municipal_summary", "Организация")
    assert [row[1] for row in rows] == [one["name"] for one in below]
    columns = ("mentors", "mentees", "pairs", "completed", "stopped", "meetings")
    assert total == ["", "Всего", *(str(sum(one[name] for one in below)) for name in columns), ""]
    assert f"Организаций в отчёте: {len(below)}." in said(renderer, "municipal_summary")


@pytest.mark.parametrize(
    ("absent", "told"),
    [
        (["МБОУ «Школа № 9»", "МБДОУ № 3"], "сведений: МБОУ «Школа № 9»; МБДОУ № 3."),
        ([], "Сведения представили все организации."),
        (None, "Не представили сведений: ____"),
    ],
)
def test_the_summary_says_who_has_not_reported_only_where_it_is_known(
    renderer: DocxRenderer, absent: object, told: str
) -> None:
    assert told in said(renderer, "municipal_summary", not_reported=absent)


def test_an_organisation_reports_by_form_by_share_and_by_the_day_of_the_roadmap(
    renderer: DocxRenderer,
) -> None:
    facts = example("organisation_monitoring")
    assert "не позднее 25 ноября 2026 г. Она" in said(renderer, "organisation_monitoring")
    *forms, total = rows_of(renderer, "organisation_monitoring", "Форма наставничества")
    assert [row[2:] for row in forms] == [
        [str(row[name]) for name in ("mentors", "mentees", "pairs", "completed")]
        for row in facts["by_form"]
    ]
    assert total[2:] == ["4", "4", "4", "3"]
    shares = rows_of(renderer, "organisation_monitoring", "Доля, %")
    assert [row[4] for row in shares] == [row["percent"] for row in facts["shares"]]


def test_without_counts_the_form_still_names_what_is_to_be_counted(renderer: DocxRenderer) -> None:
    facts: dict[str, Any] = {"by_form": None, "shares": None, "papers": None, "site": None}
    *forms, _ = rows_of(renderer, "organisation_monitoring", "Форма наставничества", **facts)
    assert [row[1:] for row in forms] == [
        [form, "", "", "", ""] for form in example("organisation_monitoring")["forms"]
    ]
    shares = rows_of(renderer, "organisation_monitoring", "Доля, %", **facts)
    assert {tuple(row[2:]) for row in shares} == {("", "", "")}
    first, *papers = rows_of(renderer, "organisation_monitoring", "Документ", **facts)
    assert first[2] == "от 7 сентября 2026 г. № 118-о"
    assert all("____" in row[2] for row in papers)


@pytest.mark.parametrize(
    ("unmatched", "told"),
    [(1, "Наставляемых без пары: 1; подбор"), (0, "Наставляемых без пары в базе нет.")],
)
def test_the_note_says_whether_somebody_waits_for_a_mentor(
    renderer: DocxRenderer, unmatched: int, told: str
) -> None:
    assert told in said(renderer, "analytical_note", unmatched=unmatched)


def test_the_note_counts_the_pairs_that_go_on(renderer: DocxRenderer) -> None:
    counts = {"pairs_total": 12, "pairs_completed": 7, "pairs_stopped": 2}
    rows = dict(rows_of(renderer, "analytical_note", "Показатель", **counts))
    assert rows["из них продолжают работу"] == "3"


def test_the_curator_reports_to_the_director_for_the_period(renderer: DocxRenderer) -> None:
    lines = said(renderer, "curator_report").splitlines()
    assert lines[0] == "Директору"
    assert "Вершининой О. П." in lines
    assert "за первое полугодие 2026/2027 учебного года" in lines
    assert "за 2026/2027 учебный год" in said(renderer, "curator_report", period=None).splitlines()
