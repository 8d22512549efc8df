"""Records of rights to decide and to sign: dated, each with its ground, never changed, only ended.

How rights work at a moment is in `domain.authority`; here is which ones can be recorded.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final, Literal, Self

from domain import ids
from domain.authority import Mandate
from domain.base import Value
from domain.errors import ActsForHimself, BadDate, RightOver, RightTaken, SubstitutionCircle


class Capacity(StrEnum):
    """As what somebody signs."""

    OWN = "own"  # the head himself: by the charter, by an order on his appointment
    ACTING = "acting"  # «исполняющий обязанности», while there is no head
    SUBSTITUTE = "substitute"  # for the days of an absence
    POWER_OF_ATTORNEY = "power_of_attorney"  # beside the one who gave it


class MandateGround(Value):
    """The paper that gives the right."""

    what: Literal["charter", "order", "power_of_attorney"]
    number: str
    day: date


class MandateRecord(Value):
    """A right: whose, as what, in whose place, for which documents, from when until when."""

    id: str
    person_id: str
    capacity: Capacity
    post: str | None = None  # in which he signs; none: his own
    instead_of: str | None = None  # the person in whose place; none: a right of his own
    kinds: tuple[str, ...] = ()  # of documents; all if empty
    since: date
    until: date | None = None  # the last day with it
    ground: MandateGround
    ended_on: date | None = None  # before that: the first day without it

    @property
    def shared(self) -> bool:
        """True if the other goes on deciding too."""
        return self.capacity is Capacity.POWER_OF_ATTORNEY

    @property
    def over(self) -> date | None:
        """The first day without it."""
        ends = [self.ended_on] if self.ended_on else []
        if self.until and self.until < date.max:
            ends.append(self.until + timedelta(days=1))
        return min(ends, default=None)

    def is_in_force(self, day: date) -> bool:
        return self.since <= day and (self.over is None or day < self.over)

    def is_over(self, day: date) -> bool:
        return self.over is not None and self.over <= day

    def mandate(self, zone: tzinfo) -> Mandate:
        """The right as processes know it: from and until the beginnings of days in that zone."""
        return Mandate(
            id=self.id,
            person_id=self.person_id,
            instead_of=self.instead_of,
            shared=self.shared,
            kinds=self.kinds,
            since=_begin(self.since, zone),
            until=None if self.over is None else _begin(self.over, zone),
        )

    def check_can_end(self, day: date) -> None:
        """`day` would be the first without it.

        Raises `RightOver` if it is over by then or an end was said, `BadDate` before it begins.
        """
        if self.ended_on is not None or self.is_over(day):
            raise RightOver(f"right {self.id} is over on {self.over}")
        if day < self.since:
            raise BadDate(f"right {self.id} begins on {self.since} only")

    def ended(self, day: date) -> Self:
        return self.changed(ended_on=day)


class Succession(Value):
    """What a change of the head makes of the rights."""

    ended: tuple[MandateRecord, ...]
    added: tuple[MandateRecord, ...]


def last_day_of(capacity: Capacity, ground: MandateGround, until: date | None) -> date | None:
    """The last day of a right that was given until `until`.

    A power of attorney without a term holds for a year from the day it was made (ГК РФ, art. 186,
    in the reckoning of art. 191 and 192).
    """
    if until is not None or capacity is not Capacity.POWER_OF_ATTORNEY:
        return until
    made = ground.day
    if (made.month, made.day) == (2, 29):
        made -= timedelta(days=1)
    return made.replace(year=made.year + 1)


def check_can_add(new: MandateRecord, known: Iterable[MandateRecord]) -> None:
    """Raises `BadDate` if it ends before it begins, `ActsForHimself`, `RightTaken` if in the same
    days the person has that right already or another stands fully in that place, and
    `SubstitutionCircle` if people would stand in each other's places.
    """
    known = tuple(known)
    if new.until is not None and new.until < new.since:
        raise BadDate(f"the right ends on {new.until}, before {new.since}")
    if new.instead_of == new.person_id:
        raise ActsForHimself("nobody stands in his own place")
    for one in known:
        same_person = one.person_id == new.person_id
        both_alone = not (one.shared or new.shared)
        taken = same_person if new.instead_of is None else same_person or both_alone
        if taken and one.instead_of == new.instead_of and _together([one, new]):
            raise RightTaken(f"right {one.id} holds in the same days")
    if new.instead_of is not None:
        _check_no_circle([new], [one for one in known if one.instead_of is not None])


def succession(new: MandateRecord, known: Iterable[MandateRecord], held_since: date) -> Succession:
    """`new` is the right of the one who follows; it says in whose place.

    Rights of the one who leaves end on its first day, with those of his substitutes and of whoever
    has his power of attorney; if he followed or acted for others, the new one stands in their
    places now. Who only acted keeps what
    is his own. If no right of the one who leaves was recorded, the one that a launch gave him
    counts, since `held_since`. Who comes back has a right of his own again.
    Raises `RightTaken` if somebody follows him already, `RightOver` if an end of a right was said
    for a later day, and as `check_can_add`.
    """
    known, leaver = tuple(known), new.instead_of
    if leaver == new.person_id:
        raise ActsForHimself("nobody follows himself")
    running = [one for one in known if not one.is_over(new.since)]
    his = [one for one in running if one.person_id == leaver and one.capacity in _HEADS]
    ended = [one for one in his if one.instead_of is not None]
    places = [one.instead_of for one in ended]
    added = []
    if not ended or any(one.capacity is Capacity.OWN for one in ended):
        own = [one for one in known if one.person_id == leaver and one.instead_of is None]
        beside = [one for one in running if one.instead_of == leaver]
        gone = bool(own) and not any(one in running for one in own)
        if gone and not all(one.shared for one in beside):
            raise RightTaken("somebody follows that person already")
        ended += [one for one in own if one in running] + beside
        added += [] if own else [_held(new, held_since)]
        places.insert(0, leaver)
    for place in dict.fromkeys(places):
        first = place == places[0]
        added.append(
            new.changed(
                id=new.id if first else ids.derived_id(new.id, str(place)),
                instead_of=None if place == new.person_id else place,
            )
        )
    return _checked(known, ended, added, new.since)


_HEADS: Final = frozenset({Capacity.OWN, Capacity.ACTING})


def _held(new: MandateRecord, held_since: date) -> MandateRecord:
    """The right that the one who leaves had by a launch, as a record that ends."""
    return MandateRecord(
        id=ids.derived_id(new.id, "left"),
        person_id=str(new.instead_of),
        capacity=Capacity.OWN,
        since=min(held_since, new.since),
        ground=new.ground,
        ended_on=new.since,
    )


def _checked(
    known: Iterable[MandateRecord],
    ended: Iterable[MandateRecord],
    added: Iterable[MandateRecord],
    day: date,
) -> Succession:
    after = {one.id: one for one in known}
    for one in ended:
        last = max(day, one.since)
        one.check_can_end(last)
        after[one.id] = one.ended(last)
    closed = tuple(after[one.id] for one in ended)
    for one in added:
        check_can_add(one, after.values())
        after[one.id] = one
    return Succession(ended=closed, added=tuple(added))


def _check_no_circle(path: list[MandateRecord], others: list[MandateRecord]) -> None:
    for one in others:
        if one.instead_of != path[-1].person_id or one in path:
            continue
        longer = [*path, one]
        if not _together(longer):
            continue
        if one.person_id == path[0].instead_of:
            raise SubstitutionCircle(f"rights {', '.join(step.id for step in longer)} are a circle")
        _check_no_circle(longer, others)


def _together(records: Iterable[MandateRecord]) -> bool:
    """True if all hold on some day for some kind of documents."""
    records = list(records)
    over = [one.over for one in records if one.over is not None]
    if over and min(over) <= max(one.since for one in records):
        return False
    named = [set(one.kinds) for one in records if one.kinds]
    return not named or bool(set.intersection(*named))


def _begin(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
