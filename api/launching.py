"""What a launch will ask and what is missing for it, told before anything is written."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

from api.launch_schemas import (
    BelowForeseen,
    BranchForeseen,
    LaunchAsked,
    LaunchForeseen,
    RoadmapLine,
)
from api.routes.launch_reading import LaunchReading
from domain.errors import NotFound
from domain.kinds import DocumentKind
from domain.launch_checks import House, missing
from domain.packages import PaperRule
from domain.planning import period_from
from domain.preview import Preview, preview
from domain.roadmap import Roadmap

_IN_CYCLE: Final = ""
"""What a preview says of rows that are done once."""


class Library(Protocol):
    """The roadmaps by name, as `Services` has them."""

    @property
    def roadmaps(self) -> Callable[[str], Roadmap]: ...


class Before(Library, Protocol):
    """What is read before a launch; `Services` is one."""

    @property
    def views(self) -> LaunchReading: ...

    @property
    def kinds(self) -> Mapping[str, DocumentKind]: ...

    @property
    def package_rules(self) -> tuple[PaperRule, ...]: ...

    def process_now(self) -> datetime: ...


class Shelf(Library, Protocol):
    """A library whose names are known."""

    @property
    def roadmap_names(self) -> Callable[[], tuple[str, ...]]: ...


def library(services: Shelf) -> tuple[RoadmapLine, ...]:
    """All roadmaps that can be launched, by title."""
    found = (services.roadmaps(name) for name in services.roadmap_names())
    lines = (
        RoadmapLine(
            roadmap=one.roadmap,
            version=one.version,
            title=one.title,
            level=one.level,
            rows=len(one.steps),
        )
        for one in found
    )
    return tuple(sorted(lines, key=lambda one: (one.title, one.roadmap)))


def foreseen(services: Before, organisation_id: str, asked: LaunchAsked) -> LaunchForeseen:
    """What this launch would ask. Raises `NotFound` for an unknown roadmap."""
    roadmap = services.roadmaps(asked.roadmap)
    turns = asked.turns or roadmap.season.turns
    now = services.process_now()
    house = services.views.house(organisation_id, roadmap, asked.start, turns, now)
    period = period_from(roadmap, asked.start, turns)
    found = missing(roadmap, period, asked.holders, house, now)
    known = {named: one.name for one in house.people for named in (one.code, one.id)}
    known |= {named: one.name for one in house.bodies for named in (one.code, one.id)}
    names = {role: known[named] for role, named in asked.holders.items() if named in known}
    return LaunchForeseen(
        ready=not found,
        refused=any(one.stops for one in found),
        missing=found,
        plan=preview(roadmap, asked.start, services.kinds, services.package_rules, names, turns),
        below=_below(services, roadmap, asked, house),
    )


def below_of(services: Library, upper: Roadmap) -> Roadmap | None:
    """The roadmap of the level below, if the library still has it."""
    if upper.below is None:
        return None
    with suppress(NotFound):
        return services.roadmaps(upper.below.roadmap)
    return None


def _below(
    services: Before, upper: Roadmap, asked: LaunchAsked, house: House
) -> BelowForeseen | None:
    roadmap = below_of(services, upper)
    if roadmap is None:
        return None
    plan = preview(roadmap, asked.start, services.kinds, services.package_rules)
    inside = sum(not one.outside for one in house.below)
    rows, documents = _once(plan)
    return BelowForeseen(
        plan=plan,
        organisations=tuple(
            BranchForeseen(
                organisation_id=one.id, name=one.name, outside=one.outside, account=one.account
            )
            for one in house.below
        ),
        rows=rows * inside,
        documents=documents * inside,
    )


def _once(plan: Preview) -> tuple[int, int]:
    """Rows that a cycle has whatever its pairs, and the documents in them."""
    items = [item for item in plan.items if item.for_each == _IN_CYCLE]
    papers = (result.document for item in items for result in item.results)
    return len(items), sum(paper is not None for paper in papers)
