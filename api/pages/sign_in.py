"""Signing in and out, and the change of a password."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import ServicesOf
from api.pages import (
    assignments,
    authorities,
    bodies,
    branch,
    branches,
    document,
    events,
    incidents,
    indicators,
    invitations,
    launch,
    names,
    next_year,
    organisations,
    pair_forms,
    pairs_again,
    person_papers,
    results,
    retained,
    roadmaps,
    rows,
    sheets,
    show,
    sittings,
    yearly,
)
from api.pages.cookies import forget_session, keep_session, session_token
from api.pages.forms import Unsent
from api.pages.guard import Page, address_of, field, to, typed
from api.problems import Unauthorized
from api.services import Services
from domain.errors import NotFound, Refused, TooOften, WeakPassword, WrongPassword
from domain.passwords import SHORTEST

router = APIRouter(route_class=Page, include_in_schema=False)

_BACK: Final[tuple[tuple[re.Pattern[str], Callable[..., Response]], ...]] = (
    *(document.BACK, *pair_forms.BACK, *results.BACK, *rows.BACK),
    *(names.BACK, sheets.BACK, assignments.BACK),
    *(bodies.BACK, sittings.BACK, authorities.BACK, incidents.BACK, retained.BACK),
    indicators.BACK,
    person_papers.BACK,
    *events.BACK,
    *(branches.BACK, branch.BACK, *invitations.BACK),
    *(*launch.BACK, *yearly.BACK, *next_year.BACK),
    pairs_again.BACK,
    *(organisations.BACK, *roadmaps.BACK),
)
"""Pages with forms, each with what shows it with what was written in one."""
_TYPED: Final = "typed."
_WRONG: Final = "Логин или пароль не подходят. Проверьте раскладку и Caps Lock."
_OFTEN: Final = "Слишком много попыток. Подождите несколько минут и попробуйте снова."


@router.get("/signin", name="pages.sign_in")
def sign_in_page(request: Request) -> Response:
    """The form; who is signed in already goes on."""
    if request.state.signed_in is not None:
        return to("/")
    return _sign_in(request, "/")


@router.post("/signin", name="pages.send_sign_in")
async def sign_in(request: Request, services: ServicesOf) -> Response:
    """A session for the right login and password; then the page that was asked for."""
    login, password = field(request, "login"), field(request, "password")
    back = local_path(field(request, "back"))
    try:
        token = await run_in_threadpool(
            services.accounts.sign_in, login, password, address_of(request)
        )
    except WrongPassword:
        return _sign_in(request, back, _WRONG, 401)
    except TooOften:
        return _sign_in(request, back, _OFTEN, 429)
    before = session_token(request)
    if before:
        await run_in_threadpool(services.accounts.sign_out, before)
    response = await _back(request, services, back, token)
    return keep_session(request, response, token)


@router.post("/signout", name="pages.sign_out")
async def sign_out(request: Request, services: ServicesOf) -> Response:
    """End this session."""
    token = session_token(request)
    if token:
        await run_in_threadpool(services.accounts.sign_out, token)
    return forget_session(request, to("/signin"))


@router.get("/password", name="pages.password")
def password_page(request: Request) -> Response:
    """The form to change one's password; the first page after a one-time password."""
    return _password(request)


@router.post("/password", name="pages.send_password")
async def change_password(request: Request, services: ServicesOf) -> Response:
    """The account's own password; every other session of it ends."""
    old, new = field(request, "old"), field(request, "new")
    if new != field(request, "again"):
        return _password(request, "Новый пароль и его повтор различаются.", 422)
    try:
        token = await run_in_threadpool(
            services.accounts.change_password,
            *(session_token(request) or "", old, new, address_of(request)),
        )
    except NotFound as error:
        raise Unauthorized("the session has ended") from error
    except (WrongPassword, WeakPassword, TooOften) as refusal:
        return _password(request, _words(refusal), 422)
    return keep_session(request, to("/"), token)


async def _back(request: Request, services: Services, back: str, token: str) -> Response:
    """The page that was asked for; what was being written there is in its form again."""
    written = _written(request)
    pages = [(found, page) for place, page in _BACK if (found := place.fullmatch(back))]
    if not written or not pages:
        return to(back)
    request.state.new_session = token
    who = await run_in_threadpool(services.accounts.signed_in, token)
    if who.must_change_password:
        return to("/password")
    request.state.signed_in = who
    ((found, page),) = pages
    unsent = Unsent(form=field(request, "form"), typed=written)
    return await run_in_threadpool(
        partial(page, request, services, **found.groupdict(), unsent=unsent)
    )


def _written(request: Request) -> dict[str, str]:
    """What somebody had written into a form of another page before the session ended."""
    return {
        name.removeprefix(_TYPED): words
        for name, words in typed(request).items()
        if name.startswith(_TYPED)
    }


def local_path(path: str) -> str:
    """A page of ours; the first one, if it is none."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_ours else "/"


def _words(refusal: Refused) -> str:
    match refusal:
        case WrongPassword():
            return "Прежний пароль не подходит."
        case TooOften():
            return _OFTEN
        case _:
            words = str(refusal)
            return f"{words[:1].upper()}{words[1:]}."


def _sign_in(request: Request, back: str, problem: str = "", status: int = 200) -> Response:
    sent = request.method == "POST"
    return show.page(
        request,
        "sign_in.html",
        status,
        back=back,
        problem=problem,
        ended=False,
        form=field(request, "form") if sent else "",
        typed=_written(request),
        login=field(request, "login") if sent else "",
    )


def _password(request: Request, problem: str = "", status: int = 200) -> Response:
    return show.page(request, "password.html", status, problem=problem, shortest=SHORTEST)
