"""The description of the API is complete and needs nothing from elsewhere."""

import json
from typing import Any

import pytest

from api import (
    body_schemas,
    branch_schemas,
    event_schemas,
    journal_schemas,
    legal_schemas,
    organisation_schemas,
    paper_schemas,
    result_schemas,
    schemas,
    sheet_schemas,
    template_schemas,
)
from domain.base import Value
from tests.api.calls import CALLS
from tests.api.house import House

BODIES: dict[str, type[Value]] = {
    "people.correct_names": schemas.NameCorrection,
    "organisations.add": organisation_schemas.NewOrganisation,
    "organisations.give_password": organisation_schemas.Nothing,
    "cycles.send_report": branch_schemas.CorrectedReport,
    "branches.invite": branch_schemas.Invitation,
    "branches.accept": branch_schemas.Acceptance,
    "branches.give_back": branch_schemas.ReturnedReport,
    "branches.excuse": branch_schemas.ExcusedReport,
    "branches.release": branch_schemas.Leave,
    "branches.enter": branch_schemas.EnteredReport,
    "invitations.launch": branch_schemas.BranchLaunch,
    "bodies.set": body_schemas.BodySettings,
    "bodies.call_sitting": body_schemas.NewSitting,
    "sittings.hold": body_schemas.SittingHeld,
    "sittings.cancel": body_schemas.SittingCancelled,
    "cycles.launch": schemas.Launch,
    "cycles.form_pairs": schemas.Pairs,
    "cycles.welcome_mentor": schemas.NewMentor,
    "cycles.draft_document": legal_schemas.NewDocument,
    "cycles.add_event": event_schemas.NewEvent,
    "cycles.add_publication": event_schemas.NewPublication,
    "events.correct": event_schemas.EventSaid,
    "publications.correct": event_schemas.PublicationSaid,
    "publications.check": event_schemas.Looked,
    "cycles.record_result": result_schemas.Result,
    "grounds.add": legal_schemas.NewGround,
    "grounds.end": legal_schemas.GroundLost,
    "calendars.load": sheet_schemas.CalendarDays,
    "documents.acquaint": sheet_schemas.Acquaint,
    "documents.decide": schemas.Decision,
    "documents.redraft": schemas.Redraft,
    "documents.register": schemas.Registration,
    "documents.retry": schemas.Retry,
    "documents.add_remark": paper_schemas.DiscussionRemark,
    "documents.answer_remark": paper_schemas.DiscussionAnswer,
    "documents.attach_review": paper_schemas.Review,
    "assignments.fulfil": paper_schemas.Fulfilled,
    "assignments.give_back": paper_schemas.Reason,
    "assignments.drop": paper_schemas.Reason,
    "incidents.note": paper_schemas.Reason,
    "verification.start": paper_schemas.VerifyNow,
    "journals.place_kinds": journal_schemas.KindsCounted,
    "journals.reserve": journal_schemas.Reserve,
    "journals.letter": journal_schemas.LetterNumber,
    "journals.void": journal_schemas.VoidNumber,
    "journals.file_incoming": journal_schemas.Incoming,
    "pairs.record_meeting": schemas.Meeting,
    "pairs.record_monitoring": schemas.Monitoring,
    "pairs.stop": schemas.Stop,
    "layout.set": template_schemas.Layout,
}


@pytest.fixture
async def described(house: House) -> dict[str, Any]:
    answer = await house.ask(None, "GET", "/openapi.json")
    found: dict[str, Any] = answer.json()
    return found


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        operation["operationId"]: operation
        for path in described["paths"].values()
        for operation in path.values()
    }


def test_every_route_is_described_under_its_name(described: dict[str, Any]) -> None:
    assert set(operations(described)) == set(CALLS)


def test_every_body_has_an_example(described: dict[str, Any]) -> None:
    bodies = {
        name: content
        for name, operation in operations(described).items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
    }

    assert set(bodies) == {name for name, call in CALLS.items() if call.method == "POST"}
    for name, content in bodies.items():
        reference = content["schema"].get("$ref", "").rpartition("/")[2]
        schema = described["components"]["schemas"].get(reference, {})
        assert content.get("example") or schema.get("examples"), name


@pytest.mark.parametrize("name", BODIES)
def test_every_example_is_a_lawful_body(name: str) -> None:
    schema = BODIES[name]
    (example,) = schema.model_json_schema()["examples"]

    assert schema.model_validate_json(json.dumps(example)).model_fields_set == set(example)


def test_every_post_asks_for_a_key_and_every_route_for_a_token(described: dict[str, Any]) -> None:
    for name, operation in operations(described).items():
        headers = {
            one["name"]: one["required"]
            for one in operation.get("parameters", [])
            if one["in"] == "header"
        }

        expected = {"Idempotency-Key": True} if CALLS[name].method == "POST" else {}
        assert (name, headers) == (name, expected)
        assert operation["security"] == [{"HTTPBearer": []}]


def test_refusals_are_described_as_problem_details(described: dict[str, Any]) -> None:
    for operation in operations(described).values():
        assert list(operation["responses"]["default"]["content"]) == ["application/problem+json"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
