"""The embedded servers, whole: they survive any killing and leave nothing behind."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.addresses import running_addresses
from runtime.embedded import EmbeddedServers
from runtime.embedded_postgres import _UNSHARE, APP, OWNER
from runtime.embedded_temporal import SEARCH_ATTRIBUTES, TemporalServer, _program
from runtime.home import Home, HomeInUse, KeysMissing
from runtime.ports import free_port
from runtime.processes import Child, Program, ServerFailed, running, wait_until
from tests.e2e.servers import (
    AS_ROOT,
    ON_LINUX,
    ROOT,
    ask,
    database,
    is_open,
    nothing_runs_in,
    processes_of,
    recorded,
    servers,
    silent,
    start_a_workflow,
    url,
    write_a_note,
)


@pytest.mark.skipif(not ON_LINUX, reason="looks into /proc")
def test_what_was_written_survives_the_killing_of_everything(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with servers(home) as first:
        write_a_note(first.owner, "kept")
        start_a_workflow(first.temporal)
        for pid in (first.process.pid, recorded(home, "postgres"), recorded(home, "temporal")):
            os.kill(pid, signal.SIGKILL)
        first.process.wait()
    with servers(home) as second:
        assert (second.owner, second.temporal) == (first.owner, first.temporal)
        assert ask(second.owner, "SELECT text FROM note") == [("kept",)]
        assert is_open(second.temporal)
    assert second.process.returncode == 0
    assert nothing_runs_in(home), processes_of(home)


@pytest.mark.skipif(not ON_LINUX, reason="the death signal is Linux's")
def test_children_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with servers(home) as first:
        first.process.kill()
        assert nothing_runs_in(home), processes_of(home)


@pytest.mark.skipif(not ON_LINUX, reason="looks into /proc")
def test_a_kill_in_the_middle_of_the_first_start_loses_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    # Each of these appears at a later moment of the first start.
    for sight in ("keys", "postgres/data.part", "postgres/data", "postgres/data/postmaster.pid"):
        with subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.servers", str(home)],
            stdout=subprocess.DEVNULL,
            cwd=ROOT,
        ) as process:
            assert wait_until((home / sight).exists, 60)
            process.kill()
    with servers(home) as last:
        write_a_note(last.owner, "works")
        assert ask(last.app, "SELECT current_user::text") == [("nastavnik_app",)]


def test_a_stopped_program_leaves_no_process_and_no_record(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with servers(home) as only:
        pids = [recorded(home, name) for name in ("postgres", "temporal")]
        assert all(running(pid) for pid in pids)
    assert only.process.returncode == 0
    assert not any(running(pid) for pid in pids)
    assert [file.name for file in (home / "run").iterdir()] == ["ports.json"]
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


def test_a_second_process_finds_the_servers_but_may_not_hold_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    assert running_addresses(home) is None
    with servers(home.path) as first:
        with pytest.raises(HomeInUse, match=f"номер {first.process.pid}"):
            home.hold()
        found = running_addresses(home)
        assert found is not None
        assert found.temporal_address == first.temporal
        assert ask(found.database_app_url.get_secret_value(), "SELECT 1") == [(1,)]
    assert running_addresses(home) is None


def test_the_application_owns_nothing_and_the_owner_is_no_superuser(home: Home) -> None:
    with database(home):
        owner, app = url(home, OWNER), url(home, APP)
        rights: LiteralString = (
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles "
            "WHERE rolname = current_user"
        )
        assert ask(owner, rights) == ask(app, rights) == [(False,)]
        write_a_note(owner, "the owner may migrate")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(app, "CREATE TABLE mine (n int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            ask(app, "CREATE TEMP TABLE mine (n int)")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            ask(app.replace("nastavnik_app:", "nastavnik_app:x"), "SELECT 1")


def test_the_database_is_safe_against_a_loss_of_power_and_sorts_everywhere_alike(
    home: Home,
) -> None:
    with database(home):
        owner = url(home, OWNER)
        assert ask(owner, "SHOW fsync") == ask(owner, "SHOW synchronous_commit") == [("on",)]
        assert ask(owner, "SHOW data_checksums") == [("on",)]
        assert ask(owner, "SHOW server_encoding") == [("UTF8",)]
        assert ask(
            owner,
            "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = 'nastavnik'",
        ) == [("b", "C.UTF-8")]
        assert ask(owner, "SELECT lower('ЁЖ')") == [("ёж",)]


def test_a_server_that_dies_is_revived_on_its_port_with_its_data(home: Home) -> None:
    with EmbeddedServers(home) as embedded:
        addresses = embedded.start(silent)
        owner = addresses.database_owner_url.get_secret_value()
        write_a_note(owner, "kept")
        start_a_workflow(addresses.temporal_address)
        for name in ("postgres", "temporal"):
            os.kill(recorded(home.path, name), signal.SIGKILL)
        told: list[str] = []
        while len(told) < 4:  # both are noticed as soon as the kernel has ended them
            embedded.revive(told.append)
        assert ask(owner, "SELECT text FROM note") == [("kept",)]
        assert is_open(addresses.temporal_address)
        embedded.revive(told.append)
        assert len(told) == 4  # both lived


def test_a_port_taken_meanwhile_is_given_up(home: Home) -> None:
    with EmbeddedServers(home) as embedded:
        first = embedded.start(silent)
    with socket.socket() as stranger:
        host, _, port = first.temporal_address.partition(":")
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind((host, int(port)))
        stranger.listen()
        with EmbeddedServers(home) as embedded:
            second = embedded.start(silent)
            assert second.temporal_address != first.temporal_address
            assert second.database_owner_url == first.database_owner_url


def test_search_attributes_unknown_to_an_older_file_are_registered(home: Home) -> None:
    file, port = str(home.temporal / "temporal.db"), free_port()
    argv = (str(_program()), "server", "start-dev", "--headless", "--db-filename", file)
    older = Child(home, Program("older", (*argv, "--port", str(port))))
    older.start()
    assert wait_until(lambda: search_attributes(port) == set(), 60)
    older.stop()
    server = TemporalServer(home, "default")
    newer = server.launch(port)
    assert wait_until(server.is_ready, 60)
    assert search_attributes(port) == set(SEARCH_ATTRIBUTES)
    newer.stop()


def search_attributes(port: int) -> set[str] | None:
    """Those that the server on this port knows; None if it does not answer yet."""

    async def listed() -> set[str]:
        client = await Client.connect(f"127.0.0.1:{port}")
        asked = ListSearchAttributesRequest(namespace="default")
        answer = await client.operator_service.list_search_attributes(asked)
        return {name for name in answer.custom_attributes if name.startswith("Nastavnik")}

    try:
        return asyncio.run(listed())
    except (RuntimeError, RPCError):
        return None


@contextlib.contextmanager
def started(argv: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of the home's children; it is gone after the test."""
    with subprocess.Popen(argv, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(not ON_LINUX, reason="looks into /proc")
def test_a_server_that_nobody_recorded_is_ended_before_the_start(home: Home) -> None:
    with database(home) as recorded_one:
        command = Path(f"/proc/{recorded_one.pid}/cmdline").read_bytes()
    wrapper = _UNSHARE if AS_ROOT else ()
    argv = command.rstrip(b"\0").decode().split("\0")
    with started([*wrapper, *argv]) as forgotten:
        pid_file = home.postgres / "data" / "postmaster.pid"
        assert wait_until(lambda: pid_file.exists() and "ready" in pid_file.read_text(), 60)
        with database(home):
            assert forgotten.wait(60) == 0
            assert ask(url(home, OWNER), "SELECT 1") == [(1,)]


def test_a_stale_pid_file_that_names_a_stranger_harms_neither(home: Home) -> None:
    with database(home):
        write_a_note(url(home, OWNER), "kept")
    with started(["sleep", "600"]) as stranger:
        (home.postgres / "data" / "postmaster.pid").write_text(
            f"{stranger.pid}\n{home.postgres / 'data'}\n1\n1\n\n127.0.0.1\n\nready\n"
        )
        with database(home):
            assert ask(url(home, OWNER), "SELECT text FROM note") == [("kept",)]
            assert stranger.poll() is None


def test_passwords_that_are_not_the_databases_are_told_at_once(home: Home) -> None:
    with database(home):
        (home.key_folder / "nastavnik_app").write_text("another\n")
    with EmbeddedServers(home) as embedded, pytest.raises(KeysMissing, match="не подходят к базе"):
        embedded.start(silent)
    assert nothing_runs_in(home.path)


def test_a_server_that_cannot_start_shows_the_end_of_its_log_and_the_other_is_stopped(
    home: Home,
) -> None:
    with database(home):
        (home.postgres / "data" / "postgresql.conf").write_text("no_such_option = 1\n")
    with EmbeddedServers(home) as embedded, pytest.raises(ServerFailed, match="no_such_option"):
        embedded.start(silent)
    assert nothing_runs_in(home.path)


def test_servers_are_not_started_over_a_home_that_is_not_held(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="hold the home"):
        EmbeddedServers(Home(tmp_path)).start(silent)
