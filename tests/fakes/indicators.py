"""Indicators in memory: the desk's part and the views'."""

from datetime import date, datetime
from decimal import Decimal

from activities.indicator_ports import EnterValues
from adapters.postgres.indicator_views import (
    CycleIndicators,
    EntryLine,
    IndicatorLine,
    IndicatorRows,
    MeasureLine,
    MeasureRows,
    PeriodLine,
    RowLine,
    TargetLine,
    TurnLine,
)
from adapters.postgres.shown import Named
from domain.deadlines import Period
from domain.errors import NotFound
from domain.indicators import GivenValue, check_can_enter
from domain.measures import MEASURES
from tests.fakes.form_views import FakeFormViews
from tests.roadmap_builders import a_roadmap

SEASON = Period(start=date(2026, 9, 1), end=date(2027, 8, 31))
ROADMAP = a_roadmap(
    indicators=[
        {
            "title": "Первая задача",
            "indicators": [
                {"id": "1.1", "title": "Договоры", "unit": "ед.", "plan": {1: 12}},
                {"id": "1.2", "title": "Пары", "measure": "pairs", "plan": {1: 2}},
                {"id": "1.3", "title": "Обращения", "unit": "ед.", "period": "quarter"},
            ],
        }
    ]
)
SOMEBODY = Named(id="d" * 16, name="Соколова Н. П.")


class MemoryIndicators:
    """`IndicatorDesk` over dictionaries, for a cycle of one turn by `ROADMAP`."""

    def __init__(self) -> None:
        self.wishes: dict[str, EnterValues] = {}

    def enter(self, wish: EnterValues) -> None:
        for one in wish.values:
            check_can_enter(one, ROADMAP, {1: SEASON}, wish.at.date())
        self.wishes.setdefault(wish.wish_id, wish)

    @property
    def values(self) -> list[tuple[GivenValue, datetime]]:
        """What was entered, the first value first."""
        return [(one, wish.at) for wish in self.wishes.values() for one in wish.values]


class FakeIndicatorViews(FakeFormViews):
    """Reads of what the desk was given; the pairs are three, and one of them is shown."""

    entered: MemoryIndicators

    def indicators(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleIndicators:
        self._check(organisation_id, f"cycle/{cycle_id}")
        target = TargetLine(
            turn=1,
            title="Наставники педагогов",
            unit="чел.",
            measure="mentors_of_staff",
            plan=3,
            fact=Decimal(1),
            reached=False,
        )
        return CycleIndicators(
            turns=(TurnLine(turn=1, start=SEASON.start, end=SEASON.end),),
            indicators=(self._entered("1.1"), self._counted(), self._entered("1.3")),
            targets=(target,),
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
        lines = self.indicators(organisation_id, cycle_id, now).indicators
        line = next((one for one in lines if (one.id, one.turn) == (indicator, turn)), None)
        if line is None:
            raise NotFound("no such indicator")
        if line.measure is None:
            return IndicatorRows(line=line, counted=None)
        rows = self.measure_rows(organisation_id, cycle_id, line.measure, turn, named=named)
        return IndicatorRows(line=line, counted=rows)

    def measures(self, organisation_id: str, cycle_id: str, turn: int) -> tuple[MeasureLine, ...]:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return (_measure("pairs", turn), _measure("matched_percent", turn))

    def measure_rows(
        self, organisation_id: str, cycle_id: str, measure: str, turn: int, *, named: bool
    ) -> MeasureRows:
        self._check(organisation_id, f"cycle/{cycle_id}")
        if measure not in MEASURES or turn != 1:
            raise NotFound("no such measure")
        pair = RowLine(
            kind="pair",
            id="e" * 16,
            n=3,
            title="",
            day=None,
            people=(SOMEBODY, SOMEBODY) if named else (),
            pair_id="e" * 16,
        )
        line = _measure(measure, turn)
        of = tuple(_measure(one, turn) for one in (line.part, line.whole) if one)
        return MeasureRows(line=line, of=of, rows=(pair,), total=1)

    def _counted(self) -> IndicatorLine:
        return IndicatorLine(
            turn=1,
            goal="Первая задача",
            id="1.2",
            title="Пары",
            unit="ед.",
            measure="pairs",
            steps=(),
            plan=Decimal(2),
            fact=Decimal(3),
            reached=True,
            given=True,
            periods=(),
        )

    def _entered(self, indicator: str) -> IndicatorLine:
        quarterly = indicator == "1.3"
        names = ("2026-q3", "2026-q4") if quarterly else ("turn",)
        periods = tuple(self._period(indicator, name) for name in names)
        last = [one.entries[-1].value for one in periods if one.entries]
        return IndicatorLine(
            turn=1,
            goal="Первая задача",
            id=indicator,
            title="Обращения" if quarterly else "Договоры",
            unit="ед.",
            measure=None,
            steps=(),
            plan=None if quarterly else Decimal(12),
            fact=sum(last, Decimal(0)) if last else None,
            reached=None,
            given=bool(last),
            periods=periods,
        )

    def _period(self, indicator: str, period: str) -> PeriodLine:
        about = [
            (one, at)
            for one, at in self.entered.values
            if (one.indicator, one.period) == (indicator, period)
        ]
        return PeriodLine(
            period=period,
            start=SEASON.start,
            end=SEASON.end,
            begun=period != "2026-q4",
            entries=tuple(
                EntryLine(
                    n=n,
                    value=one.value,
                    source=one.source,
                    by=SOMEBODY,
                    at=at,
                    counts=n == len(about),
                )
                for n, (one, at) in enumerate(about, start=1)
            ),
        )


def _measure(name: str, turn: int) -> MeasureLine:
    known = MEASURES[name]
    return MeasureLine(
        measure=name,
        turn=turn,
        value=Decimal(3),
        **known.model_dump(include={"title", "unit", "part", "whole"}),
    )
