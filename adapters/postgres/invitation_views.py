"""What an organisation sees of the cycles above that invited it, and its own report."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.branch_views import BranchStage, BranchViews, ReportState, demands_of
from adapters.postgres.branches import figures
from domain.base import Value
from domain.errors import NotFound
from domain.planning import turn_of
from domain.report_forms import ReportForm, asked_of
from domain.reporting import place
from domain.roadmap import Roadmap


class InvitedReport(Value):
    """A report that the cycle above asks for, and how ours stands."""

    demand: str
    turn: int
    title: str
    due: datetime | None
    overdue: bool
    state: ReportState
    version: int | None
    remark: str | None


class InvitationLine(Value):
    """A cycle above that invited us. `own_cycle_id`: the cycle that we launched for it; `before`:
    for the one that it follows, unless we left that.
    """

    cycle_id: str
    n: int
    upper: str  # the organisation's name
    title: str
    start: date
    ends: date
    roadmap: str | None
    adapt: tuple[str, ...]
    stage: BranchStage
    own_cycle_id: str | None
    reports: tuple[InvitedReport, ...]
    before: str | None = None
    reminded: datetime | None = None  # the last time, while nothing was launched


_INVITATIONS: Final = text(
    """
    SELECT b.cycle_id, b.n, b.stage, b.reports, b.organisation_id AS upper_id, o.name AS upper,
      l.roadmap, l.start, l.ends, m.cycle_id AS own_cycle_id,
      (SELECT p.cycle_id FROM launches u
        JOIN branches k ON k.cycle_id = u.follows AND k.below_id = :organisation
          AND k.stage <> 'left'
        JOIN launches p ON p.upper_cycle_id = k.cycle_id AND p.branch = k.n
          AND p.organisation_id = :organisation
        WHERE u.cycle_id = b.cycle_id ORDER BY k.n DESC LIMIT 1) AS before,
      (SELECT max(at) FROM notices WHERE organisation_id = :organisation
        AND cycle_id = b.cycle_id AND subject = 'cycle/' || b.cycle_id) AS reminded
    FROM branches b JOIN programmes l ON l.cycle_id = b.cycle_id
    JOIN organisations o ON o.organisation_id = b.organisation_id
    LEFT JOIN launches m ON m.upper_cycle_id = b.cycle_id AND m.branch = b.n
      AND m.organisation_id = :organisation
    WHERE b.below_id = :organisation ORDER BY l.start DESC, l.cycle_id, b.n DESC
    """
)
_TURNS: Final = text("SELECT roadmap, start, turns FROM programmes WHERE cycle_id = :cycle")
_REMARKS: Final = text(
    """
    SELECT id, body ->> 'text' AS words FROM kept_texts
    WHERE organisation_id = :organisation AND id = ANY(:ids)
    """
)
_LAUNCH: Final = text(
    """
    SELECT l.roadmap, o.name FROM programmes l JOIN organisations o USING (organisation_id)
    WHERE l.organisation_id = :organisation AND l.cycle_id = :cycle
    """
)


class BranchBefore(Value):
    """An organisation that was in the cycle of the year before and has not left it. `invited`: it
    is in this one as well.
    """

    organisation_id: str
    name: str
    invited: bool


_BEFORE: Final = text(
    """
    SELECT DISTINCT o.name, o.organisation_id, EXISTS (SELECT FROM branches n
        WHERE n.cycle_id = l.cycle_id AND n.below_id = b.below_id AND n.stage <> 'left') AS invited
    FROM launches l JOIN branches b ON b.cycle_id = l.follows
      JOIN organisations o ON o.organisation_id = b.below_id
    WHERE l.organisation_id = :organisation AND l.cycle_id = :cycle AND b.stage <> 'left'
      AND b.organisation_id = :organisation AND o.upper_id = :organisation
    ORDER BY o.name, o.organisation_id
    """
)


class InvitationViews(BranchViews):
    """What an organisation was invited to. `NotFound` where there is nothing of the kind."""

    def invitations(self, organisation_id: str, now: datetime) -> tuple[InvitationLine, ...]:
        """All cycles above that invited the organisation, the latest first."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _INVITATIONS, organisation_id)
            return tuple(_invitation(connection, row, now) for row in rows)

    def invitation(
        self, organisation_id: str, cycle_id: str, n: int, now: datetime
    ) -> InvitationLine:
        """One of them."""
        known = self.invitations(organisation_id, now)
        for one in known:
            if (one.cycle_id, one.n) == (cycle_id, n):
                return one
        raise NotFound(f"cycle {cycle_id} has invited nobody here as branch {n}")

    def branches_before(self, organisation_id: str, cycle_id: str) -> tuple[BranchBefore, ...]:
        """Who may be invited anew: those of the cycle that this one follows, by name."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _BEFORE, organisation_id, cycle=cycle_id)
        return tuple(BranchBefore.model_validate(dict(row)) for row in rows)

    def upper_turn(self, cycle_id: str, day: date) -> int:
        """At which yearly turn of the cycle above a cycle stands that is launched on `day`."""
        with self._engine.connect() as connection:
            row = connection.execute(_TURNS, {"cycle": cycle_id}).one()
        roadmap = Roadmap.model_validate(row.roadmap)
        seasons = (turn_of(roadmap, row.start, turn) for turn in range(1, row.turns + 1))
        return max(1, sum(season.start <= day for season in seasons))

    def own_report(self, organisation_id: str, cycle_id: str, turn: int) -> ReportForm:
        """What a yearly turn of a cycle comes to, as it would be reported above."""
        with self._engine.connect() as connection:
            launch = one_of(connection, _LAUNCH, organisation_id, "cycle", cycle=cycle_id)
            known = figures(connection, organisation_id, cycle_id, turn)
        roadmap = Roadmap.model_validate(launch["roadmap"])
        asked = asked_of(roadmap, roadmap)
        return ReportForm(
            key=f"{cycle_id}/{turn}",
            organisation=launch["name"],
            programme=roadmap.title,
            title="Отчёт организации",
            year=f"год {turn}" if turn > 1 else "",
            asked=asked,
            figures={one.name: known[one.name] for one in asked if one.name in known},
        )


def _invitation(connection: Connection, row: RowMapping, now: datetime) -> InvitationLine:
    roadmap = Roadmap.model_validate(row["roadmap"])
    demands = demands_of(connection, row["upper_id"], row["cycle_id"], roadmap, now)
    said = {place(one.demand, one.turn): one for one in demands}
    standing = {where: row["reports"].get(where, {}) for where in said}
    notes = [one["note_id"] for one in standing.values() if one.get("note_id")]
    words = {
        one["id"]: one["words"] for one in rows_of(connection, _REMARKS, row["upper_id"], ids=notes)
    }
    reports = tuple(
        InvitedReport(
            **one.model_dump(exclude={"done"}),
            state=standing[where].get("status", "missing"),
            version=standing[where].get("version") or None,
            remark=words.get(standing[where].get("note_id")),
        )
        for where, one in said.items()
    )
    below = roadmap.below
    same = ("cycle_id", "n", "upper", "start", "ends", "stage", "own_cycle_id", "reminded")
    return InvitationLine(
        **{name: row[name] for name in (*same, "before")},
        title=roadmap.title,
        roadmap=below.roadmap if below else None,
        adapt=below.adapt if below else (),
        reports=reports,
    )
