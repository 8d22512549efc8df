"""How long the store must keep what is sealed, as soon as it is known from what the term counts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import Engine, text

from activities.verification_ports import Hold
from adapters.postgres.lives import KeptDocument, kept_documents
from adapters.retention_rules import retention_rules
from domain.kinds import DocumentKind

_SEALED = text(
    """
    SELECT key, document_id, held_until FROM objects
    WHERE organisation_id = :organisation AND key LIKE 'sealed/%' AND document_id = ANY(:documents)
    ORDER BY key
    """
)
_HELD = text("UPDATE objects SET held_until = :until WHERE key = :key")
_FORGET = text("UPDATE objects SET held_until = NULL WHERE held_until IS NOT NULL")


class PostgresHolds:
    """`Holds` over an engine of the application's role."""

    def __init__(self, engine: Engine, kinds: Mapping[str, DocumentKind]) -> None:
        self._engine = engine
        self._kinds = kinds

    def to_prolong(self, organisation_id: str, now: datetime, at_most: int) -> Sequence[Hold]:
        """As in `Holds`."""
        with self._engine.connect() as connection:
            known = kept_documents(connection, organisation_id, self._kinds, now.date())
            wanted = {one.document_id: self._until(one) for one in known}
            given = {"organisation": organisation_id, "documents": list(wanted)}
            rows = connection.execute(_SEALED, given).all()
        holds = (
            Hold(key=row.key, until=until)
            for row in rows
            if (until := wanted[row.document_id]) is not None
            and until > now
            and (row.held_until is None or row.held_until < until)
        )
        return [hold for hold, _ in zip(holds, range(at_most), strict=False)]

    def prolonged(self, hold: Hold) -> None:
        """As in `Holds`."""
        with self._engine.begin() as connection:
            connection.execute(_HELD, {"key": hold.key, "until": hold.until})

    def forget(self) -> None:
        """The files lie in another store than the one that was asked: each is held anew."""
        with self._engine.begin() as connection:
            connection.execute(_FORGET)

    def _until(self, one: KeptDocument) -> datetime | None:
        """The later of what was asked when it was sealed, and the end of its term."""
        ends = [retention_rules().locked_until(self._kinds[one.kind], one.day)]
        if one.kept.until is not None:
            ends.append(datetime.combine(one.kept.until + timedelta(days=1), time(), UTC))
        return max((end for end in ends if end is not None), default=None)
