"""Terms of keeping and acts on destruction over HTTP."""

import pytest

from api.retaining import GROUND_WORDS, METHOD
from domain.errors import ExpertiseMissing, KeyDestroyed, Refused, StillKept, WrongState
from domain.extras import DraftDocument
from domain.retention import Ground
from tests.api.calls import CYCLE, DOCUMENT, OURS
from tests.api.house import House
from tests.builders import a_cycle

PATH = "/api/v1/retention"


async def test_what_is_due_is_told_by_article_for_a_day(house: House) -> None:
    answer = await house.call("retention.due")
    page = answer.json()
    (group,) = page["groups"]
    assert (page["on"], group["article"], group["epk"]) == ("2033-01-01", "200", True)
    assert group["documents"][0]["document"]["document_id"] == DOCUMENT
    today = await house.ask("auditor", "GET", PATH)
    assert today.json()["on"] == "2026-09-02"


async def test_an_act_keeps_its_list_and_is_drafted_by_the_cycle(house: House) -> None:
    answer = await house.call("retention.make_act")

    act_id = answer.json()["document_id"]
    ((workflow, wish, _),) = house.gateway.sent
    assert isinstance(wish, DraftDocument)
    assert (workflow, wish.document_id) == (f"cycle/{CYCLE}", act_id)
    assert (wish.kind, wish.approver, wish.numbered) == ("destruction_act", "director", True)
    assert wish.destroys == 1
    kept = house.desk.retention.lists[act_id]
    assert (kept.documents, kept.ground, kept.expert_number) == ((DOCUMENT,), Ground.TERM, "2")
    assert (kept.organisation_id, kept.on.isoformat()) == (OURS, "2026-09-02")
    said = house.desk.texts[wish.inputs_id or ""].body
    assert said == {"ground": GROUND_WORDS[Ground.TERM], "method": METHOD}


async def test_another_ground_and_way_stand_in_the_act(house: House) -> None:
    body = {
        "cycle_id": CYCLE,
        "documents": [DOCUMENT],
        "ground": "consent_withdrawn",
        "method": "стёрто",
    }
    await house.call("retention.make_act", json=body)
    wish = house.wish()
    said = house.desk.texts[wish.inputs_id].body
    assert said == {"ground": GROUND_WORDS[Ground.CONSENT_WITHDRAWN], "method": "стёрто"}
    (kept,) = house.desk.retention.lists.values()
    assert (kept.ground, kept.expert_number) == (Ground.CONSENT_WITHDRAWN, None)


async def test_a_repeat_asks_for_one_act(house: House) -> None:
    first = await house.call("retention.make_act", key="once")
    second = await house.call("retention.make_act", key="once")
    assert first.json() == second.json()
    assert len(house.desk.retention.lists) == len(house.gateway.sent) == 1


async def test_where_the_cycle_is_closed_the_act_begins_by_itself_and_once(house: House) -> None:
    closed = a_cycle().changed(closed=True, organisation_id=OURS, cycle_id=CYCLE)
    house.desk.retention.closed[CYCLE] = closed

    first = await house.call("retention.make_act", key="once")
    second = await house.call("retention.make_act", key="once")

    assert first.json() == second.json()
    act_id = first.json()["document_id"]
    ((workflow, state),) = house.gateway.begun.items()
    assert (workflow, state.parent, state.cycle_id) == (f"document/{act_id}", None, CYCLE)
    assert (state.kind, state.destroys) == ("destruction_act", 1)
    assert state.inputs_id in house.desk.texts
    assert list(house.desk.retention.lists) == [act_id]
    assert not house.gateway.sent


async def test_what_is_kept_is_refused_and_nothing_is_asked(house: House) -> None:
    house.desk.retention.due = ()
    answer = await house.call("retention.make_act")
    assert (answer.status_code, answer.json()["code"]) == (409, "StillKept")
    assert answer.json()["title"] == "Документ ещё нужно хранить"
    assert not house.gateway.sent


@pytest.mark.parametrize(
    ("refusal", "status", "title"),
    [
        (StillKept("kept"), 409, "Документ ещё нужно хранить"),
        (ExpertiseMissing("minutes"), 422, "Нужен протокол экспертной комиссии"),
        (WrongState("listed"), 409, "Сейчас это действие недоступно"),
    ],
)
async def test_each_refusal_has_its_status_and_title(
    house: House, refusal: Refused, status: int, title: str
) -> None:
    house.gateway.refusal = refusal
    answer = await house.call("retention.make_act")
    assert (answer.status_code, answer.json()["title"]) == (status, title)


@pytest.mark.parametrize(
    "wrong",
    [
        {"documents": []},
        {"documents": [DOCUMENT, DOCUMENT]},
        {"documents": ["D" * 16]},
        {"ground": "tidiness"},
        {"expert_minutes": {"number": "", "day": "2026-08-28"}},
        {"expert_minutes": {"number": "2"}},
        {"method": ""},
    ],
)
async def test_an_act_of_a_wrong_form_is_refused(house: House, wrong: dict[str, object]) -> None:
    body = {"cycle_id": CYCLE, "documents": [DOCUMENT], **wrong}
    answer = await house.call("retention.make_act", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert not house.desk.retention.lists


async def test_a_cycle_of_anothers_is_not_found(house: House) -> None:
    body = {"cycle_id": "a" * 16, "documents": [DOCUMENT]}
    answer = await house.call("retention.make_act", json=body)
    assert answer.status_code == 404
    assert not house.desk.retention.lists


async def test_a_term_is_chosen_and_read_again(house: House) -> None:
    answer = await house.call("retention.choose")
    (line,) = answer.json()["choices"]
    assert (line["term"], line["article"], line["words"]) == ("main_activity", "19а", "постоянно")
    assert (await house.call("retention.choices")).json() == answer.json()
    body = {"kind": "report", "form": "teacher_teacher", "term": "own_5", "since": "2026-09-01"}
    refused = await house.call("retention.choose", json=body)
    assert refused.status_code == 404


@pytest.mark.parametrize("path", ["file?role=signed", "copy?role=draft"])
async def test_the_content_of_what_was_destroyed_is_gone(
    house: House, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.fill()

    def destroyed(key_id: str) -> bytes:
        raise KeyDestroyed(f"key {key_id} was destroyed")

    monkeypatch.setattr(house.desk, "data_key", destroyed)
    answer = await house.ask("auditor", "GET", f"/api/v1/documents/{DOCUMENT}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (410, "KeyDestroyed")
    assert answer.json()["title"] == "Содержание уничтожено по акту"
