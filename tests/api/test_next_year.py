"""The year after a cycle: foreseen with what people changed, then launched beside the old one."""
# ruff: noqa: ANN401 - a request's body may hold anything

from datetime import date
from typing import Any

import pytest

from adapters.postgres.invitation_views import BranchBefore
from adapters.postgres.shown import Named, PairLine
from domain.branch_wishes import MOST, Invite
from domain.cycle_pairs import FormPairs
from domain.people import AccessRole
from domain.planning import last_moment
from domain.rollover import CarriedRow
from domain.upper import Upper
from tests.api.calls import CURATOR, CYCLE, DIRECTOR, MENTOR, NOVICE, OURS
from tests.api.house import House
from tests.api.nested import UPPER
from tests.api.running import a_running_cycle
from tests.fakes.branches import an_invitation

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


# Pairs that go on

OLD, OLDER = "a1" * 8, "a2" * 8
BEFORE = f"/cycles/{CYCLE}/pairs/before"


def a_year_later(house: House, **fields: Any) -> None:
    """The cycle follows another, of which the register knows two pairs; one of them stopped."""
    (cycle,) = house.views.running_cycles
    old = cycle.changed(cycle_id="d" * 16)
    house.views.running_cycles = [cycle.changed(follows=old.cycle_id), old]
    house.views.registers = {
        old.cycle_id: (a_pair_line(OLD, **fields), a_pair_line(OLDER, stage="stopped"))
    }


def a_pair_line(pair_id: str, **fields: Any) -> PairLine:
    known = {
        "pair_id": pair_id,
        "cycle_id": "d" * 16,
        "mentor": Named(id=MENTOR, name="Мельник К. А."),
        "mentee": Named(id=NOVICE, name="Ясная З. П."),
        "form": "teacher_teacher",
        "form_title": "учитель – учитель",
        "role_model": None,
        "role_model_title": None,
        "mentor_type": None,
        "turn": 1,
        "stage": "meetings",
        "stage_title": "Встречи",
        "open": True,
    }
    return PairLine.model_validate({**known, **fields})


def the_same_two(**fields: Any) -> dict[str, Any]:
    two = {"mentor_id": MENTOR, "mentee_id": NOVICE, "form": "teacher_teacher", "follows": OLD}
    return {"pairs": [{**two, **fields}]}


async def form(house: House, body: dict[str, Any]) -> Any:
    path = f"/api/v1/cycles/{CYCLE}/pairs"
    return await house.ask(AccessRole.CURATOR, "POST", path, json=body)


async def test_pairs_of_the_year_before_are_proposed_but_for_those_that_stopped(
    house: House,
) -> None:
    assert (await asked(house, "GET", BEFORE)).json()["pairs"] == []
    a_year_later(house)
    assert [one["pair_id"] for one in (await asked(house, "GET", BEFORE)).json()["pairs"]] == [OLD]
    here = a_pair_line("b1" * 8, follows=OLD, cycle_id=CYCLE)
    house.views.registers[CYCLE] = (here,)
    assert (await asked(house, "GET", BEFORE)).json()["pairs"] == []


async def test_a_pair_that_is_named_is_formed_anew_and_names_the_old_one(house: House) -> None:
    a_year_later(house)
    assert (await form(house, the_same_two())).status_code == 200
    ((_, wish, _),) = house.gateway.sent
    assert isinstance(wish, FormPairs)
    assert [one.follows for one in wish.pairs] == [OLD]


@pytest.mark.parametrize("other", [{"follows": OLDER}, {"mentor_id": NOVICE, "mentee_id": MENTOR}])
async def test_a_pair_follows_none_of_other_people_or_that_stopped(
    house: House, other: dict[str, str]
) -> None:
    a_year_later(house)
    answer = await form(house, the_same_two(**other))
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert house.gateway.sent == []


async def test_a_new_pair_need_follow_none(house: House) -> None:
    a_year_later(house)
    assert (await form(house, the_same_two(follows=None))).status_code == 200


# Branches of a cycle above


def a_branch_of_last_year(house: House) -> None:
    """Our cycle was the branch of the upper cycle that the inviting one follows."""
    (cycle,) = house.views.running_cycles
    assert cycle.state is not None
    ours = cycle.state.changed(upper=Upper(cycle_id="d" * 16, n=1))
    house.views.running_cycles = [cycle.changed(state=ours)]
    line = an_invitation(UPPER, roadmap=cycle.roadmap.roadmap, before=CYCLE)
    house.views.invited[OURS, UPPER, 3] = line


async def launch_invited(house: House, **said: Any) -> Any:
    body = {"start": "2027-09-01", "holders": {**COUNCIL, **said.pop("holders", {})}, **said}
    return await asked(house, "POST", f"/invitations/{UPPER}/3/launch", json=body)


async def test_a_branch_begins_its_next_year_with_its_holders_and_named_rows(house: House) -> None:
    a_branch_of_last_year(house)
    moved = move_a_row(house)

    answer = await launch_invited(house, rows=["1"], holders={"director": "D-01"})

    assert answer.status_code == 200, answer.text
    ((_, launch),) = house.desk.launches.values()
    assert (launch.follows, launch.upper and launch.upper.n) == (CYCLE, 3)
    assert (launch.holders["curator"], launch.holders["director"]) == (CURATOR, DIRECTOR)
    assert launch.amended == (CarriedRow(item="1", due=moved),)


async def test_a_branch_takes_over_only_what_the_cycle_above_lets_it_change(house: House) -> None:
    a_branch_of_last_year(house)
    line = house.views.invited[OURS, UPPER, 3]
    house.views.invited[OURS, UPPER, 3] = line.changed(adapt=("leads",))
    move_a_row(house)
    assert (await launch_invited(house, rows=["1"])).status_code == 404
    assert (await launch_invited(house)).status_code == 200


async def test_a_first_invitation_takes_over_nothing(house: House) -> None:
    assert (await launch_invited(house, rows=["1"])).status_code == 404


async def test_a_branch_that_left_has_a_next_year_of_its_own(house: House) -> None:
    (cycle,) = house.views.running_cycles
    assert cycle.state is not None
    left = cycle.state.changed(upper=Upper(cycle_id="d" * 16, n=1, left=True))
    house.views.running_cycles = [cycle.changed(state=left)]
    assert (await asked(house, "POST", json={"holders": COUNCIL})).status_code == 200


async def test_those_of_the_year_before_are_invited_again_in_one_wish(house: House) -> None:
    path = f"/cycles/{CYCLE}/branches"
    nobody = await house.ask(AccessRole.CURATOR, "POST", f"/api/v1{path}", json={"again": True})
    assert nobody.status_code == 404
    house.views.before = (
        BranchBefore(organisation_id="e1" * 8, name="Школа № 1", invited=False),
        BranchBefore(organisation_id="e2" * 8, name="Школа № 2", invited=True),
    )
    again = await house.ask(
        AccessRole.CURATOR, "POST", f"/api/v1{path}", json={"again": True}, key="another"
    )
    assert again.status_code == 200
    wish = house.wish()
    assert isinstance(wish, Invite)
    assert wish.below_ids == ("e1" * 8, "e2" * 8)


async def test_of_more_than_go_at_once_those_come_first_who_are_not_invited_yet(
    house: House,
) -> None:
    house.views.before = tuple(
        BranchBefore(organisation_id=f"{n:016x}", name=f"Школа № {n}", invited=n < 2)
        for n in range(MOST + 2)
    )
    path = f"/api/v1/cycles/{CYCLE}/branches"
    answer = await house.ask(AccessRole.CURATOR, "POST", path, json={"again": True})
    assert answer.status_code == 200
    wish = house.wish()
    assert isinstance(wish, Invite)
    assert wish.below_ids == tuple(f"{n:016x}" for n in range(2, MOST + 2))
