"""The open discussion of a document, its remarks and answers, and the review from outside."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api import paper_schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages.guard import ScansPage, WritingPage, field
from api.pages.paperwork import answer_form
from api.routes import discussion
from domain.errors import BadUpload

router = APIRouter(route_class=WritingPage, include_in_schema=False)
uploads = APIRouter(route_class=ScansPage, include_in_schema=False)

_LABELS: Final = {"text": "Текст", "remark": "Замечание"}


@router.post("/documents/{document_id}/remarks", name="pages.add_remark")
async def add_remark(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Say something of the version that is under discussion."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {"version": field(request, "version"), "text": field(request, "text").strip()}
        body = paper_schemas.DiscussionRemark.model_validate(said)
        return await discussion.add_remark(document_id, body, act)

    return await answer_form(request, services, document_id, do, _LABELS)


@router.post("/documents/{document_id}/remarks/{remark}/answer", name="pages.answer_remark")
async def answer_remark(
    document_id: str, remark: discussion.RemarkId, request: Request, services: ServicesOf
) -> Response:
    """Answer a remark."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {"text": field(request, "text").strip()}
        body = paper_schemas.DiscussionAnswer.model_validate(said)
        return await discussion.answer_remark(document_id, remark, body, act)

    return await answer_form(request, services, document_id, do, _LABELS)


@uploads.post("/documents/{document_id}/review", name="pages.attach_review")
async def attach_review(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Attach a review from outside: its file, and whose it is."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        if not files:
            raise BadUpload("файл не выбран")
        said = {"version": field(request, "version"), "text": field(request, "text").strip()}
        words = paper_schemas.DiscussionRemark.model_validate(said)
        file = await discussion.upload_file(document_id, files, act)
        body = paper_schemas.Review(**dict(words), file_sha256=file.sha256)
        return await discussion.attach_review(document_id, body, act)

    return await answer_form(request, services, document_id, do, _LABELS)
