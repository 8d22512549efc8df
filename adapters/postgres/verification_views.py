"""What is read of the verification of stored files: runs, incidents, and how files stand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import rows_of
from adapters.postgres.names import Names
from adapters.postgres.session import any_of
from adapters.postgres.shown import DocumentLine, Named
from adapters.postgres.standing_views import DOCUMENTS, StandingViews
from domain.base import Value
from domain.verification import Fault


class FileFault(Value):
    """Something is wrong with a file of a document, and still is, as far as is known."""

    version: int
    role: str  # incoming, draft, registered, signed, signature, visual
    fault: Fault
    found_at: datetime


class FileStanding(Value):
    """How the stored files of a document stand, all that an act has not destroyed.

    `intact`: each was what was kept, at `as_of` or later. `unchecked`: some was not verified since
    it was stored (when it was read back and hashed). `faulty`: an incident is open. `none`: there
    is no file.
    """

    state: Literal["intact", "unchecked", "faulty", "none"]
    as_of: datetime | None
    """The beginning of the walk that saw the file which was verified longest ago, if all were."""
    faults: tuple[FileFault, ...] = ()


class IncidentLine(Value):
    """Something is or was wrong with a stored file, or with the organisation's own log."""

    incident_id: str
    kind: Fault
    key: str
    stored_sha256: str | None
    """Of the bytes that must lie under the key, hex; a backup keeps them by this name."""
    document: DocumentLine | None
    version: int | None
    role: str
    pair_id: str | None
    about: tuple[Named, ...]
    """Mentor and mentee of the pair, if it is a pair's document."""
    found_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None
    note: str | None
    """What a person said was done."""
    noted_by: Named | None


class VerificationView(Value):
    """A walk over all stored files of this service: how far it is, and what it found."""

    run_id: str
    started_at: datetime
    moved_at: datetime
    finished_at: datetime | None
    total: int
    checked: int
    bytes: int
    faults: int


class IncidentPage(Value):
    """Some of an organisation's incidents, open ones first, then the latest; and how many."""

    incidents: tuple[IncidentLine, ...]
    open: int
    all: int


class Night(Value):
    """When a walk was finished last, and how many incidents are open, in all organisations."""

    finished_at: datetime | None
    incidents_open: int


# The latest walk that has passed a file by, if the file was stored before that walk began. It is
# sought once a file: without `OFFSET 0` it would be for each mention of `as_of`.
STANDING = f"""
    SELECT document_id, json_build_object(
      'state', CASE WHEN count(kind) > 0 THEN 'faulty'
        WHEN count(as_of) < count(*) THEN 'unchecked' ELSE 'intact' END,
      'as_of', CASE WHEN count(as_of) = count(*) THEN min(as_of) END,
      'faults', coalesce(json_agg(json_build_object(
        'version', version, 'role', role, 'fault', kind, 'found_at', found_at)
        ORDER BY version, role, key) FILTER (WHERE kind IS NOT NULL), '[]')) AS body
    FROM (SELECT o.document_id, o.version, o.role, o.key, i.kind, i.found_at, (
      SELECT r.started_at FROM verification_runs r
      WHERE r.started_at > o.recorded_at AND (r.finished_at IS NOT NULL OR r.last_key >= o.key)
      ORDER BY r.started_at DESC LIMIT 1) AS as_of
    FROM objects o LEFT JOIN incidents i ON i.key = o.key AND i.resolved_at IS NULL
    WHERE o.document_id = {any_of("documents")} AND NOT EXISTS (
      SELECT FROM object_keys k WHERE k.key_id = o.key_id AND k.destroyed_at IS NOT NULL)
      OFFSET 0) AS files
    GROUP BY document_id
"""  # noqa: S608 - a constant of ours
"""For each of `:documents` that has files: the `FileStanding` as JSON."""
_STANDING = text(STANDING)
NO_FILES: Final = FileStanding(state="none", as_of=None)
_INCIDENTS = text(
    """
    SELECT i.*, o.stored_sha256, p.mentor_id, p.mentee_id, t.body ->> 'text' AS note,
      t.author AS noted_by
    FROM incidents i LEFT JOIN pairs p ON p.pair_id = i.pair_id
      LEFT JOIN objects o ON o.key = i.key
      LEFT JOIN kept_texts t ON t.id = i.note_id
    WHERE i.organisation_id = :organisation AND (NOT :open OR i.resolved_at IS NULL)
    ORDER BY i.resolved_at IS NOT NULL, i.found_at DESC, i.incident_id LIMIT :limit OFFSET :skipped
    """
)
_COUNT = text(
    """
    SELECT count(*) FILTER (WHERE resolved_at IS NULL) AS open, count(*) AS all
    FROM incidents WHERE organisation_id = :organisation
    """
)
_LATEST = text("SELECT * FROM verification_runs ORDER BY started_at DESC, run_id LIMIT 1")
_NIGHT = text(
    """
    SELECT (SELECT max(finished_at) FROM verification_runs) AS finished_at,
      (SELECT count(*) FROM incidents WHERE resolved_at IS NULL) AS incidents_open
    """
)
A_PAGE: Final = 50


class VerificationViews(StandingViews):
    """Reads of what the verification of stored files found."""

    def verification(self) -> VerificationView | None:
        """The latest walk, which may be at work; None before the first. Of all organisations."""
        with self._engine.connect() as connection:
            row = connection.execute(_LATEST).mappings().one_or_none()
        if row is None:
            return None
        return VerificationView(**{name: row[name] for name in VerificationView.model_fields})

    def incidents(self, organisation_id: str, *, only_open: bool, page: int) -> IncidentPage:
        """A page of incidents, `A_PAGE` each, the first is 1; open ones come first."""
        given = {"open": only_open, "limit": A_PAGE, "skipped": (page - 1) * A_PAGE}
        with self._engine.connect() as connection:
            rows = rows_of(connection, _INCIDENTS, organisation_id, **given)
            counts = rows_of(connection, _COUNT, organisation_id)[0]
            known = sorted({row["document_id"] for row in rows if row["document_id"]})
            found = rows_of(connection, DOCUMENTS, organisation_id, ids=known)
            people = [row[one] for row in rows for one in ("mentor_id", "mentee_id", "noted_by")]
            names = Names(connection, organisation_id, people)
        documents = {row["document_id"]: self._line(row) for row in found}
        lines = tuple(_incident(row, documents, names) for row in rows)
        return IncidentPage(incidents=lines, **counts)


def night(connection: Connection) -> Night:
    """For the operator, who sees all organisations."""
    return Night.model_validate(dict(connection.execute(_NIGHT).mappings().one()))


def file_standing(
    connection: Connection, document_ids: Sequence[str]
) -> Mapping[str, FileStanding]:
    """How the stored files of these documents stand; an answer for each id."""
    found = connection.execute(_STANDING, {"documents": list(document_ids)})
    files = {row.document_id: FileStanding.model_validate(row.body) for row in found}
    return {id_: files.get(id_, NO_FILES) for id_ in document_ids}


def _incident(row: RowMapping, documents: Mapping[str, DocumentLine], names: Names) -> IncidentLine:
    same = (
        *("incident_id", "kind", "key", "stored_sha256", "version", "role", "pair_id"),
        *("found_at", "last_seen_at", "resolved_at", "note"),
    )
    sides = (row["mentor_id"], row["mentee_id"])
    return IncidentLine(
        **{name: row[name] for name in same},
        document=documents.get(row["document_id"]),
        about=tuple(names.of(one) for one in sides if one),
        noted_by=names.of_any(row["noted_by"]),
    )
