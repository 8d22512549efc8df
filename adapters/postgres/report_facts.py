"""Figures of a yearly turn: for its report, its rewards and its planned results."""

from functools import cached_property

from sqlalchemy import text

from adapters.docx.facts import Facts
from adapters.log_keys import stated
from adapters.postgres.case import Case
from adapters.postgres.indicator_values import IndicatorFact, Indicators, TargetFact
from adapters.postgres.roadmap_facts import NONE, plan_of, with_unit
from adapters.russian import number_words
from domain.indicators import unit_of
from domain.roadmap import AnswersProof, NumberProof, Result

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
        self._case = case
        self._roadmap = case.roadmap

    @cached_property
    def _known(self) -> Indicators:
        about = (self._case.task.organisation_id, self._case.task.cycle_id)
        return Indicators(self._case.connection, *about)

    @property
    def _turn(self) -> int:
        return self._case.task.turn

    def count(self, name: str) -> int:
        """One of the measures that are counted."""
        return self._known.measures(self._turn).count(name)

    def by_form(self) -> list[Facts]:
        """People and pairs of each form of the roadmap, none left out."""
        turn = self._known.measures(self._turn).turn
        return [
            {
                "form": rules.title,
                **{name: self.count(f"{name}_{form}") for name in ("mentors", "mentees", "pairs")},
                "completed": sum(turn.is_completed(p) for p in turn.pairs if p["form"] == form),
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
        return [{"person": self._case.someone(mentor), "reason": what_for} for mentor in led]

    def figures(self) -> list[dict[str, str]]:
        """Completed pairs first, then each result of the roadmap that has a figure to reach."""
        own = {
            "name": "Пары, завершившие программу",
            "unit": "ед.",
            "plan": str(self.count("pairs")),
            "fact": str(self.count("pairs_completed")),
            "source": "учёт программы",
        }
        return [own, *(row for step in self._roadmap.steps for row in self._of_step(step.id))]

    def _of_step(self, step_id: str) -> list[dict[str, str]]:
        step = next(step for step in self._roadmap.steps if step.id == step_id)
        return [
            {
                "name": result.title,
                "unit": _unit(result),
                "plan": str(result.by.at_least),
                "fact": self._figure(step_id, place),
                "source": f"строка {step_id} дорожной карты",
            }
            for place, result in enumerate(step.results, start=1)
            if isinstance(result.by, NumberProof | AnswersProof)
        ]

    def _figure(self, step_id: str, place: int) -> str:
        """What was reached, summed over the row's items, as the evidence says."""
        bodies = [
            row["body"]
            for row in self._known.measures(self._turn).turn.proofs
            if row["step"] == step_id and row["place"] == place
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
                "source": _source(one),
            }
            for one in self._known.of_turn(self._turn)
        ]

    def targets_reached(self) -> list[dict[str, str]]:
        """Each planned result beside what was reached."""
        return [
            {"title": one.target.title, "plan": plan_of(one.target), "fact": _reached(one)}
            for one in self._known.targets(self._turn)
        ]


def _source(one: IndicatorFact) -> str:
    """«по учёту программы», or what was said of each value that counts."""
    if one.indicator.measure is not None:
        return NONE if one.fact is None else "по учёту программы"
    return "; ".join(dict.fromkeys(entry.source for entry in one.last)) or NONE


def _reached(one: TargetFact) -> str:
    if one.target.measure is None:
        return "см. показатели"
    if one.fact is None:
        return _UNKNOWN
    return with_unit(number_words(one.fact), one.target.unit)


def _unit(result: Result) -> str:
    return result.by.unit if isinstance(result.by, NumberProof) else "анкет"
