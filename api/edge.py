"""The outermost layer: one log line for each request, and no traceback for anybody.

A log line holds route, status and ids: never a name, an address's free part or a body. Of an
unforeseen error it holds the class and the places in the code; its message may quote what people
wrote, so it stays out.
"""

import time
import traceback
from typing import Any, Final

import structlog
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.guard import is_id
from api.metrics import HttpMetrics
from api.pages.refusals import shown
from domain import ids

_BUILDERS: Final = {
    "cycle_id": ids.cycle_workflow,
    "pair_id": ids.pair_workflow,
    "document_id": ids.document_workflow,
}

log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("api")


class Edge:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        began, status = time.perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:  # noqa: BLE001 - the process edge
            places = _places(error)
            # Not `exception`: the message of an error may quote a name.
            log.error("failed", error=type(error).__name__, places=places, **_ids(scope))  # noqa: TRY400
            if not status:
                request = Request(scope)
                response = shown(
                    request, problems.answer(request, problems.Internal("see the log"))
                )
                await response(scope, receive, noted)
        seconds = time.perf_counter() - began
        milliseconds = round(seconds * 1000)
        route = getattr(scope.get("route"), "name", "")
        self._metrics.answered(scope["method"], route, status, seconds)
        said = {name: scope["state"].get(name) for name in ("code", "detail")}
        told = {name: word for name, word in said.items() if word}
        log.info("answered", status=status, ms=milliseconds, **told, **_ids(scope))


def _ids(scope: Scope) -> dict[str, Any]:
    """Route, workflow and account, as far as they are known."""
    known = {"method": scope["method"], "route": getattr(scope.get("route"), "name", "")}
    for name, value in scope.get("path_params", {}).items():
        if name in _BUILDERS and is_id(value):
            known["workflow"] = _BUILDERS[name](value)
    user = scope["state"].get("user")
    return {**known, "user": user.id} if user else known


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.name}:{frame.lineno}" for frame in frames]
