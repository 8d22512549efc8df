"""The sweep removes what nobody came to name, and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import ActivityEnvironment

from activities.object_ports import BegunObject
from activities.sweeping import (
    ANSWERS_KEPT,
    FORSAKEN_AFTER,
    SWEPT_EVERY,
    Sweep,
    SweepActivities,
)
from tests.fakes.files import MemoryFiles
from tests.fakes.ledger import MemoryLedger

KEY = bytes(range(32))
LONG_AGO = datetime.now(UTC) - FORSAKEN_AFTER - timedelta(seconds=1)


def begun(ledger: MemoryLedger, key: str, at: datetime = LONG_AGO) -> None:
    ledger.begun._begun[key] = BegunObject(key=key, state="begun", begun_at=at)


def sweep(ledger: MemoryLedger, files: MemoryFiles) -> tuple[int, int]:
    done = ActivityEnvironment().run(SweepActivities(ledger, files).sweep_orphans, Sweep())
    return done.removed, done.kept


def test_what_nobody_named_in_time_is_removed_and_the_rest_stays() -> None:
    ledger, files = MemoryLedger(), MemoryFiles()
    for key in ("draft/41b0/1", "draft/41b0/2", "draft/41b0/3"):
        files.put_once(key, b"content", KEY)
    begun(ledger, "draft/41b0/1")
    begun(ledger, "draft/41b0/2", datetime.now(UTC))

    assert sweep(ledger, files) == (1, 0)
    assert files.keys() == ["draft/41b0/2", "draft/41b0/3"], "3 was never begun: it is not ours"
    assert sweep(ledger, files) == (0, 0)


def test_what_was_begun_and_never_put_is_no_fault() -> None:
    ledger, files = MemoryLedger(), MemoryFiles()
    begun(ledger, "draft/41b0/1")
    assert sweep(ledger, files) == (1, 0)


def test_a_store_that_is_away_is_swept_once_it_is_back() -> None:
    ledger, files = MemoryLedger(), MemoryFiles()
    files.put_once("draft/41b0/1", b"content", KEY)
    begun(ledger, "draft/41b0/1")
    files.failure = OSError("away")
    with pytest.raises(OSError, match="away"):
        sweep(ledger, files)
    assert files.keys() == ["draft/41b0/1"]
    files.failure = None
    assert sweep(ledger, files) == (1, 0)
    assert files.keys() == []


class Stubborn(MemoryFiles):
    """A store in health that does not let go of one object."""

    def remove_forsaken(self, key: str) -> bool:
        if key == "draft/41b0/1":
            raise PermissionError(f"{key} is not to be removed")
        return super().remove_forsaken(key)


def test_an_object_that_cannot_be_removed_keeps_no_other_one_alive() -> None:
    ledger, files = MemoryLedger(), Stubborn()
    for key in ("draft/41b0/1", "draft/41b0/2"):
        files.put_once(key, b"content", KEY)
        begun(ledger, key)
    with pytest.raises(PermissionError):
        sweep(ledger, files)
    assert files.keys() == ["draft/41b0/1"]


def test_answers_that_nobody_asks_for_again_are_forgotten() -> None:
    ledger = MemoryLedger()
    ledger.answered = [ANSWERS_KEPT + timedelta(minutes=1), timedelta(hours=1)]
    sweep(ledger, MemoryFiles())
    assert ledger.answered == [timedelta(hours=1)]


def test_nothing_that_nobody_names_stays_for_longer_than_an_hour() -> None:
    assert timedelta(hours=1) > FORSAKEN_AFTER + SWEPT_EVERY
