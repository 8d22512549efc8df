"""The guard before every page: who is signed in, may this role, is the form ours."""

import hmac
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, ClassVar, Final

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message

from api.guard import MEBIBYTE, check_ids
from api.pages import show
from api.pages.cookies import check_site, form_token, session_token, with_visitor
from api.policy import PAGES, check_allowed
from api.problems import Forbidden, RequestInvalid, TooLarge
from api.routes.reading import SignedIn
from api.services import Services
from domain.errors import NotFound

SIGN_IN: Final = "/signin"
PASSWORD: Final = "/password"  # noqa: S105 - the address of a page
FOUND: Final = 303
"""After a form: get another page."""
_MOST_FIELDS: Final = 20


class Page(APIRoute):
    """A page. Where it needs a right, who is not signed in is asked to, and comes back."""

    body_limit: ClassVar[int] = MEBIBYTE // 4
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
            request.state.form = await _form(request, self.body_limit)
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
            return with_visitor(request, await handle(request))

        return guarded


class UploadPage(Page):
    """A page whose form sends a file."""

    body_limit: ClassVar[int] = 20 * MEBIBYTE


class WritingPage(Page):
    """A page whose form holds what took thought."""

    looks_itself = True


def is_ours(request: Request) -> bool:
    """Whether a form of ours, in this very browser and session, sent this."""
    return hmac.compare_digest(field(request, "form_token").encode(), form_token(request).encode())


def field(request: Request, name: str) -> str:
    """What was typed into a field of the form; empty if the form has no such field."""
    form: FormData = request.state.form
    found = form.get(name, "")
    return found if isinstance(found, str) else ""


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
    sent = request.method == "POST"
    return show.page(
        request,
        "sign_in.html",
        401,
        back=back.removesuffix("/decision") if sent else back,
        remark=field(request, "remark") if sent else "",
        ended=sent or session_token(request) is not None,
        problem="",
        login="",
    )


async def _form(request: Request, limit: int) -> FormData:
    """The fields and files of a form; files lie on the disk. Raises `TooLarge`."""
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

    form = await Request(request.scope, receive).form(max_files=1, max_fields=_MOST_FIELDS)
    kind = request.headers.get("Content-Type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        raise RequestInvalid("a form is expected")
    return form
