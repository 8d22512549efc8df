"""«Ежегодные запуски»: orders, what became of their launches, what the next ones will miss."""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from api import launch_schemas as schemas
from api import launching
from api import yearly as doing
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in
from api.pages.launch import LABELS, asked_in, role_choices
from api.pages.words import moment
from api.policy import ALLOWED
from api.services import Services
from domain.errors import NotFound, Refused, RoleUnmapped, WrongState
from domain.yearly import YearlyState

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_STATES: Final = {
    YearlyState.ACTIVE: "действует",
    YearlyState.PAUSED: "приостановлен",
    YearlyState.ENDED: "прекращён",
}


@router.get("/yearly", name="pages.yearly")
def yearly(request: Request, services: ServicesOf, roadmap: str | None = None) -> Response:
    """All orders; with a roadmap, the form of a new one as well."""
    return yearly_page(request, services, roadmap=roadmap or "")


@router.post("/yearly", name="pages.act_on_yearly")
async def act_on_yearly(request: Request, services: ServicesOf) -> Response:
    """Give an order, pause, resume, end it, or try its launch now."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        what, order_id = field(request, "act"), field(request, "order")
        if what == "order":
            said = {**asked_in(request), "roadmap": field(request, "roadmap")}
            del said["start"]
            return await doing.order(act, schemas.NewYearly.model_validate(said))
        if what == "launch":
            return await doing.launch(act, order_id)
        return await doing.change(
            act, order_id, schemas.YearlyChange.model_validate({"state": what})
        )

    return await sent(
        *(request, services, do, LABELS, _words),
        then="/yearly",
        again=partial(yearly_page, request, services),
    )


def yearly_page(
    request: Request,
    services: Services,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    roadmap: str = "",
) -> Response:
    """The list, with the form of a new order if a roadmap is chosen. Raises `NotFound`."""
    user = signed_in(request).user
    organisation = user.organisation_id
    chosen = roadmap or unsent.typed.get("roadmap", "")
    found = services.roadmaps(chosen) if chosen else None
    zone = services.zone(organisation)
    lines = doing.lines(services, organisation)
    held = {one.roadmap for one in lines if one.state is not YearlyState.ENDED}
    return show.page(
        request,
        "yearly.html",
        unsent.status,
        orders=[
            {
                "line": one,
                "state": _STATES[one.state],
                "tried": moment(one.tried_at, zone) if one.tried_at else "",
                "failed": one.outcome == "refused",
            }
            for one in lines
        ],
        may_change=user.role in ALLOWED["yearly.change"],
        library=[one for one in launching.library(services) if one.roadmap not in held],
        chosen=found,
        roles=list(role_choices(services, organisation, found)) if found else [],
        unsent=unsent,
    )


def _words(refusal: Refused) -> str | None:
    match refusal:
        case WrongState():
            return "Такой ежегодный запуск уже есть, или он прекращён. Ничего не записано."
        case RoleUnmapped():
            return "Не все роли назначены. Ничего не записано."
        case NotFound():
            return "Такого ежегодного запуска нет, или человека с этой ролью нет в списке."
        case _:
            return None


BACK: Final = ((re.compile(r"/yearly"), yearly_page),)
"""Where the forms come back to, when their sender had to sign in."""
