"""A pair or a programme as it stood at the end of a past day, by the log."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesOf
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.state_words import document_stage
from api.pages.words import long_day
from api.policy import ALLOWED
from api.routes.reading import PastDocument, PastRow
from domain.base import Value

router = APIRouter(route_class=Page, include_in_schema=False)

OnDay = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
NOT_TOLD: Final = "в журнале не сказано"
_ROWS: Final = {True: "выполнена", False: "открыта", None: NOT_TOLD}


class StoodDocument(Value):
    """A document in words."""

    title: str
    path: str
    about: str
    state: str


@router.get("/pairs/{pair_id}/past", name="pages.pair_past")
def pair_past(
    pair_id: str, request: Request, services: ServicesOf, who: SignedInReader, on: OnDay = ""
) -> Response:
    """The pair on a day."""
    organisation = who.user.organisation_id
    today = services.today(organisation)
    day, problem = day_of(on, today)
    found = services.views.pair_past(organisation, pair_id, day)
    return show.page(
        request,
        "pair_past.html",
        422 if problem else 200,
        problem=problem,
        day=day,
        past=found,
        not_told=NOT_TOLD,
        documents=[_document(one) for one in found.documents],
        rows=[_row(one) for one in found.rows],
        base=f"/pairs/{pair_id}",
        may_see_log=who.user.role in ALLOWED["log.list"],
    )


@router.get("/cycles/{cycle_id}/past", name="pages.cycle_past")
def cycle_past(
    cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader, on: OnDay = ""
) -> Response:
    """The programme on a day."""
    organisation = who.user.organisation_id
    day, problem = day_of(on, services.today(organisation))
    found = services.views.cycle_past(organisation, cycle_id, day)
    cycle = services.views.cycle_rows(organisation, cycle_id, services.process_now()).cycle
    return show.page(
        request,
        "cycle_past.html",
        422 if problem else 200,
        problem=problem,
        day=day,
        past=found,
        not_told=NOT_TOLD,
        documents=[_document(one) for one in found.documents],
        rows=[_row(one) for one in found.rows],
        cycle=cycle,
        stages={"running": "идёт", "closed": "завершена"},
        may_see_log=who.user.role in ALLOWED["log.list"],
    )


def day_of(on: str, today: date) -> tuple[date, str]:
    """The day that was asked for; else today, and why."""
    if not on:
        return today, ""
    try:
        return date.fromisoformat(on), ""
    except ValueError:
        return today, "Такого дня нет в календаре. Показан сегодняшний день."


def _document(stood: PastDocument) -> StoodDocument:
    number = f" №\N{NO-BREAK SPACE}{stood.number}" if stood.number else ""
    dated = f" от {long_day(stood.day)}" if stood.day and stood.number else ""
    state = document_stage(stood.stage) if stood.stage else NOT_TOLD
    return StoodDocument(
        title=f"{stood.title}{number}{dated}",
        path=f"/documents/{stood.document_id}",
        about=f"версия {stood.version}" if stood.version else "",
        state=f"не действует: {stood.ended}" if stood.ended else state,
    )


def _row(stood: PastRow) -> tuple[str, str]:
    return stood.title, _ROWS[stood.done]
