"""Bodies and their sittings: members and settings, agenda, votes, decisions."""

from typing import Annotated

from fastapi import APIRouter, Query

from adapters.postgres.body_views import BodyView, SittingView
from api import body_schemas as schemas
from api import sittings
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.guard import Guarded

router = APIRouter(tags=["bodies"], route_class=Guarded)

OfBody = Annotated[
    str | None,
    Query(pattern=r"^[0-9a-f]{16}$", description="Какого органа; без него — всех"),
]


@router.get("/bodies", name="bodies.list")
def bodies(services: ServicesOf, user: Reader, on: OnDay = None) -> schemas.Bodies:
    """The organisation's bodies, by name: who sits there on a day, how often they sat."""
    day = on or services.today(user.organisation_id)
    return schemas.Bodies(on=day, bodies=services.views.bodies_on(user.organisation_id, day))


@router.get("/bodies/{body_id}", name="bodies.get")
def body(body_id: str, services: ServicesOf, user: Reader, on: OnDay = None) -> BodyView:
    """One body as it stands on a day."""
    day = on or services.today(user.organisation_id)
    return services.views.body(user.organisation_id, body_id, day)


@router.post("/bodies/{body_id}/settings", name="bodies.set")
def set_body(body_id: str, body: schemas.BodySettings, act: Acting) -> BodyView:
    """Say who presides and keeps minutes, what the quorum is, how often the body sits."""
    return sittings.set_body(act, body_id, body)


@router.post("/bodies/{body_id}/sittings", name="bodies.call_sitting")
def call_sitting(body_id: str, body: schemas.NewSitting, act: Acting) -> SittingView:
    """Call a sitting with its agenda; its documents are versions that wait for this body."""
    return sittings.call(act, body_id, body)


@router.get("/sittings", name="sittings.list")
def listed(
    services: ServicesOf,
    user: Reader,
    body: OfBody = None,
) -> schemas.Sittings:
    """Sittings, the latest first."""
    return schemas.Sittings(sittings=services.views.sittings(user.organisation_id, body))


@router.get("/sittings/{sitting_id}", name="sittings.get")
def sitting(sitting_id: str, services: ServicesOf, user: Reader) -> SittingView:
    """One sitting: agenda, who came, votes, decisions, and what became of its minutes."""
    return services.views.sitting(user.organisation_id, sitting_id)


@router.post("/sittings/{sitting_id}/held", name="sittings.hold")
async def hold(sitting_id: str, body: schemas.SittingHeld, act: Acting) -> SittingView:
    """Record who came, votes and decisions; documents hear of it and the minutes are drafted."""
    return await sittings.hold(act, sitting_id, body)


@router.post("/sittings/{sitting_id}/cancel", name="sittings.cancel")
async def cancel(sitting_id: str, body: schemas.SittingCancelled, act: Acting) -> SittingView:
    """Cancel a sitting that was called and not held."""
    return await sittings.cancel(act, sitting_id, body)
