"""The embedded servers: PostgreSQL and Temporal as children of this process, over one home."""

import shutil
import socket
import time
from collections.abc import Callable
from typing import Self

from runtime.addresses import Addresses, addresses_of, port_of
from runtime.embedded_postgres import PostgresServer
from runtime.embedded_temporal import TemporalServer
from runtime.home import Home
from runtime.ports import LOOPBACK, free_port
from runtime.processes import FREE_SOME, NoSpace, ServerFailed

_PATIENCE = 600.0  # recovery after a power cut may read a lot of log
_NEWS = 5.0  # seconds between lines that say that we still wait
_PAUSE = 0.02
MEBIBYTE = 1024 * 1024
LEAST_SPACE = 64 * MEBIBYTE
"""A new database takes 50 MiB, one that recovers after a power cut some for its log."""

Progress = Callable[[str], None]
_Server = PostgresServer | TemporalServer


class EmbeddedServers:
    """PostgreSQL and Temporal of one held home. They end with `stop`, or with this process.

    Call it from the main thread.
    """

    def __init__(self, home: Home, namespace: str = "default") -> None:
        self._home = home
        self._namespace = namespace
        self._postgres = PostgresServer(home)
        self._temporal = TemporalServer(home, namespace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, progress: Progress) -> Addresses:
        """Start both over the home and wait until they answer.

        What a killed earlier life of the home left running is ended first. A port stays the same
        while it is free. Raises `ServerFailed` with the end of the server's log, `ServerMissing`,
        `NoSpace`, `HomeUnfit` or `KeysMissing`; then nothing runs.
        """
        if not self._home.is_held:
            raise RuntimeError("hold the home first")
        _check_space(self._home)
        began = time.monotonic()
        try:
            # Temporal comes up while PostgreSQL makes its cluster.
            progress("Temporal: запускаю…")
            self._launch(self._temporal)
            progress("PostgreSQL: запускаю…")
            self._postgres.prepare()
            self._launch(self._postgres)
            for server in (self._postgres, self._temporal):
                self._settle(server, progress)
                progress(f"{server.title}: готов ({time.monotonic() - began:.1f} с)")
        except BaseException:
            self.stop()
            raise
        return addresses_of(self._home, self._namespace)

    def revive(self, progress: Progress) -> None:
        """Start again, on the same port, what ended by itself. Raises as `start` does."""
        for server in (self._postgres, self._temporal):
            if server.child is None or server.child.is_running:
                continue
            progress(f"{server.title}: остановился, запускаю снова…")
            if isinstance(server, PostgresServer):
                server.prepare()
            self._launch(server)
            self._settle(server, progress)
            progress(f"{server.title}: снова готов")

    def stop(self) -> None:
        """Stop both, each with its grace, and wait for them; harmless if they are stopped."""
        children = [server.child for server in (self._temporal, self._postgres) if server.child]
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop()

    def _launch(self, server: _Server) -> None:
        ports = self._home.record("ports")
        known = ports.get(server.name)
        port = known if isinstance(known, int) and _is_free(known) else free_port()
        if port != known:
            self._home.remember("ports", {**ports, server.name: port})
        server.launch(port)

    def _settle(self, server: _Server, progress: Progress) -> None:
        try:
            _wait_until_ready(server, progress)
        except ServerFailed:
            if _is_free(port_of(self._home, server.name)):
                raise
            # Somebody took the port between our look and the server's: once more on another one.
            self._launch(server)
            _wait_until_ready(server, progress)


def _wait_until_ready(server: _Server, progress: Progress) -> None:
    child = server.child
    began = news = time.monotonic()
    while child is not None and child.is_running:
        # Asked again after the answer: it could be a stranger's, who took the port.
        if server.is_ready() and child.is_running:
            return
        now = time.monotonic()
        if now - began > _PATIENCE:
            child.stop()
        elif now - news > _NEWS:
            progress(f"{server.title}: ещё жду ответа ({now - began:.0f} с)…")
            news = now
        time.sleep(_PAUSE)
    told = f"{server.title} не запустился"
    raise child.failure(told) if child else ServerFailed(told)


def _port(home: Home, server: _Server) -> int:
    return int(str(home.record("ports")[server.name]))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: connections that a killed server left in TIME_WAIT do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _check_space(home: Home) -> None:
    """Refuse early: a server that runs out of space while it starts says so less clearly."""
    free = shutil.disk_usage(home.path).free
    if free < LEAST_SPACE:
        raise NoSpace(
            f"На диске с каталогом {home.path} свободно {free // MEBIBYTE} МиБ, для запуска "
            f"нужно {LEAST_SPACE // MEBIBYTE}. {FREE_SOME}"
        )
