"""What a document does to earlier ones: amends, cancels, replaces or ends them.

It does so from its own day on, once it is in force; the earlier document's bytes stay as they are.
"""

from collections.abc import Container, Iterable
from datetime import date
from enum import StrEnum

from domain.base import Message, Value
from domain.errors import CancelledAlready, ChangesItself, ForeignDocument, NotInForce


class How(StrEnum):
    AMENDS = "amends"
    CANCELS = "cancels"
    REPLACES = "replaces"
    ENDS = "ends"

    @property
    def is_final(self) -> bool:
        """The earlier document has no force after it."""
        return self is not How.AMENDS


class Change(Message):
    """What a document does to an earlier one."""

    document_id: str
    how: How


class Link(Value):
    """A change that has come into force, by which document and from which day."""

    document_id: str
    changed_id: str
    how: How
    day: date


def check_changes(
    asked: Iterable[Change],
    by: str,
    known: Container[str],
    in_force: Container[str],
    ended: Container[str],
) -> None:
    """Whether document `by` may change these; `known` are the documents of the same cycle.

    Raises `ChangesItself`, `ForeignDocument`, `NotInForce` or `CancelledAlready`.
    """
    for change in asked:
        earlier = change.document_id
        if earlier == by:
            raise ChangesItself(f"document {by} cannot change itself")
        if earlier not in known:
            raise ForeignDocument(f"document {earlier} is not a paper of this cycle")
        if earlier not in in_force:
            raise NotInForce(f"document {earlier} is not in force yet")
        if earlier in ended:
            raise CancelledAlready(f"document {earlier} has no force any more")


def bases(document_id: str, links: Iterable[Link]) -> frozenset[str]:
    """The documents at the beginning of this one's chain; itself if it changes nothing."""
    known = list(links)
    above = {link.changed_id for link in known if link.document_id == document_id}
    if not above:
        return frozenset({document_id})
    return frozenset[str]().union(*(bases(earlier, known) for earlier in above))


def later(document_id: str, links: Iterable[Link], on: date) -> tuple[Link, ...]:
    """All changes of a document and of what changed it, made by that day, in order of days."""
    known = [link for link in links if link.day <= on]
    found: dict[tuple[str, str], Link] = {}
    waiting = [document_id]
    while waiting:
        changed = waiting.pop()
        for link in known:
            if link.changed_id == changed and (link.document_id, changed) not in found:
                found[link.document_id, changed] = link
                waiting.append(link.document_id)
    return tuple(sorted(found.values(), key=lambda link: link.day))
