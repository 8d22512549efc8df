"""Cycles as lists show them: with counts; their rows, pairs and documents, the late ones first."""

from datetime import date, datetime

from sqlalchemy import RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.journal_views import JournalViews
from adapters.postgres.names import Names
from adapters.postgres.road_lines import item_line, pair_line
from adapters.postgres.shown import DocumentLine, ItemLine, Named, PairLine
from adapters.postgres.standing_views import DOCUMENTS
from domain.base import Value
from domain.roadmap import Roadmap

PAGE = 50
"""Lines of a page."""


class PairStanding(PairLine):
    """A pair of a cycle, with its nearest deadline."""

    due: datetime | None
    late: bool


class DocumentStanding(Value):
    """A document of a cycle, and whom it waits for."""

    line: DocumentLine
    about: tuple[Named, ...]  # mentor and mentee of its pair
    task: str | None
    assignee: Named | None
    due: datetime | None
    late: bool


class CycleLine(Value):
    """A cycle with its counts; rows are those of the cycle itself, not of its pairs."""

    cycle_id: str
    title: str
    start: date
    ends: date
    stage: str
    trouble: str | None
    rows: int
    rows_done: int
    rows_late: int
    pairs: int
    pairs_open: int
    documents: int
    tasks_late: int
    has_below: bool = False  # its roadmap has a level below
    organisations: int = 0  # that were invited and have not left
    roadmap: str = ""  # its name in the library


class CycleRows(Value):
    """A cycle and its own rows."""

    cycle: CycleLine
    rows: tuple[ItemLine, ...]


class PairPage(Value):
    """A page of a cycle's pairs, the late ones first."""

    cycle: CycleLine
    lines: tuple[PairStanding, ...]


class DocumentPage(Value):
    """A page of a cycle's documents, the late ones first."""

    cycle: CycleLine
    lines: tuple[DocumentStanding, ...]


_PAIRS = text(
    """
    SELECT r.*, t.due, coalesce(t.due < :now, false) AS late FROM pairs r
    LEFT JOIN (
      SELECT refs ->> 'pair' AS pair_id, min(due) AS due FROM tasks
      WHERE organisation_id = :organisation AND cycle_id = :cycle GROUP BY 1
    ) AS t USING (pair_id)
    LEFT JOIN people m ON m.id = r.mentor_id LEFT JOIN people e ON e.id = r.mentee_id
    WHERE r.organisation_id = :organisation AND r.cycle_id = :cycle
    ORDER BY late DESC, r.open DESC, m.sort_key, e.sort_key, r.pair_id
    LIMIT :most OFFSET :before
    """
)
_DOCUMENTS = text(
    """
    SELECT d.document_id, t.kind AS task, t.assignee, t.due, coalesce(t.due < :now, false) AS late,
      r.mentor_id, r.mentee_id
    FROM documents d
    LEFT JOIN LATERAL (
      SELECT kind, assignee, due FROM tasks WHERE workflow_id = 'document/' || d.document_id
      ORDER BY due NULLS LAST, task_id LIMIT 1
    ) AS t ON true
    LEFT JOIN pairs r ON r.pair_id = d.pair_id
    WHERE d.organisation_id = :organisation AND d.cycle_id = :cycle
    ORDER BY late DESC, t.due NULLS LAST, d.since DESC, d.document_id
    LIMIT :most OFFSET :before
    """
)
_CYCLES = text(
    """
    SELECT l.cycle_id, l.roadmap ->> 'roadmap' AS roadmap, l.roadmap ->> 'title' AS title,
      l.start, l.ends, c.trouble, coalesce(c.stage, '') AS stage, i.rows, i.rows_done, i.rows_late,
      p.pairs, p.pairs_open,
      (SELECT count(*) FROM documents WHERE cycle_id = l.cycle_id) AS documents,
      l.roadmap ->> 'below' IS NOT NULL AS has_below,
      (SELECT count(*) FROM branches WHERE cycle_id = l.cycle_id AND stage <> 'left')
        AS organisations,
      (SELECT count(*) FROM tasks WHERE cycle_id = l.cycle_id AND due < :now) AS tasks_late
    FROM programmes l
    LEFT JOIN processes c ON c.id = 'cycle/' || l.cycle_id
    LEFT JOIN LATERAL (
      SELECT count(*) AS rows, count(*) FILTER (WHERE done) AS rows_done,
        count(*) FILTER (WHERE NOT done AND due < :now) AS rows_late
      FROM items WHERE cycle_id = l.cycle_id AND pair_id IS NULL
    ) AS i ON true
    LEFT JOIN LATERAL (
      SELECT count(*) AS pairs, count(*) FILTER (WHERE open) AS pairs_open
      FROM pairs WHERE cycle_id = l.cycle_id
    ) AS p ON true
    WHERE l.organisation_id = :organisation AND (l.cycle_id = :cycle OR :every)
    ORDER BY stage = 'closed', l.start DESC, l.launched_at DESC, l.cycle_id
    """
)
_ROWS = text(
    """
    SELECT * FROM items
    WHERE organisation_id = :organisation AND cycle_id = :cycle AND pair_id IS NULL
    ORDER BY NOT (NOT done AND due < :now), done, NOT open, due NULLS LAST, opens, item_id
    """
)
_ROADMAP = text(
    "SELECT roadmap FROM programmes WHERE organisation_id = :organisation AND cycle_id = :cycle"
)


class CycleViews(JournalViews):
    """Cycles of an organisation. `NotFound` where it has nothing of the kind."""

    def cycle_lines(self, organisation_id: str, now: datetime) -> tuple[CycleLine, ...]:
        """All cycles, those at work first."""
        given = {"cycle": "", "every": True, "now": now}
        with self._engine.connect() as connection:
            rows = rows_of(connection, _CYCLES, organisation_id, **given)
        return tuple(CycleLine(**row) for row in rows)

    def cycle_line(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleLine:
        """One cycle with its counts."""
        given = {"cycle": cycle_id, "every": False, "now": now}
        with self._engine.connect() as connection:
            return CycleLine(**one_of(connection, _CYCLES, organisation_id, "cycle", **given))

    def cycle_rows(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleRows:
        """A cycle with its own rows: the late ones first, then what is open."""
        line = self.cycle_line(organisation_id, cycle_id, now)
        given = {"cycle": cycle_id, "now": now}
        with self._engine.connect() as connection:
            launch = one_of(connection, _ROADMAP, organisation_id, "cycle", cycle=cycle_id)
            rows = rows_of(connection, _ROWS, organisation_id, **given)
            names = Names(connection, organisation_id, [row["lead"] for row in rows])
        roadmap = Roadmap.model_validate(launch["roadmap"])
        items = tuple(item_line(row, names, roadmap, now) for row in rows)
        return CycleRows(cycle=line, rows=items)

    def cycle_pairs(
        self, organisation_id: str, cycle_id: str, now: datetime, page: int
    ) -> PairPage:
        """A page of a cycle's pairs; pages count from 1."""
        given = {"cycle": cycle_id, "now": now, "most": PAGE, "before": PAGE * (page - 1)}
        with self._engine.connect() as connection:
            launch = one_of(connection, _ROADMAP, organisation_id, "cycle", cycle=cycle_id)
            rows = rows_of(connection, _PAIRS, organisation_id, **given)
            people = [row[side] for row in rows for side in ("mentor_id", "mentee_id")]
            names = Names(connection, organisation_id, people)
        roadmap = Roadmap.model_validate(launch["roadmap"])
        lines = tuple(
            PairStanding(**dict(pair_line(row, names, roadmap)), due=row["due"], late=row["late"])
            for row in rows
        )
        return PairPage(cycle=self.cycle_line(organisation_id, cycle_id, now), lines=lines)

    def cycle_documents(
        self, organisation_id: str, cycle_id: str, now: datetime, page: int
    ) -> DocumentPage:
        """A page of a cycle's documents; pages count from 1."""
        given = {"cycle": cycle_id, "now": now, "most": PAGE, "before": PAGE * (page - 1)}
        with self._engine.connect() as connection:
            rows = rows_of(connection, _DOCUMENTS, organisation_id, **given)
            known = [row[one] for row in rows for one in ("assignee", "mentor_id", "mentee_id")]
            names = Names(connection, organisation_id, known)
            ids = [row["document_id"] for row in rows]
            found = rows_of(connection, DOCUMENTS, organisation_id, ids=ids)
        lines = {row["document_id"]: self._line(row) for row in found}
        shown = tuple(_standing(row, lines[row["document_id"]], names) for row in rows)
        return DocumentPage(cycle=self.cycle_line(organisation_id, cycle_id, now), lines=shown)


def _standing(row: RowMapping, line: DocumentLine, names: Names) -> DocumentStanding:
    sides = [row[side] for side in ("mentor_id", "mentee_id") if row[side]]
    return DocumentStanding(
        line=line,
        about=tuple(map(names.of, sides)),
        task=row["task"],
        assignee=names.of_any(row["assignee"]),
        due=row["due"],
        late=row["late"],
    )
