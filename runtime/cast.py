"""The invented people of a rehearsal: who holds which role, who is paired with whom."""

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook

from domain.base import Value
from domain.people import AccessRole, Form
from domain.roadmap import Roadmap
from runtime.settings import WrongCall

BIRTH_DATE = "Дата рождения"


class Organisation(Value):
    """The invented organisation."""

    name: str
    short_name: str
    address: str
    inn: str
    city: str
    time_zone: str


class Side(Value):
    """Who may stand on a side of a pair, and in which role models."""

    mentors: tuple[str, ...]  # codes
    mentees: tuple[str, ...]


class BodyOfCast(Value):
    """Who presides over a body and who keeps its minutes (codes), and how a stamp names it."""

    chair: str
    secretary: str
    ablative: str


class Cast(Value):
    """The file beside a list of people: the organisation, its roles, and who can be paired."""

    organisation: Organisation
    ages_in: int  # the year in which the list's birth dates give the meant ages
    holders: dict[str, str]  # role of the roadmap → code of a person or body
    accounts: dict[AccessRole, str]  # access role → code of a person
    colleagues: dict[str, AccessRole] = {}  # code of somebody else with an account → access role
    bodies: dict[str, BodyOfCast] = {}  # by code
    pairs: dict[Form, Side]


def read_cast(path: Path) -> Cast:
    """The cast that stands in a YAML file."""
    return Cast.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def people_for(path: Path, cast: Cast, start: date) -> bytes:
    """The list of people with birth dates moved, so that ages at `start` are as meant."""
    years = start.year - cast.ages_in
    book = load_workbook(path)
    sheet = book.worksheets[0]
    column = next(cell.column for cell in sheet[1] if cell.value == BIRTH_DATE)
    for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
        if cell.value is not None:
            cell.value = _later(cell.value, years)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def pair_requests(cast: Cast, roadmap: Roadmap, count: int) -> list[dict[str, Any]]:
    """`count` pairs, the forms in turn, no mentee twice in a form.

    Raises `WrongCall` if the cast has not so many people.
    """
    forms = [form for form in roadmap.track.forms if form in cast.pairs]
    queues = {form: list(_matched(cast.pairs[form])) for form in forms}
    found: list[dict[str, Any]] = []
    while len(found) < count and any(queues.values()):
        for form in forms:
            if queues[form] and len(found) < count:
                mentor, mentee = queues[form].pop(0)
                shape = _shape(roadmap, form, len(found))
                found.append({"mentor_id": mentor, "mentee_id": mentee, "form": form, **shape})
    if len(found) < count:
        raise WrongCall(
            f"Вымышленных людей хватает на столько пар: {len(found)}; уменьшите --pairs."
        )
    return found


def _shape(roadmap: Roadmap, form: Form, place: int) -> dict[str, str]:
    """A role model and a type of mentor that the form has, each in its turn."""
    rules = roadmap.track.forms[form]
    known = {"role_model": tuple(rules.role_models), "mentor_type": tuple(rules.mentor_types)}
    return {name: choice[place % len(choice)] for name, choice in known.items() if choice}


def _matched(side: Side) -> Iterable[tuple[str, str]]:
    for place, mentee in enumerate(side.mentees):
        yield side.mentors[place % len(side.mentors)], mentee


def _later(value: Any, years: int) -> Any:  # noqa: ANN401 - whatever a cell holds
    leap_day = (value.month, value.day) == (2, 29)
    return value.replace(year=value.year + years, day=28 if leap_day else value.day)


def holders_of(cast: Cast, roadmap: Roadmap) -> Mapping[str, str]:
    """The codes of whoever holds the roles that this roadmap asks for."""
    return {role: cast.holders[role] for role in roadmap.launch_roles()}
