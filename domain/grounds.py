"""Legal grounds: acts that papers cite, each from its first day until it loses force."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field

from domain.base import Value
from domain.errors import BadDate, WrongState

Level = Literal["federal", "regional", "municipal", "charter", "local"]
Topic = Literal["introduction", "regulation", "programme", "municipal", "pairs", "rewards"]
"""What an act is cited for; which kinds of documents cite a topic is data."""
HeadCase = Literal["nomn", "gent", "datv", "ablt"]
HEAD_CASES: tuple[HeadCase, ...] = ("nomn", "gent", "datv", "ablt")

Words = Annotated[str, Field(min_length=1, max_length=1000)]


class HeadForms(Value):
    """The declined words of an act, in the cases that preambles ask for."""

    nomn: Words
    gent: Words
    datv: Words
    ablt: Words

    def form(self, case: HeadCase) -> str:
        """The words in `case`."""
        forms: dict[HeadCase, str] = {
            "nomn": self.nomn,
            "gent": self.gent,
            "datv": self.datv,
            "ablt": self.ablt,
        }
        return forms[case]


class GroundEnd(Value):
    """An act loses force: on which day, by which act."""

    lost_on: date  # the first day without it
    ended_by: Words


class Ground(Value):
    """An act that papers may cite."""

    id: str
    level: Level
    head: HeadForms  # «распоряжение», «Федеральный закон», «статья 351.8 Трудового кодекса …»
    issuer: str | None = None  # in the genitive; none where the head says it
    number: str | None = None
    day: date | None = None  # when it was issued
    title: str | None = None  # without quotes
    approves: HeadForms | None = None
    """What it approves, up to «утверждённая»: preambles name that, and the act behind it."""
    topics: tuple[Topic, ...] = ()
    since: date | None = None  # None: as far as is known, from the day it was issued
    end: GroundEnd | None = None
    own: bool = False  # the organisation's list named it, not the one that comes with us

    def has_begun(self, day: date) -> bool:
        begins = self.since or self.day
        return begins is None or begins <= day

    def is_lost(self, day: date) -> bool:
        """True from the day on which it has no force any more."""
        return self.end is not None and self.end.lost_on <= day

    def is_in_force(self, day: date) -> bool:
        return self.has_begun(day) and not self.is_lost(day)

    def check_can_end(self, end: GroundEnd) -> None:
        """An end is said once. Raises `WrongState`, or `BadDate` before its first day."""
        if self.end is not None and self.end != end:
            raise WrongState(f"act {self.id} has lost force on {self.end.lost_on}")
        if not self.has_begun(end.lost_on):
            raise BadDate(f"act {self.id} is not in force yet on {end.lost_on}")

    def ended(self, end: GroundEnd) -> Self:
        return self.changed(end=end)
