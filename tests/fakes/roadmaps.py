"""Roadmaps under way in memory: the desk's part and the views'."""

from datetime import datetime

from activities.roadmap_ports import KeepRoadmap
from adapters.postgres.roadmap_views import RunningCycle
from adapters.postgres.shown import ItemLine, Named
from domain.errors import NotFound
from tests.fakes.form_views import FakeFormViews


class MemoryRoadmaps:
    """`RoadmapDesk` over a list."""

    def __init__(self) -> None:
        self.kept: list[KeepRoadmap] = []

    def keep(self, wish: KeepRoadmap) -> int:
        if wish.change_id not in [one.change_id for one in self.kept]:
            self.kept.append(wish)
        same = [one.change_id for one in self.kept if one.cycle_id == wish.cycle_id]
        return same.index(wish.change_id) + 1


class FakeRoadmapViews(FakeFormViews):
    """What the API reads of roadmaps under way. A test puts the cycles in."""

    running_cycles: list[RunningCycle]

    def running(self, organisation_id: str, roadmap: str) -> tuple[RunningCycle, ...]:
        return tuple(one for one in self.running_cycles if one.roadmap.roadmap == roadmap)

    def running_cycle(self, organisation_id: str, cycle_id: str) -> RunningCycle:
        for one in self.running_cycles:
            if (one.organisation_id, one.cycle_id) == (organisation_id, cycle_id):
                return one
        raise NotFound(f"no cycle {cycle_id}")

    def row_line(
        self, organisation_id: str, workflow_id: str, item_id: str, now: datetime
    ) -> ItemLine:
        self._check(organisation_id, workflow_id)
        lead = Named(id="a" * 16, name="Соколова Н. П.")
        return ItemLine(
            workflow_id=workflow_id,
            item_id=item_id,
            step="1.1",
            turn=1,
            title="Педагогический совет",
            pair_id=None,
            lead=lead,
            opens=now,
            due=None,
            open=True,
            done=False,
            skipped=False,
            late=False,
            results=(),
        )

    def past_rows(self, organisation_id: str, cycle_id: str, now: datetime) -> tuple[ItemLine, ...]:
        self.running_cycle(organisation_id, cycle_id)
        return ()
