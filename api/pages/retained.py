"""How long documents are kept: what is due on a day, and the act that lists it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in, values
from api.pages.kept_words import article_words
from api.pages.state_words import document_stage
from api.pages.words import long_day
from api.policy import ALLOWED
from api.retaining import make_act
from api.retention_schemas import MOST_LISTED, NewAct
from api.routes.reading import CycleLine, RetentionPage
from api.services import Services
from domain.base import Value
from domain.errors import ExpertiseMissing, Refused, StillKept, WrongState

router = APIRouter(route_class=WritingPage, include_in_schema=False)

FORM: Final = "act"
_LABELS: Final = {
    "cycle_id": "Программа",
    "documents": "Документы",
    "number": "Номер протокола",
    "day": "День протокола",
    "method": "Способ уничтожения",
}


class ShownDue(Value):
    id: str
    title: str
    until: str
    act_id: str
    """The act on its way that lists it; empty if none does."""


class ShownGroup(Value):
    title: str
    epk: bool
    seen: bool
    documents: tuple[ShownDue, ...]


@router.get("/retention", name="pages.retention")
def retention(
    request: Request,
    services: ServicesOf,
    due: Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = "",
) -> Response:
    """What is due for destruction on a day."""
    return retention_page(request, services, due=due)


@router.post("/retention", name="pages.make_act")
async def send_act(request: Request, services: ServicesOf) -> Response:
    """Draft an act that lists what was ticked; nothing is destroyed by that."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        return await make_act(act, NewAct.model_validate(_said(request)))

    return await sent(
        *(request, services, do, _LABELS, _words),
        then="/retention",
        again=partial(retention_page, request, services),
    )


def retention_page(
    request: Request, services: Services, unsent: Unsent = NOTHING_UNSENT, *, due: str = ""
) -> Response:
    """The list by article, with the form for whoever may use it."""
    user = signed_in(request).user
    organisation = user.organisation_id
    today = services.today(organisation)
    day, problem = _day(due, today)
    known = services.views.retention(organisation, day)
    may = user.role in ALLOWED["retention.make_act"] and day <= today
    cycles = services.views.cycle_lines(organisation, services.process_now()) if may else ()
    return show.page(
        request,
        "retention.html",
        422 if problem else unsent.status,
        day=day,
        on=due,
        problem=problem,
        groups=_groups(known),
        known=known,
        acts=[
            {
                "path": f"/documents/{one.act_id}" if one.stage else "",
                "title": f"№ {one.number} от {long_day(one.day)}"
                if one.number and one.day
                else f"от {long_day(one.at.astimezone(services.zone(organisation)).date())}",
                "state": document_stage(one.stage) if one.stage else "готовится",
                "listed": one.listed,
                "destroyed": one.destroyed,
            }
            for one in known.acts
        ],
        may=may,
        cycles=_cycles(cycles),
        ticked=str(unsent.said(FORM, "documents", "")).split("\n"),
        most=MOST_LISTED,
        unsent=unsent,
    )


def _cycles(known: Sequence[CycleLine]) -> list[Mapping[str, str]]:
    """In whose papers an act may stand: those that run, else those that are closed."""
    running = [one for one in known if one.stage != "closed"]
    return [
        {"id": one.cycle_id, "title": one.title if running else f"{one.title} (завершена)"}
        for one in running or known
    ]


BACK: Final = (re.compile(r"/retention"), retention_page)
"""Where the form comes back to, when its sender had to sign in."""


def _day(due: str, today: date) -> tuple[date, str]:
    try:
        return (date.fromisoformat(due) if due else today), ""
    except ValueError:
        return today, "Такой даты нет: показано на сегодня."


def _groups(page: RetentionPage) -> list[ShownGroup]:
    return [
        ShownGroup(
            title=article_words(group.article, group.words),
            epk=group.epk,
            seen=group.seen,
            documents=tuple(
                ShownDue(
                    id=one.document.document_id,
                    title=one.document.title
                    + (f" № {one.document.number}" if one.document.number else "")
                    + (f" от {long_day(one.document.day)}" if one.document.day else ""),
                    until=long_day(one.until),
                    act_id=one.act_id or "",
                )
                for one in group.documents
            ),
        )
        for group in page.groups
    ]


def _said(request: Request) -> Mapping[str, object]:
    number, day = field(request, "number").strip(), field(request, "day").strip()
    minutes = {"number": number, "day": day} if number or day else None
    return {
        "cycle_id": field(request, "cycle_id"),
        "documents": values(request, "documents"),
        "expert_minutes": minutes,
        "method": field(request, "method").strip() or None,
    }


def _words(refusal: Refused) -> str | None:
    match refusal:
        case ExpertiseMissing():
            return (
                "Среди отмеченных есть документы с пометкой «ЭПК»: назовите протокол экспертной "
                "комиссии. Ничего не записано."
            )
        case StillKept():
            return (
                "Среди отмеченных есть документ, который ещё нужно хранить: срок не истёк "
                "или документ ждёт кого-то. Ничего не записано."
            )
        case WrongState():
            return (
                "Акт не составлен: документ уже в другом акте или уничтожен, или программа только "
                "что завершилась: тогда повторите. Ничего не записано."
            )
        case _:
            return None
