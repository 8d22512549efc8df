"""Documents: read, decide, redraft, register, attach the signed scan."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.postgres.views import ChainView, DocumentView
from api import journalling, schemas
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.downloads import (
    COPY_ANSWER,
    FILE_ANSWER,
    TABLE_ANSWER,
    attachment,
    copy_attachment,
    table_attachment,
)
from api.guard import Guarded, GuardedScans
from api.uploads import PDF, SCAN_BODY, ScanFiles
from api.waiting import with_waiting_document
from domain import ids
from domain.document_wishes import AttachSigned, Decide, Drop, Redraft, Register
from domain.process import Retry

router = APIRouter(prefix="/documents", tags=["documents"], route_class=Guarded)
uploads = APIRouter(prefix="/documents", tags=["documents"], route_class=GuardedScans)

Version = Annotated[int, Query(ge=1)]
SignatureNumber = Annotated[
    int, Query(ge=1, description="Который из файлов подписи (signature), по порядку")
]


@router.get("/{document_id}", name="documents.get")
def get(document_id: str, services: ServicesOf, user: Reader) -> DocumentView:
    """One document: stage, version, hashes, number and date, and who acts on it."""
    found = services.views.document(user.organisation_id, document_id)
    return with_waiting_document(services, user, found)


@router.get("/{document_id}/file", name="documents.file", responses=FILE_ANSWER)
def file(
    document_id: str,
    role: Literal["draft", "registered", "signed", "signature", "visual"],
    services: ServicesOf,
    user: Reader,
    version: Version | None = None,
    number: SignatureNumber = 1,
) -> Response:
    """The bytes of a rendering, of what was signed, of its signatures, or of the copy with a mark;
    of the latest version if none is named.
    """
    document = services.views.document(user.organisation_id, document_id)
    return attachment(services, document, role, version, number)


# Not `async`: the copy is waited for in a thread.
@router.get("/{document_id}/copy", name="documents.copy", responses=COPY_ANSWER)
def copy(
    document_id: str,
    role: Literal["draft", "registered", "visual"],
    services: ServicesOf,
    user: Reader,
    version: Version | None = None,
) -> Response:
    """A PDF copy for reading and printing, made on demand; the document itself is the DOCX."""
    document = services.views.document(user.organisation_id, document_id)
    return copy_attachment(services, document, role, version)


@router.get("/{document_id}/table.xlsx", name="documents.table", responses=TABLE_ANSWER)
def table(
    document_id: str,
    request: Request,
    services: ServicesOf,
    user: Reader,
    version: Version | None = None,
) -> Response:
    """The facts of a report's or a register's version as a table: each figure with its source and
    a link to the rows behind it; of the present version if none is named.
    """
    return table_attachment(services, user, document_id, version, str(request.base_url))


@router.get("/{document_id}/chain", name="documents.chain")
def chain(document_id: str, services: ServicesOf, user: Reader, on: OnDay = None) -> ChainView:
    """The document that this one belongs to, with all that changed it, as it stood on a day."""
    day = on or services.today(user.organisation_id)
    return services.views.chain(user.organisation_id, document_id, day)


@router.post("/{document_id}/decision", name="documents.decide")
async def decide(document_id: str, body: schemas.Decision, act: Acting) -> schemas.Answered:
    """Approve the version, send it back or refuse it; a reason goes with the latter two."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("remark", document, {"text": body.remark})
    return await act.send(document, Decide, note_id, **body.model_dump(exclude={"remark"}))


@router.post("/{document_id}/redraft", name="documents.redraft")
async def redraft(document_id: str, body: schemas.Redraft, act: Acting) -> schemas.Answered:
    """Make the next version, with amended facts or without."""
    document = await act.reach(ids.document_workflow(document_id))
    inputs_id = await act.keep_inputs(document, body.inputs)
    return await act.send(document, Redraft, version=body.version, inputs_id=inputs_id)


@router.post("/{document_id}/registration", name="documents.register")
async def register(document_id: str, body: schemas.Registration, act: Acting) -> schemas.Answered:
    """Give the approved version its number and date; a typed number needs a reason."""
    document = await act.reach(ids.document_workflow(document_id))
    if body.number is not None:
        await run_in_threadpool(journalling.check_number, act, document_id, body.number)
    note_id = await act.keep("reason", document, {"text": body.reason})
    return await act.send(document, Register, note_id, version=body.version, number=body.number)


@uploads.post("/{document_id}/signed", name="documents.attach_signed", openapi_extra=SCAN_BODY)
async def attach_signed(
    document_id: str, version: Version, files: ScanFiles, act: Acting
) -> schemas.Attached:
    """Attach the scan of the signed paper: PDF, JPEG or PNG as the raw body, up to 20 MiB.

    Or several in a form: they become one PDF, in their order. Photos become a PDF always.
    """
    document = await act.reach(ids.document_workflow(document_id))
    scan = await act.check_signed(document_id, version, files)
    stored = await act.store(document_id, version, scan.content)
    fields = {**dict(stored), "media_type": PDF, "checked": scan.check.refs()}
    answered = await act.send(document, AttachSigned, version=version, **fields)
    return schemas.Attached(**dict(answered), scan=scan.check)


@router.post("/{document_id}/withdrawal", name="documents.drop")
async def drop(document_id: str, body: schemas.Retry, act: Acting) -> schemas.Answered:
    """Give up a paper that was asked for apart from the rows and has no number yet."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("reason", document, {"text": body.note})
    return await act.send(document, Drop, note_id)


@router.post("/{document_id}/retry", name="documents.retry")
async def retry(document_id: str, body: schemas.Retry, act: Acting) -> schemas.Answered:
    """Try again what was refused, after its cause was mended."""
    document = await act.reach(ids.document_workflow(document_id))
    note_id = await act.keep("reason", document, {"text": body.note})
    return await act.send(document, Retry, note_id)
