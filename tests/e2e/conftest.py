"""Homes for the tests that start real servers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.home import Home


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
