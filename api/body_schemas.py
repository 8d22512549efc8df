"""What requests about bodies and their sittings must look like."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.legal_schemas import Id, Line
from api.routes.reading import BodyView, SittingLine
from api.schemas import Code, Sha256, Text, Version, example
from domain.base import Value
from domain.bodies import AtLeast, MinutesKind, Quorum
from domain.journals import NumberText
from domain.routes import Outcome
from domain.sittings import Votes

_Many = Field(min_length=1, max_length=1000)
Item = Annotated[int, Field(ge=1, le=100)]


class Bodies(Value):
    """All bodies of the organisation."""

    on: date
    bodies: tuple[BodyView, ...]


class BodySettings(Value):
    """What the organisation says of a body, all at once: what is left out is as for every body."""

    model_config = example(
        chair="D-01",
        secretary="T-04",
        quorum={"numerator": 2, "denominator": 3},
        at_least={"sittings": 4, "every": "school_year"},
        ablative="педагогическим советом",
    )

    chair: Code | None = None
    secretary: Code | None = None
    quorum: Quorum = Quorum()
    at_least: AtLeast | None = None
    minutes_kind: MinutesKind = "council_minutes"
    ablative: Line | None = None


class NewItem(Value):
    """A question of the agenda; with a document, the version that the body is asked about."""

    title: Line
    document_id: Id | None = None
    version: Version | None = None
    sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _names_a_version(self) -> Self:
        if len({one is None for one in (self.document_id, self.version, self.sha256)}) > 1:
            raise ValueError("a document is named with its version and hash")
        return self


class NewSitting(Value):
    """Call a sitting. Chair and secretary are the body's unless others are named."""

    model_config = example(
        cycle_id="41b0c2d7e8f90123",
        day="2026-09-04",
        place="Актовый зал",
        agenda=[
            {"title": "О плане работы наставников на учебный год"},
            {
                "title": "О программе наставничества",
                "document_id": "5f0e2a41b0c2d7e8",
                "version": 1,
                "sha256": "0" * 64,
            },
        ],
    )

    cycle_id: Id
    day: date
    place: Line
    agenda: Annotated[tuple[NewItem, ...], Field(min_length=1, max_length=100)]
    chair: Code | None = None
    secretary: Code | None = None

    @model_validator(mode="after")
    def _asks_of_each_document_once(self) -> Self:
        named = [item.document_id for item in self.agenda if item.document_id]
        if len(set(named)) < len(named):
            raise ValueError("a document is named twice")
        return self


class Decided(Value):
    """What was decided of item `n`. The speaker stands in the accusative: «слушали: кого»."""

    n: Item
    outcome: Outcome
    text: Text
    votes: Votes
    who: Line | None = None
    due: Line | None = None
    speaker: Line | None = None
    heard: Text | None = None
    minutes_only: bool = False


class SittingHeld(Value):
    """What came of a sitting; the number of its minutes is the journal's next unless one is typed.

    Day, chair and secretary are those that were called unless others are named.
    """

    model_config = example(
        present=["D-01", "T-04", "T-05"],
        items=[
            {
                "n": 1,
                "outcome": "approve",
                "text": "Одобрить план работы наставников.",
                "votes": {"in_favour": 3, "against": 0, "abstained": 0},
                "who": "куратор",
                "due": "до 11 сентября 2026 г.",
            },
            {
                "n": 2,
                "outcome": "send_back",
                "text": "Дополнить программу сроками мониторинга.",
                "votes": {"in_favour": 1, "against": 2, "abstained": 0},
                "speaker": "куратора Иванову М. П.",
                "heard": "Представлен проект программы.",
            },
        ],
    )

    present: Annotated[tuple[Code, ...], _Many]
    items: Annotated[tuple[Decided, ...], Field(min_length=1, max_length=100)]
    number: NumberText | None = None
    day: date | None = None
    chair: Code | None = None
    secretary: Code | None = None

    @model_validator(mode="after")
    def _counts_everybody_once(self) -> Self:
        if len(set(self.present)) < len(self.present):
            raise ValueError("somebody is named twice")
        return self


class SittingCancelled(Value):
    """Why a sitting that was called will not be."""

    model_config = example(reason="Карантин, заседание переносится")

    reason: Text


class Sittings(Value):
    """Sittings, the latest first."""

    sittings: tuple[SittingLine, ...]
