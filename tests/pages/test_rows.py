"""Rows that are changed from their page: deadline, lead, whether they apply."""

import re
from dataclasses import dataclass
from html import unescape
from typing import ClassVar

import pytest
from sqlalchemy import Engine

from activities.tasks import Launch
from domain.roadmap import Roadmap
from tests.adapters.world import World, a_roadmap
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


async def test_a_row_may_be_due_today(school: School, curator: Visitor, base: str) -> None:
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="deadline", due=school.today().isoformat(), reason=WHY)
    assert (curator.status, curator.path) == (200, base)


async def test_a_deadline_that_is_over_is_refused_and_the_words_stay(
    curator: Visitor, base: str
) -> None:
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="deadline", due="2026-01-20", reason=WHY)
    assert curator.status == 422
    assert "Новый последний день: не раньше сегодняшнего" in curator.text
    assert WHY in curator.text


@pytest.mark.parametrize("page", ["row", "result"])
async def test_a_form_with_what_no_database_takes_is_refused(
    curator: Visitor, base: str, page: str
) -> None:
    await curator.go(f"{base}/row?item=2")
    token = curator.hidden(f"{base}/row")["form_token"]
    sent = {"form_token": token, "item": "\0", "result": "site", "proof": "link"}
    answer = await curator.client.post(f"{base}/{page}", data=sent)
    assert answer.status_code == 422


async def test_a_row_is_given_to_another(school: School, curator: Visitor, base: str) -> None:
    director = school.world.person("director")
    await curator.go(f"{base}/row?item=2")
    await curator.send(f"{base}/row", form="lead", lead=director, reason=WHY)
    assert next(item for item in school.cycle.items if item.id == "2").plan.lead == director


async def test_a_row_is_given_to_staff_or_a_body_and_to_no_pupil_or_parent(
    school: School, curator: Visitor, base: str
) -> None:
    await curator.go(f"{base}/row?item=2")
    assert curator.shown is not None
    offered = set(re.findall(r'<option value="([0-9a-f]{16})"', curator.shown.text))
    person = school.world.person
    staff = {person(code) for code in ("director", "curator", "mentor", "mentee")}
    assert offered == {*staff, school.world.launch.holders["council"]}


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


class OfPairs(World):
    """A world with a row over pairs."""

    @property
    def launch(self) -> Launch:
        told = a_roadmap().model_dump(mode="json")
        row = {**told["steps"][1], "id": "3", "scope": "pairs"}
        roadmap = Roadmap.model_validate({**told, "steps": [*told["steps"], row]})
        return super().launch.changed(roadmap=roadmap)


@dataclass
class PairedSchool(School):
    worlds: ClassVar[type[World]] = OfPairs


async def test_a_row_of_a_pair_is_seen_and_changed_from_the_page_of_the_pair(
    engine: Engine,
) -> None:
    school = PairedSchool(engine)
    school.move_pair(school.paper("order_introduction"), school.paper("agreement", of_pair=True))
    visitor = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)
    pair = f"/pairs/{school.pair_id}"
    await visitor.go(pair)
    assert "Строки программы" in visitor.text
    assert visitor.shown is not None
    (place,) = re.findall(rf'href="({pair}/row[^"]+)"', visitor.shown.text)
    await visitor.go(unescape(place))
    await visitor.send(f"{pair}/row", form="deadline", due="2026-12-20", reason=WHY)
    assert (visitor.status, visitor.path) == (200, pair)
    (row,) = school.pair.items
    assert row.plan.due is not None
    assert row.plan.due.date().isoformat() == "2026-12-20"


async def test_a_pair_without_rows_tells_of_none(school: School, curator: Visitor) -> None:
    await curator.go(f"/pairs/{school.pair_id}")
    assert "Строки программы" not in curator.text
    await curator.go(f"/pairs/{school.pair_id}/row?item=9.9")
    assert curator.status == 404
