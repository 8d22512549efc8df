"""What requests about rights to decide and to sign must look like."""

from datetime import date
from typing import Annotated, Final, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.legal_schemas import Line
from api.routes.reading import AuthorityLine
from api.schemas import Code, Name, Text, example
from domain.base import Value
from domain.mandates import Capacity, MandateGround

_FOLLOWS: Final = frozenset({Capacity.OWN, Capacity.ACTING})
_BY_LETTER: Final = Capacity.POWER_OF_ATTORNEY


class Ground(MandateGround):
    """The paper that gives the right."""

    number: Line


class NewAuthority(Value):
    """A right from `since` on, in a post, in whose place; people are named by id or code.

    `succeeds` is a change of the head: the rights of that person end on the day.
    """

    model_config = example(
        person="D-02",
        capacity="own",
        post="директор",
        succeeds="D-01",
        since="2026-11-16",
        ground={"what": "order", "number": "214-л", "day": "2026-11-13"},
    )

    person: Code
    capacity: Capacity
    post: Line | None = None
    instead_of: Code | None = None
    succeeds: Code | None = None
    kinds: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    since: date
    until: date | None = None
    ground: Ground

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        own, place = self.capacity is Capacity.OWN, self.instead_of or self.succeeds
        by_letter = self.ground.what == "power_of_attorney"
        unfit = {
            "own_in_place": own and self.instead_of is not None,
            "place_missing": not own and place is None,
            "two_places": self.instead_of is not None and self.succeeds is not None,
            "follows_in_part": self.succeeds is not None
            and (self.capacity not in _FOLLOWS or bool(self.kinds)),
            "last_day_missing": self.capacity is Capacity.SUBSTITUTE and self.until is None,
            "post_missing": self.capacity is Capacity.ACTING and self.post is None,
            "ground_unfit": (self.capacity is _BY_LETTER) is not by_letter,
        }
        for rule, broken in unfit.items():
            if broken:
                raise PydanticCustomError("mandate_" + rule, "the right is not whole")
        return self


class AuthorityEnd(Value):
    """From this day on there is no such right; why."""

    model_config = example(day="2026-12-01", reason="Приказ от 27 ноября 2026 г. № 231-л")

    day: date
    reason: Text


class Authorities(Value):
    """All rights of the organisation, as they stand on a day."""

    on: date
    authorities: tuple[AuthorityLine, ...]
