"""A result of a roadmap's row, of a cycle or of a pair: what it is, and the form that proves it."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.events import KINDS, known_for
from api.pages.events import words as event_words
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import ScansPage, field, signed_in
from api.pages.words import until as until_day
from api.pages.words import was_due
from api.result_schemas import Result
from api.routes import results
from api.routes.indicator_reading import IndicatorLine
from api.services import Services
from domain import ids
from domain.errors import (
    AlreadyCounted,
    BadDate,
    EventNotHeld,
    NotAnAddress,
    ProofMissing,
    Refused,
    TooFewAttended,
    WrongState,
)
from domain.planning import turn_of_item

router = APIRouter(route_class=ScansPage, include_in_schema=False)

ItemId = Annotated[
    str, Query(pattern=r"^[0-9.]{1,12}(@[0-9]{1,2})?(#[0-9]{1,3})?(/[0-9a-f]{16})?$")
]
ResultId = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "link": ("day", "address", "what", "site"),
    "event": ("kind", "title", "day", "attendance", "place", "programme"),
    "number": ("number", "note"),
    "answers": ("count", "note"),
    "remark": ("text",),
    "report": ("day", "how", "address", "note"),
}
"""What proves a result, by the kind of proof. Indicators are looked up."""
_LABELS: Final = {
    "kind": "Вид",
    "title": "Название",
    "what": "Что опубликовано",
    "site": "Где",
    "event_id": "Мероприятие",
    "publication_id": "Публикация",
    "day": "День",
    "address": "Адрес страницы",
    "attendance": "Сколько человек",
    "place": "Место",
    "programme": "О чём",
    "number": "Число",
    "count": "Сколько ответов",
    "note": "Откуда известно",
    "text": "Что сделано",
    "how": "Как отправлен",
}
_KNOWN: Final = {"event": "event_id", "link": "publication_id"}
"""Which field names one that is told of already."""
_MAY_BE_LEFT_OUT: Final = frozenset(
    {("event", "programme"), ("number", "note"), ("answers", "note")}
    | {("event", "kind"), ("event", "title"), ("link", "what"), ("link", "site")}
    | {("report", "address"), ("report", "note")}
)


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

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/pairs/{pair_id}?done=true",
        again=partial(pair_page, request, services, pair_id),
    )


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

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/cycles/{cycle_id}",
        again=partial(cycle_page, request, services, cycle_id),
    )


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
        indicators=_indicators(services, organisation, workflow, item)
        if asked.proof == "indicators" and asked.pair_id is None
        else (),
        turn=turn_of_item(item),
        known=known_for(services, organisation, workflow, item, asked),
        kinds=[one for one in KINDS if not asked.kinds or one["id"] in asked.kinds],
        goes_up=asked.proof == "report" and _goes_up(services, organisation, workflow),
        item=item,
        result=result,
        until="" if due is None else was_due(due, today) if late else until_day(due, today),
        today=today.isoformat(),
        unsent=unsent,
    )


def _goes_up(services: Services, organisation: str, workflow: str) -> bool:
    """Whether a cycle above takes the report, so that nobody has to send it."""
    known = services.views.invitations(organisation, services.process_now())
    there = (one.own_cycle_id or "" for one in known if one.stage != "left")
    return workflow in map(ids.cycle_workflow, there)


def _body(request: Request, file_sha256: str | None) -> Result:
    """What was typed, as the API takes it. Raises `ValidationError`."""
    proof = field(request, "proof")
    evidence: dict[str, object] = {"proof": proof}
    known = _KNOWN.get(proof)
    if known and field(request, known):
        return Result.model_validate({"evidence": {**evidence, known: field(request, known)}})
    for name in _FIELDS.get(proof, ()):
        said = field(request, name).strip()
        if said or (proof, name) not in _MAY_BE_LEFT_OUT:
            evidence[name] = said
    if proof in ("remark", "report"):
        evidence["file_sha256"] = file_sha256
    return Result.model_validate({"evidence": evidence})


def _indicators(
    services: Services, organisation: str, workflow: str, item: str
) -> tuple[IndicatorLine, ...]:
    """What people enter for the item's year."""
    cycle = workflow.removeprefix(ids.cycle_workflow(""))
    found = services.views.indicators(organisation, cycle, services.process_now()).indicators
    turn = turn_of_item(item)
    return tuple(one for one in found if one.turn == turn and one.measure is None)


_WORDS: Final[Mapping[type[Refused], str]] = {
    BadDate: "День: не позже сегодняшнего и не раньше начала программы.",
    ProofMissing: "Этого мало, чтобы отметить результат: проверьте, всё ли заполнено и приложено.",
    WrongState: "Этот результат уже отмечен, или его очередь ещё не пришла. Ничего не записано.",
    TooFewAttended: "Пришло меньше людей, чем нужно этой строке. Ничего не записано.",
    AlreadyCounted: "Это здесь уже засчитано. Ничего не записано.",
}


def _words(refusal: Refused) -> str | None:
    if isinstance(refusal, EventNotHeld | NotAnAddress):
        return event_words(refusal)
    return _WORDS.get(type(refusal))
