"""Standing orders: launch a roadmap at the beginning of each of its seasons."""

from fastapi import APIRouter

from api import launch_schemas as schemas
from api import yearly as doing
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded

router = APIRouter(prefix="/yearly", tags=["yearly"], route_class=Guarded)


@router.get("", name="yearly.list")
def orders(services: ServicesOf, user: Reader) -> schemas.Yearly:
    """All orders: what became of the latest launch, and what the next one will miss."""
    return schemas.Yearly(orders=doing.lines(services, user.organisation_id))


@router.post("", name="yearly.order")
async def order(body: schemas.NewYearly, act: Acting) -> schemas.YearlyLine:
    """Order that a roadmap be launched each year, on its season's first day."""
    return await doing.order(act, body)


@router.post("/{order_id}/state", name="yearly.change")
async def change(order_id: str, body: schemas.YearlyChange, act: Acting) -> schemas.YearlyLine:
    """Pause, resume or end an order; what was launched goes on."""
    return await doing.change(act, order_id, body)


@router.post("/{order_id}/launch", name="yearly.launch")
async def launch(order_id: str, body: schemas.LaunchNow, act: Acting) -> schemas.YearlyLine:
    """Try the launch of the season under way now, after what it missed was mended."""
    del body
    return await doing.launch(act, order_id)
