"""A pair: where it stands, what is waited for, which papers the law asks, and its timeline."""

from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesOf
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.inbox import path_of
from api.pages.state_words import event_words, is_technical, waiting
from api.pages.words import moment
from api.routes.reading import DocumentLine, TimelineEvent
from domain.base import Value

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
) -> Response:
    """The pair as whoever is signed in may see it."""
    user, now = who.user, services.process_now()
    views, organisation = services.views, user.organisation_id
    found, zone = views.pair(organisation, pair_id), services.zone(organisation)
    tasks = views.waiting(organisation, f"pair/{pair_id}", user.acts_for, now)
    mine = next((task for task in tasks if task.mine and "document" in task.refs), None)
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
                title=task.document.title if task.document else "", path=path_of(task) or ""
            )
            for task in tasks
        ],
        action=mine and {"title": mine.title, "path": path_of(mine)},
        timeline=[_happened(one, known, stages, zone) for one in shown],
        hidden=len(events) - len(shown),
        technical=technical,
    )


def _happened(
    event: TimelineEvent,
    known: dict[str, DocumentLine],
    stages: dict[str, str],
    zone: ZoneInfo,
) -> Happened:
    document = known.get(event.subject.removeprefix("document/"))
    return Happened(
        when=moment(event.at, zone),
        what=event_words(event),
        detail=stages.get(event.refs.get("stage", ""), ""),
        who=event.actor.name,
        title=document.title if document else "",
        path=f"/documents/{document.document_id}" if document else None,
        version=event.version,
        sha256=event.sha256 or "",
        signed=event.action == "sealed",
    )
