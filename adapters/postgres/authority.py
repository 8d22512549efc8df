"""Rights to decide and to sign, as rows: recorded, ended, told to the open documents."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from activities.tasks import MandateEnd, MandateWish, UntoldMandates
from adapters.postgres import log
from adapters.postgres.authority_tables import AuthorityRow
from adapters.postgres.rows import Known, change, put
from domain import ids
from domain.approval import Head
from domain.audit import AuditEvent
from domain.authority import Mandates
from domain.documents import Stage
from domain.errors import FactMissing, NotFound
from domain.mandates import MandateRecord, Succession, check_can_add, succession

_LONG = timedelta(days=31)

_KNOWN = text(
    """
    SELECT authority_id AS id, person_id, capacity, post, instead_of, kinds, since, until, ground,
      ended_on
    FROM authorities WHERE organisation_id = :organisation ORDER BY since, recorded_at, authority_id
    """
)
_ZONE = text("SELECT time_zone FROM organisations WHERE organisation_id = :organisation")
_REVISION = text(
    "SELECT coalesce(max(revision), 0) FROM authorities WHERE organisation_id = :organisation"
)
_STRANGERS = text(
    """
    SELECT count(*) FROM unnest(CAST(:people AS text[])) AS one
    WHERE NOT EXISTS (SELECT FROM people WHERE id = one AND organisation_id = :organisation)
    """
)
_HELD_SINCE = text(
    """
    SELECT min(least(l.start, CAST(l.launched_at AT TIME ZONE l.time_zone AS date)))
    FROM programmes l, jsonb_each_text(l.holders) AS h
    WHERE l.organisation_id = :organisation AND h.value = :person
    """
)
_ACCOUNT = text(
    """
    SELECT person_id FROM users
    WHERE organisation_id = :organisation AND role = 'director' AND person_id IS NOT NULL
      AND revoked_at IS NULL
    ORDER BY created_at DESC, id LIMIT 1
    """
)
_POST = text("SELECT post FROM authorities WHERE authority_id = :id")
_SAID = text("SELECT ended_on, reason_id FROM authorities WHERE authority_id = :id")
_EVENTS = text("SELECT count(*) FROM audit_entries WHERE subject = :subject")
_UNTOLD = text(
    """
    SELECT DISTINCT organisation_id FROM authorities
    WHERE NOT told AND organisation_id = coalesce(CAST(:organisation AS varchar), organisation_id)
    ORDER BY organisation_id
    """
)
_OPEN = text(
    """
    SELECT id FROM processes
    WHERE organisation_id = :organisation AND kind = 'document' AND (
      stage <> ALL(:over) OR EXISTS (SELECT FROM tasks t WHERE t.workflow_id = processes.id))
    ORDER BY id
    """
)
_TOLD = text(
    """
    UPDATE authorities SET told = true
    WHERE organisation_id = :organisation AND NOT told AND revision <= :revision
    """
)


def records(connection: Connection, organisation_id: str) -> tuple[MandateRecord, ...]:
    """All rights that were ever recorded, the earliest first."""
    rows = connection.execute(_KNOWN, {"organisation": organisation_id}).mappings()
    return tuple(MandateRecord.model_validate(dict(row)) for row in rows)


def mandates(connection: Connection, organisation_id: str, now: datetime) -> Mandates:
    """The rights of the organisation as processes know them, but for those of substitutes that
    are over for long by then.

    Rights of one's own stay for ever: whoever had one once does not decide by his role alone.
    """
    given = {"organisation": organisation_id}
    zone = ZoneInfo(connection.execute(_ZONE, given).scalar_one())
    revision = _revision(connection, organisation_id)
    long_ago = now.astimezone(zone).date() - _LONG
    known = (
        one.mandate(zone)
        for one in records(connection, organisation_id)
        if one.instead_of is None or not one.is_over(long_ago)
    )
    return Mandates(revision=revision, known=tuple(known))


def head_for(
    connection: Connection, named: str | None, organisation_id: str, kind: str, now: datetime
) -> tuple[Head, str | None]:
    """Whose name stands on the head's line, and the post of the right by which it does; None: his
    own post. The head is `named`, or whoever has the director's account.

    Raises `FactMissing` if there is no head, or the right has ended and nobody stands in that
    place.
    """
    if named is None:
        named = head_by_account(connection, organisation_id)
    if named is None:
        raise FactMissing("не указан руководитель организации")
    deciders = mandates(connection, organisation_id, now).deciders(named, kind, now)
    if not deciders:
        raise FactMissing("право подписи руководителя прекращено, а другого не записано")
    first = deciders[0]
    post = connection.execute(_POST, {"id": first.mandate_id}).scalar_one_or_none()
    return Head(person_id=first.person_id, instead_of=named), post


def head_by_account(connection: Connection, organisation_id: str) -> str | None:
    """The person of the latest account of a director, if there is one."""
    found = connection.execute(_ACCOUNT, {"organisation": organisation_id})
    person: str | None = found.scalar_one_or_none()
    return person


def give(connection: Connection, wish: MandateWish) -> None:
    """As `Desk.give_mandate`; the caller holds the organisation's lock."""
    organisation, new = wish.organisation_id, wish.record
    known = records(connection, organisation)
    if any(one.id == new.id for one in known):
        return
    people = sorted({new.person_id, new.instead_of or new.person_id})
    strangers = {"organisation": organisation, "people": people}
    if connection.execute(_STRANGERS, strangers).scalar_one():
        raise NotFound("the organisation has no such person")
    if wish.succeeds:
        made = succession(new, known, _held_since(connection, new, organisation))
    else:
        check_can_add(new, known)
        made = Succession(ended=(), added=(new,))
    revision = _revision(connection, organisation) + 1
    for one in made.ended:
        _end(connection, organisation, one.id, one.ended_on, wish.by, None, revision)
    rows = [_row(wish, one, revision) for one in made.added]
    put(connection, AuthorityRow, rows, Known.IS_AN_ERROR)
    # A right that a launch gave is recorded as it ends.
    for one in (*made.added, *made.ended):
        _tell(connection, wish, one, "mandate_ended" if one.ended_on else "mandate_given")


def end(connection: Connection, said: MandateEnd) -> None:
    """As `Desk.end_mandate`; the caller holds the organisation's lock."""
    organisation = said.organisation_id
    known = {one.id: one for one in records(connection, organisation)}
    if said.id not in known:
        raise NotFound(f"the organisation has no right {said.id}")
    before = connection.execute(_SAID, {"id": said.id}).one()
    if (before.ended_on, before.reason_id) == (said.day, said.reason_id):
        return
    known[said.id].check_can_end(said.day)
    revision = _revision(connection, organisation) + 1
    _end(connection, organisation, said.id, said.day, said.by, said.reason_id, revision)
    _tell(connection, said, known[said.id].ended(said.day), "mandate_ended")


def untold(
    connection: Connection, now: datetime, organisation_id: str | None
) -> tuple[UntoldMandates, ...]:
    """As `Desk.untold_mandates`."""
    found = connection.execute(_UNTOLD, {"organisation": organisation_id}).scalars().all()
    over = [Stage.IN_FORCE, Stage.WITHDRAWN]
    return tuple(
        UntoldMandates(
            organisation_id=one,
            mandates=mandates(connection, one, now),
            documents=tuple(
                connection.execute(_OPEN, {"organisation": one, "over": over}).scalars()
            ),
        )
        for one in found
    )


def told(connection: Connection, said: UntoldMandates) -> None:
    """As `Desk.mandates_told`."""
    given = {"organisation": said.organisation_id, "revision": said.mandates.revision}
    connection.execute(_TOLD, given)


def _revision(connection: Connection, organisation_id: str) -> int:
    found: int = connection.execute(_REVISION, {"organisation": organisation_id}).scalar_one()
    return found


def _held_since(connection: Connection, new: MandateRecord, organisation_id: str) -> date:
    """Since when launches name the one who leaves."""
    given = {"organisation": organisation_id, "person": new.instead_of}
    found: date | None = connection.execute(_HELD_SINCE, given).scalar_one()
    return found or new.since


def _end(
    connection: Connection,
    organisation: str,
    mandate: str,
    day: date | None,
    by: str,
    reason_id: str | None,
    revision: int,
) -> None:
    known = {"organisation_id": organisation, "authority_id": mandate}
    said = {"ended_on": day, "ended_by": by, "reason_id": reason_id}
    change(connection, AuthorityRow, known, {**said, "revision": revision, "told": False})


def _row(wish: MandateWish, one: MandateRecord, revision: int) -> dict[str, object]:
    return {
        **one.model_dump(mode="json", exclude={"id"}),
        "authority_id": one.id,
        "organisation_id": wish.organisation_id,
        "author": wish.by,
        "at": wish.at.isoformat(),
        "ended_by": wish.by if one.ended_on else None,
        "revision": revision,
        "told": False,
    }


def _tell(
    connection: Connection, said: MandateWish | MandateEnd, one: MandateRecord, action: str
) -> None:
    subject = ids.mandate_subject(one.id)
    refs = {
        "person": one.person_id,
        "instead_of": one.instead_of,
        "capacity": one.capacity,
        "since": one.since.isoformat(),
        "over": one.over.isoformat() if one.over else None,
    }
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action=action,
        actor=said.by,
        at=said.at,
        note_id=said.reason_id if isinstance(said, MandateEnd) else None,
        refs={name: text for name, text in refs.items() if text},
    )
    log.append(connection, said.organisation_id, [event], None)
