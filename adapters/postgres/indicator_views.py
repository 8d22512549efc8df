"""Indicators and measures as people read them: plan and fact by year, what is behind a figure."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, Self

from adapters.postgres.indicator_values import Entry, IndicatorFact, Indicators, TargetFact
from adapters.postgres.measures import Row
from adapters.postgres.names import Names
from adapters.postgres.shown import Named
from adapters.postgres.standing_views import StandingViews
from adapters.postgres.turn_rows import today_in
from domain.base import Value
from domain.errors import NotFound
from domain.indicators import EnteredPeriod, unit_of
from domain.measures import BELOW, MEASURES

A_PAGE: Final = 200
"""Rows behind a figure that are told at once."""


class TurnLine(Value):
    """A yearly turn of a cycle and its season."""

    turn: int
    start: date
    end: date


class EntryLine(Value):
    """A value as somebody entered it. Only the last one of its period counts."""

    n: int
    value: Decimal
    source: str
    by: Named
    at: datetime
    counts: bool


class PeriodLine(Value):
    """A period of a turn, its values from the first to the last; what is to come has none."""

    period: str
    start: date
    end: date
    begun: bool
    entries: tuple[EntryLine, ...]


class IndicatorLine(Value):
    """An indicator in one yearly turn: plan and fact, and how the fact was got.

    With a `measure` it is counted from rows, of `steps` only if any are named; else it is entered.
    """

    turn: int
    goal: str
    id: str
    title: str
    unit: str | None
    measure: str | None
    steps: tuple[str, ...]
    plan: Decimal | None
    fact: Decimal | None
    reached: bool | None
    given: bool  # nothing is to be entered now
    periods: tuple[PeriodLine, ...]


class TargetLine(Value):
    """A planned result in one yearly turn; words only where the programme gives no figure."""

    turn: int
    title: str
    unit: str | None
    measure: str | None
    plan: int | None
    fact: Decimal | None
    reached: bool | None


class CycleIndicators(Value):
    """Plan and fact of a cycle, turn by turn."""

    turns: tuple[TurnLine, ...]
    indicators: tuple[IndicatorLine, ...]
    targets: tuple[TargetLine, ...]


class RowLine(Value):
    """What a figure was counted from: `n` of it. `people` are empty for who may not see them."""

    kind: Literal["pair", "person", "document", "event", "publication", "proof", "organisation"]
    id: str
    n: int
    title: str
    day: date | None
    people: tuple[Named, ...]
    pair_id: str | None


class MeasureLine(Value):
    """A measure in one turn. A percentage names the two counts that it is worked out from."""

    measure: str
    title: str
    unit: str
    turn: int
    value: Decimal | None
    part: str | None = None
    whole: str | None = None


class MeasureRows(Value):
    """A measure with its counts, if it is a percentage, and the rows that it comes from; `total` of
    them on all pages.
    """

    line: MeasureLine
    of: tuple[MeasureLine, ...]  # part and whole
    rows: tuple[RowLine, ...]
    total: int

    def page(self, number: int) -> Self:
        """With the rows of a page only, counted from 1."""
        before = (number - 1) * A_PAGE
        return self.changed(rows=self.rows[before : before + A_PAGE])


class IndicatorRows(Value):
    """An indicator in one turn, and what its fact comes from: rows, or the values entered."""

    line: IndicatorLine
    counted: MeasureRows | None


class IndicatorViews(StandingViews):
    """Figures of a cycle. `NotFound` where the organisation has nothing of the kind."""

    def indicators(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleIndicators:
        """The indicators and planned results of all yearly turns."""
        with self._engine.connect() as connection:
            known = Indicators(connection, organisation_id, cycle_id)
            found = [one for turn in known.seasons for one in known.of_turn(turn)]
            targets = [(turn, one) for turn in known.seasons for one in known.targets(turn)]
            names = Names(connection, organisation_id, _authors(found))
        today = today_in(known.launch, now)
        return CycleIndicators(
            turns=tuple(
                TurnLine(turn=turn, start=season.start, end=season.end)
                for turn, season in known.seasons.items()
            ),
            indicators=tuple(_line(one, names, today) for one in found),
            targets=tuple(_target(turn, one) for turn, one in targets),
        )

    def indicator_rows(
        self,
        organisation_id: str,
        cycle_id: str,
        indicator: str,
        turn: int,
        now: datetime,
        *,
        named: bool,
    ) -> IndicatorRows:
        """What an indicator's fact comes from; people only if they may be `named`."""
        with self._engine.connect() as connection:
            known = Indicators(connection, organisation_id, cycle_id)
            facts = {one.indicator.id: one for one in known.of_turn(turn)}
            if indicator not in facts:
                raise NotFound(f"the roadmap has no indicator {indicator}")
            found = facts[indicator]
            measure, steps = found.indicator.measure, found.indicator.steps
            rows = known.measures(turn).rows(measure, steps) if measure else ()
            about = [id_ for row in rows for id_ in row.about] if named else []
            names = Names(connection, organisation_id, [*_authors([found]), *about])
            counted = self._measured(known, measure, turn, steps, names if named else None)
        return IndicatorRows(line=_line(found, names, today_in(known.launch, now)), counted=counted)

    def measures(self, organisation_id: str, cycle_id: str, turn: int) -> tuple[MeasureLine, ...]:
        """Every measure of a turn; those over organisations below only if there are any."""
        with self._engine.connect() as connection:
            known = Indicators(connection, organisation_id, cycle_id)
            below = bool(known.measures(turn).turn.branches)
            return tuple(
                _measure(known, name, turn)
                for name in MEASURES
                if below or not name.startswith(BELOW)
            )

    def measure_rows(
        self, organisation_id: str, cycle_id: str, measure: str, turn: int, *, named: bool
    ) -> MeasureRows:
        """What a measure comes from; people only if they may be `named`."""
        if measure not in MEASURES:
            raise NotFound(f"there is no measure {measure}")
        with self._engine.connect() as connection:
            known = Indicators(connection, organisation_id, cycle_id)
            rows = known.measures(turn).rows(measure)
            about = [id_ for row in rows for id_ in row.about] if named else []
            names = Names(connection, organisation_id, about)
            found = self._measured(known, measure, turn, (), names if named else None)
        if found is None:
            raise NotFound(f"there is no measure {measure}")
        return found

    def _measured(
        self,
        known: Indicators,
        measure: str | None,
        turn: int,
        steps: tuple[str, ...],
        names: Names | None,
    ) -> MeasureRows | None:
        if measure is None:
            return None
        line = _measure(known, measure, turn, steps)
        rows = tuple(self._row(one, names) for one in known.measures(turn).rows(measure, steps))
        return MeasureRows(
            line=line,
            of=tuple(_measure(known, one, turn) for one in (line.part, line.whole) if one),
            rows=rows,
            total=len(rows),
        )

    def _row(self, row: Row, names: Names | None) -> RowLine:
        kind = self._kinds.get(row.title) if row.kind == "document" else None
        return RowLine(
            **row.model_dump(include={"kind", "id", "n", "day", "pair_id"}),
            title=kind.title if kind else row.title,
            people=tuple(map(names.of, row.about)) if names else (),
        )


def _authors(found: Iterable[IndicatorFact]) -> list[str]:
    return [entry.author for one in found for period in one.periods for entry in period.entries]


def _line(one: IndicatorFact, names: Names, today: date) -> IndicatorLine:
    indicator = one.indicator
    return IndicatorLine(
        **indicator.model_dump(include={"id", "title", "measure", "steps"}),
        **one.model_dump(include={"turn", "goal", "plan", "fact"}),
        unit=unit_of(indicator),
        reached=one.reached,
        given=one.is_given(today),
        periods=tuple(
            _period(period.period, period.entries, names, today) for period in one.periods
        ),
    )


def _period(
    period: EnteredPeriod, entries: tuple[Entry, ...], names: Names, today: date
) -> PeriodLine:
    return PeriodLine(
        period=period.id,
        start=period.start,
        end=period.end,
        begun=period.start <= today,
        entries=tuple(
            EntryLine(
                **entry.model_dump(include={"n", "value", "source", "at"}),
                by=names.of(entry.author),
                counts=entry.n == len(entries),
            )
            for entry in entries
        ),
    )


def _target(turn: int, one: TargetFact) -> TargetLine:
    target = one.target
    return TargetLine(
        turn=turn,
        title=target.title,
        unit=unit_of(target),
        measure=target.measure,
        plan=target.at_least,
        fact=one.fact,
        reached=one.reached,
    )


def _measure(known: Indicators, name: str, turn: int, steps: tuple[str, ...] = ()) -> MeasureLine:
    measure = MEASURES[name]
    return MeasureLine(
        measure=name,
        turn=turn,
        value=known.value(name, turn, steps),
        **measure.model_dump(include={"title", "unit", "part", "whole"}),
    )
