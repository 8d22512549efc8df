"""A document: what is written in it, its state in a sentence, what changed, and the decision."""

import secrets
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from api import schemas
from api.deps import ServicesOf, act_by
from api.downloads import attachment, copy_attachment, disposition
from api.pages import show
from api.pages.guard import Page, SignedInReader, WritingPage, field, is_ours, signed_in, to
from api.pages.notices import done_notice
from api.pages.shown_document import shown_document
from api.pages.state_words import last_decision
from api.pages.words import moment
from api.problems import Forbidden, Unavailable, problem_of
from api.routes.documents import decide
from api.routes.reading import SignedIn
from api.services import Services
from domain import ids
from domain.base import Value
from domain.errors import NotYours, Refused, RemarkMissing, StaleVersion, WrongState

router = APIRouter(route_class=Page, include_in_schema=False)
decisions = APIRouter(route_class=WritingPage, include_in_schema=False)

Version = Annotated[int | None, Query(ge=1, le=10_000)]

_TOO_LONG: Final = "Замечание слишком длинное: до 4000 знаков."
_PAGES_CSP: Final = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
_WORDS: Final[dict[type[Refused], str]] = {
    RemarkMissing: "Напишите, что исправить: без замечания вернуть нельзя.",
    NotYours: "Это решение за другим человеком. Ничего не записано.",
    Forbidden: "Вы вошли заново с тех пор, как открыли страницу. Решение не записано: повторите.",
    Unavailable: ("Ответа пока нет: служба занята. Нажмите ещё раз — дважды решение не запишется."),
}


class Unsent(Value):
    """A decision that was not taken: why, and what was written. The key is there if the very same
    decision may be sent again.
    """

    remark: str = ""
    problem: str = ""
    status: int = 200
    key: str = ""


NOTHING_UNSENT: Final = Unsent()


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
    user, key = signed_in(request).user, field(request, "key")
    remark = field(request, "remark").strip()
    try:
        if not is_ours(request):
            raise Forbidden("the form is of an ended session")
        body = schemas.Decision.model_validate(
            {
                "version": field(request, "version"),
                "sha256": field(request, "sha256"),
                "approved": field(request, "decision") == "approve",
                "remark": remark or None,
            }
        )
        # What was sent is in the id: the same form with other words is another wish.
        request_id = ids.derived_id(
            user.organisation_id, user.id, request.url.path, key, body.model_dump_json()
        )
        await decide(document_id, body, act_by(services, user, request_id))
    except ValidationError:
        unsent = Unsent(remark=remark, problem=_TOO_LONG, status=422)
    except Refused as refusal:
        unsent = Unsent(
            remark=remark,
            problem=await run_in_threadpool(_words, refusal, services, request, document_id),
            status=problem_of(refusal).status,
            key=key if isinstance(refusal, Unavailable) else "",
        )
    else:
        return to(await run_in_threadpool(_next, services, signed_in(request), document_id))
    return await run_in_threadpool(document_page, request, services, document_id, unsent)


@router.get("/documents/{document_id}/file", name="pages.document_file")
def file(
    document_id: str,
    role: Literal["draft", "registered", "signed"],
    services: ServicesOf,
    who: SignedInReader,
    version: Version = None,
) -> Response:
    """The bytes of a rendering or of the signed copy, to be saved."""
    found = services.views.document(who.user.organisation_id, document_id)
    return attachment(services, found, role, version)


@router.get("/documents/{document_id}/pages.pdf", name="pages.document_pages")
def pages(
    document_id: str,
    role: Literal["draft", "registered"],
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
        remark=unsent.remark,
        problem=unsent.problem,
        notice=notice,
        key=unsent.key or secrets.token_hex(16),
    )


def _words(refusal: Refused, services: Services, request: Request, document_id: str) -> str:
    """What became of the decision, for whoever made it."""
    known = _WORDS.get(type(refusal))
    if known:
        return known
    if not isinstance(refusal, StaleVersion | WrongState):
        return f"{problem_of(refusal).title}. Обновите страницу, прежде чем повторить."
    who = signed_in(request)
    organisation = who.user.organisation_id
    document = services.views.document(organisation, document_id)
    kept = " Ваше замечание сохранено ниже." if field(request, "remark").strip() else ""
    if isinstance(refusal, StaleVersion):
        return (
            f"Пока вы читали, появилась версия {document.version}: она перед вами. Решение по "
            f"прежней версии не записано.{kept}"
        )
    decision = last_decision(services.views.history(organisation, document_id))
    if decision is None:
        return f"Решение сейчас не нужно: состояние документа изменилось.{kept}"
    done = "утверждено" if decision.action == "approved" else "возвращено с замечанием"
    by = "вами" if decision.actor.id == who.user.id else decision.actor.name
    at = moment(decision.at, services.zone(organisation))
    return f"Уже решено: {done}, {by}, {at}. Второе решение не записано.{kept}"


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
