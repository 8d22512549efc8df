"""Rows that are changed from their page: deadline, lead, whether they apply."""

import pytest

from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

WHY = "Совет перенесён на ноябрь."


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


@pytest.fixture
def base(school: School) -> str:
    school.open_rows()
    return f"/cycles/{school.cycle.cycle_id}"


async def test_a_row_leads_to_its_changes(curator: Visitor, base: str) -> None:
    await curator.go(base)
    assert curator.shown is not None
    assert f'href="{base}/row?item=2"' in curator.shown.text
    await curator.go(f"{base}/row?item=2")
    assert curator.status == 200
    for words in ("Анкетирование", "Перенести срок", "Сменить ответственного", "не применяется"):
        assert words in curator.text


async def test_who_may_only_look_is_led_to_no_changes(school: School, base: str) -> None:
    auditor = await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)
    await auditor.go(base)
    assert auditor.shown is not None
    assert "/row?" not in auditor.shown.text
    await auditor.go(f"{base}/row?item=2")
    assert auditor.status == 403


async def test_a_deadline_is_moved_with_a_reason(
    school: School, curator: Visitor, base: str
) -> None:
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="deadline", due="2026-12-20", reason=WHY)
    assert (curator.status, curator.path) == (200, base)
    row = next(item for item in school.cycle.items if item.id == "2")
    assert row.plan.due is not None
    assert row.plan.due.date().isoformat() == "2026-12-20"
    await curator.go(f"{base}/row?item=2")
    assert "20 декабря 2026" in curator.text


async def test_a_deadline_that_is_over_is_refused_and_the_words_stay(
    curator: Visitor, base: str
) -> None:
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="deadline", due="2026-01-20", reason=WHY)
    assert curator.status == 422
    assert "Новый день: позже сегодняшнего" in curator.text
    assert WHY in curator.text


async def test_a_row_is_given_to_another(school: School, curator: Visitor, base: str) -> None:
    director = school.world.person("director")
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="lead", lead=director, reason=WHY)
    assert next(item for item in school.cycle.items if item.id == "2").plan.lead == director


async def test_a_row_does_not_apply_and_applies_again(curator: Visitor, base: str) -> None:
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="skip", reason="Анкетирования в этом году нет.")
    assert (curator.path, "Не применяется" in curator.text) == (base, True)
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="resume", reason="Анкетирование всё же будет.")
    await curator.go(f"{base}/row?item=2")
    assert "Перенести срок" in curator.text


async def test_a_reason_is_asked_for(curator: Visitor, base: str) -> None:
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="skip", reason=" ")
    assert curator.status == 422
    assert "Почему: нужно заполнить." in curator.text


async def test_a_row_that_is_not_there_is_not_found(curator: Visitor, base: str) -> None:
    await curator.go(f"{base}/row?item=9.9")
    assert curator.status == 404


async def test_a_row_of_a_pair_is_changed_on_a_page_of_its_own(
    school: School, curator: Visitor
) -> None:
    await curator.go(f"/pairs/{school.pair_id}/row?item=9.9")
    assert curator.status == 404
