"""What a request becomes: rows for words, and a command with ids, dates and numbers only."""

from datetime import date, timedelta

import pytest

from domain import evidence
from domain.cycle_pairs import FormPairs, WelcomeMentor
from domain.document_wishes import Decide, Redraft, Register
from domain.errors import BadSpreadsheet
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.pair import Stop
from domain.people import NOVICE_YEARS, AccessRole, Actor, Form
from domain.process import Retry
from domain.routes import Outcome
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
)
from tests.api.calls import (
    CALLS,
    CANARY,
    COUNCIL,
    CURATOR,
    CYCLE,
    DIRECTOR,
    DOCUMENT,
    MENTOR,
    NOVICE,
    NOW,
    OURS,
    PAIR,
    SHA,
)
from tests.api.house import House
from tests.api.listed import a_person

DAY = date(2026, 9, 2)


@pytest.mark.parametrize(
    ("name", "workflow_id", "kind"),
    [
        ("cycles.form_pairs", f"cycle/{CYCLE}", FormPairs),
        ("cycles.welcome_mentor", f"cycle/{CYCLE}", WelcomeMentor),
        ("cycles.record_result", f"cycle/{CYCLE}", evidence.RecordResult),
        ("cycles.retry", f"cycle/{CYCLE}", Retry),
        ("documents.decide", f"document/{DOCUMENT}", Decide),
        ("documents.redraft", f"document/{DOCUMENT}", Redraft),
        ("documents.register", f"document/{DOCUMENT}", Register),
        ("documents.retry", f"document/{DOCUMENT}", Retry),
        ("pairs.record_meeting", f"pair/{PAIR}", RecordMeeting),
        ("pairs.record_monitoring", f"pair/{PAIR}", RecordMonitoring),
        ("pairs.record_result", f"pair/{PAIR}", evidence.RecordResult),
        ("pairs.retry", f"pair/{PAIR}", Retry),
        ("pairs.stop", f"pair/{PAIR}", Stop),
        ("cycles.move_deadline", f"cycle/{CYCLE}", MoveDeadline),
        ("cycles.change_lead", f"cycle/{CYCLE}", ChangeLead),
        ("cycles.mark_not_applicable", f"cycle/{CYCLE}", MarkNotApplicable),
        ("cycles.mark_applicable", f"cycle/{CYCLE}", MarkApplicable),
        ("cycles.draft_again", f"cycle/{CYCLE}", DraftAgain),
        ("pairs.move_deadline", f"pair/{PAIR}", MoveDeadline),
        ("pairs.change_lead", f"pair/{PAIR}", ChangeLead),
        ("pairs.mark_not_applicable", f"pair/{PAIR}", MarkNotApplicable),
        ("pairs.mark_applicable", f"pair/{PAIR}", MarkApplicable),
        ("pairs.draft_again", f"pair/{PAIR}", DraftAgain),
    ],
)
async def test_a_wish_goes_to_its_workflow_in_the_users_name_and_without_words(
    house: House, name: str, workflow_id: str, kind: type
) -> None:
    answer = await house.call(name)

    assert answer.json() == {"workflow_id": workflow_id, "revision": 1}
    ((sent_to, wish, request_id),) = house.gateway.sent
    assert (sent_to, type(wish)) == (workflow_id, kind)
    role = CALLS[name].role
    user = house.views.users[f"nst_{role}"]
    assert wish.by == Actor(user_id=user.id, role=role, acts_for=(DIRECTOR, COUNCIL))
    assert wish.clock_offset == 0
    assert len(request_id) == 16
    assert CANARY not in wish.model_dump_json()


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        ("documents.decide", "remark", {"text": CANARY}),
        ("documents.retry", "reason", {"text": CANARY}),
        ("pairs.record_meeting", "notes", {"text": CANARY}),
        ("pairs.record_monitoring", "notes", {"text": CANARY}),
        ("pairs.stop", "reason", {"text": CANARY}),
        ("pairs.retry", "reason", {"text": CANARY}),
        ("cycles.retry", "reason", {"text": CANARY}),
        ("cycles.move_deadline", "reason", {"text": CANARY}),
        ("pairs.change_lead", "reason", {"text": CANARY}),
        ("cycles.mark_not_applicable", "reason", {"text": CANARY}),
    ],
)
async def test_words_are_kept_in_a_row_that_the_wish_names(
    house: House, name: str, kind: str, body: object
) -> None:
    await house.call(name)

    ((sent_to, wish, _),) = house.gateway.sent
    (text,) = house.desk.texts.values()
    assert (text.kind, text.body, text.subject) == (kind, body, sent_to)
    assert (text.organisation_id, text.author) == (OURS, wish.by.user_id)
    assert wish.note_id == text.id


async def test_no_row_is_made_for_no_words(house: House) -> None:
    await house.call("documents.decide", json={"version": 2, "sha256": SHA, "outcome": "approve"})

    assert not house.desk.texts
    assert house.wish() == Decide(
        by=house.wish().by, version=2, sha256=SHA, outcome=Outcome.APPROVE, note_id=None
    )


async def test_amended_facts_are_kept_as_they_were_given(house: House) -> None:
    inputs = {"kind": "слово", "subject": ["раз", "два"], "rows": [{"a": "б"}], "n": 3}

    await house.call("documents.redraft", json={"version": 2, "inputs": inputs})

    (text,) = house.desk.texts.values()
    assert (text.kind, text.model_dump(mode="json")["body"]) == ("inputs", inputs)
    assert (house.wish().inputs_id, house.wish().note_id) == (text.id, None)


async def test_a_redraft_without_amendments_names_no_row(house: House) -> None:
    await house.call("documents.redraft", json={"version": 2})

    assert house.wish().inputs_id is None
    assert not house.desk.texts


@pytest.mark.parametrize(
    "inputs",
    [{"Ключ": "x"}, {"a": None}, {"a": {"b": "c"}}, {"a": ["x"] * 201}, {"a": [["x"]]}, ["a"]],
)
async def test_a_fact_is_words_a_number_a_list_or_a_table(house: House, inputs: object) -> None:
    answer = await house.call("documents.redraft", json={"version": 2, "inputs": inputs})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("evidence", "known"),
    [
        ({"proof": "number", "number": 7}, evidence.NumberReached(number=7, evidence_id="?")),
        (
            {"proof": "answers", "count": 0, "note": CANARY},
            evidence.AnswersCounted(count=0, evidence_id="?"),
        ),
    ],
)
async def test_proof_is_kept_whole_and_the_workflow_learns_its_figures(
    house: House, evidence: dict[str, object], known: evidence.LinkGiven
) -> None:
    await house.call("cycles.record_result", json={"evidence": evidence})

    (text,) = house.desk.texts.values()
    assert (text.kind, text.subject) == ("evidence", f"cycle/{CYCLE}")
    assert text.body == {"item": "1.1#2", "result": "site", **evidence}
    wish = house.wish()
    assert (wish.item, wish.result) == ("1.1#2", "site")
    assert wish.evidence == known.changed(evidence_id=text.id)


async def test_a_row_of_a_pair_is_named_by_its_whole_id(house: House) -> None:
    await house.call("pairs.record_result")

    assert (house.wish().item, house.wish().result) == (f"2.1/{PAIR}", "acquainted")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("cycles", f"/cycles/{CYCLE}/items/Иванова/results/site"),
        ("cycles", f"/cycles/{CYCLE}/items/1.1/results/Иванова"),
        ("pairs", f"/pairs/{PAIR}/items/2.1%2F..%2F1/results/site"),
        ("cycles", f"/cycles/{CYCLE}/items/1.1%00/results/site"),
    ],
)
async def test_names_of_rows_and_results_cannot_carry_words(
    house: House, name: str, path: str
) -> None:
    body = CALLS[f"{name}.record_result"].json

    answer = await house.ask(AccessRole.CURATOR, "POST", f"/api/v1{path}", json=body)

    assert answer.status_code == 422
    assert not house.gateway.sent


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("pairs.record_meeting", {"kind": "Иванова"}),
        ("pairs.record_meeting", {"minutes": 0}),
        ("pairs.record_meeting", {"day": "02.09.2026"}),
        ("pairs.record_monitoring", {"voice": "Ё"}),
        ("pairs.record_monitoring", {"scores": {"Иванова": 5}}),
        ("pairs.record_monitoring", {"scores": {"process": 11}}),
        ("pairs.record_monitoring", {"scores": {}}),
        ("pairs.stop", {"reason": "whim"}),
        ("pairs.stop", {"note": ""}),
        ("documents.decide", {"sha256": "A" * 64}),
        ("documents.decide", {"outcome": "maybe"}),
        ("cycles.record_result", {"evidence": {"proof": "document"}}),
        ("cycles.record_result", {"evidence": {"proof": "link", "day": "2026-09-02"}}),
        ("cycles.form_pairs", {"pairs": []}),
        ("cycles.launch", {"roadmap": "../small"}),
        ("cycles.launch", {"holders": {}}),
    ],
)
async def test_a_wrong_field_is_refused_before_anything_is_kept(
    house: House, name: str, fields: dict[str, object]
) -> None:
    answer = await house.call(name, json={**CALLS[name].json, **fields})

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert not house.desk.texts
    assert not house.gateway.sent


async def test_an_unknown_field_is_refused_in_every_body(house: House) -> None:
    for name, call in CALLS.items():
        if call.json is not None:
            answer = await house.call(name, json={**call.json, "surprise": 1})

            assert (name, answer.status_code) == (name, 422)
            assert {"field": "body.surprise", "reason": "неизвестное поле"} in answer.json()[
                "errors"
            ]


# Launch


async def test_a_launch_is_kept_and_started(house: House) -> None:
    answer = await house.call("cycles.launch")

    cycle_id = answer.json()["cycle_id"]
    ((kept_id, (organisation, launch)),) = house.desk.launches.items()
    assert (kept_id, organisation) == (cycle_id, OURS)
    assert launch.roadmap == house.roadmap
    assert (launch.start, launch.time_zone) == (DAY, "Asia/Vladivostok")
    assert launch.holders == {"curator": CURATOR, "director": DIRECTOR, "council": COUNCIL}
    state = house.gateway.launched[f"cycle/{cycle_id}"]
    assert (state.organisation_id, state.cycle_id, state.launched) == (OURS, cycle_id, NOW)
    assert state.administrator == house.views.users["nst_administrator"].id


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"holders": {"curator": "K-01", "director": "D-01"}}, "RoleUnmapped"),
        ({"holders": {"curator": "K-01", "director": "D-01", "council": "D-01"}}, "NotFound"),
        ({"holders": {"curator": "PS", "director": "D-01", "council": "PS"}}, "NotFound"),
        (
            {
                "holders": {
                    "curator": "K-01",
                    "director": "D-01",
                    "council": "PS",
                    "mentor": "M-01",
                }
            },
            "RoleUnmapped",
        ),
        ({"roadmap": "unknown"}, "NotFound"),
        ({"start": "9999-12-31"}, "RequestInvalid"),
        ({"start": "0202-09-01"}, "RequestInvalid"),
    ],
)
async def test_nothing_is_kept_of_a_launch_that_cannot_be(
    house: House, fields: dict[str, object], code: str
) -> None:
    answer = await house.call("cycles.launch", json={**CALLS["cycles.launch"].json, **fields})

    assert answer.json()["code"] == code
    assert not house.desk.launches
    assert not house.gateway.launched


async def test_a_second_launch_of_the_same_roadmap_is_refused(house: House) -> None:
    await house.call("cycles.launch")

    again = await house.call("cycles.launch")

    assert (again.status_code, again.json()["code"]) == (409, "AlreadyLaunched")
    assert len(house.gateway.launched) == 1


# Pairs


async def test_people_of_pairs_are_named_by_code_or_id_and_novices_are_known(
    house: House,
) -> None:
    await house.call("cycles.form_pairs")

    first, second = house.wish().pairs
    assert (first.mentor_id, first.mentee_id, first.form) == (MENTOR, NOVICE, Form.TEACHER_TEACHER)
    assert (second.mentor_id, second.mentee_id) == (DIRECTOR, MENTOR)
    assert (first.novice, second.novice) == (True, False)


@pytest.mark.parametrize(
    ("years", "novice"), [(None, False), (0, True), (NOVICE_YEARS, True), (4, False)]
)
async def test_a_young_specialist_has_up_to_three_years(
    house: House, years: int | None, novice: bool
) -> None:
    house.views.listed = (a_person(MENTOR, "M-01"), a_person(NOVICE, "N-01", years))
    pair = {"mentor_id": "M-01", "mentee_id": "N-01", "form": "teacher_teacher"}

    await house.call("cycles.form_pairs", json={"pairs": [pair]})

    assert house.wish().pairs[0].novice is novice


async def test_a_pair_of_strangers_is_named_by_its_place_and_not_by_its_code(house: House) -> None:
    pair = {"mentor_id": "M-01", "mentee_id": "Иванова", "form": "teacher_teacher"}

    answer = await house.call("cycles.form_pairs", json={"pairs": [pair]})

    assert answer.json()["code"] == "NotFound"
    assert answer.json()["detail"] == "the mentee of pair 1 is not among the organisation's people"


# People


async def test_an_import_answers_with_counts(house: House) -> None:
    answer = await house.call("people.import")

    assert answer.json() == {"people": 1, "bodies": 1}
    assert house.read == [(b"PK\x03\x04 table", DAY)]
    ((organisation, _),) = house.desk.enrolled
    assert organisation == OURS


async def test_nothing_of_a_table_with_mistakes_is_taken(house: House) -> None:
    house.spoilt = BadSpreadsheet("Ошибок в таблице: 1. Ничего не принято.")

    answer = await house.call("people.import")

    assert (answer.status_code, answer.json()["code"]) == (422, "BadSpreadsheet")
    assert not house.desk.enrolled


async def test_a_list_to_choose_from_holds_no_birth_date(house: House) -> None:
    (first, *_) = (await house.call("people.list")).json()["people"]

    assert set(first) == {"id", "code", "name", "roles", "post", "experience_years", "sure"}


# The rehearsal clock


async def test_in_a_rehearsal_every_wish_carries_the_clock() -> None:
    house = House(rehearsal=True)
    house.desk.offset = 86_400 * 40

    await house.call("documents.register")
    await house.call("cycles.launch")
    await house.call("people.import")
    await house.call("inbox.list", AccessRole.CURATOR)

    later = NOW + timedelta(days=40)
    assert house.wish().clock_offset == house.desk.offset
    (state,) = house.gateway.launched.values()
    assert (state.clock_offset, state.launched) == (house.desk.offset, later)
    assert house.read[0][1] == later.date()
    assert house.views.asked == [(OURS, AccessRole.CURATOR, later)]


async def test_outside_a_rehearsal_no_clock_is_moved(house: House) -> None:
    house.desk.offset = 86_400

    await house.call("documents.register")

    assert house.wish().clock_offset == 0
