"""Assignments: numbered items of an order that people carry out by a day, and who controls them.

They are found when a version is drafted and given when the document comes into force; their life
from then on is in `domain.document_assignments`.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.base import Message, Value
from domain.errors import FactMissing
from domain.people import AccessRole, Actor
from domain.working_days import Calendar

INPUT = "assignments"
"""The fact by which a person gives assignments of their own: a table of `ROW`."""
ROW = frozenset({"who", "what", "due", "item"})
ITEM = r"^[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,3}$"
ASSIGNMENT_ID = r"^[1-9][0-9]{0,2}(\.[1-9][0-9]{0,2}){0,3}(-[1-9][0-9]{0,2})?$"
"""The item's number; with a second figure where one item is given to several people."""


class AssignmentRules(Value):
    """An item that every document of a kind gives somebody; read from its kind.yaml.

    `item` and `what` are written as in the kind's template, with the same facts: an item whose
    number comes out empty is not in the text. `due` names a date among the facts, or says how many
    calendar days there are once the document is in force, where the text names no day. With `each`
    there is one for each row of that table which says in how many `days`; `item` and `what` then
    have the `row` and its place `n` besides.
    """

    item: str
    who: Literal["director", "curator", "secretary", "mentors"]  # mentors: each of the turn's pairs
    what: str
    due: str | Annotated[int, Field(ge=1, le=366)] | None = None
    each: str | None = None
    controller: Literal["director", "curator"] = "director"

    @model_validator(mode="after")
    def _has_a_term(self) -> Self:
        if (self.due is None) is (self.each is None):
            raise ValueError("either a term for all, or one in each row")
        return self


class AssignmentAsked(Value):
    """A row of the table that a person gave."""

    item: Annotated[str, Field(pattern=ITEM)]
    who: str  # id of a person
    what: str
    due: date

    @classmethod
    def all_of(cls, rows: object) -> tuple["AssignmentAsked", ...]:
        """The rows of a table; an item that is not named has the number of its place.

        Raises `FactMissing` naming the row.
        """
        if not isinstance(rows, list | tuple) or not rows:
            raise FactMissing("поручения: ожидается таблица «кому, что, к какому сроку»")
        return tuple(cls._of(n, row) for n, row in enumerate(rows, start=1))

    @classmethod
    def _of(cls, n: int, row: object) -> "AssignmentAsked":
        if not isinstance(row, Mapping) or not {"who", "what", "due"} <= row.keys() <= ROW:
            raise FactMissing(f"поручение {n}: нужны «who», «what», «due», может быть и «item»")
        try:
            return cls.model_validate({"item": str(n), **row})
        except ValueError as error:
            raise FactMissing(
                f"поручение {n}: срок — дата ГГГГ-ММ-ДД, пункт — номер вида 1 или 1.2"
            ) from error


class AssignmentStage(StrEnum):
    AHEAD = "ahead"  # the document is not in force yet
    OPEN = "open"
    FULFILLED = "fulfilled"
    DROPPED = "dropped"


class Assignment(Message):
    """An item given to one person. What is to be done stands in a row; here are ids and days."""

    id: str
    item: str
    who: str  # id of a person
    controller: str  # id of a person
    control_of: str | None = None  # in whose place he controls; none: it is his own
    due: datetime | None = None
    days: int | None = None  # until `due`, from the day on which it is given
    stage: AssignmentStage = AssignmentStage.AHEAD
    since: datetime | None = None  # given, or given back
    returned: int = 0  # how many times
    fulfilled_at: datetime | None = None
    fulfilled_by: str | None = None  # user id
    returnable_until: datetime | None = None  # by its controller, once it is fulfilled
    note_id: str | None = None  # what was said of it last
    file_sha256: str | None = None

    @property
    def is_open(self) -> bool:
        return self.stage is AssignmentStage.OPEN

    @property
    def is_over(self) -> bool:
        """Nothing will change it any more."""
        return not self.is_open and self.returnable_until is None

    def given(self, now: datetime, calendar: Calendar) -> Self:
        """From now on it is to be carried out; a term of days begins tomorrow (ГК РФ, ст. 191)."""
        due = self.due
        if self.days:
            zone = timezone(timedelta(minutes=calendar.zone_minutes))
            day = now.astimezone(zone).date() + timedelta(days=self.days)
            due = last_second(day, zone)
        return self.changed(stage=AssignmentStage.OPEN, since=now, due=due)

    def is_controlled_by(self, by: Actor) -> bool:
        """The controller, and always whoever is the head of the organisation by then."""
        return by.is_one_of(self.controller) or by.role is AccessRole.DIRECTOR


def last_second(day: date, zone: tzinfo) -> datetime:
    """Until when a day lasts there, in UTC."""
    return datetime.combine(day, time(23, 59, 59), zone).astimezone(UTC)


def numbered(found: Iterable[Assignment]) -> tuple[Assignment, ...]:
    """With ids of their own: where one item is given to several, each has a second figure."""
    known = tuple(found)
    items = [one.item for one in known]
    return tuple(
        one.changed(
            id=f"{one.item}-{items[: place + 1].count(one.item)}"
            if items.count(one.item) > 1
            else one.item
        )
        for place, one in enumerate(known)
    )
