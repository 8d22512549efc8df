"""What is waited for, from whom, since when, until when, and what follows."""

from collections.abc import Sequence
from typing import Annotated, Final, Self

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
PageNumber = Annotated[int, Query(ge=1, le=10_000)]
A_PAGE: Final = 200


class Waiting(Value):
    """Each thing that is at work, with its sentence; `total` of them on all pages."""

    waiting: tuple[Awaited, ...]
    total: int

    @classmethod
    def of(cls, found: Sequence[Awaited], page: int = 1) -> Self:
        """A page of what was found."""
        before = (page - 1) * A_PAGE
        return cls(waiting=tuple(found[before : before + A_PAGE]), total=len(found))


@router.get("", name="waiting.list")
def waiting(
    services: ServicesOf,
    user: Reader,
    id_: OfOne = None,
    cycle: OfCycle = None,
    page: PageNumber = 1,
) -> Waiting:
    """One cycle, pair or document with its rows; all of a cycle; or all cycles at work. Two hundred
    at a time.
    """
    views, organisation, now = services.views, user.organisation_id, services.process_now()
    if id_ is not None:
        return Waiting.of(awaited_of(services, user, views.workflow_of(organisation, id_)), page)
    if cycle is not None:
        return Waiting.of(awaited(services, user, views.waits_in(organisation, cycle, now)), page)
    cycles = (awaited_of(services, user, f"cycle/{one}")[0] for one in views.cycles(organisation))
    return Waiting.of([one for one in cycles if not one.over], page)
