"""What is done with a document beside deciding: redrafted, numbered, signed, given up, mended."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from api import schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages.amended import amended
from api.pages.document import document_page
from api.pages.forms import sent
from api.pages.guard import ScansPage, WritingPage, field
from api.routes import documents
from api.services import Services
from api.signing import attach_signature as take_signature
from domain.errors import BadUpload, NumberTaken, Refused, RemarkMissing

router = APIRouter(route_class=WritingPage, include_in_schema=False)
uploads = APIRouter(route_class=ScansPage, include_in_schema=False)

_VERSION: Final[TypeAdapter[int]] = TypeAdapter(schemas.Version)
_LABELS: Final = {"number": "Номер", "reason": "Причина", "note": "Причина", "inputs": "Сведения"}


@router.post("/documents/{document_id}/registration", name="pages.register_document")
async def register(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Give the approved version its number and date."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        body = schemas.Registration.model_validate(
            {
                "version": field(request, "version"),
                "number": field(request, "number").strip() or None,
                "reason": field(request, "reason").strip() or None,
            }
        )
        return await documents.register(document_id, body, act)

    return await answer_form(request, services, document_id, do, _LABELS)


@uploads.post("/documents/{document_id}/signed", name="pages.attach_signed")
async def attach_signed(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Attach the scan of the signed paper."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        if not files:
            raise BadUpload("файл не выбран")
        version = _VERSION.validate_python(field(request, "version"))
        return await documents.attach_signed(document_id, version, files, act)

    return await answer_form(request, services, document_id, do, _LABELS)


@uploads.post("/documents/{document_id}/signature", name="pages.attach_signature")
async def attach_signature(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Sign electronically: a file of signatures over the DOCX that is to be signed."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        if len(files) != 1:
            raise BadUpload("нужен один файл подписи")
        version = _VERSION.validate_python(field(request, "version"))
        return await take_signature(act, document_id, version, files[0])

    return await answer_form(request, services, document_id, do, _LABELS)


@router.post("/documents/{document_id}/redraft", name="pages.redraft")
async def redraft(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Make the next version, with what was amended."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        inputs = await run_in_threadpool(amended, services, request, document_id)
        body = schemas.Redraft.model_validate(
            {"version": field(request, "version"), "inputs": inputs}
        )
        return await documents.redraft(document_id, body, act)

    return await answer_form(request, services, document_id, do, _LABELS)


@router.post("/documents/{document_id}/withdrawal", name="pages.drop")
async def drop(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Give the paper up."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        return await documents.drop(document_id, _note(request), act)

    return await answer_form(request, services, document_id, do, _LABELS)


@router.post("/documents/{document_id}/retry", name="pages.retry")
async def retry(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Try again what was refused."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        return await documents.retry(document_id, _note(request), act)

    return await answer_form(request, services, document_id, do, _LABELS)


async def answer_form(
    request: Request,
    services: Services,
    document_id: str,
    do: Callable[[Act, tuple[bytes, ...]], Awaitable[object]],
    labels: Mapping[str, str],
) -> Response:
    """The document's page: with a notice, or with what was not done."""
    return await sent(
        *(request, services, do, labels, _words),
        then=f"/documents/{document_id}?done={document_id}",
        again=partial(document_page, request, services, document_id),
    )


def _note(request: Request) -> schemas.Retry:
    return schemas.Retry.model_validate({"note": field(request, "note").strip() or None})


def _words(refusal: Refused) -> str | None:
    match refusal:
        case RemarkMissing():
            return "Напишите причину: без неё номер вне очереди не даётся."
        case NumberTaken():
            return "Этот номер уже занят или аннулирован. Назовите другой."
        case _:
            return None
