"""The bases of mentors and mentees: who stands in them, and what a register calls each."""

from babel.units import format_unit
from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts, person_facts
from adapters.learners import learner_category, shown_post
from adapters.postgres.case import Case
from adapters.postgres.roadmap_facts import NONE, given_facts
from domain.enrolment import Part
from domain.errors import FactMissing
from domain.names import NameForms
from domain.people import NOVICE_YEARS

_SIDE = text(
    "SELECT * FROM people WHERE organisation_id = :organisation AND roles ? :part ORDER BY sort_key"
)


def base(case: Case, part: Part) -> list[Facts]:
    """The base of mentors or of mentees, by name: all, or those whom the register is `among`.

    Raises `FactMissing` if it is among others than «педагогов» or «обучающихся».
    """
    rows = [row for row in case.rows(_SIDE, part=part) if _is_among(case, row)]
    case.name(row["id"] for row in rows)
    return [
        {
            "person": person_facts(
                NameForms.model_validate(row["name_forms"]), shown_post(row["post"], row["gender"])
            ),
            "category": _category(row, part),
            "experience": _experience(row["experience_years"]),
        }
        for row in rows
    ]


def _is_among(case: Case, row: RowMapping) -> bool:
    among = case.inputs.get("among", given_facts(case.result).get("among"))
    if among is None:
        return True
    fits = {"педагогов": Part.STAFF in row["roles"], "обучающихся": _learns(row) is not None}
    if among not in fits:
        raise FactMissing("реестр составляют из числа «педагогов» или «обучающихся»")
    return fits[among]


def _learns(row: RowMapping) -> str | None:
    """What a register calls somebody who learns; None of anybody else."""
    if Part.STAFF in row["roles"]:
        return None
    return learner_category(shown_post(row["post"], row["gender"]))


def _category(row: RowMapping, part: Part) -> str:
    if Part.STAFF not in row["roles"]:
        return _learns(row) or ("партнёр" if part is Part.MENTOR else "обучающийся")
    years = row["experience_years"]
    is_novice = part is Part.MENTEE and years is not None and years <= NOVICE_YEARS
    return "молодой специалист" if is_novice else "педагог"


def _experience(years: int | None) -> str:
    """«24 года»."""
    return NONE if years is None else str(format_unit(years, "duration-year", locale="ru"))
