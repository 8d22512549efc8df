"""Consent to personal-data processing as a gate (152-ФЗ, ст. 9)."""

from datetime import date

from domain.base import Message
from domain.people import is_minor
from domain.roadmap import ConsentsStage


class ConsentNeed(Message):
    """A consent that a pair cannot go on without, and the document that proves it."""

    person_id: str
    kind: str  # document kind
    document_id: str | None = None  # the consent's document, ours or an earlier one
    started: bool = False
    in_force: bool = False


def consent_kind(stage: ConsentsStage, birth: date, day: date) -> str:
    """The kind of consent document that a person born on `birth` needs on `day`."""
    return stage.minor if is_minor(birth, day) else stage.adult
