"""What tests of this folder share in a run: a real PostgreSQL, the checks of scans."""

from collections.abc import Iterator

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, make_url

from adapters.postgres.migrate import migrate
from adapters.postgres.session import engine_for
from adapters.scans.checks import ScanChecks
from runtime.embedded_postgres import ADMIN, APP, OWNER, PostgresServer
from runtime.home import Home
from runtime.ports import free_port
from runtime.processes import wait_until
from tests.adapters.world import KEYS, Database


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PostgresServer, int]]:
    with Home(tmp_path_factory.mktemp("postgres") / "home") as home:
        server = PostgresServer(home)
        server.prepare()
        port = free_port()
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


@pytest.fixture
def empty(server: tuple[PostgresServer, int], database: Database) -> SecretStr:
    """A database without a schema."""
    postgres, port = server
    admin = make_url(postgres.url(ADMIN, port).get_secret_value()).set(database="postgres")
    plain = admin.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS empty")
        connection.execute(f"CREATE DATABASE empty OWNER {OWNER}")
    owner = make_url(database.owner.get_secret_value()).set(database="empty")
    return SecretStr(owner.render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def engine(database: Database) -> Iterator[Engine]:
    engine = engine_for(database.app, KEYS, name="tests")
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
