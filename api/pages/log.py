"""«Журнал событий» and «Кто смотрел»: for the auditor, with filters, the latest first."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.deps import ServicesOf
from api.log_asked import EntriesAsked, MinorsAsked
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.log_lines import actions_for, filter_of, happened
from api.pages.words import moment
from api.policy import ALLOWED
from domain.base import Value

router = APIRouter(route_class=Page, include_in_schema=False)

_SHOWN: Final[Mapping[str, str]] = {
    "names": "имена",
    "card": "карточки",
    "name_forms": "склонение имени",
    "text": "текст документа",
    "file": "файл",
    "copy": "PDF-копия",
    "sheet": "лист",
    "bundle": "выгрузка для аудитора",
}
_ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    "document": ("документ", "/documents/{}"),
    "pair": ("пара", "/pairs/{}"),
    "cycle": ("программа", "/cycles/{}"),
}


class OnPage(EntriesAsked):
    """As the form of the page asks: technical entries only if ticked."""

    technical: bool = Field(default=False)


class Look(Value):
    """A read in words."""

    when: str
    who: str
    account: str
    shown: str
    about: str
    path: str
    people: tuple[tuple[str, str], ...]


@router.get("/log", name="pages.log")
def log(
    request: Request, services: ServicesOf, who: SignedInReader, asked: Annotated[OnPage, Query()]
) -> Response:
    """The organisation's log."""
    organisation = who.user.organisation_id
    zone = services.zone(organisation)
    wanted = asked.of_all().changed(cursor=asked.before, newest_first=True)
    found = services.views.log(organisation, wanted)
    return show.page(
        request,
        "log.html",
        lines=[happened(one, zone) for one in found.lines],
        filter=filter_of(asked, "/log", found.next, asked.before),
        actions=actions_for(technical=asked.technical),
        may_see_reads=who.user.role in ALLOWED["reads.list"],
    )


@router.get("/reads", name="pages.reads")
def reads(
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    asked: Annotated[MinorsAsked, Query()],
) -> Response:
    """Who was shown data of minors."""
    organisation = who.user.organisation_id
    zone = services.zone(organisation)
    found = services.views.reads(organisation, asked.of_all(), asked.before, asked.limit)
    lines = []
    for one in found.lines:
        kind, _, id_ = (one.about or "").partition("/")
        about, path = _ABOUT.get(kind, ("", ""))
        lines.append(
            Look(
                when=moment(one.at, zone),
                who=one.who.name,
                account=one.who.id,
                shown=_SHOWN.get(one.shown, one.shown),
                about=about,
                path=path.format(id_),
                people=tuple((person.id, person.name) for person in one.people),
            )
        )
    named = {id_: name for line in lines for id_, name in (*line.people, (line.account, line.who))}
    return show.page(
        request,
        "reads.html",
        lines=lines,
        filter=filter_of(asked, "/reads", found.next, asked.before),
        person=named.get(asked.person or "", asked.person or ""),
        looker=named.get(asked.who or "", asked.who or ""),
        may_see_log=who.user.role in ALLOWED["log.list"],
    )
