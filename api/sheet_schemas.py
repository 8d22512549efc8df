"""What requests about working days and acquaintance look like."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from api.schemas import example
from domain.base import Value

FIRST_YEAR, LAST_YEAR = 2013, 2100
"""From the first year that the rules of working days know."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class NamedDay(Value):
    """A day, and whether people work then."""

    day: Annotated[date, Field(ge=date(FIRST_YEAR, 1, 1), le=date(LAST_YEAR, 12, 31))]
    works: bool


class CalendarDays(Value):
    """The organisation's own days of one year, in place of those that it named before."""

    model_config = example(
        days=[{"day": "2027-02-20", "works": True}, {"day": "2027-02-22", "works": False}]
    )

    days: Annotated[tuple[NamedDay, ...], Field(min_length=1, max_length=366)]

    @model_validator(mode="after")
    def _is_one_year_and_no_day_twice(self) -> Self:
        if len({one.day.year for one in self.days}) > 1:
            raise ValueError("days of several years")
        if len({one.day for one in self.days}) < len(self.days):
            raise ValueError("a day is named twice")
        return self


class Acquaint(Value):
    """People have read the document on a day, today if none is said.

    Without `person_ids` it is the owner of the account. Others are named by who has their
    signatures on paper.
    """

    model_config = example(person_ids=["8f2c41b0c2d7e8f9"], day="2026-09-02")

    person_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=500)] | None = None
    day: date | None = None
