"""Who looked at data of minors, as people look it up."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, text

from adapters.postgres.access_views import rows_of
from adapters.postgres.names import Names
from adapters.postgres.shown import Named
from adapters.postgres.standing_views import StandingViews
from domain.base import Value
from domain.reads import COMMAND_LINE

A_PAGE: Final = 50


class ReadsAsked(Value):
    """Which reads are asked for: of whose data, by whom (an account or a person), on which days."""

    person: str | None = None
    who: str | None = None
    first: date | None = None
    last: date | None = None


class ReadLine(Value):
    """Somebody was shown data of these people. `route` and `shown` say what."""

    id: int
    at: datetime
    who: Named
    role: str
    route: str
    shown: str
    about: str | None
    people: tuple[Named, ...]


class ReadsPage(Value):
    """Some reads, the latest first; `next` is where the earlier ones begin."""

    lines: tuple[ReadLine, ...]
    next: int | None


_ZONE = "(SELECT time_zone FROM organisations WHERE organisation_id = :organisation)"
_PARTS = {
    "person": "people @> ARRAY[CAST(:person AS varchar)]",
    "who": "(account = :who OR person_id = :who)",
    "first": f"recorded_at >= CAST(:first AS timestamp) AT TIME ZONE {_ZONE}",
    "last": f"recorded_at < CAST(:last AS timestamp) AT TIME ZONE {_ZONE}",
}
_ELSEWHERE: Final = text(
    """
    SELECT k.id, coalesce(nullif(o.short_name, ''), o.name) AS name
    FROM (SELECT u.id, u.organisation_id FROM users u WHERE u.id = ANY(:ids)
      UNION ALL SELECT o.organisation_id, o.organisation_id FROM organisations o
      WHERE o.organisation_id = ANY(:ids)) AS k
    JOIN organisations o ON o.organisation_id = k.organisation_id
    WHERE k.organisation_id <> :organisation
    """
)


class ReadViews(StandingViews):
    """Reads that were kept."""

    def reads(
        self,
        organisation_id: str,
        asked: ReadsAsked,
        before: int | None = None,
        limit: int = A_PAGE,
    ) -> ReadsPage:
        """A page of them, the latest first. Days are the organisation's, by the wall clock."""
        parts = [part for name, part in _PARTS.items() if getattr(asked, name)]
        if before is not None:
            parts.append("id < :before")
        where = " AND ".join(["organisation_id = :organisation", *parts])
        query = text(f"SELECT * FROM reads WHERE {where} ORDER BY id DESC LIMIT :limit")  # noqa: S608
        given = {**dict(asked), "before": before, "limit": limit + 1}
        if asked.last:
            given["last"] = min(asked.last, date.max - timedelta(days=1)) + timedelta(days=1)
        with self._engine.connect() as connection:
            rows = rows_of(connection, query, organisation_id, **given)
            more, rows = len(rows) > limit, rows[:limit]
            known = [one for row in rows for one in (row["account"], *row["people"])]
            names = Names(connection, organisation_id, known)
            elsewhere = _elsewhere(connection, organisation_id, known)
        same = ("id", "role", "route", "shown", "about")
        lines = tuple(
            ReadLine(
                **{name: row[name] for name in same},
                at=row["recorded_at"],
                who=Named(id=COMMAND_LINE, name="Командная строка сервера")
                if row["account"] == COMMAND_LINE
                else elsewhere.get(row["account"]) or names.of(row["account"]),
                people=tuple(map(names.of, row["people"])),
            )
            for row in rows
        )
        return ReadsPage(lines=lines, next=lines[-1].id if more else None)


def _elsewhere(
    connection: Connection, organisation_id: str, known: Iterable[str]
) -> Mapping[str, Named]:
    """Who looked from an organisation above, called by that one: its staff are not named here."""
    rows = rows_of(connection, _ELSEWHERE, organisation_id, ids=sorted(set(known)))
    return {row["id"]: Named(id=row["id"], name=row["name"]) for row in rows}
