"""From a roadmap, a start and people to the plan that a cycle runs by."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.base import Message
from domain.deadlines import Period, Window, add_months, windows
from domain.errors import RoleUnmapped
from domain.events import EventKind
from domain.people import Form
from domain.process import Terms
from domain.roadmap import (
    AnswersProof,
    DocumentProof,
    EventProof,
    IndicatorsProof,
    NumberProof,
    Proof,
    RemarkProof,
    ReportProof,
    ReportsProof,
    Result,
    Roadmap,
    Step,
    TrackStage,
)
from domain.routes import Route

Own = Literal["due", "lead"]

_TURN = re.compile(r"@([0-9]+)")


class PlannedResult(Message):
    """One result of an item, and what proves it."""

    id: str
    proof: str
    at_least: int = 1
    count: int = 1  # so many pieces of evidence
    kinds: tuple[EventKind, ...] = ()  # of events; any if empty
    file: bool = False
    document: str | None = None
    drafter: str | None = None
    route: Route | None = None  # of approval
    registrar: str | None = None
    pairs_at: str | None = None
    for_each: Literal["organisation"] | None = None  # one about each organisation below
    indicators: tuple[str, ...] = ()  # each needs a value
    demand: str | None = None  # of the upper cycle, by which reports are asked for
    checked: bool = True  # somebody answers those reports, they do not count as they come
    after: tuple[str, ...] = ()


class PlannedItem(Message):
    """One row's work for one subject, with its days. `lead` and others are people or bodies;
    for a row over pairs the words `mentor` and `mentee` stand until the pair is there.
    """

    id: str
    step: str
    turn: int = 1
    scope: str
    lead: str
    others: tuple[str, ...] = ()
    opens: datetime
    due: datetime | None
    past: bool = False  # its window was over when the cycle was launched
    late_days: int | None = None
    collects: bool = False  # evidence keeps coming; it is done only when `due` is past
    after: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    novices_only: bool = False
    results: tuple[PlannedResult, ...]


class FormPlan(Message):
    """What may be said of a pair of this form."""

    role_models: tuple[str, ...] = ()
    mentor_types: tuple[str, ...] = ()


class CyclePlan(Message):
    """All that a cycle's workflow must know of its roadmap."""

    items: tuple[PlannedItem, ...]  # of the cycle
    per_pair: tuple[PlannedItem, ...]  # to be made for each pair, mentor or mentee
    turns: tuple[datetime, ...]  # when each yearly turn opens
    ends: datetime
    curator: str
    track_lead: str
    track: tuple[TrackStage, ...]
    forms: dict[Form, FormPlan]
    holders: dict[str, str]  # of every role; of a role in the pair the word `mentor` or `mentee`
    routes: dict[str, Route] = {}  # by name, with such words too
    terms: Terms
    below: str | None = None  # the roadmap of the cycles below, if there is a level below
    own: dict[str, tuple[Own, ...]] = {}  # what of its items people changed before the launch


def period_of(roadmap: Roadmap, year: int) -> Period:
    """The cycle that begins in `year`."""
    start = date(year, roadmap.season.month, roadmap.season.day)
    return Period(start=start, end=add_months(start, roadmap.season.months) - timedelta(days=1))


def season_of(roadmap: Roadmap, start: date) -> Period:
    """The season that a launch on `start` joins: the one under way, else the next to begin."""
    begun = period_of(roadmap, start.year)
    if start < begun.start:
        before = period_of(roadmap, start.year - 1)
        return before if start <= before.end else begun
    return begun if start <= begun.end else period_of(roadmap, start.year + 1)


def turn_of(roadmap: Roadmap, start: date, turn: int) -> Period:
    """The season of a yearly turn, counted from 1, of a cycle that was launched on `start`."""
    first = season_of(roadmap, start)
    return period_of(roadmap, first.start.year + turn - 1)


def turn_of_item(item_id: str) -> int:
    """The yearly turn of an item, as its id says it: 2 of `1.7@2#1`."""
    found = _TURN.search(item_id)
    return int(found.group(1)) if found else 1


def turn_from(roadmap: Roadmap, start: date, turn: int) -> Period:
    """As `turn_of`, but a turn does not begin before the launch."""
    season = turn_of(roadmap, start, turn)
    return Period(start=start, end=season.end) if turn == 1 else season


def period_from(roadmap: Roadmap, start: date, turns: int = 1) -> Period:
    """The cycle that is launched on `start`: it ends with the season of its last turn."""
    return Period(start=start, end=turn_of(roadmap, start, turns).end)


def check_roles(roadmap: Roadmap, holders: Mapping[str, str]) -> None:
    """Raises `RoleUnmapped` naming the roles that nobody holds, or that are unknown."""
    missing = [role for role in roadmap.launch_roles() if role not in holders]
    if missing:
        raise RoleUnmapped(f"nobody holds: {', '.join(missing)}")
    unknown = sorted(holders.keys() - set(roadmap.launch_roles()))
    if unknown:
        raise RoleUnmapped(f"the roadmap has no such role: {', '.join(unknown)}")


def plan(
    roadmap: Roadmap,
    start: date,
    zone: ZoneInfo,
    holders: Mapping[str, str],
    turns: int = 1,
) -> CyclePlan:
    """The plan of a cycle that is launched on `start` by these holders of roles.

    Deadlines follow from the season, not from the day of a late launch: each window that was over
    by that day is asked for at once, to be proved by what took place then, or marked as not
    applicable. Each of the yearly turns has all rows anew. Raises `RoleUnmapped`.
    """
    check_roles(roadmap, holders)
    items: list[PlannedItem] = []
    per_pair: list[PlannedItem] = []
    seasons = [turn_of(roadmap, start, turn) for turn in range(1, turns + 1)]
    for turn, season in enumerate(seasons, start=1):
        for step in roadmap.steps:
            found = _items(step, turn, season, start, zone, roadmap, holders)
            if step.scope in ("cycle", "organisations"):
                items += found
            else:
                per_pair += found
    return CyclePlan(
        items=tuple(items),
        per_pair=tuple(per_pair),
        turns=tuple(_first_moment(season.start, zone) for season in seasons),
        ends=last_moment(seasons[-1].end, zone),
        curator=holders[roadmap.curator],
        track_lead=_holder(roadmap, roadmap.pair_lead(), holders),
        track=roadmap.track.stages,
        forms={
            form: FormPlan(
                role_models=tuple(rules.role_models), mentor_types=tuple(rules.mentor_types)
            )
            for form, rules in roadmap.pair_forms().items()
        },
        holders={role: _holder(roadmap, role, holders) for role in roadmap.roles},
        routes={
            name: rules.resolved(lambda role: _holder(roadmap, role, holders))
            for name, rules in roadmap.routes.items()
        },
        terms=roadmap.terms,
        below=roadmap.below.roadmap if roadmap.below else None,
    )


def _items(
    step: Step,
    turn: int,
    season: Period,
    start: date,
    zone: ZoneInfo,
    roadmap: Roadmap,
    holders: Mapping[str, str],
) -> tuple[PlannedItem, ...]:
    found = windows(step.deadline, season)
    name = step.id if turn == 1 else f"{step.id}@{turn}"
    return tuple(
        PlannedItem(
            id=name if len(found) == 1 else f"{name}#{number}",
            step=step.id,
            turn=turn,
            scope=step.scope,
            lead=_holder(roadmap, step.lead, holders),
            others=tuple(_holder(roadmap, role, holders) for role in step.co_executors),
            opens=_first_moment(max(window.opens, start), zone),
            past=window.due is not None and window.due < start,
            due=_due(step, window, start, zone),
            late_days=step.deadline.late_days,
            collects=step.collects,
            after=step.after,
            forms=step.forms,
            novices_only=step.novices_only,
            results=tuple(_result(result, step, roadmap, holders) for result in step.results),
        )
        for number, window in enumerate(found, start=1)
    )


def _result(
    result: Result, step: Step, roadmap: Roadmap, holders: Mapping[str, str]
) -> PlannedResult:
    by: Proof = result.by
    planned = PlannedResult(
        id=result.id,
        proof=by.proof,
        count=result.need,
        after=result.after,
        demand=by.demand if isinstance(by, ReportsProof | ReportProof) else None,
        checked=not isinstance(by, ReportsProof) or _is_checked(roadmap, by.demand),
    )
    match by:
        case DocumentProof():
            return planned.changed(
                document=by.kind,
                drafter=_holder(roadmap, by.drafter or step.lead, holders),
                route=_route(roadmap, by, holders),
                registrar=by.registrar and _holder(roadmap, by.registrar, holders),
                pairs_at=by.pairs_at,
                for_each=by.for_each,
            )
        case EventProof():
            return planned.changed(at_least=by.attendance, kinds=by.kinds)
        case NumberProof() | AnswersProof():
            return planned.changed(at_least=by.at_least)
        case RemarkProof():
            return planned.changed(file=by.file)
        case IndicatorsProof():
            return planned.changed(indicators=roadmap.entered_indicators())
        case _:
            return planned


def _is_checked(roadmap: Roadmap, demand: str) -> bool:
    return demand not in roadmap.demands or roadmap.demands[demand].checked


def _route(roadmap: Roadmap, by: DocumentProof, holders: Mapping[str, str]) -> Route | None:
    if by.route is None:
        return Route.of(by.approver and _holder(roadmap, by.approver, holders))
    return roadmap.routes[by.route].resolved(lambda role: _holder(roadmap, role, holders))


def _holder(roadmap: Roadmap, role: str, holders: Mapping[str, str]) -> str:
    holder = roadmap.roles[role].holder
    return holder if holder in ("mentor", "mentee") else holders[role]


def _due(step: Step, window: Window, start: date, zone: ZoneInfo) -> datetime | None:
    if window.due is None:
        return None
    late = start + timedelta(days=step.deadline.late_days or 0)
    return last_moment(window.due if window.due >= start else late, zone)


def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(_UTC)


def last_moment(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day: deadlines hold to midnight."""
    return (
        datetime.combine(day + timedelta(days=1), time.min, zone) - timedelta(seconds=1)
    ).astimezone(_UTC)


_UTC = ZoneInfo("UTC")
