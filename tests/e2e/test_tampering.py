"""A hundred changes of rows, log entries, objects and bundles, found by people's own commands.

Each part's own tests draw many more, faster.
"""
# ruff: noqa: S608 - the forger writes any SQL

import contextlib
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import table_of
from adapters.postgres.session import engine_for
from adapters.postgres.tables import OrganisationRow, TemplateFileRow
from adapters.postgres.work_tables import ProcessRow
from runtime.bundle_check import check_bundle
from runtime.embedded_postgres import ADMIN
from runtime.home import Home
from tests.e2e.conftest import Rehearsed
from tests.e2e.forgery import MODELS, Forged, Forger
from tests.e2e.program import end_all, run
from tests.e2e.servers import servers, url

ROUNDS = 5
ROWS, ENTRIES, OBJECTS, FILES = 5, 4, 6, 5
"""Of each kind in a round: twenty changes."""
TABLES = sorted([*(table_of(model).name for model in MODELS), "audit_entries"])
SPARED = (OrganisationRow, ProcessRow, RowSumRow, TemplateFileRow)
"""Much follows from one such row, and a report lists only the first faults of an invariant."""
ASLEEP = text("SET LOCAL session_replication_role = replica")


@dataclass(frozen=True)
class Archive:
    """A finished rehearsal whose servers run, open to a forger with every right."""

    home: Path
    engine: Engine

    def problems(self) -> list[str]:
        """What `check --all` says."""
        ended = run("check", "--all", "--home", self.home, "--json")
        found = [said for one in ended.json["invariants"] for said in one["problems"]]
        assert ended.code == (1 if found else 0), ended
        return found


@pytest.fixture(scope="module")
def archive(rehearsed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = tmp_path_factory.mktemp("tampering") / "home"
    shutil.copytree(rehearsed.home, home)
    try:
        with servers(home):
            engine = engine_for(SecretStr(url(Home(home), ADMIN)), name="forger")
            with engine.begin() as connection:
                for table in TABLES:
                    connection.execute(text(f"CREATE TABLE kept_{table} AS TABLE {table}"))
            yield Archive(home, engine)
            engine.dispose()
    finally:
        end_all(home)


@contextlib.contextmanager
def changed_database(
    archive: Archive, drawn: random.Random
) -> Iterator[tuple[list[Forged], list[str]]]:
    """While it lasts: some rows are forged, and some entries of the log; the words for these."""
    with archive.engine.begin() as connection:
        connection.execute(ASLEEP)
        forger = Forger(connection, drawn)
        forged: list[Forged] = []
        for _ in range(ROWS):
            forged.append(forger.forge(*SPARED, *(one.model for one in forged)))
        size = connection.scalar(text("SELECT max(seq) FROM audit_entries"))
        entries = []
        for seq in drawn.sample(range(1, size), ENTRIES):
            change, words = drawn.choice(
                (
                    ("DELETE FROM audit_entries", f"записи {seq} нет"),
                    ("UPDATE audit_entries SET text = text || ' '", f"запись {seq} "),
                    ("UPDATE audit_entries SET actor = 'nobody'", f"запись {seq} "),
                )
            )
            connection.execute(text(f"{change} WHERE seq = {seq}"))
            entries.append(words)
    yield forged, entries
    with archive.engine.begin() as connection:
        connection.execute(ASLEEP)
        for table in TABLES:
            connection.execute(text(f"DELETE FROM {table}"))
            connection.execute(text(f"INSERT INTO {table} TABLE kept_{table}"))


@contextlib.contextmanager
def changed_objects(archive: Archive, drawn: random.Random) -> Iterator[list[str]]:
    """While it lasts: some files of the store are others, shorter or gone; their names."""
    store = archive.home / "files"
    whole = {
        file: file.read_bytes()
        for file in drawn.sample(sorted(f for f in store.rglob("*") if f.is_file()), OBJECTS)
    }
    for file, content in whole.items():
        file.chmod(0o600)
        match drawn.randrange(3):
            case 0:
                file.unlink()
            case 1:
                file.write_bytes(content[:-1])
            case _:
                n = drawn.randrange(len(content))
                file.write_bytes(content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :])
    # What is sealed lies in folders by the beginning of its hash, which is its name.
    yield [
        f"sealed/{file.name}" if "sealed" in file.parts else str(file.relative_to(store))
        for file in whole
    ]
    for file, content in whole.items():
        file.write_bytes(content)


def test_what_was_changed_in_an_archive_is_found_and_named(archive: Archive) -> None:
    drawn = random.Random(7)
    assert archive.problems() == []
    for _ in range(ROUNDS):
        with (
            changed_database(archive, drawn) as (forged, entries),
            changed_objects(archive, drawn) as objects,
        ):
            said = archive.problems()
        for one in forged:
            assert any(one.is_named_by(problem) for problem in said), (one, said)
        for words in (*entries, *objects):
            assert any(words in problem for problem in said), (words, said)
    assert archive.problems() == []


def test_what_was_changed_in_a_bundle_is_found_and_named(
    rehearsed: Rehearsed, tmp_path: Path
) -> None:
    drawn = random.Random(8)
    with zipfile.ZipFile(rehearsed.summary["bundle"]) as bundle:
        bundle.extractall(tmp_path)
    files = sorted(file for file in tmp_path.rglob("*") if file.parent != tmp_path)
    files = [file for file in files if file.is_file() and file.suffix != ".txt"]
    for _ in range(ROUNDS):
        whole = {file: file.read_bytes() for file in drawn.sample(files, FILES)}
        for file, content in whole.items():
            n = drawn.randrange(len(content))
            file.write_bytes(content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :])
        said = check_bundle(tmp_path).problems  # what `verify` says, without its start
        for file, content in whole.items():
            name = str(file.relative_to(tmp_path))
            assert any(name in problem for problem in said), (name, said)
            file.write_bytes(content)
    assert run("verify", tmp_path, "--json").code == 0
