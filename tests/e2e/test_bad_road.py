"""Thirty papers are signed while the road to the store is bad in every way for 20 seconds (R8)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.sweeping import Sweep
from adapters.files import minio
from adapters.postgres.migrate import migrate
from api.app import create_app
from api.gateway import TemporalGateway
from bench._stage import Stage, a_stage
from domain import ids
from domain.people import AccessRole
from runtime.addresses import inner_settings
from runtime.canary import Canary
from runtime.checks import check_all
from runtime.embedded import EmbeddedServers
from runtime.home import Home
from runtime.settings import StoreSettings, read_settings
from runtime.web import services
from runtime.wiring import prepare_files
from runtime.worker import make_worker
from tests.fakes.scans import PlainScans
from tests.fault_proxy import (
    PIECE,
    Proxy,
    Share,
    answer_lost,
    busy,
    cut_down,
    cut_up,
    fault_proxy,
    flipped,
    full,
    hanging,
    older,
    slow,
    well,
)
from tests.object_store import ObjectStore
from workflows.sweeping import SweepWorkflow

PAPERS, BAD_SECONDS = 30, 20.0
FAULTS = (
    *(busy(), full(), slow(0.4), hanging(), answer_lost(), flipped()),
    older(b"NSTV1" + bytes(200)),
    *(make(at) for make in (cut_up, cut_down) for at in (0, PIECE)),
)
AGAIN = {"NotFound", "NotPlanned", "StillWorking", "Unavailable"}
"""Answers after which the same request is sent again; a paper that was just asked for is not found
until its process has begun."""


@dataclass(frozen=True)
class Scene:
    """An organisation over real servers, whose store lies at the end of a bad road."""

    stage: Stage
    proxy: Proxy


@pytest.fixture
def scene(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(minio, "READ_SECONDS", 1.0)
    with fault_proxy(store.bucket()) as proxy, _servers(tmp_path / "home", proxy) as stage:
        yield Scene(stage, proxy)


@contextmanager
def _servers(place: Path, proxy: Proxy) -> Iterator[Stage]:
    bucket = proxy.bucket
    far = StoreSettings(
        endpoint=bucket.endpoint,
        bucket=bucket.name,
        access_key=bucket.access_key,
        secret_key=bucket.secret_key,
        secure=False,
        lock_days=1,
    )
    settings = replace(read_settings(home=place), store=far)
    with Home(settings.home.home, settings.secret) as home, EmbeddedServers(home) as servers:
        addresses = servers.start(lambda _: None)
        migrate(addresses.database_owner_url)
        inner = inner_settings(settings, home, addresses)
        prepare_files(inner)
        stage = a_stage(inner)
        yield stage
        stage.parts.close()


class Person:
    """Somebody at the API who asks again, with the same key, for as long as it takes."""

    def __init__(self, stage: Stage, app: Any, role: AccessRole) -> None:  # noqa: ANN401 - ASGI
        code = stage.cast.accounts.get(role)
        person = stage.person(code) if code else None
        token = stage.parts.desk.add_user(stage.organisation, role, person)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://school/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
        )

    async def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        return (await self._until_done(lambda: self._client.get(path))).json()

    async def post(self, path: str, **given: Any) -> Any:  # noqa: ANN401 - JSON
        headers = {"Idempotency-Key": ids.new_id(), **given.pop("headers", {})}
        answer = await self._until_done(lambda: self._client.post(path, headers=headers, **given))
        return answer.json()

    async def _until_done(self, ask: Any) -> httpx.Response:  # noqa: ANN401 - a request
        while True:
            answer: httpx.Response = await ask()
            if answer.status_code == httpx.codes.OK:
                return answer
            assert answer.json()["code"] in AGAIN, answer.text
            assert (
                answer.status_code != httpx.codes.SERVICE_UNAVAILABLE
                or answer.headers["Retry-After"]
            )
            await asyncio.sleep(0.3)


@dataclass(frozen=True)
class People:
    director: Person
    curator: Person
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(5))
    """A cycle takes 10 wishes at once; the rest would only wait longer."""

    async def cycle_stage(self, cycle: str) -> str:
        return str((await self.curator.get(f"cycles/{cycle}"))["stage"])

    async def at(self, document: str, stage: str) -> Any:  # noqa: ANN401 - JSON
        """The document, once it is there; never signed before its bytes are sealed."""
        while True:
            found = await self.curator.get(f"documents/{document}")
            assert found["trouble"] is None, found
            if found["stage"] == stage:
                return found
            await asyncio.sleep(0.2)

    async def sign(self, cycle: str, n: int) -> str:
        """One paper from the request to the seal."""
        async with self.gate:
            asked = await self.curator.post(
                f"cycles/{cycle}/documents", json={"kind": "order_curator"}
            )
        document = str(asked["document_id"])
        draft = (await self.at(document, "on_approval"))["draft_sha256"]
        body = {"version": 1, "sha256": draft, "outcome": "approve"}
        await self.director.post(f"documents/{document}/decision", json=body)
        await self.at(document, "to_register")
        await self.curator.post(f"documents/{document}/registration", json={"version": 1})
        await self.at(document, "to_sign")
        await self.curator.post(
            f"documents/{document}/signed?version=1",
            content=b"%PDF-1.7 scan " + bytes([n]) * PIECE,
            headers={"Content-Type": "application/pdf"},
        )
        await self.at(document, "in_force")
        return document


async def test_thirty_papers_on_a_bad_road_are_each_signed_once_and_leave_no_orphan(
    scene: Scene,
) -> None:
    stage, parts = scene.stage, scene.stage.parts
    client = await stage.client()
    queue = stage.settings.temporal.task_queue
    gateway = TemporalGateway(client, queue)
    given = services(parts, gateway, stage.settings, Canary(parts.files))
    app = create_app(replace(given, scans=PlainScans()))
    director, curator = (
        Person(stage, app, one) for one in (AccessRole.DIRECTOR, AccessRole.CURATOR)
    )
    people = People(director, curator)
    state, every_fault = stage.launch("bad_road"), {fault.name for fault in FAULTS}
    async with make_worker(client, parts, queue):
        await gateway.launch(state)
        while await people.cycle_stage(state.cycle_id) != "running":  # noqa: ASYNC110 - it lies in rows
            await asyncio.sleep(0.2)
        scene.proxy.rule = Share(FAULTS, 0.4, seed=8)
        async with asyncio.timeout(15 * BAD_SECONDS), asyncio.TaskGroup() as group:
            ways = [group.create_task(people.sign(state.cycle_id, n)) for n in range(PAPERS)]
            await asyncio.sleep(BAD_SECONDS)
            while not every_fault <= set(scene.proxy.met):  # noqa: ASYNC110 - it lies in a proxy
                await asyncio.sleep(0.2)
            scene.proxy.rule = well
        documents = [one.result() for one in ways]
        assert len(set(documents)) == PAPERS
        while parts.watch.at_work(state.cycle_id):  # noqa: ASYNC110 - it lies in rows
            await asyncio.sleep(0.2)
        await client.execute_workflow(SweepWorkflow.run, Sweep(), id=ids.new_id(), task_queue=queue)
        report = await asyncio.to_thread(check_all, stage.settings, parts)
    assert report.ok, report
    named = {one.key for one in parts.archive.objects()}
    assert set(parts.files.keys()) == named, "no orphan is left"
    sealed = [one for one in parts.archive.objects() if one.role == "signed"]
    assert sorted(one.document_id for one in sealed) == sorted(documents)
