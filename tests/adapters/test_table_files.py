"""A version as a table: the same figures as on paper, each with its source, nothing dangerous."""

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from adapters.postgres.shown_document import VersionFacts
from adapters.table_files import ABOUT, ORIGINS, table_files, table_rules
from tests.adapters.test_docx_renderer import example
from tests.adapters.world import TEMPLATES, templates

RULES = table_rules(TEMPLATES)
MAKE = table_files(RULES)
ADDRESS = "https://nastavnik.example/"
HOSTILE = ("=1+1", "+7", "-2+3", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "\u202eтекст")


def known(kind: str, **facts: object) -> VersionFacts:
    return VersionFacts(
        document_id="41b0c2d7e8f90123",
        kind=kind,
        title=templates().kind(kind).title,
        version=2,
        number="12-о",
        day=date(2027, 6, 21),
        sha256="ab" * 32,
        facts={**example(kind), **facts},
    )


def workbook(kind: str, **facts: object) -> Any:  # noqa: ANN401 - cells of any type
    return load_workbook(io.BytesIO(MAKE(known(kind, **facts), ADDRESS)))


def rows(sheet: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401
    return list(sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("kind", RULES)
def test_every_place_of_a_table_is_a_fact_of_its_kind(kind: str) -> None:
    fields = templates().fields(kind)
    for rules in RULES[kind]:
        for column in rules.figures:
            assert fields[column.value].type == "number"
        if rules.rows is not None and fields[rules.rows].type == "table":
            own = {"path", "least", "reached", "unit"}  # what only the table shows
            columns = {column.value.partition(".")[0] for column in rules.columns}
            assert columns <= {*fields[rules.rows].columns, *own}
        for column in rules.columns:
            assert column.total in (None, "sum", *fields)


@pytest.mark.parametrize("kind", RULES)
def test_each_kind_with_a_table_makes_one_of_its_example(kind: str) -> None:
    made = workbook(kind)
    wanted = [rules.sheet for rules in RULES[kind]]
    assert [one for one in made.sheetnames if one not in (ORIGINS, ABOUT)] == wanted
    assert made.sheetnames[-1] == ABOUT
    for sheet in made.worksheets:
        assert sheet.freeze_panes == "A2"
        assert all(cell.value for cell in sheet[1])


def test_a_document_drafted_before_the_figures_had_sources_has_a_table_too() -> None:
    old = {name: fact for name, fact in example("report").items() if name != "origins"}
    made = load_workbook(io.BytesIO(MAKE(known("report").changed(facts=old), ADDRESS)))
    assert ORIGINS not in made.sheetnames
    assert rows(made["Участники и пары"])[1][:3] == ("Наставники, чел.", old["mentors"], None)


def test_each_figure_stands_beside_its_source_and_a_link_to_its_rows() -> None:
    sheet = workbook("analytical_note")["Участники и пары"]
    for row in list(sheet.iter_rows())[1:]:
        _, value, source, period, day, behind, path = row
        assert isinstance(value.value, int)
        assert (source.value, day.value.date()) == ("учёт программы", date(2027, 6, 21))
        assert period.value.startswith("с 1 сентября 2026 г. по")
        assert isinstance(behind.value, int)
        assert path.hyperlink.target == f"https://nastavnik.example{path.value}"
        assert "/measures/" in path.value


def test_the_sums_over_organisations_point_to_their_source() -> None:
    made = workbook("municipal_summary")
    sheet = made["Организации"]
    total = sheet[sheet.max_row]
    given = example("municipal_summary")["organisations_below"]
    assert (total[0].value, total[1].value) == ("Всего", sum(one["mentors"] for one in given))
    place = total[1].hyperlink.location
    assert place.startswith(f"'{ORIGINS}'!A")
    row = int(place.rpartition("A")[2])
    said = rows(made[ORIGINS])[row - 1]
    assert said[0] == "Наставники"
    assert said[1] == total[1].value
    assert said[-1].startswith("/cycles/")
    assert "below_mentors" in said[-1]


def test_numbers_are_numbers_days_are_days_and_words_stay_words() -> None:
    row = {"name": "Доля", "unit": "%", "plan": "70", "fact": "66,6", "source": "учёт"}
    made = workbook("report", indicators=[row, {**row, "fact": "нет данных"}])
    assert [one[2:4] for one in rows(made["Показатели"])[1:]] == [(70, 66.6), (70, "нет данных")]
    events = workbook("curator_report")["Мероприятия"]
    assert events["B2"].is_date


def test_no_word_of_the_data_becomes_a_formula() -> None:
    advice = [{"finding": one, "action": "дело", "due": "срок"} for one in HOSTILE]
    sheet = workbook("recommendations", advice=advice)["Рекомендации"]
    for row in list(sheet.iter_rows())[1:]:
        assert row[0].data_type == "s"
        assert row[0].quotePrefix
    assert "\u202e" not in str(rows(sheet)[-1][0])


def test_a_register_names_people_in_full() -> None:
    facts = example("register_mentors")
    found = rows(workbook("register_mentors")["Наставники"])
    assert [row[0] for row in found[1:]] == [
        one["person"]["name"]["nomn"] for one in facts["mentors_base"]
    ]


def test_the_table_says_of_which_version_it_is() -> None:
    said = dict(rows(workbook("report")[ABOUT]))
    assert said["Версия"] == 2
    assert said["SHA-256 сведений"] == "ab" * 32
    assert said["Код документа"] == "41b0c2d7e8f90123/2"


def test_a_path_that_is_none_of_ours_becomes_no_link() -> None:
    row = {**example("municipal_summary")["organisations_below"][0], "path": "javascript:alert(1)"}
    sheet = workbook("municipal_summary", organisations_below=[row])["Организации"]
    assert sheet["I2"].value == "javascript:alert(1)"
    assert sheet["I2"].hyperlink is None
