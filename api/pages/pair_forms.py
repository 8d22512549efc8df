"""Forms of a pair: a meeting that took place, a monitoring form. Each has a page of its own."""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from api import schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in, typed
from api.routes import pairs
from api.services import Services
from domain.errors import BadDate, ConsentMissing, NotFound, ProofMissing, Refused, WrongState
from domain.meetings import MAX_SCORE, MIN_SCORE

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_SCORE: Final = "score."
_LABELS: Final = {
    "kind": "Какая встреча",
    "day": "День",
    "minutes": "Сколько минут",
    "notes": "Заметки",
    "voice": "Чья форма",
    "scores": "Оценки",
}


@router.get("/pairs/{pair_id}/meetings", name="pages.meeting")
def meeting(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """The form to record a meeting."""
    return meeting_page(request, services, pair_id)


@router.post("/pairs/{pair_id}/meetings", name="pages.record_meeting")
async def record_meeting(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """Record a meeting that took place."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        names = ("kind", "day", "minutes")
        said = {name: field(request, name) for name in names}
        notes = field(request, "notes").strip() or None
        body = schemas.Meeting.model_validate({**said, "notes": notes})
        return await pairs.record_meeting(pair_id, body, act)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/pairs/{pair_id}?done=true",
        again=partial(meeting_page, request, services, pair_id),
    )


@router.get("/pairs/{pair_id}/monitoring", name="pages.monitoring")
def monitoring(pair_id: str, request: Request, services: ServicesOf, voice: str = "") -> Response:
    """The form of one voice's monitoring."""
    return monitoring_page(request, services, pair_id, voice=voice)


@router.post("/pairs/{pair_id}/monitoring", name="pages.record_monitoring")
async def record_monitoring(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """Record one voice's monitoring form."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        scores = {
            name.removeprefix(_SCORE): given
            for name, given in typed(request).items()
            if name.startswith(_SCORE)
        }
        notes = field(request, "notes").strip() or None
        said = {"voice": field(request, "voice"), "scores": scores, "notes": notes}
        return await pairs.record_monitoring(pair_id, schemas.Monitoring.model_validate(said), act)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/pairs/{pair_id}?done=true",
        again=partial(monitoring_page, request, services, pair_id),
    )


def meeting_page(
    request: Request, services: Services, pair_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    forms = services.views.pair_forms(organisation, pair_id)
    missing = next((one.id for one in forms.meetings if one.held < one.need), "")
    return show.page(
        request,
        "meeting.html",
        unsent.status,
        pair=services.views.pair(organisation, pair_id),
        kinds=forms.meetings,
        missing=missing,
        today=services.today(organisation).isoformat(),
        unsent=unsent,
    )


def monitoring_page(
    request: Request,
    services: Services,
    pair_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    voice: str = "",
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    asked = services.views.pair_forms(organisation, pair_id).monitoring
    return show.page(
        request,
        "monitoring.html",
        unsent.status,
        pair=services.views.pair(organisation, pair_id),
        asked=asked,
        voice=voice,
        scores=range(MIN_SCORE, MAX_SCORE + 1),
        unsent=unsent,
    )


BACK: Final = (
    (re.compile(r"/pairs/(?P<pair_id>[0-9a-f]{16})/meetings"), meeting_page),
    (re.compile(r"/pairs/(?P<pair_id>[0-9a-f]{16})/monitoring"), monitoring_page),
)
"""Where forms come back to, when their sender had to sign in."""


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadDate():
            return "День: встречу записывают в сам день или позже, не раньше."
        case NotFound():
            return "Такой встречи или формы дорожная карта не просит. Выберите из списка."
        case ConsentMissing():
            return "Пока нет действующих согласий обеих сторон, записывать ничего нельзя."
        case ProofMissing():
            return f"Оценки: нужна каждая, от {MIN_SCORE} до {MAX_SCORE}."
        case WrongState():
            return "Сейчас это записать нельзя: пара ещё не дошла до этого или уже прошла."
        case _:
            return None
