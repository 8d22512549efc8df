"""Figures of a cycle for its yearly report."""

from functools import cached_property
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from domain.pair_road import COMPLETED, STOPPED
from domain.roadmap import AnswersProof, MonitoringStage, NumberProof, Result, Roadmap

_PAIRS = text(
    """
    SELECT r.mentor_id, r.mentee_id, p.state ->> 'stopped' = 'true' AS stopped,
      r.stage, coalesce(CAST(p.state ->> 'position' AS integer), 0) AS position,
      coalesce(jsonb_array_length(p.state -> 'meetings'), 0) AS meetings
    FROM pairs r LEFT JOIN processes p ON p.id = 'pair/' || r.pair_id
    WHERE r.cycle_id = :cycle
    """
)
_EVIDENCE = text(
    """
    SELECT i.step, r.place, k.body
    FROM items i, jsonb_array_elements(i.results) WITH ORDINALITY AS r (result, place),
      kept_texts k
    WHERE i.cycle_id = :cycle AND k.id = r.result ->> 'evidence_id'
    """
)


class Totals:
    """Counted from rows, when asked for."""

    def __init__(self, connection: Connection, cycle_id: str, roadmap: Roadmap) -> None:
        self._connection = connection
        self._cycle_id = cycle_id
        self._roadmap = roadmap

    def _rows(self, query: Any) -> list[RowMapping]:
        return list(self._connection.execute(query, {"cycle": self._cycle_id}).mappings())

    @cached_property
    def _pairs(self) -> list[RowMapping]:
        return self._rows(_PAIRS)

    @property
    def pairs(self) -> int:
        return len(self._pairs)

    @property
    def mentors(self) -> int:
        return len({row["mentor_id"] for row in self._pairs})

    @property
    def mentees(self) -> int:
        return len({row["mentee_id"] for row in self._pairs})

    @property
    def completed(self) -> int:
        """Pairs whose track is done, though rows of the roadmap may still be open."""
        stages = self._roadmap.track.stages
        return sum(
            row["stage"] == COMPLETED or (row["position"] == len(stages) and not row["stopped"])
            for row in self._pairs
        )

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

    def indicators(self) -> list[dict[str, str]]:
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
        return self._rows(_EVIDENCE)

    def _figure(self, step_id: str, place: int) -> str:
        """What was reached, summed over the row's items, as the evidence says."""
        bodies = [
            row["body"]
            for row in self._evidence
            if row["step"] == step_id and row["place"] == place
        ]
        figures = [body[name] for body in bodies for name in ("number", "count") if name in body]
        return str(sum(figures)) if figures else "нет данных"


def _unit(result: Result) -> str:
    return result.by.unit if isinstance(result.by, NumberProof) else "анкет"
