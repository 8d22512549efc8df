"""Journals: how their numbers look, whether two could give the same one, what a line may become.

A journal counts from 1 in each calendar year by the organisation's own time zone. Kinds of
documents share a journal. Its mask never changes: another mask is another journal, in which kinds
are counted from a day on.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations
from typing import Annotated, Final, Self

from pydantic import Field

from domain.base import Message, Value
from domain.errors import (
    ForeignNumber,
    MaskNotUnique,
    NumberTaken,
    NumberTooFar,
    RemarkMissing,
    WrongState,
)

INCOMING: Final = "incoming"
"""The journal of what comes from outside."""
MOST_SKIPPED: Final = 1000
"""A typed number may be so far ahead of the counter; whoever is farther has made a slip."""
LETTERS: Final = "абвгдежиклмнпрстуфхцшщэюя"
"""What follows a counter to put a number between two; letters that are read as a figure or as
another letter (ё, з, й, о, ч) are left out."""

NumberText = Annotated[str, Field(pattern=r"^[\p{L}/._-]{0,29}[0-9][\p{L}0-9/._-]{0,29}$")]
"""A number as a person may type it: without spaces and with a figure, so it is no name."""
MaskText = Annotated[str, Field(pattern=r"^[\p{L}0-9/._{}-]{3,40}$")]

_SAME_LOOK: Final = str.maketrans("abcehkmoptxy‐‑‒–—−", "авсенкмортху------")
_PARTS: Final = re.compile(r"(\{[^{}]*\}|[{}])")
_FIGURES: Final = frozenset("0123456789")

_YEARS: Final = {"{year}": 4, "{yy}": 2}

_Symbol = frozenset[str] | None  # what may stand at a place; None: a counter, of any length
_At = tuple[int, bool]  # place in a mask; whether its counter has begun


class LineState(StrEnum):
    GIVEN = "given"
    RESERVED = "reserved"
    ELSEWHERE = "elsewhere"  # in another book, and not typed in here yet
    VOID = "void"


class TypedNumber(Message):
    """A number that was given elsewhere, or reserved, and that a document shall have."""

    number: str
    reason_id: str
    by: str  # user id

    @classmethod
    def asked(cls, number: str | None, reason_id: str | None, by: str) -> Self | None:
        """None if no number was typed. Raises `RemarkMissing` for one without a reason."""
        if number is not None and not reason_id:
            raise RemarkMissing("a number out of turn needs a reason")
        return cls(number=number, reason_id=reason_id, by=by) if number and reason_id else None


def folded(number: str) -> str:
    """What two numbers share that a reader could not tell apart: case, look-alikes, spaces, «№»."""
    return "".join(number.casefold().split()).replace("№", "").translate(_SAME_LOOK)


class Journal(Value):
    """A journal. In its mask `{n}` is the counter; `{year}` and `{yy}` are the year's figures."""

    name: str
    title: str
    mask: str

    def number(self, n: int, year: int, letter: str = "") -> str:
        """«12-о»; with a letter «12-а-о»."""
        counter = f"{n}-{letter}" if letter else str(n)
        return self._of_year(self.mask, year).replace("{n}", counter)

    def n_of(self, number: str, year: int) -> int | None:
        """The counter of a number of this mask; None if the mask cannot give it."""
        before, _, after = self.mask.partition("{n}")
        begin, end = (re.escape(folded(self._of_year(part, year))) for part in (before, after))
        found = re.fullmatch(f"{begin}0*([1-9][0-9]{{0,8}}){end}", folded(number))
        return int(found[1]) if found else None

    def written(self, number: str, year: int) -> str:
        """A typed number as this journal writes it: «12-о» for «№ 012-O»."""
        n = self.n_of(number, year)
        return number if n is None else self.number(n, year)

    def check_mask(self) -> None:
        """Raises `MaskNotUnique` unless each counter makes a number of its own."""
        places = [part for part in _PARTS.split(self.mask) if "{" in part or "}" in part]
        if places.count("{n}") != 1:
            raise MaskNotUnique(f"mask {self.mask} needs {{n}} once")
        strange = set(places) - {"{n}", *_YEARS}
        if strange:
            raise MaskNotUnique(f"mask {self.mask} has unknown {', '.join(sorted(strange))}")

    def could_meet(self, other: "Journal") -> bool:
        """True if some number could be given by both in the same year."""
        ours, theirs = _symbols(self.mask), _symbols(other.mask)
        begin: tuple[_At, _At] = ((0, False), (0, False))
        seen, ways = {begin}, [begin]
        while ways:
            at, there = ways.pop()
            if _may_end(ours, at) and _may_end(theirs, there):
                return True
            for signs, after in _steps(ours, at):
                for signs_there, after_there in _steps(theirs, there):
                    way = (after, after_there)
                    if signs & signs_there and way not in seen:
                        seen.add(way)
                        ways.append(way)
        return False

    def _of_year(self, mask: str, year: int) -> str:
        return mask.replace("{year}", str(year)).replace("{yy}", f"{year % 100:02}")


def check_masks(journals: Iterable[Journal]) -> None:
    """Raises `MaskNotUnique` for a wrong mask, or two that could give the same number."""
    known = tuple(journals)
    for journal in known:
        journal.check_mask()
    for one, other in combinations(known, 2):
        if one.could_meet(other):
            raise MaskNotUnique(
                f"{one.mask} of {one.name} and {other.mask} of {other.name} could give one number"
            )


def check_own(journal: Journal, number: str, year: int, known: Iterable[Journal]) -> None:
    """Raises `ForeignNumber` if another journal gives numbers like this one."""
    for other in known:
        if other.name != journal.name and other.n_of(number, year) is not None:
            raise ForeignNumber(f"{number} is a number of {other.name}, not of {journal.name}")


def check_same(has: str | None, typed: TypedNumber | None, journal: Journal, year: int) -> None:
    """A document that has a number gets no other. Raises `NumberTaken`."""
    if has is not None and typed is not None:
        wanted = journal.written(typed.number, year)
        if folded(wanted) != folded(has):
            raise NumberTaken(f"the document has {has} already, it cannot get {wanted}")


def skipped(last: int, n: int) -> range:
    """The counters between the last one and a typed one. Raises `NumberTooFar`."""
    if n - last - 1 > MOST_SKIPPED:
        raise NumberTooFar(f"{n} is more than {MOST_SKIPPED} numbers after {last}")
    return range(last + 1, n)


class Line(Value):
    """A number of a journal, and whose it is."""

    line_id: str
    journal: str
    year: int
    n: int | None  # None: typed, and not of the mask
    letter: str = ""
    number: str
    state: LineState
    document_id: str | None = None
    reason_id: str | None = None
    author: str | None = None  # None: a document's turn came

    def check_can_use(self, journal: Journal) -> None:
        """Raises `NumberTaken` unless the number waits for a document of this journal."""
        waits = self.state in (LineState.RESERVED, LineState.ELSEWHERE)
        if not waits or self.journal != journal.name:
            raise NumberTaken(f"{self.number} of {self.journal} and {self.year} is {self.state}")

    def used(self, document_id: str, typed: TypedNumber) -> Self:
        return self.changed(
            state=LineState.GIVEN,
            document_id=document_id,
            reason_id=typed.reason_id,
            author=typed.by,
        )

    def check_can_void(self, *, alive: bool) -> None:
        """`alive`: a document that was not withdrawn has the number. Raises `WrongState`."""
        if self.state is LineState.VOID:
            raise WrongState(f"{self.number} of {self.journal} is void already")
        if alive:
            raise WrongState(f"document {self.document_id} has {self.number}")

    def voided(self, reason_id: str, author: str) -> Self:
        return self.changed(state=LineState.VOID, reason_id=reason_id, author=author)


def _symbols(mask: str) -> Sequence[_Symbol]:
    found: list[_Symbol] = []
    for part in _PARTS.split(mask):
        if part == "{n}":
            found.append(None)
        elif part in _YEARS:
            found += [_FIGURES] * _YEARS[part]
        else:
            found += [frozenset(sign) for sign in folded(part)]
    return found


def _places(at: _At) -> Iterator[_At]:
    """Here, and behind a counter that may be over."""
    place, begun = at
    yield at
    if begun:
        yield place + 1, False


def _steps(symbols: Sequence[_Symbol], at: _At) -> Iterator[tuple[frozenset[str], _At]]:
    """Which signs may come next, and where one is after them."""
    for place, _ in _places(at):
        if place < len(symbols):
            signs = symbols[place]
            if signs is None:
                yield _FIGURES, (place, True)
            else:
                yield signs, (place + 1, False)


def _may_end(symbols: Sequence[_Symbol], at: _At) -> bool:
    return any(place == len(symbols) for place, _ in _places(at))
