"""Figures of a branch's report that somebody above entered in its place: the next version."""

from typing import Final

from sqlalchemy import Connection, text

from activities.organisation_ports import EnteredFigures
from adapters.postgres.branch_tables import BranchReportRow
from adapters.postgres.branches import lock_branch
from adapters.postgres.rows import Known, put
from domain.errors import NotFound
from domain.reporting import place

_LATEST: Final = text(
    """
    SELECT r.version, r.figures, r.origin, r.given_by, r.source, r.file_sha256,
      r.version > coalesce(CAST(b.reports -> :place ->> 'version' AS integer), 0) AS unheard
    FROM branch_reports r JOIN branches b USING (cycle_id, n)
    WHERE r.cycle_id = :cycle_id AND r.n = :n AND r.demand = :demand AND r.turn = :turn
    ORDER BY r.version DESC LIMIT 1
    """
)


def enter(connection: Connection, entered: EnteredFigures) -> int:
    """As `OrganisationDesk.enter_figures`."""
    upper = lock_branch(connection, entered.cycle_id, entered.n)
    if upper != entered.organisation_id:
        raise NotFound(f"cycle {entered.cycle_id} has no branch {entered.n}")
    given = entered.model_dump(include={"cycle_id", "n", "demand", "turn"})
    where = place(entered.demand, entered.turn)
    known = connection.execute(_LATEST, {**given, "place": where}).mappings().one_or_none()
    said = entered.model_dump(include={"figures", "origin", "given_by", "source", "file_sha256"})
    if known is not None and known["unheard"] and said == {name: known[name] for name in said}:
        return int(known["version"])
    version = int(known["version"]) + 1 if known is not None else 1
    row = {
        **given,
        **said,
        "version": version,
        "organisation_id": upper,
        "at": entered.at.isoformat(),
    }
    put(connection, BranchReportRow, [row], Known.IS_AN_ERROR)
    return version
