"""Who may decide in whose place, and when: dated rights as the processes know them.

A right is a record with its ground: a charter, an order, a power of attorney. A person of whom no
own right is recorded has the one that the launch gave with the role.
"""

from collections.abc import Iterable
from datetime import datetime

from domain.base import Message


class Mandate(Message):
    """A right to decide and to sign, from `since` until `until`, which is not in it any more."""

    id: str
    person_id: str
    instead_of: str | None = None  # the person in whose place; none: a right of one's own
    shared: bool = False  # by power of attorney: the other goes on deciding too
    kinds: tuple[str, ...] = ()  # of documents; all if empty
    since: datetime
    until: datetime | None = None

    def holds(self, kind: str, at: datetime) -> bool:
        """True if it counts at that moment for documents of this kind."""
        begun = self.since <= at and (self.until is None or at < self.until)
        return begun and (not self.kinds or kind in self.kinds)


class Mandates(Message):
    """All rights of an organisation that have not ended long ago; a later revision replaces it."""

    revision: int = 0  # grows with each change of a right in the organisation
    known: tuple[Mandate, ...] = ()

    def later(self, other: "Mandates") -> "Mandates":
        """The later of two, however they were read."""
        return other if other.revision > self.revision else self

    def moments(self) -> Iterable[datetime]:
        """When some right begins or ends."""
        for one in self.known:
            yield one.since
            if one.until is not None:
                yield one.until

    def deciders(self, holder: str, kind: str, at: datetime) -> tuple["Decider", ...]:
        """Who decides at that moment what was given to `holder`; nobody if the right has ended.

        A substitute decides alone, whoever has a power of attorney decides beside the other.
        """
        here = [one for one in self.known if one.holds(kind, at)]
        return _deciders(self.known, here, Decider(person_id=holder), frozenset())


class Decider(Message):
    """A person who decides, and by which right; none recorded: by the role itself."""

    person_id: str
    mandate_id: str | None = None


def _deciders(
    known: Iterable[Mandate], here: list[Mandate], first: Decider, seen: frozenset[str]
) -> tuple[Decider, ...]:
    person = first.person_id
    if person in seen:
        return ()  # a circle, which no record may make; whoever is in it decides nothing
    seen |= {person}
    own = [one for one in known if one.person_id == person and one.instead_of is None]
    valid = next((one for one in own if one in here), None)
    others = [one for one in here if one.instead_of == person]
    alone = [one for one in others if not one.shared]
    found: list[Decider] = []
    if not alone and (valid or not own):
        by = first.mandate_id or (valid.id if valid else None)
        found.append(first.changed(mandate_id=by))
    if alone or valid or not own:
        for one in alone or others:
            then = Decider(person_id=one.person_id, mandate_id=one.id)
            found += [d for d in _deciders(known, here, then, seen) if d not in found]
    return tuple(found)
