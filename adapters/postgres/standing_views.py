"""What stands on a day: the organisation's legal grounds; its documents and what changed them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Engine, RowMapping, TextClause, text

from adapters.legal_acts import act_words, cited_words
from adapters.postgres import grounds
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.body_views import BodyViews
from adapters.postgres.names import KnownNames, Names
from adapters.postgres.shown import (
    ChainStep,
    ChainView,
    DocumentLine,
    Ended,
    GroundLine,
    KnownFile,
    TimelineEvent,
)
from adapters.postgres.work_tables import day_of
from domain.amendments import How, Link, bases, later
from domain.audit import AuditEvent
from domain.kinds import DocumentKind

ENDED = f"""
    LEFT JOIN LATERAL (
      SELECT l.how AS ended_how, {day_of("n")} AS ended_on,
        n.document_id AS ended_by
      FROM document_links l JOIN documents n ON n.document_id = l.document_id
      WHERE l.changed_id = d.document_id AND l.how <> 'amends' AND n.stage = 'in_force'
      ORDER BY ended_on, n.since, n.document_id LIMIT 1
    ) AS e ON true
"""  # noqa: S608 - a constant of ours
"""Beside a document `d`: since when it has no force, and by which document."""

BESIDE = f"""
    {ENDED}
    LEFT JOIN LATERAL (
      SELECT below.short_name AS about
      FROM branches b JOIN organisations below ON below.organisation_id = b.below_id
      WHERE b.cycle_id = d.cycle_id AND b.n = d.branch
    ) AS a ON true
"""  # noqa: S608 - a constant of ours
"""As `ENDED`, and the organisation below that it is about: what a `DocumentLine` needs."""

ENDED_TITLES: Mapping[How, str] = {
    How.CANCELS: "отменён",
    How.REPLACES: "заменён",
    How.ENDS: "действие прекращено",
}

_LINKS = text(
    f"""
    SELECT l.document_id, l.changed_id, l.how, {day_of("n")} AS day
    FROM document_links l JOIN documents n ON n.document_id = l.document_id
    WHERE l.organisation_id = :organisation AND n.stage = 'in_force' AND n.cycle_id = :cycle
    ORDER BY day, n.since, l.document_id, l.changed_id
    """  # noqa: S608 - a constant of ours
)
_CYCLE_OF = text(
    "SELECT cycle_id FROM documents WHERE organisation_id = :organisation AND document_id = :id"
)
DOCUMENTS = text(
    f"""
    SELECT d.*, e.*, a.about FROM documents d {BESIDE}
    WHERE d.organisation_id = :organisation AND d.document_id = ANY(:ids)
    """  # noqa: S608 - a constant of ours
)
_REGISTER = text(
    f"""
    SELECT d.*, e.*, a.about FROM documents d {BESIDE}
    WHERE d.organisation_id = :organisation AND d.stage = 'in_force'
      AND {day_of("d")} <= :on
      AND (d.kind = :kind OR CAST(:kind AS varchar) IS NULL)
    ORDER BY {day_of("d")}, d.since, d.document_id
    """  # noqa: S608 - a constant of ours
)


_HISTORY = text(
    """
    SELECT seq, text, encode(substr(nodes, 1, 32), 'hex') AS hash, recorded_at
    FROM audit_entries
    WHERE organisation_id = :organisation AND subject = 'document/' || CAST(:id AS varchar)
    ORDER BY n
    """
)
# The one read that belongs to nobody: whoever holds a file, or a paper with its code, may ask.
_KNOWN = f"""
    SELECT d.*, e.*, a.about, o.role, o.version AS of_version, g.time_zone, (
      SELECT max(a.at) FROM audit_entries a
      WHERE a.subject = 'document/' || d.document_id AND a.action = 'sealed') AS signed_at
    FROM documents d JOIN organisations g USING (organisation_id) {BESIDE}
"""  # noqa: S608 - a constant of ours
_BY_HASH = text(
    f"""
    {_KNOWN} JOIN objects o ON o.document_id = d.document_id
    WHERE o.sha256 = :sha256 AND o.role IN ('draft', 'registered', 'signed', 'signature', 'visual')
    ORDER BY o.role = 'signed' DESC, o.recorded_at, o.key LIMIT 1
    """
)
_BY_CODE = text(
    f"""
    {_KNOWN} JOIN (VALUES ('', 0)) AS o (role, version) ON true
    WHERE d.document_id = :id
    """
)


class StandingViews(BodyViews):
    """Acts and documents as they stand on a day, which may be past."""

    def __init__(self, engine: Engine, kinds: Mapping[str, DocumentKind]) -> None:
        super().__init__(engine)
        self._kinds = kinds

    def grounds(self, organisation_id: str, on: date) -> tuple[GroundLine, ...]:
        """All acts of the organisation; those that have lost force by that day are flagged."""
        with self._engine.connect() as connection:
            acts = grounds.listed(connection, organisation_id)
        return tuple(
            GroundLine(
                **dict(act),
                words=act_words(act),
                cited=cited_words(act, "ablt"),
                in_force=act.is_in_force(on),
                lost=act.is_lost(on),
            )
            for act in acts
        )

    def chain(self, organisation_id: str, document_id: str, on: date) -> ChainView:
        """The document at the beginning of this one's chain, and what changed it by that day."""
        with self._engine.connect() as connection:
            row = one_of(connection, _CYCLE_OF, organisation_id, "document", id=document_id)
            found = rows_of(connection, _LINKS, organisation_id, cycle=row["cycle_id"])
            links = [Link.model_validate(dict(link)) for link in found]
            begins = bases(document_id, links)
            # What changes several documents stands in the chain of each: it is shown by itself.
            base = next(iter(begins)) if len(begins) == 1 else document_id
            steps = later(base, links, on)
            ids = [base, *(step.document_id for step in steps)]
            rows = rows_of(connection, DOCUMENTS, organisation_id, ids=ids)
        lines = {row["document_id"]: self._line(row, on) for row in rows}
        return ChainView(
            on=on,
            base=lines[base],
            steps=tuple(
                ChainStep(
                    document=lines[step.document_id], changed_id=step.changed_id, how=step.how
                )
                for step in steps
            ),
        )

    def document_register(
        self, organisation_id: str, on: date, kind: str | None = None
    ) -> tuple[DocumentLine, ...]:
        """The documents that had come into force by that day, in order of days."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _REGISTER, organisation_id, on=on, kind=kind)
        return tuple(self._line(row, on) for row in rows)

    def history(self, organisation_id: str, document_id: str) -> tuple[TimelineEvent, ...]:
        """All events of a document, in order."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _HISTORY, organisation_id, id=document_id)
            return timeline_events(connection, organisation_id, rows)

    def file_by_hash(self, sha256: str) -> KnownFile | None:
        """Which version of which document, of any organisation, this file is."""
        return self._known(_BY_HASH, sha256=sha256)

    def document_by_code(self, document_id: str) -> KnownFile | None:
        """The document, of any organisation, whose paper bears this code; its role is empty."""
        return self._known(_BY_CODE, id=document_id)

    def _known(self, query: TextClause, **given: str) -> KnownFile | None:
        with self._engine.connect() as connection:
            row = connection.execute(query, given).mappings().one_or_none()
        if row is None:
            return None
        line = self._line(row)
        return KnownFile(
            **line.model_dump(include={"document_id", "title", "number", "day", "stage"}),
            ended=line.ended,
            role=row["role"],
            version=row["of_version"] or line.version,
            latest_version=line.version,
            signed_at=row["signed_at"],
            time_zone=row["time_zone"],
        )

    def _line(self, row: RowMapping, on: date | None = None) -> DocumentLine:
        """From a row of `documents` with what is `BESIDE` it, as it stood on that day or stands."""
        kind = self._kinds.get(row["kind"])
        same = (
            *("document_id", "kind", "stage", "version", "number", "day"),
            *("pair_id", "person_id"),
        )
        return DocumentLine(
            **{name: row[name] for name in same},
            title=": ".join(filter(None, (kind.title if kind else row["kind"], row["about"]))),
            sha256=row["registered_sha256"] or row["draft_sha256"],
            ended=_ended(row, on),
        )


_PEOPLE_OF_EVENTS = ("holder", "from", "to", "lead", "body")


def timeline_events(
    connection: Connection, organisation_id: str, rows: Sequence[RowMapping]
) -> tuple[TimelineEvent, ...]:
    """Entries of the log with the names of who acted."""
    events = [AuditEvent.model_validate_json(row["text"]) for row in rows]
    names = Names(connection, organisation_id, named_by(events))
    return tuple(
        TimelineEvent(
            **{**dict(event), "actor": names.of(event.actor)},
            named=named_in(event, names),
            **row,
        )
        for event, row in zip(events, rows, strict=True)
    )


def named_by(events: Iterable[AuditEvent]) -> set[str]:
    """Ids of those who acted, and of the people and bodies whom the events name."""
    said = {ids for event in events for ids in (event.actor, *_named(event).values())}
    return {one for ids in said for one in ids.split(",")}


def named_in(event: AuditEvent, names: KnownNames) -> dict[str, str]:
    """How those are called whom an event names."""
    return {
        what: ", ".join([names.of(one).name for one in ids.split(",") if one])
        for what, ids in _named(event).items()
    }


def _named(event: AuditEvent) -> dict[str, str]:
    """Ids of people and bodies in an event's refs, some of which hold several."""
    of = event.refs.get
    return {what: ids for what in _PEOPLE_OF_EVENTS if (ids := of(what))}


def _ended(row: RowMapping, on: date | None) -> Ended | None:
    if row["ended_how"] is None or (on is not None and on < row["ended_on"]):
        return None
    how = How(row["ended_how"])
    return Ended(how=how, title=ENDED_TITLES[how], day=row["ended_on"], by=row["ended_by"])
