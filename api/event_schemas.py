"""What requests about events and publications must look like."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Self

from pydantic import Field

from api.choosing import Listed, person_of
from api.schemas import Code, Count, Text, example
from domain.base import Value
from domain.events import EventDetails, EventKind, EventLink, PublicationDetails
from domain.roadmap import MOST_TURNS

Turn = Annotated[int, Field(ge=1, le=MOST_TURNS)]
RowId = Annotated[str, Field(pattern=r"^[0-9.]{1,12}(@[0-9]{1,2})?(#[0-9]{1,3})?(/[0-9a-f]{16})?$")]
Address = Annotated[str, Field(pattern=r"^[\P{Cc}]+$", max_length=2000)]
"""Whether it is one of a page is for the rules to say."""


class PageLink(Value):
    """A page about an event."""

    title: Text
    address: Address


class About(Value):
    """What may be said of an event beside its kind, title, day and how many came."""

    until: date | None = None
    place: Text | None = None
    organisers: Text | None = None
    programme: Text | None = None
    outcome: Text | None = None
    invited: Count | None = None
    links: Annotated[tuple[PageLink, ...], Field(max_length=50)] = ()
    people: Annotated[tuple[Code, ...], Field(max_length=1000)] = ()
    """Who came, or is expected, by id or code."""

    def details(
        self,
        people: Iterable[Listed],
        *,
        kind: EventKind,
        title: str,
        day: date,
        attendance: int | None,
    ) -> EventDetails:
        """As the rules take it. Raises `NotFound` for somebody who is not among the people."""
        known = list(people)
        said = self.model_dump(
            include={"until", "place", "organisers", "programme", "outcome", "invited"}
        )
        return EventDetails(
            **said,
            kind=kind,
            title=title,
            day=day,
            attendance=attendance,
            links=tuple(EventLink(**dict(one)) for one in self.links),
            people=tuple(dict.fromkeys(person_of(one, known) for one in self.people)),
        )


class EventSaid(About):
    """All that is known of an event now; what is left out is not known any more."""

    model_config = example(
        kind="seminar",
        title="Семинар для наставников",
        day="2026-10-14",
        place="Актовый зал",
        organisers="Методический совет",
        programme="Как составить индивидуальный план",
        invited=30,
        attendance=24,
        outcome="Планы составлены",
        links=[{"title": "Фотографии", "address": "https://college.example/seminar"}],
        people=["M-01", "S-07"],
    )

    kind: EventKind
    title: Text
    day: date
    attendance: Count | None = None

    def told(self, people: Iterable[Listed]) -> EventDetails:
        """As the rules take it. Raises `NotFound`."""
        return self.details(
            people, kind=self.kind, title=self.title, day=self.day, attendance=self.attendance
        )


class NewEvent(EventSaid):
    """An event of a cycle; of the year of its row, if it is held for one."""

    model_config = example(
        kind="seminar",
        title="Семинар для наставников",
        day="2026-10-14",
        turn=1,
        place="Актовый зал",
        invited=30,
    )

    turn: Turn = 1
    item: RowId | None = None


class PublicationSaid(Value):
    """What was put out, on which site or in which paper, at which address, on which day."""

    model_config = example(
        what="Положение о наставничестве",
        site="Сайт колледжа, раздел «Наставничество»",
        address="https://college.example/mentors",
        day="2026-09-14",
    )

    what: Text
    site: Text
    address: Address
    day: date

    def told(self) -> PublicationDetails:
        """As the rules take it."""
        said = self.model_dump(include=set(PublicationDetails.model_fields))
        return PublicationDetails(**said)


class NewPublication(PublicationSaid):
    """A publication of a cycle's year."""

    model_config = example(
        what="Положение о наставничестве",
        site="Сайт колледжа, раздел «Наставничество»",
        address="https://college.example/mentors",
        day="2026-09-14",
        turn=1,
    )

    turn: Turn = 1


class WhyWithdrawn(Value):
    """Why what was entered counts no more."""

    model_config = example(reason="Внесено дважды.")

    reason: Text


class Looked(Value):
    """Whether a publication is still where it was."""

    model_config = example(present=True)

    present: bool

    @classmethod
    def of(cls, words: str) -> Self:
        """From the form of a page."""
        return cls(present=words == "yes")
