"""What is kept of events and publications."""

from datetime import datetime
from typing import Literal, Protocol

from activities.tasks import KeptText
from domain.base import Value
from domain.events import EventDetails, PublicationDetails


class EventWish(Value):
    """Somebody tells of an event of a cycle's yearly turn.

    `wish_id` makes a repeat known. `item_id` is the row that it is held for, if one is known.
    """

    wish_id: str
    organisation_id: str
    cycle_id: str
    turn: int
    event_id: str
    item_id: str | None = None
    details: EventDetails
    author: str
    at: datetime


class EventCorrection(Value):
    """What is said of an event shall be this from now on."""

    wish_id: str
    organisation_id: str
    event_id: str
    details: EventDetails
    author: str
    at: datetime


class PublicationWish(Value):
    """Somebody tells of a publication; as `EventWish`."""

    wish_id: str
    organisation_id: str
    cycle_id: str
    turn: int
    publication_id: str
    details: PublicationDetails
    author: str
    at: datetime


class PublicationCorrection(Value):
    """What is said of a publication shall be this from now on."""

    wish_id: str
    organisation_id: str
    publication_id: str
    details: PublicationDetails
    author: str
    at: datetime


class PublicationCheck(Value):
    """Somebody looked whether a publication is still there."""

    wish_id: str
    organisation_id: str
    publication_id: str
    present: bool
    author: str
    at: datetime


class Withdrawal(Value):
    """Somebody withdraws what was entered by mistake: the event or publication of this id."""

    wish_id: str
    organisation_id: str
    what: Literal["event", "publication"]
    id: str
    reason: str
    author: str
    at: datetime


class ProofClaim(Value):
    """A request that names an event or a publication as the proof of a row: `text` says of which
    row, and which version.
    """

    request_id: str
    what: Literal["event", "publication"]
    id: str
    text: KeptText


class EventDesk(Protocol):
    """A part of `Desk`. Each change is a next version beside the earlier ones, and in the log; a
    repeat of the wish changes nothing. The day is that of the wish in the cycle's zone. Of what
    was withdrawn nothing more is kept: `EventWithdrawn`.
    """

    def add_event(self, wish: EventWish) -> None:
        """Keep an event.

        Raises `NotFound` for a cycle, a row or a person that the organisation has not, `BadDate`
        for a turn that the cycle has not, and as `domain.events.check_event`.
        """
        ...

    def correct_event(self, wish: EventCorrection) -> None:
        """Keep what is said of an event now. Raises as `add_event`."""
        ...

    def add_publication(self, wish: PublicationWish) -> None:
        """Keep a publication. Raises as `add_event`, and as `domain.events.check_publication`."""
        ...

    def correct_publication(self, wish: PublicationCorrection) -> None:
        """Keep what is said of a publication now, which nobody has checked yet."""
        ...

    def check_publication(self, wish: PublicationCheck) -> None:
        """Keep that somebody looked. Raises `NotFound`."""
        ...

    def withdraw_told(self, wish: Withdrawal) -> None:
        """Keep that it counts no more, and why.

        Raises `NotFound`, `ProvesRow` while it proves a result of a row, and `BeingNamed` while it
        is being named as the proof of one.
        """
        ...

    def claim_proof(self, claim: ProofClaim) -> None:
        """Keep the text. What it names cannot be withdrawn until the claim is released, or a day
        has passed without a word of what became of it.

        Raises `NotFound`, and `EventWithdrawn` if it was withdrawn before.
        """
        ...

    def release_proof(self, claim: ProofClaim) -> None:
        """The row has it now, or refused it."""
        ...
