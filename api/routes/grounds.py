"""Legal grounds: the acts that the organisation's papers cite."""

from datetime import date

from fastapi import APIRouter

from adapters.postgres.views import GroundLine
from api import legal_schemas
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.guard import Guarded
from domain.base import Value

router = APIRouter(prefix="/grounds", tags=["grounds"], route_class=Guarded)


class Grounds(Value):
    """All acts of the organisation, as they stand on a day."""

    on: date
    grounds: tuple[GroundLine, ...]


@router.get("", name="grounds.list")
def grounds(services: ServicesOf, user: Reader, on: OnDay = None) -> Grounds:
    """The acts that came with the service and the organisation's own; lost ones are flagged."""
    day = on or services.today(user.organisation_id)
    return Grounds(on=day, grounds=services.views.grounds(user.organisation_id, day))


@router.post("", name="grounds.add")
async def add(body: legal_schemas.NewGround, act: Acting) -> GroundLine:
    """Add an act; papers of its topics cite it from its first day on."""
    return await act.keep_ground(body)


@router.post("/{ground_id}/end", name="grounds.end")
async def end(ground_id: str, body: legal_schemas.GroundLost, act: Acting) -> GroundLine:
    """Say that an act lost force; no paper of that day or later cites it."""
    return await act.end_ground(ground_id, body)
