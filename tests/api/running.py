"""Cycles that run by a roadmap."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres.roadmap_views import RunningCycle
from domain.planning import plan
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.roadmap_versions import sha256_of

START = date(2026, 9, 1)
ZONE = "Asia/Vladivostok"
LAUNCHED = datetime(2026, 9, 1, 9, tzinfo=UTC)


def a_running_cycle(
    roadmap: Roadmap, organisation_id: str, cycle_id: str, holder: str, **fields: Any
) -> RunningCycle:
    """A cycle of one turn that runs by a roadmap; one person holds all its roles."""
    holders = dict.fromkeys(roadmap.launch_roles(), holder)
    state = ProgrammeState(
        organisation_id=organisation_id,
        cycle_id=cycle_id,
        administrator=holder,
        launched=LAUNCHED,
    ).planned(plan(roadmap, START, ZoneInfo(ZONE), holders), LAUNCHED)
    known: dict[str, Any] = {
        "cycle_id": cycle_id,
        "organisation_id": organisation_id,
        "organisation": "МБОУ СОШ № 1",
        "start": START,
        "time_zone": ZONE,
        "turns": 1,
        "roadmap": roadmap,
        "version": roadmap.version,
        "sha256": sha256_of(roadmap),
        "n": 0,
        "holders": holders,
        "added": (),
        "waiting": (),
        "forms": (),
        "state": state,
    }
    return RunningCycle(**{**known, **fields})
