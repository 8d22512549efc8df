"""A real S3 store for tests: MinIO, built from source once, and kept in the user's cache.

`python -m tests.object_store` builds it where it is missing: that takes minutes, longer than a test
may. Without Go the tests that need it are skipped, under `CI=true` they fail.
"""

import contextlib
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from minio import Minio
from minio.error import MinioException
from pydantic import SecretStr

from adapters.files.minio import Bucket
from runtime.home import Home
from runtime.ports import free_port
from runtime.processes import Child, Program, wait_until

VERSION = "v0.0.0-20260212201848-7aac2a2c5b7c"
"""The last one: the repository was archived then (`docs/adr/0006-object-store.md`)."""
BUILD_SECONDS = 15 * 60
REGION = "us-east-1"


@dataclass(frozen=True)
class ObjectStore:
    """A running store and its root's keys."""

    endpoint: str
    access_key: str
    secret_key: str
    child: Child

    def bucket(self, name: str | None = None) -> Bucket:
        """How a bucket is reached; without a name, one that nobody has used."""
        return Bucket(
            endpoint=self.endpoint,
            name=name or f"test-{secrets.token_hex(8)}",
            access_key=SecretStr(self.access_key),
            secret_key=SecretStr(self.secret_key),
            region=REGION,
            secure=False,
        )

    def client(self, http: urllib3.PoolManager | None = None) -> Minio:
        """The store as its root sees it."""
        return Minio(
            self.endpoint,
            self.access_key,
            self.secret_key,
            region=REGION,
            secure=False,
            http_client=http,
        )

    def restart(self) -> None:
        """Start it again over what it has kept."""
        self.child.restart()
        self.await_ready()

    def await_ready(self) -> None:
        client = self.client(urllib3.PoolManager(retries=False))
        assert wait_until(lambda: _answers(client), 60.0), self.child.last_words()

    def environment(self, bucket: str) -> dict[str, str]:
        """The variables by which a process of ours finds that bucket."""
        return {
            "NASTAVNIK_STORE_ENDPOINT": self.endpoint,
            "NASTAVNIK_STORE_BUCKET": bucket,
            "NASTAVNIK_STORE_ACCESS_KEY": self.access_key,
            "NASTAVNIK_STORE_SECRET_KEY": self.secret_key,
            "NASTAVNIK_STORE_SECURE": "false",
        }


@contextlib.contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """The store over a folder of its own, until the end of the block or of this process."""
    program = server()
    port = free_port()
    user, password = secrets.token_hex(8), secrets.token_hex(16)
    with Home(folder) as home:
        serve = ("server", str(home.path / "files"), "--address", f"127.0.0.1:{port}", "--quiet")
        keys = {"MINIO_ROOT_USER": user, "MINIO_ROOT_PASSWORD": password}
        env = {**os.environ, **keys, "MINIO_BROWSER": "off", "MINIO_UPDATE": "off"}
        child = Child(home, Program("minio", (str(program), *serve), env=env))
        child.start()
        try:
            store = ObjectStore(f"127.0.0.1:{port}", user, password, child)
            store.await_ready()
            yield store
        finally:
            child.stop()


def server() -> Path:
    """The store's program. Skips the test, or under `CI=true` fails it, if it cannot be had."""
    try:
        return _built()
    except CannotBuildError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


class CannotBuildError(Exception):
    """There is no MinIO here, and none can be built."""


def _built() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "nastavnik" / "bin"
    ours = folder / "minio"
    found = shutil.which(ours) or shutil.which("minio")
    if found:
        return Path(found)
    go = shutil.which("go")
    if go is None:
        raise CannotBuildError("no S3 server: put `minio` on the PATH, or Go, which builds it")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "minio.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # dropped by the kernel however this process ends
        if not ours.exists():
            _build(go, folder / "build")
            (folder / "build" / "minio").rename(ours)
    return ours


def _build(go: str, folder: Path) -> None:
    sys.stderr.write("building the S3 server of the tests, once; this takes some minutes…\n")
    try:
        subprocess.run(
            [go, "install", f"github.com/minio/minio@{VERSION}"],
            env={**os.environ, "GOBIN": str(folder), "CGO_ENABLED": "0"},
            capture_output=True,
            text=True,
            check=True,
            timeout=BUILD_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotBuildError(f"MinIO was not built in {BUILD_SECONDS} s") from error
    except subprocess.CalledProcessError as error:
        raise CannotBuildError(f"MinIO cannot be built:\n{error.stderr[-2000:]}") from error


def _answers(client: Minio) -> bool:
    try:
        client.list_buckets()  # its own health routes are content earlier
    except (MinioException, urllib3.exceptions.HTTPError):
        return False
    return True


if __name__ == "__main__":
    try:
        _built()
    except CannotBuildError as reason:
        sys.stderr.write(f"{reason}\n")
        sys.exit(os.environ.get("CI") == "true")
