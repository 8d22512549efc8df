"""Cookies of the pages, and the token that shows that a form is ours."""

import hashlib
import secrets
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from api.problems import Forbidden

_SESSION: Final = "nastavnik"
_VISITOR: Final = "nastavnik-form"
"""For forms that are filled in before anybody is signed in."""


def _name(request: Request, name: str) -> str:
    """With the prefix no other host, and no page without TLS, can set it."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def session_token(request: Request) -> str | None:
    """The session that the browser names, or the one that it is about to be given."""
    given: str | None = getattr(request.state, "new_session", None)
    return given or request.cookies.get(_name(request, _SESSION))


def keep_session(request: Request, response: Response, token: str) -> Response:
    """The response, with which the browser has this session until it is closed."""
    request.state.new_session = token
    return _set(request, response, _SESSION, token)


def forget_session(request: Request, response: Response) -> Response:
    """The response, with which the browser has no session."""
    response.delete_cookie(
        _name(request, _SESSION), secure=request.url.scheme == "https", httponly=True
    )
    return response


def form_token(request: Request) -> str:
    """What a form of this browser must hold: it follows from a cookie that only we can read."""
    secret = session_token(request) or visitor(request)
    return hashlib.sha256(f"form/{secret}".encode()).hexdigest()


def visitor(request: Request) -> str:
    """The browser's own secret; a new one if it has none yet: see `with_visitor`."""
    known = request.cookies.get(_name(request, _VISITOR))
    if known is None:
        known = getattr(request.state, "visitor", None) or secrets.token_urlsafe(16)
        request.state.visitor = known
    return known


def with_visitor(request: Request, response: Response) -> Response:
    """The response, with the secret if it was made for it."""
    made = getattr(request.state, "visitor", None)
    return _set(request, response, _VISITOR, made) if made else response


def check_site(request: Request) -> None:
    """Raises `Forbidden` if a page of another site sent this."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    host = request.headers.get("Host", "")
    # By its host alone: before us a proxy may have taken the TLS off.
    origin = urlsplit(request.headers.get("Origin", f"//{host}")).netloc
    if site not in ("same-origin", "none") or origin != host:
        raise Forbidden("the form was sent from another site")


def _set(request: Request, response: Response, name: str, value: str) -> Response:
    response.set_cookie(
        _name(request, name),
        value,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
        path="/",
    )
    return response
