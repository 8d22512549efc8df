"""What is kept of bodies and their sittings, and what of it documents are still to be told."""

from datetime import date, datetime
from typing import Protocol

from domain.base import Value
from domain.bodies import BodySettings
from domain.people import AccessRole
from domain.sittings import Holding, Sitting


class BodyWish(Value):
    """Somebody wants something of a body or a sitting."""

    organisation_id: str
    by: str  # user id
    at: datetime


class SittingNews(Value):
    """A sitting that was held, and what of it was not told yet."""

    organisation_id: str
    sitting: Sitting
    by: str  # user id of whoever recorded it
    role: AccessRole
    items: tuple[int, ...]
    ask_minutes: bool


class SittingDesk(Protocol):
    """A part of `Desk`."""

    def set_body(self, wish: BodyWish, body_id: str, settings: BodySettings) -> None:
        """Keep what the organisation says of a body.

        Raises `NotFound` for an unknown body or person, `NotAMember` for a chair who sits
        elsewhere.
        """
        ...

    def call_sitting(self, wish: BodyWish, sitting: Sitting) -> None:
        """Keep a sitting that is called. Raises as `Sitting.check_can_call`, and `NotFound`."""
        ...

    def hold_sitting(self, wish: BodyWish, sitting_id: str, held: Holding, today: date) -> Sitting:
        """Keep what was decided, and the number of the minutes; the same again for a repeat.

        Raises as `Sitting.check_can_hold`, `NotFound`, and as a typed number may be refused.
        """
        ...

    def cancel_sitting(self, wish: BodyWish, sitting_id: str, reason_id: str) -> None:
        """The sitting will not be. Raises `NotFound`, or `WrongState` if it was held."""
        ...

    def untold_sittings(self, sitting_id: str | None = None) -> tuple[SittingNews, ...]:
        """Sittings of all organisations, or this one, of which somebody has not heard yet."""
        ...

    def item_told(self, sitting_id: str, n: int, refused: str | None) -> None:
        """The document has heard what was decided of it, or refused it with this code."""
        ...

    def minutes_asked(self, sitting_id: str, refused: str | None) -> None:
        """The cycle makes the minutes, or refused to with this code."""
        ...
