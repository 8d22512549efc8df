"""What the API reads before a launch; a part of `reading`."""

from datetime import date, datetime
from typing import Protocol

from domain.launch_checks import House
from domain.roadmap import Roadmap
from domain.yearly import YearlyOrder

__all__ = ["LaunchReading"]


class LaunchReading(Protocol):
    """A part of `Views`."""

    def house(
        self, organisation_id: str, roadmap: Roadmap, start: date, turns: int, now: datetime
    ) -> House: ...

    def yearly(self, organisation_id: str) -> tuple[YearlyOrder, ...]: ...
