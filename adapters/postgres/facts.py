"""Gathers what a document's template asks for, and no more: the least personal data."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, text

from activities.tasks import GatherFacts
from adapters.docx.facts import (
    Facts,
    date_facts,
    organisation_facts,
    person_facts,
    registration_facts,
    representative_facts,
)
from adapters.docx.fields import Field, checked_facts
from adapters.postgres.report_facts import Totals
from domain.deadlines import Period, windows
from domain.errors import FactMissing, NotFound
from domain.names import NameForms
from domain.people import OWN_SIGNATURE_AT, Form, age_on, is_minor
from domain.planning import period_from, season_of
from domain.roadmap import AnswersProof, DocumentProof, PaperStage, Roadmap, Step

FORM_TITLES: Final[Mapping[Form, str]] = {
    Form.TEACHER_TEACHER: "педагог — педагог",
    Form.TEACHER_STUDENT: "педагог — студент",
    Form.STUDENT_STUDENT: "студент — студент",
    Form.EMPLOYER_STUDENT: "работодатель — студент",
}

_SCHOOL_YEAR_BEGINS = 7  # a cycle that begins in July or August prepares the coming school year
_BIRTH_CERTIFICATE = {"мать", "отец", "мама", "папа"}

_ORGANISATION = text("SELECT * FROM organisations WHERE organisation_id = :organisation")
_LAUNCH = text("SELECT * FROM launches WHERE cycle_id = :cycle AND organisation_id = :organisation")
_PAIR = text("SELECT * FROM pairs WHERE pair_id = :pair AND organisation_id = :organisation")
_PAIRS = text(
    """
    SELECT r.form, r.mentor_id, r.mentee_id FROM pairs r
    JOIN people m ON m.id = r.mentor_id JOIN people e ON e.id = r.mentee_id
    WHERE r.cycle_id = :cycle AND r.organisation_id = :organisation AND r.open
    ORDER BY m.sort_key, e.sort_key, r.pair_id
    """
)
_PERSON = text("SELECT * FROM people WHERE id = :person AND organisation_id = :organisation")
_DIRECTOR = text(
    """
    SELECT person_id FROM users
    WHERE organisation_id = :organisation AND role = 'director' AND person_id IS NOT NULL
      AND revoked_at IS NULL
    ORDER BY created_at DESC LIMIT 1
    """
)
_INTRODUCTION = text(
    """
    SELECT number, day FROM documents
    WHERE cycle_id = :cycle AND kind = 'order_introduction' AND stage = 'in_force'
      AND number IS NOT NULL
    ORDER BY day DESC LIMIT 1
    """
)
_INPUTS = text("SELECT body FROM kept_texts WHERE id = :inputs AND organisation_id = :organisation")


def gather(connection: Connection, task: GatherFacts, fields: Mapping[str, Field]) -> Facts:
    """The facts that `fields` name, complete and of their types, defaults written out.

    What a person has amended (`inputs_id`) stands in place of defaults and of the cycle's facts.
    The number and marks come later, with each rendering. Raises `NotFound` or `FactMissing`.
    """
    case = _Case(connection, task, asks_for_pairs=not fields.keys().isdisjoint(_OF_PAIRS))
    facts = {
        name: _MAKERS[name](case)
        for name, field in fields.items()
        if field.source != "input" and name in _MAKERS
    }
    for name, value in case.inputs.items():
        if name in fields and fields[name].source in ("input", "cycle"):
            facts[name] = _amended(fields[name], value)
    return checked_facts(fields, facts)


def _amended(field: Field, value: object) -> object:
    if field.type == "date" and isinstance(value, str):
        try:
            return date_facts(dt.date.fromisoformat(value))
        except ValueError as error:
            raise FactMissing(f"{field.note}: ожидается дата ГГГГ-ММ-ДД") from error
    return value


class _Case:
    """What a document is about, looked up when asked for."""

    def __init__(self, connection: Connection, task: GatherFacts, *, asks_for_pairs: bool) -> None:
        self._connection = connection
        self._task = task
        self._asks_for_pairs = asks_for_pairs

    def _rows(self, query: Any, **given: object) -> list[RowMapping]:
        about = {"organisation": self._task.organisation_id, "cycle": self._task.cycle_id}
        return list(self._connection.execute(query, {**about, **given}).mappings())

    def _one(self, query: Any, what: str, **given: object) -> RowMapping:
        found = self._rows(query, **given)
        if not found:
            raise NotFound(f"no {what} {' '.join(str(value) for value in given.values())}".strip())
        return found[0]

    @cached_property
    def _launch(self) -> RowMapping:
        return self._one(_LAUNCH, f"cycle {self._task.cycle_id}")

    @cached_property
    def roadmap(self) -> Roadmap:
        return Roadmap.model_validate(self._launch["roadmap"])

    @cached_property
    def today(self) -> dt.date:
        return self._task.now.astimezone(ZoneInfo(self._launch["time_zone"])).date()

    @cached_property
    def period(self) -> Period:
        return period_from(self.roadmap, self._launch["start"])

    @property
    def start(self) -> dt.date:
        """A pair's term begins with its paper, a cycle's with the cycle."""
        return max(self.period.start, self.today) if self._asks_for_pairs else self.period.start

    @property
    def school_year(self) -> str:
        day = self.period.start
        first = day.year if day.month >= _SCHOOL_YEAR_BEGINS else day.year - 1
        return f"{first}/{first + 1}"

    @cached_property
    def inputs(self) -> Mapping[str, Any]:
        if self._task.inputs_id is None:
            return {}
        body: Mapping[str, Any] = self._one(_INPUTS, "text", inputs=self._task.inputs_id)["body"]
        return body

    # People

    def _person_row(self, person_id: str) -> RowMapping:
        return self._one(_PERSON, "person", person=person_id)

    def someone(self, person_id: str, *, birth_date: bool = False) -> Facts:
        row = self._person_row(person_id)
        born = row["birth_date"] if birth_date else None
        return person_facts(NameForms.model_validate(row["name_forms"]), row["post"], born)

    def holder(self, role: str) -> Facts:
        holders: Mapping[str, str] = self._launch["holders"]
        if role not in holders:
            raise FactMissing(f"роль «{role}» никому не дана")
        return self.someone(holders[role])

    def organisation(self) -> Facts:
        row = self._one(_ORGANISATION, "organisation")
        named = {name: row[name] for name in ("name", "short_name", "address", "inn", "city")}
        return organisation_facts(**named, director=self._director())

    def _director(self) -> Facts:
        """The holder of the role `director`; else whoever has the director's account."""
        holders: Mapping[str, str] = self._launch["holders"]
        if "director" in holders:
            return self.someone(holders["director"])
        accounts = self._rows(_DIRECTOR)
        if not accounts:
            raise FactMissing("не указан руководитель организации")
        return self.someone(accounts[0]["person_id"])

    def person(self) -> Facts:
        return self.someone(self._person_id, birth_date=True)

    @property
    def _person_id(self) -> str:
        if self._task.person_id is None:
            raise FactMissing("документ не о человеке")
        return self._task.person_id

    @cached_property
    def pair(self) -> RowMapping:
        if self._task.pair_id is None:
            raise FactMissing("документ не о паре")
        return self._one(_PAIR, "pair", pair=self._task.pair_id)

    def is_mentor(self) -> bool:
        return bool(self.pair["mentor_id"] == self._person_id)

    def representative(self, person_id: str | None = None) -> Facts | None:
        """The representative of a minor; None for an adult. Raises `FactMissing` if unknown."""
        row = self._person_row(person_id or self._person_id)
        if not is_minor(row["birth_date"], self.today):
            return None
        if row["representative_id"] is None or row["kinship"] is None:
            raise FactMissing("у несовершеннолетнего не указан законный представитель")
        kinship: str = row["kinship"]
        return representative_facts(
            self.someone(row["representative_id"]) | {"post": None},
            kinship,
            "свидетельство о рождении"
            if kinship.casefold() in _BIRTH_CERTIFICATE
            else "документ об опеке или попечительстве",
            minor_signs=age_on(row["birth_date"], self.today) >= OWN_SIGNATURE_AT,
        )

    def pairs(self) -> list[Facts]:
        return [
            {
                "mentor": self.someone(row["mentor_id"]),
                "mentee": self.someone(row["mentee_id"]),
                "form": FORM_TITLES[Form(row["form"])],
            }
            for row in self._rows(_PAIRS)
        ]

    # Days

    def due(self, fits: Callable[[Step], bool]) -> dt.date:
        """The last day of the first row that fits; the cycle's last day if none does."""
        for step in self.roadmap.steps:
            if fits(step):
                season = season_of(self.roadmap, self._launch["start"])
                dues = [one.due for one in windows(step.deadline, season) if one.due]
                return max(dues, default=self.period.end)
        return self.period.end

    def plans_due(self) -> dt.date:
        """As many days from now as the pair's track gives for the plan."""
        for stage in self.roadmap.track.stages:
            if isinstance(stage.needs, PaperStage) and stage.needs.document == "individual_plan":
                return self.today + dt.timedelta(days=stage.days)
        return self.period.end

    def introduction_order(self) -> Facts | None:
        found: list[RowMapping] = self._rows(_INTRODUCTION)
        return registration_facts(found[0]["number"], found[0]["day"]) if found else None

    @cached_property
    def totals(self) -> Totals:
        return Totals(self._connection, self._task.cycle_id, self.roadmap)


def _makes(kind: str) -> Callable[[Step], bool]:
    return lambda step: any(
        isinstance(result.by, DocumentProof) and result.by.kind == kind for result in step.results
    )


def _orders_pairs(step: Step) -> bool:
    return any(isinstance(one.by, DocumentProof) and one.by.pairs_at for one in step.results)


def _asks_people(step: Step) -> bool:
    return any(isinstance(result.by, AnswersProof) for result in step.results)


_OF_PAIRS: Final = {"pairs", "mentor", "mentee"}

_MAKERS: Final[Mapping[str, Callable[[_Case], object]]] = {
    "organisation": _Case.organisation,
    "programme": lambda case: case.roadmap.title,
    "school_year": lambda case: case.school_year,
    "start": lambda case: date_facts(case.start),
    "end": lambda case: date_facts(case.period.end),
    "until": lambda case: date_facts(case.period.end),
    "curator": lambda case: case.holder(case.roadmap.curator),
    "forms": lambda case: [f"«{FORM_TITLES[form]}»" for form in case.roadmap.track.forms],
    "base_due": lambda case: date_facts(case.due(_asks_people)),
    "pairs_due": lambda case: date_facts(case.due(_orders_pairs)),
    "report_due": lambda case: date_facts(case.due(_makes("report"))),
    "plans_due": lambda case: date_facts(case.plans_due()),
    "introduction_order": _Case.introduction_order,
    "person": _Case.person,
    "is_mentor": _Case.is_mentor,
    "representative": _Case.representative,
    "mentor": lambda case: case.someone(case.pair["mentor_id"]),
    "mentee": lambda case: case.someone(case.pair["mentee_id"]),
    "mentor_representative": lambda case: case.representative(case.pair["mentor_id"]),
    "mentee_representative": lambda case: case.representative(case.pair["mentee_id"]),
    "form": lambda case: FORM_TITLES[Form(case.pair["form"])],
    "labour": lambda case: case.pair["form"] == Form.TEACHER_TEACHER,
    "pairs": _Case.pairs,
    "mentors": lambda case: case.totals.mentors,
    "mentees": lambda case: case.totals.mentees,
    "pairs_total": lambda case: case.totals.pairs,
    "pairs_completed": lambda case: case.totals.completed,
    "pairs_stopped": lambda case: case.totals.stopped,
    "meetings": lambda case: case.totals.meetings,
    "monitoring_interim": lambda case: case.totals.monitored(0),
    "monitoring_final": lambda case: case.totals.monitored(-1),
    "indicators": lambda case: case.totals.indicators(),
}
"""How each fact is found. A name that is not here is the template's default, or an input."""
