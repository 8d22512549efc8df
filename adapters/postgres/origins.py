"""Where each figure of a paper comes from: its measure, its period and day, how many rows.

`figure` names it within the facts: `mentors`, `by_form.2.pairs` (row and column of a table, rows
count from 1), `organisations_below.pairs` (the sum of a column). What a person put in place of what
was counted says so. `path` is the page of the rows, without the address of the service.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts, date_facts
from adapters.postgres.below_facts import COLUMNS
from adapters.postgres.names import Names
from adapters.postgres.report_facts import BY_FORM, FIGURES, Totals
from adapters.russian import date_words, number_words
from domain.measures import BELOW, OWN

_OWN: Final = "учёт программы"
_REPORTED: Final = "принятые отчёты организаций"
_BY_HAND: Final = text(
    """
    SELECT author, recorded_at FROM kept_texts
    WHERE id = :inputs AND organisation_id = :organisation
    """
)
NO_FIGURE: Final = "нет данных"


class Origins:
    """The origins of those figures that the facts named `asked` hold."""

    def __init__(self, totals: Totals, asked: frozenset[str]) -> None:
        self._totals = totals
        self._case = totals.case
        self._asked = asked

    def all(self) -> list[Facts]:
        """Every figure once, in the order of the facts."""
        by_hand = [name for name in self._case.inputs if name in self._asked]
        counted = [
            one
            for one in self._counted()
            if not any(f"{one['figure']}.".startswith(f"{name}.") for name in by_hand)
        ]
        return [*counted, *self._entered(by_hand)]

    def _counted(self) -> list[Facts]:
        told: dict[str, Facts] = {}  # by measure: what is shown twice is told once
        for figure, measure in self._figures():
            if figure.partition(".")[0] in self._asked and measure not in told:
                told[measure] = self._of(figure, measure)
        return list(told.values())

    def _figures(self) -> Iterator[tuple[str, str]]:
        """Every figure with its measure, whether it is asked for or not."""
        roadmap, below = self._case.roadmap, self._totals.below
        for fact in FIGURES:
            yield fact, self._totals.measure_of(fact)
        for n, form in enumerate(roadmap.track.forms, start=1):
            for column, measure in BY_FORM.items():
                yield f"by_form.{n}.{column}", f"{measure}_{form}"
        for n, target in enumerate(roadmap.targets, start=1):
            if target.measure:
                yield f"targets_reached.{n}", target.measure
        for column, measure in COLUMNS.items() if below.organisations else ():
            yield f"organisations_below.{column}", f"{BELOW}{measure}"

    def _of(self, figure: str, measure: str) -> Facts:
        value, rows = self._totals.measured(measure)
        return {
            **self._period(),
            "figure": figure,
            "title": OWN[measure.removeprefix(BELOW)].title,
            "value": NO_FIGURE if value is None else number_words(value),
            "source": _REPORTED if measure.startswith(BELOW) else _OWN,
            "rows": len(rows),
            "path": (
                f"/cycles/{self._case.task.cycle_id}/measures/{measure}?turn={self._case.task.turn}"
            ),
        }

    def _period(self) -> Facts:
        period = self._case.period
        return {
            "period": f"с {date_words(period.start)} по {date_words(period.end)}",
            "day": date_facts(self._case.today),
        }

    def _entered(self, names: list[str]) -> Iterator[Facts]:
        """Figures, and tables of them, that a person has amended in this paper."""
        holders = ("by_form", "targets_reached", "organisations_below")
        figures = [name for name in names if name in FIGURES or name in holders]
        if not figures:
            return
        (row,) = self._case.rows(_BY_HAND, inputs=self._case.task.inputs_id)
        for name in figures:
            value = self._case.inputs[name]
            yield {
                **self._period(),
                "figure": name,
                "title": self._title(name),
                "value": str(value) if isinstance(value, int) else "таблица",
                "source": f"внесено вручную: {self._author(row)}",
                "rows": 0,
                "path": f"/documents/{self._case.task.document_id}",
            }

    def _title(self, name: str) -> str:
        if name in FIGURES:
            return OWN[FIGURES[name]].title
        return "Таблица целиком"

    def _author(self, row: RowMapping) -> str:
        """«Иванова М. П. (куратор), 25.05.2027»."""
        about = (self._case.connection, self._case.task.organisation_id)
        at = row["recorded_at"].astimezone(self._case.zone)
        return f"{Names(*about, [row['author']]).of(row['author']).name}, {at:%d.%m.%Y}"
