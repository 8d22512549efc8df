"""Assignments, discussion and review over HTTP."""

from hashlib import sha256
from typing import Any

import pytest

from adapters.postgres.assignment_views import AssignmentLine
from adapters.postgres.shown import DocumentLine, Named
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.document_wishes import AddRemark, AnswerRemark, AttachReview, Redraft
from domain.errors import NotYours, RemarkMissing, WrongState
from domain.extras import DraftDocument
from domain.people import AccessRole
from domain.process import Command
from tests.api.calls import CANARY, COUNCIL, CURATOR, CYCLE, DIRECTOR, DOCUMENT, NOW, OURS, PDF
from tests.api.house import House

PAPER = f"/api/v1/documents/{DOCUMENT}"
ONE = f"{PAPER}/assignments/4-2"
FILE = sha256(PDF).hexdigest()


def a_line(house: House) -> AssignmentLine:
    known = house.views.document(OURS, DOCUMENT).model_dump(include=set(DocumentLine.model_fields))
    return AssignmentLine(
        document=DocumentLine.model_validate(known),
        id="4-2",
        item="4",
        what="составить план",
        who=Named(id=CURATOR, name="Ёлкина М. П."),
        controller=Named(id=DIRECTOR, name="Соколова Н. П."),
        due=NOW,
        state="late",
        returned=0,
        fulfilled_at=None,
        fulfilled_by=None,
        returnable_until=None,
        note_id=None,
        file_sha256=None,
    )


async def send_file(house: House) -> dict[str, Any]:
    headers = {"Content-Type": "application/pdf"}
    answer = await house.ask("curator", "POST", f"{PAPER}/files", content=PDF, headers=headers)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize(
    ("name", "kind", "noted", "about"),
    [
        ("assignments.fulfil", Fulfil, "evidence", {"assignment": "4-2", "file_sha256": None}),
        ("assignments.give_back", ReturnAssignment, "reason", {"assignment": "4-2"}),
        ("assignments.drop", DropAssignment, "reason", {"assignment": "4-2"}),
        ("documents.add_remark", AddRemark, "remark", {"version": 2}),
        ("documents.answer_remark", AnswerRemark, "answer", {"remark_id": "1"}),
    ],
)
async def test_words_stay_in_a_row_and_the_document_learns_of_it(
    house: House, name: str, kind: type[Command], noted: str, about: dict[str, Any]
) -> None:
    answer = await house.call(name)

    assert answer.status_code == 200
    wish = house.wish()
    (text,) = house.desk.texts.values()
    assert (type(wish), text.kind, text.subject) == (kind, noted, f"document/{DOCUMENT}")
    assert (wish.note_id, text.body["text"]) == (text.id, CANARY)
    assert {field: getattr(wish, field) for field in about} == about
    assert CANARY not in wish.model_dump_json()


async def test_what_was_done_is_proved_by_a_file_that_was_sent_before(house: House) -> None:
    sent = await send_file(house)
    assert sent["sha256"] == FILE
    body = {"text": "Лист приложен", "file_sha256": FILE}

    answer = await house.ask("curator", "POST", f"{ONE}/fulfilment", json=body)

    assert answer.status_code == 200
    assert house.wish().file_sha256 == FILE
    read = await house.ask("auditor", "GET", f"{PAPER}/files/{FILE}")
    assert read.content == PDF


async def test_a_file_that_was_not_sent_for_it_proves_nothing(house: House) -> None:
    body = {"text": "Лист приложен", "file_sha256": FILE}

    answer = await house.ask("curator", "POST", f"{ONE}/fulfilment", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "ProofMissing")
    assert not house.gateway.sent
    assert (await house.ask("auditor", "GET", f"{PAPER}/files/{FILE}")).status_code == 404


async def test_a_review_is_a_file_and_whose_it_is(house: House) -> None:
    await send_file(house)
    body = {"version": 2, "file_sha256": FILE, "text": "Рецензия методического центра"}

    answer = await house.ask("curator", "POST", f"{PAPER}/review", json=body)

    assert answer.status_code == 200
    wish = house.wish()
    assert isinstance(wish, AttachReview)
    assert (wish.version, wish.sha256, wish.size) == (2, FILE, len(PDF))
    assert wish.media_type == "application/pdf"
    (text,) = house.desk.texts.values()
    assert (text.kind, text.body) == ("review", {"text": "Рецензия методического центра"})


async def test_a_review_whose_file_was_not_sent_is_refused(house: House) -> None:
    body = {"version": 2, "file_sha256": FILE, "text": "Рецензия"}

    answer = await house.ask("curator", "POST", f"{PAPER}/review", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "ProofMissing")


@pytest.mark.parametrize("refusal", [NotYours("x"), WrongState("x"), RemarkMissing("x")])
@pytest.mark.parametrize("name", ["assignments.fulfil", "documents.add_remark"])
async def test_a_refusal_of_the_rules_reaches_who_asked(
    house: House, name: str, refusal: NotYours | WrongState | RemarkMissing
) -> None:
    house.gateway.refusal = refusal

    answer = await house.call(name)

    assert answer.json()["code"] == type(refusal).__name__


@pytest.mark.parametrize("id_", ["0", "4-", "abc", "1.2.3.4.5"])
async def test_what_is_no_number_of_an_assignment_is_refused(house: House, id_: str) -> None:
    path = f"{PAPER}/assignments/{id_}/fulfilment"

    answer = await house.ask("curator", "POST", path, json={"text": "Сделано"})

    assert answer.status_code == 422
    assert not house.gateway.sent


async def test_the_controller_sees_what_is_his_and_everybody_sees_all(house: House) -> None:
    house.views.assigned = [a_line(house)]

    mine = await house.ask("director", "GET", "/api/v1/assignments?controller=me&state=late")
    everything = await house.ask("auditor", "GET", "/api/v1/assignments")

    assert [one["what"] for one in mine.json()["assignments"]] == ["составить план"]
    assert everything.json() == mine.json()
    assert house.views.reported == [
        (OURS, (DIRECTOR, COUNCIL), "late", NOW),
        (OURS, None, None, NOW),
    ]


async def test_a_document_shows_what_it_gives_to_people(house: House) -> None:
    house.views.assigned = [a_line(house)]

    answer = await house.ask("auditor", "GET", f"{PAPER}/assignments")

    (one,) = answer.json()["assignments"]
    assert (one["id"], one["state"], one["who"]["id"]) == ("4-2", "late", CURATOR)


ASKED = {"who": "K-01", "what": CANARY, "due": "2026-10-01"}


async def test_people_who_are_to_do_something_are_named_by_code_and_kept_by_id(
    house: House,
) -> None:
    body = {"kind": "order_curator", "inputs": {"assignments": [ASKED, {**ASKED, "item": "3.1"}]}}
    path = f"/api/v1/cycles/{CYCLE}/documents"

    answer = await house.ask("curator", "POST", path, json=body)

    assert answer.status_code == 200
    wish = house.wish()
    assert isinstance(wish, DraftDocument)
    kept = house.desk.texts[wish.inputs_id or ""].body["assignments"]
    assert kept == [
        {**ASKED, "who": CURATOR, "item": "1"},
        {**ASKED, "who": CURATOR, "item": "3.1"},
    ]
    assert CANARY not in wish.model_dump_json()


@pytest.mark.parametrize(
    ("rows", "status", "code"),
    [
        ([{**ASKED, "who": "nobody"}], 404, "NotFound"),
        ([{**ASKED, "due": "до осени"}], 422, "FactMissing"),
        ([{"who": "K-01"}], 422, "FactMissing"),
        ("всем", 422, "FactMissing"),
    ],
)
async def test_what_is_no_assignment_is_refused_before_anything_is_kept(
    house: House, rows: object, status: int, code: str
) -> None:
    body = {"version": 2, "inputs": {"assignments": rows}}

    answer = await house.ask("curator", "POST", f"{PAPER}/redraft", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not house.desk.texts
    assert not house.gateway.sent


async def test_a_redraft_may_give_assignments_too(house: House) -> None:
    body = {"version": 2, "inputs": {"assignments": [ASKED]}}

    await house.ask(AccessRole.CURATOR, "POST", f"{PAPER}/redraft", json=body)

    wish = house.wish()
    assert isinstance(wish, Redraft)
    assert house.desk.texts[wish.inputs_id or ""].body["assignments"][0]["who"] == CURATOR
