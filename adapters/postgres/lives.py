"""What is known of documents, as far as their terms of keeping follow from it."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import rows_of
from adapters.postgres.standing_views import ENDED
from adapters.postgres.work_tables import day_of
from adapters.retention_rules import retention_rules
from domain.base import Value
from domain.documents import Stage
from domain.kinds import DocumentKind
from domain.people import Form
from domain.retention import Base, KeptUntil, Life, kept_until

# The case of a yearly turn is closed with the turn, that of the last with the cycle. A consent
# names its cycle as its term. A pair without a day of its end works still.
_LIVES = text(
    f"""
    WITH wanted AS MATERIALIZED (
      SELECT d.*, o.time_zone FROM documents d JOIN organisations o USING (organisation_id)
      WHERE d.organisation_id = :organisation AND d.stage = ANY(:stages)
        AND (d.document_id = ANY(:ids) OR CAST(:ids AS varchar[]) IS NULL AND NOT EXISTS (
          SELECT FROM destructions x
          WHERE x.document_id = d.document_id AND x.destroyed_at IS NOT NULL))),
    closed AS (
      SELECT c.cycle_id, a.action, CAST(a.text AS json) -> 'refs' ->> 'turn' AS turn,
        (a.at AT TIME ZONE c.time_zone)::date AS day
      FROM (SELECT DISTINCT cycle_id, time_zone FROM wanted) c
      JOIN audit_entries a ON a.subject = 'cycle/' || c.cycle_id
        AND a.action IN ('closed', 'turn_closed')),
    pair_ended AS (
      SELECT c.pair_id, (max(a.at) AT TIME ZONE max(c.time_zone))::date AS day
      FROM (SELECT DISTINCT pair_id, time_zone FROM wanted) c
      JOIN pairs r ON r.pair_id = c.pair_id AND NOT r.open
      JOIN audit_entries a ON a.subject = 'pair/' || r.pair_id
        AND a.action IN ('stage_completed', 'stopped')
      GROUP BY c.pair_id),
    withdrawn AS (
      SELECT n.cycle_id, n.person_id, min({day_of("n")}) AS day
      FROM (SELECT DISTINCT cycle_id, person_id FROM wanted) c
      JOIN documents n ON n.person_id = c.person_id AND n.cycle_id = c.cycle_id
        AND n.kind = 'consent_withdrawal' AND n.stage = 'in_force'
      GROUP BY n.cycle_id, n.person_id),
    ordered AS (
      SELECT p.state ->> 'order_id' AS document_id, array_agg(DISTINCT r.form) AS forms
      FROM (SELECT DISTINCT cycle_id FROM wanted WHERE kind = ANY(:by_form)) c
      JOIN pairs r ON r.cycle_id = c.cycle_id
      JOIN processes p ON p.id = 'pair/' || r.pair_id
      GROUP BY 1)
    SELECT d.document_id, d.cycle_id, d.kind, d.number, d.pair_id, d.person_id, d.turn, d.stage,
      coalesce(d.day, (d.since AT TIME ZONE d.time_zone)::date) AS day,
      coalesce(t.day, c.day) AS case_closed, c.day AS cycle_closed, pe.day AS pair_ended,
      w.day AS withdrawn, e.ended_on AS replaced, o.forms
    FROM wanted d
    LEFT JOIN closed t ON t.cycle_id = d.cycle_id AND t.turn = d.turn::varchar
      AND t.action = 'turn_closed'
    LEFT JOIN closed c ON c.cycle_id = d.cycle_id AND c.action = 'closed'
    LEFT JOIN pair_ended pe ON pe.pair_id = d.pair_id
    LEFT JOIN withdrawn w ON w.cycle_id = d.cycle_id AND w.person_id = d.person_id
    LEFT JOIN ordered o ON o.document_id = d.document_id
    {ENDED}
    ORDER BY 9, d.since, d.document_id
    """  # noqa: S608 - a constant of ours
)
_CHOSEN = text(
    """
    SELECT DISTINCT ON (kind, form) kind, form, term FROM retention_choices
    WHERE organisation_id = :organisation AND since <= :on ORDER BY kind, form, since DESC
    """
)


class KeptDocument(Value):
    """A document with how long it is kept."""

    document_id: str
    cycle_id: str
    kind: str
    number: str | None
    day: date
    turn: int
    pair_id: str | None
    person_id: str | None
    in_force: bool
    kept: KeptUntil


def kept_documents(
    connection: Connection,
    organisation_id: str,
    kinds: Mapping[str, DocumentKind],
    on: date,
    documents: Sequence[str] | None = None,
) -> tuple[KeptDocument, ...]:
    """How long documents are kept, by what is known on a day; the earliest first.

    Those of an organisation that are not destroyed, or `documents`, destroyed or not. A document
    on its way has no term yet. Raises `BadRules`.
    """
    chosen = choices(connection, organisation_id, on)
    given = {
        "stages": [Stage.IN_FORCE, Stage.WITHDRAWN],
        "ids": list(documents) if documents is not None else None,
        "by_form": list(retention_rules().by_form),
    }
    return tuple(
        _kept(row, kinds[row["kind"]], on, chosen.get(row["kind"], {}))
        for row in rows_of(connection, _LIVES, organisation_id, **given)
        if row["kind"] in kinds
    )


def choices(
    connection: Connection, organisation_id: str, on: date
) -> Mapping[str, Mapping[Form, str]]:
    """What the organisation decided by a day: of a kind and form, the name of the term."""
    found: dict[str, dict[Form, str]] = {}
    for row in rows_of(connection, _CHOSEN, organisation_id, on=on):
        found.setdefault(row["kind"], {})[Form(row["form"])] = row["term"]
    return found


def _kept(
    row: RowMapping, kind: DocumentKind, on: date, chosen: Mapping[Form, str]
) -> KeptDocument:
    life = _life(row, of_pair=row["pair_id"] is not None)
    term = retention_rules().term_of(kind, life, on, chosen)
    same = ("document_id", "cycle_id", "kind", "number", "day", "turn", "pair_id", "person_id")
    return KeptDocument(
        **{name: row[name] for name in same},
        in_force=life.in_force,
        kept=kept_until(term, life),
    )


def _life(row: RowMapping, *, of_pair: bool) -> Life:
    """Whose term is of no pair, as a contract's, ends for us with its case."""
    consent = [day for day in (row["withdrawn"], row["cycle_closed"]) if day is not None]
    ended = {
        Base.CASE: row["case_closed"],
        Base.TERM: row["pair_ended"] if of_pair else row["case_closed"],
        Base.CONSENT: min(consent, default=None),
        Base.PAIR: row["pair_ended"] if of_pair else row["case_closed"],
        Base.REPLACEMENT: row["replaced"],
    }
    return Life(
        day=row["day"],
        in_force=row["stage"] == Stage.IN_FORCE,
        forms=tuple(Form(one) for one in row["forms"] or ()),
        ended={base: day for base, day in ended.items() if day is not None},
    )
