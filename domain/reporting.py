"""How a report from a cycle below stands: both cycles, the upper and the lower one, keep it so."""

from datetime import datetime
from typing import Final, Literal

from domain.base import Message

Status = Literal["sent", "again", "accepted", "returned", "excused", "late"]
"""`again`: returned, and it will be sent once more. `late`: it came when nobody asked any more."""

OPEN: Final = frozenset({"sent", "returned"})
"""Something is to follow: an answer above, or a correction below."""

FINAL: Final = frozenset({"accepted", "excused", "late"})
"""Nothing follows from such a report: the lower cycle's result is closed by it."""


class Standing(Message):
    """How one report stands, in one demand and yearly turn of the upper cycle."""

    version: int = 0  # of its figures; 0: there are none
    came: int = 0  # the latest version that the lower cycle has sent; others were entered above
    status: Status
    # In the upper cycle: the lower one was told so. What is `sent` and told was told to be final
    # before: its row below is closed.
    told: bool = False
    note_id: str | None = None  # the remark or the reason


def place(demand: str, turn: int) -> str:
    """The key of a report: the demand, and the yearly turn of the upper cycle."""
    return f"{demand}@{turn}"


def apart(where: str) -> tuple[str, int]:
    """The demand and the turn of a `place`."""
    demand, _, turn = where.rpartition("@")
    return demand, int(turn)


def day_of(due: datetime | None) -> str:
    """How reminders of one deadline are told from those of another."""
    return due.date().isoformat() if due else ""
