"""Homes for the tests that start real servers, and one rehearsal that many of them look at."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from runtime.home import Home
from tests.e2e.program import Ended, end_all, run_anew

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


def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """The home of the one rehearsal of this run, and how it ended; nobody works in that home.

    It is played by whichever process of the run needs it first; the others wait for it.
    """
    own = tmp_path_factory.getbasetemp()
    run_folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    record = run_folder / "rehearsed.json"
    with (run_folder / "rehearsed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            home = tmp_path_factory.mktemp("played") / "home"
            ended = run_anew("rehearse", "polytech", "--pairs", PAIRS, "--home", home, "--json")
            record.write_text(json.dumps({"home": str(home), "ended": asdict(ended)}))
    found = json.loads(record.read_text())
    return Path(found["home"]), Ended(**found["ended"])


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsed]:
    """One rehearsal for all tests that only look; who changes something takes `copied`."""
    source, ended = played(tmp_path_factory)
    assert ended.code == 0, ended
    home = tmp_path_factory.mktemp("rehearsed") / "home"
    shutil.copytree(source, home)
    bundle = home / Path(ended.json["bundle"]).relative_to(source)
    yield Rehearsed(home, ended.json | {"bundle": str(bundle)}, ended.err)
    end_all(home)


@pytest.fixture
def copied(rehearsed: Rehearsed, tmp_path: Path) -> Iterator[Path]:
    """A copy of the finished rehearsal's home, to be changed."""
    home = tmp_path / "copied"
    shutil.copytree(rehearsed.home, home)
    yield home
    end_all(home)
