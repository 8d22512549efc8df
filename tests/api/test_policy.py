"""Who may call what."""

import re

import pytest
from fastapi.routing import APIRoute

from api.app import ROUTERS
from api.guard import Guarded
from api.policy import ALLOWED
from domain.people import AccessRole
from tests.api.calls import CALLS
from tests.api.house import House

ROUTES = {
    route.name: route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
}
NAMES_A_THING = [name for name, call in CALLS.items() if re.search(r"/[0-9a-f]{16}", call.path)]
STAFF = {AccessRole.ADMINISTRATOR, AccessRole.DIRECTOR, AccessRole.CURATOR}


def test_every_route_has_a_line_in_the_policy_and_every_line_a_route() -> None:
    assert set(ROUTES) == set(ALLOWED)


def test_every_route_is_guarded() -> None:
    assert {name for name, route in ROUTES.items() if not isinstance(route, Guarded)} == set()


def test_every_route_is_tried_here() -> None:
    assert set(CALLS) == set(ROUTES)


def test_a_guarded_route_reads_or_posts_for_the_guard_knows_no_third_kind() -> None:
    assert {method for route in ROUTES.values() for method in route.methods or ()} == {
        "GET",
        "POST",
    }


def test_the_auditor_may_read_everything_and_change_nothing() -> None:
    allowed = {name for name, roles in ALLOWED.items() if AccessRole.AUDITOR in roles}

    assert allowed == {name for name, route in ROUTES.items() if route.methods == {"GET"}}


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("cycles.launch", {AccessRole.ADMINISTRATOR}),
        ("cycles.form_pairs", {AccessRole.CURATOR}),
        ("people.import", {AccessRole.ADMINISTRATOR, AccessRole.CURATOR}),
        ("documents.decide", STAFF),
        ("storage.get", {AccessRole.ADMINISTRATOR, AccessRole.AUDITOR}),
        ("incidents.list", {AccessRole.ADMINISTRATOR, AccessRole.AUDITOR}),
        ("verification.start", {AccessRole.ADMINISTRATOR}),
    ],
)
def test_the_policy_is_as_agreed(name: str, roles: set[AccessRole]) -> None:
    assert ALLOWED[name] == roles


@pytest.mark.parametrize("role", AccessRole)
async def test_each_role_reaches_the_routes_that_the_policy_names(
    house: House, role: AccessRole
) -> None:
    house.fill()

    answers = {name: (await house.call(name, role)).status_code for name in CALLS}

    assert answers == {name: 200 if role in ALLOWED[name] else 403 for name in CALLS}


async def test_who_is_not_allowed_changes_nothing_and_uses_up_no_key(house: House) -> None:
    posts = [name for name, call in CALLS.items() if call.method == "POST"]

    codes = {(await house.call(name, AccessRole.AUDITOR)).json()["code"] for name in posts}

    assert codes == {"Forbidden"}
    assert not house.gateway.sent
    assert not house.gateway.launched
    assert not house.desk.texts
    assert not house.desk.objects
    assert not house.desk.requests


@pytest.mark.parametrize(
    "header", [None, "Basic bnN0Og==", "Bearer", "Bearer nst_stranger", "Bearer curator"]
)
async def test_nobody_gets_in_without_a_known_token(house: House, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    for name, call in CALLS.items():
        answer = await house.ask(None, call.method, f"/api/v1{call.path}", headers=headers)

        assert (name, answer.status_code) == (name, 401)
        assert answer.json()["code"] == "Unauthorized"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_things_of_another_organisation_are_not_found(house: House) -> None:
    house.fill()

    answers = {name: await house.call(name, f"their_{CALLS[name].role}") for name in NAMES_A_THING}

    assert {name: one.status_code for name, one in answers.items()} == dict.fromkeys(answers, 404)
    assert {one.json()["code"] for one in answers.values()} == {"NotFound"}
    assert not house.gateway.sent


@pytest.mark.parametrize("id_", ["%00", "D" * 16, "d" * 15, "0" * 16])
async def test_what_is_no_id_of_ours_is_not_found(house: House, id_: str) -> None:
    for name in NAMES_A_THING:
        call = CALLS[name]
        path = re.sub(r"/[0-9a-f]{16}", f"/{id_}", call.path, count=1)

        answer = await house.ask(
            call.role, call.method, f"/api/v1{path}", json=call.json, **call.other
        )

        assert (name, answer.status_code) == (name, 404)


async def test_a_revoked_token_opens_nothing_from_the_next_request_on(house: House) -> None:
    assert (await house.call("inbox.list", AccessRole.CURATOR)).status_code == 200

    del house.views.users["nst_curator"]

    assert (await house.call("inbox.list", AccessRole.CURATOR)).status_code == 401
