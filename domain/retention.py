"""How long documents are kept: the terms of the list of Росархив (№ 236) and our own, by date.

A term in years runs from the 1st of January after the year in which its count begins, so its last
day is always a 31st of December. Terms are data (`rules/retention.yaml`), never constants.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from domain.base import Value
from domain.errors import BadRules, ExpertiseMissing, StillKept
from domain.kinds import DocumentKind
from domain.people import Form

_FOR_EVER: Final = 10_000  # years; longer than any term


class Base(StrEnum):
    """The event from which a term is counted."""

    CASE = "case"
    TERM = "term"
    CONSENT = "consent"
    DOCUMENT = "document"
    PAIR = "pair"
    REPLACEMENT = "replacement"


class Ground(StrEnum):
    """Why documents are destroyed: their term is over, or 152-ФЗ, ст. 21 (parts 3 to 5)."""

    TERM = "term"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PURPOSE_REACHED = "purpose_reached"
    UNLAWFUL = "unlawful"


_NOT_YET: Final[Mapping[Base, str]] = {
    Base.CASE: "дело ещё не закрыто",
    Base.TERM: "срок соглашения ещё не окончен",
    Base.CONSENT: "согласие ещё действует",
    Base.DOCUMENT: "документ ещё не зарегистрирован",
    Base.PAIR: "пара ещё работает",
    Base.REPLACEMENT: "документ ещё не заменён",
}
_WITH_ANOTHER: Final = "хранится вместе с документом, к которому относится"


class Earlier(Value):
    """Another term for what was ended before a day."""

    before: date
    years: Annotated[int, Field(ge=1)]
    words: str


class Term(Value):
    """How long something is kept; see `rules/retention.yaml`. Both days are included."""

    article: str | None  # of the list № 236; none: the organisation's own term
    words: Annotated[str, Field(min_length=1)]
    permanent: bool = False
    years: Annotated[int, Field(ge=1, le=200)] | None = None
    counted_from: Base | None = None
    epk: bool = False
    """«ЭПК»: an expert commission looks at it before it is destroyed."""
    earlier: Earlier | None = None
    since: date | None = None
    until: date | None = None
    seen: bool
    """Whether the text of the act was read; else the term is from public tables of it."""

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.permanent and (self.years or self.counted_from):
            raise ValueError("what is permanent is not counted")
        if self.years and not self.counted_from:
            raise ValueError("years are counted from something")
        if self.earlier and not self.years:
            raise ValueError("only years were otherwise earlier")
        return self

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which it holds."""
        return self.since or date.min, self.until or date.max

    @property
    def length(self) -> int:
        """By which terms are compared: in years, the permanent one is the longest."""
        return _FOR_EVER if self.permanent else self.years or 0

    def last_day(self, began: date) -> date:
        """The last day of keeping, if the count begins with `began`."""
        if self.years is None:
            return began
        earlier = self.earlier
        years = earlier.years if earlier and began < earlier.before else self.years
        return date(began.year + years, 12, 31)

    def words_for(self, began: date | None) -> str:
        """The term as it is printed."""
        earlier = self.earlier
        return earlier.words if earlier and began and began < earlier.before else self.words


class Life(Value):
    """What is known of a document, as far as its term follows from it."""

    day: date  # of its registration, or of its coming into force
    in_force: bool = True  # false: it was given up before
    forms: tuple[Form, ...] = ()  # of the pairs that it orders
    ended: dict[Base, date] = {}  # what a term may be counted from, as far as it has happened

    def began(self, base: Base) -> date | None:
        """The day from which a term with this base is counted; None if it is not known yet."""
        return self.day if base is Base.DOCUMENT else self.ended.get(base)


class KeptUntil(Value):
    """How long one document is kept: for good, until a day, or nobody knows yet."""

    article: str | None
    words: str
    epk: bool
    seen: bool
    permanent: bool = False
    until: date | None = None  # the last day
    why_open: str = ""  # why there is no last day yet

    def is_due(self, on: date) -> bool:
        """Whether its term is over on that day."""
        return self.until is not None and self.until < on


class RetentionRules(Value):
    """All terms, and which is whose where the kind alone does not say it."""

    terms: dict[str, Annotated[tuple[Term, ...], Field(min_length=1)]]
    never_in_force: str
    by_form: dict[str, dict[Form, str]] = {}
    permanent_lock_years: Annotated[int, Field(ge=1, le=200)]
    reads: str | None = None
    """The term of the notes on who was shown data of minors; none: they are kept for good."""

    def reads_kept_since(self, on: date) -> date | None:
        """The first day whose reads are kept on a day; None: those of all days. Raises `BadRules`.

        Their term is counted from the read itself, so whole years go at once.
        """
        years = None if self.reads is None else self.term(self.reads, on).years
        return None if years is None else date(on.year - years, 1, 1)

    def term(self, name: str, on: date) -> Term:
        """The term of this name as it holds on a day. Raises `BadRules` if there is none."""
        for term in self.terms.get(name, ()):
            first, last = term.days
            if first <= on <= last:
                return term
        raise BadRules(f"«{name}»: нет срока, который действует {on:%d.%m.%Y}")

    def term_of(
        self, kind: DocumentKind, life: Life, on: date, chosen: Mapping[Form, str] | None = None
    ) -> Term:
        """The document's term on a day; the longest, where pairs of several forms stand in it.

        `chosen` is what the organisation decided in place of ours. Raises `BadRules`.
        """
        if not life.in_force:
            return self.term(self.never_in_force, on)
        by_form = {**self.by_form.get(kind.kind, {}), **(chosen or {})}
        names = {by_form.get(form, kind.retention) for form in life.forms} or {kind.retention}
        return max((self.term(name, on) for name in sorted(names)), key=lambda term: term.length)

    def locked_until(self, kind: DocumentKind, day: date) -> datetime | None:
        """Until when at least the store keeps what is signed on `day`; None: no year is known.

        The count may begin later than that day, never earlier, so this is the least that it can be.
        """
        term = self.term(kind.retention, day)
        years = self.permanent_lock_years if term.permanent else term.years
        return datetime(day.year + years + 1, 1, 1, tzinfo=UTC) if years else None


def kept_until(term: Term, life: Life) -> KeptUntil:
    """How long a document with this term and this life is kept."""
    base = term.counted_from
    began = life.began(base) if base else None
    why = "" if term.permanent or began else _NOT_YET[base] if base else _WITH_ANOTHER
    return KeptUntil(
        words=term.words_for(began),
        until=term.last_day(began) if began and not term.permanent else None,
        why_open=why,
        **term.model_dump(include={"article", "epk", "seen", "permanent"}),
    )


def check_can_destroy(
    kind: DocumentKind, kept: KeptUntil, ground: Ground, on: date, *, expert: bool
) -> None:
    """Whether an act on this ground may list the document on a day; `expert`: it names minutes.

    152-ФЗ takes precedence over terms only for papers of one person or pair: what an organisation
    orders or reports has a ground of its own to be kept. Raises `StillKept`, `ExpertiseMissing`.
    """
    if ground is not Ground.TERM:
        if kind.scope == "cycle":
            raise StillKept(f"a document of kind {kind.kind} has a ground of its own to be kept")
        return
    if not kept.is_due(on):
        raise StillKept(f"a document of kind {kind.kind} is kept: {kept.until or 'no day is set'}")
    if kept.epk and not expert:
        raise ExpertiseMissing(f"kind {kind.kind} is destroyed after the expert commission only")


def check_retention(rules: RetentionRules, kinds: Iterable[DocumentKind]) -> None:
    """Raises `BadRules` if two lines of a term hold at once, or a term is named but not there."""
    for name, terms in rules.terms.items():
        for one, other in combinations(terms, 2):
            (first, last), (first_other, last_other) = one.days, other.days
            if first <= last_other and first_other <= last:
                raise BadRules(f"«{name}»: две строки действуют в один день")
    by_form = [name for forms in rules.by_form.values() for name in forms.values()]
    own = [rules.never_in_force, *([] if rules.reads is None else [rules.reads])]
    named = [*own, *by_form, *(kind.retention for kind in kinds)]
    for name in named:
        if name not in rules.terms:
            raise BadRules(f"нет срока «{name}»")
