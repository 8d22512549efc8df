"""The whole service over one home: servers, migrations, worker and web, started and kept alive."""

import os
import ssl
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import httpx

from runtime.addresses import external_addresses, inner_settings, settings_over
from runtime.embedded import EmbeddedServers, Progress
from runtime.home import Home
from runtime.opening import check_payload_key
from runtime.ports import check_port
from runtime.processes import Child, Program, ServerFailed
from runtime.settings import (
    MetricsSettings,
    Settings,
    WrongCall,
)
from runtime.settings_parts import PREFIX
from runtime.tls import trusting
from runtime.wiring import prepare_files

PATIENCE = 60.0  # seconds until worker and web must answer
PAUSE = 0.05
RETRY = 10.0
"""Seconds between tries to start again what ended by itself and does not come up."""
GRACE = 35.0  # a little more than worker and web allow themselves
WORKERS = ("worker", "worker-2")
"""Beside external servers; one alone shares its machine with the embedded ones."""


@dataclass(frozen=True)
class Serving:
    """Where the started service answers."""

    url: str
    settings: Settings
    """The settings of worker and web, to whom every server is external."""


class Service:
    """Everything that runs over a held home. Call it from the main thread.

    Where the settings name external servers, those are used, and only web and two workers are
    started; over the home of a rehearsal, the places of that rehearsal on them.
    """

    def __init__(self, settings: Settings, home: Home) -> None:
        """Raises `WrongCall` as `settings_over` does."""
        self._settings = settings_over(settings, home)
        self._home = home
        self._servers = (
            None if settings.names_servers() else EmbeddedServers(home, settings.temporal.namespace)
        )
        self._children: dict[str, Child] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, progress: Progress) -> Serving:
        """Start all and wait until it answers. Raises `WrongCall` or `ServerFailed`."""
        web = self._settings.web
        check_port(web.host, web.port)
        metrics = self._settings.metrics
        if metrics.port is not None:
            check_port(metrics.host, metrics.port, "NASTAVNIK_METRICS_PORT")
        servers = self._servers
        addresses = servers.start(progress) if servers else external_addresses(self._settings)
        progress("База данных: проверяю схему…")
        inner = inner_settings(self._settings, self._home, addresses)
        # As in `beside`, which needs of this module no more than the settings.
        from runtime.schema import open_database  # noqa: PLC0415

        open_database(addresses.database_owner_url, inner.secret.master_key)
        temporal, payload = addresses.temporal_address, inner.secret.payload_key
        check_payload_key(temporal, addresses.namespace, payload)
        prepare_files(inner)
        for name in (*(WORKERS[:1] if servers else WORKERS), "web"):
            self._children[name] = self._child(name, inner)
            self._children[name].start()
        url = f"{'https' if web.tls_cert else 'http'}://{web.host}:{web.port}"
        self._await_web(url, verify=trusting(web.tls_cert) if web.tls_cert else True)
        progress(f"Служба: готова, {url}")
        return Serving(url=url, settings=inner)

    @property
    def children(self) -> Mapping[str, Child]:
        """Web and workers by name, once started."""
        return self._children

    def tend(self, progress: Progress) -> None:
        """Start again whatever ended by itself; call it every second or so."""
        if self._servers:
            self._servers.revive(progress)
        for name, child in self._children.items():
            if not child.is_running:
                progress(f"{name}: остановился, запускаю снова…")
                child.restart()

    def tend_until(self, done: Callable[[], bool], progress: Progress) -> None:
        """Keep everything alive until `done`."""
        while not done():
            try:
                self.tend(progress)
            except (ServerFailed, WrongCall, OSError) as error:
                # What still runs goes on; what does not may start once somebody mended the cause.
                progress(f"{error}\nПопробую снова через {RETRY:.0f} с.")
                time.sleep(RETRY)
            time.sleep(1)

    def kill_worker(self) -> None:
        """End a worker as a crash would; `tend` starts it again."""
        self._children[WORKERS[0]].kill()

    def stop(self) -> None:
        """Stop in order: web, workers, then the servers that they use. Harmless if stopped."""
        children = list(reversed(self._children.values()))
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()
        if self._servers:
            self._servers.stop()

    def _child(self, name: str, settings: Settings) -> Child:
        if name == WORKERS[1]:  # only one of them can have the port
            settings = replace(settings, metrics=MetricsSettings(port=None))
        # The home stands in the command line: a later start knows a leftover by it.
        module = f"runtime.{name.partition('-')[0]}"
        argv = (sys.executable, "-m", module, str(self._home.path))
        return Child(self._home, Program(name, argv, env=_environment(settings), grace=GRACE))

    def _await_web(self, url: str, *, verify: ssl.SSLContext | bool) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for child in self._children.values():
                if not child.is_running:
                    raise child.failure("Не запустилось")
            try:
                if httpx.get(f"{url}/readyz", timeout=5, verify=verify).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(PAUSE)
        raise ServerFailed(f"Служба не ответила за {PATIENCE:.0f} с: {url}/readyz")


def _environment(settings: Settings) -> dict[str, str]:
    # Our variables are all told anew: one that is unset on purpose must not be found outside.
    outside = {
        name: text for name, text in os.environ.items() if not name.upper().startswith(PREFIX)
    }
    # Each workflow's sandbox loads the workflow's modules anew: compiled once, they load fast.
    outside.pop("PYTHONDONTWRITEBYTECODE", None)
    # glibc gives each thread a heap of its own and seldom gives it back.
    outside.setdefault("MALLOC_ARENA_MAX", "2")
    return outside | settings.environment()
