"""What requests about journals look like."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.legal_schemas import Line, NewForms
from api.routes.reading import GroundLine, JournalLineView, JournalView
from api.schemas import Name, Text, example
from domain.base import Value
from domain.grounds import Level, Topic
from domain.journals import MaskText, NumberText

Year = Annotated[int, Field(ge=2000, le=2100)]


class Journals(Value):
    """All journals of the organisation, with what they count today."""

    journals: tuple[JournalView, ...]


class Reserve(Value):
    """Take the next number out of the row; the reason stands in the journal."""

    model_config = example(reason="Приказ о пожарной безопасности, его готовит завхоз")

    reason: Text


class LetterNumber(Value):
    """Reserve a number right after this one."""

    model_config = example(after="12-о", reason="Приказ за тот же день пропущен")

    after: NumberText
    reason: Text


class VoidNumber(Value):
    """Nothing will have this number; of this year if none is said."""

    model_config = example(number="13-о", reason="Приказ не издан")

    number: NumberText
    reason: Text
    year: Year | None = None


class KindsCounted(Value):
    """From a day on, these kinds are counted in this journal; a new one gets title and mask."""

    model_config = example(
        journal="orders_0108",
        title="Журнал приказов, индекс 01-08",
        mask="01-08/{n}",
        kinds=["order_introduction", "order_pairs"],
        since="2027-01-01",
    )

    journal: Name
    title: Line
    mask: MaskText
    kinds: Annotated[tuple[Name, ...], Field(min_length=1, max_length=200)]
    since: date


class IncomingGround(Value):
    """The paper is an act that papers of ours cite, from `since` on."""

    level: Level
    head: NewForms
    issuer: Line | None = None
    approves: NewForms | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=20)]
    since: date


class Incoming(Value):
    """A paper from outside: whose, under which number and date of theirs, about what."""

    model_config = example(
        sender="Управление образования г. Заречинска",
        number="17-исх",
        day="2026-09-01",
        title="О проведении смотра наставников",
    )

    sender: Line
    number: NumberText
    day: date
    title: Line
    ground: IncomingGround | None = None

    @model_validator(mode="after")
    def _is_in_force_after_it_was_made(self) -> Self:
        if self.ground is not None and self.ground.since < self.day:
            raise ValueError("an act is in force from its own day on at the earliest")
        return self


class Filed(Value):
    """Our number of a paper from outside, and the act that it became."""

    line: JournalLineView
    ground: GroundLine | None
