"""Witnesses in PostgreSQL: what organisations keep of each other's logs."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, text

from adapters.log_keys import LogKeys, stated, verify, verify_cosignature
from adapters.postgres import log
from adapters.postgres.log_tables import CosignatureRow, WitnessedRow
from adapters.postgres.rows import Known, put
from domain import ids
from domain.audit import AuditEvent
from domain.checkpoints import Checkpoint, Witnessed, check_continues, origin_of, read_submission
from domain.errors import ForgedCheckpoint, LogKeyMissing, NotFound

_LOCK = text("SELECT 1 FROM organisations WHERE organisation_id = :organisation FOR NO KEY UPDATE")
_LAST = text(
    """
    SELECT * FROM witnessed WHERE organisation_id = :organisation AND origin = :origin
    ORDER BY size DESC LIMIT 1
    """
)
_LISTED = text(
    """
    SELECT * FROM witnessed WHERE organisation_id = :organisation ORDER BY origin, size DESC
    """
)
_EVENTS = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")


class PostgresWitness:
    """What an organisation keeps of other logs, and what their witnesses keep of its own."""

    def __init__(self, engine: Engine, keys: LogKeys) -> None:
        self._engine = engine
        self._keys = keys

    def keep(
        self, organisation_id: str, submission: str, by: str, key: str | None = None
    ) -> Witnessed:
        """Keep the checkpoint that was handed in, if it continues the one that is kept.

        The first one of a log needs the log's `key`; a key that is named later takes the place of
        the one known before, as after the owner's new master key. The same checkpoint again is
        answered as before. Raises `NotFound`, `LogKeyMissing`, `ForgedCheckpoint`, `LogForked` and
        `StaleProof`.
        """
        given = read_submission(submission)
        origin = stated(given.text).origin
        with self._engine.begin() as connection:
            if connection.execute(_LOCK, {"organisation": organisation_id}).one_or_none() is None:
                raise NotFound(f"there is no organisation {organisation_id}")
            sought = {"organisation": organisation_id, "origin": origin}
            row = connection.execute(_LAST, sought).mappings().one_or_none()
            last = self._witnessed(row) if row else None
            trusted = key or (last.key if last else None)
            if trusted is None:
                raise LogKeyMissing(f"первой отметке журнала {origin} нужен его ключ")
            new = verify(given.text, trusted)
            check_continues(last.checkpoint if last else None, new, given.old, given.proof)
            if last and last.checkpoint.size == new.size:
                return last
            at = datetime.now(UTC)
            kept = {
                "organisation_id": organisation_id,
                "origin": origin,
                "size": new.size,
                "text": given.text,
                "key": trusted,
                "cosignature": self._keys.cosign(organisation_id, given.text, at),
                "kept_by": by,
            }
            put(connection, WitnessedRow, [kept], Known.IS_AN_ERROR)
            _tell(connection, organisation_id, new, given.text, by, at)
            return self._witnessed({**kept, "recorded_at": at})

    def kept(self, organisation_id: str) -> tuple[Witnessed, ...]:
        """What is kept of other logs; of each the latest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_LISTED, {"organisation": organisation_id}).mappings()
            return tuple(map(self._witnessed, rows))

    def keep_cosignature(self, organisation_id: str, note: str, key: str, by: str) -> datetime:
        """Keep what a witness has signed: our checkpoint with its line; when it signed.

        Raises `ForgedCheckpoint`.
        """
        ours = self._keys.verified(note).checkpoint
        if ours.origin != origin_of(organisation_id):
            raise ForgedCheckpoint(f"это отметка журнала {ours.origin}")
        signed_at = verify_cosignature(note, key)
        row = {
            "organisation_id": organisation_id,
            "size": ours.size,
            "key": key,
            "text": note,
            "kept_by": by,
        }
        with self._engine.begin() as connection:
            put(connection, CosignatureRow, [row], Known.STAYS)
        return signed_at

    def _witnessed(self, row: RowMapping | dict[str, Any]) -> Witnessed:
        note = row["text"] + row["cosignature"]
        return Witnessed(
            checkpoint=verify(row["text"], row["key"]),
            key=row["key"],
            note=note,
            cosignature=row["cosignature"],
            witness_key=self._keys.cosigned_by(row["organisation_id"], note),
            kept_by=row["kept_by"],
            kept_at=row["recorded_at"],
        )


def _tell(
    connection: Connection, organisation: str, new: Checkpoint, note: str, by: str, at: datetime
) -> None:
    """The witness's own log names what was kept: so its own witnesses hold that too."""
    subject = ids.witness_subject(organisation)
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action="log_witnessed",
        actor=by,
        at=at,
        sha256=hashlib.sha256(note.encode()).hexdigest(),
        refs={"origin": new.origin, "size": str(new.size)},
    )
    log.append(connection, organisation, [event], None)
