"""Whatever goes away, at whatever moment: every route says so in order, and a repeat goes well."""

from collections import Counter

import httpx
import pytest

from api.problems import MEDIA_TYPE, RETRY_AFTER_SECONDS
from tests.api.calls import CALLS
from tests.api.house import House
from tests.fakes.outages import Outage, Part

MOST_CALLS = 60


def a_house() -> House:
    house = House()
    house.fill()
    return house


def effects(house: House) -> Counter[str]:
    """What was done, by its kind and place."""
    desk = house.desk
    wishes = (f"wish {place} {type(wish).__name__}" for place, wish, _ in house.gateway.sent)
    stored = (*desk.objects, *house.files.keys())
    return Counter([*wishes, *house.gateway.launched, *desk.texts, *stored])


def told_in_order(answer: httpx.Response) -> bool:
    return (
        answer.status_code == 503
        and answer.headers["Content-Type"] == MEDIA_TYPE
        and answer.headers["Retry-After"] == RETRY_AFTER_SECONDS
        and answer.json()["code"] == "Unavailable"
        and "Traceback" not in answer.text
    )


@pytest.mark.parametrize("part", ["database", "store", "temporal"])
@pytest.mark.parametrize("name", CALLS)
async def test_every_route_bears_an_outage_at_each_of_its_calls(name: str, part: Part) -> None:
    undisturbed = a_house()
    await undisturbed.call(name, key="the same")
    once = effects(undisturbed)
    for at in range(1, MOST_CALLS):
        house = a_house()
        outage = Outage(part, at)
        house.app.state.services = outage.of(house.app.state.services)
        answer = await house.call(name, key="the same")
        if not outage.met:
            assert (answer.status_code, effects(house)) == (200, once), answer.text
            return
        assert answer.status_code == 200 or told_in_order(answer), (at, answer.text)

        outage.over = True
        again = await house.call(name, key="the same")
        if again.status_code == 409:  # its claim could not be dropped, and is forsaken in a minute
            assert again.json()["code"] == "StillWorking"
            assert again.headers["Retry-After"] == RETRY_AFTER_SECONDS
            assert effects(house) <= once, "nothing is doubled"
        else:
            assert (again.status_code, effects(house)) == (200, once), (at, again.text)
    pytest.fail("a route with so many calls is not expected")
