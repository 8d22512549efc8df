"""For machines that watch the service: does it live, is it ready, what are its numbers."""

import asyncio
import hmac
import ipaddress
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.concurrency import run_in_threadpool

from api import problems
from api.deps import ServicesOf
from api.metrics import CONTENT_TYPE, HttpMetrics, figures_text
from api.problems import Unauthorized, Unavailable
from api.services import Services
from domain.canary import WriteOnce

PATIENCE: Final = 5.0
"""Seconds that each part has to answer."""
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_AWAY: Final = (Unavailable, OperationalError, PoolTimeoutError, OSError)  # OSError: a timeout too

log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("api")
router = APIRouter(include_in_schema=False)


@router.get("/healthz", name="healthz")
def healthz() -> dict[str, bool]:
    """The process serves."""
    return {"ok": True}


@router.get("/readyz", name="readyz")
async def readyz(request: Request, services: ServicesOf) -> JSONResponse:
    """Database, Temporal and store answer, and the store could keep something now.

    A store that was not tried yet, or was found to let through what it must prevent, is missing as
    `write_once`: what is signed would not be safe there.
    """
    parts: dict[str, Callable[[], Awaitable[object]]] = {
        "database": lambda: run_in_threadpool(services.desk.clock_offset),
        "temporal": services.gateway.check_ready,
        "store": lambda: run_in_threadpool(services.files.check_ready),
    }
    answers = await asyncio.gather(*(_answers(name, ask) for name, ask in parts.items()))
    missing = [name for name, answered in zip(parts, answers, strict=True) if not answered]
    found = services.canary()
    if found is None or found.write_once is WriteOnce.FAILED:
        missing.append("write_once")
    write_once = None if found is None else found.write_once
    if not missing:
        return JSONResponse({"ok": True, "rehearsal": services.rehearsal, "write_once": write_once})
    refusal = Unavailable(f"not ready: {', '.join(missing)}")
    body = problems.body_of(refusal, request.url.path)
    return JSONResponse(
        {**body, "ok": False, "missing": missing, "write_once": write_once},
        HTTPStatus.SERVICE_UNAVAILABLE,
        {"Cache-Control": "no-store", "Retry-After": problems.RETRY_AFTER_SECONDS},
        problems.MEDIA_TYPE,
    )


@router.get("/metrics", name="metrics")
async def metrics(request: Request, services: ServicesOf) -> Response:
    """The numbers of this process and the counts of what is at work, for Prometheus."""
    _check_may_measure(request, services)
    try:
        figures = await run_in_threadpool(services.figures)
    except (OperationalError, PoolTimeoutError):
        figures = None
    counted: HttpMetrics = request.app.state.metrics
    told = figures_text(figures, services.canary())
    return Response(counted.text() + told, media_type=CONTENT_TYPE)


async def _answers(name: str, ask: Callable[[], Awaitable[object]]) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            await ask()
    except _AWAY as error:
        # Its message may show an address; the class and the number say enough.
        number = getattr(error, "errno", None)
        log.warning("away", part=name, error=type(error).__name__, errno=number)
        return False
    return True


def _check_may_measure(request: Request, services: Services) -> None:
    """Counts of children are for whoever runs the service.

    With a token, whoever has it; without one, only a program of this very machine that no proxy
    stands before.
    """
    if services.metrics_token is not None:
        given = request.headers.get("Authorization", "").encode()
        if hmac.compare_digest(given, f"Bearer {services.metrics_token}".encode()):
            return
        raise Unauthorized("the metrics token is needed")
    client = request.client.host if request.client else ""
    forwarded = any(name in request.headers for name in _FORWARDED)
    if forwarded or not _is_loopback(client):
        raise Unauthorized("without NASTAVNIK_METRICS_TOKEN only this machine reads metrics")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
