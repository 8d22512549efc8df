"""What the API reads of roadmaps under way; a part of `reading`."""

from datetime import datetime
from typing import Protocol

from adapters.postgres.roadmap_views import ItemLine, RunningCycle

__all__ = ["ItemLine", "RoadmapReading", "RunningCycle"]


class RoadmapReading(Protocol):
    """A part of `Views`."""

    def running(self, organisation_id: str, roadmap: str) -> tuple[RunningCycle, ...]: ...

    def running_cycle(self, organisation_id: str, cycle_id: str) -> RunningCycle: ...

    def row_line(
        self, organisation_id: str, workflow_id: str, item_id: str, now: datetime
    ) -> ItemLine: ...

    def past_rows(
        self, organisation_id: str, cycle_id: str, now: datetime
    ) -> tuple[ItemLine, ...]: ...
