"""SIGKILL at any moment, of one process or of all: nothing is lost and nothing doubled."""

import contextlib
import json
import os
import random
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.ports import free_port
from runtime.shipped import ROADMAPS
from tests.e2e.conftest import PAIRS, Rehearsed
from tests.e2e.program import Beside, beside, pid_of, run
from tests.e2e.servers import ON_LINUX, nothing_runs_in, processes_of

pytestmark = pytest.mark.skipif(not ON_LINUX, reason="looks into /proc")

KILLS = 4
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def chance() -> random.Random:
    """Each run tries other moments; a failure prints how to have the same again."""
    seed = random.randrange(10**6)
    print(f"random.Random({seed})")  # noqa: T201 - pytest shows it if the test fails
    return random.Random(seed)


def record_of(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / "rehearsal.json").read_text())
    return found


def as_undisturbed(summary: Mapping[str, Any], rehearsed: Rehearsed) -> dict[str, Any]:
    return {key: summary[key] for key in rehearsed.counts}


def kill_the_worker_now_and_then(home: Path, rehearsal: Beside, chance: random.Random) -> int:
    """Kill each worker soon after it is there; how many died."""
    killed: set[int] = set()
    while rehearsal.process.poll() is None and len(killed) < KILLS:
        time.sleep(chance.uniform(0.5, 3))
        pid = pid_of(home, "worker")
        if pid is not None and pid not in killed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
    return len(killed)


def test_a_second_cycle_goes_well_though_its_worker_is_killed_again_and_again(
    copied: Path, rehearsed: Rehearsed, chance: random.Random
) -> None:
    before = record_of(copied)
    with beside(copied, "rehearse", "polytech", "--pairs", PAIRS, "--json") as rehearsal:
        rehearsal.await_line("Люди:")
        assert kill_the_worker_now_and_then(copied, rehearsal, chance) >= 2
        ended = rehearsal.end()
    assert ended.code == 0, ended
    after = record_of(copied)
    assert (before["number"], after["number"], after["finished"]) == (1, 2, True)
    assert after["cycle_id"] == ended.json["cycle"] != before["cycle_id"]
    assert after["start"] > before["start"]
    assert as_undisturbed(ended.json, rehearsed) == rehearsed.counts
    bundles = {file.name for file in (copied / "bundles").iterdir()}
    assert bundles == {f"polytech-{one['cycle_id']}.zip" for one in (before, after)}
    assert nothing_runs_in(copied), processes_of(copied)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    home = tmp_path / "home"
    yield home
    assert nothing_runs_in(home), processes_of(home)


def test_a_rehearsal_goes_on_where_it_was_though_everything_is_killed(
    home: Path, rehearsed: Rehearsed, chance: random.Random
) -> None:
    command = ("rehearse", "polytech", "--pairs", PAIRS, "--json")
    with beside(home, *command) as first:  # before there is anything to go on with
        first.await_line("База данных: проверяю схему")
        first.kill_everything()
    with beside(home, *command) as second:  # in the middle of the pairs
        second.await_line("строк 2 из")
        time.sleep(chance.uniform(0, 3))
        second.kill_everything()
    started = record_of(home)
    assert started["cycle_id"]
    assert not started["finished"]
    with beside(home, *command) as third:  # all is done but the bundle
        third.await_line("Незаконченная репетиция: продолжаю")
        third.await_line("Собираю свидетельства")
        third.kill_everything()
    ended = run(*command, "--home", home)
    assert ended.code == 0, ended
    assert ended.json["cycle"] == started["cycle_id"] == record_of(home)["cycle_id"]
    assert as_undisturbed(ended.json, rehearsed) == rehearsed.counts
    assert record_of(home)["finished"]
    ended = run("check", "--all", "--home", home, "--json")
    assert (ended.code, ended.json["ok"]) == (0, True), ended


def people_of(url: str, token: str) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{url}/api/v1/people", headers=headers, timeout=60)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["people"]
    return found


def an_organisation(home: Path) -> tuple[str, str]:
    """A new organisation and its administrator's token."""
    words = ("--name", "Школа № 1", "--short-name", "Школа", "--address", "ул. Новая, 1")
    place = ("--inn", "0000000000", "--city", "г. Приреченск", "--time-zone", "Asia/Omsk")
    ended = run("add", "organisation", *words, *place, "--home", home, "--json")
    assert ended.code == 0, ended
    return ended.json["organisation"], ended.json["token"]


def import_people(url: str, token: str) -> None:
    answer = httpx.post(
        f"{url}/api/v1/people/import",
        headers={
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": "people/1",
            "Content-Type": XLSX,
        },
        content=(ROADMAPS / "people" / "polytech.xlsx").read_bytes(),
        timeout=60,
    )
    assert answer.status_code == 200, answer.text


def test_the_service_keeps_what_it_answered_though_everything_is_killed(home: Path) -> None:
    command = ("up", "--port", free_port())
    with beside(home, *command) as first:
        url = first.await_line(r"готова, (\S+)")[1]
        organisation, token = an_organisation(home)
        import_people(url, token)
        user = ("add", "user", organisation, "--role", "curator", "--person", "curator")
        curator = run(*user, "--home", home, "--json").json["token"]
        known = people_of(url, token)
        assert len(known) > 40
        first.kill_everything()
    with beside(home, *command) as second:
        assert second.await_line(r"готова, (\S+)")[1] == url
        assert people_of(url, token) == people_of(url, curator) == known
        doctor = run("doctor", "--home", home, "--json")
        assert (doctor.code, doctor.json["ok"]) == (0, True), doctor
        check = run("check", "--all", "--home", home, "--json")
        assert (check.code, check.json["ok"]) == (0, True), check
        os.kill(second.process.pid, signal.SIGTERM)
        ended = second.end()
        assert (ended.code, ended.out) == (0, ""), ended
        assert ended.err.endswith("Останавливаю…\nОстановлено.")
        assert nothing_runs_in(home), processes_of(home)
        assert [file.name for file in (home / "run").iterdir()] == ["ports.json"]


def test_only_one_service_runs_over_a_home_and_none_on_a_taken_port(home: Path) -> None:
    with beside(home, "up", "--port", free_port()) as first:
        first.await_line("готова")
        second = run("up", "--home", home, "--port", free_port())
        assert (second.code, second.out) == (2, "")
        [line] = second.err.splitlines()
        assert f"{home} уже занят другим процессом (номер {first.process.pid})" in line
        os.kill(first.process.pid, signal.SIGINT)
        assert first.end().code == 0
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        ended = run("up", "--home", home, "--port", port, "--json")
        assert (ended.code, ended.json["error"]) == (2, "PortTaken")
        [line] = ended.err.splitlines()
        assert line.startswith(f"Порт {port} на 127.0.0.1 занят")


def test_a_worker_and_a_web_process_that_die_are_started_again(home: Path) -> None:
    with beside(home, "up", "--port", free_port()) as service:
        url = service.await_line(r"готова, (\S+)")[1]
        _, token = an_organisation(home)
        for name in ("worker", "web"):
            pid = pid_of(home, name)
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            service.await_line(f"{name}: остановился, запускаю снова")
        deadline = time.monotonic() + 300
        while True:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/readyz").is_success:
                    break
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert people_of(url, token) == []
        os.kill(service.process.pid, signal.SIGTERM)
        assert service.end().code == 0
