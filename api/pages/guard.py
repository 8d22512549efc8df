"""The guard before every page: who is signed in, may this role, is the form ours."""

import hmac
import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from api.guard import FORM, MEBIBYTE, GuardedScans, check_ids, media_type_of
from api.pages import show
from api.pages.cookies import check_site, form_token, session_token, with_visitor
from api.policy import PAGES, check_allowed
from api.problems import Forbidden, RequestInvalid, TooLarge
from api.reads import noted
from api.routes.reading import SignedIn
from api.services import Services
from api.uploads import form_in_memory
from domain.errors import NotFound

PASSWORD: Final = "/password"  # noqa: S105 - the address of a page
FOUND: Final = 303
"""After a form: get another page."""
_MOST_FIELDS: Final = 2_000
"""Values and sources of the indicators of a programme are many, and so are a sitting's votes."""
_NUL: Final = "\0"
_OURS: Final = ("form_token", "key", "form")
"""Fields that nobody types."""
_OF_A_PAGE: Final = re.compile(r"(/documents/[0-9a-f]{16})/(?!acquaintance$)[a-z/0-9-]+")
"""Where the forms of a document's page are sent; any other form is sent to its own page."""


class Page(APIRoute):
    """A page. Where it needs a right, who is not signed in is asked to, and comes back."""

    body_limit: ClassVar[int] = MEBIBYTE // 4
    in_memory: ClassVar[bool] = False
    """Whether nothing that is sent may lie on a disk, where it would lie unencrypted."""
    looks_itself: ClassVar[bool] = False
    """Whether the page asks `is_ours` itself, so as to lose nothing of an older form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler behind the guard."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            services: Services = request.app.state.services
            request.state.is_page = True
            request.state.signed_in = await _signed_in(request, services)
            if request.method != "POST":
                return await answered(request)
            check_site(request)
            request.state.form = await _form(request, self.body_limit, in_memory=self.in_memory)
            try:
                return await answered(request)
            finally:
                await request.state.form.close()

        async def answered(request: Request) -> Response:
            away = _sent_away(request, PAGES[self.name])
            if away is not None:
                return with_visitor(request, away)
            check_ids(request)
            if request.method == "POST" and not self.looks_itself and not is_ours(request):
                raise Forbidden("the form is not of this browser, or is of an ended session")
            who: SignedIn | None = request.state.signed_in
            if who is None:
                return with_visitor(request, await handle(request))
            services: Services = request.app.state.services
            shown = await noted(request, self.name, who.user, services, lambda: handle(request))
            return with_visitor(request, shown)

        return guarded


class UploadPage(Page):
    """A page whose form sends a file."""

    body_limit: ClassVar[int] = 20 * MEBIBYTE


class WritingPage(Page):
    """A page whose form holds what took thought."""

    looks_itself = True


class ScansPage(WritingPage):
    """A page whose form may send scans, several of them."""

    body_limit = GuardedScans.form_limit
    in_memory = True


def is_ours(request: Request) -> bool:
    """Whether a form of ours, in this very browser and session, sent this."""
    return hmac.compare_digest(field(request, "form_token").encode(), form_token(request).encode())


def field(request: Request, name: str) -> str:
    """What was typed into a field of the form; empty if the form has no such field."""
    form: FormData = request.state.form
    found = form.get(name, "")
    return found if isinstance(found, str) else ""


def values(request: Request, name: str) -> list[str]:
    """All that was chosen where several may be."""
    form: FormData = request.state.form
    return [one for one in form.getlist(name) if isinstance(one, str)]


def typed(request: Request) -> dict[str, str]:
    """All that somebody typed into the form; of several values each is a line.

    Empty if no form was sent.
    """
    form: FormData | None = getattr(request.state, "form", None)
    said: dict[str, list[str]] = {}
    for name, one in form.multi_items() if form else ():
        if isinstance(one, str) and name not in _OURS:
            said.setdefault(name, []).append(one)
    return {name: "\n".join(several) for name, several in said.items()}


def file_field(request: Request, name: str) -> UploadFile | None:
    """The file that was chosen; None if none was."""
    form: FormData = request.state.form
    found = form.get(name)
    return found if isinstance(found, UploadFile) and found.filename else None


def signed_in(request: Request) -> SignedIn:
    """Who asks; the guard knows."""
    who: SignedIn = request.state.signed_in
    return who


def to(path: str) -> RedirectResponse:
    """Go on there."""
    return RedirectResponse(path, FOUND, {"Cache-Control": "no-store"})


def address_of(request: Request) -> str:
    """From where somebody asks."""
    return request.client.host if request.client else ""


SignedInReader = Annotated[SignedIn, Depends(signed_in)]


async def _signed_in(request: Request, services: Services) -> SignedIn | None:
    token = session_token(request)
    if not token:
        return None
    try:
        who = await run_in_threadpool(services.accounts.signed_in, token)
    except NotFound:
        return None
    request.state.user = who.user
    return who


def _sent_away(request: Request, right: str | None) -> Response | None:
    """Another page, if this one cannot be shown yet. Raises `Forbidden`."""
    who: SignedIn | None = request.state.signed_in
    if right is None:
        return None
    if who is None:
        return sign_in_first(request)
    if who.must_change_password and request.url.path != PASSWORD:
        return to(PASSWORD)
    check_allowed(right, who.user.role)
    return None


def sign_in_first(request: Request) -> Response:
    """The page to sign in, that leads back. What was typed into a form is kept in it."""
    back = request.url.path
    if request.method == "GET" and request.url.query:
        back += f"?{request.url.query}"
    of_a_page = _OF_A_PAGE.fullmatch(back)
    return show.page(
        request,
        "sign_in.html",
        401,
        back=of_a_page.group(1) if of_a_page and request.method == "POST" else back,
        form=field(request, "form") if request.method == "POST" else "",
        typed=typed(request),
        ended=request.method == "POST" or session_token(request) is not None,
        problem="",
        login="",
    )


async def _form(request: Request, limit: int, *, in_memory: bool) -> FormData:
    """The fields and files of a form.

    Raises `TooLarge`, `RequestInvalid`, or `BadUpload` of one in memory.
    """
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(f"at most {limit} bytes are taken")
    came = 0

    async def receive() -> Message:
        nonlocal came
        message = await request.receive()
        came += len(message.get("body", b""))
        if came > limit:
            raise TooLarge(f"at most {limit} bytes are taken")
        return message

    sent = Request(request.scope, receive)
    kind = media_type_of(request)
    if kind not in ("application/x-www-form-urlencoded", FORM):
        raise RequestInvalid("a form is expected")
    if in_memory and kind == FORM:
        form = await form_in_memory(request.headers, sent.stream())
    else:
        form = await sent.form(max_files=1, max_fields=_MOST_FIELDS)
    # No browser types it and no database takes it, not even in a field that only finds a row.
    if any(
        _NUL in name or (isinstance(one, str) and _NUL in one) for name, one in form.multi_items()
    ):
        raise RequestInvalid("a form holds no NUL")
    return form
