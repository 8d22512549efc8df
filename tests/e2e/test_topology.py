"""The topology of production as processes: servers known by address only, web and two workers.

A rehearsal there has a database, a namespace and a bucket of its own, and takes none that is not.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, LiteralString

import pytest
from minio.error import S3Error
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client

from runtime.addresses import settings_over
from runtime.embedded_postgres import ADMIN
from runtime.home import Home
from runtime.places import NotARehearsal, PlaceRefused, make_places
from runtime.processes import wait_until
from runtime.settings import Settings, WrongCall, read_settings
from runtime.wiring import StoreUnfit
from tests.e2e.program import Beside, beside, pid_of, run
from tests.e2e.servers import (
    ON_LINUX,
    Servers,
    ask,
    is_open,
    nothing_runs_in,
    processes_of,
    servers,
    silent,
    start_a_workflow,
    url,
    write_a_note,
)
from tests.object_store import ObjectStore

pytestmark = [
    pytest.mark.skipif(not ON_LINUX, reason="looks into /proc"),
    pytest.mark.timeout(900),  # a rehearsal that is cut short, and one whole
]

PAIRS = 3
BUCKET = "papers"
OURS = ("web", "worker", "worker-2")
DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


@dataclass(frozen=True)
class Outside:
    """External servers that hold real papers, whose owner may make databases."""

    servers: Servers
    superuser: str
    store: ObjectStore

    @property
    def environment(self) -> dict[str, str]:
        """Addresses, and nothing else."""
        return {
            "NASTAVNIK_DATABASE_URL": self.servers.owner,
            "NASTAVNIK_DATABASE_APP_URL": self.servers.app,
            "NASTAVNIK_TEMPORAL_ADDRESS": self.servers.temporal,
            **self.store.environment(BUCKET),
        }

    def sql(self, query: LiteralString, database: str = "nastavnik") -> list[Any]:
        """As the superuser."""
        there = self.superuser.rpartition("/")[0] + f"/{database}"
        return ask(there, query)

    def databases(self) -> list[str]:
        return [name for (name,) in self.sql(DATABASES)]

    def objects(self, bucket: str) -> dict[str, str | None]:
        """Keys and hashes."""
        found = self.store.client().list_objects(bucket, recursive=True)
        return {str(entry.object_name): entry.etag for entry in found}

    def real(self) -> tuple[object, ...]:
        """What the real papers are."""
        comment = self.sql(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = 'nastavnik'"
        )
        notes = self.sql("SELECT text FROM note")
        there = (is_open(self.servers.temporal), asyncio.run(self._processes("default")))
        return comment, self.sql(TABLES), notes, there, self.objects(BUCKET)

    async def _processes(self, namespace: str) -> list[str]:
        client = await Client.connect(self.servers.temporal, namespace=namespace)
        return sorted([found.id async for found in client.list_workflows()])


@pytest.fixture(scope="module")
def outside(store: ObjectStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    home = tmp_path_factory.mktemp("outside") / "home"
    with servers(home) as started:
        found = Outside(started, url(Home(home), ADMIN), store)
        found.sql("ALTER ROLE nastavnik_owner CREATEDB")
        write_a_note(started.owner, "настоящий приказ")
        start_a_workflow(started.temporal)
        assert wait_until(lambda: asyncio.run(found._processes("default")) == ["pair/1"], 60)
        client = store.client()
        client.make_bucket(BUCKET, object_lock=True)
        client._put_object(BUCKET, "sealed/" + "0" * 64, b"scan", {})
        yield found


# A whole rehearsal, interrupted and gone on with


@dataclass(frozen=True)
class Played:
    """A rehearsal on external servers that was killed, and started again."""

    home: Path
    summary: dict[str, Any]
    told: list[str]
    interrupted: str
    """Its cycle, when everything was killed."""
    ours: dict[str, int]
    """Process numbers by name, of the second start."""
    running: list[str]
    """What ran in the home then."""
    before: tuple[object, ...]
    """The real papers."""


@pytest.fixture(scope="module")
def played(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> Played:
    home = tmp_path_factory.mktemp("played") / "home"
    before = outside.real()
    command = ("rehearse", "polytech", "--pairs", PAIRS, "--json")
    with beside(home, *command, **outside.environment) as first:
        first.await_line("строк 1 из")
        first.kill_everything()
    record = json.loads((home / "rehearsal.json").read_text())
    with beside(home, *command, **outside.environment) as second:
        second.await_line("готова")
        ours, running = numbers(second), processes_of(home)
        second.await_line("worker: остановился, запускаю снова", 300)
        ended = second.end()
    assert ended.code == 0, ended
    return Played(home, ended.json, second.told, record["cycle_id"], ours, running, before)


def numbers(program: Beside) -> dict[str, int]:
    return {name: pid for name in OURS if (pid := pid_of(program.home, name)) is not None}


def test_the_whole_cycle_is_played_though_everything_was_killed_once(played: Played) -> None:
    found = played.summary
    assert (found["ok"], found["problems"]) == (True, [])
    assert found["steps_done"] == found["steps_total"] > 0
    assert found["pairs"] >= PAIRS  # of each year
    assert found["documents"] == found["sealed"] == found["verified"] > PAIRS
    assert found["cycle"] == played.interrupted
    assert any("Незаконченная репетиция: продолжаю" in line for line in played.told)


def test_it_says_where_the_time_went(played: Played) -> None:
    times, seconds = played.summary["times"], played.summary["seconds"]
    assert {"servers", "decide", "attach_signed", "engine", "clock", "export"} <= times.keys()
    assert 0.8 * seconds < sum(times.values()) < 1.02 * seconds + 1
    table = played.told.index("На что ушло время:")
    assert len(played.told[table + 1 :]) == len(times)


def test_web_and_two_workers_are_processes_of_their_own_and_no_server_is(played: Played) -> None:
    assert played.ours.keys() == set(OURS)
    assert len(set(played.ours.values())) == len(OURS)
    modules = sorted(
        word for line in played.running for word in line.split() if word.startswith("runtime.")
    )
    assert modules == ["runtime.web", "runtime.worker", "runtime.worker"]
    assert not any("postgres" in line or "start-dev" in line for line in played.running)
    assert nothing_runs_in(played.home), processes_of(played.home)


async def who_acted(address: str, namespace: str) -> set[int]:
    """Numbers of the processes that did activities there."""
    client = await Client.connect(address, namespace=namespace)
    found = set()
    async for process in client.list_workflows():
        handle = client.get_workflow_handle(process.id, run_id=process.run_id)
        async for event in handle.fetch_history_events():
            identity = event.activity_task_started_event_attributes.identity
            if identity:
                found.add(int(identity.partition("@")[0]))
    return found


def test_both_workers_did_activities(played: Played, outside: Outside) -> None:
    acted = asyncio.run(who_acted(outside.servers.temporal, "default-rehearsal-polytech"))
    assert {played.ours["worker"], played.ours["worker-2"]} < acted
    assert played.ours["web"] not in acted


def test_only_record_bundle_keys_authorities_and_logs_lie_in_the_home(played: Played) -> None:
    files = {file.relative_to(played.home) for file in played.home.rglob("*") if file.is_file()}
    marks = {"lock", "rehearsal.txt", "rehearsal.json", "rehearsal-places.json"}
    assert {file.parts[0] for file in files} == marks | {"keys", "log", "bundles", "authorities"}
    logs = {file.name for file in files if file.parts[0] == "log"}
    assert logs == {f"{name}.log" for name in OURS}


def test_papers_lie_in_a_bucket_of_its_own_without_a_lock(played: Played, outside: Outside) -> None:
    bucket = f"{BUCKET}-rehearsal-polytech"
    sealed = [key for key in outside.objects(bucket) if key.startswith("sealed/")]
    assert len(sealed) == played.summary["sealed"] + played.summary["signatures"]
    with pytest.raises(S3Error, match="ObjectLockConfigurationNotFound"):
        outside.store.client().get_object_lock_config(bucket)


def test_real_database_namespace_and_bucket_are_as_they_were(
    played: Played, outside: Outside
) -> None:
    assert outside.real() == played.before
    assert "nastavnik_rehearsal_polytech" in outside.databases()


def test_what_is_asked_afterwards_is_asked_of_the_rehearsal(
    played: Played, outside: Outside
) -> None:
    check = run("check", "--all", "--home", played.home, "--json", **outside.environment)
    assert (check.code, check.json["ok"]) == (0, True), check
    checked = {one["id"]: one["checked"] for one in check.json["invariants"]}
    # The organisation's own beside: who presides over the council, the number of its minutes.
    assert checked["I5"] == played.summary["audit_events"] + 2


def test_the_home_goes_with_the_servers_where_its_rehearsal_is(played: Played) -> None:
    for words in (("rehearse", "polytech"), ("check", "--all"), ("up",)):
        ended = run(*words, "--home", played.home, "--json")
        assert (ended.code, ended.json["error"]) == (2, "WrongCall")
        assert "идёт на внешних серверах: задайте их адреса" in ended.err


def test_another_home_does_not_take_the_same_places(
    played: Played, outside: Outside, tmp_path: Path
) -> None:
    command = ("rehearse", "polytech", "--home", tmp_path / "home", "--json")
    ended = run(*command, **outside.environment)
    assert (ended.code, ended.json["error"]) == (2, "NotARehearsal")
    assert "База nastavnik_rehearsal_polytech уже есть и принадлежит другой репетиции" in ended.err
    assert not (tmp_path / "home" / "rehearsal.json").exists()


# What it takes and what it does not


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home") as held:
        held.mark_as_rehearsal()
        yield held


@pytest.fixture
def settings(outside: Outside, home: Home, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, text in outside.environment.items():
        monkeypatch.setenv(name, text)
    return read_settings(home=home.path)


def make(settings: Settings, home: Home, name: str, *, begun: bool = False) -> None:
    make_places(settings, home, name, silent, begun=begun)


def test_places_are_made_once_and_found_again(
    settings: Settings, home: Home, outside: Outside
) -> None:
    make(settings, home, "twice")
    own = settings_over(settings, home)
    assert own.temporal.namespace == "default-rehearsal-twice"
    assert own.store.bucket == "papers-rehearsal-twice"
    assert own.home.rehearsal
    assert ".mark" in outside.objects(own.store.bucket)
    make(settings, home, "twice", begun=True)
    with pytest.raises(WrongCall, match="репетируют «twice»"):
        make(settings, home, "thrice")


def test_an_owner_who_may_not_make_databases_is_told_what_to_do(
    settings: Settings, home: Home, outside: Outside
) -> None:
    name = "nastavnik_rehearsal_polytech2"
    outside.sql("ALTER ROLE nastavnik_owner NOCREATEDB")
    try:
        with pytest.raises(PlaceRefused, match=f"{name}, а роль nastavnik_owner не может") as told:
            make(settings, home, "polytech2")
        assert "ALTER ROLE nastavnik_owner CREATEDB" in str(told.value)
        assert name not in outside.databases()
        outside.sql("CREATE DATABASE nastavnik_rehearsal_polytech2")
        with pytest.raises(PlaceRefused, match="ею не владеет"):
            make(settings, home, "polytech2")
        outside.sql("ALTER DATABASE nastavnik_rehearsal_polytech2 OWNER TO nastavnik_owner")
        make(settings, home, "polytech2")
    finally:
        outside.sql("ALTER ROLE nastavnik_owner CREATEDB")


def test_a_database_with_tables_and_no_mark_is_left_alone(
    settings: Settings, home: Home, outside: Outside
) -> None:
    outside.sql("CREATE DATABASE nastavnik_rehearsal_used OWNER nastavnik_owner")
    outside.sql("CREATE TABLE papers ()", "nastavnik_rehearsal_used")
    with pytest.raises(NotARehearsal, match="могут быть настоящие документы"):
        make(settings, home, "used")
    assert outside.sql(TABLES, "nastavnik_rehearsal_used") == [("papers",)]


def test_a_namespace_without_the_mark_is_left_alone(
    settings: Settings, home: Home, outside: Outside
) -> None:
    async def register() -> None:
        client = await Client.connect(outside.servers.temporal)
        request = RegisterNamespaceRequest(namespace="default-rehearsal-named")
        request.workflow_execution_retention_period.FromSeconds(86400)
        await client.workflow_service.register_namespace(request)

    asyncio.run(register())
    with pytest.raises(NotARehearsal, match="default-rehearsal-named уже есть"):
        make(settings, home, "named")


@pytest.mark.parametrize(
    ("name", "locked", "refusal"), [("stored", False, NotARehearsal), ("locked", True, StoreUnfit)]
)
def test_a_bucket_with_objects_or_a_lock_is_left_alone(
    name: str,
    locked: bool,
    refusal: type[WrongCall],
    settings: Settings,
    home: Home,
    outside: Outside,
) -> None:
    bucket = f"{BUCKET}-rehearsal-{name}"
    outside.store.client().make_bucket(bucket, object_lock=locked)
    if not locked:
        outside.store.client()._put_object(bucket, "draft/1", b"draft", {})
    before = outside.objects(bucket)
    with pytest.raises(refusal, match=bucket):
        make(settings, home, name)
    assert outside.objects(bucket) == before


def test_a_home_that_remembers_a_rehearsal_finds_it_or_says_so(
    settings: Settings, home: Home, outside: Outside
) -> None:
    with pytest.raises(WrongCall, match="nastavnik_rehearsal_gone с её отметкой"):
        make(settings, home, "gone", begun=True)
    assert "nastavnik_rehearsal_gone" not in outside.databases()


def test_a_home_with_servers_of_its_own_is_not_for_external_ones(
    settings: Settings, home: Home
) -> None:
    (home.postgres / "data").mkdir()
    with pytest.raises(WrongCall, match="репетиция на собственных серверах"):
        make(settings, home, "polytech")
    with pytest.raises(WrongCall, match="уберите их адреса"):
        settings_over(settings, home)


@pytest.mark.parametrize(("length", "told"), [(44, "NASTAVNIK_DATABASE_URL"), (33, "BUCKET")])
def test_a_name_that_is_too_long_names_the_variable(
    length: int, told: str, settings: Settings, home: Home
) -> None:
    store = settings.store.model_copy(update={"bucket": "b" * 20})
    with pytest.raises(WrongCall, match=told):
        make(replace(settings, store=store), home, "r" * length)


@pytest.mark.parametrize(
    "variable",
    ["NASTAVNIK_DATABASE_URL", "NASTAVNIK_TEMPORAL_ADDRESS", "NASTAVNIK_STORE_ENDPOINT"],
)
def test_a_server_that_does_not_answer_is_named(
    variable: str, settings: Settings, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = "127.0.0.1:1"
    database = f"postgresql+psycopg://owner:5ecret@{nowhere}/papers"
    monkeypatch.setenv(variable, database if "DATABASE" in variable else nowhere)
    with pytest.raises(WrongCall, match=variable) as told:
        make(read_settings(home=home.path), home, variable.split("_")[1].lower())
    assert "5ecret" not in str(told.value)
