"""A start that cannot be right ends in one sentence and with code 2; then nothing was changed."""

import asyncio
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from temporalio.client import Client

from adapters.files.keyring import MasterKeys, new_master_key
from adapters.postgres.desk import PostgresDesk
from adapters.postgres.migrate import migrate
from adapters.postgres.session import engine_for
from runtime.codec import data_converter
from runtime.home import Home
from runtime.ports import free_port
from tests.e2e.program import Ended, beside, end_all, run
from tests.e2e.servers import Servers, ask, servers

ORGANISATION, DOCUMENT = "0" * 16, "d" * 16


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose database keeps a wrapped key and whose Temporal keeps a payload; stopped."""
    home = tmp_path_factory.mktemp("begun") / "home"
    with servers(home) as running:
        migrate(SecretStr(running.owner))
        keys = Home(home).keys
        master = MasterKeys.from_text(keys.master.get_secret_value())
        engine = engine_for(SecretStr(running.app), master)
        desk = PostgresDesk(engine, master)
        desk.add_organisation(
            ORGANISATION,
            name="Техникум",
            short_name="Т",
            address="Омск",
            inn="5500000000",
            city="Омск",
            time_zone="Asia/Omsk",
        )
        desk.make_key("key", ORGANISATION, DOCUMENT)
        engine.dispose()
        asyncio.run(keep_a_payload(running, keys.payload.get_secret_value()))
    yield home
    end_all(home)


async def keep_a_payload(running: Servers, key: str) -> None:
    converter = data_converter(MasterKeys.from_text(key))
    client = await Client.connect(running.temporal, data_converter=converter)
    await client.start_workflow("Waiting", "text", id="pair/1", task_queue="nobody")


@pytest.fixture
def home(begun: Path, tmp_path: Path) -> Iterator[Path]:
    copy = tmp_path / "home"
    shutil.copytree(begun, copy)
    yield copy
    end_all(copy)


def refused(home: Path, error: str, *told: str, words: str = "up", **variables: str) -> Ended:
    """What the refused command said: one sentence, the code 2, no trace."""
    port = ("--port", free_port()) if words == "up" else ()
    ended = run(*words.split(), "--home", home, *port, "--json", **variables)
    assert (ended.code, ended.json["error"]) == (2, error), ended
    for piece in told:
        assert piece in ended.json["detail"]
    assert ended.json["detail"] in ended.err
    assert "Traceback" not in ended.err
    return ended


def goes_on(home: Path) -> None:
    """The cause removed, the service starts, and all is as it was."""
    with beside(home, "up", "--port", free_port()) as service:
        service.await_line("Служба: готова")


def test_another_master_key_is_noticed_before_anything_is_written(home: Path) -> None:
    key = new_master_key()
    for words in ("check --all", "up"):
        ended = refused(
            home, "KeyUnfit", "Главный ключ не подходит", words=words, NASTAVNIK_MASTER_KEY=key
        )
        assert key not in ended.out + ended.err
        assert not (home / "files").exists()
    goes_on(home)


def test_a_mistake_in_ones_own_roadmaps_is_told_at_the_start(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "roadmaps"
    folder.mkdir()
    (folder / "mine.yaml").write_text("roadmap: mine\nsteps: 7\n", encoding="utf-8")
    for _ in range(2):
        where = {"NASTAVNIK_ROADMAPS": str(folder)}
        refused(home, "WrongCall", "исправьте дорожные карты", "mine.yaml:2", **where)
    found = run("doctor", "--home", home, "--json", **where).json["checks"]
    [told] = [one for one in found if one["id"] == "roadmaps"]
    assert (told["state"], "mine.yaml:2" in told["text"]) == ("failure", True)
    (folder / "mine.yaml").unlink()
    goes_on(home)


def test_another_payload_key_is_noticed_before_anything_is_written(home: Path) -> None:
    refused(
        home,
        "KeyUnfit",
        "NASTAVNIK_PAYLOAD_KEY",
        "не подходит",
        NASTAVNIK_PAYLOAD_KEY=new_master_key(),
    )
    assert not (home / "log" / "worker.log").exists()
    goes_on(home)


def test_data_of_a_newer_program_is_left_alone(home: Path) -> None:
    with servers(home) as running:
        ask(running.owner, "UPDATE alembic_version SET version_num = '9999'")
    refused(home, "DataNewer", "более новая версия", "9999")
    with servers(home) as running:
        assert ask(running.owner, "SELECT version_num FROM alembic_version") == [("9999",)]
        assert ask(running.owner, "SELECT count(*) FROM object_keys") == [(1,)]


def test_a_database_of_another_postgresql_is_left_alone(home: Path) -> None:
    version = home / "postgres" / "data" / "PG_VERSION"
    known = version.read_text()
    version.write_text("19\n")
    refused(home, "HomeUnfit", "сделана PostgreSQL 19, а программа работает с 18")
    version.write_text(known)
    with servers(home) as running:
        assert ask(running.owner, "SELECT count(*) FROM object_keys") == [(1,)]


def test_files_without_their_database_get_no_new_one(home: Path) -> None:
    (home / "files" / "sealed").mkdir(parents=True)
    data = (home / "postgres" / "data").rename(home / "aside")
    refused(home, "HomeUnfit", "новая база не создана")
    assert not (home / "postgres" / "data").exists()
    data.rename(home / "postgres" / "data")
    with servers(home) as running:
        assert ask(running.owner, "SELECT count(*) FROM object_keys") == [(1,)]


def test_a_port_that_is_taken_is_named(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run("up", "--home", home, "--port", port, "--json")
    assert (ended.code, ended.json["error"]) == (2, "PortTaken")
    assert f"Порт {port} на 127.0.0.1 занят" in ended.json["detail"]
    assert list((home / "run").glob("web.json")) == []


@pytest.mark.parametrize("words", ["up", "check --all", "add organisation --name x"])
def test_a_home_that_another_process_holds_is_named(home: Path, words: str) -> None:
    needed = "--short-name x --address x --inn 1 --city x" if words.startswith("add") else ""
    with Home(home):
        refused(home, "HomeInUse", "занят другим процессом", words=f"{words} {needed}")
