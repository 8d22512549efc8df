"""Organisations and accounts, made by the system administrator."""

import re
from zoneinfo import ZoneInfoNotFoundError

from domain import ids
from domain.base import Value
from domain.people import AccessRole
from runtime.settings import WrongCall
from runtime.wiring import Parts

_LOGIN = re.compile(r"[\w.@-]{3,60}")


class NewAccount(Value):
    """An account. The token is shown this once and kept nowhere."""

    organisation: str
    role: AccessRole
    token: str
    password: str | None = None
    """For the first sign-in to the pages, of an account that has a login."""


class NewPassword(Value):
    """For the next sign-in to the pages; shown this once."""

    password: str


def new_organisation(
    parts: Parts,
    *,
    name: str,
    short_name: str,
    address: str,
    inn: str,
    city: str,
    time_zone: str,
) -> NewAccount:
    """Take an organisation in, with an administrator. Raises `WrongCall` for an unknown zone."""
    organisation = ids.new_id()
    try:
        parts.desk.add_organisation(
            organisation,
            name=name,
            short_name=short_name,
            address=address,
            inn=inn,
            city=city,
            time_zone=time_zone,
        )
    except ZoneInfoNotFoundError as error:
        raise WrongCall(f"--time-zone {time_zone}: ожидается пояс вида Asia/Omsk") from error
    return new_user(parts, organisation, AccessRole.ADMINISTRATOR, None)


def new_user(
    parts: Parts, organisation: str, role: str, person: str | None, login: str | None = None
) -> NewAccount:
    """Open an account for a person of the list, by code; with a login, for the pages too.

    Raises `WrongCall`, `NotFound` or `LoginTaken`.
    """
    if role not in set(AccessRole):
        raise WrongCall(f"--role {role}: ожидается одно из: {', '.join(AccessRole)}")
    person_id = None
    if person is not None:
        codes = {one.code: one.id for one in parts.views.people(organisation)}
        if person not in codes:
            raise WrongCall(f"--person {person}: в списке людей организации такого кода нет")
        person_id = codes[person]
    access = AccessRole(role)
    if login is None:
        token = parts.desk.add_user(organisation, access, person_id)
        return NewAccount(organisation=organisation, role=access, token=token)
    login = login.strip().casefold()
    if not _LOGIN.fullmatch(login):
        raise WrongCall("--login: от 3 до 60 букв, цифр и знаков . _ - @, без пробелов")
    token = parts.desk.add_user(organisation, access, person_id, login)
    password = parts.accounts.reset_password(login)
    return NewAccount(organisation=organisation, role=access, token=token, password=password)


def new_password(parts: Parts, login: str) -> NewPassword:
    """A one-time password in place of a forgotten one. Raises `NotFound`."""
    return NewPassword(password=parts.accounts.reset_password(login))
