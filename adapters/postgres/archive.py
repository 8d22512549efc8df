"""What the auditor's bundle and the checks read: sealed files, the log, and what must agree."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Engine, RowMapping, TextClause, text

from adapters.postgres.retention_views import destroyed_again, unexplained
from adapters.postgres.row_checks import check_rows
from domain.base import Value
from domain.errors import NotFound

_PAGE = 500


class Exported(Value):
    """What a bundle is made of: a pair or a cycle, whose log tells of it, and a pair's order."""

    what: str
    id: str
    organisation_id: str
    order_id: str | None


class SealedFile(Value):
    """An object of a document whose signed file is sealed; destroyed ones have no bytes."""

    document_id: str
    kind: str
    version: int
    role: str
    number: str | None
    day: date | None
    key: str
    key_id: str
    sha256: str
    stored_sha256: str
    media_type: str
    act_id: str | None
    """By which it was destroyed, with number and day; None: it is there."""
    act_number: str | None
    act_day: date | None


class LogLine(Value):
    """An entry of the log: its number and the text that is a leaf of the tree."""

    seq: int
    text: str


class KnownObject(Value):
    """An object that a row knows, and the document row that leans on it."""

    key: str
    key_id: str
    document_id: str
    version: int
    role: str
    sha256: str
    stored_sha256: str
    destroyed: bool


class KnownVersion(KnownObject):
    """An object, and what its document is."""

    kind: str
    number: str | None
    day: date | None
    pair_id: str | None


class ProcessLine(Value):
    """A workflow as its row says it stands."""

    id: str
    kind: str
    stage: str
    revision: int
    finished: bool
    starting: bool
    """Announced, not begun: its parent, which is at work, or who launches it, is about to."""


_EXPORTED = text(
    """
    SELECT organisation_id, state ->> 'order_id' AS order_id FROM processes
    WHERE id = :what || '/' || :id
    """
)
# The rendering that was signed: with its number where it has one, else the draft itself. Of what
# was signed electronically, its signatures and the copy with the mark too. What was sealed after
# the checkpoint is not told of by its entries yet.
_SEALED = text(
    """
    WITH page AS (
      SELECT d.* FROM documents d
      WHERE d.stored_sha256 IS NOT NULL
        AND (:what = 'cycle' AND d.cycle_id = :id
          OR :what = 'pair' AND (d.pair_id = :id OR d.document_id = CAST(:order AS text)))
        AND (coalesce(d.day, 'infinity'), d.kind, d.document_id)
          > (CAST(:day AS date), :kind, :after)
        AND EXISTS (SELECT FROM audit_entries a WHERE a.subject = 'document/' || d.document_id
          AND a.action = 'sealed' AND a.seq <= :size)
      ORDER BY coalesce(d.day, 'infinity'), d.kind, d.document_id LIMIT :page)
    SELECT d.document_id, d.kind, d.number, d.day, o.version, o.role, o.key, o.key_id, o.sha256,
      o.stored_sha256, o.media_type, k.act_id, a.number AS act_number, a.day AS act_day
    FROM page d JOIN objects o ON o.document_id = d.document_id
      LEFT JOIN object_keys k ON k.key_id = o.key_id AND k.wrapped IS NULL
        AND EXISTS (SELECT FROM audit_entries e WHERE e.subject IN (
            'destruction/' || d.document_id, 'destroyed_again/' || d.document_id)
          AND e.action IN ('destroyed', 'destroyed_again') AND e.seq <= :size)
      LEFT JOIN documents a ON a.document_id = k.act_id
    WHERE o.version = d.version AND (
        (o.role IN ('signed', 'registered', 'draft')
          AND o.sha256 IN (d.signed_sha256, coalesce(d.registered_sha256, d.draft_sha256)))
        OR o.role IN ('signature', 'visual'))
    ORDER BY coalesce(d.day, 'infinity'), d.kind, d.document_id, o.role, o.recorded_at, o.key
    """
)
_LOG = text(
    """
    SELECT seq, text FROM audit_entries
    WHERE organisation_id = :organisation AND seq > :after AND seq <= :size
      AND (:what = 'cycle' AND cycle_id = :id
        OR :what = 'pair' AND (pair_id = :id OR subject IN (
          'document/' || CAST(:order AS text), 'destruction/' || CAST(:order AS text),
          'destroyed_again/' || CAST(:order AS text))))
    ORDER BY seq LIMIT :page
    """
)
_BY_HASH = text(
    """
    SELECT o.key, o.key_id, o.document_id, o.version, o.role, o.sha256, o.stored_sha256,
      k.wrapped IS NULL AS destroyed, d.kind, d.number, d.day, d.pair_id
    FROM objects o JOIN object_keys k ON k.key_id = o.key_id
      JOIN documents d ON d.document_id = o.document_id
    WHERE o.sha256 = :sha256
    ORDER BY o.role = 'signed' DESC, o.recorded_at
    """
)
_OBJECTS = text(
    """
    SELECT o.key, o.key_id, o.document_id, o.version, o.role, o.sha256, o.stored_sha256,
      k.wrapped IS NULL AS destroyed
    FROM objects o LEFT JOIN object_keys k ON k.key_id = o.key_id ORDER BY o.key
    """
)
_UNSTORED = text(
    """
    SELECT d.document_id, h.role FROM documents d CROSS JOIN LATERAL (VALUES
      ('draft', d.draft_sha256), ('registered', d.registered_sha256), ('signed', d.stored_sha256)
    ) AS h (role, sha256)
    WHERE h.sha256 IS NOT NULL AND NOT EXISTS (
      SELECT FROM objects o WHERE o.document_id = d.document_id AND o.role = h.role
        AND h.sha256 = CASE h.role WHEN 'signed' THEN o.stored_sha256 ELSE o.sha256 END)
    ORDER BY d.document_id
    """
)
_JOURNALS = text(
    """
    SELECT j.organisation_id, j.journal, j.year, j.n AS last, count(l.n) AS lines,
      count(DISTINCT l.n) AS numbers, coalesce(min(l.n), 1) AS low, coalesce(max(l.n), 0) AS high
    FROM journals j LEFT JOIN journal_lines l
      ON (l.organisation_id, l.journal, l.year) = (j.organisation_id, j.journal, j.year)
        AND l.letter = ''
    WHERE j.journal <> ''
    GROUP BY j.organisation_id, j.journal, j.year, j.n ORDER BY 1, 2, 3
    """
)
# A lettered number follows one that is there; what was given has somebody, what was not a reason;
# and a document says the number that its line says.
_LINES = text(
    """
    SELECT l.organisation_id, l.journal, l.year, l.number, l.state
    FROM journal_lines l
    LEFT JOIN documents d ON d.document_id = l.document_id
    LEFT JOIN incoming_documents i ON i.incoming_id = l.line_id
    WHERE (l.journal <> '' AND l.state = 'given' AND l.document_id IS NULL
        AND i.incoming_id IS NULL)
      OR (l.state <> 'given' AND l.reason_id IS NULL)
      OR (l.state IN ('reserved', 'elsewhere') AND l.document_id IS NOT NULL)
      OR (l.state = 'void' AND d.stage <> 'withdrawn')
      OR d.number <> l.number
      OR (l.letter <> '' AND NOT EXISTS (
        SELECT FROM journal_lines b
        WHERE (b.organisation_id, b.journal, b.year, b.n) = (
          l.organisation_id, l.journal, l.year, l.n) AND b.letter = ''))
    ORDER BY 1, 2, 3, 4
    """
)
_EVENTS = text(
    """
    SELECT p.id, (p.state ->> 'events')::int AS said, count(a.n) AS found
    FROM processes p LEFT JOIN audit_entries a ON a.subject = p.id
    WHERE p.state IS NOT NULL GROUP BY p.id
    HAVING count(a.n) <> (p.state ->> 'events')::int OR coalesce(max(a.n), 0) <> count(a.n)
    ORDER BY p.id
    """
)
# A document in force lives on while it has assignments that are open. A cycle has its row a moment
# before it is begun: whoever launches it is about to.
_PROCESSES = text(
    """
    SELECT p.id, p.kind, p.stage, p.revision,
      p.stage IN ('closed', 'completed', 'stopped', 'in_force', 'withdrawn')
        AND NOT EXISTS (SELECT FROM tasks t WHERE t.workflow_id = p.id) AS finished,
      p.state IS NULL AND (coalesce(q.at_work, false) OR p.parent IS NULL
        AND p.updated_at > clock_timestamp() - interval '1 minute') AS starting
    FROM processes p LEFT JOIN processes q ON q.id = p.parent ORDER BY p.id
    """
)
_TWO_STAGES = text(
    """
    SELECT r.pair_id, r.stage AS of_row, p.stage AS of_process
    FROM pairs r JOIN processes p ON p.id = 'pair/' || r.pair_id WHERE r.stage <> p.stage
    """
)

# Of one event somebody is told at one moment of its process, and once.
_NOTICES = text("SELECT count(*) FROM notices")
_TOLD_TWICE = text(
    """
    SELECT subject, task_id, kind, recipient, count(*) AS times FROM notices
    GROUP BY subject, task_id, kind, recipient, at HAVING count(*) > 1 ORDER BY 1, 2, 3, 4
    """
)


class PostgresArchive:
    """Reads over everything that must agree; long lists in pages of `page` lines or documents."""

    def __init__(self, engine: Engine, page: int = _PAGE) -> None:
        self._engine = engine
        self._page = page

    def exported(self, what: str, id_: str) -> Exported:
        """The pair or cycle of which a bundle is to be made. Raises `NotFound`."""
        for row in self._rows(_EXPORTED, what=what, id=id_):
            return Exported(what=what, id=id_, **row)
        raise NotFound(f"there is no {what}/{id_}")

    def sealed_files(self, of: Exported, size: int) -> Iterator[SealedFile]:
        """Signed files and what was signed, as far as the first `size` entries tell of them.

        Read in pages, so their number costs no memory.
        """
        given = {"what": of.what, "id": of.id, "order": of.order_id, "size": size}
        given |= {"page": self._page}
        last: tuple[object, ...] = (date.min, "", "")
        while True:
            day, kind, after = last
            rows = self._rows(_SEALED, **given, day=day, kind=kind, after=after)
            if not rows:
                return
            for row in rows:
                yield SealedFile.model_validate(dict(row))
            last = (rows[-1]["day"] or "infinity", rows[-1]["kind"], rows[-1]["document_id"])

    def log(self, of: Exported, size: int) -> Iterator[LogLine]:
        """The entries about a pair or cycle among the first `size`, in order, read in pages."""
        given = {"organisation": of.organisation_id, "order": of.order_id, "size": size}
        given |= {"what": of.what, "id": of.id, "page": self._page}
        seq = 0
        while rows := self._rows(_LOG, **given, after=seq):
            for row in rows:
                yield LogLine.model_validate(dict(row))
            seq = rows[-1]["seq"]

    def by_hash(self, sha256: str) -> tuple[KnownVersion, ...]:
        """The objects with this content, signed files first."""
        return tuple(
            KnownVersion.model_validate(dict(r)) for r in self._rows(_BY_HASH, sha256=sha256)
        )

    def objects(self) -> tuple[KnownObject, ...]:
        """All objects that rows know; one without a key row counts as destroyed."""
        return tuple(KnownObject.model_validate(dict(row)) for row in self._rows(_OBJECTS))

    def documents_without_object(self) -> Iterator[str]:
        """Document rows that name a hash of which no object is known."""
        for row in self._rows(_UNSTORED):
            yield f"document/{row['document_id']}: {row['role']}"

    def keys_without_act(self) -> tuple[str, ...]:
        """Keys that are gone though no act destroyed them, and keys that outlived their act."""
        with self._engine.connect() as connection:
            return unexplained(connection)

    def destroyed_again(self) -> tuple[str, ...]:
        """Documents that a restore destroyed again, and why; no faults."""
        with self._engine.connect() as connection:
            return destroyed_again(connection)

    def journal_faults(self) -> Iterator[str]:
        """Journals whose counters are not exactly 1 to the last, and lines that cannot be."""
        for row in self._rows(_JOURNALS):
            whole = row["low"] == 1 and row["high"] == row["numbers"] == row["lines"] == row["last"]
            if (row["lines"] and not whole) or row["last"] != row["high"]:
                yield f"{row['organisation_id']}/{row['journal']}/{row['year']}: 1…{row['last']}"
        for row in self._rows(_LINES):
            place = f"{row['organisation_id']}/{row['journal']}/{row['year']}"
            yield f"{place}: {row['number']} {row['state']}"

    def event_faults(self) -> Iterator[str]:
        """Processes whose events in the log are not exactly those that they made."""
        for row in self._rows(_EVENTS):
            yield f"{row['id']}: {row['found']} of {row['said']} events"

    def stage_faults(self) -> Iterator[str]:
        """Pairs that stand in two stages."""
        for row in self._rows(_TWO_STAGES):
            yield f"pair/{row['pair_id']}: {row['of_row']} and {row['of_process']}"

    def notice_faults(self) -> tuple[int, Sequence[str]]:
        """How many notices there are, and those that went to somebody more than once."""
        twice = tuple(
            f"{row['subject']}: {row['kind']} о {row['task_id']} отправлено {row['times']} раза "
            f"(получатель {row['recipient']})"
            for row in self._rows(_TOLD_TWICE)
        )
        (counted,) = self._rows(_NOTICES)
        return counted["count"], twice

    def processes(self) -> tuple[ProcessLine, ...]:
        """All workflows that rows know."""
        return tuple(ProcessLine.model_validate(dict(row)) for row in self._rows(_PROCESSES))

    def check_rows(self) -> tuple[int, Sequence[str]]:
        """How many rows were looked at, and those that are not what the service wrote."""
        return check_rows(self._engine)

    def _rows(self, query: TextClause, **given: object) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(query, given).mappings().all()
