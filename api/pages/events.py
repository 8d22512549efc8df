"""Events and publications of a programme: what was held and put out, and forms to tell of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import events
from api.act import Act
from api.deps import ServicesOf
from api.event_schemas import (
    EventSaid,
    Looked,
    NewEvent,
    NewPublication,
    PublicationSaid,
    WhyWithdrawn,
)
from api.pages import show
from api.pages.cycles import STAGES
from api.pages.figures import year_words
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in
from api.pages.words import long_day
from api.policy import ALLOWED
from api.routes.reading import CycleEvents, EventLine, PublicationLine, ResultAsked
from api.services import Services
from domain.errors import (
    BadDate,
    EventNotHeld,
    EventWithdrawn,
    ListTooLong,
    NotAnAddress,
    NotFound,
    ProvesRow,
    Refused,
)
from domain.events import EVENT_KINDS, site_of
from domain.people import AccessRole
from domain.planning import turn_of_item

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {
    "kind": "Вид",
    "title": "Название",
    "day": "День",
    "until": "Последний день",
    "place": "Место",
    "organisers": "Кто проводит",
    "programme": "Программа",
    "outcome": "Итоги",
    "invited": "Сколько приглашено",
    "attendance": "Сколько пришло",
    "links": "Ссылки",
    "people": "Кто был",
    "what": "Что опубликовано",
    "site": "Где",
    "address": "Адрес страницы",
    "reason": "Почему",
}
_OF_EVENT: Final = ("kind", "title", "day")
_OF_EVENT_IF_SAID: Final = (
    *("until", "place", "organisers", "programme", "outcome", "invited", "attendance"),
)
_OF_PUBLICATION: Final = ("what", "site", "address", "day")
KINDS: Final = [
    {"id": kind, "title": title[:1].upper() + title[1:]} for kind, title in EVENT_KINDS.items()
]
"""Kinds of events to choose from."""


@router.get("/cycles/{cycle_id}/events", name="pages.events")
def listed(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """All events and publications of a cycle, with forms to add to them."""
    return events_page(request, services, cycle_id)


@router.post("/cycles/{cycle_id}/events", name="pages.add_event")
async def add(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Enter an event or a publication; the form says which."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        turn = {"turn": field(request, "turn") or "1"}
        if field(request, "form") == "event":
            event = NewEvent.model_validate({**_event(request), **turn})
            return await run_in_threadpool(events.add_event, act, cycle_id, event)
        publication = NewPublication.model_validate({**_publication(request), **turn})
        return await run_in_threadpool(events.add_publication, act, cycle_id, publication)

    return await sent(
        *(request, services, do, _LABELS, words),
        then=f"/cycles/{cycle_id}/events",
        again=partial(events_page, request, services, cycle_id),
    )


@router.get("/events/{event_id}", name="pages.event")
def event(event_id: str, request: Request, services: ServicesOf) -> Response:
    """One event: who came, what it proves, what was said before, and the form to correct it."""
    return event_page(request, services, event_id)


@router.post("/events/{event_id}", name="pages.correct_event")
async def correct(event_id: str, request: Request, services: ServicesOf) -> Response:
    """Say of an event what is known now."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = EventSaid.model_validate(_event(request))
        return await run_in_threadpool(events.correct_event, act, event_id, said)

    return await sent(
        *(request, services, do, _LABELS, words),
        then=f"/events/{event_id}",
        again=partial(event_page, request, services, event_id),
    )


@router.post("/events/{event_id}/withdrawal", name="pages.withdraw_event")
async def withdraw_event(event_id: str, request: Request, services: ServicesOf) -> Response:
    """Have an event that was entered by mistake count no more."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        why = WhyWithdrawn(reason=field(request, "reason").strip())
        return await run_in_threadpool(events.withdraw_event, act, event_id, why)

    return await sent(
        *(request, services, do, _LABELS, words),
        then=f"/events/{event_id}",
        again=partial(event_page, request, services, event_id),
    )


@router.get("/publications/{publication_id}", name="pages.publication")
def publication(publication_id: str, request: Request, services: ServicesOf) -> Response:
    """One publication: who looked after it, what it proves, and the form to correct it."""
    return publication_page(request, services, publication_id)


@router.post("/publications/{publication_id}", name="pages.correct_publication")
async def correct_publication(
    publication_id: str, request: Request, services: ServicesOf
) -> Response:
    """Say of a publication what is known now."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = PublicationSaid.model_validate(_publication(request))
        return await run_in_threadpool(events.correct_publication, act, publication_id, said)

    return await sent(
        *(request, services, do, _LABELS, words),
        then=f"/publications/{publication_id}",
        again=partial(publication_page, request, services, publication_id),
    )


@router.post("/publications/{publication_id}/check", name="pages.check_publication")
async def check(publication_id: str, request: Request, services: ServicesOf) -> Response:
    """Note whether a publication is still there."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        looked = Looked.of(field(request, "present"))
        return await run_in_threadpool(events.check_publication, act, publication_id, looked)

    return await sent(
        *(request, services, do, _LABELS, words),
        then=f"/publications/{publication_id}",
        again=partial(publication_page, request, services, publication_id),
    )


@router.post("/publications/{publication_id}/withdrawal", name="pages.withdraw_publication")
async def withdraw_publication(
    publication_id: str, request: Request, services: ServicesOf
) -> Response:
    """Have a publication that was entered by mistake count no more."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        why = WhyWithdrawn(reason=field(request, "reason").strip())
        return await run_in_threadpool(events.withdraw_publication, act, publication_id, why)

    return await sent(
        *(request, services, do, _LABELS, words),
        then=f"/publications/{publication_id}",
        again=partial(publication_page, request, services, publication_id),
    )


def events_page(
    request: Request, services: Services, cycle_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The lists, with what was typed before. Raises `NotFound`."""
    user = signed_in(request).user
    organisation = user.organisation_id
    found = services.views.cycle_events(organisation, cycle_id)
    today, zone = services.today(organisation), services.zone(organisation)
    return _page(
        request,
        services,
        "events.html",
        cycle_id,
        unsent,
        events=found.events,
        publications=[
            (one, one.checked_at and one.checked_at.astimezone(zone).date())
            for one in found.publications
        ],
        years=_years(found, today),
        may_add=user.role in ALLOWED["cycles.add_event"],
    )


def event_page(
    request: Request, services: Services, event_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """An event, with what was typed before. Raises `NotFound`."""
    user = signed_in(request).user
    view = services.views.event(user.organisation_id, event_id)
    return _page(
        request,
        services,
        "event.html",
        view.line.cycle_id,
        unsent,
        event=view.line,
        people=view.people,
        versions=_versions(services, user.organisation_id, view.versions),
        links="\n".join(f"{one.title} {one.address}" for one in view.line.links),
        named="\n".join(view.codes),
        may_correct=user.role in ALLOWED["events.correct"] and view.line.withdrawn is None,
        may_withdraw=_may_withdraw(user.role, "events.withdraw", view.line),
    )


def publication_page(
    request: Request, services: Services, publication_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """A publication, with what was typed before. Raises `NotFound`."""
    user = signed_in(request).user
    view = services.views.publication(user.organisation_id, publication_id)
    line, zone = view.line, services.zone(user.organisation_id)
    return _page(
        request,
        services,
        "publication.html",
        line.cycle_id,
        unsent,
        publication=line,
        checked=line.checked_at and line.checked_at.astimezone(zone).date(),
        versions=_versions(services, user.organisation_id, view.versions),
        may_correct=user.role in ALLOWED["publications.correct"] and line.withdrawn is None,
        may_check=user.role in ALLOWED["publications.check"] and line.withdrawn is None,
        may_withdraw=_may_withdraw(user.role, "publications.withdraw", line),
    )


def known_for(
    services: Services, organisation: str, workflow: str, item: str, asked: ResultAsked
) -> list[dict[str, str]]:
    """The events or publications of the item's year that its result may take, to choose from."""
    if asked.proof not in ("event", "link") or not asked.open:
        return []
    kind, _, id_ = workflow.partition("/")
    cycle = id_ if kind == "cycle" else services.views.pair(organisation, id_).cycle_id
    found, turn = services.views.cycle_events(organisation, cycle), turn_of_item(item)
    if asked.proof == "link":
        return [
            {"id": one.publication_id, "title": f"{one.what}, {long_day(one.day)}"}
            for one in found.publications
            if one.turn == turn
            and one.withdrawn is None
            and item not in [proved.item_id for proved in one.proves]
        ]
    return [
        {"id": one.event_id, "title": f"{one.title}, {long_day(one.day)}"}
        for one in found.events
        if one.turn == turn
        and one.withdrawn is None
        and one.attendance is not None
        and one.attendance >= asked.at_least
        and (not asked.kinds or one.kind in asked.kinds)
        and item not in [proved.item_id for proved in one.proves]
    ]


BACK: Final = (
    (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/events"), events_page),
    (re.compile(r"/events/(?P<event_id>[0-9a-f]{16})(/withdrawal)?"), event_page),
    (
        re.compile(r"/publications/(?P<publication_id>[0-9a-f]{16})(/check|/withdrawal)?"),
        publication_page,
    ),
)
"""Where forms come back to, when their sender had to sign in."""


_WORDS: Final[Mapping[type[Refused], str]] = {
    EventNotHeld: "Этот день ещё впереди: сколько пришло, впишите, когда мероприятие пройдёт.",
    ListTooLong: "В списке больше людей, чем пришло: исправьте число или список.",
    NotAnAddress: "Адрес страницы начинается с http:// или https:// и пишется без пробелов.",
    EventWithdrawn: "Эти сведения отозваны: внесите их заново.",
    ProvesRow: "Этим подтверждена или как раз подтверждается строка: отозвать нельзя, "
    "можно исправить.",
    BadDate: "Такого дня или года быть не может: проверьте дни.",
    NotFound: "Кого-то из списка нет среди людей организации: проверьте коды.",
}


def words(refusal: Refused) -> str | None:
    """What refusals mean in these forms."""
    return _WORDS.get(type(refusal))


def _event(request: Request) -> dict[str, object]:
    said: dict[str, object] = {one: field(request, one).strip() for one in _OF_EVENT}
    for one in _OF_EVENT_IF_SAID:
        if words_of := field(request, one).strip():
            said[one] = words_of
    said["links"] = [_link(line) for line in _lines(field(request, "links"))]
    said["people"] = [code for line in _lines(field(request, "people")) for code in _codes(line)]
    return said


def _publication(request: Request) -> dict[str, object]:
    return {one: field(request, one).strip() for one in _OF_PUBLICATION}


def _may_withdraw(role: AccessRole, act: str, line: EventLine | PublicationLine) -> bool:
    return role in ALLOWED[act] and line.withdrawn is None and not line.proves


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _codes(line: str) -> list[str]:
    return [code for code in re.split(r"[\s,;]+", line) if code]


def _link(line: str) -> dict[str, str]:
    """«Фотографии https://…»: the address comes last; without words it is called by its site."""
    *said, address = line.split()
    return {"title": " ".join(said) or site_of(address), "address": address}


def _years(found: CycleEvents, today: date) -> Sequence[Mapping[str, str]]:
    """The years to choose from, the one under way first; none if there is but one."""
    turns = sorted(found.turns, key=lambda one: not one.start <= today <= one.end)
    years = [{"id": str(one.turn), "title": year_words(one.start, one.end)} for one in turns]
    return years if years[1:] else []


def _versions(services: Services, organisation: str, versions: Sequence[Any]) -> list[Any]:
    zone = services.zone(organisation)
    return [(one, one.at.astimezone(zone).date()) for one in versions]


def _page(
    request: Request,
    services: Services,
    template: str,
    cycle_id: str,
    unsent: Unsent,
    **shown: object,
) -> Response:
    organisation = signed_in(request).user.organisation_id
    cycle = services.views.cycle_rows(organisation, cycle_id, services.process_now()).cycle
    return show.page(
        request,
        template,
        unsent.status,
        cycle=cycle,
        stages=STAGES,
        kinds=KINDS,
        today=services.today(organisation).isoformat(),
        unsent=unsent,
        **shown,
    )
