"""Who sits in a body on which day, and what the organisation says of it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, text

from adapters.postgres import log
from adapters.postgres.rows import change, put, remove
from adapters.postgres.sitting_tables import BodySettingsRow
from adapters.postgres.tables import BodyMemberRow
from adapters.russian import post_forms
from domain import ids
from domain.audit import AuditEvent
from domain.bodies import BodySettings
from domain.errors import NotAMember, NotFound

FROM_EVER: Final = date(1, 1, 1)
"""Since when those sit who were in the first list that named the body."""

TODAY: Final = """
    (SELECT ((clock_timestamp() + make_interval(secs => coalesce(
        (SELECT max(seconds) FROM clock WHERE organisation_id = '*'), 0)))
      AT TIME ZONE o.time_zone)::date
    FROM organisations o WHERE o.organisation_id = {organisation})
"""
"""The organisation's own day by the clock of the processes."""

SITS_IN: Final = f"""
    ARRAY(
      SELECT m.body_id FROM body_members m
      WHERE m.person_id = u.person_id
        AND m.since <= {TODAY.format(organisation="m.organisation_id")}
        AND (m.until IS NULL OR m.until > {TODAY.format(organisation="m.organisation_id")})
      ORDER BY m.body_id)
"""  # noqa: S608 - a constant of ours
"""The bodies in which the person of an account `u` sits now."""

_TODAY = text(f"SELECT {TODAY.format(organisation=':organisation')}")
_MEMBERS = text(
    """
    SELECT person_id, since FROM body_members
    WHERE organisation_id = :organisation AND body_id = :body
      AND since <= :day AND (until IS NULL OR until > :day)
    ORDER BY person_id
    """
)
_BODY = text("SELECT name FROM bodies WHERE organisation_id = :organisation AND id = :body")
_SETTINGS = text("SELECT settings FROM body_settings WHERE body_id = :body")
_NAMES = text(
    """
    SELECT b.id, b.name, s.settings ->> 'ablative' AS ablative
    FROM bodies b LEFT JOIN body_settings s ON s.body_id = b.id WHERE b.id = ANY(:bodies)
    """
)
_STARTED = text("SELECT DISTINCT body_id FROM body_members WHERE body_id = ANY(:bodies)")
_SEATS = text(
    """
    SELECT body_id, person_id, since FROM body_members
    WHERE body_id = ANY(:named) AND until IS NULL ORDER BY body_id, person_id
    """
)
_STRANGERS = text(
    """
    SELECT h FROM unnest(CAST(:people AS text[])) AS h
    WHERE NOT EXISTS (SELECT FROM people WHERE id = h AND organisation_id = :organisation)
    """
)
_EVENTS = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")


def today_of(connection: Connection, organisation: str) -> date:
    """The organisation's own day, by the clock of the processes."""
    found: date = connection.execute(_TODAY, {"organisation": organisation}).scalar_one()
    return found


def members_on(connection: Connection, organisation: str, body: str, day: date) -> frozenset[str]:
    """Who sits in the body on that day."""
    return frozenset(members_since(connection, organisation, body, day))


def members_since(
    connection: Connection, organisation: str, body: str, day: date
) -> dict[str, date | None]:
    """Who sits in the body on that day, and since when; None: since ever."""
    given = {"organisation": organisation, "body": body, "day": day}
    rows = connection.execute(_MEMBERS, given)
    return {row.person_id: None if row.since == FROM_EVER else row.since for row in rows}


def replace_members(
    connection: Connection,
    organisation: str,
    named: Collection[str],
    members: Sequence[tuple[str, str]],
) -> None:
    """From today on exactly these (body, person) sit in the `named` bodies.

    Whoever is left out has left today and stays in the past. Those of a body's first list sit there
    since ever, for nobody said since when.
    """
    today = today_of(connection, organisation)
    started = set(connection.scalars(_STARTED, {"bodies": list(named)}))
    seats = connection.execute(_SEATS, {"named": list(named)}).all()
    for seat in seats:
        if (seat.body_id, seat.person_id) not in members:
            key = {"organisation_id": organisation, **seat._mapping}
            if seat.since < today:
                change(connection, BodyMemberRow, key, {"until": today})
            else:  # whoever came today never sat
                remove(connection, BodyMemberRow, key)
    seated = {(seat.body_id, seat.person_id) for seat in seats}
    rows = [
        {
            "body_id": body,
            "person_id": person,
            "organisation_id": organisation,
            "since": (today if body in started else FROM_EVER).isoformat(),
            "until": None,
        }
        for body, person in members
        if (body, person) not in seated
    ]
    put(connection, BodyMemberRow, rows)


def name_of(connection: Connection, organisation: str, body: str) -> str:
    """Raises `NotFound`."""
    given = {"organisation": organisation, "body": body}
    name: str | None = connection.execute(_BODY, given).scalar_one_or_none()
    if name is None:
        raise NotFound(f"no body {body}")
    return name


def settings_of(connection: Connection, body: str) -> BodySettings:
    """What was said of the body; what holds for every body if nothing was."""
    found = connection.execute(_SETTINGS, {"body": body}).scalar_one_or_none()
    return BodySettings() if found is None else BodySettings.model_validate(found)


def set_body(
    connection: Connection,
    organisation: str,
    body: str,
    settings: BodySettings,
    by: str,
    at: datetime,
) -> None:
    """Keep what the organisation says of a body. A repeat changes nothing.

    Raises `NotFound` for an unknown body or person, `NotAMember` for a chair who sits elsewhere.
    """
    name_of(connection, organisation, body)
    officers = [one for one in (settings.chair_id, settings.secretary_id) if one is not None]
    check_people(connection, organisation, officers)
    today = today_of(connection, organisation)
    members = members_on(connection, organisation, body, today)
    if settings.chair_id is not None and settings.chair_id not in members:
        raise NotAMember(f"{settings.chair_id} does not sit in body {body} today")
    row = {
        "body_id": body,
        "organisation_id": organisation,
        "settings": settings.model_dump(mode="json"),
        "set_by": by,
        "at": at.isoformat(),
    }
    if settings != settings_of(connection, body):
        put(connection, BodySettingsRow, [row])
        tell(connection, organisation, ids.body_subject(body), "body_set", by, at)


def check_people(connection: Connection, organisation: str, people: Collection[str]) -> None:
    """Raises `NotFound` for whom the organisation's list does not have."""
    given = {"organisation": organisation, "people": list(people)}
    strangers = connection.execute(_STRANGERS, given).scalars().all()
    if strangers:
        raise NotFound(f"the organisation has no person {', '.join(strangers)}")


def ablatives(connection: Connection, bodies: Sequence[str]) -> dict[str, str]:
    """By id: «педагогическим советом», as stamps say who considered a paper."""
    rows = connection.execute(_NAMES, {"bodies": list(bodies)})
    return {row.id: row.ablative or ablative(row.name) for row in rows}


def ablative(name: str) -> str:
    """The name of a body in the ablative, with a small letter; «МО учителей» stays as it is."""
    return name if name[1:2].isupper() else post_forms(name[0].lower() + name[1:]).ablt


def tell(
    connection: Connection,
    organisation: str,
    subject: str,
    action: str,
    by: str,
    at: datetime,
    note_id: str | None = None,
    **refs: str,
) -> None:
    """Add to the log of a body or a sitting. Comes last in a transaction."""
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action=action,
        actor=by,
        at=at,
        note_id=note_id,
        refs=refs,
    )
    log.append(connection, organisation, [event], None)
