"""The nightly walk on a real server: interrupted, continued, away, and by its schedule."""

import asyncio
from dataclasses import replace

import pytest
from temporalio.client import Client, ScheduleOverlapPolicy

from activities.verification_ports import VerifiedSome
from api.gateway import TemporalGateway
from api.problems import Unavailable
from domain import ids
from domain.verification import Fault
from runtime.schedules import ensure_schedules, table
from runtime.settings import Settings, read_settings
from runtime.settings_parts import NightSettings
from tests.fakes.files import MemoryFiles
from tests.workflows.conftest import CONVERTER, dev_server
from tests.workflows.nights import begin, fill, over
from tests.workflows.world import World, runs_of


class SlowFiles(MemoryFiles):
    """A store that may be made to wait, and that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.flaky = 0  # how often it still fails

    def _hash(self, key: str) -> str:
        self.asked.append(key)
        if self.flaky and key.startswith("draft/0007"):
            self.flaky -= 1
            raise ConnectionError("no answer")
        return super()._hash(key)


@pytest.fixture
def files(idle_world: World) -> SlowFiles:
    made = SlowFiles()
    idle_world.files = made
    return made


async def test_a_night_looks_at_every_file_and_signs_every_log(world: World) -> None:
    keys = fill(world, 40)
    world.book.logs = {"one": (), "two": ()}
    assert isinstance(world.files, MemoryFiles)
    del world.files.objects[keys[9]]

    found = await over(await begin(world))

    assert found == VerifiedSome(checked=40, total=40, faults=1, finished=True)
    assert world.book.open == {keys[9]: Fault.LOST}
    assert world.book.signed == ["one", "two"]


async def test_a_worker_that_goes_away_in_the_middle_leaves_nothing_out_and_nothing_twice(
    idle_world: World, files: SlowFiles
) -> None:
    keys = fill(idle_world, 30)
    del files.objects[keys[2]]
    files.asked.clear()
    idle_world.pace = {"batch": 1, "spell": 0.2}
    async with idle_world.worker():
        handle = await begin(idle_world)
        await idle_world.until(lambda: len(idle_world.book.seen) >= 5)
    before = len(idle_world.book.seen)
    assert before < len(keys)

    async with idle_world.worker():
        found = await over(handle)

    assert found == VerifiedSome(checked=30, total=30, faults=1, finished=True)
    assert idle_world.book.seen == keys
    assert idle_world.book.told == [(keys[2], "lost")]


async def test_a_store_that_is_away_for_a_while_loses_nothing(
    idle_world: World, files: SlowFiles
) -> None:
    keys = fill(idle_world, 20)
    files.flaky = 1
    async with idle_world.worker():
        found = await over(await begin(idle_world))
    assert found == VerifiedSome(checked=20, total=20, faults=0, finished=True)
    assert idle_world.book.open == {}
    assert idle_world.book.seen[-1] == keys[-1]


async def test_more_files_than_a_history_takes_are_one_walk(short_server: str) -> None:
    client = await Client.connect(short_server, data_converter=CONVERTER)
    world = World(client, pace={"batch": 1, "spell": 0.0})
    keys = fill(world, 40)
    async with world.worker():
        handle = await begin(world)
        assert (await over(handle)).checked == 40
    assert len(await runs_of(handle)) > 1
    assert world.book.seen == keys


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings()


async def test_the_schedules_are_made_once_follow_their_definition_and_stay_paused(
    settings: Settings,
) -> None:
    async with await dev_server() as environment:
        address = environment.client.service_client.config.target_host
        client = await Client.connect(address, data_converter=CONVERTER)
        gateway = TemporalGateway(client, settings.temporal.task_queue)
        with pytest.raises(Unavailable):
            await gateway.verify()

        await asyncio.gather(*(ensure_schedules(client, settings) for _ in range(4)))
        handles = [client.get_schedule_handle(one.id) for one in table(settings)]
        first = [await one.describe() for one in handles]
        await ensure_schedules(client, settings)
        again = [await one.describe() for one in handles]
        assert [one.info.last_updated_at for one in first] == [
            one.info.last_updated_at for one in again
        ]
        policies = {one.schedule.policy.overlap for one in again}
        assert policies == {ScheduleOverlapPolicy.SKIP}

        nightly = client.get_schedule_handle(ids.VERIFICATION_SCHEDULE)
        await nightly.pause(note="a long backup")
        later = replace(settings, night=NightSettings(hour=3))
        await asyncio.gather(*(ensure_schedules(client, later) for _ in range(3)))
        moved = (await nightly.describe()).schedule
        assert [one.start for one in moved.spec.calendars[0].hour] == [3]
        assert (moved.state.paused, moved.state.note) == (True, "a long backup")

        world = World(client, queue=settings.temporal.task_queue)
        fill(world, 3)
        async with world.worker():
            await asyncio.gather(*(gateway.verify() for _ in range(3)))
            await world.until(lambda: any(run.finished for run in world.book.runs.values()))
        assert len(world.book.runs) == 1
        assert next(iter(world.book.runs)).startswith(f"{ids.VERIFICATION_SCHEDULE}-")
