"""Real servers, started once; a client, a worker over fakes and a queue of its own for each test.

A missing server is a failure: what these tests prove cannot be proved without one.
"""

import logging
import sysconfig
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from adapters.files.keyring import MasterKeys
from runtime.codec import data_converter
from tests.workflows.told import DIFFERENCES
from tests.workflows.world import World
from workflows.process import CYCLE_KEY, STAGE_KEY

CONVERTER = data_converter(MasterKeys(bytes(range(32))))
SOON = 60
"""Events after which a server that is short of patience suggests to continue as new."""


def program(name: str) -> str:
    path = Path(sysconfig.get_path("scripts"), name)
    assert path.exists(), f"{name} is missing: `make setup` installs it"
    return str(path)


async def dev_server(*dynamic_config: str) -> WorkflowEnvironment:
    values = [arg for value in dynamic_config for arg in ("--dynamic-config-value", value)]
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=program("temporal"),
        dev_server_extra_args=values,
        dev_server_log_level="error",
        search_attributes=[STAGE_KEY, CYCLE_KEY],
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[str]:
    """The address of a server with its own limits."""
    async with await dev_server() as environment:
        yield environment.client.service_client.config.target_host


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def short_server() -> AsyncIterator[str]:
    """The address of a server that soon wants a workflow to continue as new."""
    limit = f"limit.historyCount.suggestContinueAsNew={SOON}"
    async with await dev_server(limit) as environment:
        yield environment.client.service_client.config.target_host


@pytest.fixture
async def idle_world(server: str) -> World:
    """A world without a worker."""
    return World(await Client.connect(server, data_converter=CONVERTER))


@pytest.fixture
async def world(idle_world: World) -> AsyncIterator[World]:
    async with idle_world.worker():
        yield idle_world


@pytest.fixture
async def short_world(short_server: str) -> AsyncIterator[World]:
    """A world where every history is short."""
    world = World(await Client.connect(short_server, data_converter=CONVERTER))
    async with world.worker():
        yield world


@pytest.fixture(autouse=True)
def the_log_tells_what_every_save_says() -> Iterator[None]:
    """The past of any moment can be told by the log: each save of each test is such a moment."""
    DIFFERENCES.clear()
    yield
    assert DIFFERENCES == []


@pytest.fixture(autouse=True)
def no_workflow_task_fails(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A bug in a workflow only makes its task be tried again: the log must not hide it."""
    yield
    failures = [
        record.getMessage()
        for record in caplog.get_records("call")
        if record.name.startswith("temporalio.worker")
        and record.levelno >= logging.WARNING
        and "activity" not in record.getMessage().lower()
    ]
    assert not failures
