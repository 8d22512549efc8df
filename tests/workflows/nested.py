"""Cycles below and above each other on a real server: one municipality and its schools."""

from dataclasses import dataclass
from typing import Any

from activities.tasks import Launch
from domain import ids
from domain.branch_wishes import Invite
from domain.branches import Branch
from domain.document_wishes import Drop
from domain.evidence import RecordResult, RemarkGiven
from domain.process import Command
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.row_changes import DraftAgain
from domain.upper import Upper
from tests import roadmap_builders as roadmaps
from tests.nested_builders import DEMAND, a_release
from tests.workflows.rows import CURATOR, REMARK, a_cycle, a_step, launch
from tests.workflows.world import Handle, World, ask

NO_PAIRS: dict[str, Any] = {"lead": None, "forms": {}, "stages": []}
REPORTS: dict[str, Any] = {"proof": "reports", "demand": DEMAND}
REPORT: dict[str, Any] = {"proof": "report", "demand": DEMAND}

UPPER = roadmaps.a_roadmap(
    roadmap="district",
    level="municipality",
    steps=[a_step("1", REPORTS, scope="organisations"), a_step("2", REMARK, after=["1"])],
    track=NO_PAIRS,
    below={"roadmap": "school"},
    demands={DEMAND: {"title": "Отчёт за год"}},
)
SHEETS: dict[str, Any] = {
    "proof": "document",
    "kind": "inspection_checklist",
    "for_each": "organisation",
}
INSPECTING = UPPER.changed(
    steps=roadmaps.a_roadmap(
        steps=[a_step("1", SHEETS, scope="organisations"), a_step("2", REMARK, after=["1"])]
    ).steps,
    demands={},
)
"""A district that makes a checklist about each of its schools."""
LOWER = roadmaps.a_roadmap(
    roadmap="school",
    steps=[a_step("1", REMARK), a_step("2", REPORT, after=["1"])],
    track=NO_PAIRS,
)


def of(roadmap: Roadmap) -> Launch:
    return launch().changed(roadmap=roadmap)


@dataclass
class District:
    """An upper cycle, and the cycles of its schools by their number."""

    world: World
    upper: Handle
    cycle_id: str

    @classmethod
    async def begin(cls, world: World, schools: int, roadmap: Roadmap = UPPER) -> "District":
        """The upper cycle runs and has invited so many."""
        state = a_cycle()
        world.ledger.launches[state.cycle_id] = of(roadmap)
        handle = await world.start(state)
        await world.at_stage(handle, "running")
        district = cls(world, handle, state.cycle_id)
        below = tuple(f"school{n}" for n in range(1, schools + 1))
        await district.ask("invite", Invite(by=CURATOR, below_ids=below))
        return district

    async def ask(self, update: str, wish: Command) -> None:
        await ask(self.world.handle(self.upper.id), update, wish)

    async def launch(self, n: int, roadmap: Roadmap = LOWER) -> Handle:
        """Somebody below launches the cycle to which it was invited."""
        cycle_id = ids.branch_cycle(self.cycle_id, n)
        self.world.ledger.launches[cycle_id] = of(roadmap)
        upper = Upper(cycle_id=self.cycle_id, n=n)
        state = a_cycle().changed(cycle_id=cycle_id, organisation_id=f"school{n}", upper=upper)
        handle = await self.world.start(state)
        await self.world.until(lambda: self.branch(n).stage == "joined")
        return handle

    async def work(self, handle: Handle) -> None:
        """The school does its row, and its report goes up."""
        done = RemarkGiven(evidence_id="e1")
        await ask(
            handle,
            "record_result",
            RecordResult(by=CURATOR, item="1", result="result", evidence=done),
        )

    def shown(self) -> ProgrammeState:
        """The upper cycle as readers see it."""
        state = self.world.cycle(self.upper)
        assert state is not None
        return state

    def branch(self, n: int) -> Branch:
        return self.shown().branch(n)

    def status(self, n: int) -> str | None:
        standing = self.branch(n).reports.get(f"{DEMAND}@1")
        return standing.status if standing else None

    async def stands(self, n: int, status: str) -> None:
        await self.world.until(lambda: self.status(n) == status)

    async def close(self) -> ProgrammeState:
        """The last row of the upper cycle is done; what it came to."""
        await self.finish()
        end: ProgrammeState = await self.upper.result()
        return end

    def sheets(self) -> dict[int | None, str]:
        """The latest document about each school, by the school's number."""
        extras = self.shown().extras
        return {one.paper.branch: ids.document_workflow(one.paper.document_id) for one in extras}

    async def inspect(self) -> ProgrammeState:
        """Two schools; one leaves, one comes later, one has its first checklist withdrawn. What it
        came to when all is done.
        """
        world = self.world
        await world.until(lambda: set(self.sheets()) == {1, 2})
        first = world.handle(self.sheets()[1])
        await world.until(lambda: (paper := world.document(first)) and paper.draft)
        await self.ask("release_branch", a_release(2, by=CURATOR))
        await self.ask("invite", Invite(by=CURATOR, below_ids=("school3",)))
        await world.until(lambda: set(self.sheets()) == {1, 2, 3})
        await ask(first, "drop", Drop(by=CURATOR, note_id="why"))
        await world.until(lambda: [task.kind for task in self.shown().tasks()] == ["draft_again"])
        again = DraftAgain(by=CURATOR, item="1", result="result")
        await self.ask("draft_again", again)
        await world.until(lambda: self.sheets()[1] != first.id)
        await world.people.work_until(lambda: self.shown().closed)
        end: ProgrammeState = await self.upper.result()
        return end

    async def finish(self) -> None:
        """All have reported, and the last row is done."""
        await self.world.until(lambda: self.shown().items[0].done)
        done = RemarkGiven(evidence_id="e2")
        wish = RecordResult(by=CURATOR, item="2", result="result", evidence=done)
        await self.ask("record_result", wish)


def actions(world: World, handle: Handle) -> list[str]:
    return world.ledger.actions(handle.id)


def lower(world: World, handle: Handle) -> ProgrammeState:
    """A school's cycle as readers see it."""
    state = world.cycle(handle)
    assert state is not None
    return state


def tasks_of(world: World, handle: Handle) -> list[str]:
    return [task.kind for task in lower(world, handle).tasks()]
