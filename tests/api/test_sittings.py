"""Bodies and sittings over HTTP: set, called, held, told, cancelled."""

from datetime import date
from typing import Any

import pytest

from api import sittings
from api.problems import Unavailable
from domain.document_wishes import Resolve
from domain.errors import StaleVersion, WrongState
from domain.extras import DraftDocument
from domain.people import AccessRole, Actor
from domain.process import Answer, Command
from domain.routes import Outcome
from tests.api.calls import CANARY, COUNCIL, CURATOR, CYCLE, DIRECTOR, MENTOR, NOVICE
from tests.api.house import House
from tests.api.sitting_requests import AGENDA, CALLED, HELD, PAPER, SHA, TO_CANCEL, VOTES
from tests.fakes.gateway import FakeGateway

PATH = f"/api/v1/bodies/{COUNCIL}"


def decided(**second: object) -> dict[str, Any]:
    """What was held, with another decision on the paper."""
    first, paper = HELD["items"]
    return {**HELD, "items": [first, {**paper, **second}]}


async def code(house: House, name: str, said: dict[str, Any]) -> str:
    return str((await house.call(name, json=said)).json()["code"])


# The body


async def test_a_body_shows_who_sits_there_who_presides_and_how_many_must_come(
    house: House,
) -> None:
    shown = (await house.call("bodies.get")).json()

    assert [one["id"] for one in shown["members"]] == [DIRECTOR, CURATOR, MENTOR]
    assert (shown["chair"]["id"], shown["secretary"]["id"]) == (DIRECTOR, CURATOR)
    assert (shown["on"], shown["quorum"], shown["sat"]) == ("2026-09-01", 2, None)
    listed = (await house.call("bodies.list")).json()
    assert listed["bodies"] == [{**shown, "on": listed["on"]}]


async def test_before_anybody_sat_there_nobody_is_a_member(house: House) -> None:
    shown = await house.ask("auditor", "GET", f"{PATH}?on=2020-01-01")
    assert shown.json()["members"] == []


async def test_the_administrator_says_what_holds_for_a_body(house: House) -> None:
    said = {
        "chair": "K-01",
        "quorum": {"numerator": 2, "denominator": 3},
        "at_least": {"sittings": 2, "every": "school_year"},
        "minutes_kind": "school_minutes",
        "ablative": "школой наставничества",
    }

    shown = (await house.call("bodies.set", json=said)).json()

    assert shown["chair"]["id"] == CURATOR
    assert shown["secretary"] is None
    assert shown["sat"] == {
        "period": {"start": "2026-09-01", "end": "2027-08-31"},
        "held": 0,
        "missing": 2,
    }
    assert shown["settings"]["ablative"] == "школой наставничества"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"chair": "N-01"}, "NotAMember"),
        ({"chair": "nobody"}, "NotFound"),
        ({"quorum": {"numerator": 1, "denominator": 3}}, "RequestInvalid"),
        ({"at_least": {"sittings": 0, "every": "year"}}, "RequestInvalid"),
        ({"minutes_kind": "order_pairs"}, "RequestInvalid"),
    ],
)
async def test_a_body_cannot_be_set_so(
    house: House, said: dict[str, object], expected: str
) -> None:
    assert await code(house, "bodies.set", said) == expected


# Called


async def test_a_sitting_is_called_with_the_bodys_own_chair_and_secretary(house: House) -> None:
    said = {"cycle_id": CYCLE, "day": "2026-09-02", "place": "Зал", "agenda": AGENDA}

    first = await house.call("bodies.call_sitting", json=said, key="once")
    again = await house.call("bodies.call_sitting", json=said, key="once")

    shown = first.json()
    assert again.json() == shown
    assert (shown["state"], shown["chair"]["id"], shown["number"]) == ("called", DIRECTOR, None)
    assert [item["document_id"] for item in shown["agenda"]] == [None, PAPER]
    listed = (await house.call("sittings.list")).json()["sittings"]
    assert [one["sitting_id"] for one in listed] == [shown["sitting_id"], CALLED, TO_CANCEL]
    other = await house.ask("auditor", "GET", f"/api/v1/sittings?body={'9' * 16}")
    assert other.json() == {"sittings": []}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"chair": "N-01"}, "NotAMember"),
        ({"cycle_id": "9" * 16}, "NotFound"),
        ({"agenda": []}, "RequestInvalid"),
        ({"agenda": [{"title": "О чём-то", "document_id": PAPER}]}, "RequestInvalid"),
        ({"agenda": [AGENDA[1], AGENDA[1]]}, "RequestInvalid"),
        ({"agenda": [{**AGENDA[1], "version": 1}]}, "StaleVersion"),
        ({"agenda": [{**AGENDA[1], "document_id": "9" * 16}]}, "WrongState"),
    ],
)
async def test_a_sitting_cannot_be_called_so(
    house: House, changed: dict[str, object], expected: str
) -> None:
    said = {"cycle_id": CYCLE, "day": "2026-09-02", "place": "Зал", "agenda": AGENDA, **changed}
    assert await code(house, "bodies.call_sitting", said) == expected
    assert len((await house.call("sittings.list")).json()["sittings"]) == 2


async def test_a_body_without_officers_names_them_with_the_sitting(house: House) -> None:
    await house.call("bodies.set", json={})
    said = {"cycle_id": CYCLE, "day": "2026-09-02", "place": "Зал", "agenda": AGENDA}
    assert await code(house, "bodies.call_sitting", said) == "NotAMember"
    named = {**said, "chair": "D-01", "secretary": "N-01"}
    answer = await house.call("bodies.call_sitting", json=named)
    assert answer.json()["secretary"]["id"] == NOVICE


async def test_a_director_acts_for_bodies_in_which_he_presides_or_keeps_minutes(
    house: House,
) -> None:
    token = "nst_director"
    house.views.users[token] = house.views.users[token].changed(person_id=MENTOR)
    names = ("bodies.call_sitting", "sittings.hold", "sittings.cancel")
    for name in names:
        answer = await house.call(name, AccessRole.DIRECTOR)
        assert (name, answer.json()["code"]) == (name, "NotYours")
    house.views.users[token] = house.views.users[token].changed(person_id=CURATOR)
    for name in names:
        assert (await house.call(name, AccessRole.DIRECTOR)).status_code == 200


# Held


async def test_what_was_decided_is_told_to_its_paper_and_the_minutes_are_asked_for(
    house: House,
) -> None:
    answer = await house.call("sittings.hold", AccessRole.DIRECTOR)

    shown = answer.json()
    assert (shown["state"], shown["number"], shown["members"]) == ("held", "1", 3)
    assert [item["untold"] for item in shown["agenda"]] == [False, False]
    (_, resolve, _), (cycle, draft, _) = house.gateway.sent
    assert resolve == Resolve(
        by=Actor(
            user_id=house.views.users["nst_director"].id,
            role=AccessRole.CURATOR,
            acts_for=(COUNCIL,),
        ),
        version=2,
        sha256=SHA,
        outcome=Outcome.APPROVE,
        body_id=COUNCIL,
        sitting_id=CALLED,
        number="1",
        day=date(2026, 9, 1),
    )
    assert isinstance(draft, DraftDocument)
    assert cycle == f"cycle/{CYCLE}"
    assert (draft.kind, draft.numbered) == ("council_minutes", True)
    assert draft.document_id == shown["minutes_id"]


async def test_words_of_a_decision_stay_out_of_what_workflows_hear(house: House) -> None:
    await house.call(
        "sittings.hold", json=decided(outcome="send_back", text=CANARY, who=CANARY, due=CANARY)
    )
    (_, resolve, _), _ = house.gateway.sent
    assert CANARY not in resolve.model_dump_json()
    assert resolve.note_id is not None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({**HELD, "present": ["D-01"]}, "NoQuorum"),
        ({**HELD, "present": ["D-01", "N-01"]}, "NotAMember"),
        ({**HELD, "present": ["K-01", "M-01"]}, "NotAMember"),
        ({**HELD, "present": ["D-01", "nobody"]}, "NotFound"),
        ({**HELD, "present": ["D-01", "D-01", "K-01"]}, "RequestInvalid"),
        ({**HELD, "day": "2026-09-03"}, "BadDate"),
        ({**HELD, "items": HELD["items"][:1]}, "ItemsUndecided"),
        (decided(votes={**VOTES, "against": 1}), "TooManyVotes"),
        (decided(votes={**VOTES, "in_favour": 1}), "NoMajority"),
        (decided(text=""), "RequestInvalid"),
    ],
)
async def test_a_sitting_cannot_have_been_held_so(
    house: House, said: dict[str, object], expected: str
) -> None:
    assert await code(house, "sittings.hold", said) == expected
    assert (await house.call("sittings.get")).json()["state"] == "called"
    assert not house.gateway.sent


async def test_a_paper_that_was_redrafted_is_decided_anew_or_for_the_minutes_only(
    house: House,
) -> None:
    house.desk.sittings.waiting[COUNCIL] = {PAPER: (3, SHA)}
    assert await code(house, "sittings.hold", HELD) == "StaleVersion"

    answer = await house.call("sittings.hold", json=decided(minutes_only=True))

    assert answer.json()["agenda"][1]["minutes_only"] is True
    assert [type(wish) for _, wish, _ in house.gateway.sent] == [DraftDocument]


async def test_a_sitting_is_held_once(house: House) -> None:
    first = await house.call("sittings.hold", key="once")
    again = await house.call("sittings.hold", key="once")
    assert again.json() == first.json()
    assert await code(house, "sittings.hold", HELD) == "WrongState"
    assert len(house.gateway.sent) == 2


class OneRefuses(FakeGateway):
    """Refuses or loses wishes of one class, until `error` is taken away."""

    def __init__(self, kind: type[Command], error: Exception) -> None:
        super().__init__()
        self.kind = kind
        self.error: Exception | None = error

    async def send(self, workflow_id: str, wish: Command, request_id: str) -> Answer:
        if isinstance(wish, self.kind) and self.error is not None:
            raise self.error
        return await super().send(workflow_id, wish, request_id)


@pytest.mark.parametrize("kind", [Resolve, DraftDocument])
async def test_the_same_request_goes_on_where_it_was_cut_off(kind: type[Command]) -> None:
    gateway = OneRefuses(kind, Unavailable("later"))
    house = House(gateway=gateway)
    async with house.client:
        cut = await house.call("sittings.hold", key="once")
        gateway.error = None
        done = await house.call("sittings.hold", key="once")

    assert (cut.status_code, done.status_code, done.json()["number"]) == (503, 200, "1")
    assert [type(wish) for _, wish, _ in house.gateway.sent] == [Resolve, DraftDocument]


async def test_what_was_not_told_is_told_when_the_service_starts() -> None:
    house = House(gateway=OneRefuses(Resolve, Unavailable("later")))
    async with house.client:
        await house.call("sittings.hold")
    gateway = FakeGateway()

    for _ in range(2):
        await sittings.tell(house.desk, gateway, 60)

    (_, resolve, _), (_, draft, _) = gateway.sent
    assert (resolve.clock_offset, draft.clock_offset) == (60, 60)


@pytest.mark.parametrize(
    ("kind", "error", "shown"),
    [
        (Resolve, StaleVersion("redrafted meanwhile"), ("StaleVersion", None)),
        (DraftDocument, WrongState("closed"), (None, "WrongState")),
    ],
)
async def test_what_was_refused_after_all_is_shown_and_the_sitting_stands(
    kind: type[Command], error: Exception, shown: tuple[str | None, str | None]
) -> None:
    house = House(gateway=OneRefuses(kind, error))
    async with house.client:
        answer = (await house.call("sittings.hold")).json()

    assert answer["state"] == "held"
    assert (answer["agenda"][1]["refused"], answer["minutes_refused"]) == shown
    assert house.desk.untold_sittings() == ()


# Cancelled


async def test_a_sitting_is_cancelled_with_its_reason(house: House) -> None:
    shown = (await house.call("sittings.cancel")).json()

    assert (shown["state"], shown["reason"]) == ("cancelled", CANARY)
    again = await house.call("sittings.cancel")
    assert again.json()["code"] == "WrongState"
