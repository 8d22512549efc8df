"""What the API reads of indicators and measures; a part of `reading`."""

from datetime import datetime
from typing import Protocol

from adapters.postgres.indicator_views import (
    CycleIndicators,
    IndicatorLine,
    IndicatorRows,
    MeasureLine,
    MeasureRows,
    RowLine,
    TargetLine,
    TurnLine,
)

__all__ = [
    "CycleIndicators",
    "IndicatorLine",
    "IndicatorReading",
    "IndicatorRows",
    "MeasureLine",
    "MeasureRows",
    "RowLine",
    "TargetLine",
    "TurnLine",
]


class IndicatorReading(Protocol):
    """A part of `Views`."""

    def indicators(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleIndicators: ...

    def indicator_rows(
        self,
        organisation_id: str,
        cycle_id: str,
        indicator: str,
        turn: int,
        now: datetime,
        *,
        named: bool,
    ) -> IndicatorRows: ...

    def measures(
        self, organisation_id: str, cycle_id: str, turn: int
    ) -> tuple[MeasureLine, ...]: ...

    def measure_rows(
        self, organisation_id: str, cycle_id: str, measure: str, turn: int, *, named: bool
    ) -> MeasureRows: ...
