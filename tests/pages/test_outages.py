"""Whatever goes away, at whatever moment: every page says so in words, none breaks."""

import re

import httpx
import pytest
from fastapi.routing import APIRoute

from api.pages.guard import ScansPage, UploadPage
from api.policy import ALLOWED, PAGES
from domain.canary import WriteOnce
from domain.people import AccessRole
from tests.api.calls import ACT, COUNCIL, CYCLE, DETECTED, DOCUMENT, MENTOR, NOVICE, PAIR, PDF, SENT
from tests.api.house import House
from tests.api.rights import RIGHT
from tests.api.sitting_requests import CALLED
from tests.fakes.outages import Outage, Part
from tests.pages.test_doors import BEHIND, PASSWORD, ROUTES, account
from tests.pages.visitor import Visitor

MOST_CALLS = 60
IDS = {
    "document_id": DOCUMENT,
    "pair_id": PAIR,
    "cycle_id": CYCLE,
    "person_id": NOVICE,
    "body_id": COUNCIL,
    "sitting_id": CALLED,
    "ground_id": ACT,
    "mandate_id": RIGHT,
    "sha256": SENT,
}
SENDING = {name: route for name, route in ROUTES.items() if "POST" in (route.methods or ())}
TYPED = {
    "key": "k" * 32,
    "version": "2",
    "text": "Исправьте дату",
    "remark": "Исправьте дату",
    "reason": "по просьбе",
    "day": "2026-09-02",
    "sha256": "a" * 64,
    "kind": "regular",
    "minutes": "45",
    "notes": "о плане",
    "voice": "mentor",
    "n": "1",
    "outcome": "approve",
    "person": MENTOR,
    "login": "director",
    "password": PASSWORD,
    "old": PASSWORD,
    "new": "сирень цветёт в мае",
    "again": "сирень цветёт в мае",
}


def role_of(right: str | None) -> AccessRole:
    """Somebody who may."""
    allowed = ALLOWED[right] if right else set(AccessRole)
    return next(role for role in AccessRole if role in allowed)


def path_of(route: APIRoute) -> str:
    return re.sub(r"\{(\w+)[^}]*\}", lambda found: IDS.get(found[1], "1"), route.path)


def in_order(answer: httpx.Response) -> bool:
    """A page with words, that says when to come back."""
    return (
        answer.status_code == 503
        and "text/html" in answer.headers["Content-Type"]
        and "Traceback" not in answer.text
    )


async def someone(right: str | None) -> tuple[House, Visitor]:
    house = House()
    house.fill()
    visitor = Visitor.of(house.app)
    await visitor.sign_in(account(house, role_of(right)), PASSWORD)
    return house, visitor


@pytest.mark.parametrize("part", ["database", "store", "temporal"])
@pytest.mark.parametrize("name", BEHIND)
async def test_every_page_bears_an_outage_at_each_of_its_calls(name: str, part: Part) -> None:
    house, visitor = await someone(PAGES[name])
    whole = house.app.state.services
    for at in range(1, MOST_CALLS):
        outage = Outage(part, at)
        house.app.state.services = outage.of(whole)
        answer = await visitor.client.get(BEHIND[name])
        if not outage.met:
            assert answer.status_code == 200, answer.text
            return
        assert in_order(answer), (at, answer.status_code, answer.text)
        assert "Retry-After" in answer.headers
    pytest.fail("a page with so many calls is not expected")


@pytest.mark.parametrize("part", ["database", "store", "temporal"])
@pytest.mark.parametrize("name", SENDING)
async def test_every_form_bears_an_outage_at_each_of_its_calls(name: str, part: Part) -> None:
    for at in range(1, MOST_CALLS):
        house, visitor = await someone(PAGES[name])
        whole, outage = house.app.state.services, Outage(part, at)
        await visitor.go("/verify")
        token = visitor.hidden("/signout")["form_token"]
        house.app.state.services = outage.of(whole)
        route = SENDING[name]
        takes_files = isinstance(route, UploadPage | ScansPage)
        file = ("scan.pdf", PDF, "application/pdf")
        answer = await visitor.client.post(
            path_of(route),
            data={**TYPED, "form_token": token},
            files={"file": file, "files": file} if takes_files else None,
        )
        if not outage.met:
            assert answer.status_code < 500, answer.text
            return
        assert in_order(answer) or answer.status_code < 500, (at, answer.status_code, answer.text)
    pytest.fail("a form with so many calls is not expected")


@pytest.mark.parametrize("role", AccessRole)
async def test_the_administrator_sees_first_that_the_store_protects_nothing(
    role: AccessRole,
) -> None:
    words = "бакет создан без блокировки: подписанное можно удалить или подменить"
    house = House(canary=DETECTED.changed(write_once=WriteOnce.FAILED, text=words))
    visitor = Visitor.of(house.app)
    await visitor.sign_in(account(house, role), PASSWORD)
    shown = f"Б{words[1:]}. Пусть пока никто не подписывает." in visitor.text
    assert shown is (role is AccessRole.ADMINISTRATOR)


async def test_nothing_is_said_of_a_store_that_does_as_it_should() -> None:
    house = House()
    visitor = Visitor.of(house.app)
    await visitor.sign_in(account(house, AccessRole.ADMINISTRATOR), PASSWORD)
    assert "Хранилище" not in visitor.text
