"""Years on pages: standing orders, and the year that follows a cycle."""

import pytest
from sqlalchemy import Engine

from activities.yearly_ports import TryLaunch
from adapters.postgres.yearly import PostgresYearly
from domain.people import AccessRole
from tests.pages.school import PASSWORD
from tests.pages.test_launch import NAME, Launching
from tests.pages.visitor import Visitor

YEARLY = "/yearly"


@pytest.fixture
def school(engine: Engine) -> Launching:
    school = Launching(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    return school


@pytest.fixture
async def administrator(school: Launching) -> Visitor:
    login = school.login(AccessRole.ADMINISTRATOR)
    return await Visitor.of(school.app).sign_in(login, PASSWORD)


async def test_an_order_is_given_paused_resumed_and_ended(
    school: Launching, administrator: Visitor
) -> None:
    await administrator.go(YEARLY)
    assert "Ежегодных запусков нет." in administrator.text
    await administrator.go(f"{YEARLY}?roadmap={NAME}")
    await administrator.send(YEARLY, act="order", **school.holders())

    assert administrator.path == YEARLY
    assert "Новая программа Действует: следующий запуск 1 сентября 2027 г." in administrator.text
    (order,) = school.world.views.yearly(school.world.organisation)
    assert set(order.holders) == {"director", "curator", "council"}
    await administrator.send(YEARLY, 1, act="paused")
    assert "Приостановлен." in administrator.text
    await administrator.send(YEARLY, 0, act="active")
    assert "Действует" in administrator.text
    await administrator.send(YEARLY, 2, act="ended")
    assert "Прекращён." in administrator.text


async def test_a_launch_that_was_refused_is_told_on_the_first_page(
    school: Launching, administrator: Visitor, engine: Engine
) -> None:
    await administrator.go(f"{YEARLY}?roadmap={NAME}")
    await administrator.send(YEARLY, act="order", **school.holders())
    (order,) = school.world.views.yearly(school.world.organisation)
    task = TryLaunch(order_id=order.order_id, at=school.now)
    PostgresYearly(engine).try_launch(task, lambda _: None)

    await administrator.go("/")
    assert "1 ежегодный запуск не прошёл" in administrator.text
    await administrator.go(YEARLY)
    assert "Запуск не прошёл: дорожной карты больше нет" in administrator.text
    curator = await Visitor.of(school.app).sign_in(school.login(AccessRole.CURATOR), PASSWORD)
    assert "не прошёл" not in curator.text


async def test_a_second_order_of_a_roadmap_is_refused_in_words(
    school: Launching, administrator: Visitor
) -> None:
    for _ in range(2):
        await administrator.go(f"{YEARLY}?roadmap={NAME}")
        forms = str(administrator.shown and administrator.shown.text).count('action="/yearly"')
        await administrator.send(YEARLY, forms - 1, act="order", **school.holders())
    assert (administrator.status, "Такой ежегодный запуск уже есть" in administrator.text) == (
        409,
        True,
    )


async def test_the_year_that_follows_is_seen_then_launched_beside_the_old_one(
    school: Launching, administrator: Visitor
) -> None:
    place = f"/cycles/{school.world.cycle}"
    await administrator.go(place)
    assert "Следующий год" in administrator.text
    place = f"{place}/next"
    await administrator.go(place)
    assert "Останутся в программе этого года" in administrator.text
    assert administrator.value("launch-start") == "2027-09-01"
    assert "Без этого не запустить" not in administrator.text

    await administrator.send(place, start="2027-09-01", do="launch", **school.holders())

    (state,) = school.gateway.launched.values()
    assert administrator.path == f"/cycles/{state.cycle_id}"
    assert state.cycle_id != school.world.cycle
    await administrator.go("/cycles")
    assert administrator.text.count("Малая программа") == 2


async def test_a_role_that_is_left_empty_stays_with_whoever_holds_it(
    school: Launching, administrator: Visitor
) -> None:
    place = f"/cycles/{school.world.cycle}/next"
    await administrator.go(place)
    holders = {**school.holders(), "holder.director": ""}
    await administrator.send(place, start="2027-09-01", do="check", **holders)
    assert administrator.status == 200
    assert "никому не дана" not in administrator.text
    assert school.gateway.launched == {}
