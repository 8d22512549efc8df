"""Reads of minors' data: noted while an answer is made, kept before it is given."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, text

from adapters.postgres import log
from adapters.retention_rules import retention_rules
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
    "person": "SELECT id FROM people WHERE organisation_id = :organisation AND id = :id",
    "everybody": "SELECT id FROM people WHERE organisation_id = :organisation",
    "text": f"""
        {_IN_FACTS} AND document_id = (
          SELECT split_part(subject, '/', 2) FROM kept_texts WHERE id = :id)
        UNION {_SIDES} AND pair_id = (
          SELECT coalesce(d.pair_id, split_part(k.subject, '/', 2)) FROM kept_texts k
          LEFT JOIN documents d ON 'document/' || d.document_id = k.subject WHERE k.id = :id)
    """,  # noqa: S608 - constants of ours
}
# Of age is who was born so many years before the organisation's own day, or earlier. A read is
# noted where the people are; others learn nothing of the thing that they were shown in.
_KEEP = """
    INSERT INTO reads (
      organisation_id, account, person_id, role, at, route, shown, about, people)
    SELECT p.organisation_id, :account, :person, :role, CAST(:at AS timestamptz),
      :route, :shown, CASE WHEN p.organisation_id = :organisation THEN CAST(:about AS varchar) END,
      array_agg(p.id ORDER BY p.id)
    FROM people p JOIN organisations o USING (organisation_id)
    WHERE p.birth_date > (CAST(:at AS timestamptz) AT TIME ZONE o.time_zone)::date
        - CAST(:adult AS integer) * interval '1 year'
      AND p.id IN (SELECT unnest(CAST(:named AS varchar[]))
        UNION ALL SELECT id FROM ({}) AS of_scope (id))
    GROUP BY p.organisation_id
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
_FORGET = text("SELECT forget_reads(:organisation, :before)")
_TOLD = text("SELECT text FROM audit_entries WHERE subject = :subject ORDER BY n")
_OWNER = text("SELECT organisation_id FROM processes WHERE id = :id")


def named(person_id: str, birth: date) -> None:
    """Somebody's name is put into words; whoever listens will know."""
    listening = _NAMED.get()
    if listening is not None:
        listening[person_id] = birth


def keep_in(
    connection: Connection,
    read: ReadOf,
    people: Mapping[str, date],
    scope: Scope | None = None,
    id_: str = "",
) -> None:
    """As `PostgresReads.keep`, in a transaction that is open already."""
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
    of_scope = _SCOPES[scope] if scope else "SELECT CAST(NULL AS varchar)"
    connection.execute(text(_KEEP.format(of_scope)), given)


class PostgresReads:
    """Who looked at whose data. Rows are added, never changed, and forgotten by their term."""

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

        One statement, and none where nobody who was named can be a minor. Where people of other
        organisations were shown, each of these has a read of its own.
        """
        with self._engine.begin() as connection:
            keep_in(connection, read, people, scope, id_)

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
            told = _told(connection, subject)
            known = _counted(told)
            if known and day.isoformat() <= known[-1].refs["day"]:
                return None
            count, sha256 = _digest(connection, organisation_id, day)
            event = AuditEvent(
                subject=subject,
                n=len(told) + 1,
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
            known = _counted(_told(connection, ids.reads_subject(organisation_id)))
            days = connection.execute(_DAYS, {"organisation": organisation_id}).one()
        if known:
            day = date.fromisoformat(known[-1].refs["day"]) + timedelta(days=1)
        else:
            day = min(days.first or days.last, days.last)
        while day <= days.last:
            self.count_day(organisation_id, day, at)
            day += timedelta(days=1)

    def forget_old(self, organisation_id: str, at: datetime) -> None:
        """Forget reads whose term (`rules/retention.yaml`) is over, as far as they were counted.

        The log says so first, in the same transaction; counts and hashes of the days stay in it.
        """
        subject = ids.reads_subject(organisation_id)
        with self._engine.begin() as connection:
            told = _told(connection, subject)
            known = _counted(told)
            zone = ZoneInfo(
                connection.execute(_ZONE, {"organisation": organisation_id}).scalar_one()
            )
            before = retention_rules().reads_kept_since(at.astimezone(zone).date())
            if before is None or not known or known[-1].refs["day"] < before.isoformat():
                return
            if _forgotten(told) >= before.isoformat() or known[0].refs["day"] >= before.isoformat():
                return
            event = AuditEvent(
                subject=subject,
                n=len(told) + 1,
                action="reads_forgotten",
                actor=ids.SYSTEM,
                at=at,
                refs={"before": before.isoformat()},
            )
            log.append(connection, organisation_id, [event], None)
            given = {"organisation": organisation_id, "before": before}
            connection.execute(_FORGET, given)

    def faults(self, organisation_id: str) -> Iterator[str]:
        """The days whose reads are not those that the log counted."""
        with self._engine.connect() as connection:
            told = _told(connection, ids.reads_subject(organisation_id))
            forgotten = _forgotten(told)
            for event in _counted(told):
                day = date.fromisoformat(event.refs["day"])
                count, sha256 = _digest(connection, organisation_id, day)
                if event.refs["day"] < forgotten:
                    if count:
                        yield (
                            f"просмотры данных несовершеннолетних за {day:%d.%m.%Y} уничтожены "
                            f"по сроку, но снова на месте: {count}"
                        )
                elif (str(count), sha256) != (event.refs["count"], event.sha256):
                    yield (
                        f"просмотры данных несовершеннолетних за {day:%d.%m.%Y} не те, что были:"
                        f" сохранено {count}, в журнале событий сосчитано {event.refs['count']}"
                    )


def _told(connection: Connection, subject: str) -> list[AuditEvent]:
    """All that the log says of reads, in its order."""
    found = connection.execute(_TOLD, {"subject": subject}).scalars()
    return [AuditEvent.model_validate_json(one) for one in found]


def _counted(told: Sequence[AuditEvent]) -> list[AuditEvent]:
    return [event for event in told if event.action == "reads_counted"]


def _forgotten(told: Sequence[AuditEvent]) -> str:
    """The day before which reads were forgotten; empty if none were."""
    days = (event.refs["before"] for event in told if event.action == "reads_forgotten")
    return max(days, default="")


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
