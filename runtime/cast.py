"""The invented people of a rehearsal: who holds which role, who is paired with whom, and which
organisations stand below.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import yaml
from openpyxl import load_workbook

from domain.base import Value
from domain.kinds import KnownKind
from domain.organisations import OrganisationKind
from domain.people import AccessRole, Form
from domain.roadmap import DocumentProof, Result, Roadmap
from domain.routes import APPROVAL
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


class Invited(Organisation):
    """An organisation below. Its people are those of the roadmap below, or of nobody if it is
    `outside` and does not use the system; `below` are the organisations below it.
    """

    kind: OrganisationKind | None = None
    tags: tuple[str, ...] = ()
    outside: bool = False
    below: tuple["Invited", ...] = ()


class Side(Value):
    """Who may stand on a side of a pair, and in which role models."""

    mentors: tuple[str, ...]  # codes
    mentees: tuple[str, ...]


class BodyOfCast(Value):
    """Who presides over a body and who keeps its minutes (codes), and how a stamp names it."""

    chair: str
    secretary: str
    ablative: str


class Returned(Value):
    """The document that whoever decides last sends back once, and what its drafter amends then."""

    kind: str
    remark: str
    inputs: dict[str, str | tuple[str, ...]]


class ReturnedReport(Value):
    """The report that the first organisation below has to correct once."""

    demand: str
    remark: str


class Plot(Value):
    """What happens beside the usual. Results of rows are named «row/result», as `place_of` does."""

    forming: str | None = None
    """Counts the pairs; the curator forms them before it is recorded."""
    forgotten: str | None = None
    """People forget it until its deadline has passed; it may keep nothing else waiting."""
    welcoming: str | None = None
    """Counts the base of mentors; a former mentee joins it before that."""
    returned: Returned | None = None
    returned_report: ReturnedReport | None = None
    summed: str | None = None
    """A demand by which pairs are reported when all are formed: its sums are counted anew."""
    named_above: str | None = None
    """Code of an adult of the first pair who consents to be named to the organisation above; in the
    first organisation below only."""
    signed_by_key: tuple[str, ...] = ()
    """Kinds that the director alone signs, with a key; others are signed on paper and scanned."""


class Cast(Value):
    """Who plays a roadmap: the organisation, its roles, who can be paired, and the plot."""

    people: str
    """The list of people: a workbook in the same folder."""
    organisation: Organisation
    ages_in: int  # the year in which the list's birth dates give the meant ages
    holders: dict[str, str]  # role of the roadmap → code of a person or body
    accounts: dict[AccessRole, str]  # access role → code of a person
    colleagues: dict[str, AccessRole] = {}  # code of somebody else with an account → access role
    bodies: dict[str, BodyOfCast] = {}  # by code
    pairs: dict[Form, Side] = {}
    plot: Plot
    below: tuple[Invited, ...] = ()


def read_cast(path: Path) -> Cast:
    """The cast that stands in a YAML file. Raises `WrongCall` if there is no such file."""
    if not path.exists():
        raise WrongCall(f"Для «{path.stem}» нет вымышленных людей: ждём файл {path.name}.")
    return Cast.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def place_of(task: Mapping[str, Any]) -> str | None:
    """Which result of the cycle's rows a task is about, as a plot names it; None if about none."""
    refs = task["refs"]
    known = "result" in refs and "pair" not in refs
    return f"{refs['step']}/{refs['result']}" if known else None


def results_of(roadmap: Roadmap) -> dict[str, Result]:
    """All results of all rows, each under its name «row/result»."""
    return {f"{step.id}/{one.id}": one for step in roadmap.steps for one in step.results}


def documents_of(roadmap: Roadmap) -> tuple[DocumentProof, ...]:
    """What documents the rows demand."""
    proofs = (result.by for result in results_of(roadmap).values())
    return tuple(proof for proof in proofs if isinstance(proof, DocumentProof))


def unknown_of(cast: Cast, roadmap: Roadmap) -> tuple[str, ...]:
    """What the plot names and the roadmap has not: results of rows, kinds of documents."""
    plot = cast.plot
    results = results_of(roadmap)
    kinds = {one.kind for one in documents_of(roadmap)}
    named = filter(None, (plot.forming, plot.forgotten, plot.welcoming))
    papers = (*((plot.returned.kind,) if plot.returned else ()), *plot.signed_by_key)
    back = plot.returned_report
    demands = filter(None, (back.demand if back else None, plot.summed))
    return (
        *(name for name in named if name not in results),
        *(kind for kind in papers if kind not in kinds),
        *(demand for demand in demands if demand not in roadmap.demands),
    )


def not_by_key(cast: Cast, kinds: Mapping[str, KnownKind]) -> tuple[str, ...]:
    """What the plot has signed by key and others than the director sign as well: he alone has one,
    so that such a document would wait for ever.
    """
    named = (kind for kind in cast.plot.signed_by_key if kind in kinds)
    return tuple(kind for kind in named if kinds[kind].signers != ("director",))


def last_word(roadmap: Roadmap, kind: str) -> frozenset[str]:
    """The stages at which the last of those who approve documents of this kind decides."""
    ways = {one.route for one in documents_of(roadmap) if one.kind == kind}
    return frozenset(roadmap.routes[way].stages[-1].id if way else APPROVAL for way in ways)


def needs_a_sitting(roadmap: Roadmap) -> bool:
    """Whether a document of some row goes through a body."""
    ways = {one.route for one in documents_of(roadmap) if one.route}
    return any(stage.kind == "body" for way in ways for stage in roadmap.routes[way].stages)


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
    forms = [form for form in roadmap.pair_forms() if form in cast.pairs]
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
