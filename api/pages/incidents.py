"""«Сохранность»: how far the verification of stored files is, and what is wrong with which file."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in
from api.pages.state_words import FILE_ROLES
from api.pages.words import long_day, moment, plural
from api.paper_schemas import Reason, VerifyNow
from api.policy import ALLOWED
from api.routes import verification
from api.routes.reading import DocumentLine, IncidentLine, User, VerificationView
from api.services import Services
from domain.base import Value
from domain.verification import Fault

router = APIRouter(route_class=WritingPage, include_in_schema=False)

A_PAGE: Final = 50
PLACE: Final = "/incidents"
_ON_FIRST_PAGE: Final = 5
_LABELS: Final = {"text": "Что сделано"}
_TITLES: Final[Mapping[Fault, str]] = {
    Fault.LOST: "Файл утрачен",
    Fault.CHANGED: "Файл изменён",
    Fault.HIDDEN: "Файл заслонён другим",
    Fault.UNREADABLE: "Файл не читается",
    Fault.LOG_BROKEN: "Журнал событий изменён",
}


class ShownIncident(Value):
    """An incident in words. `path` is the document's page, empty if it is of no document."""

    id: str
    title: str
    document: str
    path: str
    file: str
    pair: str
    pair_path: str
    found: str
    seen: str
    closed: str
    note: str
    key: str
    backup: str
    """Where a backup keeps the bytes that must be there; empty for a log."""


class Alarm(Value):
    """What the first page says of open incidents: some of them, and how many there are."""

    shown: tuple[ShownIncident, ...] = ()
    count: int = 0


@router.get(PLACE, name="pages.incidents")
def incidents(
    request: Request,
    services: ServicesOf,
    state: Literal["open", "all"] = "open",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Open incidents, or all; and how the latest walk stands."""
    return _page(request, services, NOTHING_UNSENT, state, page)


@router.post(PLACE, name="pages.act_on_incident")
async def act_on(request: Request, services: ServicesOf) -> Response:
    """Say what was done about an incident, or have all files verified; the form says which."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        if field(request, "act") == "verify":
            return await verification.start(VerifyNow(), act)
        said = Reason.model_validate({"text": field(request, "text").strip()})
        return await verification.keep_note(field(request, "incident"), said, act)

    return await sent(
        *(request, services, do, _LABELS),
        then=PLACE,
        again=partial(incidents_page, request, services),
    )


def incidents_page(
    request: Request, services: Services, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """Open incidents, with forms for what the reader may do."""
    return _page(request, services, unsent, "open", 1)


def _page(
    request: Request,
    services: Services,
    unsent: Unsent,
    state: Literal["open", "all"],
    number: int,
) -> Response:
    user = signed_in(request).user
    organisation = user.organisation_id
    zone = services.zone(organisation)
    known = services.views.incidents(organisation, only_open=state == "open", page=number)
    count = known.open if state == "open" else known.all
    return show.page(
        request,
        "incidents.html",
        unsent.status,
        place=PLACE,
        incidents=[_shown(one, zone) for one in known.incidents],
        open=known.open,
        all=known.all,
        state=state,
        page=number,
        pages=max(1, -(-count // A_PAGE)),
        walk=_walk_words(services.views.verification(), zone),
        may=user.role in ALLOWED["incidents.note"],
        unsent=unsent,
    )


BACK: Final = (re.compile(PLACE), incidents_page)
"""Where forms come back to, when their sender had to sign in."""


def alarm(services: Services, user: User, zone: ZoneInfo) -> Alarm:
    """What this reader must be told of stored files first of all; nothing to most."""
    if user.role not in ALLOWED["incidents.list"]:
        return Alarm()
    known = services.views.incidents(user.organisation_id, only_open=True, page=1)
    shown = tuple(_shown(one, zone) for one in known.incidents[:_ON_FIRST_PAGE])
    return Alarm(shown=shown, count=known.open)


def _shown(one: IncidentLine, zone: ZoneInfo) -> ShownIncident:
    version = f", версия {one.version}" if one.version else ""
    again = one.last_seen_at > one.found_at and one.resolved_at is None
    return ShownIncident(
        id=one.incident_id,
        title=_TITLES[one.kind],
        document=_named(one.document) if one.document else "",
        path=f"/documents/{one.document.document_id}" if one.document else "",
        file=f"{FILE_ROLES[one.role]}{version}" if one.role in FILE_ROLES else "",
        pair=" — ".join(side.name for side in one.about),
        pair_path=f"/pairs/{one.pair_id}" if one.pair_id else "",
        found=moment(one.found_at, zone),
        seen=moment(one.last_seen_at, zone) if again else "",
        closed=moment(one.resolved_at, zone) if one.resolved_at else "",
        note=f"{one.note} ({one.noted_by.name})" if one.note and one.noted_by else "",
        key=one.key,
        backup=f"files/{one.stored_sha256[:2]}/{one.stored_sha256}" if one.stored_sha256 else "",
    )


def _named(document: DocumentLine) -> str:
    number = f" №\N{NO-BREAK SPACE}{document.number}" if document.number else ""
    day = f" от {long_day(document.day)}" if document.day else ""
    return f"{document.title}{number}{day}"


def _walk_words(walk: VerificationView | None, zone: ZoneInfo) -> str:
    """How the latest walk stands, in a sentence."""
    if walk is None:
        return "Проверки ещё не было: она начинается каждую ночь сама."
    files = plural(walk.checked, "файл", "файла", "файлов")
    if walk.finished_at is None:
        return f"Идёт проверка: {files} из {walk.total}, начата {moment(walk.started_at, zone)}."
    found = plural(walk.faults, "расхождение", "расхождения", "расхождений")
    ended = f"Последняя проверка закончена {moment(walk.finished_at, zone)}: {files}"
    return f"{ended}, {found}." if walk.faults else f"{ended}, все целы."
