"""Standing orders: launch a roadmap at the beginning of each of its seasons."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal

from domain import ids
from domain.base import Message
from domain.deadlines import Period
from domain.errors import WrongState
from domain.planning import period_of, season_of
from domain.roadmap import Roadmap

Outcome = Literal["launched", "already", "refused"]


class YearlyState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


_NEXT: Final[Mapping[YearlyState, tuple[YearlyState, ...]]] = {
    YearlyState.ACTIVE: (YearlyState.PAUSED, YearlyState.ENDED),
    YearlyState.PAUSED: (YearlyState.ACTIVE, YearlyState.ENDED),
    YearlyState.ENDED: (),
}


class YearlyOrder(Message):
    """An order. The rest tells of the latest launch: of the season that begins in `season`, with
    which outcome, which cycle, or the code of the refusal.
    """

    order_id: str
    organisation_id: str
    roadmap_name: str
    holders: dict[str, str]
    time_zone: str
    author: str  # the user who gave it, and whose the cycles are
    state: YearlyState = YearlyState.ACTIVE
    season: int | None = None
    outcome: Outcome | None = None
    cycle_id: str | None = None
    code: str | None = None
    tried_at: datetime | None = None

    def check_can_become(self, state: YearlyState) -> None:
        """Raises `WrongState`; what it is already it may become again."""
        if state is not self.state and state not in _NEXT[self.state]:
            raise WrongState(f"yearly order {self.order_id} is {self.state}")


def season_to_launch(roadmap: Roadmap, day: date) -> tuple[Period, date]:
    """The season that a launch on `day` is for, and its first day: a late launch begins late."""
    season = season_of(roadmap, day)
    return season, max(season.start, day)


def next_start(roadmap: Roadmap, after: date) -> date:
    """When a season begins next, later than that day."""
    this = period_of(roadmap, after.year).start
    return this if this > after else period_of(roadmap, after.year + 1).start


def cycle_of_season(organisation_id: str, roadmap: str, season: Period) -> str:
    """The id of the cycle that an order launches for a season: one, however often it is tried."""
    return ids.derived_id("yearly", organisation_id, roadmap, str(season.start.year))
