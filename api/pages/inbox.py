"""«Ждут решения»: the first page."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesOf
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.notices import done_notice
from api.pages.state_words import Waiting, waiting
from api.routes.reading import InboxTask
from domain.base import Value

router = APIRouter(route_class=Page, include_in_schema=False)

A_PAGE: Final = 50


class InboxRow(Value):
    """A task as the first page shows it; `path` is where it is done, if that is a page."""

    title: str
    action: str
    """What is to be done with a document; empty where the title says it."""
    about: str
    path: str | None
    waiting: Waiting
    mine: bool


@router.get("/", name="pages.inbox")
def inbox(
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    done: str = "",
) -> Response:
    """What waits for the reader, the most urgent first; then what may be done for others."""
    organisation, now = who.user.organisation_id, services.process_now()
    zone = services.zone(organisation)
    tasks = services.views.inbox(organisation, who.user.acts_for, who.user.role, now)
    mine = [task for task in tasks if task.mine]
    ordered = [*mine, *(task for task in tasks if not task.mine)]
    shown = ordered[(page - 1) * A_PAGE : page * A_PAGE]
    return show.page(
        request,
        "inbox.html",
        rows=[
            InboxRow(
                title=task.document.title if task.document else task.title,
                action=task.title.partition(": ")[0] if task.document else "",
                about=" — ".join(one.name for one in task.about),
                path=path_of(task),
                waiting=waiting(task, now, zone),
                mine=task.mine,
            )
            for task in shown
        ],
        count=len(mine),
        late=sum(task.late for task in mine),
        others=len(ordered) - len(mine),
        page=page,
        pages=max(1, -(-len(ordered) // A_PAGE)),
        notice=done_notice(services, who, done),
    )


def path_of(task: InboxTask) -> str | None:
    """The page on which a task is done."""
    if "document" in task.refs:
        return f"/documents/{task.refs['document']}"
    return f"/pairs/{task.refs['pair']}" if "pair" in task.refs else None
