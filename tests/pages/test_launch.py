"""A launch on pages: what it will ask and what is missing is seen before it is launched."""

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Engine

from api.services import Services
from domain.errors import NotFound
from domain.people import AccessRole
from domain.roadmap import Roadmap
from tests.adapters.world import a_roadmap
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

NAME: Final = "next_small"
PLACE: Final = "/launch"


def another() -> Roadmap:
    """As the one that runs, by another name."""
    return a_roadmap().changed(roadmap=NAME, title="Новая программа")


def _roadmap(name: str) -> Roadmap:
    known = {NAME: another(), "small": a_roadmap()}
    if name not in known:
        raise NotFound(name)
    return known[name]


class Launching(School):
    """A school whose library has a roadmap that does not run yet."""

    def services(self) -> Services:
        return replace(super().services(), roadmaps=_roadmap, roadmap_names=lambda: (NAME,))

    def holders(self) -> dict[str, str]:
        people = {one.code: one.id for one in self.world.views.people(self.world.organisation)}
        (body,) = self.world.views.bodies(self.world.organisation)
        return {
            "holder.director": people["director"],
            "holder.curator": people["curator"],
            "holder.council": body.id,
        }


@pytest.fixture
def school(engine: Engine) -> Launching:
    school = Launching(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    return school


@pytest.fixture
async def administrator(school: Launching) -> Visitor:
    login = school.login(AccessRole.ADMINISTRATOR)
    return await Visitor.of(school.app).sign_in(login, PASSWORD)


async def test_the_library_leads_to_the_form_of_a_roadmap(administrator: Visitor) -> None:
    await administrator.go("/cycles")
    assert "Запустить программу" in administrator.text
    await administrator.go(PLACE)
    assert "Новая программа для организации 2 строки" in administrator.text
    await administrator.go(f"{PLACE}?roadmap={NAME}")
    assert "Проверить, чего не хватает" in administrator.text
    assert "Запустить программу" not in administrator.text
    assert (await administrator.go(f"{PLACE}?roadmap=unknown")).status == 404


async def test_a_launch_is_checked_then_launched(school: Launching, administrator: Visitor) -> None:
    await administrator.go(f"{PLACE}?roadmap={NAME}")
    await administrator.send(PLACE, start="2026-09-21", do="check")
    assert "Без этого не запустить: роль «Куратор» никому не дана." in administrator.text
    assert "Назначьте человека из списка." in administrator.text

    await administrator.send(PLACE, start="2026-09-21", do="check", **school.holders())
    assert administrator.status == 200
    assert "Без этого не запустить" not in administrator.text
    assert "Приказ о внедрении 21.09.2026 – 30.09.2026 · Куратор (" in administrator.text
    assert school.gateway.launched == {}

    await administrator.send(PLACE, start="2026-09-21", do="launch", **school.holders())
    (state,) = school.gateway.launched.values()
    assert administrator.path == f"/cycles/{state.cycle_id}"


async def test_what_was_not_seen_is_shown_before_anything_is_launched(
    school: Launching, administrator: Visitor
) -> None:
    await administrator.go(f"{PLACE}?roadmap={NAME}")
    await administrator.send(PLACE, start="2026-09-21", do="check", **school.holders())
    fewer = {name: id_ for name, id_ in school.holders().items() if "director" not in name}
    await administrator.send(PLACE, start="2026-09-21", do="launch", **fewer)

    assert administrator.status == 409
    assert "С прошлой проверки что-то изменилось" in administrator.text
    assert "роль «Директор» никому не дана" in administrator.text
    assert school.gateway.launched == {}


async def test_a_wrong_day_is_told_by_its_field(administrator: Visitor) -> None:
    await administrator.go(f"{PLACE}?roadmap={NAME}")
    await administrator.send(PLACE, start="", do="check")
    assert administrator.status == 422
    assert "День запуска: нужно заполнить." in administrator.text


async def test_only_an_administrator_sees_it(school: Launching) -> None:
    curator = await Visitor.of(school.app).sign_in(school.login(AccessRole.CURATOR), PASSWORD)
    await curator.go("/cycles")
    assert "Запустить программу" not in curator.text
    assert (await curator.go(PLACE)).status == 403
