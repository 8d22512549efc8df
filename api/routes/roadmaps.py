"""Roadmaps: what each would ask; under way: a row more in one cycle, a new version for all."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import launch_schemas, launching, roadmap_changes
from api import row_schemas as schemas
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from api.routes.roadmap_reading import ItemLine
from api.schemas import Answered, LaunchDay, Name
from domain.base import Value
from domain.roadmap import MOST_TURNS

router = APIRouter(tags=["roadmaps"], route_class=Guarded)


class PastRows(Value):
    """Rows that were over when the cycle was launched."""

    rows: tuple[ItemLine, ...]


@router.get("/roadmaps", name="roadmaps.list")
def roadmaps(services: ServicesOf, user: Reader) -> launch_schemas.Roadmaps:
    """All roadmaps that can be launched, by title."""
    del user
    return launch_schemas.Roadmaps(roadmaps=launching.library(services))


@router.get("/roadmaps/{name}/preview", name="roadmaps.preview")
def preview(
    name: Annotated[Name, Path()],
    start: Annotated[LaunchDay, Query()],
    services: ServicesOf,
    user: Reader,
    turns: Annotated[int | None, Query(ge=1, le=MOST_TURNS)] = None,
    holder: Annotated[tuple[launch_schemas.Holding, ...], Query(max_length=100)] = (),
) -> launch_schemas.LaunchForeseen:
    """Everything that a launch would ask, and who and what is missing for it; nothing is written.

    `holder` names a role and, by id or code, who is to hold it: `director:D-01`.
    """
    held = dict(one.split(":", 1) for one in holder)
    asked = launch_schemas.LaunchAsked(roadmap=name, start=start, turns=turns, holders=held)
    return launching.foreseen(services, user.organisation_id, asked)


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
