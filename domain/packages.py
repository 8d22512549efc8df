"""The package: which documents law and methodology ask for before a pair may work.

It follows from the form of mentoring, the ages of both sides and the day. The rules are data with
dates (`rules/packages.yaml`); each names the norm that asks for its document.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field

from domain.base import Value
from domain.errors import BadDate, BadRules
from domain.people import ADULT_AT, OWN_SIGNATURE_AT, Form, age_on

Side = Literal["mentor", "mentee"]
About = Literal["side", "mentor", "pair", "order", "partner"]
Signer = Literal["mentor", "mentor_representative", "mentee", "mentee_representative"]
SIDES: tuple[Side, ...] = ("mentor", "mentee")

_EVER = (date.min, date.max)
_REPRESENTATIVES: Mapping[Side, Signer] = {
    "mentor": "mentor_representative",
    "mentee": "mentee_representative",
}


class AgeGroup(StrEnum):
    """By whose hand a person acts: ГК РФ, ст. 21, 26 and 28."""

    UNDER_14 = "under_14"
    FROM_14_TO_17 = "from_14_to_17"
    ADULT = "adult"


class Purpose(StrEnum):
    """What a consent lets personal data be used for; each has a consent of its own (152-ФЗ)."""

    PARTICIPATION = "participation"
    PUBLICATION = "publication"
    TRANSFER = "transfer"


class PaperRule(Value):
    """When a kind of document is asked for, and by what norm. Both days are included."""

    kind: str
    about: About
    norm: Annotated[str, Field(min_length=1)]
    purpose: Purpose | None = None  # of a consent; any other document is always asked for
    ages: tuple[AgeGroup, ...] = ()  # of the one whom the document is about; any if empty
    forms: tuple[Form, ...] = ()  # any if empty
    since: date | None = None
    until: date | None = None

    def asks(self, form: Form, purposes: Iterable[Purpose], day: date) -> bool:
        """True if the rule holds on `day` for pairs of this form, whoever is in them."""
        first, last = self.days
        return (
            first <= day <= last
            and (not self.forms or form in self.forms)
            and (self.purpose is None or self.purpose in purposes)
        )

    def fits(self, age: AgeGroup) -> bool:
        """True if somebody of this age needs the document."""
        return not self.ages or age in self.ages

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which it holds."""
        return self.since or _EVER[0], self.until or _EVER[1]


class PairCase(Value):
    """What the package follows from."""

    form: Form
    mentor_birth: date
    mentee_birth: date
    day: date
    purposes: tuple[Purpose, ...] = (Purpose.PARTICIPATION,)

    def age_of(self, side: Side) -> AgeGroup:
        """Raises `BadDate` for somebody who is born after the day."""
        birth = self.mentor_birth if side == "mentor" else self.mentee_birth
        return age_group(birth, self.day)


class Required(Value):
    """A document of the package."""

    kind: str
    about: Literal["mentor", "mentee", "pair", "order", "partner"]
    norm: str
    signers: tuple[Signer, ...] = ()  # of the two sides; for the organisation, see the kind


def age_group(birth: date, day: date) -> AgeGroup:
    """The group of one born on `birth`, on `day`. Raises `BadDate` before the birth."""
    age = age_on(birth, day)
    if age < 0:
        raise BadDate(f"{day} is before the birth")
    if age < OWN_SIGNATURE_AT:
        return AgeGroup.UNDER_14
    return AgeGroup.FROM_14_TO_17 if age < ADULT_AT else AgeGroup.ADULT


def package(rules: Iterable[PaperRule], case: PairCase) -> tuple[Required, ...]:
    """Exactly the documents that the pair needs on the day, in the order of the rules."""
    return tuple(
        required
        for rule in rules
        if rule.asks(case.form, case.purposes, case.day)
        for required in _required(rule, case)
    )


def kinds_possible(
    rules: Iterable[PaperRule], forms: Iterable[Form], purposes: Iterable[Purpose], day: date
) -> tuple[PaperRule, ...]:
    """The rules that hold on the day for pairs of some of these forms, whatever their ages."""
    forms, purposes = tuple(forms), tuple(purposes)
    return tuple(rule for rule in rules if any(rule.asks(form, purposes, day) for form in forms))


def check_rules(rules: Iterable[PaperRule]) -> None:
    """Raises `BadRules` where two rules ask for the same document at once, by two norms."""
    for one, other in combinations(tuple(rules), 2):
        if (one.kind, one.purpose) == (other.kind, other.purpose) and _meet(one, other):
            raise BadRules(f"«{one.kind}»: два правила действуют в один день")
    for rule in rules:
        if rule.days[0] > rule.days[1]:
            raise BadRules(f"«{rule.kind}»: правило кончается раньше, чем начинается")


def _meet(one: PaperRule, other: PaperRule) -> bool:
    (first, last), (first_other, last_other) = one.days, other.days
    return (
        first <= last_other
        and first_other <= last
        and _common(one.forms, other.forms)
        and _common(one.ages, other.ages)
    )


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """True if both can hold for the same; nothing said means all."""
    return not one or not other or not set(one).isdisjoint(other)


def _required(rule: PaperRule, case: PairCase) -> Iterator[Required]:
    match rule.about:
        case "side" | "mentor":
            for side in SIDES if rule.about == "side" else SIDES[:1]:
                if rule.fits(case.age_of(side)):
                    yield Required(
                        kind=rule.kind,
                        about=side,
                        norm=rule.norm,
                        signers=_signers(side, case.age_of(side)),
                    )
        case "pair":
            signers = tuple(one for side in SIDES for one in _signers(side, case.age_of(side)))
            yield Required(kind=rule.kind, about="pair", norm=rule.norm, signers=signers)
        case "order" | "partner":
            yield Required(kind=rule.kind, about=rule.about, norm=rule.norm)


def _signers(side: Side, age: AgeGroup) -> tuple[Signer, ...]:
    """Under 14 the representative signs instead, up to 18 beside (ГК РФ, ст. 28 and 26)."""
    beside = _REPRESENTATIVES[side]
    match age:
        case AgeGroup.UNDER_14:
            return (beside,)
        case AgeGroup.FROM_14_TO_17:
            return (side, beside)
        case AgeGroup.ADULT:
            return (side,)
