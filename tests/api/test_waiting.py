"""What is waited for, as the API says it."""

from typing import Any

import pytest

from api.policy import ALLOWED
from api.reads import LOOKS
from domain.people import AccessRole
from domain.reads import Shown
from tests.api.calls import CYCLE, DOCUMENT, PAIR
from tests.api.house import House

NBSP = "\N{NO-BREAK SPACE}"
SAID = "Ждём решения Соколовой Н. П., срок — 2 сентября"


async def waiting(house: House, asked: str = "") -> Any:  # noqa: ANN401 - an answer
    return await house.ask(AccessRole.AUDITOR, "GET", f"/api/v1/waiting{asked}")


@pytest.mark.parametrize(
    ("path", "of"),
    [
        (f"/cycles/{CYCLE}", f"cycle/{CYCLE}"),
        (f"/pairs/{PAIR}", f"pair/{PAIR}"),
        (f"/documents/{DOCUMENT}", f"document/{DOCUMENT}"),
    ],
)
async def test_a_cycle_a_pair_and_a_document_say_what_they_wait_for(
    house: House, path: str, of: str
) -> None:
    shown = (await house.ask(AccessRole.AUDITOR, "GET", f"/api/v1{path}")).json()
    (line,) = (await waiting(house, f"?id={of.partition('/')[2]}")).json()["waiting"]
    assert shown["waiting"].replace(NBSP, " ").startswith(SAID)
    assert (line["workflow_id"], line["waiting"]) == (of, shown["waiting"])


async def test_all_of_a_cycle_and_all_cycles_are_told(house: House) -> None:
    (own,) = (await waiting(house, f"?cycle={CYCLE}")).json()["waiting"]
    every = (await waiting(house)).json()["waiting"]
    assert own["workflow_id"] == f"cycle/{CYCLE}"
    assert own in every
    assert (own["of"], own["what"], own["over"]) == ("cycle", "decide", False)


async def test_what_is_waited_for_comes_by_pages(house: House) -> None:
    first = (await waiting(house, f"?cycle={CYCLE}")).json()
    second = (await waiting(house, f"?cycle={CYCLE}&page=2")).json()
    assert (len(first["waiting"]), first["total"]) == (1, 1)
    assert (second["waiting"], second["total"]) == ([], 1)


@pytest.mark.parametrize("asked", [f"?id={'9' * 16}", f"?cycle={'9' * 16}"])
async def test_what_is_not_there_is_not_found(house: House, asked: str) -> None:
    answer = await waiting(house, asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


async def test_what_is_no_id_is_refused(house: House) -> None:
    assert (await waiting(house, "?id=order")).status_code == 422


async def test_who_may_read_it_may_see_people_and_each_read_is_noted() -> None:
    assert ALLOWED["waiting.list"] <= ALLOWED["people.list"]
    looks = LOOKS["waiting.list"]
    assert looks is not None
    assert looks.shown is Shown.NAMES
