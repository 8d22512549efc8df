"""A refusal for whom it is: problem details for programs, a page for people."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request, Response

from api.pages import show
from api.pages.cookies import with_visitor

E = TypeVar("E", bound=Exception)


def for_whom(
    handler: Callable[[Request, E], Coroutine[Any, Any, Response]],
) -> Callable[[Request, E], Coroutine[Any, Any, Response]]:
    """The exception handler, whose answer is a page where a page was asked for."""

    async def handled(request: Request, error: E) -> Response:
        return shown(request, await handler(request, error))

    return handled


def shown(request: Request, response: Response) -> Response:
    """The refusal as whoever asked can read it."""
    return with_visitor(request, show.refusal(request, response)) if _page(request) else response


def _page(request: Request) -> bool:
    """Whether a page was asked for: one of ours, or an unknown address by a browser."""
    if getattr(request.state, "is_page", False):
        return True
    known = request.scope.get("route") is not None
    wants_html = "text/html" in request.headers.get("Accept", "")
    return wants_html and not known and not request.url.path.startswith("/api/")
