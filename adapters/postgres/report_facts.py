"""Figures of a yearly turn: for its report, its rewards and its planned results."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts
from adapters.log_keys import stated
from adapters.postgres.below_facts import Below
from adapters.postgres.case import Case
from adapters.postgres.indicator_values import IndicatorFact, Indicators, TargetFact
from adapters.postgres.measures import Row
from adapters.postgres.names import Names
from adapters.postgres.roadmap_facts import NONE, plan_of, with_unit
from adapters.postgres.titles import result_of
from adapters.russian import date_words, number_words
from domain.indicators import unit_of
from domain.measures import BELOW
from domain.roadmap import AnswersProof, NumberProof, Result, Roadmap

FIGURES: Final[Mapping[str, str]] = {
    "mentors": "mentors",
    "mentees": "mentees",
    "unmatched": "mentees_unmatched",
    "pairs_total": "pairs",
    "pairs_completed": "pairs_completed",
    "pairs_stopped": "pairs_stopped",
    "meetings": "meetings",
    "monitoring_interim": "pairs_monitored_interim",
    "monitoring_final": "pairs_monitored_final",
}
"""The facts that are one figure, with the measure of a cycle whose pairs are its own."""
BY_FORM: Final[Mapping[str, str]] = {
    "mentors": "mentors",
    "mentees": "mentees",
    "pairs": "pairs",
    "completed": "pairs_completed",
}
"""The columns of `by_form` with their measures, which end in the form."""

_UNKNOWN = "нет данных"
_LATEST_CHECKPOINT = text(
    """
    SELECT text FROM checkpoints WHERE organisation_id = :organisation ORDER BY size DESC LIMIT 1
    """
)
_SHOWN = 24  # hex digits of a root: nobody finds another log with the same


def log_checkpoint(case: Case) -> str | None:
    """The latest checkpoint of the organisation's log, as a report states it."""
    for row in case.rows(_LATEST_CHECKPOINT):
        mark = stated(row["text"])
        size = f"{mark.size:,}".replace(",", "\xa0")
        at = f"{mark.at.astimezone(case.zone):%d.%m.%Y %H:%M}"
        return f"записей {size}, корень {mark.root[:_SHOWN]}, на {at}"
    return None


class Totals:
    """Measures and indicators of the turn as papers print them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._roadmap = case.roadmap

    @cached_property
    def _known(self) -> Indicators:
        about = (self.case.task.organisation_id, self.case.task.cycle_id)
        return Indicators(self.case.connection, *about)

    @property
    def _turn(self) -> int:
        return self.case.task.turn

    @cached_property
    def below(self) -> Below:
        """The organisations below, with what they reported."""
        return Below(self.case, self._known.measures(self._turn))

    def measure_of(self, fact: str) -> str:
        """The measure of one of `FIGURES`: over the organisations below where all pairs are."""
        return f"{BELOW}{FIGURES[fact]}" if self._are_below else FIGURES[fact]

    @property
    def _are_below(self) -> bool:
        """Whether all pairs are those of the organisations below."""
        return self._roadmap.below is not None and not self._roadmap.track.stages

    def figure(self, fact: str) -> int:
        """One of `FIGURES`."""
        return self._count(self.measure_of(fact))

    def measured(self, measure: str) -> tuple[Decimal | None, tuple[Row, ...]]:
        """A measure and the rows that it comes from."""
        rows = self._known.measures(self._turn).rows(measure)
        return self._known.value(measure, self._turn), rows

    def _count(self, name: str) -> int:
        return self._known.measures(self._turn).count(name)

    def by_form(self) -> list[Facts]:
        """People and pairs of each form of the roadmap, none left out."""
        return [
            {
                "form": rules.title,
                **{name: self._count(f"{measure}_{form}") for name, measure in BY_FORM.items()},
            }
            for form, rules in self._roadmap.track.forms.items()
        ]

    def rewarded(self) -> list[Facts]:
        """Mentors of completed pairs, by name, each with what for; all mentors if none is."""
        turn = self._known.measures(self._turn).turn
        done = [row for row in turn.pairs if turn.is_completed(row)]
        led = dict.fromkeys(row["mentor_id"] for row in done or turn.pairs)
        what_for = "успешное сопровождение наставляемых"
        if done:
            what_for += ", завершивших программу"
        return [{"person": self.case.someone(mentor), "reason": what_for} for mentor in led]

    def figures(self) -> list[dict[str, str]]:
        """Completed pairs first, then each result of the roadmap that has a figure to reach."""
        own = {
            "name": "Пары, завершившие программу",
            "unit": "ед.",
            "plan": str(self.figure("pairs_total")),
            "fact": str(self.figure("pairs_completed")),
            "source": "отчёты организаций" if self._are_below else "учёт программы",
            "path": self._path(f"measures/{self.measure_of('pairs_completed')}"),
        }
        return [own, *(row for step in self._roadmap.steps for row in self._of_step(step.id))]

    def _of_step(self, step_id: str) -> list[dict[str, str]]:
        step = next(step for step in self._roadmap.steps if step.id == step_id)
        return [
            {
                "name": result.title,
                "unit": _unit(result),
                "plan": str(result.by.at_least),
                "fact": self._figure(step_id, result),
                "source": f"строка {step_id} дорожной карты",
                "path": f"/cycles/{self.case.task.cycle_id}",
            }
            for result in step.results
            if isinstance(result.by, NumberProof | AnswersProof)
        ]

    def _figure(self, step_id: str, result: Result) -> str:
        """What was reached, summed over the row's items, as the evidence says. Items may go by an
        earlier version of the row, in which the result stands in another place.
        """
        bodies = [
            row["body"]
            for row in self._known.measures(self._turn).turn.proofs
            if row["step"] == step_id and proves(self._roadmap, row, result)
        ]
        figures = [body[name] for body in bodies for name in ("number", "count") if name in body]
        return str(sum(figures)) if figures else _UNKNOWN

    def indicator_values(self) -> list[dict[str, str]]:
        """Each indicator of the programme, with its plan, its value and where that is from."""
        return [
            {
                "number": one.indicator.id,
                "title": one.indicator.title,
                "unit": unit_of(one.indicator) or NONE,
                "plan": NONE if one.plan is None else number_words(one.plan),
                "value": _UNKNOWN if one.fact is None else number_words(one.fact),
                "source": self._source(one),
                "path": self._path(f"indicators/{one.indicator.id}"),
            }
            for one in self._known.of_turn(self._turn)
        ]

    def _path(self, figure: str) -> str:
        """The page of what is behind a figure."""
        return f"/cycles/{self.case.task.cycle_id}/{figure}?turn={self._turn}"

    def _source(self, one: IndicatorFact) -> str:
        """«по учёту программы», or who entered it last, when and from what."""
        if one.indicator.measure is not None:
            if one.fact is None:
                return NONE
            below = one.indicator.measure.startswith(BELOW)
            return "по отчётам организаций" if below else "по учёту программы"
        if not one.last:
            return NONE
        last = max(one.last, key=lambda entry: entry.at)
        names = Names(self.case.connection, self.case.task.organisation_id, [last.author])
        day = date_words(last.at.astimezone(self.case.zone).date())
        said = f"внесено вручную: {names.of(last.author).name}, {day}, источник: {last.source}"
        return f"периодов {len(one.last)}, последнее {said}" if one.last[1:] else said

    def targets_reached(self) -> list[Facts]:
        """Each planned result beside what was reached."""
        return [
            {
                "title": one.target.title,
                "plan": plan_of(one.target),
                "fact": _reached(one),
                "least": None if one.target.at_least is None else str(one.target.at_least),
                "reached": None if one.fact is None else number_words(one.fact),
                "unit": unit_of(one.target),
            }
            for one in self._known.targets(self._turn)
        ]


def proves(roadmap: Roadmap, proof: RowMapping | Mapping[str, Any], result: Result) -> bool:
    """Whether a proof, known by its place in the row as it was then, is of this result."""
    known = result_of(roadmap, proof["step"], proof["roadmap_n"])
    return [one.id for one in known[proof["place"] - 1 : proof["place"]]] == [result.id]


def _reached(one: TargetFact) -> str:
    if one.target.measure is None:
        return "см. показатели"
    if one.fact is None:
        return _UNKNOWN
    return with_unit(number_words(one.fact), one.target.unit)


def _unit(result: Result) -> str:
    return result.by.unit if isinstance(result.by, NumberProof) else "анкет"
