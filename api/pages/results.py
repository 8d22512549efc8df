"""A result of a roadmap's row, of a cycle or of a pair: what it is, and the form that proves it."""

import re
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import ScansPage, field, signed_in, to, typed
from api.pages.words import until as until_day
from api.pages.words import was_due
from api.routes import results
from api.services import Services
from domain import ids
from domain.errors import BadDate, ProofMissing, Refused, WrongState

router = APIRouter(route_class=ScansPage, include_in_schema=False)

ItemId = Annotated[
    str, Query(pattern=r"^[0-9.]{1,12}(@[0-9]{1,2})?(#[0-9]{1,3})?(/[0-9a-f]{16})?$")
]
ResultId = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "link": ("day", "address"),
    "event": ("day", "attendance", "place", "programme"),
    "number": ("number", "note"),
    "answers": ("count", "note"),
    "remark": ("text",),
}
"""What proves a result, by the kind of proof; indicators have fields of their own."""
_LABELS: Final = {
    "day": "День",
    "address": "Адрес страницы",
    "attendance": "Сколько человек",
    "place": "Место",
    "programme": "О чём",
    "number": "Число",
    "count": "Сколько ответов",
    "note": "Откуда известно",
    "text": "Что сделано",
    "value": "Значение",
    "source": "Источник",
    "values": "Показатели",
}


@router.get("/pairs/{pair_id}/result", name="pages.result_of_pair")
def of_pair(
    pair_id: str, item: ItemId, result: ResultId, request: Request, services: ServicesOf
) -> Response:
    """The form of a result of one of the pair's rows."""
    return pair_page(request, services, pair_id, item=item, result=result)


@router.get("/cycles/{cycle_id}/result", name="pages.result_of_cycle")
def of_cycle(
    cycle_id: str, item: ItemId, result: ResultId, request: Request, services: ServicesOf
) -> Response:
    """The form of a result of one of the cycle's rows."""
    return cycle_page(request, services, cycle_id, item=item, result=result)


@router.post("/pairs/{pair_id}/result", name="pages.record_result_of_pair")
async def record_of_pair(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """Prove a result of one of the pair's rows."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        item, result = field(request, "item"), field(request, "result")
        sha256 = None
        if files:
            sha256 = (await results.upload_to_pair(pair_id, item, result, files, act)).sha256
        body = _body(request, sha256)
        return await results.record_of_pair(pair_id, item, result, body, act)

    unsent = await attempt(request, services, do, _LABELS, _words)
    if unsent is None:
        return to(f"/pairs/{pair_id}?done=true")
    return await run_in_threadpool(pair_page, request, services, pair_id, unsent)


@router.post("/cycles/{cycle_id}/result", name="pages.record_result_of_cycle")
async def record_of_cycle(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Prove a result of one of the cycle's rows."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        item, result = field(request, "item"), field(request, "result")
        sha256 = None
        if files:
            sha256 = (await results.upload_to_cycle(cycle_id, item, result, files, act)).sha256
        body = _body(request, sha256)
        return await results.record_of_cycle(cycle_id, item, result, body, act)

    unsent = await attempt(request, services, do, _LABELS, _words)
    if unsent is None:
        return to(f"/cycles/{cycle_id}")
    return await run_in_threadpool(cycle_page, request, services, cycle_id, unsent)


def pair_page(
    request: Request,
    services: Services,
    pair_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    item: str = "",
    result: str = "",
) -> Response:
    """The form for a pair, with what was typed before. Raises `NotFound`."""
    pair = services.views.pair(signed_in(request).user.organisation_id, pair_id)
    where = f"{pair.mentor.name} → {pair.mentee.name}"
    place = (ids.pair_workflow(pair_id), f"/pairs/{pair_id}", where)
    return _page(request, services, place, unsent, item, result)


def cycle_page(
    request: Request,
    services: Services,
    cycle_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    item: str = "",
    result: str = "",
) -> Response:
    """The form for a cycle, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    cycle = services.views.cycle(organisation, cycle_id, services.process_now())
    place = (ids.cycle_workflow(cycle_id), f"/cycles/{cycle_id}", cycle.title)
    return _page(request, services, place, unsent, item, result)


BACK: Final = (
    (re.compile(r"/pairs/(?P<pair_id>[0-9a-f]{16})/result"), pair_page),
    (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/result"), cycle_page),
)
"""Where forms come back to, when their sender had to sign in."""


def _page(
    request: Request,
    services: Services,
    place: tuple[str, str, str],
    unsent: Unsent,
    item: str,
    result: str,
) -> Response:
    """`place` is the workflow, the page of it, and how that is called."""
    workflow, path, where = place
    organisation = signed_in(request).user.organisation_id
    item, result = unsent.typed.get("item", item), unsent.typed.get("result", result)
    asked = services.views.result_asked(organisation, workflow, item, result)
    today = services.today(organisation)
    due = asked.due.astimezone(services.zone(organisation)).date() if asked.due else None
    late = due is not None and due < today
    return show.page(
        request,
        "result.html",
        unsent.status,
        place=path,
        where=where,
        asked=asked,
        item=item,
        result=result,
        until="" if due is None else was_due(due, today) if late else until_day(due, today),
        today=today.isoformat(),
        unsent=unsent,
    )


def _body(request: Request, file_sha256: str | None) -> schemas.Result:
    """What was typed, as the API takes it. Raises `ValidationError`."""
    proof = field(request, "proof")
    evidence: dict[str, object] = {"proof": proof}
    if proof == "indicators":
        evidence["values"] = _indicators(typed(request))
    for name in _FIELDS.get(proof, ()):
        said = field(request, name).strip()
        if said or name not in ("note", "programme"):
            evidence[name] = said
    if proof == "remark":
        evidence["file_sha256"] = file_sha256
    return schemas.Result.model_validate({"evidence": evidence})


def _indicators(said: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Each by its number; one of which nothing was said is left out."""
    values: dict[str, dict[str, str]] = {}
    for name, words in said.items():
        what, _, number = name.partition(".")
        if what in ("value", "source") and words.strip():
            values.setdefault(number, {})[what] = words.strip()
    return values


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadDate():
            return "День: не позже сегодняшнего и не раньше начала программы."
        case ProofMissing():
            return "Этого мало, чтобы отметить результат: проверьте, всё ли заполнено и приложено."
        case WrongState():
            return "Этот результат уже отмечен, или его очередь ещё не пришла. Ничего не записано."
        case _:
            return None
