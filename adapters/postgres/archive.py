"""What the auditor's bundle and the checks read: sealed files, the log, and what must agree."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Engine, RowMapping, TextClause, text

from domain.base import Value
from domain.errors import NotFound


class SealedFile(Value):
    """An object of a document whose signed file is sealed."""

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


class LogLine(Value):
    """An entry of the log, with what it was hashed from."""

    seq: int
    previous: str
    text: str
    hash: str


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


class ProcessLine(Value):
    """A workflow as its row says it stands."""

    id: str
    kind: str
    stage: str
    revision: int
    finished: bool


_OF = """
    (d.cycle_id = :id AND :what = 'cycle')
    OR (:what = 'pair' AND (d.pair_id = :id OR d.document_id = (
      SELECT state ->> 'order_id' FROM processes WHERE id = 'pair/' || :id)))
"""
# The rendering that was signed: with its number where it has one, else the draft itself. Of what
# was signed electronically, its signatures and the copy with the mark too.
_SEALED = text(
    f"""
    SELECT d.document_id, d.kind, d.number, d.day, o.version, o.role, o.key, o.key_id, o.sha256,
      o.stored_sha256, o.media_type
    FROM documents d JOIN objects o ON o.document_id = d.document_id
    WHERE ({_OF}) AND d.stored_sha256 IS NOT NULL
      AND o.version = d.version AND (
        (o.role IN ('signed', 'registered', 'draft')
          AND o.sha256 IN (d.signed_sha256, coalesce(d.registered_sha256, d.draft_sha256)))
        OR o.role IN ('signature', 'visual'))
    ORDER BY d.day NULLS LAST, d.kind, d.document_id, o.role, o.recorded_at
    """  # noqa: S608 - the inserted text is the constant above
)
_LOG = text(
    """
    SELECT seq, previous, text, hash FROM audit_entries
    WHERE (:what = 'cycle' AND cycle_id = :id)
      OR (:what = 'pair' AND (pair_id = :id OR subject = 'document/' || (
        SELECT state ->> 'order_id' FROM processes WHERE id = 'pair/' || :id)))
    ORDER BY seq
    """
)
_KNOWN_SUBJECT = text("SELECT 1 FROM processes WHERE id = :what || '/' || :id")
_BY_HASH = text(
    """
    SELECT o.key, o.key_id, o.document_id, o.version, o.role, o.sha256, o.stored_sha256,
      k.wrapped IS NULL AS destroyed
    FROM objects o JOIN object_keys k ON k.key_id = o.key_id WHERE o.sha256 = :sha256
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
# A document in force lives on while it has assignments that are open.
_PROCESSES = text(
    """
    SELECT p.id, p.kind, p.stage, p.revision,
      p.stage IN ('closed', 'completed', 'stopped', 'in_force', 'withdrawn')
        AND NOT EXISTS (SELECT FROM tasks t WHERE t.workflow_id = p.id) AS finished
    FROM processes p ORDER BY p.id
    """
)
_TWO_STAGES = text(
    """
    SELECT r.pair_id, r.stage AS of_row, p.stage AS of_process
    FROM pairs r JOIN processes p ON p.id = 'pair/' || r.pair_id WHERE r.stage <> p.stage
    """
)


class PostgresArchive:
    """Reads over everything that must agree."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sealed_files(self, what: str, id_: str) -> tuple[SealedFile, ...]:
        """Signed files of a pair or cycle, and what was signed. Raises `NotFound`."""
        if not self._rows(_KNOWN_SUBJECT, what=what, id=id_):
            raise NotFound(f"there is no {what}/{id_}")
        rows = self._rows(_SEALED, what=what, id=id_)
        return tuple(SealedFile.model_validate(dict(row)) for row in rows)

    def log(self, what: str, id_: str) -> Iterator[LogLine]:
        """The entries about a pair or cycle, in order."""
        for row in self._rows(_LOG, what=what, id=id_):
            yield LogLine.model_validate(dict(row))

    def by_hash(self, sha256: str) -> tuple[KnownObject, ...]:
        """The objects with this content, signed files first."""
        return tuple(
            KnownObject.model_validate(dict(r)) for r in self._rows(_BY_HASH, sha256=sha256)
        )

    def objects(self) -> tuple[KnownObject, ...]:
        """All objects that rows know; one without a key row counts as destroyed."""
        return tuple(KnownObject.model_validate(dict(row)) for row in self._rows(_OBJECTS))

    def documents_without_object(self) -> Iterator[str]:
        """Document rows that name a hash of which no object is known."""
        for row in self._rows(_UNSTORED):
            yield f"document/{row['document_id']}: {row['role']}"

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

    def processes(self) -> tuple[ProcessLine, ...]:
        """All workflows that rows know."""
        return tuple(ProcessLine.model_validate(dict(row)) for row in self._rows(_PROCESSES))

    def _rows(self, query: TextClause, **given: object) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(query, given).mappings().all()
