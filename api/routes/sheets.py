"""Sheets beside a document: who approved it, who has read it.

None of these is `async`: the database is waited for in a thread.
"""

from fastapi import APIRouter, Response

from adapters.postgres.sheet_views import AcquaintanceView
from api import sheets
from api.deps import Acting, Reader, ServicesOf
from api.downloads import DOCX_ANSWER
from api.guard import Guarded
from api.sheet_schemas import Acquaint

router = APIRouter(prefix="/documents/{document_id}", tags=["documents"], route_class=Guarded)


@router.get("/approval-sheet", name="documents.approval_sheet", responses=DOCX_ANSWER)
def approval_sheet(document_id: str, services: ServicesOf, user: Reader) -> Response:
    """Who said what of which version, when and by which right, as a document."""
    return sheets.sheet_file(services, user, document_id, "approval_sheet")


@router.get("/acquaintance", name="documents.acquaintance")
def acquaintance(document_id: str, services: ServicesOf, user: Reader) -> AcquaintanceView:
    """Everybody whom the document names: who has read it and when, who is missing."""
    return services.views.acquaintance(user.organisation_id, document_id)


@router.post("/acquaintance", name="documents.acquaint")
def acquaint(document_id: str, body: Acquaint, act: Acting) -> AcquaintanceView:
    """Say that people have read the document: oneself, or others by their signatures on paper."""
    return sheets.acquaint(act, document_id, body)


@router.get("/acquaintance-sheet", name="documents.acquaintance_sheet", responses=DOCX_ANSWER)
def acquaintance_sheet(document_id: str, services: ServicesOf, user: Reader) -> Response:
    """The sheet to be signed, with those marked who have read the document."""
    return sheets.sheet_file(services, user, document_id, "acquaintance_sheet")
