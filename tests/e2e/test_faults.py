"""`check --all` finds each fault that somebody planted, under its invariant, by name."""
# ruff: noqa: S608 - the forger writes any SQL

import contextlib
import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from adapters.postgres.reads import PostgresReads
from adapters.postgres.session import engine_for
from runtime.embedded_postgres import ADMIN, APP
from runtime.home import Home
from tests.e2e.conftest import Rehearsed
from tests.e2e.program import end_all, run
from tests.e2e.servers import as_psycopg, servers, url

LOST = "f" * 64


@dataclass(frozen=True)
class Archive:
    """A finished rehearsal whose servers run, open to a forger with every right."""

    home: Path
    superuser: str

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def faults(self) -> dict[str, list[str]]:
        """The broken invariants and their problems."""
        ended = run("check", "--all", "--home", self.home, "--json")
        found = {one["id"]: one["problems"] for one in ended.json["invariants"] if not one["ok"]}
        assert ended.code == (1 if found else 0), ended
        assert ended.json["ok"] == (not found)
        return found


@pytest.fixture(scope="module")
def archive(rehearsed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("forged") / "home"
    shutil.copytree(rehearsed.home, home)
    try:
        with servers(home):
            yield Archive(home, as_psycopg(url(Home(home), ADMIN)))
    finally:
        end_all(home)


@contextlib.contextmanager
def replaced(archive: Archive, table: str, key: str, **changes: str) -> Iterator[None]:
    """The rows where `key` holds have other columns (SQL), or are gone if none are given.

    Triggers sleep meanwhile, as they do for a superuser who wants them to.
    """
    columns = ", ".join(f"{name} = {value}" for name, value in changes.items())
    change = f"UPDATE {table} SET {columns}" if changes else f"DELETE FROM {table}"
    asleep = "SET session_replication_role = replica"
    archive.ask(f"{asleep}; CREATE TABLE kept AS TABLE {table}; {change} WHERE {key}")
    try:
        yield
    finally:
        archive.ask(
            f"{asleep}; DELETE FROM {table};"
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept; DROP TABLE kept"
        )


def an_event(archive: Archive) -> tuple[int, str]:
    """An entry from the middle of the log that nobody made by hand, and its subject."""
    [(seq, subject)] = archive.ask(
        "SELECT seq, subject FROM audit_entries WHERE seq > 5 AND actor = 'system' "
        "ORDER BY seq LIMIT 1"
    )
    return int(str(seq)), str(subject)


def a_sealed_file(archive: Archive) -> tuple[Path, str]:
    """A sealed file, and its document."""
    [(key, document)] = archive.ask(
        "SELECT key, document_id FROM objects WHERE role = 'signed' ORDER BY key LIMIT 1"
    )
    name = str(key).removeprefix("sealed/")
    return archive.home / "files" / "sealed" / name[:2] / name[2:4] / name, str(document)


Planted = AbstractContextManager[tuple[str, str]]
"""While it is planted: the invariant that breaks, and what its problem says."""


@contextlib.contextmanager
def a_changed_file(archive: Archive) -> Iterator[tuple[str, str]]:
    file, document = a_sealed_file(archive)
    whole = file.read_bytes()
    file.chmod(0o600)
    file.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    yield "I4", f"sealed/{file.name}: файл изменён (document/{document})"
    file.write_bytes(whole)


@contextlib.contextmanager
def a_lost_file(archive: Archive) -> Iterator[tuple[str, str]]:
    file, document = a_sealed_file(archive)
    aside = file.rename(archive.home / "aside")
    yield "I4", f"sealed/{file.name}: файла нет (document/{document})"
    aside.rename(file)


@contextlib.contextmanager
def an_old_file_of_nobody(archive: Archive) -> Iterator[tuple[str, str]]:
    file = archive.home / "files" / "sealed" / LOST[:2] / LOST[2:4] / LOST
    file.parent.mkdir(parents=True)
    file.write_bytes(b"whose?")
    two_hours_ago = time.time() - 7200
    os.utime(file, (two_hours_ago, two_hours_ago))
    yield "I4", f"sealed/{LOST}: файл без записи"
    file.unlink()
    file.parent.rmdir()


@contextlib.contextmanager
def a_forgotten_object(archive: Archive) -> Iterator[tuple[str, str]]:
    file, document = a_sealed_file(archive)
    with replaced(archive, "objects", f"key = 'sealed/{file.name}'"):
        yield "I4", f"document/{document}: signed: объект не записан"


@contextlib.contextmanager
def a_removed_journal_line(archive: Archive) -> Iterator[tuple[str, str]]:
    [(document, journal, year)] = archive.ask(
        "SELECT document_id, journal, year FROM journal_lines WHERE n = 1 AND journal <> '' "
        "ORDER BY document_id LIMIT 1"
    )
    with replaced(archive, "journal_lines", f"document_id = '{document}'"):
        yield "I1", f"/{journal}/{year}: "


@contextlib.contextmanager
def an_event_that_is_gone(archive: Archive) -> Iterator[tuple[str, str]]:
    seq, _ = an_event(archive)
    with replaced(archive, "audit_entries", f"seq = {seq}"):
        yield "I5", f"записи {seq} нет"


@contextlib.contextmanager
def an_event_that_its_process_misses(archive: Archive) -> Iterator[tuple[str, str]]:
    seq, subject = an_event(archive)
    with replaced(archive, "audit_entries", f"seq = {seq}"):
        yield "I2", f"{subject}: "


OTHER_TEXT = "replace(text, 'system', 'nobody')"


@contextlib.contextmanager
def a_changed_event(archive: Archive) -> Iterator[tuple[str, str]]:
    seq, subject = an_event(archive)
    changes = {"text": OTHER_TEXT, "actor": "'nobody'"}
    with replaced(archive, "audit_entries", f"seq = {seq}", **changes):
        yield "I5", f"запись {seq} ({subject}): текст изменён"


@contextlib.contextmanager
def a_changed_event_that_was_hashed_again(archive: Archive) -> Iterator[tuple[str, str]]:
    seq, _ = an_event(archive)
    leaf = f"sha256('\\x00'::bytea || convert_to({OTHER_TEXT}, 'UTF8'))"
    changes = {
        "text": OTHER_TEXT,
        "actor": "'nobody'",
        "nodes": f"{leaf} || substr(nodes, 33)",
    }
    with replaced(archive, "audit_entries", f"seq = {seq}", **changes):
        yield "I5", "не тот, что они дают"


@contextlib.contextmanager
def a_changed_column_of_an_event(archive: Archive) -> Iterator[tuple[str, str]]:
    seq, subject = an_event(archive)
    with replaced(archive, "audit_entries", f"seq = {seq}", actor="'nobody'"):
        yield "I5", f"запись {seq} ({subject}): столбцы говорят не то, что текст"


@contextlib.contextmanager
def a_cut_off_end(archive: Archive) -> Iterator[tuple[str, str]]:
    [(last,)] = archive.ask("SELECT max(seq) FROM audit_entries")
    with replaced(archive, "audit_entries", f"seq = {last}"):
        yield "I5", f"записи {last} нет"


@contextlib.contextmanager
def a_process_in_another_stage(archive: Archive) -> Iterator[tuple[str, str]]:
    with replaced(archive, "processes", "kind = 'cycle'", stage="'running'"):
        [(id_,)] = archive.ask("SELECT id FROM processes WHERE kind = 'cycle'")
        yield "I3", f"{id_}: в базе running, в Temporal COMPLETED"


@contextlib.contextmanager
def a_process_that_temporal_does_not_know(archive: Archive) -> Iterator[tuple[str, str]]:
    with replaced(archive, "processes", "kind = 'cycle'", stage="'running'", id="'cycle/none'"):
        yield "I3", "cycle/none: в базе running, в Temporal такого нет"


@contextlib.contextmanager
def a_pair_in_two_stages(archive: Archive) -> Iterator[tuple[str, str]]:
    [(pair,)] = archive.ask("SELECT min(pair_id) FROM pairs")
    with replaced(archive, "pairs", f"pair_id = '{pair}'", stage="'plan'"):
        yield "I3", f"pair/{pair}: plan and completed"


@contextlib.contextmanager
def a_read_that_is_gone(archive: Archive) -> Iterator[tuple[str, str]]:
    [(organisation,)] = archive.ask("SELECT min(organisation_id) FROM organisations")
    archive.ask(
        "INSERT INTO reads (organisation_id, account, role, at, recorded_at, route, shown, people) "
        f"VALUES ('{organisation}', 'u', 'curator', now(), '2026-01-15 12:00+00', 'r', 'card', "
        "'{p}')"
    )
    engine = engine_for(SecretStr(url(Home(archive.home), APP)))
    PostgresReads(engine).count_day(str(organisation), date(2026, 1, 15), datetime.now(UTC))
    engine.dispose()
    with replaced(archive, "reads", f"organisation_id = '{organisation}' AND account = 'u'"):
        yield "I8", "несовершеннолетних за 15.01.2026 не те, что были: сохранено 0"


@pytest.mark.parametrize(
    "plant",
    [
        a_read_that_is_gone,
        a_changed_file,
        a_lost_file,
        an_old_file_of_nobody,
        a_forgotten_object,
        a_removed_journal_line,
        an_event_that_is_gone,
        an_event_that_its_process_misses,
        a_changed_event,
        a_changed_event_that_was_hashed_again,
        a_changed_column_of_an_event,
        a_cut_off_end,
        a_process_in_another_stage,
        a_process_that_temporal_does_not_know,
        a_pair_in_two_stages,
    ],
)
def test_a_planted_fault_is_found_and_named(
    archive: Archive, plant: Callable[[Archive], Planted]
) -> None:
    with plant(archive) as (invariant, problem):
        found = archive.faults()
    assert any(problem in text for text in found[invariant]), found


def test_a_young_file_without_a_row_is_no_fault_and_all_was_mended(archive: Archive) -> None:
    file = archive.home / "files" / "sealed" / LOST[:2] / LOST[2:4] / LOST
    file.parent.mkdir(parents=True)
    file.write_bytes(b"its row comes soon")
    assert archive.faults() == {}


def test_an_export_refuses_a_file_that_is_not_what_was_sealed(
    archive: Archive, tmp_path: Path
) -> None:
    [(cycle,)] = archive.ask("SELECT min(cycle_id) FROM documents")
    out = tmp_path / "cycle.zip"
    with a_changed_file(archive):
        ended = run("export", "cycle", str(cycle), "-o", out, "--home", archive.home, "--json")
        _, document = a_sealed_file(archive)
    assert (ended.code, ended.json["error"]) == (1, "BytesChanged")
    assert f"document/{document}" in ended.json["detail"]
    assert list(tmp_path.iterdir()) == []


def test_verify_tells_of_a_file_whose_kept_copy_was_changed(
    archive: Archive, rehearsed: Rehearsed, tmp_path: Path
) -> None:
    file, document = a_sealed_file(archive)
    [(sha256,)] = archive.ask(f"SELECT sha256 FROM objects WHERE key = 'sealed/{file.name}'")
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(_from_bundle(Path(rehearsed.summary["bundle"]), str(sha256)))
    with a_changed_file(archive):
        ended = run("verify", scan, "--home", archive.home, "--json")
    assert (ended.code, ended.json["document"]) == (1, document)
    assert ended.json["problems"] == [f"sealed/{file.name}: файл в хранилище изменён"]
    assert run("verify", scan, "--home", archive.home).code == 0


def _from_bundle(bundle: Path, sha256: str) -> bytes:
    with zipfile.ZipFile(bundle) as archive:
        contents = (archive.read(name) for name in archive.namelist())
        return next(body for body in contents if hashlib.sha256(body).hexdigest() == sha256)
