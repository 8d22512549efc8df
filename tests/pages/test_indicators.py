"""Indicators on the pages: entered, marked as entered, corrected; each figure opens its rows."""

import pytest

from domain.names import NBSP
from tests.api.calls import CYCLE
from tests.api.house import House
from tests.pages.school import PASSWORD, School
from tests.pages.test_doors import signed_in
from tests.pages.visitor import Visitor


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


def base(school: School) -> str:
    return f"/cycles/{school.cycle.cycle_id}/indicators"


async def test_plan_and_fact_stand_by_year_and_each_figure_leads_to_its_rows(
    school: School, curator: Visitor
) -> None:
    await curator.go(base(school))
    assert "Показатели" in curator.text
    assert "1.1. Договоры 2026/27 год: нет данных, план 4 ед." in curator.text
    assert "Доля пар 2026/27 год: 50 %, план не менее 100 %" in curator.text
    assert "посчитано программой" in curator.text
    cycle = base(school).removesuffix("/indicators")
    path = f"{cycle}/measures/matched_percent?turn=1"
    assert curator.shown is not None
    assert f'href="{path}"' in curator.shown.text
    await curator.go(path)
    assert "2026/27 год: 50 %" in curator.text
    assert "Часть: Наставляемые из базы, у которых есть пара — 1 чел." in curator.text
    assert "Целое: База наставляемых — 2 чел." in curator.text
    assert "Черных Л. П." in curator.text


async def test_a_value_is_entered_corrected_and_marked(school: School, curator: Visitor) -> None:
    form = f"{base(school)}/enter"
    await curator.go(form)
    assert "1.1. Договоры" in curator.text
    await curator.send(form, **{"value.1.1:turn": "3", "source": "Реестр договоров"})
    assert (curator.status, curator.path) == (200, base(school))
    assert "2026/27 год: 3 ед., план 4 ед. · внесено: " in curator.text
    assert "источник: Реестр договоров" in curator.text
    await curator.go(form)
    assert "Сейчас 3 ед. (Реестр договоров)" in curator.text
    await curator.send(form, **{"value.1.1:turn": "4", "source.1.1:turn": "Реестр, уточнён"})
    await curator.go(f"{base(school)}/1.1?turn=1")
    assert "2026/27 год: 4 ед., план 4 ед." in curator.text
    assert "3 ед. (исправлено позже)" in curator.text
    assert curator.text.index("Реестр, уточнён") < curator.text.index("Источник: Реестр договоров")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"value.1.1:turn": "2,5", "source": "Отчёт"}, "целыми числами"),
        (
            {"value.1.1:turn": "много", "source": "Отчёт"},
            "Показатели: 1.1: значение: недопустимые знаки",
        ),
        ({"value.1.1:turn": "2"}, "Показатели: 1.1: источник: нужно заполнить"),
        ({}, "Показатели"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    school: School, curator: Visitor, fields: dict[str, str], words: str
) -> None:
    form = f"{base(school)}/enter"
    await curator.go(form)
    await curator.send(form, **fields)
    assert (curator.status, words in curator.text) == (422, True)
    assert curator.value("values-value.1.1:turn") == fields.get("value.1.1:turn", "")
    await curator.go(base(school))
    assert "внесено" not in curator.text


async def test_an_auditor_reads_and_enters_nothing(school: School, curator: Visitor) -> None:
    form = f"{base(school)}/enter"
    await curator.go(form)
    await curator.send(form, **{"value.1.1:turn": "3", "source": "Реестр договоров"})
    auditor = await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)
    await auditor.go("/log")
    assert "Внесено значение показателя" in auditor.text
    assert auditor.shown is not None
    assert f'href="{base(school)}"' in auditor.shown.text
    await auditor.go(base(school))
    assert "3 ед." in auditor.text
    assert "Внести значения" not in auditor.text
    await auditor.go(f"{base(school)}/enter")
    assert auditor.status == 403


async def test_everything_that_is_counted_is_listed_without_zeros(
    school: School, curator: Visitor
) -> None:
    cycle = base(school).removesuffix("/indicators")
    await curator.go(f"{cycle}/measures?turn=1")
    assert curator.shown is not None
    assert f'aria-label="Пары: 1{NBSP}ед."' in curator.shown.text
    assert "Пары, завершившие программу" not in curator.text
    assert "в которых ноль или нет данных" in curator.text
    await curator.go(f"{cycle}/measures?turn=2")
    assert curator.status == 404


async def test_a_row_is_closed_once_the_values_are_there(house: House) -> None:
    house.views.proof = "indicators"
    visitor = await signed_in(house, "curator")
    path = f"/cycles/{CYCLE}/result?item=1.1&result=site"
    await visitor.go(path)
    assert "Ещё нет значений: 1.1. Договоры" in visitor.text
    assert "1.3. Обращения Внести значения" in visitor.text
    await visitor.go(f"/cycles/{CYCLE}/indicators/enter?turn=1")
    said = {"value.1.1:turn": "3", "value.1.3:2026-q3": "5", "source": "Отчёт"}
    await visitor.send(f"/cycles/{CYCLE}/indicators/enter", **said)
    await visitor.go(path)
    assert "Все значения внесены" in visitor.text
    await visitor.send(f"/cycles/{CYCLE}/result")
    assert house.wish().evidence.indicators == ("1.1", "1.3")
