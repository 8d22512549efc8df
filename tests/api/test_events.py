"""Events and publications over HTTP: entered, corrected, looked after, and named as proof."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.problems import Unavailable
from domain import ids
from domain.errors import AlreadyCounted, TooFewAttended, WrongState
from domain.evidence import EventHeld, LinkGiven, RecordResult, check_in_time
from domain.people import AccessRole
from tests.api.calls import CALLS, CANARY, CYCLE, EVENT, NOW
from tests.api.house import House
from tests.fakes.events import HELD_EVENT, PLANNED_EVENT, PUBLISHED

OTHER = "7" * 16
PROOF = CALLS["cycles.record_result"].json["evidence"]
LINK = CALLS["pairs.record_result"].json["evidence"]


async def proved(
    house: House,
    name: str = "cycles",
    key: str = "",
    **evidence: Any,  # noqa: ANN401 - JSON
) -> httpx.Response:
    """The answer to a result that is recorded so."""
    return await house.call(f"{name}.record_result", key=key, json={"evidence": evidence})


def told(house: House) -> set[str]:
    """What stands beside the events and publications that were there before."""
    return set(house.desk.happened.told) - {HELD_EVENT, PLANNED_EVENT, PUBLISHED}


# Told of and corrected


async def test_an_event_is_entered_with_who_came(house: House) -> None:
    answer = await house.call("cycles.add_event")
    assert answer.status_code == 200, answer.text
    line = answer.json()["line"]
    assert (line["kind_title"], line["attendance"], line["listed"]) == ("семинар", 12, 2)
    assert len(answer.json()["people"]) == 2
    assert (line["turn"], line["item_id"], line["n"]) == (1, None, 1)


async def test_an_event_of_a_row_belongs_to_the_rows_year(house: House) -> None:
    answer = await house.call("cycles.add_event", json={**EVENT, "item": "1.1@2"})
    line = answer.json()["line"]
    assert (line["turn"], line["item_id"]) == (2, "1.1@2")


@pytest.mark.parametrize("name", ["cycles.add_event", "cycles.add_publication"])
async def test_a_repeat_enters_once(house: House, name: str) -> None:
    for _ in range(2):
        assert (await house.call(name, key="once")).status_code == 200
    assert len(told(house)) == 1


async def test_a_correction_stands_before_what_was_said_and_does_not_hide_it(house: House) -> None:
    path = f"/api/v1/events/{HELD_EVENT}/correction"
    said = {**EVENT, "attendance": 30}
    answer = await house.ask(AccessRole.CURATOR, "POST", path, json=said)
    versions = answer.json()["versions"]
    assert [(one["n"], one["attendance"]) for one in versions] == [(2, 30), (1, 24)]
    assert answer.json()["line"]["attendance"] == 30


async def test_whoever_looks_after_a_publication_is_kept_until_it_is_corrected(
    house: House,
) -> None:
    looked = await house.call("publications.check", json={"present": False})
    line = looked.json()["line"]
    assert (line["present"], line["checked_by"] is not None, line["n"]) == (False, True, 2)
    corrected = await house.call("publications.correct")
    assert (corrected.json()["line"]["present"], corrected.json()["line"]["n"]) == (None, 3)
    assert [one["present"] for one in corrected.json()["versions"]] == [None, False, None]


async def test_the_office_alone_looks_after_publications(house: House) -> None:
    assert (await house.call("publications.check", AccessRole.DIRECTOR)).status_code == 403
    assert (await house.call("publications.check", AccessRole.ADMINISTRATOR)).status_code == 200


@pytest.mark.parametrize(
    ("name", "fields", "status", "code"),
    [
        ("cycles.add_event", {"day": "2026-09-05"}, 422, "EventNotHeld"),
        ("cycles.add_event", {"until": "2026-09-01"}, 422, "BadDate"),
        ("cycles.add_event", {"turn": 3}, 422, "BadDate"),
        ("cycles.add_event", {"attendance": 1}, 422, "ListTooLong"),
        ("cycles.add_event", {"people": ["X-99"]}, 404, "NotFound"),
        ("cycles.add_event", {"kind": "party"}, 422, "RequestInvalid"),
        (
            "cycles.add_event",
            {"links": [{"title": "x", "address": "javascript:alert(1)"}]},
            422,
            "NotAnAddress",
        ),
        ("cycles.add_publication", {"address": "ftp://college.example/x"}, 422, "NotAnAddress"),
        ("cycles.add_publication", {"address": "https://"}, 422, "NotAnAddress"),
        ("cycles.add_publication", {"address": "https://a.example/a b"}, 422, "NotAnAddress"),
        ("cycles.add_publication", {"address": "https://[a.example/"}, 422, "NotAnAddress"),
        ("cycles.add_publication", {"day": "2026-09-05"}, 422, "BadDate"),
    ],
)
async def test_what_cannot_be_is_refused(
    house: House, name: str, fields: Mapping[str, object], status: int, code: str
) -> None:
    answer = await house.call(name, json={**CALLS[name].json, **fields})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not told(house)


async def test_a_planned_event_may_lie_ahead(house: House) -> None:
    said = {"kind": "forum", "title": "Форум", "day": "2027-05-20"}
    answer = await house.call("cycles.add_event", json=said)
    assert (answer.status_code, answer.json()["line"]["attendance"]) == (200, None)


@pytest.mark.parametrize(("name", "id_"), [("events", HELD_EVENT), ("publications", PUBLISHED)])
async def test_what_was_entered_by_mistake_is_withdrawn_by_the_office(
    house: House, name: str, id_: str
) -> None:
    path, said = f"/api/v1/{name}/{id_}/withdrawal", {"reason": "Внесено дважды"}
    director = await house.ask(AccessRole.DIRECTOR, "POST", path, json=said)
    assert director.status_code == 403
    answer = await house.ask(AccessRole.CURATOR, "POST", path, json=said)
    assert (answer.status_code, answer.json()["line"]["withdrawn"]) == (200, "Внесено дважды")
    again = await house.ask(AccessRole.CURATOR, "POST", path, json=said, key="another")
    assert (again.status_code, again.json()["code"]) == (409, "EventWithdrawn")


async def test_what_proves_a_row_is_not_withdrawn(house: House) -> None:
    house.desk.happened.proving.add(PLANNED_EVENT)
    answer = await house.call("events.withdraw")
    assert (answer.status_code, answer.json()["code"]) == (409, "ProvesRow")


# Named as proof


async def test_what_was_withdrawn_proves_nothing(house: House) -> None:
    path = f"/api/v1/events/{HELD_EVENT}/withdrawal"
    await house.ask(AccessRole.CURATOR, "POST", path, json={"reason": "Внесено дважды"})
    answer = await proved(house, event_id=HELD_EVENT, proof="event")
    assert (answer.status_code, answer.json()["code"]) == (409, "EventWithdrawn")
    assert house.gateway.sent == []


async def test_what_is_being_named_is_not_withdrawn_while_the_answer_is_unknown(
    house: House,
) -> None:
    path, why = f"/api/v1/events/{HELD_EVENT}/withdrawal", {"reason": "Внесено дважды"}
    house.gateway.refusal = Unavailable("no worker")
    assert (await proved(house, event_id=HELD_EVENT, proof="event")).status_code == 503
    answer = await house.ask(AccessRole.CURATOR, "POST", path, json=why)
    assert (answer.status_code, answer.json()["code"]) == (409, "BeingNamed")


async def test_what_a_row_refused_may_be_withdrawn(house: House) -> None:
    path, why = f"/api/v1/events/{HELD_EVENT}/withdrawal", {"reason": "Внесено дважды"}
    house.gateway.refusal = AlreadyCounted("counts already")
    assert (await proved(house, event_id=HELD_EVENT, proof="event")).status_code == 409
    answer = await house.ask(AccessRole.CURATOR, "POST", path, json=why)
    assert answer.status_code == 200


async def test_a_row_takes_a_named_event_within_a_minute_or_not_at_all(house: House) -> None:
    await proved(house, event_id=HELD_EVENT, proof="event")
    wish = house.wish()
    assert wish.before == NOW + timedelta(minutes=1)
    check_in_time(wish, NOW + timedelta(seconds=60))
    with pytest.raises(WrongState):
        check_in_time(wish, NOW + timedelta(seconds=61))


async def test_a_result_is_proved_by_a_new_event_that_bears_the_results_title(
    house: House,
) -> None:
    assert (await proved(house, **PROOF)).status_code == 200
    (event_id,) = told(house)
    wish = house.wish()
    assert wish.evidence == EventHeld(
        day=PROOF["day"],
        attendance=12,
        kind="other",
        evidence_id=ids.derived_id(f"cycle/{CYCLE}", "1.1#2", "site", event_id),
    )
    (text,) = house.desk.texts.values()
    assert (text.id, text.body["event_id"]) == (wish.evidence.evidence_id, event_id)
    assert CANARY not in str(text.body)
    line = house.views.event(text.organisation_id, event_id).line
    assert (line.title, line.item_id, line.place) == ("Итог подведён", "1.1#2", CANARY)


async def test_a_result_of_a_pair_is_proved_by_a_new_publication(house: House) -> None:
    assert (await proved(house, "pairs", **LINK)).status_code == 200
    (publication_id,) = told(house)
    evidence = house.wish().evidence
    assert evidence == LinkGiven(day=LINK["day"], evidence_id=evidence.evidence_id)
    line = house.views.publication("0" * 16, publication_id).line
    assert (line.site, line.what, line.cycle_id) == ("college.example", "Итог подведён", CYCLE)


async def test_one_event_proves_several_results_and_each_but_once(house: House) -> None:
    for path in ("1.1%232/results/site", "1.2/results/held", "1.2/results/held"):
        await house.ask(
            AccessRole.CURATOR,
            "POST",
            f"/api/v1/cycles/{CYCLE}/items/{path}",
            json={"evidence": {"proof": "event", "event_id": HELD_EVENT}},
        )
    wishes = [wish for _, wish, _ in house.gateway.sent if isinstance(wish, RecordResult)]
    first, second, third = (wish.evidence.evidence_id for wish in wishes)
    assert first != second
    assert second == third  # by which the row sees that it is the same
    assert not told(house)


async def test_a_repeat_of_a_proof_finds_the_event_that_it_made(house: House) -> None:
    answers = []
    for _ in range(2):
        answers.append(await proved(house, key="once", **PROOF))
        house.desk.requests.clear()  # as if the first answer had been lost
        house.views.is_open = False  # the row has what it needs by now
    assert [one.status_code for one in answers] == [200, 200]
    assert (len(told(house)), len(house.gateway.sent)) == (1, 1)


@pytest.mark.parametrize(
    ("evidence", "status", "code"),
    [
        ({**PROOF, "attendance": 1}, 422, "TooFewAttended"),
        ({**PROOF, "kind": "party"}, 422, "RequestInvalid"),
        ({**PROOF, "day": "2026-09-05"}, 422, "EventNotHeld"),
        ({"proof": "event", "event_id": PLANNED_EVENT}, 422, "EventNotHeld"),
        ({"proof": "event", "event_id": OTHER}, 404, "NotFound"),
        ({"proof": "event", "event_id": PUBLISHED}, 404, "NotFound"),
        ({"proof": "event", "event_id": HELD_EVENT, "place": "x"}, 422, "RequestInvalid"),
        ({"proof": "event", "day": "2026-09-02", "attendance": 12}, 422, "RequestInvalid"),
        ({**LINK}, 422, "ProofMissing"),
        ({"proof": "link", "publication_id": PUBLISHED, "what": "x"}, 422, "RequestInvalid"),
    ],
)
async def test_what_the_row_does_not_take_leaves_nothing_behind(
    house: House, evidence: Mapping[str, Any], status: int, code: str
) -> None:
    answer = await proved(house, **evidence)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not told(house)
    assert not house.gateway.sent


async def test_an_event_of_a_kind_that_the_row_does_not_take_is_refused(house: House) -> None:
    house.views.kinds = ("forum",)
    answer = await proved(house, **{**PROOF, "kind": "seminar"})
    assert (answer.status_code, answer.json()["code"]) == (422, "WrongEventKind")
    assert not told(house)
    assert (await proved(house, **PROOF)).status_code == 200  # unsaid, it is the row's own
    assert house.wish().evidence.kind == "forum"


async def test_a_row_that_is_closed_takes_no_new_event(house: House) -> None:
    house.views.is_open = False
    assert (await proved(house, **PROOF)).json()["code"] == "WrongState"
    assert not told(house)


@pytest.mark.parametrize("where", [f"cycles/{CYCLE}/items/1.1@2", f"cycles/{OTHER}/items/1.1"])
@pytest.mark.parametrize(
    "evidence",
    [
        {"proof": "event", "event_id": HELD_EVENT},
        {"proof": "link", "publication_id": PUBLISHED},
    ],
)
async def test_evidence_of_another_year_or_programme_is_refused(
    house: House, where: str, evidence: Mapping[str, object]
) -> None:
    house.views.processes.add(("0" * 16, f"cycle/{OTHER}"))
    path = f"/api/v1/{where}/results/site"
    answer = await house.ask(AccessRole.CURATOR, "POST", path, json={"evidence": evidence})
    assert (answer.status_code, answer.json()["code"]) == (422, "ForeignEvidence")
    assert not house.gateway.sent


async def test_a_refusal_of_the_row_itself_has_its_title(house: House) -> None:
    house.gateway.refusal = TooFewAttended("3 of 10")
    answer = await proved(house, proof="event", event_id=HELD_EVENT)
    assert answer.json()["title"] == "Пришло меньше людей, чем нужно строке"


async def test_lists_say_what_there_is_and_name_nobody_who_came(house: House) -> None:
    await house.call("cycles.add_event")
    answer = await house.call("cycles.events")
    found = answer.json()
    assert len(found["events"]) == 3
    assert len(found["publications"]) == 1
    assert "people" not in found["events"][0]
