"""The guard before every route: who asks, may this role, was it asked before."""

import re
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api import idempotency
from api.auth import authenticated
from api.policy import check_allowed
from api.reads import noted
from api.services import Services
from domain.errors import NotFound

FORM: Final = "multipart/form-data"
MEBIBYTE: Final = 1024 * 1024
_ID: Final = re.compile(r"[0-9a-f]{16}")


class Guarded(APIRoute):
    """A route that only accounts with an allowed role reach.

    Its POST is answered once by its idempotency key. The role is checked before the body is read.
    """

    body_limit: ClassVar[int] = MEBIBYTE // 2

    def limit_of(self, request: Request) -> int:
        """How many bytes the body of this request may have."""
        del request
        return self.body_limit

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler behind the guard."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            services: Services = request.app.state.services
            user = await run_in_threadpool(
                authenticated, services.views, request.headers.get("Authorization")
            )
            check_allowed(self.name, user.role)
            check_ids(request)
            request.state.user = user
            if request.method == "GET":
                return await noted(request, self.name, user, services, lambda: handle(request))
            body = await idempotency.read_body(request, self.limit_of(request))
            claim = idempotency.claim_of(request, user, body)
            request.state.body = body
            request.state.request_id = idempotency.request_id_of(claim)
            again = idempotency.with_body(request, body)
            return await noted(
                *(request, self.name, user, services),
                lambda: idempotency.answer_once(services.desk, claim, again, handle),
            )

        return guarded


def media_type_of(request: Request) -> str:
    """What the request says its body is."""
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def is_id(text: str) -> bool:
    """Whether this looks like an id of ours."""
    return _ID.fullmatch(text) is not None


def check_ids(request: Request) -> None:
    """What is no id names nothing."""
    for name, value in request.path_params.items():
        if name.endswith("_id") and not is_id(value):
            raise NotFound(f"this is no {name}")


class GuardedUpload(Guarded):
    """A route that takes a file as its raw body."""

    body_limit: ClassVar[int] = 20 * MEBIBYTE


class GuardedScans(GuardedUpload):
    """A route that takes a scan: a file as its raw body, or several in a form."""

    form_limit: ClassVar[int] = 60 * MEBIBYTE

    def limit_of(self, request: Request) -> int:
        """Several files may have more together than one may."""
        return self.form_limit if media_type_of(request) == FORM else self.body_limit
