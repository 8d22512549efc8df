"""Sheets beside a document: who approved it, who has read it; and files that were sent about it."""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import sheets
from api.act import Act
from api.deps import ServicesOf
from api.downloads import attached
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import SignedInReader, WritingPage, field, signed_in, values
from api.policy import ALLOWED
from api.routes.discussion import FileHash
from api.services import Services
from api.sheet_schemas import Acquaint
from domain.errors import BadDate, NotFound, Refused, WrongState
from domain.people import AccessRole

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {"person_ids": "Кто ознакомлен", "day": "День"}
_FOR_OTHERS: Final = (AccessRole.ADMINISTRATOR, AccessRole.CURATOR)


@router.get("/documents/{document_id}/approval-sheet", name="pages.approval_sheet")
def approval_sheet(document_id: str, services: ServicesOf, who: SignedInReader) -> Response:
    """The approval sheet as a document, to be saved."""
    return sheets.sheet_file(services, who.user, document_id, "approval_sheet")


@router.get("/documents/{document_id}/acquaintance-sheet", name="pages.acquaintance_sheet")
def acquaintance_sheet(document_id: str, services: ServicesOf, who: SignedInReader) -> Response:
    """The sheet to be signed by those who have read the document, to be saved."""
    return sheets.sheet_file(services, who.user, document_id, "acquaintance_sheet")


@router.get("/documents/{document_id}/files/{sha256}", name="pages.attached")
def attached_file(
    document_id: str, sha256: FileHash, services: ServicesOf, who: SignedInReader
) -> Response:
    """A file that was sent about the document, to be saved."""
    document = services.views.document(who.user.organisation_id, document_id)
    return attached(services, document, sha256)


@router.get("/documents/{document_id}/acquaintance", name="pages.acquaintance")
def acquaintance(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Everybody whom the document names: who has read it, who is missing."""
    return acquaintance_page(request, services, document_id)


@router.post("/documents/{document_id}/acquaintance", name="pages.acquaint")
async def acquaint(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Say that people have read the document."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {"person_ids": values(request, "person"), "day": field(request, "day")}
        body = Acquaint.model_validate(said)
        return await run_in_threadpool(sheets.acquaint, act, document_id, body)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/documents/{document_id}/acquaintance",
        again=partial(acquaintance_page, request, services, document_id),
    )


def acquaintance_page(
    request: Request, services: Services, document_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The list, and the form for those of it whom the reader may mark. Raises `NotFound`."""
    user = signed_in(request).user
    organisation = user.organisation_id
    known = services.views.acquaintance(organisation, document_id)
    for_others = user.role in _FOR_OTHERS
    may = known.in_force and user.role in ALLOWED["documents.acquaint"]
    return show.page(
        request,
        "acquaintance.html",
        unsent.status,
        document=services.views.document(organisation, document_id),
        known=known,
        markable=[
            one.reader
            for one in known.people
            if may
            and one.reader
            and not one.day
            and (for_others or one.reader.id == user.person_id)
        ],
        for_others=for_others,
        today=services.today(organisation).isoformat(),
        unsent=unsent,
    )


BACK: Final = (
    re.compile(r"/documents/(?P<document_id>[0-9a-f]{16})/acquaintance"),
    acquaintance_page,
)
"""Where the form comes back to, when its sender had to sign in."""


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadDate():
            return "День: не раньше, чем документ вступил в силу, и не позже сегодняшнего."
        case WrongState() | NotFound():
            return "Отметить ознакомление можно с документом в силе и тех, кого он называет."
        case _:
            return None
