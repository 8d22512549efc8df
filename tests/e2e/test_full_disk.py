"""A disk that is full: nothing that was answered is lost, and all goes on once there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.bundle import BundleFile, BundleStream, write_bundle
from runtime.ports import free_port
from runtime.processes import wait_until
from runtime.shipped import ROADMAPS, TEMPLATES
from tests.bundle_builders import ALog
from tests.e2e.program import beside, end_all, run
from tests.e2e.servers import ON_LINUX, nothing_runs_in

ROOM = 220
"""MiB for a home: what a new one takes, what a start asks for, and some."""
PEOPLE = ROADMAPS / "people" / "polytech.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUDO = () if os.geteuid() == 0 else ("sudo", "-n")


@dataclass(frozen=True)
class Disk:
    """A small disk of its own."""

    path: Path

    def resize(self, mebibytes: int) -> None:
        _mount("-o", f"remount,size={mebibytes}m", self.path)

    def fill(self) -> None:
        """Leave not a byte."""
        with (self.path / "filling").open("wb", buffering=0) as file:
            for block in (1024 * 1024, 4096):
                try:
                    while True:
                        file.write(bytes(block))
                except OSError:
                    continue

    def free(self) -> None:
        (self.path / "filling").unlink()


def _mount(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_SUDO, "mount", *map(str, words)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if not ON_LINUX or shutil.which("mount") is None:
        pytest.skip("small disks are made as Linux makes them")
    place = tmp_path / "disk"
    place.mkdir()
    made = _mount("-t", "tmpfs", "-o", f"size={ROOM}m,mode=777", "tmpfs", place)
    if made.returncode:
        told = f"no small disk can be made here: {made.stderr}"
        pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
    try:
        yield Disk(place)
    finally:
        end_all(place)
        subprocess.run([*_SUDO, "umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("room", [1, 40])
def test_a_start_without_room_is_refused_and_goes_on_with_room(disk: Disk, room: int) -> None:
    disk.resize(room)
    home = disk.path / "home"
    ended = run("up", "--home", home, "--port", free_port(), "--json")
    assert (ended.code, ended.json["error"]) == (2, "NoSpace"), ended
    assert "нужно 64. Освободите место" in ended.json["detail"]
    assert "Traceback" not in ended.err
    assert nothing_runs_in(home)
    disk.resize(ROOM)
    with beside(home, "up", "--port", free_port()) as service:
        service.await_line("Служба: готова")


def test_a_home_that_cannot_even_be_made_is_told_in_one_sentence(disk: Disk) -> None:
    disk.fill()
    ended = run("up", "--home", disk.path / "home", "--port", free_port(), "--json")
    assert ended.code == 2, ended
    assert "нет места" in ended.json["detail"] or "свободно 0 МиБ" in ended.json["detail"]
    assert "Traceback" not in ended.err


def test_a_service_whose_disk_fills_up_loses_nothing_and_recovers(disk: Disk) -> None:
    home, port = disk.path / "home", free_port()
    with beside(home, "up", "--port", port) as service:
        service.await_line("Служба: готова")
        organisation = run(
            *(
                "add",
                "organisation",
                "--name",
                "Техникум",
                "--short-name",
                "Т",
                "--address",
                "Омск",
            ),
            *("--inn", "5500000000", "--city", "Омск", "--home", home, "--json"),
        ).json
        ask = _Client(port, str(organisation["token"]))
        disk.fill()

        assert ask.missing() == ["store"]
        refused = ask.people("first")
        assert (refused.status_code, refused.json()["code"]) == (503, "Unavailable")
        assert ask.health() == {"ok": True}
        doctor = run("doctor", "--home", home, "--json")
        assert doctor.code == 1
        failed = {one["id"] for one in doctor.json["checks"] if one["state"] == "failure"}
        assert {"disk", "store"} <= failed

        disk.free()
        assert wait_until(lambda: ask.missing() == [], 300), service.told
        assert ask.people("first").status_code == 200
        assert len(ask.get("/api/v1/people").json()["people"]) > 1
        assert service.process.poll() is None


@dataclass(frozen=True)
class _Client:
    port: int
    token: str

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def missing(self) -> list[str]:
        return list(self.get("/readyz").json().get("missing", ()))

    def health(self) -> Any:  # noqa: ANN401 - JSON
        return self.get("/healthz").json()

    def people(self, key: str) -> httpx.Response:
        headers = {"Idempotency-Key": key, "Content-Type": XLSX}
        return self._ask(
            "POST", "/api/v1/people/import", content=PEOPLE.read_bytes(), headers=headers
        )

    def _ask(self, method: str, path: str, **given: Any) -> httpx.Response:  # noqa: ANN401
        headers = {"Authorization": f"Bearer {self.token}"} | given.pop("headers", {})
        url = f"http://127.0.0.1:{self.port}{path}"
        return httpx.request(method, url, headers=headers, timeout=60, **given)


def test_a_bundle_that_does_not_fit_leaves_nothing_behind(disk: Disk) -> None:
    disk.resize(2)
    body = os.urandom(4 * 1024 * 1024)
    file = BundleFile(
        name="0001.pdf",
        document="d1",
        kind="report",
        version=1,
        role="signed",
        number=None,
        day=None,
        sha256="0" * 64,
        stored_sha256="0" * 64,
    )
    stream = BundleStream("pair/1", ALog(["{}"]).bundled(), [(file, body)])
    with pytest.raises(OSError, match="No space left on device"):
        write_bundle(disk.path / "out.zip", stream)
    assert list(disk.path.iterdir()) == []


def test_a_document_that_does_not_fit_leaves_the_former_one(disk: Disk) -> None:
    out, facts = disk.path / "out.docx", TEMPLATES / "report" / "example.json"
    out.write_text("the former one")
    disk.fill()
    ended = run("render", "report", "--facts", facts, "-o", out, "--json")
    assert (ended.code, ended.json["detail"]) == (2, "На диске нет места.")
    assert out.read_text() == "the former one"
    assert sorted(file.name for file in disk.path.iterdir()) == ["filling", "out.docx"]
