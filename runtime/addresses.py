"""Where the servers answer of what belongs to a home: its own, those that the settings name, and
the places that a rehearsal has on those.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import SecretStr, ValidationError
from sqlalchemy import make_url

from domain.base import Value
from runtime.embedded_postgres import APP, OWNER, PostgresServer
from runtime.home import Home
from runtime.ports import LOOPBACK
from runtime.settings import (
    DatabaseSettings,
    HomeSettings,
    SecretSettings,
    Settings,
    StoreSettings,
    TemporalSettings,
    WrongCall,
)
from runtime.settings_parts import ClientSettings

TEMPORAL: Final = "temporal"
"""The name under which a home keeps the port of its Temporal."""
LONGEST_NAME: Final = 63
"""Bytes of a name in PostgreSQL (NAMEDATALEN - 1); a longer one it would cut silently."""
MARKED: Final = "nastavnik-rehearsal"
"""Where the mark stands in a namespace, and how it begins in a database."""


@dataclass(frozen=True)
class Addresses:
    """Where the servers of a home answer."""

    database_owner_url: SecretStr
    database_app_url: SecretStr
    temporal_address: str
    namespace: str


class Mark(Value):
    """By what the rehearsal of one home knows its places; the home keeps it."""

    roadmap: str
    id: str

    def __str__(self) -> str:
        return f"{MARKED}:{self.id}"


def running_addresses(home: Home, namespace: str = "default") -> Addresses | None:
    """Where the servers answer that another process runs over this home; None if none does."""
    if not home.is_held_by_another() or not home.record("ports"):
        return None
    return addresses_of(home, namespace)


def addresses_of(home: Home, namespace: str) -> Addresses:
    """Where the servers of this home answer, or answered when they last ran."""
    postgres = PostgresServer(home)
    port = port_of(home, postgres.name)
    return Addresses(
        database_owner_url=postgres.url(OWNER, port),
        database_app_url=postgres.url(APP, port),
        temporal_address=f"{LOOPBACK}:{port_of(home, TEMPORAL)}",
        namespace=namespace,
    )


def port_of(home: Home, server: str) -> int:
    """The port of the server with this name, as the home remembers it."""
    return int(str(home.record("ports")[server]))


def external_addresses(settings: Settings) -> Addresses:
    """Where the named servers answer. Raises `WrongCall` if only some are named."""
    database, temporal = settings.database, settings.temporal
    if database.url is None or database.app_url is None or temporal.address is None:
        raise WrongCall(
            "Внешние серверы заданы не все: нужны NASTAVNIK_DATABASE_URL, "
            "NASTAVNIK_DATABASE_APP_URL и NASTAVNIK_TEMPORAL_ADDRESS."
        )
    return Addresses(database.url, database.app_url, temporal.address, temporal.namespace)


def settings_over(settings: Settings, home: Home) -> Settings:
    """The settings for what belongs to this home: of a rehearsal's home, its own places.

    Raises `WrongCall` if its places are on servers that the settings do not name, or the other way
    round.
    """
    if not home.is_rehearsal:
        return settings
    settings = replace(settings, home=HomeSettings(home=home.path, rehearsal=True))
    mark = known_mark(home)
    if settings.names_servers() != (mark is not None):
        raise WrongCall(
            f"Репетиция каталога {home.path} идёт "
            f"{'на внешних серверах' if mark else 'на собственных серверах'}: "
            f"{'задайте' if mark else 'уберите'} их адреса или укажите другой: --home КАТАЛОГ."
        )
    if mark is None:
        files = StoreSettings(path=home.path / "files", endpoint=None)
        return replace(settings, store=files)
    addresses = external_addresses(settings)
    name = _database_name(addresses.database_owner_url, mark)
    return replace(
        settings,
        database=DatabaseSettings(
            url=_address(addresses.database_owner_url, name),
            app_url=_address(addresses.database_app_url, name),
        ),
        temporal=TemporalSettings(
            address=addresses.temporal_address,
            namespace=f"{addresses.namespace}-rehearsal-{mark.roadmap}",
            task_queue=settings.temporal.task_queue,
        ),
        store=_own_store(settings.store, home, mark),
    )


def inner_settings(settings: Settings, home: Home, addresses: Addresses) -> Settings:
    """The settings as a process beside the servers sees them: everything has an address."""
    keys = home.keys
    return Settings(
        home=settings.home.model_copy(update={"home": home.path}),
        database=DatabaseSettings(
            url=addresses.database_owner_url, app_url=addresses.database_app_url
        ),
        temporal=TemporalSettings(
            address=addresses.temporal_address,
            namespace=addresses.namespace,
            task_queue=settings.temporal.task_queue,
        ),
        store=settings.located_store,
        secret=SecretSettings(master_key=keys.master, payload_key=keys.payload),
        web=settings.web,
        metrics=settings.metrics,
        pdf=settings.pdf,
        clamav=settings.clamav,
        signing=settings.signing,
        night=settings.night,
        backup=settings.backup,
        client=ClientSettings.model_construct(url=None, token=None),  # a person's, not a process's
    )


def known_mark(home: Home) -> Mark | None:
    """Of the rehearsal whose home it is, if that has places of its own; else None."""
    path = mark_path(home)
    return Mark.model_validate_json(path.read_text("utf-8")) if path.exists() else None


def mark_path(home: Home) -> Path:
    """Where the home keeps its mark."""
    return home.path / "rehearsal-places.json"


def _database_name(owner: SecretStr, mark: Mark) -> str:
    url = make_url(owner.get_secret_value())
    name = f"{url.database or url.username}_rehearsal_{mark.roadmap}"
    if len(name.encode()) > LONGEST_NAME:
        raise WrongCall(
            f"Имя базы репетиции {name} длиннее {LONGEST_NAME} байт: "
            "базе в NASTAVNIK_DATABASE_URL нужно имя короче."
        )
    return name


def _address(url: SecretStr, database: str) -> SecretStr:
    there = make_url(url.get_secret_value()).set(database=database)
    return SecretStr(there.render_as_string(hide_password=False))


def _own_store(store: StoreSettings, home: Home, mark: Mark) -> StoreSettings:
    if store.endpoint is None:
        return StoreSettings(path=home.path / "files")
    name = f"{store.bucket}-rehearsal-{mark.roadmap.replace('_', '-')}"
    try:
        return StoreSettings.model_validate(store.model_dump() | {"bucket": name})
    except ValidationError:
        raise WrongCall(
            f"Имя бакета репетиции {name} не годится: "
            "бакету в NASTAVNIK_STORE_BUCKET нужно имя короче."
        ) from None
