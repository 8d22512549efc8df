"""Reads of minors' data: noted while an answer is made, kept before it is given."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text

from adapters.postgres import log
from domain import ids
from domain.audit import AuditEvent
from domain.people import ADULT_AT, is_minor
from domain.reads import COMMAND_LINE, ReadOf, Shown

Scope = Literal["document", "pair", "cycle", "person", "text", "everybody"]
"""Whose data a file or a text holds, beside those whom the answer names."""

_OF_WORKFLOW: Final[Mapping[str, Scope]] = {
    "document": "document",
    "pair": "pair",
    "cycle": "cycle",
}

Named = dict[str, date]
"""The births of those whose names were put into words."""

_NAMED: ContextVar[Named | None] = ContextVar("named", default=None)

_IN_FACTS = (
    "SELECT jsonb_array_elements_text(people) FROM facts WHERE organisation_id = :organisation"
)
_SIDES = (
    "SELECT unnest(ARRAY[mentor_id, mentee_id]) FROM pairs WHERE organisation_id = :organisation"
)
_OF_DOCUMENT = f"""
    {_IN_FACTS} AND document_id = :id
    UNION SELECT person_id FROM documents
      WHERE organisation_id = :organisation AND document_id = :id
    UNION {_SIDES} AND pair_id = (SELECT pair_id FROM documents WHERE document_id = :id)
"""  # noqa: S608 - constants of ours
_OF_DOCUMENTS = "document_id IN (SELECT document_id FROM documents WHERE {} = :id)"
_SCOPES: Final[Mapping[Scope, str]] = {
    "document": _OF_DOCUMENT,
    "pair": f"{_SIDES} AND pair_id = :id UNION {_IN_FACTS} AND {_OF_DOCUMENTS.format('pair_id')}",
    "cycle": f"{_SIDES} AND cycle_id = :id "
    f"UNION {_IN_FACTS} AND {_OF_DOCUMENTS.format('cycle_id')}",
    "person": "SELECT CAST(:id AS varchar)",
    "everybody": "SELECT id FROM people WHERE organisation_id = :organisation",
    "text": f"""
        {_IN_FACTS} AND document_id = (
          SELECT split_part(subject, '/', 2) FROM kept_texts WHERE id = :id)
        UNION {_SIDES} AND pair_id = (
          SELECT coalesce(d.pair_id, split_part(k.subject, '/', 2)) FROM kept_texts k
          LEFT JOIN documents d ON 'document/' || d.document_id = k.subject WHERE k.id = :id)
    """,  # noqa: S608 - constants of ours
}
# Of age is who was born so many years before the organisation's own day, or earlier.
_KEEP = """
    INSERT INTO reads (
      organisation_id, account, person_id, role, at, route, shown, about, people)
    SELECT CAST(:organisation AS varchar), :account, :person, :role, CAST(:at AS timestamptz),
      :route, :shown, :about,
      array_agg(p.id ORDER BY p.id)
    FROM people p JOIN organisations o USING (organisation_id)
    WHERE p.organisation_id = :organisation
      AND p.birth_date > (CAST(:at AS timestamptz) AT TIME ZONE o.time_zone)::date
        - CAST(:adult AS integer) * interval '1 year'
      AND (p.id = ANY(:named) OR p.id IN ({}))
    HAVING count(*) > 0
"""
_OF_DAY = text(
    """
    SELECT id, account, person_id, role, at, recorded_at, route, shown, about, people FROM reads
    WHERE organisation_id = :organisation AND recorded_at >= :first AND recorded_at < :after
    ORDER BY id
    """
)
_ZONE = text("SELECT time_zone FROM organisations WHERE organisation_id = :organisation")
# The database's own clock, which is that of the reads. A day is over a little after its midnight:
# by then no read of it is still being written.
_DAYS = text(
    """
    SELECT ((clock_timestamp() - interval '5 minutes') AT TIME ZONE time_zone)::date - 1 AS last,
      (SELECT (min(recorded_at) AT TIME ZONE time_zone)::date FROM reads r
        WHERE r.organisation_id = o.organisation_id) AS first
    FROM organisations o WHERE organisation_id = :organisation
    """
)
_COUNTED = text("SELECT text FROM audit_entries WHERE subject = :subject ORDER BY n")
_OWNER = text("SELECT organisation_id FROM processes WHERE id = :id")


def named(person_id: str, birth: date) -> None:
    """Somebody's name is put into words; whoever listens will know."""
    listening = _NAMED.get()
    if listening is not None:
        listening[person_id] = birth


class PostgresReads:
    """Who looked at whose data. Rows are added and never changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def noting(self) -> Iterator[Named]:
        """Those whose names are put into words meanwhile, in this task and its threads."""
        listening: Named = {}
        token = _NAMED.set(listening)
        try:
            yield listening
        finally:
            _NAMED.reset(token)

    def keep(
        self, read: ReadOf, people: Mapping[str, date], scope: Scope | None = None, id_: str = ""
    ) -> None:
        """Keep a read if minors were shown: of `people`, and of those whom the scope holds.

        One statement, and none where nobody who was named can be a minor.
        """
        day = read.at.astimezone(UTC).date() - timedelta(days=1)  # it may be another elsewhere
        young = [one for one, birth in people.items() if is_minor(birth, day)]
        if scope is None and not young:
            return
        given = {
            **read.model_dump(exclude={"organisation_id", "person_id"}),
            "organisation": read.organisation_id,
            "person": read.person_id,
            "adult": ADULT_AT,
            "named": young,
            "id": id_,
        }
        of_scope = _SCOPES[scope] if scope else "SELECT NULL"
        with self._engine.begin() as connection:
            connection.execute(text(_KEEP.format(of_scope)), given)

    def by_hand(self, command: str, shown: Shown, workflow_id: str) -> None:
        """Keep a read at the server's own command line; nothing if the workflow is nobody's."""
        with self._engine.connect() as connection:
            owner = connection.execute(_OWNER, {"id": workflow_id}).scalar_one_or_none()
        if owner is None:
            return
        kind, _, id_ = workflow_id.partition("/")
        read = ReadOf(
            organisation_id=owner,
            account=COMMAND_LINE,
            person_id=None,
            role=COMMAND_LINE,
            at=datetime.now(UTC),
            route=f"{COMMAND_LINE}.{command}",
            shown=shown,
            about=workflow_id,
        )
        self.keep(read, {}, _OF_WORKFLOW[kind], id_)

    def count_day(self, organisation_id: str, day: date, at: datetime) -> AuditEvent | None:
        """Write into the log how many reads a day had, and the hash over them.

        From then on a read that is taken away is seen. The day is over, by the organisation's own
        time; None if a day as late was counted before.
        """
        subject = ids.reads_subject(organisation_id)
        with self._engine.begin() as connection:
            known = _counted(connection, subject)
            if known and day.isoformat() <= known[-1].refs["day"]:
                return None
            count, sha256 = _digest(connection, organisation_id, day)
            event = AuditEvent(
                subject=subject,
                n=len(known) + 1,
                action="reads_counted",
                actor=ids.SYSTEM,
                at=at,
                sha256=sha256,
                refs={"day": day.isoformat(), "count": str(count)},
            )
            log.append(connection, organisation_id, [event], None)
        return event

    def count_days(self, organisation_id: str, at: datetime) -> None:
        """Count each day that is over and was not counted, from the first read on."""
        with self._engine.connect() as connection:
            known = _counted(connection, ids.reads_subject(organisation_id))
            days = connection.execute(_DAYS, {"organisation": organisation_id}).one()
        if known:
            day = date.fromisoformat(known[-1].refs["day"]) + timedelta(days=1)
        else:
            day = min(days.first or days.last, days.last)
        while day <= days.last:
            self.count_day(organisation_id, day, at)
            day += timedelta(days=1)

    def faults(self, organisation_id: str) -> Iterator[str]:
        """The days whose reads are not those that the log counted."""
        with self._engine.connect() as connection:
            for event in _counted(connection, ids.reads_subject(organisation_id)):
                day = date.fromisoformat(event.refs["day"])
                count, sha256 = _digest(connection, organisation_id, day)
                if (str(count), sha256) != (event.refs["count"], event.sha256):
                    yield (
                        f"просмотры данных несовершеннолетних за {day:%d.%m.%Y} не те, что были:"
                        f" сохранено {count}, в журнале событий сосчитано {event.refs['count']}"
                    )


def _counted(connection: Connection, subject: str) -> list[AuditEvent]:
    found = connection.execute(_COUNTED, {"subject": subject}).scalars()
    return [AuditEvent.model_validate_json(one) for one in found]


def _digest(connection: Connection, organisation_id: str, day: date) -> tuple[int, str]:
    """How many reads a day had, and SHA-256 over them: a line each, in order."""
    zone = ZoneInfo(connection.execute(_ZONE, {"organisation": organisation_id}).scalar_one())
    first = datetime.combine(day, time(), zone)
    after = datetime.combine(day + timedelta(days=1), time(), zone)
    given = {"organisation": organisation_id, "first": first, "after": after}
    digest, count = hashlib.sha256(), 0
    for row in connection.execute(_OF_DAY, given):
        line = "\t".join(
            ",".join(one) if isinstance(one, list) else "" if one is None else str(one)
            for one in row
        )
        digest.update(f"{line}\n".encode())
        count += 1
    return count, digest.hexdigest()
