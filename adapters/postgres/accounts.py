"""Who is signed in to the pages: passwords, sessions, and limits on tries."""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine, RowMapping, text

from adapters.passwords import fits, hashed, one_time_password, token_sha256
from adapters.postgres import log
from adapters.postgres.bodies import SITS_IN
from adapters.postgres.desk import EVERYBODY
from adapters.postgres.names import Names
from adapters.postgres.rows import change
from adapters.postgres.shown import SignedIn, User
from adapters.postgres.tables import UserRow
from domain import ids
from domain.audit import AuditEvent
from domain.errors import NotFound, TooOften, WrongPassword, WrongState
from domain.passwords import LONGEST, check_password
from domain.people import AccessRole

TRIES_OF_A_LOGIN: Final = 5
TRIES_FROM_AN_ADDRESS: Final = 30
"""A school stands behind one address."""

_KEPT = text(
    """
    SELECT id, organisation_id, login, password_hash, password_once FROM users
    WHERE login = :login AND revoked_at IS NULL
    """
)
_FIRST = text(
    """
    SELECT id, organisation_id, login, password_hash, password_once FROM users
    WHERE organisation_id = :organisation AND id = :id AND revoked_at IS NULL
      AND login IS NOT NULL
    FOR UPDATE
    """
)
_RESETS = text("SELECT count(*) FROM audit_entries WHERE subject = :subject")
_BEGIN = text(
    """
    INSERT INTO sessions (token_sha256, organisation_id, user_id)
    VALUES (:token, :organisation, :user)
    """
)
# Idle for half an hour or begun half a day ago: OWASP ASVS 5.0, 7.3.
_LIVE = """
    s.seen_at > clock_timestamp() - interval '30 minutes'
    AND s.began_at > clock_timestamp() - interval '12 hours'
"""
_SESSION = text(
    f"""
    SELECT u.id, u.organisation_id, u.role, u.person_id, u.login, u.password_hash, u.password_once,
      o.short_name, {SITS_IN} AS bodies
    FROM sessions s JOIN users u ON u.id = s.user_id
      JOIN organisations o ON o.organisation_id = u.organisation_id
    WHERE s.token_sha256 = :token AND u.revoked_at IS NULL AND {_LIVE}
    """  # noqa: S608 - a constant of ours
)
_SEEN = text(
    """
    UPDATE sessions SET seen_at = clock_timestamp()
    WHERE token_sha256 = :token AND seen_at < clock_timestamp() - interval '1 minute'
    """
)
_END = text("DELETE FROM sessions WHERE token_sha256 = :token")
_END_ALL = text("DELETE FROM sessions WHERE user_id = :user")
_SWEEP = text(
    f"""
    WITH old_tries AS (
      DELETE FROM tries WHERE last_at < clock_timestamp() - interval '1 day'
    )
    DELETE FROM sessions s WHERE NOT ({_LIVE})
    """  # noqa: S608 - a constant of ours
)
# Counted before it is looked at, so that tries sent side by side are counted too. What comes
# while one must wait is not counted: waiting always helps.
_TRY = text(
    """
    INSERT INTO tries AS t (key, organisation_id, count, last_at, until)
    VALUES (:key, :everybody, 1, now(), NULL)
    ON CONFLICT (key) DO UPDATE SET (count, last_at, until) = (
      SELECT n, CASE WHEN waits THEN t.last_at ELSE now() END, CASE
        WHEN waits THEN t.until
        WHEN n >= :most
          THEN now() + least(interval '15 minutes', interval '30 seconds' * 2 ^ least(n - :most, 9))
      END
      FROM (SELECT waits, CASE
          WHEN waits THEN t.count
          WHEN t.last_at < now() - interval '15 minutes' THEN 1
          ELSE t.count + 1 END AS n
        FROM (SELECT coalesce(t.until > now(), false) AS waits) AS w) AS c
    )
    RETURNING last_at = now() AS admitted
    """
)
_UNDO_TRY = text("UPDATE tries SET count = count - 1, until = NULL WHERE key = :key")
_FORGET = text("DELETE FROM tries WHERE key = :key")


class PostgresAccounts:
    """`Accounts` over an engine of the application's role."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sign_in(self, login: str, password: str, address: str) -> str:
        """The token of a new session. Raises `WrongPassword` or `TooOften`."""
        login = login.strip().casefold()
        self.admit("address", address, TRIES_FROM_AN_ADDRESS)
        self.admit("login", login, TRIES_OF_A_LOGIN)
        with self._engine.connect() as connection:
            known = connection.execute(_KEPT, {"login": login}).mappings().one_or_none()
        if not fits(password[:LONGEST], known["password_hash"] if known else None) or not known:
            raise WrongPassword("login and password do not belong together")
        with self._engine.begin() as connection:
            connection.execute(_SWEEP)
            connection.execute(_FORGET, {"key": _key("login", login)})
            connection.execute(_UNDO_TRY, {"key": _key("address", address)})
            return _begin(connection, known)

    def signed_in(self, token: str) -> SignedIn:
        """Whose session it is. Raises `NotFound` if it is none, or has ended."""
        given = {"token": token_sha256(token)}
        with self._engine.begin() as connection:
            row = connection.execute(_SESSION, given).mappings().one_or_none()
            if row is None:
                raise NotFound("no such session")
            connection.execute(_SEEN, given)
            name = Names(connection, row["organisation_id"], [row["id"]]).of(row["id"]).name
        acts_for = (row["person_id"], *row["bodies"]) if row["person_id"] else ()
        user = User(
            id=row["id"],
            organisation_id=row["organisation_id"],
            role=AccessRole(row["role"]),
            person_id=row["person_id"],
            acts_for=acts_for,
        )
        return SignedIn(
            user=user,
            name=name,
            organisation=row["short_name"],
            must_change_password=row["password_once"],
        )

    def sign_out(self, token: str) -> None:
        """End a session; harmless if it has ended."""
        with self._engine.begin() as connection:
            connection.execute(_END, {"token": token_sha256(token)})

    def change_password(self, token: str, old: str, new: str, address: str) -> str:
        """Give the account its owner's own password; all its sessions end, here is a new one.

        Raises `NotFound` without a session, `WrongPassword`, `WeakPassword` or `TooOften`.
        """
        with self._engine.connect() as connection:
            given = {"token": token_sha256(token)}
            row = connection.execute(_SESSION, given).mappings().one_or_none()
        if row is None:
            raise NotFound("no such session")
        self.admit("login", row["login"], TRIES_OF_A_LOGIN)
        self.admit("address", address, TRIES_FROM_AN_ADDRESS)
        if not fits(old[:LONGEST], row["password_hash"]):
            raise WrongPassword("the present password is another")
        check_password(new, old, row["login"])
        kept = hashed(new)
        with self._engine.begin() as connection:
            _change(connection, row, password_hash=kept, password_once=False)
            connection.execute(_END_ALL, {"user": row["id"]})
            connection.execute(_FORGET, {"key": _key("login", row["login"])})
            connection.execute(_UNDO_TRY, {"key": _key("address", address)})
            return _begin(connection, row)

    def reset_password(self, login: str) -> str:
        """A one-time password for the account; its sessions end. That its owner had chosen his own
        stands in the log. Raises `NotFound`.
        """
        login = login.strip().casefold()
        password = one_time_password()
        kept = hashed(password)
        with self._engine.begin() as connection:
            row = connection.execute(_KEPT, {"login": login}).mappings().one_or_none()
            if row is None:
                raise NotFound("no account has this login")
            _change(connection, row, password_hash=kept, password_once=True)
            connection.execute(_END_ALL, {"user": row["id"]})
            connection.execute(_FORGET, {"key": _key("login", login)})
            if _is_owners(row):
                _tell_of_reset(connection, row)
        return password

    def first_password(self, organisation_id: str, account_id: str) -> str:
        """A one-time password for an account whose owner never chose his own; as often as needed
        until then. Raises `NotFound`, or `WrongState` once the account is its owner's.
        """
        password = one_time_password()
        kept = hashed(password)
        given = {"organisation": organisation_id, "id": account_id}
        with self._engine.begin() as connection:
            row = connection.execute(_FIRST, given).mappings().one_or_none()
            if row is None:
                raise NotFound(f"no account {account_id}")
            if _is_owners(row) or _resets(connection, row):
                raise WrongState(f"account {account_id} has a password of its owner")
            _change(connection, row, password_hash=kept, password_once=True)
            connection.execute(_END_ALL, {"user": row["id"]})
            connection.execute(_FORGET, {"key": _key("login", row["login"])})
        return password

    def admit(self, what: str, who: str, most: int) -> None:
        """Count a try. Raises `TooOften` after `most` of them, for a time that grows."""
        given = {"key": _key(what, who), "everybody": EVERYBODY, "most": most}
        with self._engine.begin() as connection:
            if not connection.execute(_TRY, given).scalar_one():
                raise TooOften(f"too many tries of one {what}")


def _is_owners(account: RowMapping) -> bool:
    """Whether its password is one that its owner chose."""
    return account["password_hash"] is not None and not account["password_once"]


def _resets(connection: Connection, account: RowMapping) -> int:
    """How often a password of its owner's was replaced at the server."""
    given = {"subject": ids.account_subject(account["id"])}
    return int(connection.execute(_RESETS, given).scalar_one())


def _tell_of_reset(connection: Connection, account: RowMapping) -> None:
    event = AuditEvent(
        subject=ids.account_subject(account["id"]),
        n=_resets(connection, account) + 1,
        action="password_reset",
        actor=ids.SYSTEM,
        at=datetime.now(UTC),
    )
    log.append(connection, account["organisation_id"], [event], None)


def _change(connection: Connection, account: RowMapping, **fields: object) -> None:
    known = {"organisation_id": account["organisation_id"], "id": account["id"]}
    change(connection, UserRow, known, fields)


def _begin(connection: Connection, account: RowMapping) -> str:
    token = secrets.token_urlsafe(32)
    given = {"organisation": account["organisation_id"], "user": account["id"]}
    connection.execute(_BEGIN, {"token": token_sha256(token), **given})
    return token


def _key(what: str, who: str) -> str:
    """Neither logins nor addresses are kept as they are."""
    return hashlib.sha256(f"{what}/{who}".encode()).hexdigest()
