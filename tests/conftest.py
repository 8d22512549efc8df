"""What every test run does: it ends with the time that each folder of tests took.

And what tests of several folders need: one S3 store for the whole run.
"""

import gc
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import hypothesis
import pytest

from tests.object_store import ObjectStore, object_store

hypothesis.settings.load_profile("ci")  # the same examples in every run, however slow it is


LONGEST = (
    "e2e/test_rehearsals.py",
    "e2e/test_recover.py",
    "e2e/test_kills.py",
    "e2e/test_topology.py",
    "pages/test_browser.py",
    "e2e/test_years.py",
    "adapters/test_pdf.py",
    "e2e/test_tampering.py",
    "e2e/test_backups.py",
    "e2e/test_bad_road.py",
    "e2e/test_signing.py",
    "e2e/test_drill.py",
    "e2e/test_faults.py",
    "e2e/test_cli.py",
    "e2e/test_roadmap_apply.py",
    "e2e/test_watched.py",
    "workflows/test_races.py",
    "workflows/test_cycle.py",
    "e2e/test_wrong_starts.py",
)
"""Files in the order of their time, from half a minute on: dealt first, so that no worker is left
with a long one while the others have none."""


class FolderTimes:
    """Sums setup, call and teardown of each test by folder; parallel workers report here too."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.tests: defaultdict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        folder = str(PurePosixPath(report.nodeid.split("::")[0]).parent)
        self.seconds[folder] += report.duration
        self.tests[folder] += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("time per folder")
        for folder, seconds in sorted(self.seconds.items(), key=lambda pair: -pair[1]):
            terminalreporter.write_line(
                f"{seconds:8.1f} s  {self.tests[folder]:5d} tests  {folder}"
            )


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(FolderTimes(), "folder-times")
    # The program is started hundreds of times, and the sandbox of each workflow loads its modules
    # anew: both are fast only if what is compiled is kept, whatever the tester's shell says.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    places = {tests / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(LONGEST)))  # the others stay in order


def pytest_collection_finish() -> None:
    # Thousands of tests and their modules live as long as the run: garbage is looked for without
    # them, which a template that was read asks for each time.
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStore]:
    with object_store(tmp_path_factory.mktemp("minio") / "home") as started:
        yield started
