"""What an act on destruction says of the documents that it lists."""

from collections.abc import Mapping
from typing import Final

from babel import Locale
from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts, registration_facts
from adapters.postgres.case import Case
from adapters.russian import date_words
from domain.retention import Ground

SYSTEM: Final = "служба учёта наставничества"

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
    ]


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
