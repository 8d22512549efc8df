"""What proves a result, as requests say it: one form for each kind of proof."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.event_schemas import About, Address
from api.schemas import Count, Sha256, Text, example
from domain.base import Value
from domain.events import EventKind

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
PageAddress = Annotated[str, Field(pattern=r"^https?://[^\s\p{Cc}]+$", max_length=2000)]


def _check_one_or_new(known: str | None, told: Iterable[object], needed: Iterable[object]) -> None:
    """What is known by its id needs no words; what is new needs these."""
    if known is not None and any(one is not None for one in told):
        raise ValueError("either an id or the words of a new one")
    if known is None and any(one is None for one in needed):
        raise ValueError("what a new one needs is missing")


class Link(Value):
    """A publication: one that is known by its id, or a new one, which needs day and address.

    Unsaid, what was put out is called as the result is, and the site by its address.
    """

    proof: Literal["link"]
    publication_id: Id | None = None
    day: date | None = None
    address: Address | None = None
    what: Text | None = None
    site: Text | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        told = (self.day, self.address, self.what, self.site)
        _check_one_or_new(self.publication_id, told, (self.day, self.address))
        return self


class Event(About):
    """An event: one that is known by its id, or a new one, which needs day, place and attendance.

    Unsaid, its kind is the first that the row takes, and it is called as the result is.
    """

    proof: Literal["event"]
    event_id: Id | None = None
    kind: EventKind | None = None
    title: Text | None = None
    day: date | None = None
    attendance: Count | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        needed = (self.day, self.attendance, self.place)
        said = self.model_dump(exclude={"proof", "event_id"}, exclude_defaults=True)
        _check_one_or_new(self.event_id, said.values(), needed)
        return self


class NumberReached(Value):
    """A number that was reached."""

    proof: Literal["number"]
    number: Count
    note: Text | None = None


class Answers(Value):
    """So many answers to a questionnaire."""

    proof: Literal["answers"]
    count: Count
    note: Text | None = None


class Remark(Value):
    """A written remark; `file_sha256` names a file that was uploaded for this result before."""

    proof: Literal["remark"]
    text: Text
    file_sha256: Sha256 | None = None


class Indicators(Value):
    """Every indicator that people enter has its value; that is looked up."""

    proof: Literal["indicators"]


class ReportSent(Value):
    """A report went to somebody above who is not in the system: when, how, and what proves that.

    `file_sha256` names a file that was uploaded for this result before.
    """

    proof: Literal["report"]
    day: date
    how: Text
    address: PageAddress | None = None
    file_sha256: Sha256 | None = None
    note: Text | None = None


Evidence = Link | Event | NumberReached | Answers | Remark | Indicators | ReportSent


class Result(Value):
    """What proves a result, by the kind of proof that its row demands."""

    model_config = example(
        evidence={
            "proof": "event",
            "day": "2026-09-14",
            "attendance": 24,
            "place": "Актовый зал",
            "kind": "meeting",
            "title": "Знакомство наставников и наставляемых",
        }
    )

    evidence: Annotated[
        Evidence,
        Field(discriminator="proof"),
    ]
