"""The log, the past and the reads on pages, over a real database."""

import re
from datetime import timedelta

import pytest

from domain.routes import Outcome
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

SCAN = b"%PDF-1.7 a scan"


@pytest.fixture
async def auditor(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)


def a_life(school: School) -> str:
    """A plan that was sent back once; the pair has its order."""
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", SCAN)
    plan = school.paper("individual_plan", since=4, days=2, of_pair=True)
    school.decide(plan, Outcome.SEND_BACK, "Укажите срок.")
    school.redraft(plan, {"goal": "рост"})
    school.move_pair(order, plan)
    return plan


async def test_each_event_tells_what_it_rests_on_and_how_its_file_stands(
    school: School, auditor: Visitor
) -> None:
    a_life(school)
    await auditor.go(f"/pairs/{school.pair_id}")
    assert "Возвращено с замечанием: Индивидуальный план, версия 1" in auditor.text
    assert "замечание: Укажите срок." in auditor.text
    assert re.search(r"Пройден этап: Приказ ?Основание: Приказ [^№]+ № 145-о от", auditor.text)
    assert "файлы ещё не проверялись" in auditor.text
    assert "Версия подготовлена" not in auditor.text


async def test_the_timeline_is_filtered_by_kind_document_person_and_days(
    school: School, auditor: Visitor
) -> None:
    plan = a_life(school)
    director = school.users["director"].user_id
    base = f"/pairs/{school.pair_id}"
    for asked, there, gone in (
        ("action=sent_back", "Возвращено с замечанием:", "Утверждено:"),
        (f"document={plan}", "Возвращено с замечанием:", "Зарегистрировано:"),
        (f"actor={director}", "Утверждено:", "Зарегистрировано:"),
        ("from=2020-01-01&to=2020-12-31", "Таких событий нет.", "Утверждено:"),
        ("technical=true", "Версия подготовлена", "Таких событий нет."),
    ):
        await auditor.go(f"{base}?{asked}")
        assert (asked, auditor.status, there in auditor.text) == (asked, 200, True)
        assert (asked, gone in auditor.text) == (asked, False)


async def test_the_log_is_numbered_paged_and_filtered(school: School, auditor: Visitor) -> None:
    plan = a_life(school)
    await auditor.go("/log?technical=true&limit=3")
    numbers = [int(one) for one in re.findall(r"запись № (\d+)", auditor.text)]
    seen = list(numbers)
    while "Более ранние" in auditor.text:
        assert auditor.shown is not None
        (path,) = re.findall(r'<a href="([^"]+)" rel="next">', auditor.shown.text)
        await auditor.go(path.replace("&amp;", "&") + "&limit=3")
        seen += [int(one) for one in re.findall(r"запись № (\d+)", auditor.text)]
    assert seen == list(range(numbers[0], 0, -1))
    await auditor.go(f"/log?document={plan}&action=sent_back")
    assert auditor.text.count("запись №") == 1
    await auditor.go("/log?subject=nothing/at/all")
    assert "Таких записей нет." in auditor.text


async def test_blank_fields_of_the_form_ask_nothing(school: School, auditor: Visitor) -> None:
    a_life(school)
    await auditor.go("/log?action=&from=&to=")
    assert auditor.status == 200
    assert "Утверждено" in auditor.text
    await auditor.go("/log?from=2026-02-31")
    assert auditor.status == 422


async def test_a_pair_and_a_programme_are_shown_as_they_were(
    school: School, auditor: Visitor
) -> None:
    a_life(school)
    base, cycle = f"/pairs/{school.pair_id}", f"/cycles/{school.cycle.cycle_id}"
    await auditor.go(f"{base}/past?on={school.now.date():%Y-%m-%d}")
    assert "Коваль А. П. → Черных Л. П." in auditor.text
    assert "Этап: Встречи." in auditor.text
    assert "Индивидуальный план" in auditor.text
    assert "последняя запись — №" in auditor.text
    before = school.now.date() - timedelta(days=10)
    await auditor.go(f"{base}/past?on={before:%Y-%m-%d}")
    assert "Этап: Приказ." in auditor.text
    await auditor.go(f"{base}/past?on=2020-01-01")
    assert "ещё не была образована" in auditor.text
    await auditor.go(f"{cycle}/past?on={before:%Y-%m-%d}")
    assert "Программа: идёт" in auditor.text
    assert "Приказ" in auditor.text
    await auditor.go(f"{cycle}/past?on=2020-01-01")
    assert "ещё не была запущена" in auditor.text
    await auditor.go(f"{base}/past?on=2026-02-30")
    assert auditor.status == 422
    assert "Такого дня нет в календаре" in auditor.text


async def test_who_looked_at_a_minor_is_shown_with_what_was_shown(
    school: School, auditor: Visitor
) -> None:
    plan = a_life(school)
    mentee = school.world.person("mentee")
    school.make_minor("mentee")
    director = await Visitor.of(school.app).sign_in(school.login("director"), PASSWORD)
    await director.go(f"/pairs/{school.pair_id}")
    await director.go(f"/documents/{plan}")
    await director.go(f"/documents/{plan}/file?role=draft")
    await auditor.go(f"/reads?person={mentee}")
    words = auditor.text
    for shown in ("имена, пара", "текст документа, документ", "файл, документ"):
        assert f"Вершинина О. П. (руководитель): {shown}" in words
    assert "просмотры данных: Черных Л. П." in words
    await auditor.go(f"/reads?person={school.world.person('mentor')}")
    assert "Таких просмотров нет." in auditor.text


async def test_the_log_tells_what_happened_to_anything(school: School, auditor: Visitor) -> None:
    """Sittings, rights, reserved numbers: whatever has events has words and no fault."""
    school.hold(school.convene(day=school.now.date() - timedelta(days=3)))
    school.convene()
    school.reserve("orders", "Для приказа по пожарной безопасности")
    school.give_right("mentor", "director")
    await auditor.go("/log?technical=true")
    assert auditor.status == 200
    for words in ("Назначено заседание", "Записано заседание", "Зарезервирован номер"):
        assert words in auditor.text
