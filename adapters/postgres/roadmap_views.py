"""Cycles that run by a roadmap, with all that a new version of it is held against."""

import json
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.cycle_views import CycleViews
from adapters.postgres.names import Names
from adapters.postgres.road_lines import item_line
from adapters.postgres.shown import ItemLine
from domain.base import Value
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap

__all__ = ["ItemLine", "RoadmapViews", "RunningCycle"]


class RunningCycle(Value):
    """A cycle that was launched and is not closed. `state` is None before it saved itself.

    `waiting` are the yearly turns in which pairs wait for an order, `forms` those of its pairs.
    """

    cycle_id: str
    organisation_id: str
    organisation: str
    start: date
    time_zone: str
    turns: int
    roadmap: Roadmap
    version: int
    sha256: str
    n: int
    holders: dict[str, str]
    added: tuple[str, ...]
    waiting: tuple[int, ...]
    forms: tuple[str, ...]
    state: ProgrammeState | None
    follows: str | None = None  # the cycle of the year before

    @property
    def zone(self) -> ZoneInfo:
        """In which its days begin and end."""
        return ZoneInfo(self.time_zone)


_RUNNING: Final = """
    SELECT l.cycle_id, l.organisation_id, coalesce(nullif(o.short_name, ''), o.name) AS name,
      l.start, l.time_zone, l.turns, l.roadmap, l.roadmap_version, l.roadmap_sha256, l.holders,
      coalesce(p.roadmap_n, 0) AS n, coalesce(r.added, '[]') AS added, p.state,
      (SELECT f.follows FROM launches f WHERE f.cycle_id = l.cycle_id) AS follows,
      ARRAY(SELECT DISTINCT q.turn FROM pairs q
        LEFT JOIN processes s ON s.id = 'pair/' || q.pair_id
        WHERE q.cycle_id = l.cycle_id AND q.open AND s.state ->> 'order_id' IS NULL) AS waiting,
      ARRAY(SELECT DISTINCT q.form FROM pairs q WHERE q.cycle_id = l.cycle_id) AS forms
    FROM programmes l JOIN organisations o ON o.organisation_id = l.organisation_id
    LEFT JOIN processes p ON p.id = 'cycle/' || l.cycle_id
    LEFT JOIN cycle_roadmaps r ON r.cycle_id = l.cycle_id AND r.n = p.roadmap_n
"""
# Cycles below were given their roadmap by the cycle above, at whatever depth; those that left it
# are their own.
_OF_A_ROADMAP = text(
    f"""
    WITH RECURSIVE reached AS (
      SELECT cycle_id FROM launches WHERE organisation_id = :organisation
      UNION
      SELECT b.cycle_id FROM launches b JOIN reached u ON b.upper_cycle_id = u.cycle_id
      JOIN branches k ON k.cycle_id = b.upper_cycle_id AND k.n = b.branch AND k.stage <> 'left')
    {_RUNNING}
    WHERE l.roadmap_name = :name AND l.cycle_id IN (SELECT cycle_id FROM reached)
      AND p.stage IS DISTINCT FROM 'closed'
    ORDER BY l.organisation_id <> :organisation, name, l.start, l.cycle_id
    """  # noqa: S608 - a constant of ours
)
_ONE = text(f"{_RUNNING} WHERE l.organisation_id = :organisation AND l.cycle_id = :cycle")
_ROW = text(
    """
    SELECT i.*, l.roadmap FROM items i JOIN programmes l ON l.cycle_id = i.cycle_id
    WHERE i.organisation_id = :organisation AND i.workflow_id = :workflow AND i.item_id = :item
    """
)
_PAST = text(
    """
    SELECT ARRAY(
      SELECT one -> 'plan' ->> 'id' FROM jsonb_array_elements(p.state -> 'items') AS one
      WHERE (one -> 'plan' ->> 'past')::boolean) AS past
    FROM processes p
    WHERE p.organisation_id = :organisation AND p.id = 'cycle/' || CAST(:cycle AS varchar)
    """
)


class RoadmapViews(CycleViews):
    """Reads for changes of roadmaps."""

    def running(self, organisation_id: str, roadmap: str) -> tuple[RunningCycle, ...]:
        """The cycles by a roadmap that are not closed: the organisation's own, then those below
        that were given it and have not left.
        """
        with self._engine.connect() as connection:
            rows = rows_of(connection, _OF_A_ROADMAP, organisation_id, name=roadmap)
        return tuple(map(_running, rows))

    def running_cycle(self, organisation_id: str, cycle_id: str) -> RunningCycle:
        """One cycle of the organisation; `NotFound` if it has none of this id."""
        with self._engine.connect() as connection:
            return _running(one_of(connection, _ONE, organisation_id, "cycle", cycle=cycle_id))

    def row_line(
        self, organisation_id: str, workflow_id: str, item_id: str, now: datetime
    ) -> ItemLine:
        """One row of a cycle or of a pair."""
        given = {"workflow": workflow_id, "item": item_id}
        with self._engine.connect() as connection:
            row = one_of(connection, _ROW, organisation_id, "row", **given)
            names = Names(connection, organisation_id, [row["lead"]])
        return item_line(row, names, Roadmap.model_validate(row["roadmap"]), now)

    def past_rows(self, organisation_id: str, cycle_id: str, now: datetime) -> tuple[ItemLine, ...]:
        """Rows whose windows were over when the cycle was launched, and that nobody closed yet."""
        with self._engine.connect() as connection:
            row = one_of(connection, _PAST, organisation_id, "cycle", cycle=cycle_id)
        past = set(row["past"])
        rows = self.cycle_rows(organisation_id, cycle_id, now).rows
        return tuple(one for one in rows if one.item_id in past and not one.done)


def _running(row: RowMapping) -> RunningCycle:
    state = row["state"]
    same = ("cycle_id", "organisation_id", "start", "time_zone", "turns", "n", "holders", "follows")
    return RunningCycle(
        **{name: row[name] for name in same},
        organisation=row["name"],
        roadmap=Roadmap.model_validate_json(json.dumps(row["roadmap"])),
        version=row["roadmap_version"],
        sha256=row["roadmap_sha256"],
        added=tuple(row["added"]),
        waiting=tuple(row["waiting"]),
        forms=tuple(row["forms"]),
        state=None if state is None else ProgrammeState.model_validate_json(json.dumps(state)),
    )
