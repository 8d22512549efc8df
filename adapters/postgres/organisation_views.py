"""Organisations below one, as the one above sees them: never anybody who works or learns there."""

from typing import Final, Literal

from sqlalchemy import text

from adapters.postgres.access_views import AccessViews, one_of, rows_of
from domain import ids
from domain.base import Value
from domain.organisations import Level, OrganisationKind

PAGE: Final = 100
"""Lines of a page."""


class OrganisationAsked(Value):
    """Which of the organisations below; empty means all."""

    kind: OrganisationKind | None = None
    tag: str | None = None
    outside: bool | None = None


EVERY: Final = OrganisationAsked()


class OrganisationLine(Value):
    """An organisation below. `account`: nobody signs in, a one-time password is still to be used,
    or its administrator has a password of his own.
    """

    organisation_id: str
    name: str
    short_name: str
    inn: str
    city: str
    level: Level
    kind: OrganisationKind | None
    outside: bool
    tags: tuple[str, ...]
    login: str | None
    account: Literal["none", "waits", "taken"]


class OrganisationPage(Value):
    """A page of the organisations below, by name."""

    level: Level  # of the one that asks
    organisations: tuple[OrganisationLine, ...]
    total: int
    tags: tuple[str, ...]  # all that are in use


class UpperOrganisation(Value):
    """An organisation above another."""

    organisation_id: str
    name: str
    short_name: str
    address: str


_LEVEL: Final = text(
    """
    SELECT coalesce(level, 'organisation') AS level FROM organisations
    WHERE organisation_id = :organisation
    """
)
_MATCHING: Final = """
    FROM organisations o WHERE o.upper_id = :organisation
      AND (CAST(:kind AS text) IS NULL OR o.kind = :kind)
      AND (CAST(:tag AS text) IS NULL OR o.tags @> to_jsonb(CAST(:tag AS text)))
      AND (CAST(:outside AS boolean) IS NULL OR coalesce(o.outside, false) = :outside)
"""
_BELOW: Final = text(
    f"""
    SELECT o.organisation_id, o.name, o.short_name, o.inn, o.city, o.kind,
      coalesce(o.level, 'organisation') AS level, coalesce(o.outside, false) AS outside,
      coalesce(o.tags, '[]') AS tags, u.login, CASE
        WHEN u.id IS NULL THEN 'none'
        WHEN u.password_hash IS NULL OR u.password_once THEN 'waits'
        ELSE 'taken' END AS account
    FROM (SELECT o.* {_MATCHING}) AS o
    LEFT JOIN users u ON u.organisation_id = o.organisation_id AND u.revoked_at IS NULL
      AND u.id = ANY(:accounts)
    ORDER BY o.name, o.organisation_id LIMIT :most OFFSET :before
    """  # noqa: S608 - constants of ours
)
_IDS: Final = text(f"SELECT o.organisation_id {_MATCHING} ORDER BY o.name, o.organisation_id")
_TAGS: Final = text(
    """
    SELECT DISTINCT jsonb_array_elements_text(tags) AS tag FROM organisations
    WHERE upper_id = :organisation ORDER BY 1
    """
)


class OrganisationViews(AccessViews):
    """The organisations below one. `NotFound` where there is nothing of the kind."""

    def level(self, organisation_id: str) -> Level:
        """Where the organisation stands itself."""
        with self._engine.connect() as connection:
            return Level(one_of(connection, _LEVEL, organisation_id, "organisation")["level"])

    def organisations_below(
        self, organisation_id: str, asked: OrganisationAsked, page: int = 1
    ) -> OrganisationPage:
        """A page of those below that are asked for; pages count from 1."""
        with self._engine.connect() as connection:
            level = one_of(connection, _LEVEL, organisation_id, "organisation")["level"]
            found = rows_of(connection, _IDS, organisation_id, **dict(asked))
            rows = rows_of(
                *(connection, _BELOW, organisation_id),
                **dict(asked),
                accounts=[ids.administrator_of(one["organisation_id"]) for one in found],
                most=PAGE,
                before=PAGE * (page - 1),
            )
            tags = rows_of(connection, _TAGS, organisation_id)
        lines = tuple(
            OrganisationLine.model_validate({n: row[n] for n in OrganisationLine.model_fields})
            for row in rows
        )
        return OrganisationPage(
            level=level,
            organisations=lines,
            total=len(found),
            tags=tuple(one["tag"] for one in tags),
        )

    def ids_below(self, organisation_id: str, asked: OrganisationAsked = EVERY) -> tuple[str, ...]:
        """All those below that are asked for, by name."""
        with self._engine.connect() as connection:
            found = rows_of(connection, _IDS, organisation_id, **dict(asked))
        return tuple(one["organisation_id"] for one in found)
