"""«Следующий год»: what the year after a cycle begins with, then its launch beside the old one."""

import re
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import launch_schemas as schemas
from api import next_year as years
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import WritingPage, signed_in, to, values
from api.pages.launch import (
    LABELS,
    Checked,
    asked_in,
    looked_at,
    role_choices,
    wants_launch,
    words,
)
from api.services import Services
from domain.base import Value
from domain.errors import Refused, WrongState

router = APIRouter(route_class=WritingPage, include_in_schema=False)


class Foreseen(Value):
    """What the page shows of the year to come."""

    found: schemas.NextForeseen
    checked: Checked

    @classmethod
    def of(cls, found: schemas.NextForeseen) -> "Foreseen":
        return cls(found=found, checked=Checked.of(found.launch))


@router.get("/cycles/{cycle_id}/next", name="pages.next_year")
def next_year(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """The form with the holders of this year, and what that would begin with."""
    return next_page(request, services, cycle_id)


@router.post("/cycles/{cycle_id}/next", name="pages.launch_next")
async def launch_next(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Look again at what is missing; launch if that was asked for by somebody who saw just that."""
    organisation = signed_in(request).user.organisation_id
    seen: list[Foreseen] = []
    launched: list[str] = []

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {**asked_in(request), "rows": values(request, "rows")}
        body = schemas.NextLaunch.model_validate(said)
        asked = schemas.NextAsked.model_validate(body.model_dump(exclude={"rows"}))
        found = await run_in_threadpool(years.foreseen, services, organisation, cycle_id, asked)
        seen.append(Foreseen.of(found))
        if wants_launch(request, seen[0].checked):
            launched.append(await years.launch(act, cycle_id, body))
        return None

    unsent = await attempt(request, services, do, LABELS, _words)
    if launched:
        return to(f"/cycles/{launched[0]}")
    back = unsent or looked_at(request)
    return await run_in_threadpool(next_page, request, services, cycle_id, back, *seen)


def next_page(
    request: Request,
    services: Services,
    cycle_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    foreseen: Foreseen | None = None,
) -> Response:
    """The form, with what was chosen before. Raises `NotFound` and `WrongState`."""
    organisation = signed_in(request).user.organisation_id
    if foreseen is None:
        asked = schemas.NextAsked()
        foreseen = Foreseen.of(years.foreseen(services, organisation, cycle_id, asked))
    roadmap = services.roadmaps(foreseen.found.launch.plan.roadmap)
    roles = [
        {**one, "value": foreseen.found.holders.get(role, "")}
        for role, one in zip(
            roadmap.launch_roles(), role_choices(services, organisation, roadmap), strict=True
        )
    ]
    return show.page(
        request,
        "next_year.html",
        unsent.status,
        cycle_id=cycle_id,
        roadmap=roadmap,
        roles=roles,
        found=foreseen.found,
        checked=foreseen.checked,
        taken=unsent.typed.get("rows", "").splitlines(),
        unsent=unsent,
    )


def _words(refusal: Refused) -> str | None:
    if isinstance(refusal, WrongState):
        return "Программа ещё готовится, или её следующий год запускают по приглашению."
    return words(refusal)


BACK: Final = ((re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/next"), next_page),)
"""Where the form comes back to, when its sender had to sign in."""
