"""A database for the pages, a school in it, and Debian's Chromium to look at them."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, sync_playwright
from sqlalchemy import Engine

from tests.adapters.conftest import database, engine, server
from tests.pages.school import School, served

__all__ = ["database", "engine", "server"]

CHROMIUM = "chromium"


@pytest.fixture
def school(engine: Engine) -> School:
    return School(engine)


@pytest.fixture
def address(school: School) -> Iterator[str]:
    with served(school) as url:
        yield url


def launched(kind: BrowserType) -> Browser:
    """Debian's Chromium, without a page; in CI a missing one is a failure."""
    program = shutil.which(CHROMIUM)
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    # Chromium has no sandbox for root, and shows pages of ours only.
    rights = ["--no-sandbox"] if os.geteuid() == 0 else []
    return kind.launch(executable_path=program, args=rights)


# Not for the whole run: while it is there, its event loop runs, and no other test may have one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launched(playwright.chromium)
        yield started
        started.close()
