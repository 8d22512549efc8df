"""What a launch would ask, and who is missing, is told before anything is written."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from typing import Any

import pytest

from domain.launch_checks import Below, Council, Staff
from domain.launch_checks import House as Standing
from domain.organisations import Level
from domain.people import AccessRole
from domain.roadmap import Roadmap
from tests.api.calls import COUNCIL, CURATOR, DIRECTOR, MENTOR
from tests.api.house import House
from tests.fakes.branches import BELOW_ROADMAP

ASKED = "/roadmaps/small/preview?start=2026-09-01"
HOLDERS = "&holder=director:D-01&holder=curator:K-01"


def standing(**fields: Any) -> Standing:
    people = (
        Staff(id=DIRECTOR, code="D-01", name="Соколова Н. П.", accounts=(AccessRole.DIRECTOR,)),
        Staff(id=CURATOR, code="K-01", name="Орлова О. О.", accounts=(AccessRole.CURATOR,)),
        Staff(id=MENTOR, code="M-01", name="Зимина З. З.", parts=("mentor", "mentee")),
    )
    council = Council(id=COUNCIL, code="PS", name="Совет", members=(CURATOR,), has_officers=True)
    known: dict[str, Any] = {
        "level": Level.ORGANISATION,
        "people": people,
        "bodies": (council,),
        "calendars": (2026, 2027),
    }
    return Standing(**{**known, **fields})


async def foreseen(house: House, path: str) -> dict[str, Any]:
    answer = await house.ask(AccessRole.ADMINISTRATOR, "GET", f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_is_missing_is_told_with_all_that_the_launch_would_ask(house: House) -> None:
    house.views.standing = standing()
    found = await foreseen(house, f"{ASKED}&holder=curator:K-01")

    assert (found["ready"], found["refused"]) == (False, True)
    assert "role_unmapped" in {one["what"] for one in found["missing"]}
    assert {one["who"] for one in found["plan"]["items"]} == {"Куратор (Орлова О. О.)"}
    assert house.desk.launches == {}
    assert house.gateway.launched == {}


@pytest.mark.parametrize(
    "asked",
    ["small/preview?start=9999-12-31", "%D0%AB/preview?start=2026-09-01", "small/preview"],
)
async def test_a_launch_that_is_asked_for_wrongly_is_refused(house: House, asked: str) -> None:
    answer = await house.ask(AccessRole.ADMINISTRATOR, "GET", f"/api/v1/roadmaps/{asked}")

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


async def test_a_launch_that_misses_nothing_is_ready(house: House) -> None:
    house.views.standing = standing()
    found = await foreseen(house, f"{ASKED}{HOLDERS}&holder=council:PS")

    assert found["missing"] == []
    assert (found["ready"], found["refused"]) == (True, False)


async def test_an_upper_launch_tells_what_the_cycles_below_will_ask(house: House) -> None:
    upper = {**house.roadmap.model_dump(mode="json"), "below": {"roadmap": BELOW_ROADMAP}}
    house.roadmap = Roadmap.model_validate(upper)
    below = tuple(
        Below(id=f"{n:016x}", name=f"Школа {n}", outside=n == 3, account="taken")
        for n in range(1, 4)
    )
    house.views.standing = standing(below=below)
    found = await foreseen(house, ASKED + HOLDERS)

    rows = [item for item in found["below"]["plan"]["items"] if not item["for_each"]]
    assert found["below"]["rows"] == 2 * len(rows) > 0
    assert [one["name"] for one in found["below"]["organisations"]][-1] == "Школа 3"


async def test_a_holder_is_named_by_role_and_code(house: House) -> None:
    answer = await house.ask(AccessRole.ADMINISTRATOR, "GET", f"/api/v1{ASKED}&holder=director")
    assert answer.status_code == 422


async def test_the_library_is_listed(house: House) -> None:
    found = await foreseen(house, "/roadmaps")
    assert [(one["roadmap"], one["rows"]) for one in found["roadmaps"]] == [
        ("small", len(house.roadmap.steps))
    ]
