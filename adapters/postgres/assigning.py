"""Finds what a version of a document gives to people, and keeps the words of it."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection, text

from activities.tasks import GatherFacts
from adapters.docx.assigned import AssignedItem, assigned_items
from adapters.docx.facts import Facts, date_facts
from adapters.postgres.assignment_tables import AssignmentRow
from adapters.postgres.case import Case
from adapters.postgres.roadmap_facts import lower_first
from adapters.postgres.rows import Known, put
from domain.assignments import INPUT, Assignment, AssignmentAsked, last_second, numbered
from domain.kinds import DocumentKind

_PEOPLE: Final[Mapping[str, Callable[[Case], tuple[str, ...]]]] = MappingProxyType(
    {
        "director": lambda case: (case.director_id(),),
        "curator": lambda case: (case.holder_id(case.roadmap.curator),),
        "secretary": lambda case: (case.secretary_id(),),
        "mentors": Case.mentor_ids,
    }
)
_KEPT = text(
    """
    SELECT assignment_id AS id, item, who, controller, due, days FROM assignments
    WHERE document_id = :document AND version = :version ORDER BY n
    """
)


def assigned(
    connection: Connection, task: GatherFacts, kind: DocumentKind, facts: Mapping[str, Any]
) -> tuple[Assignment, ...]:
    """What the version with these facts assigns, its words kept with it; the same if asked again.

    Raises `FactMissing` for a role that nobody has, or a table of assignments that is none.
    """
    if not kind.assignments and task.inputs_id is None:
        return ()
    return _kept(connection, task) or _found(connection, task, kind, facts)


def _found(
    connection: Connection, task: GatherFacts, kind: DocumentKind, facts: Mapping[str, Any]
) -> tuple[Assignment, ...]:
    case = Case(connection, task, asks_for_pairs=False)
    found = [*_by_text(case, kind, facts), *_by_inputs(case)]
    given = numbered(one for one, _ in found)
    rows = [
        {
            **one.model_dump(mode="json", include={"item", "who", "controller", "due", "days"}),
            "document_id": task.document_id,
            "version": task.version,
            "assignment_id": one.id,
            "organisation_id": task.organisation_id,
            "cycle_id": task.cycle_id,
            "n": n,
            "what": what,
        }
        for n, (one, (_, what)) in enumerate(zip(given, found, strict=True), start=1)
    ]
    put(connection, AssignmentRow, rows, Known.STAYS)
    return given


def printed(case: Case) -> list[Facts] | None:
    """What a person gave, as the text of an order names it; None if nothing was given."""
    rows = case.inputs.get(INPUT)
    if rows is None:
        return None
    return [
        {
            "item": one.item,
            "who": case.someone(one.who),
            "what": lower_first(one.what.rstrip(" .")),
            "due": date_facts(one.due),
        }
        for one in AssignmentAsked.all_of(rows)
    ]


def _kept(connection: Connection, task: GatherFacts) -> tuple[Assignment, ...]:
    given = {"document": task.document_id, "version": task.version}
    rows = connection.execute(_KEPT, given).mappings()
    return tuple(Assignment.model_validate(dict(row)) for row in rows)


def _by_text(
    case: Case, kind: DocumentKind, facts: Mapping[str, Any]
) -> Iterator[tuple[Assignment, str]]:
    for one in assigned_items(kind.assignments, facts):
        controller = _PEOPLE[one.rule.controller](case)[0]
        for person in _PEOPLE[one.rule.who](case):
            yield _assignment(case, one, person, controller), one.what


def _assignment(case: Case, one: AssignedItem, person: str, controller: str) -> Assignment:
    due = None if one.due is None else last_second(one.due, case.zone)
    return Assignment(
        id=one.item, item=one.item, who=person, controller=controller, due=due, days=one.days
    )


def _by_inputs(case: Case) -> Iterator[tuple[Assignment, str]]:
    """What a person gave by name; the head of the organisation controls it."""
    rows = case.inputs.get(INPUT)
    if rows is None:
        return
    controller = case.director_id()
    for one in AssignmentAsked.all_of(rows):
        due = last_second(one.due, case.zone)
        given = Assignment(id=one.item, item=one.item, who=one.who, controller=controller, due=due)
        yield given, one.what
