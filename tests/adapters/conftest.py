"""What tests of this folder share in a run: a real PostgreSQL, the checks of scans."""

import socket
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from adapters.postgres.migrate import migrate
from adapters.postgres.session import engine_for
from adapters.scans.checks import ScanChecks
from runtime.embedded_postgres import APP, OWNER, PostgresServer
from runtime.home import Home
from runtime.processes import wait_until
from tests.adapters.world import Database


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresServer, int]]:
    with Home(tmp_path_factory.mktemp("postgres") / "home") as home, socket.socket() as probe:
        server = PostgresServer(home)
        server.prepare()
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        child = server.launch(port)
        try:
            assert wait_until(server.is_ready, 60.0), child.last_words()
            yield server, port
        finally:
            child.stop()


@pytest.fixture(scope="session")
def database(server: tuple[PostgresServer, int]) -> Database:
    """Addresses of a migrated database, as its owner and as the application."""
    postgres, port = server
    owner, app = (SecretStr(postgres.url(role, port).get_secret_value()) for role in (OWNER, APP))
    migrate(owner)
    return Database(owner=owner, app=app)


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[Engine]:
    engine = engine_for(database.app, name="tests")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def owner_engine(database: Database) -> Iterator[Engine]:
    engine = engine_for(database.owner, name="tests as owner")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def scans() -> Iterator[ScanChecks]:
    made = ScanChecks()
    yield made
    made.close()
