"""What a pair needs by law before it works: consents as a gate (152-ФЗ, ст. 9), and papers."""

from typing import Literal

from domain.base import Message


class ConsentNeed(Message):
    """A consent that a pair cannot go on without, and the document that proves it."""

    person_id: str
    kind: str  # document kind
    norm: str = ""
    document_id: str | None = None  # the consent's document, ours or an earlier one
    started: bool = False
    in_force: bool = False


class PaperNeed(Message):
    """Another document that law asks of the pair, and how far it is."""

    kind: str
    norm: str
    approver: Literal["curator", "director"] | None = None
    journalled: bool = False
    document_id: str | None = None  # once started
    in_force: bool = False
