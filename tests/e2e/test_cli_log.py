"""`nastavnik log`: a school and a city keep each other's checkpoints, and find a rewritten log."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.merkle import grown, leaf_hash
from runtime.embedded_postgres import ADMIN
from runtime.home import Home
from tests.e2e.conftest import Rehearsed
from tests.e2e.program import Ended, end_all, run
from tests.e2e.servers import as_psycopg, servers, url

CITY = (
    *("add", "organisation", "--name", "Управление образования", "--short-name", "УО"),
    *("--address", "г. Омск", "--inn", "5503000000", "--city", "Омск"),
)


@dataclass(frozen=True)
class Program:
    """The program over servers that run."""

    home: Path
    superuser: str

    def call(self, *words: object) -> Ended:
        return run(*words, "--home", self.home, "--json")

    def done(self, *words: object) -> dict[str, Any]:
        ended = self.call(*words)
        assert ended.code == 0, ended
        return ended.json


@pytest.fixture(scope="module")
def program(rehearsed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("witnessed") / "home"
    shutil.copytree(rehearsed.home, home)
    try:
        with servers(home):
            yield Program(home, as_psycopg(url(Home(home), ADMIN)))
    finally:
        end_all(home)


def rewritten(program: Program, school: str) -> None:
    """What somebody with all keys could do: another past, hashed anew, without the old marks."""
    with psycopg.connect(program.superuser) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("DELETE FROM checkpoints WHERE organisation_id = %s", (school,))
        rows = connection.execute(
            "SELECT seq, text FROM audit_entries WHERE organisation_id = %s ORDER BY seq", (school,)
        ).fetchall()
        peaks: list[bytes] = []
        for n, (seq, body) in enumerate(rows):
            text = body.replace('"actor":"system"', '"actor":"nobody"') if n == 5 else body
            assert (text == body) == (n != 5)
            peaks, full = grown(n, peaks, leaf_hash(text.encode()))
            connection.execute(
                "UPDATE audit_entries SET text = %s, nodes = %s,"
                " actor = CAST(%s AS json) ->> 'actor' WHERE organisation_id = %s AND seq = %s",
                (text, b"".join(full), text, school, seq),
            )
        connection.execute(
            "UPDATE audit_heads SET peaks = %s WHERE organisation_id = %s",
            (b"".join(peaks), school),
        )


def test_a_log_that_was_rewritten_wholly_is_found_by_witness_and_saved_checkpoint(
    program: Program, tmp_path: Path
) -> None:
    saved, handed, returned = (tmp_path / name for name in ("saved", "handed", "returned"))
    city = program.done(*CITY)["organisation"]
    with psycopg.connect(program.superuser) as connection:
        [(school,)] = connection.execute("SELECT organisation_id FROM launches").fetchall()

    key = program.done("log", "checkpoint", school, "-o", saved)["key"]
    size = program.done("log", "check", saved)["size"]
    program.done("log", "proof", school, "-o", handed)
    assert program.call("log", "witness", handed, "--by", city).json["error"] == "LogKeyMissing"
    kept = program.done("log", "witness", handed, "--by", city, "--key", key, "-o", returned)
    assert kept["checkpoint"]["size"] == size
    program.done("log", "cosigned", school, returned, "--key", kept["witness_key"])

    # The other way round: the city's log tells of what it keeps, and the school keeps that.
    given = program.done("log", "proof", city, "-o", handed)
    program.done("log", "witness", handed, "--by", school, "--key", given["key"])
    newer = program.done("log", "proof", school, "--from", size, "-o", handed)
    assert newer["checkpoint"]["size"] == size + 1
    program.done("log", "witness", handed, "--by", city)
    assert program.done("log", "check", saved)["ok"]

    rewritten(program, school)
    found = program.call("log", "check", saved)
    assert found.code == 1
    assert any(f"записи до {size} не те" in problem for problem in found.json["problems"])
    program.done("log", "proof", school, "--from", size + 1, "-o", handed)  # nothing of ours tells
    refused = program.call("log", "witness", handed, "--by", city)
    assert (refused.code, refused.json["error"]) == (1, "LogForked")


def test_what_is_no_checkpoint_is_refused(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"\xff\xfe")
    for command in (("log", "check", file), ("log", "witness", file, "--by", "x")):
        called = program.call(*command)
        assert (called.code, called.json["error"]) == (1, "ForgedCheckpoint")
    assert program.call("log", "check", tmp_path / "nowhere").code == 2
    assert program.call("log", "checkpoint", "nobody").json["error"] == "NotFound"
