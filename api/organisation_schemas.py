"""What requests about organisations below ask for, and how they are answered."""

from typing import Annotated

from pydantic import Field

from api.schemas import Code, example
from domain.base import Value
from domain.organisations import Level, OrganisationKind

Line = Annotated[str, Field(pattern=r"^[\P{Cc}]+$", min_length=1, max_length=200)]
Tag = Annotated[str, Field(pattern=r"^[\w+.-]([\w +.-]{0,38}[\w+.-])?$")]
"""A word or two by which organisations are chosen, e.g. «500+»."""


class NewOrganisation(Value):
    """An organisation below the asker's. One `outside` does not use the system itself."""

    model_config = example(
        code="school-12",
        name="Муниципальное бюджетное общеобразовательное учреждение «Школа № 12»",
        short_name="МБОУ «Школа № 12»",
        address="000001, г. Заречинск, ул. Садовая, д. 2",
        inn="0012345674",
        city="г. Заречинск",
        kind="school",
        tags=["500+"],
    )

    code: Code
    name: Line
    short_name: Line
    address: Line
    inn: Annotated[str, Field(pattern=r"^[0-9]{10}$")]
    city: Line
    time_zone: Annotated[str, Field(pattern=r"^[A-Za-z_/+-]{3,40}$")] | None = None
    """That of the asker's organisation if not said."""
    level: Level = Level.ORGANISATION
    kind: OrganisationKind | None = None
    outside: bool = False
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] = ()
    login: Annotated[str, Field(pattern=r"^[\w.@-]{3,60}$")] | None = None


class AddedOrganisation(Value):
    """An organisation below. The password opens nothing but its own change, and is told once:
    a repeat of the request tells none, `POST /organisations/{id}/password` gives another.
    """

    organisation_id: str
    code: str
    login: str | None
    one_time_password: str | None


class AddedOrganisations(Value):
    """All organisations of a list."""

    organisations: tuple[AddedOrganisation, ...]


class FirstPassword(Value):
    """For the first sign-in of an organisation's administrator; told once."""

    one_time_password: str | None


class Nothing(Value):
    """A request that says nothing beside its address."""

    model_config = example()
