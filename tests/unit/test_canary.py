"""The store is tried at start and daily; what was found last is known until more is."""

import asyncio
from datetime import UTC, datetime
from threading import Semaphore

import pytest

from domain.canary import CanaryResult, WriteOnce
from runtime import canary
from runtime.canary import Canary
from tests.fakes.files import MemoryFiles


class Tried(MemoryFiles):
    """A store that finds what is planned for it, one entry a try, and then what came last."""

    def __init__(self, *plan: WriteOnce | OSError) -> None:
        super().__init__()
        self.plan = list(plan)
        self.tries = 0
        self.tried = Semaphore(0)

    def canary(self) -> CanaryResult:
        self.tries += 1
        self.tried.release()
        planned = self.plan.pop(0) if len(self.plan) > 1 else self.plan[0]
        if isinstance(planned, OSError):
            raise planned
        return CanaryResult(write_once=planned, text="", checked_at=datetime.now(UTC))


async def found_by(kept: Canary, files: Tried, tries: int) -> WriteOnce | None:
    """What is known after so many tries."""
    trying = asyncio.create_task(kept.keep_trying())
    for _ in range(tries + 1):  # the one after: then the answer of the former is known
        await asyncio.to_thread(files.tried.acquire, timeout=60)
    trying.cancel()
    await asyncio.wait([trying])
    found = kept.latest()
    return None if found is None else found.write_once


async def test_nothing_is_known_before_the_first_answer() -> None:
    files = Tried(OSError(5, "away"))
    kept = Canary(files, every=0, pause=0)
    assert kept.latest() is None
    assert await found_by(kept, files, 3) is None


async def test_a_store_that_was_away_at_start_is_tried_until_it_answers() -> None:
    files = Tried(OSError(5, "away"), OSError(5, "away"), WriteOnce.PREVENTED)
    assert await found_by(Canary(files, every=0, pause=0), files, 3) is WriteOnce.PREVENTED


async def test_a_later_answer_takes_the_place_of_the_first() -> None:
    files = Tried(WriteOnce.PREVENTED, WriteOnce.FAILED)
    assert await found_by(Canary(files, every=0, after_failure=0), files, 2) is WriteOnce.FAILED


async def test_a_store_that_failed_is_tried_again_before_the_day_is_over() -> None:
    files = Tried(WriteOnce.FAILED, WriteOnce.PREVENTED, OSError(5, "away"))
    assert await found_by(Canary(files, every=0, after_failure=0, pause=0), files, 2) is (
        WriteOnce.PREVENTED
    )
    assert canary.AFTER_FAILURE < canary.DAY


async def test_an_outage_later_leaves_what_was_found() -> None:
    files = Tried(WriteOnce.PREVENTED, OSError(5, "away"))
    assert await found_by(Canary(files, every=0, pause=0), files, 3) is WriteOnce.PREVENTED


async def test_after_an_answer_the_store_is_left_alone_for_a_day() -> None:
    files = Tried(WriteOnce.DETECTED)
    trying = asyncio.create_task(Canary(files, pause=0).keep_trying())
    await asyncio.to_thread(files.tried.acquire, timeout=60)
    await asyncio.sleep(0.1)
    trying.cancel()
    await asyncio.wait([trying])
    assert files.tries == 1
    assert canary.DAY == 86400


async def test_the_log_tells_a_failure_as_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    files = Tried(WriteOnce.FAILED)
    await found_by(Canary(files, after_failure=0), files, 1)
    told = capsys.readouterr().out
    assert "failed" in told
    assert "error" in told
