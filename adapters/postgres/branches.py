"""Reports of branches in PostgreSQL: counted from rows, each version written once."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from activities.branch_ports import FileReport, ReportFiled
from adapters.postgres.branch_tables import BranchReportRow
from adapters.postgres.indicator_values import entered
from adapters.postgres.measures import counted
from adapters.postgres.rows import Known, put
from domain.errors import NotFound
from domain.report_forms import INDICATOR
from domain.upper import Filing

SYSTEM: Final = "system"
"""The origin of figures that the service has counted; else `entered` or `uploaded`."""

_BRANCH = text("SELECT organisation_id FROM branches WHERE cycle_id = :cycle AND n = :n")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_VERSIONS = text(
    """
    SELECT version, origin FROM branch_reports
    WHERE cycle_id = :cycle AND n = :n AND demand = :demand AND turn = :turn ORDER BY version
    """
)
_CLOCK = text("SELECT coalesce(max(seconds), 0) FROM clock WHERE organisation_id = '*'")


class PostgresBranchReports:
    """`BranchReports` over an engine of the application's role."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def file_report(self, task: FileReport) -> ReportFiled:
        """As in `BranchReports`."""
        filing = task.filing
        with self._engine.begin() as connection:
            upper = lock_branch(connection, task.upper_cycle_id, task.n)
            known = _versions(connection, task.upper_cycle_id, task.n, filing)
            for version, origin in known:
                if origin == SYSTEM and version > filing.above:
                    return ReportFiled(version=version)
            version = known[-1][0] + 1 if known else 1
            row = {
                "cycle_id": task.upper_cycle_id,
                "n": task.n,
                "demand": filing.demand,
                "turn": filing.upper_turn,
                "version": version,
                "organisation_id": upper,
                "figures": figures(connection, task.organisation_id, task.cycle_id, filing.turn),
                "origin": SYSTEM,
                "at": _now(connection).isoformat(),
            }
            put(connection, BranchReportRow, [row], Known.IS_AN_ERROR)
        return ReportFiled(version=version)


def figures(
    connection: Connection, organisation_id: str, cycle_id: str, turn: int
) -> Mapping[str, Any]:
    """What a turn comes to: every count, and what was entered as an indicator's value."""
    given = entered(connection, organisation_id, cycle_id, turn)
    return {
        **counted(connection, organisation_id, cycle_id, turn),
        **{f"{INDICATOR}{id_}": value for id_, value in given.items()},
    }


def lock_branch(connection: Connection, cycle_id: str, n: int) -> str:
    """Nobody else gives a version to a report of this branch; whose the upper cycle is."""
    connection.execute(_LOCK, {"key": f"branch/{cycle_id}/{n}"})
    upper = connection.execute(_BRANCH, {"cycle": cycle_id, "n": n}).scalar_one_or_none()
    if upper is None:
        raise NotFound(f"cycle {cycle_id} has no branch {n}")
    return str(upper)


def _versions(
    connection: Connection, cycle_id: str, n: int, filing: Filing
) -> list[tuple[int, str]]:
    given = {"cycle": cycle_id, "n": n, "demand": filing.demand, "turn": filing.upper_turn}
    return [(row.version, row.origin) for row in connection.execute(_VERSIONS, given)]


def _now(connection: Connection) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=connection.execute(_CLOCK).scalar_one())
