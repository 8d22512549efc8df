"""A document: what is written in it, its state in a sentence, what changed, and the decision."""

import re
from functools import partial
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import schemas
from api.act import Act
from api.deps import ServicesOf
from api.downloads import attachment, copy_attachment, disposition, table_attachment
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import Page, SignedInReader, WritingPage, field, signed_in, to
from api.pages.notices import done_notice
from api.pages.shown_document import shown_document
from api.pages.state_words import event_words, last_decision
from api.pages.words import moment
from api.routes.documents import decide
from api.routes.reading import SignedIn
from api.services import Services
from domain.errors import (
    NotYours,
    OwnDraft,
    Refused,
    RemarkMissing,
    RightEnded,
    StaleVersion,
    WrongState,
)

router = APIRouter(route_class=Page, include_in_schema=False)
decisions = APIRouter(route_class=WritingPage, include_in_schema=False)

Version = Annotated[int | None, Query(ge=1, le=10_000)]

_PAGES_CSP: Final = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
_WHY: Final = {
    "send_back": "Напишите, что исправить: без замечания вернуть нельзя.",
    "refuse": "Напишите, почему: без причины отказать нельзя.",
}


@router.get("/documents/{document_id}", name="pages.document")
def document(
    document_id: str,
    request: Request,
    services: ServicesOf,
    view: Literal["pages", "text"] = "pages",
    done: str = "",
) -> Response:
    """The document as whoever is signed in may see it."""
    notice = done_notice(services, signed_in(request), done)
    return document_page(request, services, document_id, view=view, notice=notice)


@decisions.post("/documents/{document_id}/decision", name="pages.decide")
async def send_decision(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Decide, as the API does; then the next document that waits. A refusal keeps the remark."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        body = schemas.Decision.model_validate(
            {
                "version": field(request, "version"),
                "sha256": field(request, "sha256"),
                "outcome": field(request, "outcome"),
                "remark": field(request, "remark").strip() or None,
            }
        )
        return await decide(document_id, body, act)

    words = partial(_words, services=services, request=request, document_id=document_id)
    unsent = await attempt(request, services, do, {"remark": "Замечание"}, words)
    if unsent is None:
        return to(await run_in_threadpool(_next, services, signed_in(request), document_id))
    return await run_in_threadpool(document_page, request, services, document_id, unsent)


@router.get("/documents/{document_id}/file", name="pages.document_file")
def file(
    document_id: str,
    role: Literal["draft", "registered", "signed", "signature", "visual"],
    services: ServicesOf,
    who: SignedInReader,
    version: Version = None,
    number: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """The bytes of a rendering, of what was signed or of a signature, to be saved."""
    found = services.views.document(who.user.organisation_id, document_id)
    return attachment(services, found, role, version, number)


@router.get("/documents/{document_id}/pages.pdf", name="pages.document_pages")
def pages(
    document_id: str,
    role: Literal["draft", "registered", "visual"],
    services: ServicesOf,
    who: SignedInReader,
    version: Version = None,
    *,
    save: bool = False,
) -> Response:
    """The pages as they will be printed, shown in the document's page, or to be saved."""
    found = services.views.document(who.user.organisation_id, document_id)
    copy = copy_attachment(services, found, role, version)
    if not save:
        name = disposition(f"{found.title}.pdf")
        copy.headers["Content-Disposition"] = name.replace("attachment", "inline", 1)
        copy.headers["Content-Security-Policy"] = _PAGES_CSP
    return copy


@router.get("/documents/{document_id}/table.xlsx", name="pages.document_table")
def table(
    document_id: str,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    version: Version = None,
) -> Response:
    """The facts of a version as a table, to be saved."""
    return table_attachment(services, who.user, document_id, version, str(request.base_url))


def document_page(
    request: Request,
    services: Services,
    document_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    view: str = "pages",
    notice: str = "",
) -> Response:
    """The page, with what its reader wrote before and what became of that. Raises `NotFound`."""
    shown = shown_document(services, signed_in(request).user, document_id)
    return show.page(
        request,
        "document.html",
        unsent.status,
        document=shown.document,
        shown=shown,
        view=view if shown.pages_ready else "text",
        unsent=unsent,
        notice=notice,
    )


BACK: Final = (re.compile(r"/documents/(?P<document_id>[0-9a-f]{16})"), document_page)
"""Where a form of it comes back to, when its sender had to sign in."""


def _words(refusal: Refused, services: Services, request: Request, document_id: str) -> str | None:
    """What became of the decision, for whoever made it; None if its class says it all."""
    who = signed_in(request)
    organisation = who.user.organisation_id
    said = None
    match refusal:
        case RemarkMissing():
            return _WHY.get(field(request, "outcome"))
        case OwnDraft():
            said = "Этот документ готовили вы: по маршруту решает другой."
        case RightEnded():
            said = "Право решать сейчас не у вас. Решение не записано."
        case StaleVersion():
            version = services.views.document(organisation, document_id).version
            said = (
                f"Пока вы читали, появилась версия {version}: она перед вами. Решение по прежней "
                "версии не записано."
            )
        case WrongState():
            said = _decided_already(services, who, document_id)
        case NotYours() if _is_decided_by(services, who, document_id):
            said = _decided_already(services, who, document_id)
    kept = " Ваше замечание сохранено ниже." if field(request, "remark").strip() else ""
    return said and f"{said}{kept}"


def _is_decided_by(services: Services, who: SignedIn, document_id: str) -> bool:
    """Whether it was this reader who decided last on the version that is there."""
    organisation = who.user.organisation_id
    decision = last_decision(services.views.history(organisation, document_id))
    version = services.views.document(organisation, document_id).version
    return decision is not None and (decision.actor.id, decision.version) == (who.user.id, version)


def _decided_already(services: Services, who: SignedIn, document_id: str) -> str:
    organisation = who.user.organisation_id
    decision = last_decision(services.views.history(organisation, document_id))
    if decision is None:
        return "Решение сейчас не нужно: состояние документа изменилось."
    done = event_words(decision)
    by = "вами" if decision.actor.id == who.user.id else decision.actor.name
    at = moment(decision.at, services.zone(organisation))
    return f"Уже решено: {done[:1].lower()}{done[1:]}, {by}, {at}. Второе решение не записано."


def _next(services: Services, who: SignedIn, done: str) -> str:
    """The next document that waits for this reader's decision, else the first page."""
    user, now = who.user, services.process_now()
    tasks = services.views.inbox(user.organisation_id, user.acts_for, user.role, now)
    waits = (
        task.refs["document"]
        for task in tasks
        if task.mine and task.kind == "decide" and task.refs.get("document", done) != done
    )
    path = next((f"/documents/{one}" for one in waits), "/")
    return f"{path}?done={done}"
