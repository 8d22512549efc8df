"""Organisations above others: their levels, and what in a list of organisations cannot be true."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain import ids
from domain.base import Value
from domain.enrolment import Complaint, Place
from domain.errors import WrongLevel

MOST_AT_ONCE: Final = 500
"""Organisations of one list: a region has some 45 municipalities, a municipality some 300."""


class Level(StrEnum):
    """Where an organisation stands: each only below one of a higher level."""

    ORGANISATION = "organisation"
    MUNICIPALITY = "municipality"
    REGION = "region"


class OrganisationKind(StrEnum):
    """What an organisation is, as far as invitations tell them apart."""

    SCHOOL = "school"
    KINDERGARTEN = "kindergarten"
    COLLEGE = "college"
    EXTRA_EDUCATION = "extra_education"
    OTHER = "other"


def time_zone_of(name: str) -> str:
    """A time zone of the IANA database by its name, e.g. `Asia/Omsk`.

    Raises `zoneinfo.ZoneInfoNotFoundError`, also where `ZoneInfo` finds a folder («Asia»).
    """
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError) as error:
        raise ZoneInfoNotFoundError(f"there is no time zone {name!r}") from error


_RANKS: Final = {level: rank for rank, level in enumerate(Level)}


class NewOrganisation(Value):
    """An organisation of a list. `code` is the list's own name for it.

    One that is `outside` does not use the system: nobody signs in for it, what it reports is
    uploaded or entered by the organisation above.
    """

    code: str
    name: str
    short_name: str
    address: str
    inn: str
    city: str
    time_zone: str | None = None  # that of the organisation above if not said
    level: Level = Level.ORGANISATION
    kind: OrganisationKind | None = None
    outside: bool = False
    tags: tuple[str, ...] = ()
    login: str | None = None  # of its administrator; one is made if not said

    def id_below(self, upper_id: str) -> str:
        """Its id: the same code below the same organisation is the same one."""
        return ids.derived_id("organisation", upper_id, self.code)


PlacedOrganisation = tuple[Place, NewOrganisation]


def check_below(level: Level, upper: Level) -> None:
    """Raises `WrongLevel` unless one of `level` may stand below one of the level `upper`.

    Levels fall strictly, so nobody stands above himself, directly or through others.
    """
    if _RANKS[level] >= _RANKS[upper]:
        raise WrongLevel(f"{level} does not stand below {upper}")


def problems(rows: Sequence[PlacedOrganisation], upper: Level) -> tuple[Complaint, ...]:
    """All contradictions of a list of organisations below one of the level `upper`."""
    return tuple(
        chain(
            _twice(rows, "code", "такой код уже есть в строке {first}; дайте каждому свой код"),
            _twice(rows, "name", "то же название, что в строке {first}; оставьте одну строку"),
            _twice(rows, "login", "тот же логин, что в строке {first}; дайте каждому свой"),
            chain.from_iterable(_alone(place, one, upper) for place, one in rows),
        )
    )


def _twice(rows: Iterable[PlacedOrganisation], field: str, reason: str) -> Iterator[Complaint]:
    first_rows: dict[str, int] = {}
    for place, one in rows:
        said = getattr(one, field)
        if said is None:
            continue
        first = first_rows.setdefault(str(said).casefold().replace("ё", "е"), place.row)
        if first != place.row:
            yield place.complaint(field, reason.format(first=first))


def _alone(place: Place, one: NewOrganisation, upper: Level) -> Iterator[Complaint]:
    if _RANKS[one.level] >= _RANKS[upper]:
        yield place.complaint("level", "уровень не ниже вашего; укажите более низкий")
    if one.outside and one.login is not None:
        yield place.complaint(
            "login", "организация не работает в системе, логин ей не нужен; удалите его"
        )
    if any(count > 1 for count in Counter(one.tags).values()):
        yield place.complaint("tags", "метка названа дважды; оставьте один раз")
