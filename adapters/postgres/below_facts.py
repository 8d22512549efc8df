"""Facts of the organisations below: their reported figures, who owes a report, what to advise.

Counts and names of organisations only; the one person named is whoever entered figures here.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Final

from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts
from adapters.postgres.case import Case
from adapters.postgres.measures import Measures
from adapters.postgres.names import Names
from adapters.postgres.roadmap_facts import with_unit
from adapters.russian import number_words
from domain.errors import FactMissing
from domain.measures import BELOW, MEASURES, OWN, value_of
from domain.reporting import place
from domain.roadmap import ReportsProof

COLUMNS: Final[Mapping[str, str]] = {
    "mentors": "mentors",
    "mentees": "mentees",
    "pairs": "pairs",
    "completed": "pairs_completed",
    "stopped": "pairs_stopped",
    "meetings": "meetings",
}
"""The columns of organisations below with the measures that each of them reported."""

_BRANCHES: Final = text(
    """
    SELECT b.n, o.short_name AS name, b.reports -> :place ->> 'status' AS status,
      r.demand, r.origin, r.given_by, r.source, r.at
    FROM branches b JOIN organisations o ON o.organisation_id = b.below_id
    LEFT JOIN LATERAL (
      SELECT k.demand, k.origin, k.given_by, k.source, k.at FROM branch_reports k
      CROSS JOIN LATERAL jsonb_extract_path(b.reports, k.demand || '@' || k.turn) AS said
      WHERE k.cycle_id = b.cycle_id AND k.n = b.n AND k.turn = :turn
        AND said ->> 'status' = 'accepted' AND said ->> 'version' = k.version::text
      ORDER BY k.recorded_at DESC, k.demand LIMIT 1) r ON TRUE
    WHERE b.organisation_id = :organisation AND b.cycle_id = :cycle AND b.stage <> 'left'
    ORDER BY o.short_name, b.n
    """
)
_WAYS: Final = {"system": "", "entered": "внесён вручную", "uploaded": "из файла"}
_STANDINGS: Final = {
    "sent": "отчёт ещё не принят",
    "again": "возвращён на доработку",
    "returned": "возвращён на доработку",
    "late": "прислан после срока приёма",
    "excused": "освобождена от отчёта",
}
_ANSWERED: Final = ("accepted", "excused")
_SOON: Final = "в течение 10 рабочих дней"
_NEXT_YEAR: Final = "в следующем учебном году"


class Below:
    """The organisations that are with the cycle, in the turn of a document."""

    def __init__(self, case: Case, measures: Measures) -> None:
        self._case = case
        self._measures = measures

    @cached_property
    def _asked(self) -> str | None:
        """The report that the document's row, or the last one before it, asks for."""
        found = None
        for step in self._case.roadmap.steps:
            for result in step.results:
                found = result.by.demand if isinstance(result.by, ReportsProof) else found
            if found and step == self._case.step:
                break
        return found

    @cached_property
    def _rows(self) -> list[RowMapping]:
        if self._case.roadmap.below is None:
            return []
        return self._case.rows(_BRANCHES, place=place(self._asked or "", self._case.task.turn))

    @cached_property
    def organisations(self) -> list[Facts]:
        """What each has reported, by name; only those with an accepted report. `path` is the page
        of all versions of its report.
        """
        known = self._measures.reported
        rows = [row for row in self._rows if row["n"] in known]
        names = Names(
            self._case.connection,
            self._case.task.organisation_id,
            [row["given_by"] for row in rows],
        )
        return [
            {
                "name": row["name"],
                **{
                    column: known[row["n"]].get(f"{BELOW}{measure}", 0)
                    for column, measure in COLUMNS.items()
                },
                "reported": self._reported(row, names),
                "path": self._path(row),
            }
            for row in rows
        ]

    def _reported(self, row: RowMapping, names: Names) -> str:
        """«12.05.2027, внесён вручную: Иванова М. П. (куратор), источник: письмо № 41»."""
        said = [f"{row['at'].astimezone(self._case.zone):%d.%m.%Y}"]
        if row["demand"] != self._asked:
            said.append(f"отчёт «{self._case.roadmap.demands[row['demand']].title}»")
        if way := _WAYS[row["origin"]]:
            by = names.of_any(row["given_by"])
            said.append(f"{way}: {by.name}" if by else way)
        if row["source"]:
            said.append(f"источник: {row['source']}")
        return ", ".join(said)

    def _path(self, row: RowMapping) -> str:
        return (
            f"/cycles/{self._case.task.cycle_id}/branches/{row['n']}"
            f"?demand={row['demand']}&turn={self._case.task.turn}"
        )

    def not_reported(self) -> list[str] | None:
        """Whose report is not accepted, and why, by name; None where nobody is asked."""
        if not self._rows or self._asked is None:
            return None
        missing = (row for row in self._rows if row["status"] != "accepted")
        return [
            f"{row['name']} ({said})" if (said := _STANDINGS.get(row["status"])) else row["name"]
            for row in missing
        ]

    def about(self) -> str | None:
        """The organisation that the document is about, if it is about one."""
        row = self._chosen
        return row["name"] if row else None

    @cached_property
    def _chosen(self) -> RowMapping | None:
        n = self._case.task.branch
        if n is None:
            return None
        found = next((row for row in self._rows if row["n"] == n), None)
        if found is None:
            raise FactMissing(f"в цикле нет организации с номером {n}")
        return found

    def advice(self) -> list[Facts]:
        """What gives reason for advice, with what may be done: a proposal, to be amended.

        Of the organisation that the document is about; else of all, each finding with its name.
        """
        return [
            {
                "finding": finding if self._chosen else f"{row['name']}: {finding}",
                "action": action,
                "due": due,
            }
            for row in ([self._chosen] if self._chosen else self._rows)
            for finding, action, due in self._reasons(row)
        ]

    def _reasons(self, row: RowMapping) -> Iterator[tuple[str, str, str]]:
        if row["status"] not in _ANSWERED and self._asked is not None:
            title = self._case.roadmap.demands[self._asked].title
            yield f"не принят отчёт «{title}»", "Представить отчёт или исправить его", _SOON
        counts = self._measures.reported.get(row["n"], {})
        if stopped := counts.get(f"{BELOW}pairs_stopped"):
            yield (
                f"прекратили работу досрочно пары: {stopped} из {counts.get(f'{BELOW}pairs', 0)}",
                "Разобрать причины, подобрать наставляемым других наставников",
                _NEXT_YEAR,
            )
        if alone := counts.get(f"{BELOW}mentees_unmatched"):
            yield (
                f"наставляемые без пары: {alone}",
                "Расширить базу наставников, на время подбора дать наставляемым поддержку",
                _NEXT_YEAR,
            )
        for name, plan in self._shares():
            fact = value_of(name, counts)
            if fact is not None and fact < plan:
                said = [with_unit(number_words(one), "%") for one in (fact, plan)]
                title = OWN[name.removeprefix(BELOW)].title
                yield (
                    f"{title[:1].lower()}{title[1:]} — {said[0]} при плане {said[1]}",
                    "Наметить меры, чтобы достичь планового значения",
                    _NEXT_YEAR,
                )

    def _shares(self) -> Iterator[tuple[str, Decimal]]:
        """Shares over the organisations below that have a plan: each may be held to it."""
        turn = self._case.task.turn
        planned = {
            one.measure: one.plan.get(turn)
            for one in self._case.roadmap.every_indicator()
            if one.better == "more"
        }
        planned |= {
            one.measure: None if one.at_least is None else Decimal(one.at_least)
            for one in self._case.roadmap.targets
        }
        for name, plan in planned.items():
            if name and plan is not None and name.startswith(BELOW) and MEASURES[name].part:
                yield name, plan
