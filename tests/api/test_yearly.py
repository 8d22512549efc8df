"""Standing orders over HTTP: given, paused, ended, tried again; the engine hears of each."""
# ruff: noqa: ANN401 - a request's body may hold anything

from typing import Any

from api.yearly import outcome_words
from domain.launch_checks import House as Standing
from domain.organisations import Level
from domain.people import AccessRole
from domain.yearly import YearlyState
from tests.api.calls import CURATOR, HOLDERS, NOW, OURS, YEARLY
from tests.api.house import House


async def asked(house: House, method: str, path: str, **given: Any) -> Any:
    return await house.ask(AccessRole.ADMINISTRATOR, method, f"/api/v1{path}", **given)


async def test_an_order_is_kept_and_the_engine_told(house: House) -> None:
    answer = await house.call("yearly.order")

    assert answer.status_code == 200, answer.text
    line = answer.json()
    order, season = house.gateway.yearly[line["order_id"]]
    assert order.holders["curator"] == CURATOR
    assert (order.state, season) == (YearlyState.ACTIVE, house.roadmap.season)
    assert line["words"] == "ещё не запускался"
    assert line["next_start"] == "2027-09-01"


async def test_a_second_order_of_a_roadmap_is_refused_and_a_repeat_is_not(house: House) -> None:
    first = await house.call("yearly.order", key="one")
    again = await house.call("yearly.order", key="one")
    other = await house.call("yearly.order", key="two")

    assert first.json()["order_id"] == again.json()["order_id"]
    assert (other.status_code, other.json()["code"]) == (409, "WrongState")
    assert len(house.gateway.yearly) == 1


async def test_an_order_without_all_holders_is_refused(house: House) -> None:
    fewer = {role: one for role, one in HOLDERS.items() if role != "director"}
    answer = await asked(house, "POST", "/yearly", json={"roadmap": "small", "holders": fewer})

    assert (answer.status_code, answer.json()["code"]) == (422, "RoleUnmapped")
    assert house.gateway.yearly == {}


async def test_an_order_is_paused_resumed_and_ended_for_good(house: House) -> None:
    for state in ("paused", "active", "ended"):
        answer = await asked(house, "POST", f"/yearly/{YEARLY}/state", json={"state": state})
        assert answer.json()["state"] == state
        assert house.gateway.yearly[YEARLY][0].state == state
    answer = await asked(house, "POST", f"/yearly/{YEARLY}/state", json={"state": "active"})
    assert (answer.status_code, answer.json()["code"]) == (409, "WrongState")


async def test_a_launch_is_tried_now_unless_the_order_is_paused(house: House) -> None:
    assert (await house.call("yearly.launch")).status_code == 200
    assert house.gateway.tried == [YEARLY]
    house.desk.change_yearly(OURS, YEARLY, YearlyState.PAUSED, CURATOR, NOW)
    answer = await asked(house, "POST", f"/yearly/{YEARLY}/launch", json={})
    assert answer.status_code == 409
    assert house.gateway.tried == [YEARLY]


async def test_the_list_tells_what_the_next_launch_will_miss(house: House) -> None:
    house.views.standing = Standing(level=Level.ORGANISATION)
    (line,) = (await asked(house, "GET", "/yearly")).json()["orders"]
    assert "holder_unknown" in {one["what"] for one in line["missing"]}


async def test_an_order_whose_roadmap_is_gone_is_listed_and_can_be_ended(house: House) -> None:
    order = house.desk.orders.known[YEARLY]
    house.desk.orders.known[YEARLY] = order.changed(roadmap_name="gone")
    (line,) = (await asked(house, "GET", "/yearly")).json()["orders"]
    assert "больше нет" in line["words"]
    assert line["next_start"] is None
    answer = await asked(house, "POST", f"/yearly/{YEARLY}/state", json={"state": "ended"})
    assert answer.status_code == 200


def test_what_became_of_a_launch_is_told_in_words() -> None:
    order = House().desk.orders.known[YEARLY]
    refused = order.changed(outcome="refused", code="RoleUnmapped")
    assert outcome_words(refused) == (
        "запуск не прошёл: роли назначены не так, как просит дорожная карта"
    )
    launched = order.changed(outcome="launched", season=2027)
    assert outcome_words(launched) == "программа 2027 года запущена"
    assert "без этого поручения" in outcome_words(order.changed(outcome="already"))
