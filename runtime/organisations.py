"""Organisations below others, taken in by the system administrator."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfoNotFoundError

from activities.organisation_ports import NewBelow
from adapters.organisation_files import read_organisations
from adapters.postgres.organisation_views import OrganisationAsked, OrganisationLine
from domain.base import Value
from domain.errors import WrongState
from domain.ids import SYSTEM
from domain.organisations import Level, NewOrganisation, OrganisationKind
from runtime.settings import WrongCall
from runtime.wiring import Parts


class AddedOrganisation(Value):
    """An organisation below; the password opens nothing but its own change, and is shown once."""

    organisation: str
    code: str
    login: str | None
    password: str | None


def add_below(
    parts: Parts, upper: str, organisations: Sequence[NewOrganisation]
) -> tuple[AddedOrganisation, ...]:
    """Take them in, all or none; one-time passwords for administrators who have none of their own.

    Raises `NotFound`, `WrongLevel`, `LoginTaken`, or `WrongCall` for an unknown zone.
    """
    wish = NewBelow(
        upper_id=upper,
        organisations=tuple(organisations),
        by=SYSTEM,
        at=datetime.now(UTC),
    )
    try:
        placed = parts.desk.add_below(wish)
    except ZoneInfoNotFoundError as error:
        raise WrongCall("--time-zone: ожидается пояс вида Asia/Omsk") from error
    added = []
    for one in placed:
        password = None
        if one.account_id is not None:
            with suppress(WrongState):  # it is its administrator's own by now
                password = parts.accounts.first_password(one.organisation_id, one.account_id)
        added.append(
            AddedOrganisation(
                organisation=one.organisation_id,
                code=one.code,
                login=one.login,
                password=password,
            )
        )
    return tuple(added)


def import_below(parts: Parts, upper: str, file: Path) -> tuple[AddedOrganisation, ...]:
    """All of an XLSX, or none. Raises as `add_below` and `read_organisations`."""
    return add_below(parts, upper, read_organisations(file, parts.views.level(upper)))


def list_below(
    parts: Parts, upper: str, kind: str | None, tag: str | None
) -> tuple[OrganisationLine, ...]:
    """All of a kind, with a tag. Raises `NotFound`, or `WrongCall` for an unknown kind."""
    if kind is not None and kind not in set(OrganisationKind):
        raise WrongCall(f"--kind {kind}: ожидается одно из: {', '.join(OrganisationKind)}")
    asked = OrganisationAsked(kind=OrganisationKind(kind) if kind else None, tag=tag)
    found: list[OrganisationLine] = []
    while True:
        page = parts.views.organisations_below(upper, asked, len(found) // 100 + 1)
        found += page.organisations
        if len(found) >= page.total:
            return tuple(found)


def place(parts: Parts, organisation: str, level: str, upper: str | None) -> None:
    """Say where an organisation stands. Raises `WrongLevel`, `NotFound`, `WrongCall`."""
    if level not in set(Level):
        raise WrongCall(f"--level {level}: ожидается одно из: {', '.join(Level)}")
    if upper is not None and upper == organisation:
        raise WrongCall("--below: организация не может стоять ниже самой себя")
    parts.desk.place(organisation, Level(level), upper)
