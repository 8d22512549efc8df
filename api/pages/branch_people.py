"""«Участники» of the organisations below: names where a consent gives them, numbers else."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.deps import ServicesOf
from api.pages import show
from api.pages.cycles import STAGES
from api.pages.guard import Page, SignedInReader
from domain.transfers import PARTS

router = APIRouter(route_class=Page, include_in_schema=False)


@router.get("/cycles/{cycle_id}/branches/people", name="pages.branch_people")
def branch_people(
    cycle_id: str,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    turn: Annotated[str, Query(pattern=r"^([1-9]|10)?$")] = "",
) -> Response:
    """Who takes part below in a year of the programme, by organisation."""
    organisation, now = who.user.organisation_id, services.process_now()
    found = services.views.people_below(organisation, cycle_id, now, int(turn) if turn else None)
    return show.page(
        request,
        "branch_people.html",
        cycle=services.views.cycle_line(organisation, cycle_id, now),
        stages=STAGES,
        found=found,
        parts=PARTS,
        people=sum(one.people for one in found.branches),
        unnamed=sum(one.unnamed for one in found.branches),
        stale=[
            {
                "title": services.kinds[one.kind].title if one.kind in services.kinds else one.kind,
                "day": one.day,
                "people": one.people,
                "path": f"/documents/{one.document_id}",
            }
            for one in found.stale
        ],
    )
