"""Bundles of real rows, a real log and real files: whole, of one moment, and read page by page."""

import json
import random
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from adapters.files.filesystem import FilesystemFiles
from adapters.log_keys import LogKeys
from adapters.postgres import log
from adapters.postgres.archive import PostgresArchive
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.objects import ObjectBook
from adapters.postgres.rows import change
from adapters.postgres.tables import ObjectKeyRow
from bench.export import PAPERS, TOLD, Place, event, fill
from bench.journal import KEYS, NOW, ORGANISATION, database
from domain import ids
from domain.errors import BytesChanged, NotFound, Refused
from runtime.bundle import COVERED, MANIFEST, BundleStream, write_bundle
from runtime.bundle_check import Checked, check_bundle
from runtime.export import bundle_of
from runtime.wiring import Parts

PAIRS = 2
FILES = PAPERS * 2  # of a pair: a text and a scan for each paper
ENTRIES = PAPERS * 4 + TOLD
OTHERS = len(COVERED) + 2


@dataclass(frozen=True)
class Filled:
    """Cycles of one organisation over a database of its own, read a few rows at a time."""

    engine: Engine
    parts: Parts
    cycle: str
    out: Path

    @property
    def log(self) -> PostgresLog:
        return self.parts.log

    def bundle(self, what: str = "cycle", id_: str = "") -> BundleStream:
        return bundle_of(self.parts, what, id_ or self.cycle)

    def checked(self, stream: BundleStream, earlier: bytes | None = None) -> Checked:
        write_bundle(self.out, stream)
        return check_bundle(self.out, self.log.checkpoint(ORGANISATION).key, earlier)

    def listed(self) -> list[Mapping[str, Any]]:
        """The manifest of the bundle that was checked."""
        with zipfile.ZipFile(self.out) as bundle:
            return list(json.loads(bundle.read(MANIFEST))["files"])

    def tell(self, subject: str, action: str, **refs: str) -> None:
        """Put an entry into the log, the first of its subject."""
        told = event(subject, 1, action, **{"cycle": self.cycle, **refs})
        with self.engine.begin() as connection:
            log.append(connection, ORGANISATION, [told], None)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    home = tmp_path_factory.mktemp("filled")
    with database() as (_, engine):
        files = FilesystemFiles(home / "files")
        place = Place(engine, KEYS, files, random.Random(5))
        fill(place, "before", 1)
        cycle = fill(place, "this", PAIRS)
        fill(place, "after", 1)
        parts = SimpleNamespace(
            archive=PostgresArchive(engine, page=7),
            log=PostgresLog(engine, LogKeys(KEYS)),
            files=files,
            ledger=ObjectBook(engine, KEYS),
        )
        yield Filled(engine, cast("Parts", parts), cycle, home / "bundle.zip")


def test_the_bundle_of_a_cycle_holds_all_of_it_and_nothing_of_others(filled: Filled) -> None:
    found = filled.checked(filled.bundle())
    assert found.problems == ()
    assert found.checked == PAIRS * (FILES + ENTRIES) + 1 + OTHERS
    assert found.signed_files == PAIRS * PAPERS


def test_the_bundle_of_a_pair_holds_that_pair_alone(filled: Filled) -> None:
    pair = ids.derived_id(filled.cycle, "1")
    found = filled.checked(filled.bundle("pair", pair))
    assert (found.problems, found.checked) == ((), FILES + ENTRIES + OTHERS)


def test_a_bundle_is_of_the_moment_at_which_it_was_asked_for(filled: Filled) -> None:
    kept = filled.log.checkpoint(ORGANISATION)
    asked = filled.bundle()
    filled.tell("sitting/s1", "sitting_held")
    before = filled.checked(asked)
    after = filled.checked(filled.bundle(), kept.text.encode())
    assert (before.problems, after.problems) == ((), ())
    assert (before.size, after.size) == (kept.checkpoint.size, kept.checkpoint.size + 1)
    assert after.checked == before.checked + 1


def test_what_an_act_destroyed_is_listed_with_the_act(filled: Filled) -> None:
    document = ids.derived_id(ids.derived_id(filled.cycle, "0"), "0")
    which = {"organisation_id": ORGANISATION, "document_id": document}
    gone = {"wrapped": None, "destroyed_at": NOW, "act_id": "a" * 16}
    with filled.engine.begin() as connection:
        change(connection, ObjectKeyRow, which, gone)
    with pytest.raises(Refused, match=f"document/{document}"):  # the log does not tell of it yet
        list(filled.bundle())

    refs = {"document": document, "act": "a" * 16}
    filled.tell(f"destruction/{document}", "destroyed", **refs)
    found = filled.checked(filled.bundle())

    assert found.problems == ()
    destroyed = [file for file in filled.listed() if file["destroyed"]]
    assert {file["document"] for file in destroyed} == {document}
    assert [file["destroyed"]["act"] for file in destroyed] == ["a" * 16] * 2


def test_a_file_that_is_lost_or_changed_breaks_the_bundle_off_and_is_named(filled: Filled) -> None:
    document = ids.derived_id(ids.derived_id(filled.cycle, "1"), "3")
    size = filled.log.checkpoint(ORGANISATION).checkpoint.size
    of = filled.parts.archive.exported("cycle", filled.cycle)
    sealed = filled.parts.archive.sealed_files(of, size)
    key = next(file.key for file in sealed if file.document_id == document)
    file = cast("FilesystemFiles", filled.parts.files)._path(key)
    whole = file.read_bytes()
    filled.out.unlink(missing_ok=True)

    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BytesChanged, match=f"^document/{document}, version 1"):
        write_bundle(filled.out, filled.bundle())
    file.unlink()
    with pytest.raises(NotFound, match=f"^document/{document}, version 1"):
        write_bundle(filled.out, filled.bundle())

    assert [one.name for one in filled.out.parent.iterdir()] == ["files"]
    file.write_bytes(whole)
    assert filled.checked(filled.bundle()).ok


@pytest.mark.parametrize("what", ["pair", "cycle"])
def test_nothing_is_begun_of_what_there_is_not(filled: Filled, what: str) -> None:
    with pytest.raises(NotFound, match=f"no {what}/none"):
        filled.bundle(what, "none")
