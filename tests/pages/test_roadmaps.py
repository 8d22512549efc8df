"""A row that is added on a page, and a new version that is seen first and then applied."""

from typing import get_args

import pytest

from api.pages.roadmaps import _PROOFS, _fitting
from domain.cycle_roadmap import TakeRoadmap
from domain.errors import RoadmapConflict
from domain.roadmap import Proof, Roadmap
from tests.api.calls import CYCLE
from tests.api.house import House
from tests.pages.test_doors import signed_in
from tests.pages.visitor import Visitor
from tests.roadmap_builders import a_roadmap, a_step, an_order_step

ROWS = f"/cycles/{CYCLE}/rows"
APPLY = "/roadmaps/small/apply"
WHY = "Решение педагогического совета."
ROW = {
    "id": "7",
    "title": "Встреча с выпускниками",
    "stage": "main",
    "lead": "curator",
    "due": "2027-05-20",
    "result": "",
    "proof": "event",
    "reason": WHY,
}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def curator(house: House) -> Visitor:
    return await signed_in(house, "curator")


@pytest.fixture
async def administrator(house: House) -> Visitor:
    return await signed_in(house, "administrator")


def publish(house: House) -> None:
    """The library has a second version, with a row more."""
    steps = [a_step(), an_order_step(), a_step(id="2", title="Новая строка")]
    values = house.roadmap.model_dump(mode="json")
    house.roadmap = Roadmap.model_validate({**values, "version": 2, "steps": steps})


async def test_a_row_is_added_to_one_programme(house: House, curator: Visitor) -> None:
    await curator.go(ROWS)
    assert "Уже заняты: 1, 9." in curator.text
    await curator.send(ROWS, **ROW)
    assert (curator.status, curator.path) == (200, f"/cycles/{CYCLE}")
    (kept,) = house.desk.roadmaps.kept
    row = kept.roadmap.step("7")
    assert row is not None
    assert (row.title, row.deadline.rule, row.lead) == (ROW["title"], "not_later", "curator")
    assert row.results[0].model_dump()["by"]["proof"] == "event"
    assert house.desk.texts[kept.note_id or ""].body == {"text": WHY}


async def test_a_row_may_ask_for_a_document(house: House, curator: Visitor) -> None:
    await curator.go(ROWS)
    asked = {"proof": "document", "kind": "individual_plan", "approver": "director", "due": ""}
    await curator.send(ROWS, **{**ROW, **asked})
    assert curator.status == 200, curator.text
    row = house.desk.roadmaps.kept[0].roadmap.step("7")
    assert row is not None
    assert row.deadline.rule == "all_year"
    by = row.results[0].model_dump()["by"]
    assert (by["kind"], by["approver"]) == ("individual_plan", "director")


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        ({"proof": "file"}, {"proof": "remark", "file": True}),
        ({"proof": "number", "count": "5", "unit": "чел."}, {"at_least": 5, "unit": "чел."}),
        ({"proof": "event", "count": "2"}, {"proof": "event", "count": 2}),
        ({"proof": "link", "count": "3"}, {"proof": "link", "count": 3}),
        ({"proof": "answers", "count": "9"}, {"proof": "answers", "at_least": 9}),
    ],
)
async def test_a_row_may_be_proved_as_the_format_knows(
    house: House, curator: Visitor, fields: dict[str, str], by: dict[str, object]
) -> None:
    await curator.go(ROWS)
    await curator.send(ROWS, **{**ROW, **fields})
    assert curator.status == 200, curator.text
    row = house.desk.roadmaps.kept[0].roadmap.step("7")
    assert row is not None
    said = row.results[0].by.model_dump()
    assert {name: said[name] for name in by} == by


def test_the_form_offers_every_proof_of_the_format_where_it_fits() -> None:
    known = {one.model_fields["proof"].annotation for one in get_args(get_args(Proof)[0])}
    assert {name for literal in known for name in get_args(literal)} == set(_PROOFS) - {"file"}
    bare = a_roadmap()
    assert {"indicators", "reports", "report"}.isdisjoint(_fitting(bare))
    asking = a_roadmap(demands={"yearly": {"title": "Отчёт"}}, below={"roadmap": "school"})
    assert "reports" in _fitting(asking)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": "9"}, "номер 9 в дорожной карте уже есть"),
        ({"id": ""}, "Номер: нужно заполнить"),
        ({"title": ""}, "Что сделать: нужно заполнить"),
        ({"due": "когда-нибудь"}, "Последний день"),
        ({"reason": " "}, "Почему: нужно заполнить"),
        ({"proof": "document", "kind": ""}, "Чем подтверждается"),
    ],
)
async def test_a_row_that_does_not_fit_is_refused_and_the_words_stay(
    house: House, curator: Visitor, fields: dict[str, str], words: str
) -> None:
    await curator.go(ROWS)
    await curator.send(ROWS, **{**ROW, "result": "Список гостей", **fields})
    assert (curator.status, words in curator.text) == (422, True), curator.text
    assert curator.value("row-result") == "Список гостей"
    assert house.gateway.sent == []


async def test_a_new_version_is_seen_before_it_is_applied(
    house: House, administrator: Visitor
) -> None:
    publish(house)
    await administrator.go(APPLY)
    assert "1 цикл изменится." in administrator.text
    assert "Новые строки: 2" in administrator.text
    assert house.gateway.sent == []
    await administrator.send(APPLY, act="check", reason="")
    assert (administrator.status, house.gateway.sent) == (200, [])
    await administrator.send(APPLY, act="apply", reason="")
    assert (administrator.status, house.gateway.sent) == (422, [])
    await administrator.send(APPLY, act="apply", reason=WHY)
    assert administrator.status == 200
    assert "Новую версию приняли программы: 1." in administrator.text
    ((workflow, wish, _),) = house.gateway.sent
    assert isinstance(wish, TakeRoadmap)
    assert (workflow, wish.version) == (f"cycle/{CYCLE}", 2)


async def test_what_a_programme_refuses_is_said_beside_it(
    house: House, administrator: Visitor
) -> None:
    publish(house)
    house.gateway.refusals[f"cycle/{CYCLE}"] = RoadmapConflict("row 1: at_work d1")
    await administrator.go(APPLY)
    await administrator.send(APPLY, act="apply", reason=WHY)
    assert "не приняла ни одна программа" in administrator.text
    assert "Не принято: " in administrator.text


async def test_somebody_is_named_for_a_new_role(house: House, administrator: Visitor) -> None:
    values = house.roadmap.model_dump(mode="json")
    roles = {**values["roles"], "psychologist": {"title": "Психолог"}}
    house.roadmap = Roadmap.model_validate({**values, "version": 2, "roles": roles})
    await administrator.go(APPLY)
    assert "1 цикл в конфликте." in administrator.text
    await administrator.send(APPLY, act="check", **{"holder.psychologist": "M-01"})
    assert "1 цикл не затронут." in administrator.text
    assert administrator.value("apply-holder.psychologist") == "M-01"


async def test_a_curator_adds_rows_and_applies_no_version(house: House, curator: Visitor) -> None:
    await curator.go(APPLY)
    assert curator.status == 403
