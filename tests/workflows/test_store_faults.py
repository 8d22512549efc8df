"""The document's way to its seal over a store on a bad road, on the real engine."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import pytest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from activities.sweeping import Sweep, SweepActivities
from adapters.files import minio
from adapters.files.minio import MinioFiles
from domain import ids
from domain.document_wishes import AttachSigned
from tests.builders import a_document
from tests.fault_proxy import (
    PIECE,
    Proxy,
    Share,
    busy,
    cut_down,
    cut_up,
    fault_proxy,
    first,
    flipped,
    full,
    hanging,
    older,
    slow,
    well,
)
from tests.fault_proxy import answer_lost as lost
from tests.object_store import ObjectStore
from tests.workflows.conftest import CONVERTER
from tests.workflows.people import PDF, put_scan
from tests.workflows.rows import CURATOR
from tests.workflows.world import Handle, World, ask

SCAN = random.Random(8).randbytes(3 * PIECE // 2)
PIECES = range(0, 2 * PIECE, PIECE)
EACH = {
    "busy": (busy(), 2),
    "full": (full(), 2),
    "slow": (slow(0.3), 1),
    "hanging": (hanging(), 2),
    "answer lost": (lost(), 2),
    "flips a byte": (flipped(), 2),
    "an older version": (older(b"NSTV1" + bytes(200)), 2),
    **{f"upload cut at {at // 1024} KiB": (cut_up(at), 2) for at in PIECES},
    **{f"download cut at {at // 1024} KiB": (cut_down(at), 2) for at in PIECES},
}
AT_ONCE = 8
BAD_SECONDS = 5.0


@dataclass
class Road:
    """A bucket that is reached by a bad road, and by a good one."""

    proxy: Proxy
    lock: timedelta | None

    @property
    def good(self) -> MinioFiles:
        return MinioFiles(self.proxy.to, self.lock)

    @property
    def bad(self) -> MinioFiles:
        return MinioFiles(self.proxy.bucket, self.lock)


@pytest.fixture(params=[None, timedelta(days=1)], ids=["unlocked", "locked"])
def road(
    store: ObjectStore, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Road]:
    monkeypatch.setattr(minio, "READ_SECONDS", 0.5)
    bucket = store.bucket()
    with fault_proxy(bucket) as proxy:
        made = Road(proxy, request.param)
        made.good.ensure_bucket()
        yield made


@pytest.fixture
async def far_world(server: str, road: Road) -> World:
    client = await Client.connect(server, data_converter=CONVERTER)
    return World(client, files=road.bad, tries=8)


@dataclass
class Paper:
    """A document on its way, and its scan."""

    world: World
    handle: Handle
    digest: str = ""

    async def attach(self, store: MinioFiles) -> None:
        """The scan came on a good day; it is sealed on this one."""
        world, document = self.world, self.handle.id.removeprefix("document/")
        self.digest = await asyncio.to_thread(put_scan, world.ledger, store, document, SCAN)
        wish = AttachSigned(
            by=CURATOR, version=1, sha256=self.digest, size=len(SCAN), media_type=PDF
        )
        await ask(self.handle, "attach_signed", wish)

    def is_sealed(self) -> bool:
        shown = self.world.document(self.handle)
        return shown is not None and shown.stage == "in_force"

    def check(self, store: MinioFiles) -> None:
        """What is called signed lies there whole, and was sealed once."""
        shown, ledger = self.world.document(self.handle), self.world.ledger
        assert shown
        assert shown.seal
        key_id = ids.seal_key_id(self.handle.id.removeprefix("document/"), self.digest)
        assert store.get(shown.seal.key, ledger.data_key(key_id)) == SCAN
        assert sha256(store.stored_bytes(shown.seal.key)).hexdigest() == shown.seal.stored_sha256
        assert ledger.objects[shown.seal.key].role == "signed"
        assert ledger.actions(self.handle.id).count("sealed") == 1


async def begun(world: World) -> Paper:
    state = a_document(document_id=ids.new_id(), approver=None, registrar=None)
    return Paper(world, await world.start(state))


def check_no_orphan(world: World, store: MinioFiles) -> None:
    """All that was begun and not named is forsaken at once and swept: nothing else is left."""
    world.ledger.forsake(timedelta(0), 10_000)
    ActivityEnvironment().run(SweepActivities(world.ledger, store).sweep_orphans, Sweep())
    uploads = store.keys("incoming/")  # the API's own rows are not in these fakes
    assert set(store.keys()) == {*world.ledger.objects, *uploads}
    assert store._client._list_multipart_uploads(store._bucket).uploads == []


@pytest.mark.parametrize("road", [timedelta(days=1)], indirect=True, ids=["locked"])
async def test_a_document_is_sealed_once_whatever_befalls_its_bytes(
    far_world: World, road: Road
) -> None:
    world = far_world
    async with world.worker():
        for name, (fault, times) in EACH.items():
            paper = await begun(world)
            await world.at_stage(paper.handle, "to_sign")
            before = road.proxy.met[fault.name]
            road.proxy.rule = first(fault, times)
            await paper.attach(road.good)
            await world.until(paper.is_sealed)
            road.proxy.rule = well
            assert road.proxy.met[fault.name] > before, f"{name} befell nothing"
            paper.check(road.good)
    check_no_orphan(world, road.good)


async def test_documents_on_a_bad_road_are_not_called_signed_and_drain_when_it_is_good_again(
    far_world: World, road: Road
) -> None:
    world = far_world
    faults = [fault for fault, _ in EACH.values()]
    road.proxy.rule = Share(faults, 0.4, seed=8)
    async with world.worker():
        papers = [await begun(world) for _ in range(AT_ONCE)]

        async def go(paper: Paper) -> None:
            await world.at_stage(paper.handle, "to_sign")
            await paper.attach(road.good)
            while not paper.is_sealed():
                shown = world.document(paper.handle)
                assert shown is not None
                assert shown.trouble is None
                assert shown.seal is None or shown.stage == "in_force"
                await asyncio.sleep(0.05)
            paper.check(road.good)

        async def bad_time() -> None:
            """So long, and until most faults have befallen somebody, however slow the machine."""
            await asyncio.sleep(BAD_SECONDS)
            await world.until(lambda: len(road.proxy.met) > len({one.name for one in faults}) // 2)
            road.proxy.rule = well

        async with asyncio.timeout(180):
            await asyncio.gather(bad_time(), *(go(paper) for paper in papers))
    check_no_orphan(world, road.good)
