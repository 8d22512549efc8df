"""Events and publications: what was held, what was put out, and what may be said of them.

One event may prove results of several rows. It may be entered before it is held; it proves
nothing until it is known how many people came.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

from domain.base import Value
from domain.deadlines import check_day
from domain.errors import BadDate, EventNotHeld, ListTooLong, NotAnAddress

EventKind = Literal[
    "seminar",
    "conference",
    "forum",
    "contest",
    "sitting",
    "closing",
    "site_visit",
    "meeting",
    "training",
    "other",
]
EVENT_KINDS: Final[Mapping[EventKind, str]] = {
    "seminar": "семинар",
    "conference": "конференция",
    "forum": "форум",
    "contest": "конкурс",
    "sitting": "заседание",
    "closing": "торжественное закрытие",
    "site_visit": "выезд",
    "meeting": "встреча",
    "training": "обучение",
    "other": "другое",
}

_ADDRESS: Final = re.compile(
    r"https?://(?P<host>[^\s/?#@:\\\[\]]+)(:[0-9]{1,5})?([/?#]\S*)?", re.IGNORECASE
)


class EventLink(Value):
    """A page about an event."""

    title: str
    address: str


class EventDetails(Value):
    """What is said of an event. `people` are ids of those who came, or are expected."""

    kind: EventKind
    title: str
    day: date
    until: date | None = None  # the last day, if there are several
    place: str | None = None
    organisers: str | None = None
    programme: str | None = None
    outcome: str | None = None
    invited: int | None = None
    attendance: int | None = None  # how many came; None before it is held
    links: tuple[EventLink, ...] = ()
    people: tuple[str, ...] = ()


class PublicationDetails(Value):
    """What was put out: `what` on which `site` (or paper), at which address, on which day."""

    what: str
    site: str
    address: str
    day: date


def check_event(event: EventDetails, today: date) -> None:
    """Raises `BadDate`, `EventNotHeld`, `ListTooLong` or `NotAnAddress`.

    `today` is the organisation's day.
    """
    if event.until is not None and event.until < event.day:
        raise BadDate("the last day of the event comes before its first")
    if event.attendance is not None:
        try:
            check_day(event.day, today)
        except BadDate as error:
            raise EventNotHeld("nobody has come to an event that is still ahead") from error
        if len(event.people) > event.attendance:
            raise ListTooLong(
                f"{len(event.people)} people are listed, {event.attendance} have come"
            )
    for link in event.links:
        check_address(link.address)


def check_publication(publication: PublicationDetails, today: date) -> None:
    """Raises `BadDate` or `NotAnAddress`. `today` is the organisation's day."""
    check_day(publication.day, today)
    check_address(publication.address)


def check_address(address: str) -> None:
    """Raises `NotAnAddress` unless it is one of a page: http or https, with a host."""
    if _ADDRESS.fullmatch(address) is None:
        raise NotAnAddress("the address is none of http or https")


def site_of(address: str) -> str:
    """Where a page lies, if nobody says it in words: its host."""
    found = _ADDRESS.fullmatch(address)
    return found["host"].lower() if found else address
