"""The whole service over one home: servers, migrations, worker and web, started and kept alive."""

import os
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx

from adapters.postgres.migrate import migrate
from runtime.embedded import Addresses, EmbeddedServers, Progress
from runtime.home import Home
from runtime.processes import Child, Program, ServerFailed
from runtime.settings import (
    DatabaseSettings,
    HomeSettings,
    SecretSettings,
    Settings,
    StoreSettings,
    TemporalSettings,
    WrongCall,
)

PATIENCE = 60.0  # seconds until worker and web must answer
PAUSE = 0.05
WORKER_GRACE, WEB_GRACE = 35.0, 35.0  # a little more than they allow themselves


class PortTaken(WrongCall):
    """Another program listens where the pages shall be served."""


@dataclass(frozen=True)
class Serving:
    """Where the started service answers."""

    url: str
    settings: Settings
    """The settings of worker and web, to whom every server is external."""


class Service:
    """Everything that runs over a held home. Call it from the main thread.

    Where the settings name external servers, those are used and only worker and web are started.
    """

    def __init__(self, settings: Settings, home: Home, *, rehearsal: bool = False) -> None:
        self._settings = settings
        self._home = home
        self._rehearsal = rehearsal
        self._servers = (
            None if settings.names_servers() else EmbeddedServers(home, settings.temporal.namespace)
        )
        self._worker: Child | None = None
        self._web: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, progress: Progress) -> Serving:
        """Start all and wait until it answers. Raises `WrongCall` or `ServerFailed`."""
        web = self._settings.web
        _check_port(web.host, web.port)
        addresses = self._servers.start(progress) if self._servers else self._external()
        progress("База данных: проверяю схему…")
        migrate(addresses.database_owner_url)
        inner = inner_settings(self._settings, self._home, addresses, rehearsal=self._rehearsal)
        environment = dict(os.environ) | inner.environment()
        # Each workflow's sandbox loads the workflow's modules anew: compiled once, they load fast.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        # glibc gives each thread a heap of its own and seldom gives it back.
        environment.setdefault("MALLOC_ARENA_MAX", "2")
        self._worker = self._child("worker", environment, WORKER_GRACE)
        self._web = self._child("web", environment, WEB_GRACE)
        for child in (self._worker, self._web):
            child.start()
        url = f"http://{web.host}:{web.port}"
        self._await_web(url)
        progress(f"Служба: готова, {url}")
        return Serving(url=url, settings=inner)

    def tend(self, progress: Progress) -> None:
        """Start again whatever ended by itself; call it every second or so."""
        if self._servers:
            self._servers.revive(progress)
        for name, child in (("worker", self._worker), ("web", self._web)):
            if child is not None and not child.is_running:
                progress(f"{name}: остановился, запускаю снова…")
                child.restart()

    def tend_until(self, done: Callable[[], bool], progress: Progress) -> None:
        """Keep everything alive until `done`."""
        while not done():
            self.tend(progress)
            time.sleep(1)

    def kill_worker(self) -> None:
        """End the worker as a crash would; `tend` starts it again."""
        if self._worker is not None:
            self._worker.kill()

    def stop(self) -> None:
        """Stop in order: web, worker, then the servers that they use. Harmless if stopped."""
        children = [child for child in (self._web, self._worker) if child is not None]
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()
        if self._servers:
            self._servers.stop()

    def _child(self, name: str, environment: dict[str, str], grace: float) -> Child:
        # The home stands in the command line: a later start knows a leftover by it.
        argv = (sys.executable, "-m", f"runtime.{name}", str(self._home.path))
        return Child(self._home, Program(name, argv, env=environment, grace=grace))

    def _external(self) -> Addresses:
        database, temporal = self._settings.database, self._settings.temporal
        if database.url is None or database.app_url is None or temporal.address is None:
            raise WrongCall(
                "Внешние серверы заданы не все: нужны NASTAVNIK_DATABASE_URL, "
                "NASTAVNIK_DATABASE_APP_URL и NASTAVNIK_TEMPORAL_ADDRESS."
            )
        return Addresses(database.url, database.app_url, temporal.address, temporal.namespace)

    def _await_web(self, url: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for child in (self._worker, self._web):
                if child is not None and not child.is_running:
                    raise ServerFailed(
                        f"Не запустилось (журнал {child.log}):\n{child.last_words()}"
                    )
            try:
                if httpx.get(f"{url}/readyz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(PAUSE)
        raise ServerFailed(f"Служба не ответила за {PATIENCE:.0f} с: {url}/readyz")


def inner_settings(
    settings: Settings, home: Home, addresses: Addresses, *, rehearsal: bool = False
) -> Settings:
    """The settings as a process beside the servers sees them: everything has an address."""
    keys = home.keys
    return Settings(
        home=HomeSettings(home=home.path, rehearsal=rehearsal),
        database=DatabaseSettings(
            url=addresses.database_owner_url, app_url=addresses.database_app_url
        ),
        temporal=TemporalSettings(
            address=addresses.temporal_address,
            namespace=addresses.namespace,
            task_queue=settings.temporal.task_queue,
        ),
        store=StoreSettings(path=settings.files),
        secret=SecretSettings(master_key=keys.master, payload_key=keys.payload),
        web=settings.web,
    )


def free_port() -> int:
    """A port of the loopback address that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Порт {port} на {host} занят или недоступен ({error.strerror}). "
                "Укажите другой: --port N или NASTAVNIK_WEB_PORT."
            ) from error
