"""A programme of two years, played whole: one cycle, each year with papers and pairs of its own."""

import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.program import end_all, run_anew


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    home = tmp_path_factory.mktemp("years") / "home"
    words = ("rehearse", "polytech", "--pairs", 1, "--turns", 2, "--home", home, "--json")
    ended = run_anew(*words)
    assert ended.code == 0, ended
    yield ended.json
    end_all(home)


@pytest.fixture
def events(played: dict[str, Any]) -> list[dict[str, Any]]:
    with zipfile.ZipFile(played["bundle"]) as bundle:
        names = sorted(name for name in bundle.namelist() if name.startswith("log/0"))
        return [json.loads(bundle.read(name)) for name in names]


def test_each_year_has_its_own_rows_pair_and_papers(played: dict[str, Any]) -> None:
    assert played["ok"]
    assert (played["rows_done"], played["steps_done"], played["pairs"]) == (15, 30, 2)
    with zipfile.ZipFile(played["bundle"]) as bundle:
        files = json.loads(bundle.read("manifest.json"))["files"]
    kinds = Counter(file["kind"] for file in files if file["role"] == "signed")
    assert kinds["order_introduction"] == kinds["order_pairs"] == kinds["report"] == 2


def test_the_year_closes_before_the_cycle_and_after_the_next_has_begun(
    events: list[dict[str, Any]],
) -> None:
    told = [
        (event["action"], event["refs"].get("item", ""))
        for event in events
        if event["subject"].startswith("cycle/")
    ]
    closed = told.index(("turn_closed", ""))
    assert told.index(("item_opened", "1.1@2")) < closed < told.index(("closed", ""))
    assert told.index(("item_opened", "1.8")) < closed


def test_a_mentee_of_the_first_year_became_a_mentor(events: list[dict[str, Any]]) -> None:
    assert "mentor_welcomed" in [event["action"] for event in events]
