"""What a request to change a row becomes."""

from domain.row_changes import ChangeLead, MoveDeadline
from tests.api.calls import CANARY, COUNCIL, CURATOR
from tests.api.house import House


async def test_a_row_is_due_to_midnight_where_the_organisation_is(house: House) -> None:
    await house.call("cycles.move_deadline")

    _, wish, _ = house.gateway.sent[0]
    assert isinstance(wish, MoveDeadline)
    assert wish.due.isoformat() == "2026-11-30T13:59:59+00:00"


async def test_a_row_goes_to_people_and_bodies_of_the_organisation_only(house: House) -> None:
    await house.call("cycles.change_lead")
    named = {"lead": "nobody", "reason": CANARY}
    refused = await house.call("pairs.change_lead", json=named, key="another")

    _, wish, _ = house.gateway.sent[0]
    assert isinstance(wish, ChangeLead)
    assert (wish.lead, wish.others) == (CURATOR, (COUNCIL,))
    assert refused.json()["code"] == "NotFound"
