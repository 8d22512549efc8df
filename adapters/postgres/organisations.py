"""Organisations below others: each its own tenant, with an administrator where it signs in."""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, text

from activities.organisation_ports import EnteredFigures, NewBelow, Placed
from adapters.passwords import token_sha256
from adapters.postgres import entering, log
from adapters.postgres.kept_rows import COUNTED
from adapters.postgres.objects import ObjectBook
from adapters.postgres.rows import Known, change, open_sums, put
from adapters.postgres.sitting_desk import lock_organisation
from adapters.postgres.tables import OrganisationRow, UserRow
from domain import ids
from domain.audit import AuditEvent
from domain.errors import LoginTaken, NotFound, WrongState
from domain.organisations import Level, NewOrganisation, check_below, time_zone_of
from domain.people import AccessRole

_KNOWN: Final = text(
    """
    SELECT organisation_id, upper_id, level, kind, outside, tags, time_zone FROM organisations
    WHERE organisation_id = :organisation
    """
)
_LEVELS_BELOW: Final = text("SELECT DISTINCT level FROM organisations WHERE upper_id = :id")
_ACCOUNT: Final = text(
    "SELECT id, login FROM users WHERE organisation_id = :organisation AND id = :id"
)
_EVENTS: Final = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")


class PostgresOrganisations(ObjectBook):
    """`OrganisationDesk` over an engine of the application's role."""

    def add_below(self, wish: NewBelow) -> tuple[Placed, ...]:
        """As in `OrganisationDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.upper_id)
            upper = _organisation(connection, wish.upper_id)
            placed = tuple(_added(connection, upper, one) for one in wish.organisations)
            # The log comes last: its end is locked until the transaction ends.
            for one, new in placed:
                if new:
                    _note(connection, wish.upper_id, one, new, wish.by, wish.at)
        return tuple(one for one, _ in placed)

    def place(self, organisation_id: str, level: Level, upper_id: str | None) -> None:
        """As in `OrganisationDesk`."""
        with self._engine.begin() as connection:
            # In one order, so that two who place each other's organisations do not wait in turn.
            for one in sorted({organisation_id, upper_id or organisation_id}):
                lock_organisation(connection, one)
            if upper_id is not None:
                check_below(level, _level(_organisation(connection, upper_id)))
            for below in connection.execute(_LEVELS_BELOW, {"id": organisation_id}).scalars():
                check_below(Level(below), level)
            known = {"organisation_id": organisation_id}
            change(connection, OrganisationRow, known, {"level": level, "upper_id": upper_id})

    def enter_figures(self, entered: EnteredFigures) -> int:
        """As in `OrganisationDesk`."""
        with self._engine.begin() as connection:
            return entering.enter(connection, entered)


def _organisation(connection: Connection, organisation_id: str) -> RowMapping:
    found = connection.execute(_KNOWN, {"organisation": organisation_id}).mappings().one_or_none()
    if found is None:
        raise NotFound(f"no organisation {organisation_id}")
    return found


def _level(row: RowMapping) -> Level:
    return Level(row["level"] or Level.ORGANISATION)


def _added(
    connection: Connection, upper: RowMapping, one: NewOrganisation
) -> tuple[Placed, str | None]:
    """Where it stands, and what was done, if anything."""
    check_below(one.level, _level(upper))
    organisation = one.id_below(upper["organisation_id"])
    row = {
        **one.model_dump(mode="json", exclude={"code", "login", "tags"}),
        "organisation_id": organisation,
        "upper_id": upper["organisation_id"],
        "time_zone": time_zone_of(one.time_zone or upper["time_zone"]),
        "tags": list(one.tags),
    }
    open_sums(connection, organisation, COUNTED)
    if put(connection, OrganisationRow, [row], Known.STAYS):
        log.open_log(connection, organisation)
        done: str | None = "organisation_added"
        outside = one.outside
    else:
        done, outside = _brought_up_to_date(connection, upper["organisation_id"], organisation, one)
    account = None if outside else _administrator(connection, organisation, one.login)
    placed = Placed(
        organisation_id=organisation,
        code=one.code,
        account_id=account and account[0],
        login=account and account[1],
    )
    return placed, done


def _brought_up_to_date(
    connection: Connection, upper: str, organisation: str, one: NewOrganisation
) -> tuple[str | None, bool]:
    known = _organisation(connection, organisation)
    if known["upper_id"] != upper:
        raise WrongState(f"organisation {organisation} stands below another one now")
    outside = bool(known["outside"]) and one.outside
    now = {"kind": one.kind, "tags": list(one.tags), "outside": outside}
    if now == {name: known[name] for name in now}:
        return None, outside
    change(connection, OrganisationRow, {"organisation_id": organisation}, now)
    return "organisation_changed", outside


def _administrator(connection: Connection, organisation: str, login: str | None) -> tuple[str, str]:
    """The account and its login. Nobody has its token: who adds an organisation must not be able
    to enter it after its administrator has taken it over.
    """
    account = ids.administrator_of(organisation)
    given = {"organisation": organisation, "id": account}
    known = connection.execute(_ACCOUNT, given).one_or_none()
    if known is not None:
        return account, str(known.login)
    row = {
        "id": account,
        "organisation_id": organisation,
        "role": AccessRole.ADMINISTRATOR,
        "person_id": None,
        "token_sha256": token_sha256(secrets.token_urlsafe(32)),
        "login": login or f"admin-{organisation}",
        "password_once": True,
    }
    if not put(connection, UserRow, [row], Known.STAYS, ("login",)):
        raise LoginTaken(f"another account has the login of organisation {organisation}")
    return account, str(row["login"])


def _note(
    connection: Connection, upper: str, placed: Placed, action: str, by: str, at: datetime
) -> None:
    subject = ids.organisation_subject(placed.organisation_id)
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action=action,
        actor=by,
        at=at,
        refs={"organisation": placed.organisation_id},
    )
    log.append(connection, upper, [event], None)
