"""A pair: where it stands, what is waited for, which papers the law asks, and its timeline."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.deps import ServicesOf
from api.downloads import bundle_answer
from api.log_asked import PairAsked
from api.pages import show
from api.pages.cycles import changed_at
from api.pages.guard import Page, SignedInReader
from api.pages.log_lines import actions_for, filter_of, happened
from api.pages.notices import recorded_notice
from api.pages.places import places_of
from api.policy import ALLOWED
from api.routes.reading import InboxTask, PairView, User
from api.waiting import awaited_of
from domain.people import AccessRole

router = APIRouter(route_class=Page, include_in_schema=False)


class OnPage(PairAsked):
    """As the form of the page asks: technical events only if ticked."""

    technical: bool = Field(default=False)
    limit: int = Field(50, ge=1, le=50)
    done: bool = Field(default=False)


@router.get("/pairs/{pair_id}", name="pages.pair")
def pair(
    pair_id: str,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    asked: Annotated[OnPage, Query()],
) -> Response:
    """The pair as whoever is signed in may see it."""
    user, now = who.user, services.process_now()
    views, organisation = services.views, user.organisation_id
    found, zone = views.pair(organisation, pair_id), services.zone(organisation)
    tasks = views.waiting(organisation, f"pair/{pair_id}", user.acts_for, now)
    places = places_of(services, organisation, tasks)
    mine = next((task for task in tasks if task.mine), None)
    stages = {one.id: one.title for one in found.stages}
    wanted = asked.of(pair_id).changed(cursor=asked.before, newest_first=True)
    events = views.timeline(organisation, wanted)
    said, *rows = awaited_of(services, user, f"pair/{pair_id}")
    may_change = found.open and user.role in ALLOWED["pairs.move_deadline"]
    return show.page(
        request,
        "pair.html",
        pair=found,
        said=said,
        rows=[
            {
                "title": one.title,
                "said": one,
                "path": changed_at(f"/pairs/{pair_id}", one.item_id or "") if may_change else "",
            }
            for one in rows
        ],
        todo=[
            {"title": task.title, "path": places[task.task_id]}
            for task in tasks
            if task is not mine and (task.document or _may_do(task, user))
        ],
        action=mine and {"title": mine.title, "path": places[mine.task_id]},
        timeline=[happened(one, zone, stages) for one in events.lines],
        filter=filter_of(asked, f"/pairs/{pair_id}", events.next, asked.before),
        actions=actions_for(technical=asked.technical),
        today=now.astimezone(zone).date(),
        notice=recorded_notice(who, pair_id, events.lines[::-1]) if asked.done else "",
        may_meet=_may_meet(found, user),
        may_draft=user.role in ALLOWED["cycles.draft_document"],
        may_export=user.role in ALLOWED["pairs.bundle"],
    )


# Not `async`: stored files are read in a thread.
@router.get("/pairs/{pair_id}/bundle", name="pages.pair_bundle")
def pair_bundle(
    pair_id: str, request: Request, services: ServicesOf, who: SignedInReader
) -> Response:
    """The auditor's bundle of the pair, as the API gives it."""
    return bundle_answer(services, who.user, request, "pair", pair_id)


def _may_do(task: InboxTask, user: User) -> bool:
    """A curator may act for others, save decide for them."""
    return task.mine or user.role is AccessRole.CURATOR


def _may_meet(pair: PairView, user: User) -> bool:
    """Whether a meeting may be recorded although nothing waits for one."""
    records = user.role is AccessRole.CURATOR or pair.mentor.id in user.acts_for
    reached = any(one.need and one.state != "ahead" for one in pair.stages)
    return pair.open and reached and records and user.role in ALLOWED["pairs.record_meeting"]
