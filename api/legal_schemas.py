"""What requests about legal grounds, and about changing documents, must look like."""

from datetime import date
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from api.schemas import Answered, Code, Fact, Name, example
from domain.amendments import Change
from domain.base import Value
from domain.grounds import HeadForms, Level, Topic

Line = Annotated[str, Field(pattern=r"^[^\s\p{Cc}]([\P{Cc}]*[^\s\p{Cc}])?$", max_length=1000)]
"""Words that stand in a sentence of a paper: one line, nothing before or after it."""
MOST_PAPERS: Final = 50
"""Documents that one wish may ask for: each of them is kept in the state of its cycle."""
Branch = Annotated[int, Field(ge=1, le=100_000)]
Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class NewForms(HeadForms):
    """Declined words of an act."""

    nomn: Line
    gent: Line
    datv: Line
    ablt: Line


class NewGround(Value):
    """An act to cite from `since` on; what it `replaces` loses force on that day."""

    model_config = example(
        level="regional",
        head={"nomn": "приказ", "gent": "приказа", "datv": "приказу", "ablt": "приказом"},
        issuer="Министерства образования Приморского края",
        number="789-а",
        day="2020-07-23",
        title="О внедрении методологии (целевой модели) наставничества обучающихся",
        topics=["introduction", "regulation", "programme"],
        since="2020-07-23",
    )

    level: Level
    head: NewForms
    issuer: Line | None = None
    number: Line | None = None
    day: date | None = None
    title: Line | None = None
    approves: NewForms | None = None
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=20)]
    since: date
    replaces: Id | None = None


class GroundLost(Value):
    """From this day on the act has no force; by which act."""

    model_config = example(
        lost_on="2026-09-01",
        ended_by="приказ Министерства образования Приморского края от 20 августа 2026 г. № 900-а",
    )

    lost_on: date
    ended_by: Line


class NewDocument(Value):
    """Draft a document of the cycle apart from its rows, and say what it changes."""

    model_config = example(
        kind="order_amendment",
        changes=[{"document_id": "41b0c2d7e8f90123", "how": "amends"}],
        inputs={"control": "Контроль возложить на куратора."},
    )

    kind: Name
    route: Name | None = None
    """One of the roadmap's routes of approval; without it the kind's approver is asked."""
    changes: Annotated[tuple[Change, ...], Field(max_length=20)] = ()
    inputs: Annotated[dict[Name, Fact], Field(max_length=100)] = {}
    branches: Annotated[tuple[Branch, ...], Field(max_length=MOST_PAPERS)] = ()
    """One document about each of these organisations below, by their numbers in the cycle."""
    person: Code | None = None
    """Whose consent or withdrawal it is. A consent to transfer names an organisation above as
    recipient by its id, in the input `recipient_upper`."""

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({change.document_id for change in self.changes}) < len(self.changes):
            raise ValueError("a document is named twice")
        if len(set(self.branches)) < len(self.branches):
            raise ValueError("an organisation is named twice")
        if self.branches and self.changes:
            raise ValueError("a document about an organisation changes no other")
        if self.person is not None and (self.branches or self.changes):
            raise ValueError("a person's paper is about nothing else")
        return self


class Drafting(Answered):
    """The document that will be drafted; `revision` is the cycle's.

    Where each of several organisations gets one, `documents` are all of them.
    """

    document_id: str
    documents: tuple[str, ...] = ()
