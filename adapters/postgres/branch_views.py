"""The cycles below a cycle: who was invited, what each reported, what that sums up to.

Counts only. Of an organisation below its name and kind are read, never anybody's data; the one
name that is shown is of whoever entered figures here, in the place of those below.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.names import Names
from adapters.postgres.organisation_views import PAGE, OrganisationViews
from adapters.postgres.shown import Named
from adapters.postgres.titles import item_title
from domain.base import Value
from domain.errors import NotFound
from domain.organisations import OrganisationKind
from domain.report_forms import Asked, Figure
from domain.report_sums import SaidFigure, SumLine, figure_in, folded, said_in, sums
from domain.reporting import place
from domain.roadmap import Roadmap, Step

ReportState = Literal["missing", "sent", "returned", "accepted", "excused", "late"]
"""`missing`: nothing came yet; `late`: it came when nobody waited for it any more."""
BranchStage = Literal["invited", "joined", "closed", "left"]
COUNTED: Final = ("sent", "accepted")
"""Reports that are summed up."""


class DemandLine(Value):
    """A report that the cycle asks for in a yearly turn."""

    demand: str
    turn: int
    title: str
    due: datetime | None
    overdue: bool
    done: bool


class BranchAsked(Value):
    """Which branches, of which report; the first open demand if none is named."""

    demand: str | None = None
    turn: int | None = None
    stage: BranchStage | None = None
    state: ReportState | None = None
    overdue: bool = False


class BranchLine(Value):
    """An organisation below and how its report stands. `given_by` entered it in its place."""

    n: int
    organisation_id: str
    name: str
    kind: OrganisationKind | None
    tags: tuple[str, ...]
    outside: bool
    stage: BranchStage
    state: ReportState
    overdue: bool
    version: int | None
    origin: Literal["system", "entered", "uploaded"] | None
    given_by: Named | None
    source: str | None
    file_sha256: str | None
    at: datetime | None


class BranchPage(Value):
    """A page of the branches of a cycle with their reports on one demand, and all sums."""

    cycle_id: str
    demands: tuple[DemandLine, ...]
    demand: DemandLine | None
    stages: dict[str, int]
    states: dict[str, int]
    lines: tuple[BranchLine, ...]
    total: int
    sums: tuple[SumLine, ...]


class FigureLine(Value):
    """What one organisation adds to a sum."""

    branch: BranchLine
    value: str


class FigurePage(Value):
    """A sum and the organisations that it came from."""

    cycle_id: str
    demand: DemandLine
    sum: SumLine
    lines: tuple[FigureLine, ...]


class ReportVersion(Value):
    """One version of a report; none is ever reworded."""

    version: int
    origin: Literal["system", "entered", "uploaded"]
    given_by: Named | None
    source: str | None
    file_sha256: str | None
    at: datetime
    figures: tuple[SaidFigure, ...]


class BranchView(Value):
    """One branch: its report on a demand, in all versions, the latest first; what was remarked."""

    cycle_id: str
    demands: tuple[DemandLine, ...]
    demand: DemandLine | None
    line: BranchLine
    remark: str | None
    versions: tuple[ReportVersion, ...]


_LAUNCH: Final = text(
    "SELECT roadmap FROM programmes WHERE organisation_id = :organisation AND cycle_id = :cycle"
)
_ITEMS: Final = text(
    """
    SELECT step, roadmap_n, turn, due, done FROM items
    WHERE organisation_id = :organisation AND cycle_id = :cycle AND pair_id IS NULL
      AND step = ANY(:steps) ORDER BY turn, opens, item_id
    """
)
_BRANCHES: Final = text(
    """
    SELECT b.n, b.below_id AS organisation_id, o.name, o.kind, coalesce(o.tags, '[]') AS tags,
      coalesce(o.outside, false) AS outside, b.stage,
      coalesce(b.reports -> :place ->> 'status', 'missing') AS state,
      b.reports -> :place ->> 'note_id' AS note_id,
      r.version, r.origin, r.given_by, r.source, r.file_sha256, r.at, r.figures
    FROM branches b JOIN organisations o ON o.organisation_id = b.below_id
    LEFT JOIN branch_reports r ON r.cycle_id = b.cycle_id AND r.n = b.n AND r.demand = :demand
      AND r.turn = :turn
      AND r.version = CAST(b.reports -> :place ->> 'version' AS integer)
    WHERE b.organisation_id = :organisation AND b.cycle_id = :cycle
    ORDER BY o.name, b.n
    """
)
_VERSIONS: Final = text(
    """
    SELECT version, origin, given_by, source, file_sha256, at, figures FROM branch_reports
    WHERE organisation_id = :organisation AND cycle_id = :cycle AND n = :n
      AND demand = :demand AND turn = :turn
    ORDER BY version DESC
    """
)
_TEXT: Final = text(
    "SELECT body ->> 'text' FROM kept_texts WHERE organisation_id = :organisation AND id = :id"
)
_ORDER: Final = {"sent": 0, "missing": 1, "returned": 1, "late": 2, "accepted": 3, "excused": 3}
"""What waits for an answer stands first, then what is still to come."""


class _Reports:
    """All branches of a cycle with their reports on one demand. Raises `NotFound`."""

    def __init__(
        self,
        connection: Connection,
        organisation_id: str,
        cycle_id: str,
        asked: BranchAsked,
        now: datetime,
    ) -> None:
        self.cycle_id = cycle_id
        launch = one_of(connection, _LAUNCH, organisation_id, "cycle", cycle=cycle_id)
        self.roadmap = Roadmap.model_validate(launch["roadmap"])
        self.demands = demands_of(connection, organisation_id, cycle_id, self.roadmap, now)
        self.demand = _chosen(self.demands, asked)
        demand, turn = (self.demand.demand, self.demand.turn) if self.demand else ("", 0)
        self.rows = rows_of(
            *(connection, _BRANCHES, organisation_id),
            cycle=cycle_id,
            demand=demand,
            turn=turn,
            place=place(demand, turn),
        )
        names = Names(connection, organisation_id, [row["given_by"] for row in self.rows])
        overdue = self.demand is not None and self.demand.overdue
        self.lines = {row["n"]: _line(row, names, overdue=overdue) for row in self.rows}

    def counted(self) -> dict[int, dict[str, Figure]]:
        """The figures that are summed up, by branch."""
        return {
            row["n"]: folded(row["figures"])
            for row in self.rows
            if row["stage"] != "left" and row["state"] in COUNTED and row["figures"] is not None
        }

    def sums(self, entered: Mapping[str, Asked]) -> tuple[SumLine, ...]:
        """Over all reports that were sent or accepted."""
        found = self.counted()
        accepted = [n for n in found if self.lines[n].state == "accepted"]
        return sums(found, accepted, entered)


class BranchViews(OrganisationViews):
    """Branches of an organisation's cycles. `NotFound` where it has nothing of the kind.

    `entered` are the indicators of the roadmap below, by the names of their figures.
    """

    def roadmap(self, organisation_id: str, cycle_id: str) -> Roadmap:
        """The roadmap by which a cycle works."""
        with self._engine.connect() as connection:
            launch = one_of(connection, _LAUNCH, organisation_id, "cycle", cycle=cycle_id)
        return Roadmap.model_validate(launch["roadmap"])

    def branches(
        self,
        organisation_id: str,
        cycle_id: str,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
        page: int = 1,
    ) -> BranchPage:
        """A page of the branches that are asked for, those first whose report is to be answered;
        sums are of all branches. Pages count from 1.
        """
        with self._engine.connect() as connection:
            found = _Reports(connection, organisation_id, cycle_id, asked, now)
        lines = sorted(
            (one for one in found.lines.values() if _is_asked(one, asked)),
            key=lambda one: (one.stage == "left", _ORDER[one.state]),
        )
        there = [one for one in found.lines.values() if one.stage != "left"]
        return BranchPage(
            cycle_id=cycle_id,
            demands=found.demands,
            demand=found.demand,
            stages=Counter(one.stage for one in found.lines.values()),
            states=Counter(one.state for one in there),
            lines=tuple(lines[PAGE * (page - 1) : PAGE * page]),
            total=len(lines),
            sums=found.sums(entered),
        )

    def branch(
        self,
        organisation_id: str,
        cycle_id: str,
        n: int,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
    ) -> BranchView:
        """One branch, with all versions of its report on a demand."""
        with self._engine.connect() as connection:
            found = _Reports(connection, organisation_id, cycle_id, asked, now)
            row = next((one for one in found.rows if one["n"] == n), None)
            if row is None:
                raise NotFound(f"cycle {cycle_id} has no branch {n}")
            remark = connection.execute(
                _TEXT, {"organisation": organisation_id, "id": row["note_id"]}
            ).scalar_one_or_none()
            versions = _versions(connection, organisation_id, n, found, entered)
        return BranchView(
            cycle_id=cycle_id,
            demands=found.demands,
            demand=found.demand,
            line=found.lines[n],
            remark=remark,
            versions=versions,
        )

    def branch_figures(
        self,
        organisation_id: str,
        cycle_id: str,
        name: str,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
    ) -> FigurePage:
        """A sum, and what each organisation adds to it, the most first."""
        with self._engine.connect() as connection:
            found = _Reports(connection, organisation_id, cycle_id, asked, now)
        summed = {one.name: one for one in found.sums(entered)}
        if name not in summed or found.demand is None:
            raise NotFound(f"nothing was reported of {name}")
        lines = [
            FigureLine(branch=found.lines[n], value=said)
            for n, figures in found.counted().items()
            if (said := figure_in(figures, name)) is not None
        ]
        return FigurePage(
            cycle_id=cycle_id,
            demand=found.demand,
            sum=summed[name],
            lines=tuple(sorted(lines, key=lambda one: -Decimal(one.value))),
        )


def _versions(
    connection: Connection,
    organisation_id: str,
    n: int,
    found: _Reports,
    entered: Mapping[str, Asked],
) -> tuple[ReportVersion, ...]:
    demand = found.demand
    if demand is None:
        return ()
    given = {"cycle": found.cycle_id, "n": n, "demand": demand.demand, "turn": demand.turn}
    rows = rows_of(connection, _VERSIONS, organisation_id, **given)
    names = Names(connection, organisation_id, [row["given_by"] for row in rows])
    return tuple(
        ReportVersion(
            **{
                **row,
                "given_by": names.of_any(row["given_by"]),
                "figures": said_in(row["figures"], entered),
            }
        )
        for row in rows
    )


def demands_of(
    connection: Connection,
    organisation_id: str,
    cycle_id: str,
    roadmap: Roadmap,
    now: datetime,
) -> tuple[DemandLine, ...]:
    """The reports that rows of the cycle ask for, in the order in which they are due; those too
    that its roadmap asks for no more.
    """
    every = (*roadmap.steps, *(step for _, step in roadmap.earlier.steps))
    steps = [step.id for step in every if any(_asked_by(step))]
    found: dict[tuple[str, int], DemandLine] = {}
    for row in rows_of(connection, _ITEMS, organisation_id, cycle=cycle_id, steps=steps):
        about = (row["step"], row["roadmap_n"])
        for demand in _asked_by(roadmap.step(*about)):
            line = found.get((demand, row["turn"]))
            if line is not None and not line.done:
                continue
            known = roadmap.demands.get(demand)
            found[demand, row["turn"]] = DemandLine(
                demand=demand,
                turn=row["turn"],
                title=known.title if known else item_title(roadmap, *about),
                due=row["due"],
                overdue=not row["done"] and row["due"] is not None and row["due"] < now,
                done=row["done"],
            )
    return tuple(found.values())


def _asked_by(step: Step | None) -> Iterator[str]:
    results = step.results if step else ()
    return (one.by.demand for one in results if one.by.proof == "reports")


def _chosen(demands: Sequence[DemandLine], asked: BranchAsked) -> DemandLine | None:
    """The demand that is named, else the first that is not met, else the last.

    Raises `NotFound` for one that the cycle does not know.
    """
    named = asked.demand is not None or asked.turn is not None
    found = [
        one
        for one in demands
        if asked.demand in (None, one.demand) and asked.turn in (None, one.turn)
    ]
    if named and not found:
        raise NotFound("the cycle asks for no such report")
    return next((one for one in found if not one.done), found[-1] if found else None)


def _line(row: RowMapping, names: Names, *, overdue: bool) -> BranchLine:
    same = {name: row[name] for name in BranchLine.model_fields if name in row}
    waits = row["stage"] != "left" and row["state"] in ("missing", "returned")
    late = overdue and waits
    return BranchLine(**{**same, "given_by": names.of_any(row["given_by"]), "overdue": late})


def _is_asked(line: BranchLine, asked: BranchAsked) -> bool:
    return (
        asked.stage in (None, line.stage)
        and (asked.state is None or (asked.state == line.state and line.stage != "left"))
        and (line.overdue or not asked.overdue)
    )
