"""A POST is harmless to repeat under its key."""

import asyncio
from typing import Any

import httpx
import pytest

from api.idempotency import TOLD_ONCE
from api.problems import BY_CODE, PROBLEMS, Unavailable
from domain.errors import ConsentMissing, Refused, WrongState
from domain.people import AccessRole
from tests.api.calls import CALLS, JPEG
from tests.api.house import House

POSTS = [name for name, call in CALLS.items() if call.method == "POST"]
REPLAYED = "Idempotent-Replayed"


def told(answer: httpx.Response) -> Any:  # noqa: ANN401 - an answer
    """An answer without what is told once."""
    return answer.json(object_hook=lambda read: {**read, TOLD_ONCE: None})


async def test_what_is_told_once_is_kept_nowhere_and_a_repeat_goes_without(house: House) -> None:
    first = (await house.call("organisations.add", key="k")).json()

    second = (await house.call("organisations.add", key="k")).json()

    assert first[TOLD_ONCE] == "one-time-1"
    assert second == {**first, TOLD_ONCE: None}
    kept = [str(answer) for _, answer in house.desk.requests.values()]
    assert not any("one-time-1" in answer for answer in kept)


@pytest.mark.parametrize("name", POSTS)
async def test_a_repeat_gets_the_first_answer_and_does_nothing(house: House, name: str) -> None:
    house.fill()
    first = await house.call(name, key="k")
    done = _done(house)

    second = await house.call(name, key="k")

    assert (second.status_code, told(second)) == (200, told(first))
    assert (first.headers.get(REPLAYED), second.headers.get(REPLAYED)) == (None, "true")
    assert _done(house) == done


@pytest.mark.parametrize("name", POSTS)
async def test_a_request_that_is_done_again_after_a_crash_does_the_same_thing_once(
    house: House, name: str
) -> None:
    """The process died after the effect: the claim was never answered and is taken over."""
    house.fill()
    first = await house.call(name, key="k")
    done = _done(house)
    house.desk.requests.clear()

    second = await house.call(name, key="k")

    assert second.headers.get(REPLAYED) is None, "it was done again"
    assert (second.status_code, told(second)) == (200, told(first))
    assert _done(house) == done


@pytest.mark.parametrize("name", ["documents.decide", "cycles.launch"])
async def test_an_answer_lost_on_the_way_is_found_by_asking_again(house: House, name: str) -> None:
    house.gateway.is_lost = True
    assert (await house.call(name, key="k")).status_code == 500
    house.gateway.is_lost = False

    again = await house.call(name, key="k")

    assert again.status_code == 200
    assert len(house.gateway.sent) + len(house.gateway.launched) == 1


@pytest.mark.parametrize("name", POSTS)
async def test_a_post_without_a_key_is_refused(house: House, name: str) -> None:
    answer = await house.call(name, key=None)

    assert (answer.status_code, answer.json()["code"]) == (400, "IdempotencyKeyMissing")
    assert not any(_done(house))


@pytest.mark.parametrize("key", ["x" * 256, "a\x7fb", "a\tb"])
async def test_a_key_has_1_to_255_printable_characters(house: House, key: str) -> None:
    answer = await house.call("documents.register", key=None, headers={"Idempotency-Key": key})

    assert answer.json()["code"] == "IdempotencyKeyMissing"


async def test_a_key_of_255_characters_is_taken(house: House) -> None:
    assert (await house.call("documents.register", key="~" * 255)).status_code == 200


async def test_another_body_under_the_same_key_is_refused(house: House) -> None:
    await house.call("documents.register", key="k")

    answer = await house.call("documents.register", key="k", json={"version": 3})

    assert (answer.status_code, answer.json()["code"]) == (422, "KeyReused")
    assert len(house.gateway.sent) == 1


async def test_another_address_or_query_under_the_same_key_is_refused(house: House) -> None:
    await house.call("documents.attach_signed", key="k")
    call = CALLS["documents.attach_signed"]

    path = f"/api/v1{call.path}".replace("version=2", "version=3")
    answer = await house.ask(call.role, "POST", path, key="k", **call.other)

    assert answer.json()["code"] == "KeyReused"
    assert (await house.call("documents.register", key="k")).json()["code"] == "KeyReused"


async def test_two_people_may_use_the_same_key(house: House) -> None:
    await house.call("documents.register", AccessRole.CURATOR, key="k")
    await house.call("documents.register", AccessRole.DIRECTOR, key="k")

    (_, _, first), (_, _, second) = house.gateway.sent
    assert first != second, "a shared update id would give one the answer of the other"


async def test_a_twin_in_flight_is_told_to_wait(house: House) -> None:
    house.gateway.hold = asyncio.Event()
    first = asyncio.create_task(house.call("documents.register", key="k"))
    await house.gateway.reached.wait()

    second = await house.call("documents.register", key="k")
    house.gateway.hold.set()

    assert (second.status_code, second.json()["code"]) == (409, "StillWorking")
    assert (await first).status_code == 200
    assert (await house.call("documents.register", key="k")).headers[REPLAYED] == "true"


async def test_a_wrong_form_uses_up_no_key(house: House) -> None:
    await house.call("documents.register", key="k", json={"version": "x"})

    assert (await house.call("documents.register", key="k")).status_code == 200


async def test_a_refused_upload_uses_up_no_key(house: House) -> None:
    await house.call("documents.attach_signed", key="k", content=JPEG)

    assert (await house.call("documents.attach_signed", key="k")).status_code == 200


@pytest.mark.parametrize("kind", [kind for kind, line in PROBLEMS.items() if line.kept])
async def test_a_refusal_of_the_rules_is_given_again(house: House, kind: type[Refused]) -> None:
    house.gateway.refusal = kind("such and such")
    first = await house.call("documents.register", key="k")
    house.gateway.refusal = None

    second = await house.call("documents.register", key="k")

    assert second.headers[REPLAYED] == "true"
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert second.headers["Content-Type"] == "application/problem+json"
    assert not house.gateway.sent


@pytest.mark.parametrize("kind", [kind for kind, line in PROBLEMS.items() if not line.kept])
async def test_any_other_refusal_may_turn_out_otherwise(house: House, kind: type[Refused]) -> None:
    house.gateway.refusal = kind("such and such")
    await house.call("documents.register", key="k")
    house.gateway.refusal = None

    assert (await house.call("documents.register", key="k")).status_code == 200


def test_refusals_of_rules_are_kept_and_unknown_outcomes_are_not() -> None:
    kept = {code for code, kind in BY_CODE.items() if PROBLEMS[kind].kept}

    assert {WrongState.__name__, ConsentMissing.__name__} <= kept
    assert kept.isdisjoint({Unavailable.__name__, "Internal", "NotFound", "RequestInvalid"})


def _done(house: House) -> tuple[object, ...]:
    """All that could be done twice."""
    desk = house.desk
    return (
        list(house.gateway.sent),
        dict(house.gateway.launched),
        dict(desk.texts),
        dict(desk.launches),
        dict(desk.objects),
        dict(house.files.objects),
        dict(desk.keys),
    )
