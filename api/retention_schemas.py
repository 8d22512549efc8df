"""What requests about terms of keeping and destruction look like, and what is answered."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.legal_schemas import Id, Line
from api.routes.reading import ChoiceLine
from api.schemas import Name, Text, example
from domain.base import Value
from domain.people import Form
from domain.retention import Ground

MOST_LISTED = 200
"""Documents of one act: as many as people can look through before they sign."""


class ExpertMinutes(Value):
    """The minutes of the expert commission that has looked at the list."""

    number: Line
    day: date


class NewAct(Value):
    """List documents to be destroyed. Nothing is, before the act is approved, signed and sealed.

    `cycle_id` is the cycle in whose papers the act stands; the documents may be of any. It runs, or
    is closed: then the act lives by itself, for what is due must go though no cycle runs any more.
    """

    model_config = example(
        cycle_id="41b0c2d7e8f90123",
        documents=["9f86d081884c7d65"],
        ground="term",
        expert_minutes={"number": "2", "day": "2032-01-12"},
    )

    cycle_id: Id
    documents: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_LISTED)]
    ground: Ground = Ground.TERM
    expert_minutes: ExpertMinutes | None = None
    method: Text | None = None
    """How it is done, without a full stop; what the service does if left out."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.documents)) < len(self.documents):
            raise ValueError("a document is named twice")
        return self


class NewChoice(Value):
    """From a day on, keep documents of this kind and form by this term of the rules."""

    model_config = example(
        kind="order_pairs", form="teacher_teacher", term="main_activity", since="2026-09-01"
    )

    kind: Name
    form: Form
    term: Name
    since: date


class Choices(Value):
    """What the organisation may decide; of several lines of a form the latest holds."""

    choices: tuple[ChoiceLine, ...]
