"""Legal grounds over HTTP, and documents that change others."""

from typing import Any

import pytest

from adapters.legal_acts import starting_acts
from domain.amendments import Change, How
from domain.errors import CancelledAlready
from domain.extras import DraftDocument, documents_asked
from domain.people import AccessRole
from domain.transfers import RECIPIENT
from tests.api.calls import ACT, CYCLE, DOCUMENT, MENTOR, OURS
from tests.api.house import House
from tests.api.legal import GROUND
from tests.fakes.organisations import ABOVE

R145 = starting_acts().acts[0].id


async def listed(house: House, on: str = "") -> dict[str, dict[str, Any]]:
    answer = await house.ask("auditor", "GET", f"/api/v1/grounds{on and f'?on={on}'}")
    return {act["id"]: act for act in answer.json()["grounds"]}


async def test_an_act_is_listed_with_the_words_that_papers_use(house: House) -> None:
    answer = await house.call("grounds.add")

    added = answer.json()
    assert answer.status_code == 200
    assert (added["own"], added["in_force"], added["lost"]) == (True, True, False)
    cited = added["cited"].replace("\N{NO-BREAK SPACE}", " ")
    assert cited == "приказом Министерства образования от 25 сентября 2020 г. № 401"
    assert (await listed(house))[added["id"]] == added


async def test_a_repeat_adds_nothing(house: House) -> None:
    first = await house.call("grounds.add", key="once")
    second = await house.call("grounds.add", key="once")

    assert first.json() == second.json()
    assert len([one for one in house.desk.grounds if one[1] != ACT]) == 1


async def test_an_act_that_lost_force_is_flagged_from_that_day(house: House) -> None:
    end = {"lost_on": "2026-09-01", "ended_by": "приказ от 20 августа 2026 г. № 900"}
    path = f"/api/v1/grounds/{R145}/end"

    answer = await house.ask(AccessRole.ADMINISTRATOR, "POST", path, json=end)

    assert (answer.status_code, answer.json()["lost"]) == (200, True)
    before, after = await listed(house, "2026-08-31"), await listed(house, "2026-09-01")
    assert (before[R145]["lost"], before[R145]["in_force"]) == (False, True)
    assert (after[R145]["lost"], after[R145]["in_force"]) == (True, False)
    assert after[R145]["end"] == end


async def test_what_replaces_an_act_ends_it(house: House) -> None:
    new = {**GROUND, "number": "77", "day": "2026-08-20", "since": "2026-09-01", "replaces": ACT}

    await house.ask(AccessRole.ADMINISTRATOR, "POST", "/api/v1/grounds", json=new)

    end = (await listed(house))[ACT]["end"]
    assert end["lost_on"] == "2026-09-01"
    assert "77" in end["ended_by"]


@pytest.mark.parametrize(
    ("lost_on", "code", "status"),
    [("2026-10-01", "WrongState", 409), ("2019-01-01", "BadDate", 422)],
)
async def test_an_end_that_cannot_be_is_refused(
    house: House, lost_on: str, code: str, status: int
) -> None:
    if code == "WrongState":
        await house.call("grounds.end")

    answer = await house.call("grounds.end", json={"lost_on": lost_on, "ended_by": "приказ"})

    assert (answer.json()["code"], answer.status_code) == (code, status)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"topics": ["weather"]}, "body.topics.0"),
        ({"topics": []}, "body.topics"),
        ({"head": {"nomn": "приказ"}}, "body.head.gent"),
        ({"level": "galactic"}, "body.level"),
        ({"title": "Об учёте\u0007"}, "body.title"),
        ({"replaces": "Р-145"}, "body.replaces"),
    ],
)
async def test_a_wrong_act_is_refused_by_field(
    house: House, change: dict[str, object], field: str
) -> None:
    answer = await house.call("grounds.add", json={**GROUND, **change})

    assert answer.status_code == 422
    assert field in [one["field"] for one in answer.json()["errors"]]


# Documents apart from rows


async def test_a_document_is_asked_for_with_the_way_of_its_kind(house: House) -> None:
    answer = await house.call("cycles.draft_document")

    wish: DraftDocument = house.wish()
    assert answer.json()["document_id"] == wish.document_id
    assert (wish.approver, wish.numbered) == ("director", True)
    assert wish.changes == (Change(document_id=DOCUMENT, how=How.AMENDS),)
    assert wish.inputs_id is not None
    kept = house.desk.texts[wish.inputs_id]
    assert (kept.kind, kept.organisation_id) == ("inputs", OURS)


@pytest.mark.parametrize("kind", ["individual_plan", "love_letter"])
async def test_only_a_kind_of_a_cycles_documents_can_be_asked_for(house: House, kind: str) -> None:
    answer = await house.call("cycles.draft_document", json={"kind": kind})

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert not house.gateway.sent


async def test_each_organisation_that_is_named_gets_a_document(house: House) -> None:
    said = {"kind": "inspection_checklist", "branches": [1, 4], "inputs": {"ground": "план"}}

    answer = (await house.call("cycles.draft_document", json=said)).json()

    wish: DraftDocument = house.wish()
    assert wish.branches == (1, 4)
    assert answer["documents"] == [
        id_ for id_, _ in documents_asked(wish.document_id, wish.branches)
    ]
    assert answer["document_id"] == answer["documents"][0]
    assert wish.inputs_id is not None
    assert house.desk.texts[wish.inputs_id].subject == f"cycle/{CYCLE}"


async def test_only_some_kinds_are_about_an_organisation(house: House) -> None:
    said = {"kind": "order_curator", "branches": [1]}

    answer = await house.call("cycles.draft_document", json=said)

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
    assert not house.gateway.sent


async def test_a_persons_paper_is_asked_for_with_who_above_is_its_recipient(house: House) -> None:
    said = {
        "kind": "consent_transfer_adult",
        "person": "M-01",
        "inputs": {RECIPIENT: ABOVE.organisation_id, "until": "2027-06-30"},
    }

    answer = await house.call("cycles.draft_document", json=said)

    assert answer.status_code == 200
    wish: DraftDocument = house.wish()
    assert (wish.person_id, wish.kind, wish.approver) == (MENTOR, "consent_transfer_adult", None)
    assert wish.inputs_id is not None
    assert house.desk.texts[wish.inputs_id].body == said["inputs"]


@pytest.mark.parametrize(
    ("inputs", "code", "title"),
    [
        ({RECIPIENT: "9" * 16}, "NotAbove", "Такой организации уровнем выше нет"),
        (
            {RECIPIENT: ABOVE.organisation_id, "transferred_data": ["адрес"]},
            "TransferFixed",
            "Что и зачем видит организация уровнем выше, менять нельзя",
        ),
    ],
)
async def test_a_recipient_above_is_one_that_is_there_and_is_shown_what_all_are(
    house: House, inputs: dict[str, object], code: str, title: str
) -> None:
    said = {"kind": "consent_transfer_adult", "person": "M-01", "inputs": inputs}

    answer = await house.call("cycles.draft_document", json=said)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["title"] == title
    assert not house.gateway.sent


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "consent_transfer_adult"}, "NotFound"),  # of nobody
        ({"kind": "order_curator", "person": "M-01"}, "NotFound"),  # about no person
        ({"kind": "consent_adult", "person": "M-01"}, "NotFound"),  # the pair asks for it itself
        ({"kind": "consent_withdrawal", "person": "Z-99"}, "NotFound"),
        ({"kind": "consent_withdrawal", "person": "M-01", "branches": [1]}, "RequestInvalid"),
    ],
)
async def test_only_some_papers_are_a_persons_and_each_is_somebodys(
    house: House, said: dict[str, object], code: str
) -> None:
    answer = await house.call("cycles.draft_document", json=said)

    assert answer.json()["code"] == code
    assert not house.gateway.sent


@pytest.mark.parametrize(
    "wrong",
    [
        {"branches": [1, 1]},
        {"branches": [0]},
        {"branches": list(range(1, 52))},
        {"branches": [1], "changes": [{"document_id": DOCUMENT, "how": "amends"}]},
    ],
)
async def test_organisations_that_cannot_be_named_so_are_refused(
    house: House, wrong: dict[str, object]
) -> None:
    said = {"kind": "inspection_checklist", **wrong}

    answer = await house.call("cycles.draft_document", json=said)

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


async def test_a_document_cannot_be_named_twice(house: House) -> None:
    change = {"document_id": DOCUMENT, "how": "amends"}
    twice = {"kind": "order_curator", "changes": [change, {**change, "how": "cancels"}]}

    answer = await house.call("cycles.draft_document", json=twice)

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


async def test_the_refusal_of_a_change_is_answered_in_russian(house: House) -> None:
    house.gateway.refusal = CancelledAlready(f"document {DOCUMENT} has no force any more")

    answer = await house.call("cycles.draft_document")

    assert (answer.status_code, answer.json()["title"]) == (409, "Документ уже отменён или заменён")
