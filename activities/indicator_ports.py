"""What is kept of indicators that people enter."""

from datetime import datetime
from typing import Protocol

from domain.base import Value
from domain.indicators import GivenValue


class EnterValues(Value):
    """Somebody enters values, all or none. `wish_id` makes a repeat of it known."""

    wish_id: str
    organisation_id: str
    cycle_id: str
    values: tuple[GivenValue, ...]
    author: str
    at: datetime


class IndicatorDesk(Protocol):
    """A part of `Desk`."""

    def enter_values(self, wish: EnterValues) -> None:
        """Keep each value beside those that were entered before: the last one counts, and the log
        has them all. A repeat of the wish changes nothing.

        Raises `NotFound` for a cycle that the organisation has not, and as
        `domain.indicators.check_can_enter`; the day is that of the wish in the cycle's zone.
        """
        ...
