"""Every POST is harmless to repeat under its `Idempotency-Key`.

As at Stripe (docs.stripe.com/idempotency): the first answer is stored and given again, a refusal of
the rules too; another request under the same key is refused; nothing is stored if the request was
refused before anything began, or while its twin runs.

The claim is not what makes a repeat safe, it only spares work: ids of all effects follow from the
key (`request_id`), so a request that is done again after a crash does the same thing once.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.types import Message

from activities.ports import Desk
from activities.tasks import ApiAnswer, ApiRequest
from api import problems
from api.problems import IdempotencyKeyMissing, TooLarge
from api.routes.reading import User
from domain.errors import Refused
from domain.ids import derived_id

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
LONGEST_KEY: Final = 255
TOLD_ONCE: Final = "one_time_password"
"""A field of an answer that is kept nowhere: a repeat gets the answer without it."""

UNFINISHED: Final = "unfinished"
"""A field of an answer that says, if it is true, that a repeat has something left to do."""

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Body:
    """A request's body, hashed while it came."""

    content: bytes
    sha256: str


async def read_body(request: Request, limit: int) -> Body:
    """The body; raises `TooLarge` as soon as it is known to be over `limit` bytes."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(f"at most {limit} bytes are taken")
    digest, content = hashlib.sha256(), bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit:
            raise TooLarge(f"at most {limit} bytes are taken")
        digest.update(chunk)
    return Body(bytes(content), digest.hexdigest())


def claim_of(request: Request, user: User, body: Body) -> ApiRequest:
    """What is claimed for this request. Raises `IdempotencyKeyMissing`."""
    key = request.headers.get(HEADER, "")
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise IdempotencyKeyMissing(f"1 to {LONGEST_KEY} printable ASCII characters are needed")
    query = f"?{request.url.query}" if request.url.query else ""
    # What is not checked yet is quoted: a database takes no NUL.
    route = quote(request.url.path + query, safe="/?=&%")
    return ApiRequest(
        organisation_id=user.organisation_id,
        user_id=user.id,
        key=key,
        route=route,
        body_sha256=body.sha256,
    )


def request_id_of(claim: ApiRequest) -> str:
    """The id from which the ids of all effects of this request follow.

    The whole request is in it: an update id that two requests share would give one of them the
    answer of the other.
    """
    return derived_id(
        claim.organisation_id, claim.user_id, claim.route, claim.body_sha256, claim.key
    )


async def answer_once(desk: Desk, claim: ApiRequest, request: Request, handle: Handler) -> Response:
    """The stored answer, or the handler's, stored. Raises `KeyReused` or `StillWorking`."""
    stored = await run_in_threadpool(desk.begin_request, claim)
    if stored is not None:
        return _replayed(request, stored)
    kept = False
    try:
        response = await _response(request, handle)
        answer = _to_keep(response)
        if answer is not None:
            await run_in_threadpool(desk.finish_request, claim, answer)
            kept = True
        return response
    finally:
        if not kept:
            await run_in_threadpool(desk.drop_request, claim)


def with_body(request: Request, body: Body) -> Request:
    """The same request, whose body may be read again."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body.content, "more_body": False}

    return Request(request.scope, receive)


async def _response(request: Request, handle: Handler) -> Response:
    try:
        return await handle(request)
    except Refused as refusal:
        return problems.answer(request, refusal)


def _to_keep(response: Response) -> ApiAnswer | None:
    body = json.loads(bytes(response.body), object_hook=_without_secrets)
    answer = ApiAnswer(status=response.status_code, body=body)
    code = _code_of(answer)
    if code:
        return answer if problems.PROBLEMS[problems.BY_CODE[code]].kept else None
    return None if isinstance(body, dict) and body.get(UNFINISHED) is True else answer


def _without_secrets(read: dict[str, object]) -> dict[str, object]:
    return {**read, TOLD_ONCE: None} if TOLD_ONCE in read else read


def _replayed(request: Request, stored: ApiAnswer) -> Response:
    code = _code_of(stored)
    request.state.code = code
    media_type = problems.MEDIA_TYPE if code else "application/json"
    return JSONResponse(stored.body, stored.status, {REPLAYED: "true"}, media_type)


def _code_of(answer: ApiAnswer) -> str:
    """The code of a refusal; empty if all went well."""
    return str(answer.body["code"]) if answer.status >= HTTPStatus.BAD_REQUEST else ""
