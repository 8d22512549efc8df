"""What is launched: kept once, whole, with the cycle announced as at work."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, text

from activities import tasks
from adapters.postgres.projection import announced
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import LaunchRow
from adapters.postgres.work_tables import ProcessRow
from domain import ids
from domain.errors import AlreadyLaunched, NotFound
from domain.planning import period_from
from domain.roadmap import Roadmap
from domain.roadmap_versions import sha256_of

_STRANGERS = text(
    """
    SELECT h FROM unnest(CAST(:holders AS text[])) AS h
    WHERE NOT EXISTS (SELECT FROM people WHERE id = h AND organisation_id = :organisation)
      AND NOT EXISTS (SELECT FROM bodies WHERE id = h AND organisation_id = :organisation)
    """
)
_RUNNING = text(
    """
    SELECT l.cycle_id FROM launches l LEFT JOIN processes p ON p.id = 'cycle/' || l.cycle_id
    WHERE l.organisation_id = :organisation AND l.roadmap_name = :roadmap
      AND l.cycle_id <> :cycle AND l.ends >= :first_ends
      AND l.ends - make_interval(years => l.turns - 1) <= :ends
      AND p.stage IS DISTINCT FROM 'closed'
    LIMIT 1
    """
)
_LAUNCHED = text(
    "SELECT roadmap_sha256, start, holders, turns FROM launches WHERE cycle_id = :cycle"
)


def keep(connection: Connection, cycle_id: str, organisation_id: str, launch: tasks.Launch) -> None:
    """As `Desk.keep_launch`; the caller holds the organisation's lock."""
    roadmap = launch.roadmap.model_dump(mode="json")
    period = period_from(launch.roadmap, launch.start, launch.turns)
    row = {
        "cycle_id": cycle_id,
        "organisation_id": organisation_id,
        "roadmap_name": launch.roadmap.roadmap,
        "roadmap_version": launch.roadmap.version,
        "roadmap_sha256": sha256_of(launch.roadmap),
        "roadmap": roadmap,
        "start": period.start.isoformat(),
        "ends": period.end.isoformat(),
        **launch.model_dump(include={"time_zone", "holders", "turns", "launched_by"}),
        "organisations": [],  # cycles below have launches of their own since 0020
        **_upper_of(launch),
        "follows": launch.follows,
        "amended": [row.model_dump(mode="json") for row in launch.amended] or None,
    }
    check_holders(connection, organisation_id, list(launch.holders.values()))
    about = (launch.roadmap, launch.start, launch.turns)
    running = running_cycle(connection, organisation_id, *about, beside=cycle_id)
    if running is not None:
        raise AlreadyLaunched(f"cycle {running} of {launch.roadmap.roadmap} runs already")
    if not put(connection, LaunchRow, [row], Known.STAYS):
        _check_repeat(connection, row)
    process = announced(ids.cycle_workflow(cycle_id), "cycle", organisation_id, cycle_id, None)
    put(connection, ProcessRow, [process], Known.STAYS)


def running_cycle(
    connection: Connection,
    organisation_id: str,
    roadmap: Roadmap,
    start: date,
    turns: int,
    beside: str = "",
) -> str | None:
    """A cycle of the same roadmap and of a season of such a launch that is not closed, save
    `beside`; its id.
    """
    sought = {
        "organisation": organisation_id,
        "roadmap": roadmap.roadmap,
        "cycle": beside,
        "first_ends": period_from(roadmap, start).end,
        "ends": period_from(roadmap, start, turns).end,
    }
    found: str | None = connection.execute(_RUNNING, sought).scalar_one_or_none()
    return found


def _upper_of(launch: tasks.Launch) -> dict[str, object]:
    upper = launch.upper
    return {
        "upper_cycle_id": upper and upper.cycle_id,
        "branch": upper and upper.n,
        "upper_turn": upper and upper.turn,
        "adapt": list(upper.adapt) if upper else None,
    }


def _check_repeat(connection: Connection, row: Mapping[str, object]) -> None:
    """A branch is launched once: its id follows from the invitation, not from the request."""
    known = connection.execute(_LAUNCHED, {"cycle": row["cycle_id"]}).mappings().one()
    said = {**known, "start": known["start"].isoformat()}
    if any(row[name] != value for name, value in said.items()):
        raise AlreadyLaunched(f"cycle {row['cycle_id']} was launched before, in another way")


def check_holders(connection: Connection, organisation_id: str, holders: Sequence[str]) -> None:
    """Raises `NotFound` if one of them is no person and no body of the organisation."""
    given = {"organisation": organisation_id, "holders": list(holders)}
    strangers = connection.execute(_STRANGERS, given).scalars().all()
    if strangers:
        raise NotFound(f"the organisation has no person or body {', '.join(strangers)}")
