"""What tests of the embedded servers share, and a program that runs them.

`python -m tests.e2e.servers HOME` starts them over a home, prints one line of JSON that says where,
and stops them on SIGTERM.
"""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from temporalio.api.enums.v1 import WorkflowExecutionStatus
from temporalio.client import Client

from runtime.embedded import EmbeddedServers
from runtime.embedded_postgres import PostgresServer
from runtime.home import Home
from runtime.ports import free_port
from runtime.processes import Child, Running, running, wait_until

ROOT = Path(__file__).parents[2]
AS_ROOT = os.geteuid() == 0
ON_LINUX = sys.platform == "linux"


@dataclass(frozen=True)
class Servers:
    """A running `tests.e2e.servers`."""

    process: subprocess.Popen[str]
    owner: str
    app: str
    temporal: str


@contextlib.contextmanager
def servers(home: Path, python: Sequence[str] = (sys.executable,), **env: str) -> Iterator[Servers]:
    """The program over this home; what it says on standard error goes to the test's."""
    with subprocess.Popen(
        [*python, "-m", "tests.e2e.servers", str(home)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **env},
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, f"ended with {process.wait()}"
            yield Servers(process, **json.loads(line))
        finally:
            process.terminate()
            process.wait(60)


def as_psycopg(url: str) -> str:
    return url.replace("+psycopg", "")


def ask(url: str, query: LiteralString, *given: str) -> list[tuple[object, ...]]:
    with psycopg.connect(as_psycopg(url), autocommit=True) as connection:
        cursor = connection.execute(query, given)
        return cursor.fetchall() if cursor.description else []


def write_a_note(url: str, text: str) -> None:
    ask(url, "CREATE TABLE IF NOT EXISTS note (text text)")
    ask(url, "INSERT INTO note VALUES (%s)", text)


def start_a_workflow(address: str) -> None:
    async def start() -> None:
        client = await Client.connect(address)
        await client.start_workflow("Waiting", id="pair/1", task_queue="nobody")

    asyncio.run(start())


def is_open(address: str) -> bool:
    async def look() -> bool:
        client = await Client.connect(address)
        found = await client.get_workflow_handle("pair/1").describe()
        status = found.raw_description.workflow_execution_info.status
        return status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING

    return asyncio.run(look())


def recorded(home: Path, name: str) -> int:
    return int(json.loads((home / "run" / f"{name}.json").read_text())["pid"])


def running_in(home: Path) -> list[Running]:
    """Live processes, other than this one, that work in the home or name it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        process = running(int(folder.name))
        if process is None or process.pid == os.getpid():
            continue
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            if str(home) in process.command or (folder / "cwd").readlink().is_relative_to(home):
                found.append(process)
    return found


def processes_of(home: Path) -> list[str]:
    return [process.command for process in running_in(home)]


def pids_of(home: Path) -> list[int]:
    return [process.pid for process in running_in(home)]


def nothing_runs_in(home: Path) -> bool:
    return wait_until(lambda: not processes_of(home), 60)


@contextlib.contextmanager
def database(home: Home) -> Iterator[Child]:
    """PostgreSQL alone, for what needs no Temporal."""
    port = free_port()
    home.remember("ports", {"postgres": port})
    server = PostgresServer(home)
    server.prepare()
    child = server.launch(port)
    try:
        assert wait_until(server.is_ready, 60), child.last_words()
        yield child
    finally:
        child.stop()


def url(home: Home, role: str) -> str:
    port = home.record("ports")["postgres"]
    assert isinstance(port, int)
    return PostgresServer(home).url(role, port).get_secret_value()


def silent(_: str) -> None:
    """No progress."""


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main(path: Path) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Home(path) as home, EmbeddedServers(home) as servers:
        addresses = servers.start(_tell)
        ready = {
            "owner": addresses.database_owner_url.get_secret_value(),
            "app": addresses.database_app_url.get_secret_value(),
            "temporal": addresses.temporal_address,
        }
        sys.stdout.write(f"{json.dumps(ready)}\n")
        sys.stdout.flush()
        signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
