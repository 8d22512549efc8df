"""Make the named servers ready for the service: schema, namespace and bucket. Run it first.

`python -m runtime.prepare` waits for servers that start at the same time, and is harmless when
repeated. It alone needs the address of the database's owner.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from adapters.postgres.session import engine_for
from runtime.addresses import external_addresses
from runtime.embedded import Progress
from runtime.embedded_temporal import SEARCH_ATTRIBUTES, register_search_attributes
from runtime.output import DONE, REFUSED, WRONG_CALL, fail, say
from runtime.processes import ServerFailed, leave
from runtime.schema import open_database
from runtime.settings import Settings, WrongCall, read_settings
from runtime.wiring import prepare_files

LIMIT: Final = 180.0
"""Seconds for everything: servers on a slow machine may start for a minute or two."""
RETENTION: Final = timedelta(days=30)
"""How long Temporal keeps what has ended, for who looks for a fault: the service reads none."""
_PAUSE: Final = 1.0
_AWAY: Final = (OperationalError, OSError, RPCError)
"""What says that a server is not there yet."""


def prepare(settings: Settings, progress: Progress, limit: float = LIMIT) -> None:
    """Make everything ready, or raise: `WrongCall` if a setting is wrong or missing,
    `ServerFailed` if a server was not ready within `limit` seconds.
    """
    addresses = external_addresses(settings)
    master = settings.secret.master_key
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("База данных, владелец", lambda: _reach(addresses.database_owner_url)),
        ("Схема базы данных", lambda: open_database(addresses.database_owner_url, master)),
        ("База данных, приложение", lambda: _reach(addresses.database_app_url)),
        ("Temporal", lambda: asyncio.run(_namespace(settings))),
        ("Хранилище файлов", lambda: prepare_files(settings)),
    )
    deadline = time.monotonic() + limit
    for name, step in steps:
        _insist(name, step, deadline)
        progress(f"{name}: готово")


def _insist(name: str, step: Callable[[], None], deadline: float) -> None:
    while True:
        try:
            return step()
        except _AWAY as error:
            if time.monotonic() > deadline:
                said = error.orig if isinstance(error, OperationalError) else error
                raise ServerFailed(f"{name}: не удалось за отведённое время: {said}") from error
        time.sleep(_PAUSE)


def _reach(url: SecretStr) -> None:
    engine = engine_for(url, name="nastavnik prepare")
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    finally:
        engine.dispose()


async def _namespace(settings: Settings) -> None:
    address = settings.temporal.address or ""
    try:
        client = await Client.connect(address, namespace=settings.temporal.namespace)
    except RuntimeError as error:  # what the SDK raises when nobody answers
        raise ConnectionError(str(error)) from error
    if not await _is_there(client):
        request = RegisterNamespaceRequest(namespace=client.namespace)
        request.workflow_execution_retention_period.FromTimedelta(RETENTION)
        await client.workflow_service.register_namespace(request)
    await register_search_attributes(client)
    for name in SEARCH_ATTRIBUTES:  # servers hear of a new one within half a minute or so
        await client.count_workflows(f"{name} = 'nothing'")


async def _is_there(client: Client) -> bool:
    try:
        await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


def main() -> int:
    """Prepare what the environment names; the exit code."""
    try:
        prepare(read_settings(), say)
    except WrongCall as error:
        return fail(error, str(error), WRONG_CALL, as_json=False)
    except ServerFailed as error:
        return fail(error, str(error), REFUSED, as_json=False)
    return DONE


if __name__ == "__main__":
    leave(main())
