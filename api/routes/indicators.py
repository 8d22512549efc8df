"""Indicators and measures of a cycle: plan and fact by year, and what is behind each figure."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api import entering
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from api.indicator_schemas import NewValues
from api.policy import ALLOWED
from api.routes.indicator_reading import CycleIndicators, IndicatorRows, MeasureLine, MeasureRows
from api.routes.reading import User
from domain.base import Value
from domain.roadmap import MOST_TURNS

router = APIRouter(prefix="/cycles", tags=["indicators"], route_class=Guarded)

Turn = Annotated[int, Query(ge=1, le=MOST_TURNS, description="Который год программы, с 1")]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]
IndicatorId = Annotated[str, Path(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=12)]
MeasureId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,59}$")]


class Measures(Value):
    """The measures of a turn."""

    measures: tuple[MeasureLine, ...]


def may_see_people(user: User) -> bool:
    """Whether this user sees who stands behind a figure."""
    return user.role in ALLOWED["people.list"]


@router.get("/{cycle_id}/indicators", name="cycles.indicators")
def indicators(cycle_id: str, services: ServicesOf, user: Reader) -> CycleIndicators:
    """The indicators and planned results in each yearly turn, and how each fact was got."""
    return services.views.indicators(user.organisation_id, cycle_id, services.process_now())


# Not `async`: it only waits for the database, in a thread.
@router.post("/{cycle_id}/indicators", name="cycles.enter_indicators")
def enter(cycle_id: str, body: NewValues, act: Acting) -> CycleIndicators:
    """Enter values of indicators that are not counted; a later value corrects an earlier one."""
    return entering.enter(act, cycle_id, body)


@router.get("/{cycle_id}/indicators/{indicator}/rows", name="cycles.indicator_rows")
def indicator_rows(
    cycle_id: str,
    indicator: IndicatorId,
    services: ServicesOf,
    user: Reader,
    turn: Turn = 1,
    page: PageNumber = 1,
) -> IndicatorRows:
    """What an indicator's fact comes from: the rows that were counted, two hundred at a time, or
    all values entered.
    """
    found = services.views.indicator_rows(
        user.organisation_id,
        cycle_id,
        indicator,
        turn,
        services.process_now(),
        named=may_see_people(user),
    )
    return found.changed(counted=found.counted and found.counted.page(page))


@router.get("/{cycle_id}/measures", name="cycles.measures")
def measures(cycle_id: str, services: ServicesOf, user: Reader, turn: Turn = 1) -> Measures:
    """Everything that is counted of a turn."""
    return Measures(measures=services.views.measures(user.organisation_id, cycle_id, turn))


@router.get("/{cycle_id}/measures/{measure}/rows", name="cycles.measure_rows")
def measure_rows(
    cycle_id: str,
    measure: MeasureId,
    services: ServicesOf,
    user: Reader,
    turn: Turn = 1,
    page: PageNumber = 1,
) -> MeasureRows:
    """The rows that a measure is counted from, two hundred at a time."""
    found = services.views.measure_rows(
        user.organisation_id, cycle_id, measure, turn, named=may_see_people(user)
    )
    return found.page(page)
