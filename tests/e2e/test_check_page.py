"""The bundle of a rehearsal, checked in a browser without a network, as whoever gets it does."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Rehearsed
from tests.pages.checking import CHANGED, DIFFERENT, WHOLE, Checking
from tests.pages.conftest import browser

__all__ = ["browser"]


@pytest.fixture
def folder(rehearsed: Rehearsed, tmp_path: Path) -> Path:
    with zipfile.ZipFile(rehearsed.summary["bundle"]) as archive:
        archive.extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def test_its_page_finds_the_bundle_whole_and_then_one_changed_byte(
    browser: Browser, folder: Path
) -> None:
    context = browser.new_context(offline=True)
    checking = Checking(context.new_page(), folder)
    assert checking.choose() == WHOLE
    there = sum(file.is_file() for file in folder.rglob("*"))
    assert checking.words() == f"Целы: {there}. Ни один не пропал, лишних нет."
    signed = next(iter(sorted((folder / "files").glob("*_signed.*"))))
    signed.write_bytes(signed.read_bytes()[:-1] + b"?")
    assert checking.choose() == DIFFERENT
    assert checking.wrong() == {f"files/{signed.name}": CHANGED}
    assert checking.faults == []
    context.close()
