"""Rights to decide and to sign over HTTP, and what open documents hear of them."""

import asyncio
from typing import Any

import pytest

from api.authorising import tell
from api.policy import ALLOWED
from api.problems import Unavailable
from domain.people import AccessRole
from runtime.web import finish_telling
from tests.api.calls import CANARY, CURATOR, DIRECTOR, DOCUMENT, MENTOR, NOW, OURS, THEIRS
from tests.api.house import House
from tests.api.rights import END, GROUND, RIGHT, SUBSTITUTE

PATH = "/api/v1/authorities"
NEW_HEAD = {
    "person": "K-01",
    "capacity": "own",
    "post": "директор",
    "succeeds": "D-01",
    "since": "2026-09-10",
    "ground": GROUND,
}
LETTER = {**GROUND, "what": "power_of_attorney"}


async def listed(house: House, on: str = "2026-09-02") -> dict[str, dict[str, Any]]:
    answer = await house.ask("auditor", "GET", f"{PATH}?on={on}")
    return {one["id"]: one for one in answer.json()["authorities"]}


async def given(house: House, **change: object) -> Any:  # noqa: ANN401 - an answer
    """A request for a substitute's right, with parts said otherwise; None leaves one out."""
    body = {name: one for name, one in {**SUBSTITUTE, **change}.items() if one is not None}
    return await house.call("authorities.give", json=body)


def deciders(house: House) -> list[str]:
    """Who decides in the director's place, as a document was told last."""
    _, fact = house.gateway.told[-1]
    return [one.person_id for one in fact.mandates.deciders(DIRECTOR, "order_pairs", NOW)]


async def test_a_right_is_listed_with_its_ground_and_by_whom(house: House) -> None:
    answer = await given(house)

    line = answer.json()
    assert answer.status_code == 200
    assert (line["person"]["id"], line["instead_of"]["id"]) == (CURATOR, DIRECTOR)
    assert (line["since"], line["until"], line["ground"]) == ("2026-09-02", "2026-09-15", GROUND)
    assert line["author"]["id"] == house.views.users["nst_administrator"].id
    assert (await listed(house))[line["id"]] == line


async def test_a_right_is_in_force_on_its_days_only(house: House) -> None:
    right = (await given(house)).json()["id"]

    flags = [(await listed(house, f"2026-09-{day}"))[right]["in_force"] for day in ("01", "15")]
    after = (await listed(house, "2026-09-16"))[right]["in_force"]

    assert (flags, after) == ([False, True], False)


async def test_a_repeat_records_nothing_twice(house: House) -> None:
    first = await house.call("authorities.give", key="once")
    second = await house.call("authorities.give", key="once")

    assert first.json() == second.json()
    assert len(await listed(house)) == 2


async def test_a_right_ends_with_its_reason(house: House) -> None:
    answer = await house.call("authorities.end")
    again = await house.call("authorities.end")

    line = answer.json()
    assert (line["id"], line["ended_on"], line["reason"]) == (RIGHT, END["day"], END["reason"])
    assert (again.status_code, again.json()["code"]) == (409, "RightOver")


async def test_a_change_of_the_head_is_one_request(house: House) -> None:
    house.desk.mandates.documents[OURS] = (f"document/{DOCUMENT}",)

    answer = await house.call("authorities.give", json={**NEW_HEAD, "since": "2026-09-01"})

    assert (answer.status_code, answer.json()["instead_of"]["id"]) == (200, DIRECTOR)
    lines = (await listed(house)).values()
    assert [one["ended_on"] for one in lines if one["person"]["id"] == DIRECTOR] == ["2026-09-01"]
    assert deciders(house) == [CURATOR]


async def test_a_power_of_attorney_without_a_term_gets_its_last_day(house: House) -> None:
    answer = await given(house, capacity="power_of_attorney", until=None, ground=LETTER)

    assert answer.json()["until"] == "2027-08-31"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"capacity": "own"}, "своё право не бывает вместо другого"),
        ({"instead_of": None}, "не сказано, вместо кого"),
        ({"succeeds": "M-01"}, "сказано и «вместо», и «сменяет»"),
        (
            {"instead_of": None, "succeeds": "D-01"},
            "сменяют руководитель или исполняющий обязанности, целиком",
        ),
        ({"until": None}, "замещению нужен последний день"),
        ({"capacity": "acting"}, "исполняющему обязанности нужна должность"),
        ({"ground": LETTER}, "основание не того вида"),
        ({"capacity": "power_of_attorney"}, "основание не того вида"),
    ],
)
async def test_a_right_that_is_not_whole_is_refused_in_words(
    house: House, change: dict[str, object], reason: str
) -> None:
    answer = await given(house, **change)

    assert answer.status_code == 422
    assert [one["reason"] for one in answer.json()["errors"]] == [reason]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"person": "X-99"}, 404, "NotFound"),
        ({"instead_of": "X-99"}, 404, "NotFound"),
        ({"kinds": ["love_letter"]}, 404, "NotFound"),
        ({"until": "2026-09-01"}, 422, "BadDate"),
        ({"instead_of": "K-01"}, 422, "ActsForHimself"),
        ({"instead_of": "N-01"}, 409, "RightTaken"),
        ({"person": "N-01", "instead_of": "M-01"}, 409, "SubstitutionCircle"),
        ({"post": "дирек\nтор"}, 422, "RequestInvalid"),
        ({"since": "вчера"}, 422, "RequestInvalid"),
        ({"capacity": "king"}, 422, "RequestInvalid"),
    ],
)
async def test_a_right_that_cannot_be_is_refused(
    house: House, change: dict[str, object], status: int, code: str
) -> None:
    answer = await given(house, **change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert any("а" <= letter <= "я" for letter in answer.json()["title"])
    assert len(await listed(house)) == 1
    assert not house.gateway.told


async def test_an_end_before_the_beginning_is_refused(house: House) -> None:
    answer = await house.call("authorities.end", json={"day": "2026-08-31", "reason": CANARY})

    assert (answer.status_code, answer.json()["code"]) == (422, "BadDate")


async def test_rights_of_another_organisation_are_not_seen(house: House) -> None:
    answer = await house.ask("their_auditor", "GET", PATH)

    assert answer.json()["authorities"] == []


def test_only_the_administrator_gives_and_ends_rights() -> None:
    for route in ("authorities.give", "authorities.end"):
        assert ALLOWED[route] == {AccessRole.ADMINISTRATOR}


# Telling


async def test_open_documents_hear_of_each_change_and_of_no_repeat(house: House) -> None:
    house.desk.mandates.documents[OURS] = (f"document/{DOCUMENT}", f"document/{RIGHT}")

    await house.call("authorities.give", key="once")
    await house.call("authorities.give", key="once")

    assert [one for one, _ in house.gateway.told] == [f"document/{DOCUMENT}", f"document/{RIGHT}"]
    assert deciders(house) == [CURATOR]


async def test_a_document_hears_no_names_and_no_papers(house: House) -> None:
    house.desk.mandates.documents[OURS] = (f"document/{DOCUMENT}",)

    await given(house, post=CANARY)

    (_, fact), *_ = house.gateway.told
    assert CANARY not in fact.model_dump_json()
    assert "77-л" not in fact.model_dump_json()


async def test_what_was_not_told_is_told_with_the_repeat(house: House) -> None:
    house.desk.mandates.documents[OURS] = (f"document/{DOCUMENT}",)
    house.gateway.refusal = Unavailable("Temporal is away")
    lost = await house.call("authorities.give", key="once")
    house.gateway.refusal = None

    again = await house.call("authorities.give", key="once")

    assert (lost.status_code, again.status_code) == (503, 200)
    assert len(await listed(house)) == 2
    assert deciders(house) == [CURATOR]


async def test_what_was_not_told_is_told_by_the_next_process(house: House) -> None:
    house.desk.mandates.documents[OURS] = (f"document/{DOCUMENT}",)
    house.gateway.refusal = Unavailable("Temporal is away")
    await house.call("authorities.give")
    house.gateway.refusal = None

    for _ in range(2):
        await tell(house.app.state.services, 60, NOW)

    assert [(one, fact.clock_offset) for one, fact in house.gateway.told] == [
        (f"document/{DOCUMENT}", 60)
    ]
    assert deciders(house) == [CURATOR]


async def test_a_new_process_tells_until_it_is_done(house: House) -> None:
    house.desk.mandates.documents[OURS] = (f"document/{DOCUMENT}",)
    house.gateway.refusal = Unavailable("Temporal is away")
    await house.call("authorities.give")

    telling = asyncio.create_task(finish_telling(house.app.state.services, pause=0.01))
    await asyncio.sleep(0.1)
    assert not telling.done()
    house.gateway.refusal = None
    await asyncio.wait_for(telling, 60)

    assert deciders(house) == [CURATOR]


async def test_documents_of_others_hear_nothing(house: House) -> None:
    house.desk.mandates.documents[THEIRS] = (f"document/{DOCUMENT}",)

    await given(house, person=MENTOR)

    assert not house.gateway.told
