"""Who takes part in the cycles below a cycle: counted all, named only whose consent says so.

The one place where a name leaves its organisation (docs/nesting.md, «Names above»). It is looked
at anew each time; nothing is copied but into a document that is drafted.
"""

from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import Connection, RowMapping, TextClause, text

from adapters.postgres.access_views import rows_of
from adapters.postgres.standing_views import ENDED
from adapters.postgres.work_tables import day_of
from domain.base import Value
from domain.names import NameForm
from domain.people import ADULT_AT, OWN_SIGNATURE_AT, Form
from domain.transfers import RECIPIENT


def _begun(document: str) -> str:
    """When the log first told of a row of `documents`, in SQL; else since when it stands there."""
    return (
        f"coalesce((SELECT a.at FROM audit_entries a WHERE a.n = 1"  # noqa: S608
        f" AND a.subject = 'document/' || {document}.document_id), {document}.since)"
    )


# `below`: the cycles that work below this one, through any number of levels, in this turn of it,
# while each organisation stands where it stood and nobody has left or closed.
# `consented`: whose consent, on this organisation's own day, names `:organisation`. What the law
# asks of the age today must be on the paper: a child's representative, from 14 on both. It counts
# as our template words it, until its term, another document or any withdrawal that was begun.
_BELOW: Final = f"""
    WITH RECURSIVE below AS (
      SELECT CAST(:cycle AS varchar) AS cycle_id, CAST(:organisation AS varchar) AS organisation_id,
        CAST(:turn AS integer) AS turn, CAST(NULL AS integer) AS n
      FROM processes p WHERE p.id = 'cycle/' || :cycle AND p.organisation_id = :organisation
        AND p.stage = 'running'
      UNION ALL
      SELECT l.cycle_id, l.organisation_id, u.turn - coalesce(l.upper_turn, 1) + 1,
        coalesce(u.n, b.n)
      FROM below u
      JOIN branches b ON b.cycle_id = u.cycle_id AND b.organisation_id = u.organisation_id
        AND b.stage <> 'left'
      JOIN launches l ON l.upper_cycle_id = b.cycle_id AND l.branch = b.n
        AND l.organisation_id = b.below_id
      JOIN organisations o ON o.organisation_id = b.below_id AND o.upper_id = u.organisation_id
      JOIN processes p ON p.id = 'cycle/' || l.cycle_id AND p.stage = 'running'),
    sides AS (
      SELECT DISTINCT w.cycle_id, s.person_id, s.part, r.form
      FROM below w JOIN pairs r ON r.cycle_id = w.cycle_id AND r.turn = w.turn
        AND r.organisation_id = w.organisation_id AND r.stage <> 'stopped'
      CROSS JOIN LATERAL (VALUES (r.mentor_id, 'mentor'), (r.mentee_id, 'mentee'))
        AS s (person_id, part)
      WHERE w.n IS NOT NULL),
    consented AS (
      SELECT DISTINCT d.cycle_id, d.person_id
      FROM below w
      JOIN documents d ON d.cycle_id = w.cycle_id AND d.organisation_id = w.organisation_id
      JOIN people p ON p.id = d.person_id AND p.organisation_id = d.organisation_id
      JOIN facts f ON f.facts_id = d.facts_id AND f.document_id = d.document_id
        AND f.organisation_id = d.organisation_id
      JOIN template_files t ON t.organisation_id = f.organisation_id
        AND t.sha256 = f.template_sha256 AND t.ours
      JOIN organisations o ON o.organisation_id = d.organisation_id
      CROSS JOIN LATERAL (SELECT (CAST(:now AS timestamptz) AT TIME ZONE o.time_zone)::date AS day)
        AS today
      CROSS JOIN LATERAL (
        SELECT CASE WHEN f.destroyed_at IS NULL AND f.body <> '' THEN CAST(f.body AS jsonb) END
          AS facts) AS said
      {ENDED}
      WHERE w.n IS NOT NULL AND d.kind IN ('consent_transfer_adult', 'consent_transfer_minor')
        AND d.stage = 'in_force' AND e.ended_on IS NULL
        AND {day_of("d")} <= today.day
        AND said.facts ->> '{RECIPIENT}' = :organisation
        AND said.facts -> 'until' ->> 'iso' >= today.day::text
        AND CASE
          WHEN p.birth_date <= today.day - {ADULT_AT} * interval '1 year'
            THEN d.kind = 'consent_transfer_adult'
          WHEN p.birth_date <= today.day - {OWN_SIGNATURE_AT} * interval '1 year'
            THEN d.kind = 'consent_transfer_minor'
              AND said.facts -> 'representative' ->> 'minor_signs' = 'true'
          ELSE d.kind = 'consent_transfer_minor'
            AND jsonb_typeof(said.facts -> 'representative') = 'object' END
        AND NOT EXISTS (
          SELECT FROM documents x WHERE x.cycle_id = d.cycle_id AND x.person_id = d.person_id
            AND x.kind = 'consent_withdrawal' AND x.stage <> 'withdrawn'
            AND (x.since >= d.since OR {_begun("x")} >= {_begun("d")}))
        AND NOT EXISTS (
          SELECT FROM destructions x
          WHERE x.document_id = d.document_id AND x.destroyed_at IS NOT NULL)),
    marked AS MATERIALIZED (
      SELECT s.*, (s.cycle_id, s.person_id) IN (
        SELECT c.cycle_id, c.person_id FROM consented c) AS named
      FROM sides s)
"""  # noqa: S608 - constants of ours
# What a CTE holds is guessed to be a row or two, and a join by such a guess takes the square of
# its rows: so consents are looked up by `IN`, which is hashed, and people counted before the join.
_PEOPLE: Final = text(
    f"""
    {_BELOW},
    told AS (
      SELECT s.cycle_id, count(DISTINCT s.person_id) AS people,
        count(DISTINCT s.person_id) FILTER (WHERE s.named) AS named,
        jsonb_agg(jsonb_build_object(
            'person_id', p.id, 'name', p.name_forms -> 'nomn', 'birth_date', p.birth_date,
            'part', s.part, 'form', s.form)
          ORDER BY p.sort_key, p.id, s.part DESC, s.form) FILTER (WHERE s.named) AS lines
      FROM marked s LEFT JOIN people p ON s.named AND p.id = s.person_id GROUP BY s.cycle_id)
    SELECT w.n, w.cycle_id, coalesce(nullif(o.short_name, ''), o.name) AS name,
      coalesce(t.people, 0) AS people, coalesce(t.named, 0) AS named,
      coalesce(t.lines, '[]') AS lines
    FROM below w JOIN organisations o ON o.organisation_id = w.organisation_id
    LEFT JOIN told t ON t.cycle_id = w.cycle_id
    WHERE w.n IS NOT NULL ORDER BY 3, w.n, w.cycle_id
    """  # noqa: S608 - constants of ours
)
_REGISTERS: Final = text(
    f"""
    {_BELOW}
    SELECT d.document_id, d.kind, {day_of("d")} AS day, count(*) AS people
    FROM documents d JOIN facts f ON f.facts_id = d.facts_id AND f.destroyed_at IS NULL
    CROSS JOIN LATERAL jsonb_array_elements_text(f.people) AS one (id)
    JOIN people p ON p.id = one.id AND p.organisation_id <> d.organisation_id
    WHERE d.organisation_id = :organisation AND d.cycle_id = :cycle AND d.turn = :turn
      AND d.stage <> 'withdrawn'
      AND EXISTS (SELECT FROM below w WHERE w.n IS NULL)
      AND one.id NOT IN (SELECT m.person_id FROM marked m WHERE m.named)
    GROUP BY d.document_id, d.kind, {day_of("d")} ORDER BY day, d.document_id
    """  # noqa: S608 - constants of ours
)


class NamedPerson(Value):
    """One who may be named, and in what he takes part."""

    person_id: str
    name: NameForm
    birth_date: date
    part: Literal["mentor", "mentee"]
    form: Form


class PeopleBelow(Value):
    """Who takes part in a cycle below: how many, and those who may be named.

    `n` is the branch of the upper cycle through which it works.
    """

    n: int
    cycle_id: str
    name: str  # the organisation's
    people: int
    named: int
    lines: tuple[NamedPerson, ...]


class StaleRegister(Value):
    """A document of the upper cycle that names people who may be named no more."""

    document_id: str
    kind: str
    day: date
    people: int


class Below:
    """What works below a cycle of an organisation in a yearly turn, at a moment.

    Nothing once the cycle is closed. Who asks for names has the reads noted where the people are.
    """

    def __init__(
        self,
        connection: Connection,
        organisation_id: str,
        cycle_id: str,
        turn: int,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._organisation = organisation_id
        self._about = {"cycle": cycle_id, "turn": turn, "now": now}

    def people(self) -> tuple[PeopleBelow, ...]:
        """Those who take part, by organisation; each of these once, with people or without."""
        return tuple(PeopleBelow.model_validate(dict(row)) for row in self._rows(_PEOPLE))

    def stale_registers(self) -> tuple[StaleRegister, ...]:
        """Documents of the cycle that name people of others without a consent in force, by day."""
        return tuple(StaleRegister.model_validate(dict(row)) for row in self._rows(_REGISTERS))

    def _rows(self, query: TextClause) -> list[RowMapping]:
        return rows_of(self._connection, query, self._organisation, **self._about)
