"""What is kept of organisations below others."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from domain.base import Value
from domain.organisations import Level, NewOrganisation


class NewBelow(Value):
    """Organisations shall stand below one, by a person's wish."""

    upper_id: str
    organisations: tuple[NewOrganisation, ...]
    by: str
    at: datetime


class Placed(Value):
    """An organisation that stands below; `account_id` is its administrator's, if it has one."""

    organisation_id: str
    code: str
    account_id: str | None
    login: str | None


class EnteredFigures(Value):
    """What an organisation below reported, as somebody above entered it in its place."""

    organisation_id: str  # the one above
    cycle_id: str
    n: int
    demand: str
    turn: int
    figures: dict[str, int | str]
    origin: Literal["entered", "uploaded"]
    given_by: str
    source: str | None
    file_sha256: str | None = None
    at: datetime


class OrganisationDesk(Protocol):
    """A part of `Desk`."""

    def add_below(self, wish: NewBelow) -> Sequence[Placed]:
        """Take organisations in below another, all or none; each is a tenant of its own.

        One that is known by its code keeps what it is called and where it is; kind and tags are
        brought up to date, and one from outside may begin to use the system. Raises `WrongLevel`,
        `WrongState` for one that was placed below another since, `LoginTaken`, `NotFound`, and
        `zoneinfo.ZoneInfoNotFoundError` for an unknown zone.
        """
        ...

    def place(self, organisation_id: str, level: Level, upper_id: str | None) -> None:
        """Say where an organisation stands that was there before. For the system administrator:
        no organisation takes another one under itself.

        Raises `WrongLevel` against the one above and those below, `NotFound`.
        """
        ...

    def enter_figures(self, entered: EnteredFigures) -> int:
        """Keep figures as the next version of a branch's report; which version that is.

        What nobody has heard of yet and says the same is the same version. Raises `NotFound` for a
        branch that the organisation has not.
        """
        ...
