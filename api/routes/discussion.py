"""Discussion and outside review of a document on its route, and files that are named in either."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api import paper_schemas, schemas
from api.deps import Acting, Reader, ServicesOf
from api.downloads import FILE_ANSWER, attached
from api.guard import Guarded, GuardedScans
from api.uploads import SCAN_BODY, ScanFiles
from domain import ids
from domain.document_wishes import AddRemark, AnswerRemark, AttachReview

router = APIRouter(prefix="/documents", tags=["documents"], route_class=Guarded)
uploads = APIRouter(prefix="/documents", tags=["documents"], route_class=GuardedScans)

RemarkId = Annotated[str, Path(pattern=r"^[1-9][0-9]{0,5}$")]
FileHash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.post("/{document_id}/remarks", name="documents.add_remark")
async def add_remark(
    document_id: str, body: paper_schemas.DiscussionRemark, act: Acting
) -> schemas.Answered:
    """Say something of a version that is under discussion."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("remark", document, {"text": body.text})
    return await act.send(document, AddRemark, note_id, version=body.version)


@router.post("/{document_id}/remarks/{remark}/answer", name="documents.answer_remark")
async def answer_remark(
    document_id: str, remark: RemarkId, body: paper_schemas.DiscussionAnswer, act: Acting
) -> schemas.Answered:
    """Answer a remark; a discussion ends when its day has come and each remark is answered."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("answer", document, {"text": body.text})
    return await act.send(document, AnswerRemark, note_id, remark_id=remark)


@router.post("/{document_id}/review", name="documents.attach_review")
async def attach_review(
    document_id: str, body: paper_schemas.Review, act: Acting
) -> schemas.Answered:
    """Attach the review from outside that the document waits for; its file was sent before."""
    document = await act.reach(ids.document_workflow(document_id))
    file = await act.stored(document_id, body.file_sha256)
    note_id = await act.keep("review", document, {"text": body.text})
    about = {"sha256": file.sha256, "size": file.size, "media_type": file.media_type}
    return await act.send(document, AttachReview, note_id, version=body.version, **about)


@uploads.post("/{document_id}/files", name="documents.upload_file", openapi_extra=SCAN_BODY)
async def upload_file(document_id: str, files: ScanFiles, act: Acting) -> schemas.Proof:
    """Send the file of a review, or one that proves an assignment: as the scan of a signed paper.

    What it is for names it by its hash.
    """
    await act.reach(ids.document_workflow(document_id))
    return await act.store_proof(document_id, files)


@router.get("/{document_id}/files/{sha256}", name="documents.attached", responses=FILE_ANSWER)
def attached_file(
    document_id: str, sha256: FileHash, services: ServicesOf, user: Reader
) -> Response:
    """A file that was sent so."""
    document = services.views.document(user.organisation_id, document_id)
    return attached(services, document, sha256)
