"""Bodies: who sits there, how often they sat, what waits for them; and the form to call them."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import body_schemas, sittings
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.cycles import Until, when
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import SignedInReader, WritingPage, field, signed_in, values
from api.policy import ALLOWED
from api.routes.reading import BodyView, InboxTask, Named, SittingLine, User
from api.services import Services
from domain.base import Value
from domain.errors import NotAMember, NotYours, Refused, StaleVersion, WrongState
from domain.people import AccessRole

router = APIRouter(route_class=WritingPage, include_in_schema=False)

A_PAGE: Final = 50
_OFFICE: Final = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)
_PAPER: Final = ("document_id", "version", "sha256")
_LABELS: Final = {
    "cycle_id": "Программа",
    "day": "День",
    "place": "Место",
    "agenda": "Повестка",
    "chair": "Председатель заседания",
    "secretary": "Секретарь заседания",
}


class ShownBody(Value):
    """A body in the list."""

    body: BodyView
    waiting: int
    late: int
    next_day: date | None
    """Of the nearest sitting that is called."""


class Paper(Value):
    """A document that waits for a body; `value` names the very version."""

    title: str
    path: str
    about: str
    version: int
    when: Until
    value: str
    called: str
    """The sitting on whose agenda it stands."""


@router.get("/bodies", name="pages.bodies")
def bodies(request: Request, services: ServicesOf, who: SignedInReader) -> Response:
    """All bodies of the organisation, by name."""
    organisation = who.user.organisation_id
    known = services.views.bodies_on(organisation, services.today(organisation))
    tasks = tasks_of(services, organisation, *(one.id for one in known))
    called = [one for one in services.views.sittings(organisation) if one.state == "called"]
    shown = [
        ShownBody(
            body=one,
            waiting=sum(task.assignee.id == one.id for task in tasks),
            late=sum(task.assignee.id == one.id and task.late for task in tasks),
            next_day=min((line.day for line in called if line.body.id == one.id), default=None),
        )
        for one in known
    ]
    return show.page(request, "bodies.html", bodies=shown, today=services.today(organisation))


@router.get("/bodies/{body_id}", name="pages.body")
def body(
    body_id: str,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """One body as it stands today."""
    organisation = who.user.organisation_id
    found = services.views.body(organisation, body_id, services.today(organisation))
    lines = services.views.sittings(organisation, body_id)
    return show.page(
        request,
        "body.html",
        body=found,
        papers=_papers(services, organisation, body_id),
        sittings=lines[(page - 1) * A_PAGE : page * A_PAGE],
        total=len(lines),
        may=may_convene(who.user, found.chair, found.secretary),
        page=page,
        pages=max(1, -(-len(lines) // A_PAGE)),
    )


@router.get("/bodies/{body_id}/sittings", name="pages.calling")
def calling(body_id: str, request: Request, services: ServicesOf) -> Response:
    """The form to call a sitting."""
    return calling_page(request, services, body_id)


@router.post("/bodies/{body_id}/sittings", name="pages.call_sitting")
async def call_sitting(body_id: str, request: Request, services: ServicesOf) -> Response:
    """Call a sitting; then its page."""
    made: list[str] = []

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = await run_in_threadpool(_said, request, services)
        sitting = await run_in_threadpool(sittings.call, act, body_id, said)
        made.append(sitting.sitting_id)
        return sitting

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=lambda: f"/sittings/{made[0]}",
        again=partial(calling_page, request, services, body_id),
    )


def calling_page(
    request: Request, services: Services, body_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The form, with what was typed before. Raises `NotFound`, or `NotYours`."""
    user = signed_in(request).user
    organisation, views = user.organisation_id, services.views
    today = services.today(organisation)
    found = views.body(organisation, body_id, today)
    if not may_convene(user, found.chair, found.secretary):
        raise NotYours("sittings are for the office, or for the body's chair and secretary")
    before: Sequence[SittingLine] = views.sittings(organisation, body_id)
    cycles = views.cycle_lines(organisation, services.process_now())
    papers = _papers(services, organisation, body_id)
    ticked = str(unsent.said("call", "paper")).split("\n")
    if not unsent.form:
        ticked = [one.value for one in papers if not one.called]
    return show.page(
        request,
        "calling.html",
        unsent.status,
        body=found,
        papers=papers,
        ticked=ticked,
        officers=officers_of(found.members, found.chair, found.secretary),
        cycles=[
            {"id": one.cycle_id, "title": f"{one.title}, с {one.start.year} г."}
            for one in cycles
            if one.stage != "closed"
        ],
        place=before[0].place if before else "",
        today=today.isoformat(),
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/bodies/(?P<body_id>[0-9a-f]{16})/sittings"), calling_page)
"""Where the form comes back to, when its sender had to sign in."""


def tasks_of(services: Services, organisation: str, *body_ids: str) -> list[InboxTask]:
    """What documents wait for from these bodies, the most urgent first."""
    now = services.process_now()
    # Nobody sees here what is to be done for others, as a curator would.
    tasks = services.views.inbox(organisation, body_ids, AccessRole.AUDITOR, now)
    return [task for task in tasks if task.kind == "hold_sitting"]


def may_convene(user: User, *officers: Named | None) -> bool:
    """Whether the reader calls sittings and records them, as `api/sittings.py` has it."""
    known = [one.id for one in officers if one is not None]
    mine = user.role in _OFFICE or user.person_id in known
    return mine and user.role in ALLOWED["bodies.call_sitting"]


def officers_of(members: Sequence[Named], *officers: Named | None) -> list[dict[str, str]]:
    """Who may be named to preside or to keep minutes: the members, and who does so anyhow."""
    known = {one.id: one.name for one in (*members, *officers) if one is not None}
    return [{"id": id_, "title": name} for id_, name in known.items()]


def _papers(services: Services, organisation: str, body_id: str) -> list[Paper]:
    tasks = tasks_of(services, organisation, body_id)
    called = services.views.called_sittings(organisation) if tasks else {}
    now, zone = services.process_now(), services.zone(organisation)
    return [_paper(task, called.get(task.refs["document"], ""), now, zone) for task in tasks]


def _paper(task: InboxTask, called: str, now: datetime, zone: ZoneInfo) -> Paper:
    document = task.document
    title, version = (document.title, document.version) if document else ("", 0)
    id_ = task.refs["document"]
    return Paper(
        title=title,
        path=f"/documents/{id_}",
        about=" → ".join(one.name for one in task.about),
        version=version,
        when=when(task.due, now, zone),
        value=f"{id_}:{version}:{document.sha256 if document else ''}",
        called=called,
    )


def _said(request: Request, services: Services) -> body_schemas.NewSitting:
    """What was typed, as the API takes it. Raises `ValidationError`, or `NotFound` of a paper."""
    organisation = signed_in(request).user.organisation_id
    agenda: list[dict[str, str]] = []
    for value in values(request, "paper"):
        named = dict(zip(_PAPER, value.split(":"), strict=False))
        title = _question(services, organisation, named["document_id"])
        agenda.append({"title": title, **named})
    lines = (one.strip() for one in field(request, "questions").splitlines())
    agenda += [{"title": one} for one in lines if one]
    named = {name: field(request, name).strip() for name in ("cycle_id", "day", "place")}
    officers = {name: field(request, name) or None for name in ("chair", "secretary")}
    return body_schemas.NewSitting.model_validate({**named, **officers, "agenda": agenda})


def _question(services: Services, organisation: str, document_id: str) -> str:
    """How a document stands on an agenda."""
    document = services.views.document(organisation, document_id)
    title = f"О документе «{document.title}»"
    if document.pair_id is None:
        return title
    pair = services.views.pair(organisation, document.pair_id)
    return f"{title} ({pair.mentor.name} — {pair.mentee.name})"


def _words(refusal: Refused) -> str | None:
    match refusal:
        case WrongState() | StaleVersion():
            return (
                "Один из документов повестки с тех пор изменён или больше не ждёт этого органа. "
                "Перед вами те, что ждут сейчас: проверьте, что отмечено."
            )
        case NotAMember():
            return "Выберите председателя (в тот день он член органа) и секретаря заседания."
        case _:
            return None
