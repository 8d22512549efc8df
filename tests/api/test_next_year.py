"""The year after a cycle: foreseen with what people changed, then launched beside the old one."""
# ruff: noqa: ANN401 - a request's body may hold anything

from datetime import date
from typing import Any

from domain.people import AccessRole
from domain.planning import last_moment
from domain.rollover import CarriedRow
from domain.upper import Upper
from tests.api.calls import CURATOR, CYCLE, DIRECTOR, MENTOR, OURS
from tests.api.house import House
from tests.api.running import a_running_cycle

COUNCIL = {"council": "PS"}
"""The cycle of these tests gave even that role to a person."""
NEXT = f"/cycles/{CYCLE}/next"


async def asked(house: House, method: str, path: str = NEXT, **given: Any) -> Any:
    return await house.ask(AccessRole.ADMINISTRATOR, method, f"/api/v1{path}", **given)


def move_a_row(house: House) -> date:
    """Somebody gave row 1 another last day; that day a year later."""
    (cycle,) = house.views.running_cycles
    assert cycle.state is not None
    first, *rest = cycle.state.items
    due = last_moment(date(2027, 5, 20), cycle.zone)
    moved = first.changed_by_hand("due", first.plan.changed(due=due))
    state = cycle.state.changed(items=(moved, *rest))
    house.views.running_cycles = [cycle.changed(state=state)]
    return date(2028, 5, 20)


async def test_holders_carry_over_and_what_is_open_stays_behind(house: House) -> None:
    found = (await asked(house, "GET", f"{NEXT}?holder=director:D-01")).json()

    assert (found["follows"], found["start"]) == (CYCLE, "2027-09-01")
    assert found["holders"]["curator"] == CURATOR
    assert found["holders"]["director"] == DIRECTOR
    assert [one["item"] for one in found["open_rows"]] == ["1", "9"]
    assert found["changes"] == []
    assert found["launch"]["plan"]["start"] == "2027-09-01"


async def test_a_changed_row_is_proposed_and_taken_over_only_if_it_is_named(house: House) -> None:
    moved = move_a_row(house)
    (change,) = (await asked(house, "GET")).json()["changes"]
    assert (change["item"], change["due"]) == ("1", moved.isoformat())

    answer = await asked(
        house, "POST", json={"rows": ["1"], "holders": {**COUNCIL, "director": "D-01"}}
    )

    assert answer.status_code == 200, answer.text
    ((owner, launch),) = house.desk.launches.values()
    assert (owner, launch.follows, launch.start) == (OURS, CYCLE, date(2027, 9, 1))
    assert launch.amended == (CarriedRow(item="1", due=moved),)
    assert launch.holders["director"] == DIRECTOR
    assert list(house.gateway.launched) == [f"cycle/{answer.json()['cycle_id']}"]


async def test_without_names_nothing_is_taken_over(house: House) -> None:
    move_a_row(house)
    assert (await asked(house, "POST", json={"holders": COUNCIL})).status_code == 200
    ((_, launch),) = house.desk.launches.values()
    assert launch.amended == ()


async def test_the_next_year_is_one_however_often_it_is_asked_for(house: House) -> None:
    first = (await asked(house, "POST", json={"holders": COUNCIL})).json()["cycle_id"]
    again = (await asked(house, "POST", json={"holders": COUNCIL})).json()["cycle_id"]
    assert first == again
    assert len(house.desk.launches) == 1


async def test_a_row_that_nobody_changed_is_not_taken_over(house: House) -> None:
    answer = await asked(house, "POST", json={"rows": ["9"], "holders": COUNCIL})
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert house.desk.launches == {}


async def test_a_holder_who_is_nobody_is_told_before_and_refused_after(house: House) -> None:
    found = (await asked(house, "GET", f"{NEXT}?holder=curator:X-99")).json()
    assert found["holders"]["curator"] == "X-99"
    answer = await asked(house, "POST", json={"holders": {"curator": "X-99"}})
    assert answer.status_code == 404


async def test_a_branch_waits_for_the_invitation_of_the_next_year(house: House) -> None:
    (cycle,) = house.views.running_cycles
    assert cycle.state is not None
    branch = cycle.state.changed(upper=Upper(cycle_id="d" * 16, n=1))
    house.views.running_cycles = [cycle.changed(state=branch)]
    answer = await asked(house, "POST", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "WrongState")


async def test_a_cycle_that_is_not_planned_has_no_next_year_yet(house: House) -> None:
    cycle = a_running_cycle(house.roadmap, OURS, CYCLE, MENTOR, state=None)
    house.views.running_cycles = [cycle]
    assert (await asked(house, "GET")).status_code == 409
