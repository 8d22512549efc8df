"""The main job, whole: a rehearsal carries a programme from its launch to a verified bundle."""

import json
import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from runtime.ports import free_port
from runtime.shipped import ROADMAPS
from tests.adapters.world import templates
from tests.e2e.conftest import PAIRS, Rehearsed
from tests.e2e.program import beside, pid_of, run
from tests.e2e.servers import ON_LINUX, nothing_runs_in, processes_of

SIGNED_BY_KEY = ["registered", "signature", "signed", "visual"]
CONTRACT = (
    *("roadmap", "organisations", "rows_total", "rows_done", "steps_total", "steps_done"),
    *("pairs", "documents", "kinds", "returned"),
    *("approvals", "registered", "sealed", "audit_events", "verified", "bundle", "seconds"),
)


@pytest.fixture(scope="module")
def bundle(rehearsed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the rehearsed cycle, unpacked."""
    folder = tmp_path_factory.mktemp("bundle")
    with zipfile.ZipFile(rehearsed.summary["bundle"]) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def files(bundle: Path) -> list[dict[str, Any]]:
    """What the manifest says of the files."""
    found: list[dict[str, Any]] = json.loads((bundle / "manifest.json").read_text("utf-8"))["files"]
    return found


def events(bundle: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((bundle / "log").glob("0*.json")):
        yield json.loads(file.read_text("utf-8"))


def test_every_row_is_done_every_pair_completed_and_every_document_sealed(
    rehearsed: Rehearsed,
) -> None:
    found = rehearsed.summary
    assert found.keys() >= set(CONTRACT)
    assert (found["ok"], found["problems"]) == (True, [])
    assert (found["roadmap"], found["organisations"], found["pairs"]) == ("polytech", 1, PAIRS)
    assert found["rows_done"] == found["rows_total"] == 15
    assert found["steps_done"] == found["steps_total"] == 15
    assert found["kinds"] == 26
    assert found["documents"] == found["sealed"] == found["verified"] > PAIRS
    assert found["returned"] == 1
    assert (found["sittings"], found["signatures"]) == (1, 3)
    assert found["approvals"] > 0
    assert found["registered"] > 0
    assert found["reminders"] > 0
    assert found["escalations"] > 0
    assert found["audit_events"] > found["documents"]
    assert found["seconds"] > 0


def test_a_worker_was_lost_on_the_way(rehearsed: Rehearsed) -> None:
    assert "исполнитель убит (SIGKILL)" in rehearsed.told
    assert "worker: остановился, запускаю снова…" in rehearsed.told


def test_nothing_of_it_runs_on(rehearsed: Rehearsed) -> None:
    assert nothing_runs_in(rehearsed.home), processes_of(rehearsed.home)


def test_sha256sum_alone_verifies_the_bundle(bundle: Path, rehearsed: Rehearsed) -> None:
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    answer = subprocess.run(command, cwd=bundle, capture_output=True, text=True, check=True)
    told = sorted(line.removesuffix(": OK") for line in answer.stdout.splitlines())
    there = (file.relative_to(bundle).as_posix() for file in bundle.rglob("*.*"))
    assert told == sorted(there)
    assert len(list((bundle / "log").glob("0*.json"))) == rehearsed.summary["audit_events"]


def test_the_bundle_holds_each_signed_file_and_what_was_signed(
    bundle: Path, files: list[dict[str, Any]], rehearsed: Rehearsed
) -> None:
    documents = {file["document"] for file in files}
    assert len(documents) == rehearsed.summary["documents"]
    for document in documents:
        roles = sorted(file["role"] for file in files if file["document"] == document)
        assert roles in (["registered", "signed"], SIGNED_BY_KEY)
    by_key = [file for file in files if file["role"] == "signature"]
    assert len(by_key) == rehearsed.summary["signatures"]
    sealed = {event["sha256"] for event in events(bundle) if event["action"] == "sealed"}
    assert sealed == {file["sha256"] for file in files if file["role"] == "signed"}


def test_what_was_sent_back_is_there_in_its_second_version(
    bundle: Path, files: list[dict[str, Any]]
) -> None:
    [returned] = [event for event in events(bundle) if event["action"] == "sent_back"]
    assert returned["note_id"] is not None
    assert returned["version"] == 1
    versions = {
        file["version"] for file in files if f"document/{file['document']}" == returned["subject"]
    }
    assert versions == {2}
    assert {file["version"] for file in files} == {1, 2}


def test_every_page_of_every_document_says_that_it_is_a_rehearsal(
    bundle: Path, files: list[dict[str, Any]]
) -> None:
    rendered = [file["name"] for file in files if file["role"] == "registered"]
    for name in rendered:
        with zipfile.ZipFile(bundle / "files" / name) as document:
            headers = [part for part in document.namelist() if part.startswith("word/header")]
            assert headers, name
            for part in headers:
                assert "РЕПЕТИЦИЯ" in document.read(part).decode(), (name, part)


def test_numbers_of_a_journal_are_given_once_and_without_gaps(files: list[dict[str, Any]]) -> None:
    journals: dict[tuple[str, str, str], list[int]] = {}
    for file in files:
        if file["number"] and file["role"] == "signed":
            number, _, mark = file["number"].partition("-")
            journal = (file["kind"].split("_")[0], mark, file["day"][:4])
            journals.setdefault(journal, []).append(int(number))
    assert {mark for _, mark, _ in journals} == {"", "о", "к", "сн", "дс"}
    for numbers in journals.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), journals


def test_reminder_and_escalation_came_for_the_row_that_was_forgotten(bundle: Path) -> None:
    told = [e["action"] for e in events(bundle) if "questionnaires" in json.dumps(e["refs"])]
    assert told.index("reminded") < told.index("escalated") < told.index("result_proved")


# What can be asked afterwards, over the stopped home


def test_all_invariants_hold(rehearsed: Rehearsed) -> None:
    ended = run("check", "--all", "--home", rehearsed.home, "--json")
    assert ended.code == 0, ended
    found = ended.json
    assert found["ok"]
    assert [one["id"] for one in found["invariants"]] == ["I1", "I2", "I3", "I4", "I5", "I6", "I8"]
    assert all(one["ok"] and one["problems"] == [] for one in found["invariants"])
    checked = {one["id"]: one["checked"] for one in found["invariants"]}
    assert checked["I2"] == rehearsed.summary["documents"] + PAIRS + 1
    assert checked["I3"] == 0  # nothing is open any more
    assert checked["I4"] >= 2 * rehearsed.summary["documents"]
    # The organisation's own beside: who presides over the council, the number of its minutes.
    assert checked["I5"] == rehearsed.summary["audit_events"] + 2


def test_the_bundle_of_one_pair_verifies_and_holds_its_papers_and_its_order(
    rehearsed: Rehearsed, bundle: Path, tmp_path: Path
) -> None:
    pairs = [e["refs"]["pair"] for e in events(bundle) if e["action"] == "pair_formed"]
    out = tmp_path / "pair.zip"
    ended = run("export", "pair", pairs[0], "-o", out, "--home", rehearsed.home, "--json")
    assert ended.code == 0, ended
    with zipfile.ZipFile(out) as archive:
        kinds = {one["kind"] for one in json.loads(archive.read("manifest.json"))["files"]}
        assert ended.json == {"files": len(archive.namelist()) - 1}
    assert {"individual_plan", "order_pairs"} <= kinds
    assert kinds & {"agreement", "additional_agreement"}  # whichever law asks of its form
    assert "report" not in kinds
    ended = run("verify", out, "--json")
    assert (ended.code, ended.json["ok"], ended.json["problems"]) == (0, True, [])


def test_a_signed_file_is_known_as_a_version_of_a_document(
    rehearsed: Rehearsed, bundle: Path, files: list[dict[str, Any]], tmp_path: Path
) -> None:
    chosen = next(file for file in files if file["role"] == "signed" and file["version"] == 2)
    scan = tmp_path / "из почты.pdf"
    shutil.copy(bundle / "files" / chosen["name"], scan)
    ended = run("verify", scan, "--home", rehearsed.home, "--json")
    assert (ended.code, ended.json) == (
        0,
        {
            "ok": True,
            "problems": [],
            **{name: chosen[name] for name in ("document", "kind", "number", "day")},
            "version": 2,
            "role": "signed",
            "title": templates().kind(chosen["kind"]).title,
            "pair": None,
            "destroyed": False,
        },
    )
    scan.write_bytes(scan.read_bytes() + b"\n")
    ended = run("verify", scan, "--home", rehearsed.home, "--json")
    assert (ended.code, ended.json["ok"], ended.json["document"]) == (1, False, None)
    assert str(scan) in ended.json["problems"][0]


def test_the_doctor_says_that_the_service_does_not_run(rehearsed: Rehearsed) -> None:
    ended = run("doctor", "--home", rehearsed.home, "--json")
    assert ended.code == 1
    states = {one["id"]: one["state"] for one in ended.json["checks"]}
    assert states == {
        "keys": "ok",
        "roadmaps": "ok",
        "database": "failure",
        "temporal": "failure",
        "store": "notice",
        "disk": "ok",
        "backup": "notice",
        "pdf": states["pdf"],  # as the machine is
        "antivirus": "notice",
        "authorities": "notice",
        "gost": states["gost"],
    }
    assert states["gost"] in ("ok", "notice")
    assert states["pdf"] in ("ok", "notice")


def canaries() -> set[bytes]:
    """Names and addresses of the people, as any of our formats would write them."""
    sheet = load_workbook(ROADMAPS / "people" / "polytech.xlsx").worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    words = set()
    for row in sheet.iter_rows(min_row=2, values_only=True):
        person = dict(zip(heads, row, strict=True))
        words |= {str(person[name]) for name in ("Фамилия", "Почта", "Отчество") if person[name]}
    assert len(words) > 60
    # Four bytes, as a surname of two letters has, stand in encrypted megabytes by chance.
    words = {word for word in words if len(word) > 2}
    plain = {word.encode() for word in words}
    return plain | {json.dumps(word)[1:-1].encode() for word in words}


def found_in(files: list[Path], words: set[bytes]) -> dict[str, list[bytes]]:
    contents = {file.name: file.read_bytes() for file in files}
    told = {name: [w for w in words if w in body] for name, body in contents.items()}
    return {name: seen for name, seen in told.items() if seen}


def test_no_personal_data_is_readable_outside_the_database(rehearsed: Rehearsed) -> None:
    home = rehearsed.home
    temporal = list((home / "temporal").glob("temporal.db*"))
    logs = list((home / "log").iterdir())
    kept = [file for file in (home / "files").rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in temporal) > 1_000_000
    assert {"web.log", "worker.log", "temporal.log", "postgres.log"} <= {f.name for f in logs}
    assert found_in([*temporal, *logs, *kept], canaries()) == {}
    # The same words are found where they must be: the search can find.
    tables = (home / "postgres" / "data" / "base").rglob("[0-9]*")
    assert found_in([file for file in tables if file.is_file()], canaries())


def test_no_secret_stands_in_a_log(rehearsed: Rehearsed) -> None:
    keys = {
        file.read_text().strip().encode()
        for file in (rehearsed.home / "keys").iterdir()
        if file.suffix != ".json"
    }
    tokens = json.loads((rehearsed.home / "keys" / "rehearsal-tokens.json").read_text())
    secrets = keys | {token.encode() for token in tokens.values()}
    assert len(secrets) >= 9
    assert found_in(list((rehearsed.home / "log").iterdir()), secrets) == {}


# What comes after


@pytest.mark.skipif(not ON_LINUX, reason="looks into /proc")
def test_the_service_over_a_rehearsal_goes_on_pretending(copied: Path) -> None:
    with beside(copied, "up", "--port", free_port()) as service:
        service.await_line("готова")
        worker = pid_of(copied, "worker")
        assert b"NASTAVNIK_REHEARSAL=True\0" in Path(f"/proc/{worker}/environ").read_bytes()
        os.kill(service.process.pid, signal.SIGINT)
        assert service.end().code == 0
