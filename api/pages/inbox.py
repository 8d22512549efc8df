"""«Ждут решения»: the first page."""

from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesOf
from api.pages import show
from api.pages.cycles import Until, when
from api.pages.forms import NOTHING_UNSENT
from api.pages.guard import Page, SignedInReader
from api.pages.incidents import alarm
from api.pages.names import questions
from api.pages.notices import done_notice
from api.pages.places import places_of
from api.pages.state_words import news_words
from api.pages.words import moment, short_day
from api.routes.reading import InboxTask, NewsLine, User
from api.services import Services
from domain.base import Value
from domain.canary import WriteOnce
from domain.people import AccessRole
from domain.yearly import YearlyState

router = APIRouter(route_class=Page, include_in_schema=False)

A_PAGE: Final = 50


class InboxRow(Value):
    """A task as the first page shows it; `path` is where it is done."""

    title: str
    action: str
    """What is to be done with a document; empty where the title says it."""
    about: str
    path: str
    when: Until
    who: str
    since: str
    mine: bool


class News(Value):
    """What became of a document in which the reader had a part."""

    title: str
    path: str
    what: str
    when: str


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
    acts_for = who.user.acts_for
    tasks = services.views.inbox(organisation, acts_for, who.user.role, now)
    mine = [task for task in tasks if task.mine]
    ordered = [*mine, *(task for task in tasks if not task.mine)]
    asked, names_asked = questions(services, who.user) if page == 1 else ((), 0)
    shown = ordered[(page - 1) * A_PAGE : page * A_PAGE]
    places = places_of(services, organisation, shown)
    return show.page(
        request,
        "inbox.html",
        rows=[
            InboxRow(
                title=task.document.title if task.document else task.title,
                action=_action(task),
                about=" — ".join(one.name for one in task.about),
                path=places[task.task_id],
                when=when(task.due, now, zone),
                who=task.assignee.name,
                since=_since(task, now, zone),
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
        alarm=alarm(services, who.user, zone),
        store_fault=_store_fault(services, who.user),
        invited=_invited(services, who.user),
        not_launched=_not_launched(services, who.user),
        news=[_news(one, zone) for one in services.views.news(organisation, acts_for, now)],
        questions=asked,
        asked=names_asked,
        unsent=NOTHING_UNSENT,
    )


def _invited(services: Services, user: User) -> int:
    """Invitations that wait to be launched, for whoever launches."""
    if user.role is not AccessRole.ADMINISTRATOR:
        return 0
    known = services.views.invitations(user.organisation_id, services.process_now())
    return sum(one.stage == "invited" and one.own_cycle_id is None for one in known)


def _not_launched(services: Services, user: User) -> int:
    """Yearly launches that were refused and not made up for, for whoever launches."""
    if user.role is not AccessRole.ADMINISTRATOR:
        return 0
    known = services.views.yearly(user.organisation_id)
    return sum(one.outcome == "refused" and one.state is YearlyState.ACTIVE for one in known)


def _store_fault(services: Services, user: User) -> str:
    """What is wrong with the store, for whoever can mend it; empty if nothing is known to be."""
    found = services.canary()
    if user.role is not AccessRole.ADMINISTRATOR or found is None:
        return ""
    return found.text if found.write_once is WriteOnce.FAILED else ""


def _news(line: NewsLine, zone: ZoneInfo) -> News:
    return News(
        title=line.document.title,
        path=f"/documents/{line.document.document_id}",
        what=news_words(line.what),
        when=moment(line.at, zone),
    )


def _since(task: InboxTask, now: datetime, zone: ZoneInfo) -> str:
    """«с 19 сентября»."""
    today = now.astimezone(zone).date()
    return f"с\N{NO-BREAK SPACE}{short_day(task.since.astimezone(zone).date(), today)}"


def _action(task: InboxTask) -> str:
    """What follows the title of a document, if the task is about one."""
    if task.document is None:
        return ""
    return task.title if task.kind == "fulfil" else task.title.partition(": ")[0]
