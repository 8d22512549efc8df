"""Bodies: who presides, how many must come, how often they sit.

A body is a pedagogical council, a methodical union, a council of mentors, a School of Mentoring.
"""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from domain.base import Value
from domain.deadlines import Period

MinutesKind = Literal["council_minutes", "school_minutes"]
"""The document that tells of a sitting; the journal that counts it has the same name."""

_SEPTEMBER: Final = 9
_MONTHS_OF_A_QUARTER: Final = 3


class Quorum(Value):
    """How large a part of its members a body needs; more than a half unless it says otherwise.

    A half means *more* than a half: «более половины», as charters word it. Any other share means
    at least that share: «не менее двух третей».
    """

    numerator: Annotated[int, Field(ge=1, le=99)] = 1
    denominator: Annotated[int, Field(ge=1, le=99)] = 2

    @model_validator(mode="after")
    def _is_a_half_at_least(self) -> Self:
        if not self.numerator <= self.denominator <= 2 * self.numerator:
            raise ValueError("a quorum is a half at least, and the whole at most")
        return self

    def needed(self, members: int) -> int:
        """How many of so many members must be there; one at least."""
        if 2 * self.numerator == self.denominator:
            return members // 2 + 1
        return max(1, -(-members * self.numerator // self.denominator))


class Every(StrEnum):
    """How long a period is in which a body sits so often."""

    SCHOOL_YEAR = "school_year"  # from 1 September
    YEAR = "year"
    QUARTER = "quarter"  # of the calendar


class AtLeast(Value):
    """So many sittings in each such period: «не реже двух раз за учебный год»."""

    sittings: Annotated[int, Field(ge=1, le=100)]
    every: Every


class BodySettings(Value):
    """What the organisation says of a body. `ablative`: «педагогическим советом», where the rules
    of the language would decline its name wrongly.
    """

    chair_id: str | None = None
    secretary_id: str | None = None
    quorum: Quorum = Quorum()
    at_least: AtLeast | None = None
    minutes_kind: MinutesKind = "council_minutes"
    ablative: str | None = None


def period_of(every: Every, day: date) -> Period:
    """The period in which the day lies."""
    match every:
        case Every.SCHOOL_YEAR:
            year = day.year if day.month >= _SEPTEMBER else day.year - 1
            start, after = date(year, _SEPTEMBER, 1), date(year + 1, _SEPTEMBER, 1)
        case Every.YEAR:
            start, after = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        case Every.QUARTER:
            month = day.month - (day.month - 1) % _MONTHS_OF_A_QUARTER
            start = date(day.year, month, 1)
            after = (start + timedelta(days=31 * _MONTHS_OF_A_QUARTER)).replace(day=1)
    return Period(start=start, end=after - timedelta(days=1))
