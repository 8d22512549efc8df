"""What is kept of terms and of destruction: what an act lists, and how it is carried out."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from domain.base import Message, Value
from domain.kinds import DocumentKind
from domain.people import Form
from domain.retention import Ground


class DestroyListed(Message):
    """Destroy the next of the documents that an act in force lists."""

    organisation_id: str
    act_id: str  # its document
    now: datetime


class SomeDestroyed(Message):
    """How many of the act's list are destroyed by now, and how many are still to be."""

    destroyed: int
    left: int


class DestructionWish(Value):
    """An act shall list documents to be destroyed on a ground: `on` is the organisation's day."""

    act_id: str  # its document
    organisation_id: str
    ground: Ground
    expert_number: str | None = None  # minutes of the expert commission
    expert_day: date | None = None
    documents: tuple[str, ...]
    on: date
    author: str
    at: datetime


class RetentionChoice(Value):
    """From a day on, the organisation keeps documents of a kind and form by this term."""

    organisation_id: str
    kind: str
    form: Form
    since: date
    term: str
    author: str
    at: datetime


class RetentionLedger(Protocol):
    """A part of `Ledger`."""

    def destroy(self, task: DestroyListed) -> SomeDestroyed:
        """Destroy a batch of what an act lists: keys of objects, facts, words of people; each
        document with an event of its own. In the end nothing is left to do, however often asked.

        Raises `NotInForce` if the act is not.
        """
        ...

    def locked_until(self, kind: str, day: date) -> datetime | None:
        """Until when at least the store keeps what is signed that day; None: no year is known.

        Raises `NotFound` for an unknown kind.
        """
        ...


class RetentionDesk(Protocol):
    """A part of `Desk`."""

    def keep_destruction_list(
        self, wish: DestructionWish, kinds: Mapping[str, DocumentKind]
    ) -> None:
        """Keep what an act on destruction shall list; nothing is destroyed before it is in force.

        Raises `NotFound` for what is not a document at its end, `WrongState` for what is destroyed
        or listed already, and as `domain.retention.check_can_destroy`.
        """
        ...

    def choose_retention(self, choice: RetentionChoice) -> None:
        """Keep by which term documents are kept from a day on; what was said for a day stays.

        Raises `NotFound` for an unknown term, and a kind of which the organisation has no choice.
        """
        ...
