"""Assignments of documents in force: read, carry out, give back, give up."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path

from adapters.postgres.assignment_views import AssignmentLine
from api import paper_schemas, schemas
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from domain import ids
from domain.assignments import ASSIGNMENT_ID
from domain.base import Value
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment

router = APIRouter(tags=["assignments"], route_class=Guarded)

AssignmentId = Annotated[str, Path(pattern=ASSIGNMENT_ID)]
OF_DOCUMENT = "/documents/{document_id}/assignments"
ONE = f"{OF_DOCUMENT}/{{assignment}}"


class Assignments(Value):
    """Items of documents that people carry out."""

    assignments: tuple[AssignmentLine, ...]


@router.get("/assignments", name="assignments.list")
def listed(
    services: ServicesOf,
    user: Reader,
    controller: Literal["me", "all"] = "all",
    state: Literal["open", "late", "done"] | None = None,
) -> Assignments:
    """The controller's report: who has what to do by when, and what proves that it was done."""
    mine = user.acts_for if controller == "me" else None
    now = services.process_now()
    found = services.views.assignments(user.organisation_id, mine, state, now)
    return Assignments(assignments=found)


@router.get(OF_DOCUMENT, name="documents.assignments")
def of_document(document_id: str, services: ServicesOf, user: Reader) -> Assignments:
    """What a document gives to people, in the order of its items."""
    now = services.process_now()
    found = services.views.document_assignments(user.organisation_id, document_id, now)
    return Assignments(assignments=found)


@router.post(f"{ONE}/fulfilment", name="assignments.fulfil")
async def fulfil(
    document_id: str, assignment: AssignmentId, body: paper_schemas.Fulfilled, act: Acting
) -> schemas.Answered:
    """Report an assignment as carried out; its controller is told."""
    document = await act.reach(ids.document_workflow(document_id))
    await act.check_stored(document_id, body.file_sha256)
    note_id = await act.keep("evidence", document, {"assignment": assignment, **dict(body)})
    about = {"assignment": assignment, "file_sha256": body.file_sha256}
    return await act.send(document, Fulfil, note_id, **about)


@router.post(f"{ONE}/return", name="assignments.give_back")
async def give_back(
    document_id: str, assignment: AssignmentId, body: paper_schemas.Reason, act: Acting
) -> schemas.Answered:
    """The controller gives it back: it is to be done anew."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("reason", document, {"assignment": assignment, **dict(body)})
    return await act.send(document, ReturnAssignment, note_id, assignment=assignment)


@router.post(f"{ONE}/withdrawal", name="assignments.drop")
async def drop(
    document_id: str, assignment: AssignmentId, body: paper_schemas.Reason, act: Acting
) -> schemas.Answered:
    """The controller gives it up: nobody has to do it any more."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("reason", document, {"assignment": assignment, **dict(body)})
    return await act.send(document, DropAssignment, note_id, assignment=assignment)
