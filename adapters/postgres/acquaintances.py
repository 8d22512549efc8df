"""Who has read a document, as rows."""

from sqlalchemy import Connection, text

from activities.tasks import AcquaintanceWish
from adapters.postgres import journals, log
from adapters.postgres.acquaintance_tables import AcquaintanceRow
from adapters.postgres.rows import Known, put
from domain import ids
from domain.acquaintance import Acquainted, NamedPerson, ReadingList, reader_of
from domain.audit import AuditEvent
from domain.documents import Stage
from domain.errors import NotFound

_DOCUMENT = text(
    """
    SELECT d.stage, d.cycle_id, d.pair_id, coalesce(f.people, '[]') AS people,
      coalesce(d.day, (d.since AT TIME ZONE o.time_zone)::date) AS day
    FROM documents d JOIN organisations o ON o.organisation_id = d.organisation_id
    LEFT JOIN facts f ON f.facts_id = d.facts_id
    WHERE d.organisation_id = :organisation AND d.document_id = :document
    """
)
_PEOPLE = text(
    """
    SELECT p.id, p.birth_date, p.representative_id, a.reader_id, a.day
    FROM people p
    LEFT JOIN acquaintances a ON a.person_id = p.id AND a.document_id = :document
    WHERE p.organisation_id = :organisation AND p.id = ANY(:people)
    ORDER BY p.sort_key, p.id
    """
)
_COUNT = text("SELECT count(*) FROM acquaintances WHERE document_id = :document")


def reading_list(connection: Connection, organisation_id: str, document_id: str) -> ReadingList:
    """Whom the document's present version names, by name. Raises `NotFound`."""
    given = {"organisation": organisation_id, "document": document_id}
    found = connection.execute(_DOCUMENT, given).one_or_none()
    if found is None:
        raise NotFound(f"no document {document_id}")
    people = connection.execute(_PEOPLE, {**given, "people": found.people}).all()
    return ReadingList(
        document_id=document_id,
        since=found.day if found.stage == Stage.IN_FORCE else None,
        people=tuple(
            NamedPerson(
                person_id=one.id,
                # Whoever read it is who had to, even if somebody else represents the child today.
                reader_id=one.reader_id
                or reader_of(one.id, one.birth_date, one.representative_id, found.day),
                day=one.day,
            )
            for one in people
        ),
    )


def record(connection: Connection, wish: AcquaintanceWish) -> None:
    """As `Desk.record_acquaintance`; the caller holds the organisation's lock."""
    known = reading_list(connection, wish.organisation_id, wish.document_id)
    today = journals.day_of(connection, wish.organisation_id, wish.at)
    new = known.records(
        wish.people, wish.day or today, today, wish.person_id, for_others=wish.for_others
    )
    rows = [
        {
            **one.model_dump(mode="json"),
            "document_id": wish.document_id,
            "organisation_id": wish.organisation_id,
            "recorded_by": wish.by,
            "at": wish.at.isoformat(),
        }
        for one in new
    ]
    before = connection.execute(_COUNT, {"document": wish.document_id}).scalar_one()
    put(connection, AcquaintanceRow, rows, Known.IS_AN_ERROR)
    _tell(connection, wish, new, before)


def _tell(
    connection: Connection, wish: AcquaintanceWish, new: tuple[Acquainted, ...], before: int
) -> None:
    given = {"organisation": wish.organisation_id, "document": wish.document_id}
    document = connection.execute(_DOCUMENT, given).one()
    events = [
        AuditEvent(
            subject=ids.acquaintance_subject(wish.document_id),
            n=n,
            action="acquainted",
            actor=wish.by,
            at=wish.at,
            refs={
                "cycle": document.cycle_id,
                "document": wish.document_id,
                "person": one.person_id,
                "reader": one.reader_id,
                "day": one.day.isoformat(),
                "way": one.way,
            },
        )
        for n, one in enumerate(new, start=before + 1)
    ]
    log.append(connection, wish.organisation_id, events, document.pair_id)
