"""Each night the sums of rows are told of in the log, so that none goes back behind a night."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Engine, select, text

from adapters.postgres import log
from adapters.postgres.rows import Row, change
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import table_of
from domain import ids
from domain.audit import AuditEvent

_LAST = text(
    """
    SELECT n, CAST(text AS json) -> 'refs' ->> 'run' AS run, at FROM audit_entries
    WHERE subject = :subject ORDER BY n DESC LIMIT 1
    """
)
_TOLD = text(
    """
    SELECT s.organisation_id, max(a.n) AS n FROM (SELECT DISTINCT organisation_id FROM row_sums) s
    JOIN audit_entries a ON a.subject = 'rows/' || s.organisation_id
    GROUP BY s.organisation_id ORDER BY s.organisation_id
    """
)


class PostgresRowNights:
    """`RowNights` over an engine of the application's role."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def tell_rows(self, organisation_id: str, run_id: str, at: datetime) -> None:
        """As in `RowNights`.

        Each sum in a transaction of its own: whoever writes rows of several tables is never in the
        way. A sum that is one night ahead of the log was cut off here, and is right.
        """
        subject = ids.rows_subject(organisation_id)
        with self._engine.connect() as connection:
            last = connection.execute(_LAST, {"subject": subject}).one_or_none()
            sums = table_of(RowSumRow)
            own = select(sums.c.of_table).where(sums.c.organisation_id == organisation_id)
            tables = connection.scalars(own.order_by(sums.c.of_table)).all()
        if last is not None and last.run == run_id:
            return
        night = 1 + (last.n if last is not None else 0)

        def told(row: Row) -> Row:
            return {"told": night} if (row["told"] or 0) >= night - 1 else {}

        for table in tables:
            which = {"organisation_id": organisation_id, "of_table": table}
            with self._engine.begin() as connection:
                change(connection, RowSumRow, which, told)
        event = AuditEvent(
            subject=subject,
            n=night,
            action="rows_told",
            actor=ids.SYSTEM,
            at=at,
            refs={"run": run_id},
        )
        with self._engine.begin() as connection:
            log.append(connection, organisation_id, [event], None)


def nights_told(connection: Connection) -> Mapping[str, int]:
    """The last night that each organisation's log tells of; none where it tells of none."""
    return {row.organisation_id: row.n for row in connection.execute(_TOLD)}
