"""New versions of roadmaps, and rows that are added, against cycles that run."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from starlette.concurrency import run_in_threadpool

from activities.roadmap_ports import KeepRoadmap
from activities.tasks import KeptText
from api import choosing
from api import row_schemas as schemas
from api.act import Act
from api.problems import Unavailable, problem_of
from api.routes.roadmap_reading import RunningCycle
from api.schemas import Answered
from api.services import Services
from domain import ids
from domain.cycle_roadmap import TakeRoadmap
from domain.errors import NotFound, Refused, RoadmapConflict, RowDoesNotFit, WrongState
from domain.migration import Conflict, MergedItems
from domain.people import Actor
from domain.planning import plan
from domain.roadmap import Roadmap
from domain.roadmap_checks import complaints
from domain.roadmap_versions import check_forms, holders_for, sha256_of, with_row, with_version

AT_ONCE: Final = 10
"""Cycles that take a roadmap side by side."""

_WHY: Final = {
    "at_work": "документ строки в работе: сначала отзовите его или дождитесь его подписания",
    "proved": "её результат уже подтверждён, а в новой версии его нет или он подтверждается иначе",
    "pairs_wait": "приказа этой строки ждут пары",
}

_OUTCOMES: Final = {
    "unaffected": ("не затронут", "не затронуты", "не затронуто"),
    "documents": ("получит новый документ", "получат новый документ", "получат новый документ"),
    "changes": ("изменится", "изменятся", "изменится"),
    "conflict": ("в конфликте", "в конфликте", "в конфликте"),
}

_TEENS: Final = range(11, 15)

Plan = tuple[Roadmap, dict[str, str], MergedItems]
"""The cycle's roadmap to be, who holds its roles, and what becomes of the rows."""


async def add_row(act: Act, cycle_id: str, said: schemas.NewRow) -> Answered:
    """Add a row to one cycle.

    Raises `RowDoesNotFit`, `RoadmapConflict`, and as `check_can_take`.
    """
    cycle = await run_in_threadpool(
        act.services.views.running_cycle, act.user.organisation_id, cycle_id
    )
    roadmap, holders, found = await run_in_threadpool(_with_row, act.services, cycle, said)
    _check(found)
    change = _Change(act, said.reason, cycle.version, cycle.sha256)
    return await change.take(cycle, roadmap, holders, (*cycle.added, said.row.id))


async def apply(act: Act, name: str, said: schemas.ApplyRoadmap) -> schemas.Applied:
    """Hold a version against all cycles that run by it, and have each take it that can.

    What one cycle refuses stops no other. Raises `NotFound` for an unknown roadmap.
    """
    services, organisation = act.services, act.user.organisation_id
    if said.dry_run:
        return await run_in_threadpool(foreseen, services, organisation, name, said.holders)
    version = services.roadmaps(name)
    running = await run_in_threadpool(services.views.running, organisation, name)
    change = _Change(act, said.reason or "", version.version, sha256_of(version))
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(cycle: RunningCycle) -> tuple[schemas.CycleForeseen, bool]:
        async with gate:
            line, made = await run_in_threadpool(_seen, services, cycle, version, said.holders)
            return (line, True) if made is None else await _taken(change, cycle, line, made)

    lines = await asyncio.gather(*map(one, running))
    found = _applied(version, [line for line, _ in lines], dry_run=False)
    return found.changed(unfinished=not all(known for _, known in lines))


def foreseen(
    services: Services, organisation_id: str, name: str, holders: Mapping[str, str]
) -> schemas.Applied:
    """What would become of the cycles. Raises `NotFound` for an unknown roadmap."""
    version = services.roadmaps(name)
    running = services.views.running(organisation_id, name)
    lines = (_seen(services, cycle, version, holders)[0] for cycle in running)
    return _applied(version, lines, dry_run=True)


def _applied(
    version: Roadmap, lines: Iterable[schemas.CycleForeseen], *, dry_run: bool
) -> schemas.Applied:
    cycles = tuple(lines)
    return schemas.Applied(
        roadmap=version.roadmap,
        version=version.version,
        sha256=sha256_of(version),
        dry_run=dry_run,
        words=applied_words(cycles),
        cycles=cycles,
    )


def applied_words(cycles: Iterable[schemas.CycleForeseen]) -> str:
    """«31 цикл не затронут, 4 получат новый документ, 2 в конфликте»."""
    counts: Counter[str] = Counter(one.outcome for one in cycles)
    if not counts:
        return "Идущих циклов по этой дорожной карте нет."
    parts = [(n, _counted(n, *words)) for name, words in _OUTCOMES.items() if (n := counts[name])]
    first, *rest = parts
    cycle = _counted(first[0], "цикл", "цикла", "циклов")
    said_first = f"{first[0]} {cycle} {first[1]}"
    return ", ".join((said_first, *(f"{n} {words}" for n, words in rest))) + "."


def _counted(n: int, one: str, few: str, many: str) -> str:
    if n % 100 in _TEENS:
        return many
    return one if n % 10 == 1 else few if n % 10 in (2, 3, 4) else many


class _Change:
    """One decision, which many cycles may take: each by a request that follows from it."""

    def __init__(self, act: Act, reason: str, version: int, sha256: str) -> None:
        self._act, self._reason = act, reason
        self._version, self._sha256 = version, sha256

    async def take(
        self,
        cycle: RunningCycle,
        roadmap: Roadmap,
        holders: dict[str, str],
        added: tuple[str, ...],
    ) -> Answered:
        """Keep the roadmap and have the cycle take it. Raises its refusal."""
        act, workflow = self._act, ids.cycle_workflow(cycle.cycle_id)
        request = ids.derived_id(act.request_id, workflow, "roadmap")
        note = await run_in_threadpool(self._keep_reason, cycle, workflow, request)
        kept = KeepRoadmap(
            change_id=request,
            organisation_id=cycle.organisation_id,
            cycle_id=cycle.cycle_id,
            roadmap=roadmap,
            version=self._version,
            sha256=self._sha256,
            holders=holders,
            added=added,
            author=act.user.id,
            note_id=note,
            at=act.now,
        )
        n = await run_in_threadpool(act.services.desk.keep_roadmap, kept)
        wish = TakeRoadmap(
            by=Actor(user_id=act.user.id, role=act.user.role, acts_for=act.user.acts_for),
            note_id=note,
            clock_offset=act.clock_offset,
            n=n,
            was=cycle.version,
            version=self._version,
            sha256=self._sha256,
            from_above=cycle.organisation_id != act.user.organisation_id,
        )
        answer = await act.services.gateway.send(workflow, wish, request)
        return Answered(workflow_id=workflow, revision=answer.revision)

    def _keep_reason(self, cycle: RunningCycle, workflow: str, request: str) -> str:
        text = KeptText(
            id=ids.derived_id(request, "reason"),
            organisation_id=cycle.organisation_id,
            kind="reason",
            subject=workflow,
            author=self._act.user.id,
            body={"text": self._reason},
        )
        return self._act.services.desk.keep_text(text)


def _seen(
    services: Services, cycle: RunningCycle, version: Roadmap, given: Mapping[str, str]
) -> tuple[schemas.CycleForeseen, Plan | None]:
    """What becomes of a cycle, and the plan if there is something to take."""
    line = schemas.CycleForeseen(
        cycle_id=cycle.cycle_id,
        organisation=cycle.organisation,
        start=cycle.start,
        version=cycle.version,
        outcome="unaffected",
    )
    if cycle.sha256 == sha256_of(version):
        return line, None
    try:
        made = _by_version(services, cycle, version, given)
    except Refused as refusal:
        why = schemas.RowConflict(
            row=None,
            why=type(refusal).__name__,
            words=f"{problem_of(refusal).title}: {refusal}",
        )
        return line.changed(outcome="conflict", conflicts=(why,)), None
    line = _shown(line, made[-1])
    return line, None if line.outcome == "conflict" else made


async def _taken(
    change: _Change, cycle: RunningCycle, line: schemas.CycleForeseen, made: Plan
) -> tuple[schemas.CycleForeseen, bool]:
    """What became of the cycle, and whether that is known."""
    roadmap, holders, _ = made
    try:
        await change.take(cycle, roadmap, holders, cycle.added)
    except Refused as refusal:
        problem = f"{problem_of(refusal).title}: {refusal}"
        return line.changed(problem=problem), not isinstance(refusal, Unavailable)
    return line.changed(taken=True), True


def _shown(line: schemas.CycleForeseen, found: MergedItems) -> schemas.CycleForeseen:
    outcome = "conflict" if found.conflicts else "documents" if found.papers else "changes"
    if outcome == "changes" and not found.changes_something():
        outcome = "unaffected"
    return line.changed(
        outcome=outcome,
        new_rows=found.new,
        new_documents=found.papers,
        moved=found.moved,
        led=found.led,
        ended=found.ended,
        reopened=found.reopened,
        conflicts=tuple(map(_why, found.conflicts)),
    )


def _why(conflict: Conflict) -> schemas.RowConflict:
    return schemas.RowConflict(
        row=conflict.item,
        why=conflict.why,
        words=f"строка {conflict.item}: {_WHY[conflict.why]}",
        documents=conflict.documents,
    )


def _check(found: MergedItems) -> None:
    if found.conflicts:
        raise RoadmapConflict("; ".join(_why(one).words for one in found.conflicts))


def _with_row(services: Services, cycle: RunningCycle, said: schemas.NewRow) -> Plan:
    roadmap = with_row(cycle.roadmap, cycle.n, said.row)
    if wrong := complaints(roadmap, services.known_kinds):
        raise RowDoesNotFit("; ".join(one.text for one in wrong))
    return _foreseen(cycle, roadmap, cycle.holders)


def _by_version(
    services: Services, cycle: RunningCycle, version: Roadmap, given: Mapping[str, str]
) -> Plan:
    """Raises `RoadmapConflict`, `RoleUnmapped`, `WrongState`, or `NotFound` for a holder."""
    roadmap = with_version(cycle.roadmap, cycle.n, version, cycle.added)
    views, chosen = services.views, {}
    if given:
        people, bodies = views.people(cycle.organisation_id), views.bodies(cycle.organisation_id)
        for role, named in given.items():
            with suppress(NotFound):
                chosen[role] = choosing.holder_of(named, people, bodies)
    return _foreseen(cycle, roadmap, holders_for(roadmap, cycle.holders, chosen))


def _foreseen(cycle: RunningCycle, roadmap: Roadmap, holders: dict[str, str]) -> Plan:
    if cycle.state is None or cycle.state.plan is None:
        raise WrongState(f"cycle {cycle.cycle_id} is not planned yet")
    made = plan(roadmap, cycle.start, cycle.zone, holders, cycle.turns)
    check_forms(roadmap, cycle.forms)
    found = cycle.state.merged_with(made, cycle.state.roadmap_n + 1, cycle.waiting)
    return roadmap, holders, found
