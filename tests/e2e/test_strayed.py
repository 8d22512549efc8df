"""I3 of `check --all`: what is on its way is no fault, what has strayed is; on the real servers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from temporalio import activity
from temporalio.client import Client, WorkflowUpdateStage
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.worker import Worker

from activities.tasks import SaveProgress
from adapters.postgres.archive import ProcessLine
from adapters.postgres.migrate import migrate
from adapters.postgres.session import engine_for
from domain import ids
from domain.pair import PairState, Stop
from domain.programme import ProgrammeState
from runtime.addresses import inner_settings
from runtime.checks import strayed
from runtime.embedded import EmbeddedServers
from runtime.home import Home
from runtime.recover import Recovery
from runtime.settings import Settings, read_settings
from runtime.wiring import assemble, connect
from tests.e2e.kept_school import School
from tests.e2e.servers import silent
from tests.workflows.world import Handle
from workflows.process import PAIR, STAGE_KEY, ClockMoved
from workflows.registry import WORKFLOWS, sandbox

FIRST, LATER = "consents", "order"


@dataclass
class Place:
    """A school over real servers; who works there is for each test to say."""

    settings: Settings
    school: School

    def cycle(self, name: str) -> ProgrammeState:
        """A cycle that has saved itself, with one pair started, which has not."""
        return self.school.with_pairs(self.school.cycle(name, FIRST, LATER), 1)

    def save(self, state: ProgrammeState | PairState, *, at_work: bool) -> None:
        """As its workflow would have saved it."""
        told = state.changed(started=True).to_save()
        self.school.ledger.save(
            SaveProgress(state=told, now=self.school.now(), at_work=at_work, waiting_until=None)
        )

    def launched_long_ago(self, cycle: ProgrammeState) -> None:
        engine = engine_for(self.settings.database.app_url or SecretStr(""))
        ago = text("UPDATE processes SET updated_at = updated_at - interval '2 min' WHERE id = :id")
        with engine.begin() as connection:
            connection.execute(ago, {"id": cycle.workflow_id})
        engine.dispose()

    def rows(self, *of: str) -> Callable[[], Sequence[ProcessLine]]:
        """What reads the rows of these processes, anew with each call."""
        return lambda: [one for one in self.school.parts.archive.processes() if one.id in of]

    async def client(self) -> Client:
        return await connect(self.settings, self.school.parts.payload_keys)

    async def begin(self, client: Client, pair: PairState, stage: str) -> Handle:
        """The workflow of a pair, as one that has shown this stage."""
        return await client.start_workflow(
            PAIR,
            pair.changed(started=True),
            id=pair.workflow_id,
            task_queue=pair.pair_id,
            search_attributes=TypedSearchAttributes([SearchAttributePair(STAGE_KEY, stage)]),
        )


def without_activities(client: Client, pair: PairState) -> AbstractAsyncContextManager[Worker]:
    """A worker for one pair: whatever it asks for stays asked for."""
    return Worker(client, task_queue=pair.pair_id, workflows=WORKFLOWS, workflow_runner=sandbox())


async def pending(handle: Handle, activity: str) -> None:
    """Wait until the workflow has asked for it."""
    while True:
        described = (await handle.describe()).raw_description
        if [activity] == [one.activity_type.name for one in described.pending_activities]:
            return


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    settings = read_settings(home=tmp_path_factory.mktemp("strayed") / "home")
    with Home(Path(settings.home.home)) as home, EmbeddedServers(home) as servers:
        addresses = servers.start(silent)
        inner = inner_settings(settings, home, addresses)
        migrate(addresses.database_owner_url)
        parts = assemble(inner)
        yield Place(inner, School.make(parts, mentees=10))
        parts.close()


async def test_a_stage_whose_save_is_in_flight_is_no_fault(place: Place) -> None:
    client, cycle = await place.client(), place.cycle("in_flight")
    pair = place.school.pair(cycle, 0, consented=False)
    place.save(pair.reported(FIRST), at_work=False)
    handle = await place.begin(client, pair.reported(FIRST), FIRST)
    assert await strayed(client, place.rows(pair.workflow_id)) == []
    stop = Stop(by=place.school.curator, reason="early_end", note_id="reason")
    async with without_activities(client, pair):
        await handle.start_update("stop", stop, wait_for_stage=WorkflowUpdateStage.ACCEPTED)
        await pending(handle, "save_progress")
    assert await strayed(client, place.rows(pair.workflow_id)) == []


async def test_a_wrong_stage_is_a_fault_at_rest_and_while_something_else_is_done(
    place: Place,
) -> None:
    client, cycle = await place.client(), place.cycle("wrong")
    pair = cycle.pair(cycle.pairs[0].pair_id, place.school.now())
    place.save(pair, at_work=True)
    handle = await place.begin(client, pair.reported(FIRST), LATER)
    fault = f"{pair.workflow_id}: в базе {FIRST}, в Temporal {LATER}"
    assert await strayed(client, place.rows(pair.workflow_id)) == [fault]
    async with without_activities(client, pair):
        await pending(handle, "find_package")
    assert await strayed(client, place.rows(pair.workflow_id)) == [fault]


async def test_an_announced_child_is_no_fault_while_its_parent_is_at_work(place: Place) -> None:
    client, cycle = await place.client(), place.cycle("announced")
    pair = ids.pair_workflow(cycle.pairs[0].pair_id)
    assert await strayed(client, place.rows(pair)) == []
    place.save(cycle, at_work=False)
    lost = [f"{pair}: в базе объявлен, в Temporal такого нет"]
    assert await strayed(client, place.rows(pair)) == lost


async def test_a_child_that_saved_itself_is_lost_though_its_parent_is_at_work(
    place: Place,
) -> None:
    client, cycle = await place.client(), place.cycle("lost")
    pair = place.school.pair(cycle, 0, consented=False)
    place.save(pair, at_work=True)
    lost = [f"{pair.workflow_id}: в базе {FIRST}, в Temporal такого нет"]
    assert await strayed(client, place.rows(pair.workflow_id)) == lost


async def test_a_cycle_that_recover_began_before_its_first_save_is_no_fault(place: Place) -> None:
    client, cycle = await place.client(), place.school.cycle("never_saved", FIRST)
    cycle_rows = place.rows(cycle.workflow_id)
    assert await strayed(client, cycle_rows) == []  # whoever launches it is about to begin it
    place.launched_long_ago(cycle)
    lost = [f"{cycle.workflow_id}: в базе объявлен, в Temporal такого нет"]
    assert await strayed(client, cycle_rows) == lost
    queue, kept = place.settings.temporal.task_queue, place.school.parts.recovery
    await Recovery(client, queue, kept, silent).run()
    assert await strayed(client, cycle_rows) == []


@activity.defn(name="save_progress")
async def put_back(task: SaveProgress) -> None:
    """A save, after which the row is what it was before."""
    del task


async def test_a_row_that_was_put_back_over_a_save_without_an_event_is_a_fault(
    place: Place,
) -> None:
    client, cycle = await place.client(), place.cycle("put_back")
    pair = place.school.pair(cycle, 0, consented=False)
    place.save(pair, at_work=True)
    handle = await place.begin(client, pair, FIRST)
    async with Worker(
        client,
        task_queue=pair.pair_id,
        workflows=WORKFLOWS,
        workflow_runner=sandbox(),
        activities=[put_back],
    ):
        await handle.execute_update("move_clock", ClockMoved(offset=3600))
    rows = place.rows(pair.workflow_id)
    ((row,),) = [rows()]
    fault = f"{pair.workflow_id}: в базе редакция {row.revision}, а сохранена была "
    (said,) = await strayed(client, rows)
    assert said.startswith(fault)
    later = pair.changed(revision=int(said.removeprefix(fault)))
    place.save(later, at_work=True)
    assert await strayed(client, rows) == []


async def test_a_process_that_moves_while_it_is_looked_at_is_no_fault(place: Place) -> None:
    client, cycle = await place.client(), place.cycle("moving")
    pair = place.school.pair(cycle, 0, consented=False)
    place.save(pair, at_work=False)
    await place.begin(client, pair, FIRST)
    rows = place.rows(pair.workflow_id)

    def earlier(*stages: str) -> Callable[[], Sequence[ProcessLine]]:
        """Rows as they were read before the process came to these stages, then as they are."""
        old = [[one.changed(stage=stage) for one in rows()] for stage in stages]
        return lambda: old.pop(0) if old else rows()

    assert await strayed(client, earlier("invited")) == []
    assert await strayed(client, earlier("invited", "chosen")) == []
    again = await strayed(client, earlier("invited", "invited"))
    assert again == [f"{pair.workflow_id}: в базе invited, в Temporal {FIRST}"]
