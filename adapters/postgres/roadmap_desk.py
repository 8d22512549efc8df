"""Roadmaps for cycles that run: each kept beside the earlier ones."""

from sqlalchemy import text

from activities.roadmap_ports import KeepRoadmap
from adapters.postgres.access_views import one_of
from adapters.postgres.objects import ObjectBook
from adapters.postgres.roadmap_tables import CycleRoadmapRow
from adapters.postgres.rows import Known, put
from adapters.postgres.sitting_desk import lock_organisation

_CYCLE = text(
    "SELECT cycle_id FROM launches WHERE organisation_id = :organisation AND cycle_id = :cycle"
)
_KNOWN = text("SELECT n FROM cycle_roadmaps WHERE cycle_id = :cycle AND change_id = :change")
_LAST = text("SELECT coalesce(max(n), 0) FROM cycle_roadmaps WHERE cycle_id = :cycle")


class PostgresRoadmaps(ObjectBook):
    """`RoadmapDesk` over an engine of the application's role."""

    def keep_roadmap(self, wish: KeepRoadmap) -> int:
        """As in `RoadmapDesk`."""
        given = {"cycle": wish.cycle_id, "change": wish.change_id}
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            one_of(connection, _CYCLE, wish.organisation_id, "cycle", cycle=wish.cycle_id)
            known = connection.execute(_KNOWN, given).scalar_one_or_none()
            if known is not None:
                return int(known)
            n = int(connection.execute(_LAST, given).scalar_one()) + 1
            same = {"change_id", "organisation_id", "cycle_id", "author", "note_id"}
            row = {
                **wish.model_dump(include=same),
                "n": n,
                "roadmap": wish.roadmap.model_dump(mode="json"),
                "roadmap_version": wish.version,
                "roadmap_sha256": wish.sha256,
                "holders": wish.holders,
                "added": list(wish.added),
                "at": wish.at.isoformat(),
            }
            put(connection, CycleRoadmapRow, [row], Known.IS_AN_ERROR)
            return n
