"""Temporal fails again and again in mid-flow, and each time all goes on from what was saved last:
the end is the same as without.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain

import pytest
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from activities.tasks import SaveProgress
from domain.documents import Stage
from domain.pair import PairState
from domain.pairing import PairEntry
from domain.process import Process
from domain.programme import ProgrammeState
from domain.recovery import Children, KeptPair, State, came_back, news_of, to_begin
from domain.upper import SendReport
from tests.nested_builders import an_answer
from tests.workflows.held import HeldLedger
from tests.workflows.nested import District, tasks_of
from tests.workflows.people import People
from tests.workflows.rows import CURATOR
from tests.workflows.test_cycle import closed, launched, pairs, pairs_wish, papers
from tests.workflows.world import World, ask

ACTS = 5
"""Of people, between two failures."""
_NAMES = {"cycle": "ProgrammeWorkflow", "pair": "PairWorkflow", "document": "DocumentWorkflow"}


class RowLedger(HeldLedger):
    """Remembers the pairs of cycles too, whose saves hold those only that have no row yet."""

    def __init__(self) -> None:
        super().__init__()
        self.formed: dict[str, PairEntry] = {}

    def save(self, task: SaveProgress) -> None:
        super().save(task)
        if isinstance(task.state, ProgrammeState):
            for pair in task.state.pairs:
                self.formed.setdefault(pair.pair_id, pair)

    def kept(self, pair: PairEntry) -> KeptPair:
        """As rows hold it; that its stage is owed is always so here."""
        state = self.state(f"pair/{pair.pair_id}")
        assert state is None or isinstance(state, PairState)
        return KeptPair(
            **pair.model_dump(exclude={"started", "stage", "ordered"}),
            stage=state.stage_name if state else None,
            owed=True,
            ordered=state is not None and state.order_id is not None,
        )


@pytest.fixture
async def kept_world(idle_world: World) -> AsyncIterator[World]:
    idle_world.ledger = RowLedger()
    async with idle_world.worker():
        yield idle_world


async def fail_and_come_back(world: World) -> None:
    """All that is open is ended, whatever it is at; then it is begun anew from what was saved."""
    ledger = world.ledger
    assert isinstance(ledger, RowLedger)
    for id_ in list(ledger.saves):
        try:
            await world.handle(id_).terminate()
        except RPCError:
            continue  # it has ended by itself
    for _ in range(30):  # what was being saved is saved: other threads have their turns meanwhile
        await asyncio.sleep(0.01)
    states = {id_: saved.state for id_, saved in ledger.saves.items()}

    def below(state: State) -> Children:
        saved = frozenset(id_ for id_, one in states.items() if one.parent == state.workflow_id)
        return Children(saved=saved, pairs=tuple(map(ledger.kept, ledger.formed.values())))

    await begin_anew(world, states, below)


async def begin_anew(
    world: World, states: Mapping[str, State], below: Callable[[State], Children]
) -> None:
    now = datetime.now(UTC)
    for state in states.values():
        for first in to_begin(came_back(state, below(state), now), below(state), now):
            await begin(world, first)
    going = [state for state in states.values() if not state.is_finished()]
    for kind in reversed(_NAMES):
        for state in going:
            if state.process == kind:
                await begin(world, came_back(state, below(state), now))
    open_ids = {state.workflow_id for state in going}
    for news in chain.from_iterable(map(news_of, states.values())):
        if news.to in open_ids:
            await world.handle(news.to).signal(news.signal, news.fact)


async def begin(world: World, state: Process) -> None:
    """A child that its parent has started while all was being ended goes on, as in `recover`."""
    with suppress(WorkflowAlreadyStartedError):
        await world.client.start_workflow(
            _NAMES[state.workflow_id.partition("/")[0]],
            state,
            id=state.workflow_id,
            task_queue=world.queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )


async def work(people: People, until: int, closed: Callable[[], bool]) -> None:
    await people.work_until(lambda: people.acts.total() >= until or closed())


async def test_a_cycle_that_is_lost_every_few_acts_comes_to_the_same_end(kept_world: World) -> None:
    world = kept_world
    handle, _ = await launched(world)
    await ask(handle, "form_pairs", pairs_wish(1, 2))
    people, failures = world.people, 0
    people.sends_back = lambda document: document.kind == "report" and document.version == 1

    while not closed(world, handle)():
        await work(people, people.acts.total() + ACTS, closed(world, handle))
        if not closed(world, handle)():
            await fail_and_come_back(world)
            failures += 1

    assert failures > 5
    await world.until(lambda: all(world.rests(world.handle(id_)) for id_ in world.ledger.saves))
    assert [pair.stage_name for pair in pairs(world)] == ["completed"] * 2
    assert all(paper.stage is Stage.IN_FORCE for paper in papers(world, "additional_agreement"))
    (report,) = papers(world, "report")
    assert report.version == 2
    assert people.acts["redraft"] == 1
    for subject in world.ledger.saves:
        numbers = [event.n for event in world.ledger.events_of(subject)]
        assert numbers == list(range(1, len(numbers) + 1))
    given = [line.number for line in world.ledger.lines.values() if line.number]
    assert len(given) == len(set(given)) > 0


async def test_cycles_above_and_below_that_are_lost_at_each_step_come_to_the_same_end(
    kept_world: World,
) -> None:
    world = kept_world
    district = await District.begin(world, 2)
    first, second = [await district.launch(n) for n in (1, 2)]
    await fail_and_come_back(world)
    for school in (first, second):
        await district.work(world.handle(school.id))
    await district.stands(1, "sent")
    await district.stands(2, "sent")
    await fail_and_come_back(world)
    await district.ask("answer_reports", an_answer(1, by=CURATOR))
    await district.ask("answer_reports", an_answer(2, accepted=False, by=CURATOR))
    await fail_and_come_back(world)
    await world.until(lambda: tasks_of(world, second) == ["correct_report"])
    wish = SendReport(by=CURATOR, item="2", result="result")
    await ask(world.handle(second.id), "send_report", wish)
    await world.until(lambda: district.branch(2).reports["yearly@1"].version == 2)
    await fail_and_come_back(world)
    await district.ask("answer_reports", an_answer(2, by=CURATOR))
    await world.until(lambda: all(district.branch(n).stage == "closed" for n in (1, 2)))
    await district.finish()
    await world.until(lambda: district.shown().is_finished())

    told = world.ledger.actions(second.id)
    assert [told.count(name) for name in ("report_sent", "report_returned")] == [2, 1]
    heard = world.ledger.actions(district.upper.id)
    assert [heard.count(name) for name in ("report_received", "branch_joined")] == [3, 2]
    assert list(world.reports.of(district.cycle_id)) == [1, 2, 2]
