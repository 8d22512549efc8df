"""Runs of the verification of stored files, and the incidents that it opens and closes."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection, Engine, RowMapping, text

from activities.verification_ports import Batch, IncidentNote
from adapters.postgres import log
from adapters.postgres.objects import ObjectBook
from domain import ids
from domain.audit import AuditEvent
from domain.errors import NotFound
from domain.verification import Fault, FaultyFile, KeptFile, RunProgress

MUST_BE = """
    NOT EXISTS (
      SELECT FROM object_keys k WHERE k.key_id = o.key_id AND k.destroyed_at IS NOT NULL)
"""
"""Of an object `o`: no act has destroyed its content."""

_RUN = text(
    """
    SELECT run_id, last_key, checked, bytes, faults, total, finished_at IS NOT NULL AS finished
    FROM verification_runs WHERE run_id = :run
    """
)
_BEGIN = text(
    f"""
    INSERT INTO verification_runs
      (run_id, organisation_id, last_key, total, checked, bytes, faults)
    SELECT :run, '*', '', count(*), 0, 0, 0 FROM objects o WHERE {MUST_BE}
    ON CONFLICT DO NOTHING
    """  # noqa: S608 - a constant of ours
)
# Keys are compared by the database alone, here and below: by one order, whichever it is.
_FILES = text(
    f"""
    SELECT o.key, o.stored_sha256, o.size FROM objects o
    WHERE o.key > :after AND {MUST_BE} ORDER BY o.key LIMIT :limit
    """  # noqa: S608 - a constant of ours
)
_MOVE = text(
    """
    UPDATE verification_runs
    SET last_key = :last, checked = checked + :files, bytes = bytes + :bytes,
      faults = faults + :faults, moved_at = clock_timestamp()
    WHERE run_id = :run AND last_key = :after AND finished_at IS NULL
    """
)
_FINISH = text(
    """
    UPDATE verification_runs SET finished_at = clock_timestamp(), moved_at = clock_timestamp()
    WHERE run_id = :run AND finished_at IS NULL
    """
)
_OBJECT = text(
    f"""
    SELECT o.organisation_id, o.document_id, o.version, o.role, o.sha256, d.cycle_id, d.pair_id
    FROM objects o LEFT JOIN documents d ON d.document_id = o.document_id
    WHERE o.key = :key AND {MUST_BE}
    """  # noqa: S608 - a constant of ours
)
_EARLIER = text("SELECT count(*) FROM incidents WHERE key = :key")
_OPEN = text(
    """
    INSERT INTO incidents (
      incident_id, organisation_id, key, document_id, version, role, pair_id, kind, events, run_id,
      found_at, last_seen_at)
    VALUES (
      :incident, :organisation, :key, :document, :version, :role, :pair, :kind, 1, :run, :now, :now)
    ON CONFLICT DO NOTHING
    """
)
_STILL_OPEN = text(
    """
    SELECT i.*, d.cycle_id FROM incidents i LEFT JOIN documents d ON d.document_id = i.document_id
    WHERE i.key = :key AND i.resolved_at IS NULL FOR UPDATE OF i
    """
)
_SEEN = text(
    """
    UPDATE incidents SET last_seen_at = greatest(last_seen_at, :now), kind = :kind, events = :events
    WHERE incident_id = :incident
    """
)
_CLOSE = text(
    "UPDATE incidents SET resolved_at = :now, events = :events WHERE incident_id = :incident"
)
_OPEN_BETWEEN = text(
    f"""
    SELECT i.key FROM incidents i JOIN objects o ON o.key = i.key
    WHERE i.resolved_at IS NULL AND i.key > :after AND i.key <= :last AND {MUST_BE} ORDER BY i.key
    """  # noqa: S608 - a constant of ours
)
_DESTROYED = text(
    """
    SELECT i.key FROM incidents i JOIN objects o ON o.key = i.key
      JOIN object_keys k ON k.key_id = o.key_id
    WHERE i.resolved_at IS NULL AND k.destroyed_at IS NOT NULL ORDER BY i.key
    """
)
_OF_ORGANISATION = text(
    """
    SELECT i.*, d.cycle_id FROM incidents i LEFT JOIN documents d ON d.document_id = i.document_id
    WHERE i.organisation_id = :organisation AND i.incident_id = :incident FOR UPDATE OF i
    """
)
_NOTE = text("UPDATE incidents SET note_id = :note, events = :events WHERE incident_id = :incident")

_ORGANISATIONS = text("SELECT organisation_id FROM organisations")


class PostgresVerifications:
    """`Verifications` over an engine of the application's role.

    An incident, its event and the log's end change in one transaction; how far a run is, in
    another one after it: a repeat finds the incident open and only renews when it was seen.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def run(self, run_id: str) -> RunProgress:
        """As `Verifications.run`."""
        with self._engine.begin() as connection:
            return _progress(connection, run_id) or _begun(connection, run_id)

    def files_after(self, key: str, limit: int) -> Sequence[KeptFile]:
        """As `Verifications.files_after`."""
        with self._engine.connect() as connection:
            rows = connection.execute(_FILES, {"after": key, "limit": limit}).all()
        # As many as there are files, from our own table: no need to look at each again.
        return [
            KeptFile.model_construct(key=one.key, stored_sha256=one.stored_sha256, size=one.size)
            for one in rows
        ]

    def save_batch(self, batch: Batch) -> RunProgress:
        """As `Verifications.save_batch`."""
        for faulty in batch.faulty:
            with self._engine.begin() as connection:
                _found(connection, faulty, batch.run_id, batch.now)
        bad = {faulty.key for faulty in batch.faulty}
        given = {"after": batch.after, "last": batch.last}
        with self._engine.connect() as connection:
            known = connection.execute(_OPEN_BETWEEN, given).scalars().all()
        for key in known:
            if key not in bad:
                self._close(key, "file_restored", batch.now)
        moved = {"run": batch.run_id, "files": batch.files, "bytes": batch.bytes}
        with self._engine.begin() as connection:
            connection.execute(_MOVE, {**given, **moved, "faults": len(batch.faulty)})
            return _progress(connection, batch.run_id) or _begun(connection, batch.run_id)

    def finish_run(self, run_id: str, now: datetime) -> RunProgress:
        """As `Verifications.finish_run`."""
        with self._engine.connect() as connection:
            destroyed = connection.execute(_DESTROYED).scalars().all()
        for key in destroyed:
            self._close(key, "incident_ended", now)
        with self._engine.begin() as connection:
            connection.execute(_FINISH, {"run": run_id})
            return _progress(connection, run_id) or _begun(connection, run_id)

    def organisations(self) -> Sequence[str]:
        """As `Verifications.organisations`."""
        with self._engine.connect() as connection:
            return connection.execute(_ORGANISATIONS).scalars().all()

    def log_looked_at(
        self, organisation_id: str, *, broken: bool, run_id: str, now: datetime
    ) -> None:
        """As `Verifications.log_looked_at`."""
        key = f"log/{organisation_id}"
        if not broken:
            self._close(key, "log_whole", now)
            return
        with self._engine.begin() as connection:
            known = _still_open(connection, key)
            if known is not None:
                _seen(connection, known, Fault.LOG_BROKEN, now)
                return
            row = {"organisation_id": organisation_id, "role": "log"}
            _open(connection, key, row, Fault.LOG_BROKEN, run_id, now)

    def _close(self, key: str, action: str, now: datetime) -> None:
        with self._engine.begin() as connection:
            known = _still_open(connection, key)
            if known is not None:
                given = {"incident": known["incident_id"], "events": known["events"] + 1}
                connection.execute(_CLOSE, {**given, "now": now})
                _tell_if_it_can(connection, known, known["events"] + 1, action, now)


class PostgresIncidentDesk(ObjectBook):
    """As `IncidentDesk`."""

    def note_incident(self, note: IncidentNote) -> None:
        """As `IncidentDesk.note_incident`."""
        given = {"organisation": note.organisation_id, "incident": note.incident_id}
        with self._engine.begin() as connection:
            known = connection.execute(_OF_ORGANISATION, given).mappings().one_or_none()
            if known is None:
                raise NotFound(f"no incident {note.incident_id}")
            if known["note_id"] == note.note_id:
                return
            n = known["events"] + 1
            row = {"incident": note.incident_id, "note": note.note_id, "events": n}
            connection.execute(_NOTE, row)
            _tell(connection, known, n, "incident_noted", note.at, note.by, note.note_id)


def _progress(connection: Connection, run_id: str) -> RunProgress | None:
    row = connection.execute(_RUN, {"run": run_id}).mappings().one_or_none()
    return RunProgress.model_validate(dict(row)) if row else None


def _begun(connection: Connection, run_id: str) -> RunProgress:
    connection.execute(_BEGIN, {"run": run_id})
    return RunProgress.model_validate(
        dict(connection.execute(_RUN, {"run": run_id}).mappings().one())
    )


def _found(connection: Connection, faulty: FaultyFile, run_id: str, now: datetime) -> None:
    known = _still_open(connection, faulty.key)
    if known is not None:
        _seen(connection, known, faulty.fault, now)
        return
    # Looked for again: an act may have destroyed it since.
    row = connection.execute(_OBJECT, {"key": faulty.key}).mappings().one_or_none()
    if row is not None:
        _open(connection, faulty.key, dict(row), faulty.fault, run_id, now)


def _open(
    connection: Connection,
    key: str,
    row: Mapping[str, object],
    fault: Fault,
    run_id: str,
    now: datetime,
) -> None:
    earlier = connection.execute(_EARLIER, {"key": key}).scalar_one()
    given = {
        "incident": ids.derived_id("incident", key, str(earlier)),
        "organisation": row["organisation_id"],
        "key": key,
        "document": row.get("document_id"),
        "version": row.get("version"),
        "role": row["role"],
        "pair": row.get("pair_id"),
        "kind": fault,
        "run": run_id,
        "now": now,
    }
    if connection.execute(_OPEN, given).rowcount:
        opened = connection.execute(_STILL_OPEN, {"key": key}).mappings().one()
        _tell_if_it_can(connection, opened, 1, _action(fault), now)


def _still_open(connection: Connection, key: str) -> RowMapping | None:
    return connection.execute(_STILL_OPEN, {"key": key}).mappings().one_or_none()


def _seen(connection: Connection, known: RowMapping, fault: Fault, now: datetime) -> None:
    """Another fault of the same file is told; the same one only renews when it was seen."""
    n = known["events"] + (known["kind"] != fault)
    given = {"incident": known["incident_id"], "kind": fault, "events": n, "now": now}
    connection.execute(_SEEN, given)
    if n > known["events"]:
        _tell_if_it_can(connection, known, n, _action(fault), now)


def _action(fault: Fault) -> str:
    return "log_broken" if fault is Fault.LOG_BROKEN else f"file_{fault}"


def _tell_if_it_can(
    connection: Connection, incident: RowMapping, n: int, action: str, now: datetime
) -> None:
    """Tell the log, unless it takes nothing more: then the incident's row alone says what is wrong,
    and the files and logs of all the others are looked at all the same.
    """
    with suppress(log.EndLost), connection.begin_nested():
        _tell(connection, incident, n, action, now)


def _tell(
    connection: Connection,
    incident: RowMapping,
    n: int,
    action: str,
    now: datetime,
    actor: str = ids.SYSTEM,
    note_id: str | None = None,
) -> None:
    refs = {
        "document": incident["document_id"],
        "cycle": incident["cycle_id"],
        "pair": incident["pair_id"],
        "role": incident["role"],
    }
    event = AuditEvent(
        subject=ids.incident_subject(incident["incident_id"]),
        n=n,
        action=action,
        actor=actor,
        at=now,
        version=incident["version"],
        note_id=note_id,
        refs={what: id_ for what, id_ in refs.items() if id_},
    )
    log.append(connection, incident["organisation_id"], (event,), incident["pair_id"])
