"""Homes for the tests that start real servers, and one rehearsal that many of them look at."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from runtime.home import Home
from tests.e2e.program import end_all, run

PAIRS = 2


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(tmp_path / "home") as held:
        yield held


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may pass, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="nastavnik-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal that nobody disturbed: its home, stopped, and what it said of itself."""

    home: Path
    summary: dict[str, Any]
    told: str

    @property
    def counts(self) -> dict[str, Any]:
        """What every undisturbed rehearsal of as many pairs comes to."""
        own = {"cycle", "bundle", "seconds", "times"}
        return {key: value for key, value in self.summary.items() if key not in own}


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    """One rehearsal for all tests that only look; who changes something takes `copied`."""
    home = tmp_path_factory.mktemp("rehearsed") / "home"
    ended = run("rehearse", "polytech", "--pairs", PAIRS, "--home", home, "--json")
    assert ended.code == 0, ended
    yield Rehearsed(home, ended.json, ended.err)
    end_all(home)


@pytest.fixture
def copied(rehearsed: Rehearsed, tmp_path: Path) -> Iterator[Path]:
    """A copy of the finished rehearsal's home, to be changed."""
    home = tmp_path / "copied"
    shutil.copytree(rehearsed.home, home)
    yield home
    end_all(home)
