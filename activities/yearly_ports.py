"""What is asked of standing orders: by the API, and by the workflow that a schedule starts."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from activities.tasks import Launch
from domain.base import Message, Value
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.yearly import Outcome, YearlyOrder, YearlyState


class LaunchYearly(Message):
    """Launch what an order names for the season that has come."""

    order_id: str


class TryLaunch(Message):
    """The same at a moment: a repeat of that try changes nothing more."""

    order_id: str
    at: datetime


class Tried(Message):
    """What came of it. `state` is that of the cycle to be started, if there is one."""

    outcome: Outcome | None = None  # None: the order is paused or ended
    state: ProgrammeState | None = None


class NewYearly(Value):
    """An order that somebody gives."""

    order_id: str
    organisation_id: str
    roadmap_name: str
    holders: dict[str, str]
    by: str
    at: datetime


class LaunchDesk(Protocol):
    """Launches and orders, as the API writes them."""

    def keep_launch(self, cycle_id: str, organisation_id: str, launch: Launch) -> None:
        """Keep what is launched. Raises `AlreadyLaunched` if another cycle of this roadmap runs
        for the organisation in the period, `NotFound` for an unknown holder.
        """
        ...

    def keep_yearly(self, wish: NewYearly) -> YearlyOrder:
        """Keep an order; a repeat is the same one.

        Raises `WrongState` if another one of that roadmap is open, `NotFound` for a holder.
        """
        ...

    def change_yearly(
        self, organisation_id: str, order_id: str, state: YearlyState, by: str, at: datetime
    ) -> YearlyOrder:
        """Pause, resume or end it. Raises `NotFound`, and `WrongState` once it has ended."""
        ...


FindRoadmap = Callable[[str], Roadmap | None]
"""The roadmap of the library with this name, if there is one."""


class YearlyBook(Protocol):
    """Orders, as they are carried out."""

    def try_launch(self, task: TryLaunch, find: FindRoadmap) -> Tried:
        """Keep the launch of the order's season, or why there is none; each try once."""
        ...

    def open_orders(self) -> tuple[YearlyOrder, ...]:
        """All that have not ended, of all organisations."""
        ...
