"""What the rehearsal's driver and the checks read: work, clock, totals, the log."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine, text

from adapters.postgres.log import LogEntry, LogHead
from domain.base import Value
from domain.errors import NotFound


class Moment(Value):
    """The nearest moment at which time alone changes something, and for whom."""

    at: datetime
    workflows: tuple[str, ...]


class Standing(Value):
    """How far a cycle is."""

    cycle_id: str
    stage: str
    items: int
    done: int
    documents: int


class CycleTotals(Value):
    """Counts of cycles, their pairs included.

    Rows are those of the roadmaps; steps are rows at work, each row once for whatever it fans over.
    """

    rows_total: int
    rows_done: int
    steps_total: int
    steps_done: int
    pairs: int
    pairs_completed: int
    documents: int
    kinds: int  # of documents in force
    returned: int
    approvals: int
    sittings: int  # at which a body decided on a document
    registered: int
    signatures: int  # electronic ones
    sealed: int
    audit_events: int


# A process is at work if it says so; if its parent has not recorded yet what it has to tell; if
# the order that it waits for is in force; if it is a document whose pair has stopped.
_AT_WORK = text(
    """
    WITH orders AS (
      SELECT id, o ->> 'stage' AS stage, o -> 'turn' AS turn
      FROM processes, jsonb_array_elements(state -> 'orders') AS o
      WHERE kind = 'cycle' AND trouble IS NULL AND stage <> 'closed'
    )
    SELECT p.id FROM processes p
    WHERE (p.cycle_id = ANY(:cycles) OR cardinality(CAST(:cycles AS varchar[])) = 0) AND (
      p.at_work
      OR (p.to_tell IS NOT NULL AND p.trouble IS NULL)
      OR (p.kind = 'pair' AND EXISTS (
        SELECT FROM orders o
        WHERE o.id = p.parent AND o.stage = p.stage AND o.turn = p.state -> 'turn'))
      OR (p.kind = 'document' AND p.stage NOT IN ('in_force', 'withdrawn') AND EXISTS (
        SELECT FROM processes q WHERE q.id = p.parent AND q.stage = 'stopped')))
    ORDER BY p.id LIMIT 100
    """
)
_NEXT = text(
    """
    WITH waiting AS (
      SELECT id, waiting_until, min(waiting_until) OVER () AS nearest FROM processes
      WHERE waiting_until IS NOT NULL
        AND (cycle_id = ANY(:cycles) OR cardinality(CAST(:cycles AS varchar[])) = 0)
    )
    SELECT id, waiting_until FROM waiting WHERE waiting_until <= nearest + :within ORDER BY id
    """
)
_TOTALS = text(
    """
    SELECT
      (SELECT count(DISTINCT (cycle_id, step)) FROM items WHERE cycle_id = ANY(:cycles))
        AS rows_total,
      (SELECT count(*) FROM (
        SELECT FROM items WHERE cycle_id = ANY(:cycles)
        GROUP BY cycle_id, step HAVING bool_and(done)
      ) AS whole) AS rows_done,
      (SELECT count(*) FROM items WHERE cycle_id = ANY(:cycles)) AS steps_total,
      (SELECT count(*) FROM items WHERE cycle_id = ANY(:cycles) AND done) AS steps_done,
      (SELECT count(*) FROM pairs WHERE cycle_id = ANY(:cycles)) AS pairs,
      (SELECT count(*) FROM pairs WHERE cycle_id = ANY(:cycles) AND stage = 'completed')
        AS pairs_completed,
      (SELECT count(*) FROM documents WHERE cycle_id = ANY(:cycles)) AS documents,
      (SELECT count(DISTINCT kind) FROM documents
        WHERE cycle_id = ANY(:cycles) AND stage = 'in_force') AS kinds,
      count(*) FILTER (WHERE action = 'sent_back') AS returned,
      count(*) FILTER (WHERE action = 'approved') AS approvals,
      (SELECT count(DISTINCT v.sitting_id) FROM verdicts v
        JOIN documents d ON d.document_id = v.document_id
        WHERE d.cycle_id = ANY(:cycles)) AS sittings,
      count(*) FILTER (WHERE action = 'signature_attached') AS signatures,
      (SELECT count(*) FROM documents WHERE cycle_id = ANY(:cycles) AND number IS NOT NULL)
        AS registered,
      count(*) FILTER (WHERE action = 'sealed') AS sealed,
      count(*) AS audit_events
    FROM audit_entries WHERE cycle_id = ANY(:cycles)
    """
)
_STANDINGS = text(
    """
    SELECT p.cycle_id, p.stage, i.items, i.done,
      (SELECT count(*) FROM documents d WHERE d.cycle_id = p.cycle_id) AS documents
    FROM processes p CROSS JOIN LATERAL (
      SELECT count(*) AS items, count(*) FILTER (WHERE done) AS done
      FROM items WHERE cycle_id = p.cycle_id
    ) i
    WHERE p.kind = 'cycle' AND p.cycle_id = ANY(:cycles) ORDER BY p.cycle_id
    """
)
_MARKS = text(
    """
    SELECT organisation_id, kind = 'decide' AS decisions,
      md5(string_agg(CAST(t AS varchar), ' ' ORDER BY task_id)) AS mark, count(*) AS n
    FROM tasks t GROUP BY 1, 2
    """
)
_LOG = text("SELECT * FROM audit_entries WHERE organisation_id = :organisation ORDER BY seq")
_HEAD = text(
    """
    SELECT h.size, h.peaks FROM organisations o LEFT JOIN audit_heads h USING (organisation_id)
    WHERE organisation_id = :organisation
    """
)
_ORGANISATIONS = text("SELECT organisation_id FROM organisations ORDER BY organisation_id")


_FIGURES = text(
    """
    SELECT 'tasks' AS name, '' AS word, count(*) AS n FROM tasks
    UNION ALL SELECT 'tasks_late', '', count(*) FROM tasks WHERE due < :now
    UNION ALL SELECT 'cycles', stage, count(*) FROM processes WHERE kind = 'cycle' GROUP BY stage
    UNION ALL SELECT 'pairs', stage, count(*) FROM pairs GROUP BY stage
    UNION ALL SELECT 'documents', stage, count(*) FROM documents GROUP BY stage
    UNION ALL SELECT 'incidents_open', '', count(*) FROM incidents WHERE resolved_at IS NULL
    UNION ALL
      SELECT 'troubles', kind, count(*) FROM processes WHERE trouble IS NOT NULL GROUP BY kind
    """
)


class Count(Value):
    """How many things of a name there are, those with this word."""

    name: str
    word: str
    n: int


class TasksMark(NamedTuple):
    """What changes as these tasks do, and how many they are."""

    mark: str
    number: int


class PostgresWatch:
    """Reads over all organisations, for the machinery and not for people."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def at_work(self, *cycles: str) -> tuple[str, ...]:
        """Workflows of these cycles, of all if none is named, that still do something by
        themselves, a hundred at most; none means quiet.

        News on its way from one workflow to another counts as work.
        """
        with self._engine.connect() as connection:
            return tuple(connection.execute(_AT_WORK, {"cycles": list(cycles)}).scalars())

    def next_moment(self, *cycles: str, within: timedelta = timedelta(0)) -> Moment | None:
        """The nearest moment that a workflow of these cycles, of all if none is named, waits for,
        with all that wait for it; put off to the last that comes `within` so long after it.
        """
        with self._engine.connect() as connection:
            given = {"cycles": list(cycles), "within": within}
            rows = connection.execute(_NEXT, given).all()
        if not rows:
            return None
        at = max(row.waiting_until for row in rows)
        return Moment(at=at, workflows=tuple(row.id for row in rows))

    def standings(self, cycles: Sequence[str]) -> tuple[Standing, ...]:
        """How far each of these cycles is."""
        with self._engine.connect() as connection:
            rows = connection.execute(_STANDINGS, {"cycles": list(cycles)}).mappings()
            return tuple(Standing.model_validate(dict(row)) for row in rows)

    def marks_of_tasks(self) -> dict[tuple[str, bool], TasksMark]:
        """Of an organisation's tasks, those that are decisions (true) apart from the others; none
        where it has none.
        """
        with self._engine.connect() as connection:
            rows = connection.execute(_MARKS)
            return {
                (row.organisation_id, row.decisions): TasksMark(row.mark, row.n) for row in rows
            }

    def totals(self, *cycles: str) -> CycleTotals:
        with self._engine.connect() as connection:
            row = connection.execute(_TOTALS, {"cycles": list(cycles)}).mappings().one()
        return CycleTotals.model_validate(dict(row))

    def counts(self, now: datetime) -> tuple[Count, ...]:
        """Counts for the operator: tasks, late ones, and what there is by stage or kind."""
        with self._engine.connect() as connection:
            rows = connection.execute(_FIGURES, {"now": now}).mappings()
            return tuple(Count.model_validate(dict(row)) for row in rows)

    def organisations(self) -> tuple[str, ...]:
        with self._engine.connect() as connection:
            return tuple(connection.execute(_ORGANISATIONS).scalars())

    @contextmanager
    def log(self, organisation_id: str) -> Iterator[tuple[Iterator[LogEntry], LogHead]]:
        """The log from its first entry on, and its head, as they were at one moment.

        Read piece by piece, so that a long log fits. Raises `NotFound` if nobody has this id.
        """
        given = {"organisation": organisation_id}
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ")
            head = connection.execute(_HEAD, given).mappings().one_or_none()
            if head is None:
                raise NotFound(f"no organisation {organisation_id}")
            options = {"yield_per": 1000}
            names = LogEntry.model_fields
            with connection.execute(_LOG, given, execution_options=options) as rows:
                yield (
                    (
                        LogEntry.model_validate({name: row[name] for name in names})
                        for row in rows.mappings()
                    ),
                    LogHead(noted=False) if head["size"] is None else LogHead(**head),
                )
