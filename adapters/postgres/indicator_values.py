"""Indicators of a yearly turn: plan and fact, counted from rows or as people entered them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from sqlalchemy import Connection, text

from adapters.postgres.access_views import one_of
from adapters.postgres.measures import Measures
from adapters.postgres.turn_rows import LAUNCH, seasons_of
from domain.base import Value
from domain.errors import NotFound
from domain.indicators import EnteredPeriod, is_given, is_reached, periods_of, total_of
from domain.measures import MEASURES, value_of
from domain.roadmap import Indicator, Roadmap, Target

_ENTERED = text(
    """
    SELECT indicator, turn, period, n, value, source, author, at FROM indicator_values
    WHERE organisation_id = :organisation AND cycle_id = :cycle
    ORDER BY indicator, turn, period, n
    """
)


class Entry(Value):
    """A value as somebody entered it; `n` counts from 1 within its period."""

    indicator: str
    turn: int
    period: str
    n: int
    value: Decimal
    source: str
    author: str
    at: datetime


class PeriodFact(Value):
    """What was entered for a period, the first value first: the last one counts."""

    period: EnteredPeriod
    entries: tuple[Entry, ...]


class IndicatorFact(Value):
    """An indicator in one turn. `periods` are empty for one that is counted."""

    indicator: Indicator
    goal: str
    turn: int
    plan: Decimal | None
    fact: Decimal | None
    periods: tuple[PeriodFact, ...] = ()

    @property
    def reached(self) -> bool | None:
        """Whether the plan is; None where plan or fact is missing."""
        return is_reached(self.indicator, self.plan, self.fact)

    @property
    def last(self) -> tuple[Entry, ...]:
        """The entries that count, period by period."""
        return tuple(one.entries[-1] for one in self.periods if one.entries)

    def is_given(self, today: date) -> bool:
        """Whether nothing is to be entered on that day: all that is over has a value."""
        if self.indicator.measure is not None:
            return True
        given = (one.period.id for one in self.periods if one.entries)
        return is_given((one.period for one in self.periods), given, today)


class TargetFact(Value):
    """A planned result in one turn; without a figure where the programme gives none."""

    target: Target
    fact: Decimal | None = None
    reached: bool | None = None


class Indicators:
    """The figures of a cycle by its turns. Raises `NotFound` if the organisation has no such cycle,
    or the cycle no such turn.
    """

    def __init__(self, connection: Connection, organisation_id: str, cycle_id: str) -> None:
        self._connection = connection
        self._about = (organisation_id, cycle_id)
        self.launch = one_of(connection, LAUNCH, organisation_id, "cycle", cycle=cycle_id)
        self.roadmap = Roadmap.model_validate(self.launch["roadmap"])
        self.seasons = seasons_of(self.roadmap, self.launch)
        self._measures: dict[int, Measures] = {}

    def measures(self, turn: int) -> Measures:
        """The measures of a turn, read once."""
        self._check(turn)
        if turn not in self._measures:
            self._measures[turn] = Measures(self._connection, *self._about, turn)
        return self._measures[turn]

    def of_turn(self, turn: int) -> tuple[IndicatorFact, ...]:
        """All indicators, goal by goal."""
        self._check(turn)
        return tuple(
            self._fact(one, group.title, turn)
            for group in self.roadmap.indicators
            for one in group.indicators
        )

    def targets(self, turn: int) -> tuple[TargetFact, ...]:
        """All planned results beside what is reached."""
        return tuple(self._target(one, turn) for one in self.roadmap.targets)

    def value(self, measure: str, turn: int, steps: Iterable[str] = ()) -> Decimal | None:
        """A measure; a percentage is None where there is nobody to count it of."""
        measures, known = self.measures(turn), MEASURES[measure]
        names = [name for name in (known.part, known.whole) if name] or [measure]
        return value_of(measure, {name: measures.count(name, tuple(steps)) for name in names})

    def _check(self, turn: int) -> None:
        if turn not in self.seasons:
            raise NotFound(f"the cycle has no turn {turn}")

    def _fact(self, one: Indicator, goal: str, turn: int) -> IndicatorFact:
        given = {"indicator": one, "goal": goal, "turn": turn, "plan": one.plan.get(turn)}
        if one.measure is not None:
            return IndicatorFact.model_validate(
                {**given, "fact": self.value(one.measure, turn, one.steps)}
            )
        periods = tuple(
            PeriodFact(period=period, entries=tuple(self._entries[(one.id, turn, period.id)]))
            for period in periods_of(one, self.seasons[turn])
        )
        values = [period.entries[-1].value for period in periods if period.entries]
        return IndicatorFact.model_validate(
            {**given, "fact": total_of(one, values), "periods": periods}
        )

    def _target(self, target: Target, turn: int) -> TargetFact:
        if target.measure is None or target.at_least is None:
            return TargetFact(target=target)
        fact = self.value(target.measure, turn)
        reached = None if fact is None else fact >= target.at_least
        return TargetFact(target=target, fact=fact, reached=reached)

    @cached_property
    def _entries(self) -> Mapping[tuple[str, int, str], list[Entry]]:
        organisation, cycle = self._about
        given = {"organisation": organisation, "cycle": cycle}
        found: dict[tuple[str, int, str], list[Entry]] = defaultdict(list)
        for row in self._connection.execute(_ENTERED, given).mappings():
            found[(row["indicator"], row["turn"], row["period"])].append(
                Entry.model_validate(dict(row))
            )
        return found


def entered(
    connection: Connection, organisation_id: str, cycle_id: str, turn: int
) -> dict[str, str]:
    """What the indicators that people enter come to in a turn, by their ids; none without value."""
    found = Indicators(connection, organisation_id, cycle_id).of_turn(turn)
    return {
        one.indicator.id: f"{one.fact:f}"
        for one in found
        if one.indicator.measure is None and one.fact is not None
    }
