"""A new version of a roadmap against cycles that run on the real service: seen, applied, repeated,
with its worker killed in the middle.
"""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from domain import ids
from runtime.ports import free_port
from runtime.processes import wait_until
from runtime.shipped import ROADMAPS
from tests.e2e.program import Ended, beside, pid_of, run
from tests.e2e.servers import ON_LINUX
from tests.e2e.test_work_commands import ORGANISATION, XLSX, a_small_roadmap

pytestmark = pytest.mark.skipif(not ON_LINUX, reason="looks into /proc")

YEARS = 4
"""Cycles that begin later: none of their rows is open."""
PATH = "/roadmaps/small/apply"
REASON = "Положение вместо приказа и лист отбора"


@dataclass(frozen=True)
class Office:
    """The service with its cycles: the first is at work on its order, the others wait."""

    home: Path
    shelf: Path
    url: str
    token: str  # the administrator's
    curator: str
    cycles: tuple[str, ...]

    @property
    def at_work(self) -> str:
        return self.cycles[0]

    def ask(
        self, method: str, path: str, key: str = "", *, token: str = "", **body: object
    ) -> dict[str, Any]:
        own = {"Authorization": f"Bearer {token or self.token}"}
        headers = {**own, "Idempotency-Key": key or path}
        url = f"{self.url}/api/v1{path}"
        answer = httpx.request(method, url, headers=headers, json=body or None, timeout=60)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def command(self, *words: str) -> Ended:
        return run(
            *("roadmap", "apply", "small", *words, "--home", self.home),
            NASTAVNIK_ROADMAPS=str(self.shelf),
            NASTAVNIK_TOKEN=self.token,
        )

    def busy(self) -> str:
        """The document by which the first cycle is in conflict."""
        found: list[str] = []

        def look() -> bool:
            told = self.ask("POST", PATH, ids.new_id(), dry_run=True)["cycles"]
            faults = [one["conflicts"] for one in told if one["cycle_id"] == self.at_work]
            found[:] = [id_ for conflict in faults[0] for id_ in conflict["documents"]]
            return bool(found)

        assert wait_until(look, 300)
        return found[0]

    def times_taken(self) -> list[int]:
        """How often each cycle took another roadmap, by the log."""
        entries = self.ask("GET", "/log?action=roadmap_taken")["entries"]
        taken = [one["subject"] for one in entries]
        return [taken.count(f"cycle/{cycle}") for cycle in self.cycles]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("apply")
    shelf, home, port = folder / "roadmaps", folder / "home", free_port()
    shelf.mkdir()
    publish(shelf, json.loads(a_small_roadmap()))
    words = ("up", "--port", port)
    with beside(home, *words, NASTAVNIK_ROADMAPS=str(shelf)) as up:
        up.await_line("Служба: готова")
        made = run("add", "organisation", *ORGANISATION, "--home", home, "--json").json
        url = f"http://127.0.0.1:{port}"
        cycles = launched(url, made["token"])
        role = ("--role", "curator", "--person", "curator")
        user = run("add", "user", made["organisation"], *role, "--home", home, "--json").json
    publish(shelf, second_version())
    with beside(home, *words, NASTAVNIK_ROADMAPS=str(shelf)) as up:
        up.await_line("Служба: готова")
        yield Office(home, shelf, url, made["token"], user["token"], cycles)


def publish(shelf: Path, road: dict[str, Any]) -> None:
    """JSON is YAML too."""
    (shelf / "small.yaml").write_text(json.dumps(road, ensure_ascii=False), "utf-8")


def second_version() -> dict[str, Any]:
    """Another kind of document in the first row, and a row more with a document of its own."""
    road = json.loads(a_small_roadmap())
    by = {"proof": "document", "kind": "regulation", "approver": "director"}
    road["steps"][0]["results"][0]["by"] = by
    by = {**by, "kind": "selection_criteria"}
    result = {"id": "criteria", "title": "Критерии утверждены", "by": by}
    row = {**road["steps"][1], "id": "3", "title": "Критерии отбора", "results": [result]}
    return {**road, "version": 2, "steps": [*road["steps"], row]}


def launched(url: str, token: str) -> tuple[str, ...]:
    with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as http:
        http.headers["Authorization"] = f"Bearer {token}"

        def post(path: str, key: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401
            kind = {"Content-Type": XLSX} if "content" in content else {}
            answer = http.post(path, headers={"Idempotency-Key": key, **kind}, **content)
            assert answer.is_success, answer.text
            found: dict[str, Any] = answer.json()
            return found

        sheet = (ROADMAPS / "people" / "polytech.xlsx").read_bytes()
        post("/people/import", "people", content=sheet)
        today = datetime.now(UTC).date()
        named = {"director": "director", "curator": "curator", "council": "council"}
        wish = {"roadmap": "small", "holders": named}
        days = [today, *(date(today.year + ahead, 9, 1) for ahead in range(1, YEARS + 1))]
        cycles = [
            post("/cycles", day.isoformat(), json={**wish, "start": day.isoformat()})["cycle_id"]
            for day in days
        ]

        def all_run() -> bool:
            answers = [http.get(f"/cycles/{cycle}").json() for cycle in cycles]
            return all(answer["stage"] == "running" for answer in answers)

        assert wait_until(all_run, 300)
    return tuple(cycles)


def test_a_dry_run_says_of_each_cycle_what_becomes_of_it(office: Office) -> None:
    busy = office.busy()
    told = office.command("--dry-run", "--json")
    assert told.code == 1, told  # one is in conflict
    assert told.json["words"] == f"{YEARS} цикла получат новый документ, 1 в конфликте."
    lines = {one["cycle_id"]: one for one in told.json["cycles"]}
    assert set(lines) == set(office.cycles)
    (conflict,) = lines[office.at_work]["conflicts"]
    assert (conflict["why"], conflict["documents"]) == ("at_work", [busy])
    later = lines[office.cycles[1]]
    assert later["new_rows"] == ["3"]
    assert sorted(later["new_documents"]) == ["regulation", "selection_criteria"]
    asked = office.ask("POST", PATH, "dry", dry_run=True)
    assert asked == told.json
    assert sum(office.times_taken()) == 0


def test_without_a_reason_nothing_is_applied(office: Office) -> None:
    ended = office.command("--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")


def test_each_cycle_takes_it_once_though_the_worker_is_killed(office: Office) -> None:
    pid = pid_of(office.home, "worker")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    first = office.ask("POST", PATH, "apply", dry_run=False, reason=REASON)
    assert not any(one["taken"] for one in first["cycles"] if one["outcome"] == "conflict")

    def all_took_it() -> bool:
        told = office.ask("POST", PATH, ids.new_id(), dry_run=False, reason=REASON)
        return bool(told["words"] == f"{YEARS} цикла не затронуты, 1 в конфликте.")

    assert wait_until(all_took_it, 300), first
    assert office.times_taken() == [0, *[1] * YEARS]
    for cycle in office.cycles[1:]:
        rows = office.ask("GET", f"/cycles/{cycle}")["items"]
        assert sorted({row["step"] for row in rows}) == ["1", "2", "3"]


def test_a_cycle_in_conflict_takes_it_once_its_document_is_withdrawn(office: Office) -> None:
    busy = office.busy()
    path, note = f"/documents/{busy}/withdrawal", "Вместо него будет положение."
    office.ask("POST", path, token=office.curator, note=note)

    def it_took_it() -> bool:
        told = office.ask("POST", PATH, ids.new_id(), dry_run=False, reason=REASON)
        return any(one["taken"] for one in told["cycles"])

    assert wait_until(it_took_it, 300)
    again = office.command("--reason", REASON, "--json")
    assert (again.code, again.json["words"]) == (0, f"{YEARS + 1} циклов не затронуто.")
    assert office.times_taken() == [1] * (YEARS + 1)
    checked = run("check", "--all", "--home", office.home, "--json")
    assert (checked.code, checked.json["ok"]) == (0, True), checked
