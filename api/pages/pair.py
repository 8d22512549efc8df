"""A pair: where it stands, what is waited for, which papers the law asks, and its timeline."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesOf
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.notices import recorded_notice
from api.pages.places import places_of
from api.pages.state_words import event_detail, event_words, is_technical, trouble_words, waiting
from api.pages.words import moment
from api.policy import ALLOWED
from api.routes.reading import DocumentLine, InboxTask, PairView, TimelineEvent, User
from domain.base import Value
from domain.people import AccessRole

router = APIRouter(route_class=Page, include_in_schema=False)


class Happened(Value):
    """A line of the timeline; `path` is of the document that it is about."""

    when: str
    what: str
    detail: str
    who: str
    title: str
    path: str | None
    version: int | None
    sha256: str
    signed: bool


@router.get("/pairs/{pair_id}", name="pages.pair")
def pair(
    pair_id: str,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    *,
    technical: Annotated[bool, Query()] = False,
    done: Annotated[bool, Query()] = False,
) -> Response:
    """The pair as whoever is signed in may see it."""
    user, now = who.user, services.process_now()
    views, organisation = services.views, user.organisation_id
    found, zone = views.pair(organisation, pair_id), services.zone(organisation)
    tasks = views.waiting(organisation, f"pair/{pair_id}", user.acts_for, now)
    places = places_of(services, organisation, tasks)
    mine = next((task for task in tasks if task.mine), None)
    known = {one.document_id: one for one in found.documents}
    stages = {one.id: one.title for one in found.stages}
    events = views.timeline(organisation, pair_id)
    shown = [one for one in events if technical or not is_technical(one)]
    shown.sort(key=lambda one: (one.at, one.seq), reverse=True)
    return show.page(
        request,
        "pair.html",
        pair=found,
        known=known,
        waiting=[
            waiting(task, now, zone).changed(
                title=task.document.title if task.document else "",
                path=places[task.task_id] if task.document or _may_do(task, user) else "",
            )
            for task in tasks
        ],
        action=mine and {"title": mine.title, "path": places[mine.task_id]},
        timeline=[_happened(one, known, stages, zone) for one in shown],
        hidden=len(events) - len(shown),
        technical=technical,
        trouble=trouble_words(found.trouble),
        notice=recorded_notice(who, pair_id, events) if done else "",
        may_meet=_may_meet(found, user),
    )


def _may_do(task: InboxTask, user: User) -> bool:
    """A curator may act for others, save decide for them."""
    return task.mine or user.role is AccessRole.CURATOR


def _may_meet(pair: PairView, user: User) -> bool:
    """Whether a meeting may be recorded although nothing waits for one."""
    records = user.role is AccessRole.CURATOR or pair.mentor.id in user.acts_for
    reached = any(one.need and one.state != "ahead" for one in pair.stages)
    return pair.open and reached and records and user.role in ALLOWED["pairs.record_meeting"]


def _happened(
    event: TimelineEvent,
    known: dict[str, DocumentLine],
    stages: dict[str, str],
    zone: ZoneInfo,
) -> Happened:
    document = known.get(event.subject.rpartition("/")[2])
    return Happened(
        when=moment(event.at, zone),
        what=event_words(event),
        detail=event_detail(event) or stages.get(event.refs.get("stage", ""), ""),
        who=event.actor.name,
        title=document.title if document else "",
        path=f"/documents/{document.document_id}" if document else None,
        version=event.version,
        sha256=event.sha256 or "",
        signed=event.action == "sealed",
    )
