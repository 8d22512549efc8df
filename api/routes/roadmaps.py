"""Roadmaps under way: a row more in one cycle, a new version for all that run by it."""

from fastapi import APIRouter

from api import roadmap_changes
from api import row_schemas as schemas
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from api.routes.roadmap_reading import ItemLine
from api.schemas import Answered
from domain.base import Value

router = APIRouter(tags=["roadmaps"], route_class=Guarded)


class PastRows(Value):
    """Rows that were over when the cycle was launched."""

    rows: tuple[ItemLine, ...]


@router.post("/roadmaps/{name}/apply", name="roadmaps.apply")
async def apply(name: str, body: schemas.ApplyRoadmap, act: Acting) -> schemas.Applied:
    """Hold the library's version of a roadmap against the cycles that run by it; apply it, unless
    it is a dry run. A cycle in conflict stays as it is, and each of its rows says why.
    """
    return await roadmap_changes.apply(act, name, body)


@router.post("/cycles/{cycle_id}/rows", name="cycles.add_row")
async def add_row(cycle_id: str, body: schemas.NewRow, act: Acting) -> Answered:
    """Add a row to one cycle."""
    return await roadmap_changes.add_row(act, cycle_id, body)


@router.get("/cycles/{cycle_id}/past-rows", name="cycles.past_rows")
def past_rows(cycle_id: str, services: ServicesOf, user: Reader) -> PastRows:
    """Rows that were over when the cycle was launched and that nobody has closed: each is proved by
    what took place then, or marked as not applicable.
    """
    organisation, now = user.organisation_id, services.process_now()
    return PastRows(rows=services.views.past_rows(organisation, cycle_id, now))
