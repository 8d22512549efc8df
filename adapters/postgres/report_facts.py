"""Figures of a yearly turn: for its report, its rewards and its planned results."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts
from adapters.log_keys import stated
from adapters.postgres.case import Case
from adapters.postgres.roadmap_facts import NONE, plan_of, with_unit
from domain.enrolment import Part
from domain.pair_road import COMPLETED, STOPPED
from domain.people import Form
from domain.roadmap import AnswersProof, Measure, MonitoringStage, NumberProof, Result

_UNKNOWN = "нет данных"
_PAIRS = text(
    """
    SELECT r.mentor_id, r.mentee_id, r.form, p.state ->> 'stopped' = 'true' AS stopped,
      r.stage, coalesce(CAST(p.state ->> 'position' AS integer), 0) AS position,
      coalesce(jsonb_array_length(p.state -> 'meetings'), 0) AS meetings, m.sort_key
    FROM pairs r JOIN people m ON m.id = r.mentor_id
      LEFT JOIN processes p ON p.id = 'pair/' || r.pair_id
    WHERE r.cycle_id = :cycle AND r.turn = :turn ORDER BY m.sort_key, r.pair_id
    """
)
_EVIDENCE = text(
    """
    SELECT i.step, r.place, k.body
    FROM items i, jsonb_array_elements(i.results) WITH ORDINALITY AS r (result, place),
      kept_texts k
    WHERE i.cycle_id = :cycle AND i.turn = :turn AND k.id = r.result ->> 'evidence_id'
    """
)
_LATEST_CHECKPOINT = text(
    """
    SELECT text FROM checkpoints WHERE organisation_id = :organisation ORDER BY size DESC LIMIT 1
    """
)
_SHOWN = 24  # hex digits of a root: nobody finds another log with the same
_MENTEES = text("SELECT id FROM people WHERE organisation_id = :organisation AND roles ? :mentee")


def log_checkpoint(case: Case) -> str | None:
    """The latest checkpoint of the organisation's log, as a report states it."""
    for row in case.rows(_LATEST_CHECKPOINT):
        mark = stated(row["text"])
        size = f"{mark.size:,}".replace(",", "\xa0")
        at = f"{mark.at.astimezone(case.zone):%d.%m.%Y %H:%M}"
        return f"записей {size}, корень {mark.root[:_SHOWN]}, на {at}"
    return None


class Totals:
    """Counted from rows, when asked for."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._roadmap = case.roadmap

    @cached_property
    def _pairs(self) -> list[RowMapping]:
        return self._case.rows(_PAIRS)

    @property
    def pairs(self) -> int:
        return len(self._pairs)

    @property
    def mentors(self) -> int:
        return len({row["mentor_id"] for row in self._pairs})

    @property
    def mentees(self) -> int:
        return len({row["mentee_id"] for row in self._pairs})

    @cached_property
    def _base(self) -> set[str]:
        return {row["id"] for row in self._case.rows(_MENTEES, mentee=Part.MENTEE)}

    @property
    def _without_pair(self) -> set[str]:
        return self._base - {row["mentee_id"] for row in self._pairs}

    @property
    def unmatched(self) -> int:
        """Mentees of the base who have no pair in this turn."""
        return len(self._without_pair)

    @property
    def completed(self) -> int:
        """Pairs whose track is done, though rows of the roadmap may still be open."""
        return sum(self._is_completed(row) for row in self._pairs)

    def _is_completed(self, row: RowMapping) -> bool:
        stages = self._roadmap.track.stages
        through = row["position"] == len(stages) and not row["stopped"]
        return bool(row["stage"] == COMPLETED or through)

    @property
    def stopped(self) -> int:
        return sum(row["stage"] == STOPPED for row in self._pairs)

    @property
    def meetings(self) -> int:
        return sum(row["meetings"] for row in self._pairs)

    def monitored(self, which: int) -> int:
        """Pairs that have gone past the first (0) or the last (-1) monitoring of their track."""
        places = [
            place
            for place, stage in enumerate(self._roadmap.track.stages)
            if isinstance(stage.needs, MonitoringStage)
        ]
        return sum(row["position"] > places[which] for row in self._pairs) if places else 0

    def rewarded(self) -> list[Facts]:
        """Mentors of completed pairs, by name, each with what for; all mentors if none is."""
        done = [row for row in self._pairs if self._is_completed(row)]
        led = dict.fromkeys(row["mentor_id"] for row in done or self._pairs)
        what_for = "успешное сопровождение наставляемых"
        if done:
            what_for += ", завершивших программу"
        return [{"person": self._case.someone(mentor), "reason": what_for} for mentor in led]

    def figures(self) -> list[dict[str, str]]:
        """Completed pairs first, then each result of the roadmap that has a figure to reach."""
        own = {
            "name": "Пары, завершившие программу",
            "unit": "ед.",
            "plan": str(self.pairs),
            "fact": str(self.completed),
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

    @cached_property
    def _evidence(self) -> list[RowMapping]:
        return self._case.rows(_EVIDENCE)

    def _figure(self, step_id: str, place: int) -> str:
        """What was reached, summed over the row's items, as the evidence says."""
        bodies = [
            row["body"]
            for row in self._evidence
            if row["step"] == step_id and row["place"] == place
        ]
        figures = [body[name] for body in bodies for name in ("number", "count") if name in body]
        return str(sum(figures)) if figures else _UNKNOWN

    def indicator_values(self) -> list[dict[str, str]]:
        """Each indicator of the programme, with its value and where that was taken from."""
        known: dict[str, Mapping[str, Any]] = {}
        for row in self._evidence:
            if row["body"].get("proof") == "indicators":
                known |= row["body"]["values"]
        return [
            {
                "number": one.id,
                "title": one.title,
                "unit": one.unit or NONE,
                "value": known[one.id]["value"] if one.id in known else _UNKNOWN,
                "source": known[one.id]["source"] if one.id in known else NONE,
            }
            for group in self._roadmap.indicators
            for one in group.indicators
        ]

    def targets_reached(self) -> list[dict[str, str]]:
        """Each planned result beside what was reached."""
        return [
            {
                "title": target.title,
                "plan": plan_of(target),
                "fact": with_unit(str(self._measured(target.measure)), target.unit)
                if target.measure
                else "см. показатели",
            }
            for target in self._roadmap.targets
        ]

    def _measured(self, measure: Measure) -> int:
        match measure:
            case "mentors_of_staff":
                return self._mentors_in(Form.TEACHER_TEACHER)
            case "student_mentors":
                return self._mentors_in(Form.STUDENT_STUDENT)
            case "matched_percent":
                base = len(self._base)
                return 100 * (base - self.unmatched) // base if base else 0

    def _mentors_in(self, form: Form) -> int:
        return len({row["mentor_id"] for row in self._pairs if row["form"] == form})


def _unit(result: Result) -> str:
    return result.by.unit if isinstance(result.by, NumberProof) else "анкет"
