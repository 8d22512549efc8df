"""Sittings of bodies: called with an agenda, then held with votes and decisions, or cancelled.

A decision of a sitting counts for the version of a document that the agenda names. Words of a
resolution may hold personal data: they stay in the database and never enter a workflow.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain import ids
from domain.base import Value
from domain.bodies import MinutesKind, Quorum
from domain.errors import (
    BadDate,
    ItemsUndecided,
    NoMajority,
    NoQuorum,
    NotAMember,
    StaleVersion,
    TooManyVotes,
    WrongState,
)
from domain.routes import Outcome

Waiting = Mapping[str, tuple[int, str | None]]
"""Documents that wait for a body now: the version that waits, and its hash."""

Voices = Annotated[int, Field(ge=0, le=10_000)]


class AgendaItem(Value):
    """A question, and the version of a document that it is about."""

    title: str
    document_id: str | None = None
    version: int | None = None
    sha256: str | None = None

    @model_validator(mode="after")
    def _names_a_version(self) -> Self:
        if len({one is None for one in (self.document_id, self.version, self.sha256)}) > 1:
            raise ValueError("a document is named with its version and hash")
        return self


class Votes(Value):
    """How those present voted; somebody may not have voted at all."""

    in_favour: Voices = 0
    against: Voices = 0
    abstained: Voices = 0

    @property
    def cast(self) -> int:
        return self.in_favour + self.against + self.abstained


class Resolution(Value):
    """What was decided of one item, counted from 1.

    `minutes_only`: the document was changed or given up since the agenda was made; the decision
    stands in the minutes and counts for no version.
    """

    n: int
    outcome: Outcome
    text: str
    votes: Votes
    who: str | None = None
    due: str | None = None
    speaker: str | None = None
    heard: str | None = None
    minutes_only: bool = False


class SittingState(StrEnum):
    CALLED = "called"
    HELD = "held"
    CANCELLED = "cancelled"


class Holding(Value):
    """What somebody records of a sitting. What is left out is as it was called."""

    request_id: str
    by: str  # user id
    at: datetime
    present: tuple[str, ...]
    resolutions: tuple[Resolution, ...]
    day: date | None = None
    chair_id: str | None = None
    secretary_id: str | None = None
    number: str | None = None  # given elsewhere; none: the journal's next one


class Sitting(Value):
    """One sitting. Quorum and officers are those of its day, whatever the body changes later."""

    sitting_id: str
    body_id: str
    cycle_id: str
    day: date
    place: str
    chair_id: str
    secretary_id: str
    quorum: Quorum
    minutes_kind: MinutesKind
    agenda: Annotated[tuple[AgendaItem, ...], Field(min_length=1)]
    state: SittingState = SittingState.CALLED
    members: int = 0  # how many there were on the day, once held
    present: tuple[str, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    number: str | None = None
    request_id: str | None = None  # by which it was held

    @property
    def minutes_id(self) -> str:
        """The document that its minutes will be."""
        return ids.derived_id(self.sitting_id, "minutes")

    @property
    def line_id(self) -> str:
        """The line of the journal that its minutes have, unless a typed number had one before."""
        return ids.derived_id(self.sitting_id, "line")

    def note_id(self, n: int) -> str:
        """The row with the words of a resolution, as the document is told of them."""
        return ids.derived_id(self.sitting_id, "resolution", str(n))

    def check_can_call(self, members: Collection[str], waiting: Waiting) -> None:
        """`members` of the body on the sitting's day.

        Raises `NotAMember` for another's chair, `WrongState` for a document that does not wait for
        this body, `StaleVersion` for another version than the one that waits.
        """
        self._check_chair(self.chair_id, members)
        for item in self.agenda:
            if item.document_id is None:
                continue
            if item.document_id not in waiting:
                raise WrongState(f"document {item.document_id} does not wait for this body")
            _check_version(item, waiting)

    def check_can_hold(
        self, held: Holding, members: Collection[str], waiting: Waiting, today: date
    ) -> None:
        """`members` of the body on the day on which it was held.

        Approval needs more than half of those present: whoever abstains does not approve. Raises
        `WrongState`, `BadDate`, `NotAMember`, `NoQuorum`, `ItemsUndecided`, `TooManyVotes`,
        `NoMajority` or `StaleVersion`.
        """
        self._check_called()
        day = held.day or self.day
        if day > today:
            raise BadDate(f"a sitting of {day} was not held by {today}")
        strangers = sorted(set(held.present) - set(members))
        if strangers:
            raise NotAMember(f"no member on {day}: {', '.join(strangers)}")
        present = len(set(held.present))
        needed = self.quorum.needed(len(members))
        if present < needed:
            raise NoQuorum(f"{present} of {len(members)} came, {needed} are needed")
        self._check_chair(held.chair_id or self.chair_id, held.present)
        if sorted(one.n for one in held.resolutions) != list(range(1, len(self.agenda) + 1)):
            raise ItemsUndecided(f"the agenda has {len(self.agenda)} items, each is decided once")
        for one in held.resolutions:
            _check_votes(one, present)
            item = self.agenda[one.n - 1]
            if item.document_id is not None and not one.minutes_only:
                _check_version(item, waiting)

    def held(self, said: Holding, members: Collection[str], number: str) -> Self:
        """As recorded, with the number of its minutes."""
        given = {name: getattr(said, name) for name in ("day", "chair_id", "secretary_id")}
        return self.changed(
            **{name: value for name, value in given.items() if value is not None},
            state=SittingState.HELD,
            members=len(members),
            present=tuple(dict.fromkeys(said.present)),
            resolutions=tuple(sorted(said.resolutions, key=lambda one: one.n)),
            number=number,
            request_id=said.request_id,
        )

    def cancelled(self) -> Self:
        """Raises `WrongState` unless it was only called."""
        self._check_called()
        return self.changed(state=SittingState.CANCELLED)

    def _check_called(self) -> None:
        if self.state is not SittingState.CALLED:
            raise WrongState(f"sitting {self.sitting_id} is {self.state}")

    def _check_chair(self, chair: str, people: Collection[str]) -> None:
        if chair not in people:
            raise NotAMember(f"{chair} cannot preside over sitting {self.sitting_id}")


def _check_version(item: AgendaItem, waiting: Waiting) -> None:
    if waiting.get(item.document_id or "") != (item.version, item.sha256):
        raise StaleVersion(
            f"version {item.version} of document {item.document_id} does not wait for the body"
        )


def _check_votes(one: Resolution, present: int) -> None:
    if one.votes.cast > present:
        raise TooManyVotes(f"item {one.n}: {one.votes.cast} voices of {present} present")
    if one.outcome is Outcome.APPROVE and 2 * one.votes.in_favour <= present:
        raise NoMajority(f"item {one.n}: {one.votes.in_favour} of {present} present approve")
