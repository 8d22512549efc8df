"""Terms of keeping: what is due for destruction, acts on it, what the organisation decides."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from adapters.postgres.retention_views import RetentionPage
from api import retaining
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.guard import Guarded
from api.legal_schemas import Drafting
from api.retention_schemas import Choices, NewAct, NewChoice

router = APIRouter(prefix="/retention", tags=["retention"], route_class=Guarded)

Due = Annotated[date | None, Query(description="На какой день; без него — на сегодня")]


@router.get("", name="retention.due")
def due(services: ServicesOf, user: Reader, due: Due = None) -> RetentionPage:
    """Documents whose terms are over on a day, by article; nothing is destroyed by looking."""
    day = due or services.today(user.organisation_id)
    return services.views.retention(user.organisation_id, day)


@router.post("/acts", name="retention.make_act")
async def make_act(body: NewAct, act: Acting) -> Drafting:
    """Draft an act that lists documents: they are destroyed once it is in force, never before."""
    return await retaining.make_act(act, body)


@router.get("/choices", name="retention.choices")
def choices(services: ServicesOf, user: Reader, on: OnDay = None) -> Choices:
    """Where the organisation itself decides how long something is kept, and what was decided."""
    day = on or services.today(user.organisation_id)
    return Choices(choices=services.views.retention_choices(user.organisation_id, day))


# Not `async`: it only waits for the database, in a thread.
@router.post("/choices", name="retention.choose")
def choose(body: NewChoice, act: Acting) -> Choices:
    """Decide by which term documents of a kind and form are kept from a day on."""
    return retaining.choose(act, body)
