"""The chain of events: a change of the past is visible, and `sha256sum` can follow it."""

import hashlib
import shutil
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.audit import GENESIS, AuditEvent, canonical, entry_hash
from tests.builders import NOW

EVENT = AuditEvent(
    subject="document/d1",
    n=3,
    action="approved",
    actor="u1",
    at=NOW,
    version=2,
    sha256="a" * 64,
    refs={"kind": "приказ", "cycle": "c1"},
)
TEXT = (
    '{"action":"approved","actor":"u1","at":"2024-09-02T09:00:00Z","n":3,"note_id":null,'
    '"refs":{"cycle":"c1","kind":"приказ"},"sha256":"' + "a" * 64 + '",'
    '"subject":"document/d1","version":2}'
)


def chained(*texts: str) -> list[str]:
    """The hash of each entry of a chain."""
    hashes = [GENESIS]
    for text in texts:
        hashes.append(entry_hash(hashes[-1], text))
    return hashes[1:]


def test_an_event_has_one_text() -> None:
    assert canonical(EVENT) == TEXT


def test_the_order_of_references_and_the_time_zone_do_not_change_the_text() -> None:
    ekaterinburg = timezone(timedelta(hours=5))
    same = EVENT.changed(
        refs={"cycle": "c1", "kind": "приказ"}, at=datetime(2024, 9, 2, 14, tzinfo=ekaterinburg)
    )
    assert canonical(same) == TEXT


def test_an_event_read_back_from_its_text_has_the_same_text() -> None:
    assert canonical(AuditEvent.model_validate_json(TEXT)) == TEXT


def test_the_text_is_one_line_whatever_an_event_refers_to() -> None:
    assert "\n" not in canonical(EVENT.changed(refs={"kind": "две\nстроки"}))


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_a_changed_entry_changes_every_hash_after_it(changed: int) -> None:
    texts = ["first", "second", "third"]
    before = chained(*texts)
    texts[changed] = "forged"
    after = chained(*texts)
    assert [a == b for a, b in zip(before, after, strict=True)] == [n < changed for n in range(3)]


def test_entries_that_changed_places_are_seen() -> None:
    assert chained("first", "second")[-1] != chained("second", "first")[-1]


def test_the_hash_is_sha256_of_previous_hash_line_feed_and_text() -> None:
    expected = hashlib.sha256(f"{GENESIS}\n{TEXT}".encode()).hexdigest()
    assert entry_hash(GENESIS, TEXT) == expected


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_sha256sum_gives_the_same_hash(tmp_path: Path) -> None:
    file = tmp_path / "entry"
    file.write_bytes(f"{GENESIS}\n{TEXT}".encode())
    said = subprocess.run(["sha256sum", file], check=True, capture_output=True, text=True).stdout
    assert said.split()[0] == entry_hash(GENESIS, TEXT)
