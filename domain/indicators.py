"""Indicators that people enter: for which periods, which values, and what they come to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from domain.base import Value
from domain.deadlines import Period, add_months
from domain.errors import FuturePeriod, IndicatorComputed, IndicatorUnknown, NotWhole
from domain.measures import MEASURES
from domain.roadmap import Indicator, Roadmap, Target

WHOLE_TURN = "turn"
"""The period of an indicator that is entered once a turn."""
_YEAR = 12
_MONTHS = {"half": 6, "quarter": 3, "month": 1}
_WHOLE_UNITS = frozenset({"чел.", "ед."})


class EnteredPeriod(Value):
    """A part of a turn for which a value is entered; both days are included."""

    id: str  # turn, 2026-h1, 2026-q3, 2026-09
    start: date
    end: date


class GivenValue(Value):
    """A value that somebody enters. `turn` counts from 1."""

    indicator: str
    turn: int
    period: str = WHOLE_TURN
    value: Decimal
    source: str


def unit_of(one: Indicator | Target) -> str | None:
    """In what it is counted: what is counted from rows has the unit of its measure."""
    return one.unit or (MEASURES[one.measure].unit if one.measure else None)


def periods_of(one: Indicator, season: Period) -> tuple[EnteredPeriod, ...]:
    """For what the indicator is entered in a turn of this season.

    Parts of the calendar year that begin or end within the season's first twelve months: what
    comes later belongs to the next turn, which begins meanwhile.
    """
    if one.period == "turn":
        return (EnteredPeriod(id=WHOLE_TURN, start=season.start, end=season.end),)
    months = _MONTHS[one.period]
    last = min(season.end, add_months(season.start, _YEAR) - timedelta(days=1))
    begins = date(season.start.year, (season.start.month - 1) // months * months + 1, 1)
    found = []
    while begins <= last:
        after = add_months(begins, months)
        found.append(EnteredPeriod(id=_id(begins, months), start=begins, end=after - _DAY))
        begins = after
    return tuple(found)


_DAY = timedelta(days=1)


def _id(begins: date, months: int) -> str:
    part = (begins.month - 1) // months + 1
    mark = {6: "h", 3: "q"}.get(months)
    return f"{begins.year}-{mark}{part}" if mark else f"{begins:%Y-%m}"


def check_can_enter(
    given: GivenValue, roadmap: Roadmap, seasons: Mapping[int, Period], today: date
) -> None:
    """Refuses a value that cannot be: `seasons` are those of the cycle's turns.

    Raises `IndicatorUnknown` (of an indicator, a turn or a period), `IndicatorComputed`,
    `NotWhole` or `FuturePeriod`.
    """
    one = next((one for one in roadmap.every_indicator() if one.id == given.indicator), None)
    if one is None:
        raise IndicatorUnknown(f"the roadmap has no indicator {given.indicator}")
    if one.measure is not None:
        raise IndicatorComputed(f"{one.id} is counted as {one.measure}")
    if given.turn not in seasons:
        raise IndicatorUnknown(f"the cycle has no turn {given.turn}")
    known = {period.id: period for period in periods_of(one, seasons[given.turn])}
    if given.period not in known:
        periods = ", ".join(known)
        raise IndicatorUnknown(f"{one.id} is entered for {periods}, not for {given.period}")
    if known[given.period].start > today:
        raise FuturePeriod(f"{given.period} of {one.id} has not begun")
    if one.unit in _WHOLE_UNITS and given.value != given.value.to_integral_value():
        raise NotWhole(f"{one.id} is counted in whole numbers")


def total_of(one: Indicator, values: Sequence[Decimal]) -> Decimal | None:
    """What the values of a turn's periods, in their order, come to; None if there are none."""
    if not values:
        return None
    return sum(values, Decimal(0)) if one.total == "sum" else values[-1]


def is_given(periods: Iterable[EnteredPeriod], given: Iterable[str], today: date) -> bool:
    """Whether each period that is over has a value, and at least one has."""
    have = frozenset(given)
    return bool(have) and all(one.id in have for one in periods if one.end < today)


def is_reached(one: Indicator, plan: Decimal | None, fact: Decimal | None) -> bool | None:
    """Whether the plan is reached; None where there is no plan or no figure."""
    if plan is None or fact is None:
        return None
    return fact >= plan if one.better == "more" else fact <= plan
