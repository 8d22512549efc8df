"""What is read of accounts and of whose things are whose; and how rows of one organisation are."""

from sqlalchemy import Connection, Engine, RowMapping, TextClause, text

from adapters.passwords import token_sha256
from adapters.postgres.bodies import SITS_IN
from adapters.postgres.session import reading
from adapters.postgres.shown import User
from domain.errors import NotFound
from domain.people import AccessRole

_USER = text(
    f"""
    SELECT u.id, u.organisation_id, u.role, u.person_id, {SITS_IN} AS bodies
    FROM users u WHERE u.token_sha256 = :token AND u.revoked_at IS NULL
    """  # noqa: S608 - a constant of ours
)
_ORGANISATION = text("SELECT time_zone FROM organisations WHERE organisation_id = :organisation")
_PROCESS = text("SELECT 1 FROM processes WHERE organisation_id = :organisation AND id = :id")


class AccessViews:
    """Who somebody is, and whether a thing is the organisation's."""

    def __init__(self, engine: Engine) -> None:
        self._engine = reading(engine)

    def user_by_token(self, token: str) -> User:
        """Whose token it is. Raises `NotFound` if nobody's, or if it was revoked."""
        with self._engine.connect() as connection:
            row = connection.execute(_USER, {"token": token_sha256(token)}).one_or_none()
        if row is None:
            raise NotFound("no account has this token")
        acts_for = (row.person_id, *row.bodies) if row.person_id else ()
        return User(
            id=row.id,
            organisation_id=row.organisation_id,
            role=AccessRole(row.role),
            person_id=row.person_id,
            acts_for=acts_for,
        )

    def time_zone(self, organisation_id: str) -> str:
        """The IANA name of the zone in which the organisation's days begin and end."""
        with self._engine.connect() as connection:
            row = one_of(connection, _ORGANISATION, organisation_id, "organisation")
        return str(row["time_zone"])

    def has_process(self, organisation_id: str, workflow_id: str) -> bool:
        """Whether the organisation has this cycle, pair or document, about to start or started."""
        with self._engine.connect() as connection:
            return bool(rows_of(connection, _PROCESS, organisation_id, id=workflow_id))


def rows_of(
    connection: Connection, query: TextClause, organisation_id: str, **given: object
) -> list[RowMapping]:
    found = connection.execute(query, {"organisation": organisation_id, **given})
    return list(found.mappings())


def one_of(
    connection: Connection, query: TextClause, organisation_id: str, what: str, **given: object
) -> RowMapping:
    found = rows_of(connection, query, organisation_id, **given)
    if not found:
        raise NotFound(f"no such {what}")
    return found[0]
