"""Cycles whose rows and roadmaps change under way."""

from collections.abc import Callable

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.cycle_roadmap import TakeRoadmap
from domain.pair import PairState
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from tests import roadmap_builders as roadmaps
from tests.builders import sha
from tests.workflows.rows import CURATOR, REMARK, ROADMAP, a_cycle, a_step, launch
from tests.workflows.world import Handle, World, ask, refusal_of

TRACK = {
    **roadmaps.roadmap_values()["track"],
    "stages": [roadmaps.TRACK[0], roadmaps.TRACK[2]],
}


def changed_rows(*rows: str, **fields: object) -> Roadmap:
    """These rows of the roadmap of these tests; «6» is a row that it has not."""
    known = {step.id: step.model_dump() for step in ROADMAP.steps}
    known["6"] = a_step("6", REMARK)
    values = {**ROADMAP.model_dump(), "track": TRACK, **fields}
    return Roadmap.model_validate({**values, "steps": [known[row] for row in rows]})


async def launched_by(world: World, roadmap: Roadmap) -> tuple[Handle, ProgrammeState]:
    """A cycle that runs by a roadmap."""
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch().changed(roadmap=roadmap)
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    return handle, state


def new_version(world: World, state: ProgrammeState, n: int, roadmap: Roadmap) -> TakeRoadmap:
    """The ledger keeps a roadmap under a number; the wish to take it."""
    world.ledger.roadmaps.setdefault(n, {})[state.cycle_id] = launch().changed(roadmap=roadmap)
    return TakeRoadmap(by=CURATOR, note_id="reason1", n=n, was=1, version=2, sha256=sha("a"))


async def take(world: World, handle: Handle, wish: TakeRoadmap, *, refused: bool = False) -> None:
    """The cycle takes the roadmap, or refuses it by name."""
    if not refused:
        await ask(handle, "take_roadmap", wish)
        shown = world.cycle(handle)
        assert shown is not None
        assert shown.roadmap_n == wish.n
        return
    with pytest.raises(WorkflowUpdateFailedError) as error:
        await ask(handle, "take_roadmap", wish)
    assert refusal_of(error.value) == "RoadmapConflict"


async def open_document(world: World, handle: Handle) -> str:
    """The document of the first row, once it is being approved, or ready to be signed."""

    def document() -> str | None:
        state = world.ledger.state(handle.id)
        if not isinstance(state, ProgrammeState | PairState):
            return None
        found = state.items[0].results[0].document_id
        paper = world.ledger.state(f"document/{found}") if found else None
        return found if paper and paper.stage_name in ("on_approval", "to_sign") else None

    await world.until(document)
    return str(document())


def is_finished(world: World, handle: Handle) -> Callable[[], bool]:
    return lambda: (state := world.ledger.state(handle.id)) is not None and state.is_finished()
