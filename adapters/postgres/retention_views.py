"""What is read of terms: how long a document is kept, what is due, by which act it is gone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection, text

from adapters.postgres.access_views import rows_of
from adapters.postgres.lives import KeptDocument, kept_documents
from adapters.postgres.recovery import PostgresRecovery
from adapters.postgres.shown import DocumentLine
from adapters.postgres.shown_document import DestroyedBy
from adapters.postgres.standing_views import DOCUMENTS, StandingViews
from adapters.retention_rules import retention_rules
from domain import ids
from domain.base import Value
from domain.people import Form
from domain.programme import ProgrammeState

_DESTROYED = text(
    """
    SELECT DISTINCT ON (x.document_id) x.document_id, x.act_id, x.destroyed_at, x.keys,
      a.number, a.day, s.ground
    FROM destructions x JOIN destruction_acts s ON s.act_id = x.act_id
    JOIN documents a ON a.document_id = x.act_id
    WHERE x.document_id = ANY(:ids) AND x.destroyed_at IS NOT NULL
    ORDER BY x.document_id, x.destroyed_at
    """
)
# A key may be gone only where an act in force lists its document, and the log says so.
_UNEXPLAINED = text(
    """
    SELECT k.key_id FROM object_keys k
    WHERE (k.wrapped IS NULL OR k.destroyed_at IS NOT NULL OR k.act_id IS NOT NULL)
      AND (k.wrapped IS NOT NULL OR NOT EXISTS (
        SELECT FROM destructions x
        JOIN documents a ON a.document_id = x.act_id AND a.stage = 'in_force'
          AND a.kind = 'destruction_act'
        JOIN audit_entries e ON e.subject = 'destruction/' || x.document_id
          AND e.action = 'destroyed' AND e.organisation_id = k.organisation_id
        WHERE x.act_id = k.act_id AND x.document_id = k.document_id
          AND x.destroyed_at IS NOT NULL)
      AND NOT EXISTS (
        SELECT FROM audit_entries e WHERE e.subject = 'destroyed_again/' || k.document_id
          AND e.action = 'destroyed_again' AND e.organisation_id = k.organisation_id
          AND CAST(e.text AS json) -> 'refs' ->> 'act' = k.act_id))
    UNION ALL
    SELECT k.key_id FROM destructions x JOIN object_keys k ON k.document_id = x.document_id
    WHERE x.destroyed_at IS NOT NULL AND k.wrapped IS NOT NULL AND k.made_at < x.destroyed_at
    ORDER BY key_id
    """
)
# By an act that the backup did not have, or not in force yet; once it is carried out, as any other.
_AGAIN = text(
    """
    SELECT e.subject, CAST(e.text AS json) -> 'refs' ->> 'act' AS act FROM audit_entries e
    WHERE e.action = 'destroyed_again' AND NOT EXISTS (
      SELECT FROM destructions x
      WHERE 'destroyed_again/' || x.document_id = e.subject AND x.destroyed_at IS NOT NULL)
    ORDER BY e.subject
    """
)
_CLOSED = text(
    """
    SELECT 1 FROM processes
    WHERE organisation_id = :organisation AND id = :id AND stage = 'closed' AND state IS NOT NULL
    """
)
_CHOICES = text(
    """
    SELECT kind, form, since, term FROM retention_choices WHERE organisation_id = :organisation
    ORDER BY kind, form, since
    """
)
_ACTS = text(
    """
    SELECT s.act_id, s.ground, s.listed, s.at, d.stage, d.number, d.day,
      (SELECT count(*) FROM destructions x
       WHERE x.act_id = s.act_id AND x.destroyed_at IS NOT NULL) AS destroyed
    FROM destruction_acts s LEFT JOIN documents d ON d.document_id = s.act_id
    WHERE s.organisation_id = :organisation ORDER BY s.at DESC, s.act_id
    """
)
_ON_ACTS = text(
    """
    SELECT x.document_id, x.act_id FROM destructions x
    JOIN documents a ON a.document_id = x.act_id AND a.stage <> 'withdrawn'
    WHERE x.organisation_id = :organisation AND x.destroyed_at IS NULL
    """
)


class DueDocument(Value):
    """A document whose term is over; `act_id`: one that is on its way lists it."""

    document: DocumentLine
    cycle_id: str
    until: date
    act_id: str | None


class DueGroup(Value):
    """The documents of one article and term whose term is over."""

    article: str | None
    words: str
    epk: bool
    seen: bool
    documents: tuple[DueDocument, ...]


class ActLine(Value):
    """An act on destruction that was asked for; no stage: it is not begun."""

    act_id: str
    ground: str
    listed: int
    destroyed: int
    at: datetime
    stage: str | None
    number: str | None
    day: date | None


class RetentionPage(Value):
    """What is due on a day, and how many documents are not and why."""

    on: date
    groups: tuple[DueGroup, ...]
    permanent: int
    running: int  # their last day is known and ahead
    undecided: int  # nothing has ended yet that their term is counted from
    acts: tuple[ActLine, ...]


class ChoiceLine(Value):
    """By which term documents of a kind and form are kept; no day: as it came with the program."""

    kind: str
    form: Form
    since: date | None
    term: str
    words: str
    article: str | None


class RetentionViews(StandingViews):
    """Terms of keeping of one organisation."""

    def closed_cycle(self, organisation_id: str, cycle_id: str) -> ProgrammeState | None:
        """A cycle as it was closed; None if it is not, or is not theirs.

        Raises `BytesChanged` if its row is not what the service saved.
        """
        workflow = ids.cycle_workflow(cycle_id)
        with self._engine.connect() as connection:
            if not rows_of(connection, _CLOSED, organisation_id, id=workflow):
                return None
        state = PostgresRecovery(self._engine).state(workflow)
        return state if isinstance(state, ProgrammeState) else None

    def retention(self, organisation_id: str, on: date) -> RetentionPage:
        """What is due for destruction on a day, by article. Nothing is destroyed by looking."""
        with self._engine.connect() as connection:
            known = kept_documents(connection, organisation_id, self._kinds, on)
            due = [one for one in known if one.kept.is_due(on)]
            names = [one.document_id for one in due]
            rows = rows_of(connection, DOCUMENTS, organisation_id, ids=names)
            lines = {row["document_id"]: self._line(row) for row in rows}
            found = rows_of(connection, _ON_ACTS, organisation_id)
            acts = {row["document_id"]: row["act_id"] for row in found}
            asked = rows_of(connection, _ACTS, organisation_id)
        return RetentionPage(
            on=on,
            groups=tuple(_groups(due, lines, acts)),
            permanent=sum(one.kept.permanent for one in known),
            running=sum(one.kept.until is not None and not one.kept.is_due(on) for one in known),
            undecided=sum(one.kept.why_open != "" for one in known),
            acts=tuple(ActLine.model_validate(dict(row)) for row in asked),
        )

    def retention_choices(self, organisation_id: str, on: date) -> tuple[ChoiceLine, ...]:
        """What the organisation may decide, and what it or the rules have decided."""
        rules = retention_rules()
        with self._engine.connect() as connection:
            rows = rows_of(connection, _CHOICES, organisation_id)
        given = [
            (kind, form, None, name)
            for kind, forms in rules.by_form.items()
            for form, name in forms.items()
        ]
        given += [(row["kind"], Form(row["form"]), row["since"], row["term"]) for row in rows]
        lines = []
        for kind, form, since, name in given:
            term = rules.term(name, on)
            lines.append(
                ChoiceLine(
                    kind=kind,
                    form=form,
                    since=since,
                    term=name,
                    **term.model_dump(include={"words", "article"}),
                )
            )
        return tuple(lines)


def destroyed(connection: Connection, document_ids: Sequence[str]) -> Mapping[str, DestroyedBy]:
    """Of these documents, those that are destroyed, each with its act."""
    rows = connection.execute(_DESTROYED, {"ids": list(document_ids)}).mappings()
    return {
        row["document_id"]: DestroyedBy(
            **{name: row[name] for name in DestroyedBy.model_fields if name != "keys"},
            keys=row["keys"] or 0,
        )
        for row in rows
    }


def unexplained(connection: Connection) -> tuple[str, ...]:
    """Keys that are gone though no act destroyed them, and keys that outlived their act."""
    return tuple(connection.execute(_UNEXPLAINED).scalars())


def destroyed_again(connection: Connection) -> tuple[str, ...]:
    """Documents that a restore destroyed again, by acts that the backup did not have in force."""
    return tuple(
        f"{ids.document_workflow(row.subject.partition('/')[2])}: уничтожен при восстановлении, "
        f"потому что был уничтожен по акту {row.act}; в копии этот акт ещё не исполнен"
        for row in connection.execute(_AGAIN)
    )


def _groups(
    due: Sequence[KeptDocument], lines: Mapping[str, DocumentLine], acts: Mapping[str, str]
) -> Iterable[DueGroup]:
    terms = sorted(
        {(one.kept.article, one.kept.words, one.kept.epk, one.kept.seen) for one in due},
        key=lambda term: (term[0] is None, term[0] or "", term[1]),
    )
    for article, words, epk, seen in terms:
        yield DueGroup(
            article=article,
            words=words,
            epk=epk,
            seen=seen,
            documents=tuple(
                DueDocument(
                    document=lines[one.document_id],
                    cycle_id=one.cycle_id,
                    until=one.kept.until,
                    act_id=acts.get(one.document_id),
                )
                for one in due
                if (one.kept.article, one.kept.words) == (article, words) and one.kept.until
            ),
        )
