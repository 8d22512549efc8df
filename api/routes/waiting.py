"""What is waited for, from whom, since when, until when, and what follows."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.deps import Reader, ServicesOf
from api.guard import Guarded
from api.waiting import Awaited, awaited, awaited_of
from domain.base import Value

router = APIRouter(prefix="/waiting", tags=["waiting"], route_class=Guarded)

OfOne = Annotated[
    str | None, Query(alias="id", pattern=r"^[0-9a-f]{16}$", description="Цикл, пара или документ")
]
OfCycle = Annotated[
    str | None, Query(alias="cycle", pattern=r"^[0-9a-f]{16}$", description="Всё, что есть в цикле")
]


class Waiting(Value):
    """Each thing that is at work, with its sentence."""

    waiting: tuple[Awaited, ...]


@router.get("", name="waiting.list")
def waiting(
    services: ServicesOf, user: Reader, id_: OfOne = None, cycle: OfCycle = None
) -> Waiting:
    """One cycle, pair or document with its rows; all of a cycle; or all cycles at work."""
    views, organisation, now = services.views, user.organisation_id, services.process_now()
    if id_ is not None:
        return Waiting(waiting=awaited_of(services, user, views.workflow_of(organisation, id_)))
    if cycle is not None:
        return Waiting(waiting=awaited(services, user, views.waits_in(organisation, cycle, now)))
    cycles = (awaited_of(services, user, f"cycle/{one}")[0] for one in views.cycles(organisation))
    return Waiting(waiting=tuple(one for one in cycles if not one.over))
