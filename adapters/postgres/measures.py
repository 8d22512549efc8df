"""Measures of a yearly turn, each with the rows that it is counted from.

A figure is the sum of its rows, so it cannot differ from what a reader is shown behind it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Literal

from sqlalchemy import Connection, RowMapping

from adapters.postgres.turn_rows import TurnRows
from domain.base import Value
from domain.enrolment import Part
from domain.measures import BELOW, MEASURES, Ages, summed
from domain.pair_road import STOPPED
from domain.people import Form

_AGREEMENTS = frozenset({"agreement", "additional_agreement"})
_PLANS = frozenset({"individual_plan", "individual_plan_group"})
_MINUTES = frozenset({"council_minutes", "school_minutes"})
_CONSENT = "consent_"
_WITHDRAWAL = "consent_withdrawal"


class Row(Value):
    """What a figure was counted from: `n` of it. `about` are ids of people."""

    kind: Literal["pair", "person", "document", "event", "publication", "proof", "organisation"]
    id: str
    n: int = 1
    about: tuple[str, ...] = ()
    title: str = ""  # of a result, an organisation; a document's kind
    day: dt.date | None = None
    pair_id: str | None = None


class Measures:
    """What a turn of a cycle comes to. Raises `NotFound` if the organisation has no such cycle."""

    def __init__(
        self, connection: Connection, organisation_id: str, cycle_id: str, turn: int
    ) -> None:
        self.turn = TurnRows(connection, organisation_id, cycle_id, turn)

    def counts(self) -> dict[str, int]:
        """Every count of the turn; those over organisations below only if there are any."""
        names = (name for name, one in MEASURES.items() if one.part is None)
        below = bool(self.turn.branches)
        return {name: self.count(name) for name in names if below or not name.startswith(BELOW)}

    def count(self, name: str, steps: Sequence[str] = ()) -> int:
        """One count; as `rows`, but of organisations below no line is made of each."""
        if name.startswith(BELOW) and MEASURES[name].part is None:
            return sum(counts.get(name, 0) for counts in self.reported.values())
        return sum(row.n for row in self.rows(name, steps))

    def rows(self, name: str, steps: Sequence[str] = ()) -> tuple[Row, ...]:
        """What a measure is counted from; in these rows of the roadmap only, if any are named.

        A percentage has the rows of its part. Raises `KeyError` for an unknown name.
        """
        measure = MEASURES[name]
        if measure.part is not None:
            return self.rows(measure.part)
        if name.startswith(BELOW):
            return self._below(name)
        if measure.of_steps:
            return tuple(self._of_steps(name, steps))
        return tuple(_COUNTED[name](self.turn))

    def _of_steps(self, name: str, steps: Sequence[str]) -> Iterable[Row]:
        proofs = [one for one in self.turn.proofs if not steps or one["step"] in steps]
        named = {one["body"].get(_NAMES[kind]) for one in proofs for kind in _NAMES}
        if name in ("events", "event_attendance"):
            for one in self.turn.events:
                if not steps or one["step"] in steps or one["id"] in named:
                    yield _thing("event", one, one["attendance"] if name != "events" else 1)
        if name == "publications":
            for one in self.turn.publications:
                if not steps or one["id"] in named:
                    yield _thing("publication", one)
        for one in proofs:
            yield from self._proved(name, one)

    def _proved(self, name: str, proof: RowMapping) -> Iterable[Row]:
        field = _PROVED[name].get(proof["body"].get("proof"))
        told_of = name != "results_proved" and any(one in proof["body"] for one in _NAMES.values())
        if field is None or told_of:
            return
        day = proof["body"].get("day")
        yield Row(
            kind="proof",
            id=proof["id"],
            n=proof["body"][field] if field else 1,
            title=self.turn.result_title(proof),
            day=dt.date.fromisoformat(day) if day else None,
            pair_id=proof["pair_id"],
        )

    def _below(self, name: str) -> tuple[Row, ...]:
        return tuple(
            _organisation(self.turn.branches[n], counts[name])
            for n, counts in self.reported.items()
            if counts.get(name)
        )

    @cached_property
    def reported(self) -> dict[int, dict[str, int]]:
        """What each branch with an accepted report comes to, with the organisations below it, by
        the names of measures over organisations below.
        """
        return {n: summed([figures]) for n, figures in self.turn.reports.items()}


def counted(
    connection: Connection, organisation_id: str, cycle_id: str, turn: int
) -> dict[str, int]:
    """Every count of a yearly turn by its name in `domain.measures`: what a report files.

    Raises `NotFound` if the organisation has no such cycle.
    """
    return Measures(connection, organisation_id, cycle_id, turn).counts()


_NAMES: Mapping[str, str] = {"event": "event_id", "publication": "publication_id"}
"""What names in a proof the event or publication that is counted by itself, and so but once."""

_PROVED: Mapping[str, Mapping[str, str]] = {
    "events": {"event": ""},
    "event_attendance": {"event": "attendance"},
    "publications": {"link": ""},
    "answers": {"answers": "count"},
    "results_proved": dict.fromkeys(("event", "link", "answers", "number", "remark"), ""),
}
"""Which proofs a measure counts; with a field's name it adds that figure of theirs up."""


def _pair(pair: RowMapping, n: int = 1) -> Row:
    about = (pair["mentor_id"], pair["mentee_id"])
    return Row(kind="pair", id=pair["pair_id"], n=n, about=about, pair_id=pair["pair_id"])


def _thing(kind: Literal["event", "publication"], one: RowMapping, n: int = 1) -> Row:
    return Row(kind=kind, id=one["id"], n=n, title=one["title"], day=one["day"])


def _person(person_id: str) -> Row:
    return Row(kind="person", id=person_id, about=(person_id,))


def _organisation(branch: RowMapping, n: int = 1) -> Row:
    return Row(kind="organisation", id=branch["below_id"], n=n, title=branch["short_name"])


Source = Callable[[TurnRows], Iterable[Row]]


def _pairs(fits: Callable[[TurnRows, RowMapping], bool]) -> Source:
    return lambda turn: [_pair(one) for one in turn.pairs if fits(turn, one)]


def _people(found: Callable[[TurnRows], Iterable[str]]) -> Source:
    return lambda turn: map(_person, found(turn))


def _documents(fits: Callable[[str], bool]) -> Source:
    return lambda turn: [
        Row(kind="document", id=one["document_id"], title=one["kind"], day=one["day"])
        for one in turn.documents
        if fits(one["kind"])
    ]


def _meetings(turn: TurnRows) -> Iterable[Row]:
    return (_pair(one, len(one["meetings"])) for one in turn.pairs if one["meetings"])


def _minutes(turn: TurnRows) -> Iterable[Row]:
    lengths = ((one, sum(met["minutes"] for met in one["meetings"])) for one in turn.pairs)
    return (_pair(one, minutes) for one, minutes in lengths if minutes)


def _of_form(
    turn: TurnRows, side: str, form: Form | None = None, ages: Ages | None = None
) -> tuple[str, ...]:
    people = turn.sides(side, form=form)
    return people if ages is None else turn.aged(people, ages)


def _by_side(side: str) -> Iterable[tuple[str, Source]]:
    """Mentors or mentees: all, by form, by age group, by both."""
    for form in (None, *Form):
        for ages in (None, *Ages):
            name = "_".join((f"{side}s", *(one for one in (form, ages) if one)))
            yield name, _people(partial(_of_form, side=side, form=form, ages=ages))


def _by_form(form: Form) -> Source:
    return _pairs(lambda _, one: bool(one["form"] == form))


def _completed_by_form(form: Form) -> Source:
    return _pairs(lambda turn, one: one["form"] == form and turn.is_completed(one))


_COUNTED: Mapping[str, Source] = {
    "pairs": _pairs(lambda _, __: True),
    "pairs_open": _pairs(lambda _, one: bool(one["open"])),
    "pairs_completed": _pairs(lambda turn, one: turn.is_completed(one)),
    "pairs_stopped": _pairs(lambda _, one: bool(one["stage"] == STOPPED)),
    "pairs_monitored_interim": lambda turn: map(_pair, turn.monitored(0)),
    "pairs_monitored_final": lambda turn: map(_pair, turn.monitored(-1)),
    **{f"pairs_{form}": _by_form(form) for form in Form},
    **{f"pairs_completed_{form}": _completed_by_form(form) for form in Form},
    "meetings": _meetings,
    "meeting_minutes": _minutes,
    **dict(_by_side("mentor")),
    **dict(_by_side("mentee")),
    "participants": _people(lambda turn: turn.sides("mentor", "mentee")),
    "minors": _people(lambda turn: turn.minors(turn.sides("mentor", "mentee"))),
    "mentors_base": _people(lambda turn: turn.base(Part.MENTOR)),
    "mentees_base": _people(lambda turn: turn.base(Part.MENTEE)),
    "mentees_matched": _people(
        lambda turn: (one for one in turn.base(Part.MENTEE) if one in turn.matched)
    ),
    "mentees_unmatched": _people(
        lambda turn: (one for one in turn.base(Part.MENTEE) if one not in turn.matched)
    ),
    "mentors_of_staff": _people(lambda turn: turn.sides("mentor", form=Form.TEACHER_TEACHER)),
    "student_mentors": _people(lambda turn: turn.sides("mentor", form=Form.STUDENT_STUDENT)),
    "novices": _people(lambda turn: turn.novices),
    "novices_matched": _people(lambda turn: (one for one in turn.novices if one in turn.matched)),
    "staff": _people(lambda turn: turn.base(Part.STAFF)),
    "staff_under_35": _people(lambda turn: turn.young),
    "staff_under_35_supported": _people(
        lambda turn: (one for one in turn.young if one in turn.supported)
    ),
    "documents_in_force": _documents(lambda _: True),
    "agreements": _documents(_AGREEMENTS.__contains__),
    "consents": _documents(lambda kind: kind.startswith(_CONSENT) and kind != _WITHDRAWAL),
    "individual_plans": _documents(_PLANS.__contains__),
    "council_minutes": _documents(_MINUTES.__contains__),
    "organisations": lambda turn: map(_organisation, turn.branches.values()),
    "organisations_reported": lambda turn: (_organisation(turn.branches[n]) for n in turn.reports),
}
"""How each count of a cycle's own is made, save those made from what proved results."""
