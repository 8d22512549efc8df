"""Who and what is missing is told before a launch, with a remedy each."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.authority import Mandate, Mandates
from domain.launch_checks import Below, Council, House, Missing, Staff, missing
from domain.organisations import Level
from domain.people import AccessRole
from domain.planning import period_from
from tests.roadmap_builders import a_roadmap, a_step, an_order_step

START = date(2026, 9, 1)
AT = datetime(2026, 8, 20, 9, tzinfo=UTC)
DIRECTOR, CURATOR, MENTOR = "1" * 16, "2" * 16, "3" * 16
COUNCIL = "5" * 16
HOLDERS = {"curator": "K-01", "director": DIRECTOR, "council": "PS"}
ROLES = {
    "curator": {"title": "Куратор"},
    "director": {"title": "Директор"},
    "council": {"title": "Совет", "holder": "body"},
    "mentor": {"title": "Наставник", "holder": "mentor"},
}


def a_person(id_: str, code: str, *accounts: AccessRole, parts: tuple[str, ...] = ()) -> Staff:
    return Staff(id=id_, code=code, name=f"{code} А. А.", parts=parts, accounts=accounts)


def a_house(**fields: Any) -> House:
    """Everything is there."""
    known: dict[str, Any] = {
        "level": Level.ORGANISATION,
        "people": (
            a_person(DIRECTOR, "D-01", AccessRole.DIRECTOR),
            a_person(CURATOR, "K-01", AccessRole.CURATOR),
            a_person(MENTOR, "M-01", parts=("mentor", "mentee")),
        ),
        "bodies": (
            Council(id=COUNCIL, code="PS", name="Совет", members=(CURATOR,), has_officers=True),
        ),
        "head": DIRECTOR,
        "calendars": (2026, 2027),
    }
    return House(**{**known, **fields})


def found(
    house: House | None = None, holders: dict[str, str] | None = None, **roadmap: Any
) -> tuple[Missing, ...]:
    asked = a_roadmap(**{"roles": ROLES, **roadmap})
    given = HOLDERS if holders is None else holders
    return missing(asked, period_from(asked, START), given, house or a_house(), AT)


def whats(*args: Any, **roadmap: Any) -> list[tuple[str, str]]:
    return [(one.what, one.subject) for one in found(*args, **roadmap)]


def people_without(id_: str, *accounts: AccessRole) -> House:
    """As `a_house`, but that person has these accounts only."""
    people = tuple(
        one.changed(accounts=accounts) if one.id == id_ else one for one in a_house().people
    )
    return a_house(people=people)


def test_where_nothing_is_missing_nothing_is_told() -> None:
    assert found() == ()


def test_a_role_that_nobody_holds_stops_the_launch_and_comes_first() -> None:
    house = people_without(CURATOR)
    told = found(house, {"curator": CURATOR, "council": "PS"})

    assert [(one.what, one.stops) for one in told] == [
        ("role_unmapped", True),
        ("holder_without_account", False),
        ("body_without_account", False),
    ]
    assert told[0].words == "роль «Директор» никому не дана"


@pytest.mark.parametrize("named", ["X-99", COUNCIL])
def test_a_stranger_or_a_body_holds_no_role_of_a_person(named: str) -> None:
    assert ("holder_unknown", "director") in whats(None, {**HOLDERS, "director": named})


def test_a_role_that_the_roadmap_has_not_stops_the_launch() -> None:
    told = found(None, {**HOLDERS, "deputy": DIRECTOR})

    assert [(one.what, one.subject, one.stops) for one in told] == [
        ("role_unknown", "deputy", True)
    ]


def test_a_cycle_that_runs_stops_the_launch() -> None:
    assert whats(a_house(running="c" * 16)) == [("already_launched", "c" * 16)]


def test_the_curator_needs_the_account_of_a_curator_where_there_are_pairs() -> None:
    house = people_without(CURATOR, AccessRole.ADMINISTRATOR)

    assert whats(house) == [("curator_without_account", "curator")]
    assert "--role curator --person K-01" in found(house)[0].remedy
    assert whats(house, steps=[a_step()], track={}) == []


def test_an_auditor_does_nothing_for_a_role() -> None:
    house = people_without(DIRECTOR, AccessRole.AUDITOR)
    assert whats(house) == [("holder_without_account", "director")]


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"members": ()}, "body_empty"),
        ({"members": (MENTOR,)}, "body_without_account"),
        ({"has_officers": False}, "body_without_chair"),
    ],
)
def test_a_body_needs_members_accounts_and_officers(fields: dict[str, Any], what: str) -> None:
    house = a_house(bodies=(a_house().bodies[0].changed(**fields),))
    assert whats(house) == [(what, "council")]


def test_whose_right_has_ended_cannot_approve_unless_somebody_stands_in_that_place() -> None:
    over = Mandate(
        id="a" * 16,
        person_id=DIRECTOR,
        since=datetime(2020, 1, 1, tzinfo=UTC),
        until=datetime(2026, 8, 1, tzinfo=UTC),
    )
    acting = Mandate(
        id="b" * 16,
        person_id=CURATOR,
        instead_of=DIRECTOR,
        since=datetime(2026, 8, 1, tzinfo=UTC),
    )

    assert whats(a_house(mandates=Mandates(known=(over,)))) == [("right_missing", "director")]
    assert whats(a_house(mandates=Mandates(known=(over, acting)))) == []


def test_the_approvers_of_a_route_need_their_right_too() -> None:
    over = Mandate(
        id="a" * 16,
        person_id=CURATOR,
        since=datetime(2020, 1, 1, tzinfo=UTC),
        until=datetime(2026, 8, 1, tzinfo=UTC),
    )
    routes = {"two": {"stages": [{"id": "first", "title": "Первый", "by": ["curator"]}]}}
    by = {"proof": "document", "kind": "programme", "route": "two", "drafter": "director"}
    steps = [a_step(results=[{"id": "done", "title": "Сделано", "by": by}]), an_order_step()]
    house = a_house(mandates=Mandates(known=(over,)))

    assert whats(house) == []
    assert whats(house, routes=routes, steps=steps) == [("right_missing", "curator")]


def test_without_a_role_of_the_director_the_account_says_who_the_head_is() -> None:
    roles = {name: role for name, role in ROLES.items() if name != "director"}
    fields: dict[str, Any] = {"roles": roles, "steps": [a_step()], "track": {}}
    holders = {"curator": "K-01", "council": "PS"}

    assert whats(None, holders, **fields) == []
    assert whats(a_house(head=None), holders, **fields) == [("head_unknown", "director")]


def test_empty_requisites_are_named() -> None:
    told = found(a_house(empty=("inn", "city")))
    assert told[0].words == "в реквизитах организации пусто: ИНН, место составления документов"


def test_a_list_without_mentees_is_told_where_there_are_pairs() -> None:
    people = (*a_house().people[:2], a_person(MENTOR, "M-01", parts=("mentor",)))

    assert whats(a_house(people=people)) == [("nobody_to_pair", "mentee")]
    assert whats(a_house(people=people), steps=[a_step()], track={}) == []


def test_an_upper_roadmap_wants_an_organisation_of_its_level_with_others_below() -> None:
    fields: dict[str, Any] = {"level": "municipality", "below": {"roadmap": "school"}}
    assert whats(None, **fields) == [
        ("wrong_level", "organisation"),
        ("nobody_below", "below"),
    ]
    below = tuple(
        Below(id=f"{n:016}", name=f"Школа {n}", outside=n == 1, account="none") for n in range(1, 9)
    )
    house = a_house(level=Level.MUNICIPALITY, below=below)
    (told,) = found(house, **fields)
    assert told.what == "below_without_account"
    assert told.words.endswith("Школа 2, Школа 3, Школа 4, Школа 5, Школа 6 и ещё 2")


def test_a_year_whose_moved_days_nobody_knows_is_told_as_far_as_the_cycle_reaches() -> None:
    house = a_house(calendars=())

    assert whats(house) == [("calendar_unknown", "2026"), ("calendar_unknown", "2027")]
    short = {"month": 9, "months": 3}
    assert whats(house, season=short) == [("calendar_unknown", "2026")]
    long = {"month": 9, "months": 12, "turns": 4}
    assert len(whats(house, season=long)) == 2, "later ones are decided later"
