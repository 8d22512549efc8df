"""No name gets where names must not be: logs, what Temporal keeps, numbers (invariant I7)."""

import json
import re
from datetime import date
from pathlib import Path

import httpx
import pytest

from adapters.people_files import read_people
from runtime.ports import free_port
from runtime.shipped import ROADMAPS
from tests.e2e.conftest import PAIRS, Rehearsed
from tests.e2e.program import beside

_PEOPLE = read_people((ROADMAPS / "people" / "polytech.xlsx").read_bytes(), date(2026, 9, 1)).people
STEMS = sorted({person.last[:-2] for person in _PEOPLE if len(person.last) > 5})
"""Surnames without their ends: in any case."""


def as_written(stem: str) -> tuple[bytes, ...]:
    """How a program may write it: as it is, escaped in JSON, in an address."""
    escaped = json.dumps(stem)[1:-1]
    quoted = "".join(f"%{byte:02X}" for byte in stem.encode())
    return stem.encode(), escaped.encode(), quoted.encode(), stem.encode("utf-16-le")


def names_in(content: bytes) -> list[str]:
    return [stem for stem in STEMS if any(form in content for form in as_written(stem))]


def test_the_search_finds_a_name_that_is_there() -> None:
    assert len(STEMS) > 10
    for form in as_written(STEMS[0]):
        assert names_in(b"before " + form + b" after") == [STEMS[0]]


@pytest.mark.parametrize("folder", ["log", "temporal", "run"])
def test_no_name_is_in(folder: str, rehearsed: Rehearsed) -> None:
    files = [file for file in (rehearsed.home / folder).rglob("*") if file.is_file()]
    assert files
    assert {file.name: found for file in files if (found := names_in(file.read_bytes()))} == {}


def test_the_numbers_tell_of_everybody_and_name_nobody(copied: Path) -> None:
    port = free_port()
    with beside(copied, "up", "--port", port) as service:
        service.await_line("Служба: готова")
        told = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=60)
    assert told.status_code == 200
    assert f'nastavnik_pairs{{stage="completed"}} {PAIRS}.0' in told.text
    assert 'nastavnik_cycles{stage="closed"} 1.0' in told.text
    assert names_in(told.content) == []
    assert not re.search(r'="[^"]*[0-9a-f]{16}', told.text)
