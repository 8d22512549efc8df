"""The running service, looked at by the machines that watch it: readiness and numbers."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from runtime.ports import free_port
from runtime.processes import wait_until
from tests.e2e.program import Beside, beside, pid_of, run
from tests.e2e.test_pages import ORGANISATION

TOKEN = "a-long-0dd-token-of-metrics"


@dataclass(frozen=True)
class Watched:
    """A service that runs, and how to look at it."""

    service: Beside
    home: Path
    port: int
    worker_port: int

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=60)

    def missing(self) -> list[str]:
        """What readiness misses; nothing if all is well."""
        answer = self.get("/readyz")
        assert answer.status_code == (200 if answer.json()["ok"] else 503)
        return list(answer.json().get("missing", ()))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    home = tmp_path_factory.mktemp("watched") / "home"
    port, worker_port = free_port(), free_port()
    variables = {
        "NASTAVNIK_METRICS_TOKEN": TOKEN,
        "NASTAVNIK_METRICS_PORT": str(worker_port),
    }
    with beside(home, "up", "--port", port, **variables) as service:
        service.await_line("Служба: готова")
        yield Watched(service, home, port, worker_port)


def seen(look: Callable[[], bool], seconds: float = 300.0) -> bool:
    return wait_until(look, seconds)


@pytest.mark.parametrize(("name", "part"), [("postgres", "database"), ("temporal", "temporal")])
def test_a_stopped_server_is_named_until_it_is_back(watched: Watched, name: str, part: str) -> None:
    assert watched.missing() == []
    pid = pid_of(watched.home, name)
    assert pid is not None
    # Stopped, not killed: the service would start it again before anybody could look.
    os.kill(pid, signal.SIGSTOP)
    try:
        for child in _children(pid):
            os.kill(child, signal.SIGSTOP)
        assert seen(lambda: part in watched.missing())
        assert watched.get("/healthz").json() == {"ok": True}
    finally:
        for one in (*_children(pid), pid):
            os.kill(one, signal.SIGCONT)
    assert seen(lambda: watched.missing() == [])
    os.kill(pid, signal.SIGKILL)
    assert seen(lambda: pid_of(watched.home, name) not in (None, pid))
    assert seen(lambda: watched.missing() == [])


def _children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[1] == str(pid):
            found.append(int(folder.name))
    return found


def test_a_store_that_is_gone_is_named_until_it_is_back(watched: Watched) -> None:
    store, aside = watched.home / "files", watched.home / "aside"
    store.rename(aside)
    try:
        assert watched.missing() == ["store"]
    finally:
        aside.rename(store)
    assert watched.missing() == []


def test_a_database_that_does_not_come_up_again_is_tried_until_it_does(watched: Watched) -> None:
    data, aside = watched.home / "postgres" / "data", watched.home / "postgres" / "aside"
    pid = pid_of(watched.home, "postgres")
    assert pid is not None
    data.rename(aside)
    try:
        os.kill(pid, signal.SIGKILL)
        watched.service.await_line("новая база не создана")
        assert watched.missing() == ["database"]
        assert not data.exists()
        assert watched.service.process.poll() is None
    finally:
        aside.rename(data)
    assert seen(lambda: watched.missing() == [])


def test_the_numbers_of_web_and_worker_are_told(watched: Watched) -> None:
    assert watched.get("/metrics").status_code == 401
    told = watched.get("/metrics", Authorization=f"Bearer {TOKEN}")
    assert told.status_code == 200
    assert "nastavnik_database_up 1.0" in told.text
    assert "nastavnik_tasks_open 0.0" in told.text
    assert 'route="readyz",status="200"' in told.text
    worker = httpx.get(f"http://127.0.0.1:{watched.worker_port}/metrics", timeout=60)
    assert "temporal_worker_task_slots_available" in worker.text


def test_stored_files_are_verified_by_the_schedule_that_the_worker_made(watched: Watched) -> None:
    def finding() -> dict[str, str]:
        checks = run("doctor", "--home", watched.home, "--json").json["checks"]
        return next(one for one in checks if one["id"] == "verification")

    made = run("add", "organisation", *ORGANISATION, "--home", watched.home, "--json")
    key = {"Authorization": f"Bearer {made.json['token']}"}
    begun = httpx.post(
        f"http://127.0.0.1:{watched.port}/api/v1/verification",
        headers={**key, "Idempotency-Key": "now"},
        json={},
        timeout=60,
    )
    assert begun.status_code == 200, begun.text

    def latest() -> dict[str, object]:
        return dict(watched.get("/api/v1/verification", **key).json()["latest"] or {})

    assert seen(lambda: latest().get("finished_at") is not None)
    assert str(latest()["run_id"]).startswith("verification-")
    assert finding()["state"] == "ok"


def test_a_port_of_the_metrics_that_is_taken_is_named_in_the_log(watched: Watched) -> None:
    assert watched.service.process.poll() is None
    home = watched.home.with_name("second")
    variables = {"NASTAVNIK_METRICS_PORT": str(watched.worker_port)}
    with beside(home, "up", "--port", free_port(), "--json", **variables) as second:
        ended = second.end()
    assert ended.code == 2, ended
    assert "NASTAVNIK_METRICS_PORT" in ended.err
    assert "Traceback" not in ended.err
