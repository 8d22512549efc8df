"""Kinds of documents: what holds for every document made from one template."""

from typing import Literal

from domain.assignments import AssignmentRules
from domain.base import Value

Agreement = Literal["m", "f", "n", "pl"]
Scope = Literal["cycle", "pair", "person"]

_KEPT_LONG_MM = 30

APPROVED_FORMS: dict[Agreement, str] = {
    "m": "УТВЕРЖДЁН",
    "f": "УТВЕРЖДЕНА",
    "n": "УТВЕРЖДЕНО",
    "pl": "УТВЕРЖДЕНЫ",
}


class KnownKind(Value):
    """What a roadmap must know of a kind of document that it asks for."""

    journalled: bool = False
    inputs: tuple[str, ...] = ()  # facts that a person, or the roadmap, may give
    scope: Scope = "cycle"  # what one document is about
    of_organisation: bool = False  # one may be made about each organisation below
    signers: tuple[str, ...] = ()  # roles, in the order of the signature lines


class DocumentKind(Value):
    """What holds for all documents of one kind, as its kind.yaml says."""

    kind: str
    title: str
    agreement: Agreement  # which of `APPROVED_FORMS` goes with the title
    retention: str  # the name of its term in rules/retention.yaml
    left_margin_mm: Literal[20, 30]  # 30 where kept for more than 10 years
    approver: Literal["curator", "director"] | None  # none: nobody approves, it is only signed
    journal: str | None  # name of the journal that counts it, of rules/journals.yaml; none: nobody
    signature: Literal["scan"]
    electronic: Literal["pep", "unep", "ukep"] | None
    """The lowest level of electronic signature that stands for the one on paper (63-ФЗ, ст. 6; for
    labour papers ТК РФ, ст. 22.3); None: on paper only. A simple one (`pep`) needs an agreement of
    the parties on file (ст. 9)."""
    signers: tuple[str, ...]  # roles, in the order of the signature lines
    scope: Scope  # what one document is about
    of_organisation: bool = False  # one may be made about each organisation below
    of_person: bool = False  # a person's, asked for apart from the papers of his pairs
    assignments: tuple[AssignmentRules, ...] = ()  # the items that its text gives to people

    @property
    def kept_long(self) -> bool:
        """Kept for more than 10 years, which asks for the wider left margin."""
        return self.left_margin_mm == _KEPT_LONG_MM

    @property
    def approved_form(self) -> str:
        """«УТВЕРЖДЁН» in the gender of the title."""
        return APPROVED_FORMS[self.agreement]
