"""What a rehearsal has of its own on servers that real papers use: database, namespace, bucket.

Each is named after the configured one and bears the mark of the rehearsal's home. One without that
mark is never touched; the configured ones are only looked at.
"""

import asyncio
import secrets
import time
from datetime import timedelta
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeNamespaceResponse,
    RegisterNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from adapters.files.claim import claim
from adapters.files.minio import BucketUnfit, MinioFiles, StoreAway
from runtime.addresses import (
    MARKED,
    Addresses,
    Mark,
    external_addresses,
    known_mark,
    mark_path,
    settings_over,
)
from runtime.embedded import Progress
from runtime.embedded_temporal import SEARCH_ATTRIBUTES, register_search_attributes
from runtime.home import Home, write_whole
from runtime.processes import ServerFailed
from runtime.settings import (
    Settings,
    WrongCall,
)
from runtime.wiring import StoreUnfit, open_files

RETENTION: Final = timedelta(days=1)
"""The shortest that Temporal allows: a closed workflow of a rehearsal is of no use."""
PATIENCE: Final = 60.0
"""Seconds until a new namespace can be used: servers read the list of them every 10 s or so."""
_PAUSE: Final = 0.2


class NotARehearsal(WrongCall):
    """A home, database, namespace or bucket is not this rehearsal's: it may hold real papers."""


class PlaceRefused(WrongCall):
    """A server does not let the rehearsal have a place of its own; the message says what to do."""


def make_places(
    settings: Settings, home: Home, roadmap: str, say: Progress, *, begun: bool
) -> None:
    """Make what is missing, and wait until it can be used; harmless if it is all there.

    `begun`: the home remembers a rehearsal, so its database must be there. Raises `NotARehearsal`,
    `PlaceRefused`, `WrongCall`, or `ServerFailed` if a server does not do as it should.
    """
    mark = known_mark(home) or _new_mark(home, roadmap)
    if mark.roadmap != roadmap:
        raise WrongCall(f"В каталоге {home.path} репетируют «{mark.roadmap}».")
    own = settings_over(settings, home)
    addresses = external_addresses(own)
    say("Репетиция на внешних серверах: готовлю ей свои базу, пространство имён и хранилище…")
    _make_database(external_addresses(settings), addresses, mark, begun=begun)
    asyncio.run(_make_namespace(addresses, mark))
    _make_bucket(own, mark)


def _new_mark(home: Home, roadmap: str) -> Mark:
    if home.has_data:
        raise WrongCall(
            f"В каталоге {home.path} репетиция на собственных серверах; для внешних нужен другой: "
            "--home КАТАЛОГ."
        )
    mark = Mark(roadmap=roadmap, id=secrets.token_hex(8))
    write_whole(mark_path(home), mark.model_dump_json())
    return mark


def _foreign(what: str, mark: str | None) -> NotARehearsal:
    whose = (
        "другой репетиции: её каталог указывают как --home КАТАЛОГ, а если его больше нет, "
        "удалите её базу, пространство имён и бакет"
        if mark is not None and mark.startswith(MARKED)
        else "не репетиции: там могут быть настоящие документы"
    )
    return NotARehearsal(f"{what} уже есть и принадлежит {whose}.")


# PostgreSQL


def _make_database(real: Addresses, own: Addresses, mark: Mark, *, begun: bool) -> None:
    owner = make_url(own.database_owner_url.get_secret_value())
    app = make_url(own.database_app_url.get_secret_value()).username or ""
    name = str(owner.database)
    with _connected(make_url(real.database_owner_url.get_secret_value())) as connection:
        there = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        known = connection.execute(there, [name]).fetchone()
        if known == (str(mark),):
            return
        if begun:
            raise WrongCall(
                f"Каталог помнит репетицию, а базы {name} с её отметкой на этом сервере нет. "
                "Верните прежние адреса или укажите другой каталог: --home КАТАЛОГ."
            )
        if known is None:
            _create(connection, owner)
        elif known != (None,):
            raise _foreign(f"База {name}", str(known[0]))
    _take(owner, app, mark)


def _create(connection: psycopg.Connection[tuple[object, ...]], owner: URL) -> None:
    name = str(owner.database)
    try:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege:
        raise PlaceRefused(
            f"Репетиции нужна своя база {name}, а роль {owner.username} не может её создать. "
            f"Дайте ей право (ALTER ROLE {owner.username} CREATEDB) или создайте пустую базу "
            "с таким именем, которой она владеет."
        ) from None


def _take(owner: URL, app: str, mark: Mark) -> None:
    """Mark an empty database; a start that was cut short left it so, or an administrator did."""
    name = sql.Identifier(str(owner.database))
    try:
        with _connected(owner) as connection, connection.transaction():
            used = (
                "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
                "WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema')"
            )
            if connection.execute(used).fetchone() != (False,):
                raise _foreign(f"База {owner.database}", None)
            for statement in (
                sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(app)),
                sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(str(mark))),
            ):
                connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        raise PlaceRefused(
            f"База {owner.database} есть, но роль {owner.username} ею не владеет, "
            "и репетиция её не возьмёт."
        ) from None
    except psycopg.errors.UndefinedObject:
        raise WrongCall(f"NASTAVNIK_DATABASE_APP_URL: роли {app} на сервере нет.") from None


def _connected(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(address, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        told = str(error).partition("\n")[0]
        raise WrongCall(
            f"NASTAVNIK_DATABASE_URL: база {url.database} не открылась: {told}"
        ) from None


# Temporal


async def _make_namespace(own: Addresses, mark: Mark) -> None:
    try:
        client = await Client.connect(own.temporal_address, namespace=own.namespace)
    except RuntimeError as error:  # what the SDK raises when nobody answers
        raise WrongCall(
            f"NASTAVNIK_TEMPORAL_ADDRESS: {own.temporal_address} не отвечает: {error}"
        ) from None
    if await _described(client) is None:
        await _register(client, mark)
    deadline = time.monotonic() + PATIENCE
    while not await _is_usable(client, mark):
        if time.monotonic() > deadline:
            raise ServerFailed(f"Пространство имён {own.namespace} не готово за {PATIENCE:.0f} с.")
        await asyncio.sleep(_PAUSE)


async def _described(client: Client) -> DescribeNamespaceResponse | None:
    try:
        return await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise _refused(client, error) from None


async def _register(client: Client, mark: Mark) -> None:
    request = RegisterNamespaceRequest(
        namespace=client.namespace,
        description=f"nastavnik: rehearsal of {mark.roadmap}, nothing real",
        data={MARKED: str(mark)},
    )
    request.workflow_execution_retention_period.FromTimedelta(RETENTION)
    try:
        await client.workflow_service.register_namespace(request)
    except RPCError as error:
        raise _refused(client, error) from None


async def _is_usable(client: Client, mark: Mark) -> bool:
    """Whether a workflow with our search attributes could start there."""
    found = await _described(client)
    if found is None:
        return False
    theirs = found.namespace_info.data.get(MARKED)
    if theirs != str(mark):
        raise _foreign(f"Пространство имён {client.namespace}", theirs)
    try:
        await register_search_attributes(client)
        for name in SEARCH_ATTRIBUTES:
            await client.count_workflows(f"{name} = 'nothing'")
    except RPCError as error:
        if error.status is RPCStatusCode.PERMISSION_DENIED:
            raise _refused(client, error) from None
        return False
    return True


def _refused(client: Client, error: RPCError) -> PlaceRefused:
    return PlaceRefused(
        f"Temporal не даёт репетиции пространства имён {client.namespace}: {error.message}"
    )


# The store


def _make_bucket(own: Settings, mark: Mark) -> None:
    files = open_files(own)
    if not isinstance(files, MinioFiles):
        return
    try:
        theirs = claim(files, str(mark))
    except BucketUnfit as error:
        raise StoreUnfit(str(error)) from error
    except StoreAway as error:
        raise PlaceRefused(
            f"NASTAVNIK_STORE_ENDPOINT: репетиция не получила бакета {own.store.bucket}: {error}"
        ) from None
    if theirs != str(mark):
        raise _foreign(f"Бакет {own.store.bucket}", theirs)
