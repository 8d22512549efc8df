"""What an act on destruction says of the documents that it lists."""

from collections.abc import Mapping, Sequence
from typing import Final

from babel import Locale
from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts, registration_facts
from adapters.postgres.case import Case
from adapters.postgres.retention import NOTES
from adapters.retention_rules import retention_rules
from adapters.russian import date_words
from domain.retention import Ground

SYSTEM: Final = "служба учёта наставничества"
PAIR_WORK: Final = "pair_work"
"""The term of what is written of a pair's work."""

_REASONS: Final[Mapping[Ground, str]] = {
    Ground.CONSENT_WITHDRAWN: "отозвано согласие",
    Ground.PURPOSE_REACHED: "достигнута цель обработки",
    Ground.UNLAWFUL: "неправомерная обработка",
}
_NOBODY: Final = "—"
_PLURAL: Final = Locale("ru").plural_form

_ACT = text(
    "SELECT * FROM destruction_acts WHERE organisation_id = :organisation AND act_id = :act"
)
_NOTES = text(
    """
    SELECT r.pair_id, count(*) AS notes,
      min(extract(year FROM t.recorded_at AT TIME ZONE g.time_zone))::int AS first,
      max(extract(year FROM t.recorded_at AT TIME ZONE g.time_zone))::int AS last,
      (SELECT string_agg(concat_ws(' ', p.last, p.first, p.patronymic), ', ' ORDER BY p.sort_key)
       FROM people p WHERE p.id IN (r.mentor_id, r.mentee_id)) AS people
    FROM destructions x JOIN documents d ON d.document_id = x.document_id
    JOIN pairs r ON r.pair_id = d.pair_id
    JOIN organisations g ON g.organisation_id = x.organisation_id
    JOIN kept_texts t ON t.subject = 'pair/' || r.pair_id AND t.kind = ANY(:kinds)
      AND t.organisation_id = x.organisation_id AND t.destroyed_at IS NULL
    WHERE x.organisation_id = :organisation AND x.act_id = :act AND x.notes
    GROUP BY x.n, r.pair_id, r.mentor_id, r.mentee_id ORDER BY x.n
    """
)
_LISTED = text(
    """
    SELECT x.article, x.words, x.until, d.kind, d.number,
      coalesce(d.day, (d.since AT TIME ZONE g.time_zone)::date) AS day,
      (SELECT count(*) FROM objects o WHERE o.document_id = d.document_id) AS files,
      (SELECT string_agg(concat_ws(' ', p.last, p.first, p.patronymic), ', ' ORDER BY p.sort_key)
       FROM people p LEFT JOIN pairs r ON r.pair_id = d.pair_id
       WHERE p.id = d.person_id
         OR d.person_id IS NULL AND p.id IN (r.mentor_id, r.mentee_id)) AS people
    FROM destructions x JOIN documents d ON d.document_id = x.document_id
    JOIN organisations g ON g.organisation_id = d.organisation_id
    WHERE x.organisation_id = :organisation AND x.act_id = :act ORDER BY x.n
    """
)


def papers(case: Case, titles: Mapping[str, str]) -> list[Facts] | None:
    """Documents whose term is over, by day; none if the act is about personal data."""
    if _ground(case) is not Ground.TERM:
        return None
    return [
        {
            "title": _title(row, titles),
            "years": str(row["day"].year),
            "count": _files(row["files"]),
            "term": _term(row),
        }
        for row in case.rows(_LISTED, act=case.task.document_id)
    ] + _notes_of_pairs(case)


def subjects(case: Case, titles: Mapping[str, str]) -> list[Facts] | None:
    """Whose data were in which documents; none if their terms were over."""
    ground = _ground(case)
    if ground in (None, Ground.TERM):
        return None
    return [
        {
            "person": row["people"] or _NOBODY,
            "categories": f"сведения документа «{_title(row, titles)}»",
            "carrier": f"хранилище службы, {_files(row['files'])}",
            "system": SYSTEM,
            "reason": _REASONS[ground],
        }
        for row in case.rows(_LISTED, act=case.task.document_id)
    ] + [
        {
            "person": row["people"] or _NOBODY,
            "categories": "записи о встречах и ходе работы пары",
            "carrier": f"хранилище службы, {_records(row['notes'])}",
            "system": SYSTEM,
            "reason": _REASONS[ground],
        }
        for row in _notes(case)
    ]


def by_service(case: Case) -> bool:
    """Whether the service itself destroys what the act lists."""
    return _ground(case) is not None


def expert_minutes(case: Case) -> Facts | None:
    """The minutes of the expert commission, if they were named."""
    for row in case.rows(_ACT, act=case.task.document_id):
        if row["expert_number"] and row["expert_day"]:
            return registration_facts(row["expert_number"], row["expert_day"])
    return None


def _ground(case: Case) -> Ground | None:
    found = case.rows(_ACT, act=case.task.document_id)
    return Ground(found[0]["ground"]) if found else None


def _notes(case: Case) -> Sequence[RowMapping]:
    return case.rows(_NOTES, act=case.task.document_id, kinds=list(NOTES))


def _notes_of_pairs(case: Case) -> list[Facts]:
    """One line for those of all pairs, without names: the list is kept for good."""
    rows = _notes(case)
    if not rows:
        return []
    years = sorted({row["first"] for row in rows} | {row["last"] for row in rows})
    term = retention_rules().term(PAIR_WORK, case.task.now.date())
    return [
        {
            "title": "Записи о встречах и ходе работы пар, документы которых названы выше",
            "years": "–".join(map(str, dict.fromkeys((years[0], years[-1])))),
            "count": _records(sum(row["notes"] for row in rows)),
            "term": term.words,
        }
    ]


def _records(count: int) -> str:
    """«3 записи»."""
    unit = {"one": "запись", "few": "записи"}.get(_PLURAL(count), "записей")
    return f"{count} {unit}"


def _title(row: RowMapping, titles: Mapping[str, str]) -> str:
    number = f" №\N{NO-BREAK SPACE}{row['number']}" if row["number"] else ""
    return f"{titles.get(row['kind'], row['kind'])}{number} от {date_words(row['day'])}"


def _files(count: int) -> str:
    """«3 файла»."""
    unit = {"one": "файл", "few": "файла"}.get(_PLURAL(count), "файлов")
    return f"{count} {unit}"


def _term(row: RowMapping) -> str:
    article = f", ст. {row['article']}" if row["article"] else ""
    over = f"; истёк {row['until']:%d.%m.%Y}" if row["until"] else ""
    return f"{row['words']}{article}{over}"
