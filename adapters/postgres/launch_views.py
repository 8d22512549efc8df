"""An organisation as a launch finds it: who may act, who may sign, what runs already."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, text

from adapters.postgres import authority, bodies
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.calendars import own_days
from adapters.postgres.launching import running_cycle
from adapters.postgres.names import short_name
from adapters.postgres.roadmap_views import RoadmapViews
from adapters.working_days import starting_work_rules
from domain.launch_checks import Below, Council, House, Staff
from domain.organisations import Level
from domain.people import AccessRole
from domain.roadmap import Roadmap

_ORGANISATION: Final = text(
    """
    SELECT name, short_name, inn, address, city, coalesce(level, 'organisation') AS level
    FROM organisations WHERE organisation_id = :organisation
    """
)
_PEOPLE: Final = text(
    """
    SELECT p.id, p.code, p.name_forms, p.roles, ARRAY(
      SELECT u.role FROM users u WHERE u.person_id = p.id AND u.revoked_at IS NULL ORDER BY u.role
    ) AS accounts
    FROM people p WHERE p.organisation_id = :organisation ORDER BY p.sort_key, p.id
    """
)
_BODIES: Final = text(
    "SELECT id, code, name FROM bodies WHERE organisation_id = :organisation ORDER BY name, id"
)
_BELOW: Final = text(
    """
    SELECT o.organisation_id, coalesce(nullif(o.short_name, ''), o.name) AS name,
      coalesce(o.outside, false) AS outside, CASE
        WHEN NOT EXISTS (SELECT FROM users u
          WHERE u.organisation_id = o.organisation_id AND u.revoked_at IS NULL) THEN 'none'
        WHEN EXISTS (SELECT FROM users u WHERE u.organisation_id = o.organisation_id
          AND u.revoked_at IS NULL AND u.password_hash IS NOT NULL AND NOT u.password_once)
          THEN 'taken'
        ELSE 'waits' END AS account
    FROM organisations o WHERE o.upper_id = :organisation ORDER BY o.name, o.organisation_id
    """
)


class LaunchViews(RoadmapViews):
    """What is read before a launch."""

    def house(
        self, organisation_id: str, roadmap: Roadmap, start: date, turns: int, now: datetime
    ) -> House:
        """The organisation as a launch of this roadmap on `start` finds it at `now`."""
        with self._engine.connect() as connection:
            own = one_of(connection, _ORGANISATION, organisation_id, "organisation")
            people = rows_of(connection, _PEOPLE, organisation_id)
            below = rows_of(connection, _BELOW, organisation_id) if roadmap.below else ()
            return House(
                level=Level(own["level"]),
                empty=tuple(
                    name
                    for name in ("name", "short_name", "inn", "address", "city")
                    if not own[name].strip()
                ),
                people=tuple(
                    Staff(
                        id=row["id"],
                        code=row["code"],
                        name=short_name(row["name_forms"]),
                        parts=tuple(row["roles"]),
                        accounts=tuple(AccessRole(role) for role in row["accounts"]),
                    )
                    for row in people
                ),
                bodies=_councils(connection, organisation_id, start),
                mandates=authority.mandates(connection, organisation_id, now),
                head=authority.head_by_account(connection, organisation_id),
                below=tuple(
                    Below(
                        id=row["organisation_id"],
                        **{name: row[name] for name in ("name", "outside", "account")},
                    )
                    for row in below
                ),
                calendars=_calendars(connection, organisation_id, start),
                running=running_cycle(connection, organisation_id, roadmap, start, turns),
            )


def _councils(connection: Connection, organisation_id: str, on: date) -> tuple[Council, ...]:
    found = []
    for row in rows_of(connection, _BODIES, organisation_id):
        settings = bodies.settings_of(connection, row["id"])
        members = bodies.members_since(connection, organisation_id, row["id"], on)
        officers = bool(settings.chair_id and settings.secretary_id)
        found.append(Council(**row, members=tuple(members), has_officers=officers))
    return tuple(found)


def _calendars(connection: Connection, organisation_id: str, start: date) -> tuple[int, ...]:
    rules = starting_work_rules()
    years = (start.year, start.year + 1)
    return tuple(
        year for year in years if rules.decree(year) or own_days(connection, organisation_id, year)
    )
