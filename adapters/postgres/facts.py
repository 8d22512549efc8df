"""Gathers what a document's template asks for, and no more: the least personal data."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import Connection

from activities.tasks import GatherFacts
from adapters.docx.facts import Facts, date_facts
from adapters.docx.fields import Field, checked_facts
from adapters.postgres import (
    assigning,
    destruction_facts,
    event_facts,
    pair_facts,
    roadmap_facts,
    sitting_facts,
    turn_facts,
)
from adapters.postgres.above import recipient_facts
from adapters.postgres.bases import base
from adapters.postgres.case import Case
from adapters.postgres.named_below import Below, PeopleBelow
from adapters.postgres.origins import Origins
from adapters.postgres.report_facts import FIGURES, Totals, log_checkpoint
from domain import transfers
from domain.approval import Head
from domain.enrolment import Part
from domain.errors import FactMissing
from domain.people import Form
from domain.roadmap import AnswersProof, DocumentProof, ReportsProof, Step


class _Subject(Case):
    """A case with its figures, counted once."""

    titles: Mapping[str, str]
    asked: frozenset[str]  # the facts that the template asks for

    @cached_property
    def totals(self) -> Totals:
        return Totals(self)

    @cached_property
    def below(self) -> tuple[PeopleBelow, ...]:
        """Who takes part in the cycles below; whom the facts may name is remembered."""
        if self.roadmap.below is None:
            return ()
        task = self.task
        about = (task.organisation_id, task.cycle_id, task.turn, task.now)
        found = Below(self.connection, *about).people()
        self.name(line.person_id for one in found for line in one.lines)
        return found


class Gathered(NamedTuple):
    """The facts of a version, and whose name stands on the line of the organisation's head."""

    facts: Facts
    head: Head | None
    people: tuple[str, ...]  # whom they name, save that head
    of_others: Mapping[str, dt.date]  # births of those among them whom organisations below have


def gather(
    connection: Connection,
    task: GatherFacts,
    fields: Mapping[str, Field],
    titles: Mapping[str, str] = MappingProxyType({}),
) -> Gathered:
    """The facts that `fields` name, complete and of their types, defaults written out.

    `titles` are those of the kinds, by which a document calls those that it changes.

    What the roadmap gives stands in place of a template's defaults, what was recorded of a sitting
    or of an event in place of both in its own papers, and what a person has amended
    (`inputs_id`) in place of these and of the cycle's facts. What a consent says to a recipient
    above is ours. The number and marks come later, with each rendering. Raises `NotFound`,
    `FactMissing`, and as `recipient_facts` does.
    """
    case = _Subject(connection, task, asks_for_pairs=not fields.keys().isdisjoint(_OF_PAIRS))
    case.titles, case.asked = titles, frozenset(fields)
    recorded = sitting_facts.of_minutes(case) | event_facts.of_event(case)
    facts = {
        name: _MAKERS[name](case)
        for name, field in fields.items()
        if field.source != "input" and name in _MAKERS and name not in recorded
    }
    given = roadmap_facts.given_facts(case.result)
    facts |= {name: fact for name, fact in given.items() if _is_input(fields, name)}
    facts |= {name: fact for name, fact in recorded.items() if name in fields}
    for name, amended in case.inputs.items():
        if name in fields and fields[name].source in ("input", "cycle"):
            facts[name] = _amended(fields[name], amended)
    if transfers.RECIPIENT in fields:
        # Only a person names who is above: neither a roadmap nor a template's default does.
        named = recipient_facts(connection, task.organisation_id, case.inputs)
        facts |= {transfers.RECIPIENT: None, **named}
    return Gathered(
        facts=checked_facts(fields, facts),
        head=case.head,
        people=case.people,
        of_others=turn_facts.births_below(case.below) if _NAMED_BELOW in fields else {},
    )


def _is_input(fields: Mapping[str, Field], name: str) -> bool:
    return name in fields and fields[name].source == "input"


def _amended(field: Field, value: object) -> object:
    if field.type == "date" and isinstance(value, str):
        try:
            return date_facts(dt.date.fromisoformat(value))
        except ValueError as error:
            raise FactMissing(f"{field.note}: ожидается дата ГГГГ-ММ-ДД") from error
    return value


def _makes(*kinds: str) -> Callable[[Step], bool]:
    return lambda step: any(
        isinstance(result.by, DocumentProof) and result.by.kind in kinds for result in step.results
    )


def _orders_pairs(step: Step) -> bool:
    return any(isinstance(one.by, DocumentProof) and one.by.pairs_at for one in step.results)


def _asks(step: Step) -> bool:
    """People, by questionnaires, or organisations below, by reports."""
    return any(isinstance(result.by, AnswersProof | ReportsProof) for result in step.results)


def _figure(case: _Subject, fact: str) -> int:
    return case.totals.figure(fact)


_NAMED_BELOW: Final = "named_below"
_OF_PAIRS: Final = {"pairs", "mentor", "mentee"}

_MAKERS: Final[Mapping[str, Callable[[_Subject], object]]] = {
    "organisation": Case.organisation,
    "programme": lambda case: case.roadmap.title,
    "school_year": lambda case: case.school_year,
    "years": lambda case: case.years,
    "start": lambda case: date_facts(case.start),
    "end": lambda case: date_facts(case.period.end),
    "until": lambda case: date_facts(case.whole.end),
    "row_opens": lambda case: date_facts(case.row_window[0]),
    "row_due": lambda case: date_facts(case.row_window[1]),
    "curator": lambda case: case.holder(case.roadmap.curator),
    "chair": Case.director,
    "secretary": Case.secretary,
    "council": lambda case: case.body["name"],
    "council_size": lambda case: case.body["members"],
    "forms": lambda case: [f"«{rules.title}»" for rules in case.roadmap.track.forms.values()],
    "forms_described": lambda case: roadmap_facts.forms_described(case.roadmap),
    "stages": lambda case: roadmap_facts.stages(case.roadmap),
    "goals": lambda case: roadmap_facts.goals(case.roadmap),
    "indicator_groups": lambda case: roadmap_facts.indicator_groups(case.roadmap),
    "local_acts": lambda case: roadmap_facts.local_acts(case.roadmap, case.school_year),
    "targets": lambda case: roadmap_facts.targets(case.roadmap),
    "sections": lambda case: roadmap_facts.sections(case.roadmap),
    "is_upper": lambda case: case.roadmap.below is not None,
    "base_due": lambda case: date_facts(case.due(_asks)),
    "pairs_due": lambda case: date_facts(case.due(_orders_pairs)),
    "report_due": lambda case: date_facts(case.due(_makes("report", "municipal_summary"))),
    "plans_due": lambda case: date_facts(case.plans_due()),
    "introduction_order": lambda case: case.registered("order_introduction"),
    "council_minutes": lambda case: case.registered("council_minutes"),
    "amendment_order": lambda case: case.registered("order_amendment"),
    "decree": lambda case: case.registered("decree"),
    "grounds_in_force": Case.grounds_in_force,
    "changes": lambda case: case.changed(case.titles),
    "mentors_base": lambda case: base(case, Part.MENTOR),
    "mentees_base": lambda case: base(case, Part.MENTEE),
    "person": Case.person,
    "is_mentor": Case.is_mentor,
    "representative": Case.representative,
    "mentor": lambda case: case.someone(case.pair["mentor_id"]),
    "mentee": lambda case: case.someone(case.pair["mentee_id"]),
    "mentor_representative": lambda case: case.representative(case.pair["mentor_id"]),
    "mentee_representative": lambda case: case.representative(case.pair["mentee_id"]),
    "form": lambda case: case.form.title,
    "mentor_type": lambda case: case.form.mentor_types.get(case.pair["mentor_type"]),
    "labour": lambda case: case.pair["form"] == Form.TEACHER_TEACHER,
    "meetings_held": pair_facts.meetings_held,
    "monitoring": pair_facts.monitoring,
    "monitoring_average": pair_facts.monitoring_average,
    "monitoring_remarks": pair_facts.monitoring_remarks,
    "monitoring_average_before": pair_facts.monitoring_average_before,
    "activities": pair_facts.activities,
    "assignments": assigning.printed,
    "pairs": Case.pairs,
    **{name: partial(_figure, fact=name) for name in FIGURES},
    "rewarded": lambda case: case.totals.rewarded(),
    "indicators": lambda case: case.totals.figures(),
    "indicator_values": lambda case: case.totals.indicator_values(),
    "targets_reached": lambda case: case.totals.targets_reached(),
    "log_checkpoint": log_checkpoint,
    "events": turn_facts.events,
    "papers": lambda case: turn_facts.papers(case, case.titles),
    "by_form": lambda case: case.totals.by_form(),
    "origins": lambda case: Origins(case.totals, case.asked).all(),
    "organisations_below": lambda case: case.totals.below.organisations,
    "not_reported": lambda case: case.totals.below.not_reported(),
    "about_organisation": lambda case: case.totals.below.about(),
    "advice": lambda case: case.totals.below.advice(),
    "consents": lambda case: turn_facts.consents(case, case.titles),
    "group_mentees": turn_facts.group_mentees,
    "participants": turn_facts.participants,
    _NAMED_BELOW: lambda case: turn_facts.named_below(case.below),
    "people_below": lambda case: turn_facts.people_below(case.below),
    "destroyed_papers": lambda case: destruction_facts.papers(case, case.titles),
    "subjects": lambda case: destruction_facts.subjects(case, case.titles),
    "by_service": destruction_facts.by_service,
    "expert_minutes": destruction_facts.expert_minutes,
}
"""How each fact is found. A name that is not here is the template's default, or an input."""
