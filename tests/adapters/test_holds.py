"""Locks of sealed files follow their terms as soon as these are known; no crash loses one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import Engine
from temporalio.testing import ActivityEnvironment

from activities.tasks import ObjectRecord
from activities.verification import VerificationActivities
from activities.verification_ports import CheckLogs, Hold
from adapters.postgres.holds import PostgresHolds
from domain.errors import NotFound
from tests.adapters.old_papers import close, paper
from tests.adapters.world import NOW, SHA, World, templates
from tests.fakes.files import MemoryFiles
from tests.fakes.verification import MemoryVerifications

AFTER_CASE = datetime(2034, 1, 1, tzinfo=UTC)
"""The day after five years from the 1st of January after the case was closed in 2028."""
AT_LEAST = datetime(2032, 1, 1, tzinfo=UTC)
"""As if the case were closed on the document's own day."""


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def a_sealed_report(world: World) -> str:
    """The key of its signed file; the case is closed two years after its day."""
    cycle = world.with_pair()
    world.save(cycle)
    report = paper(world, cycle, "curator_report")
    key = f"sealed/{sha256(report.document_id.encode()).hexdigest()}"
    world.ledger.record_object(
        ObjectRecord(
            organisation_id=world.organisation,
            document_id=report.document_id,
            version=1,
            role="signed",
            key_id=f"sealed/{report.document_id}/{SHA}",
            media_type="application/pdf",
            key=key,
            sha256=SHA,
            stored_sha256=SHA,
            size=3,
        )
    )
    close(world, cycle, datetime(2028, 5, 31, 9, tzinfo=UTC))
    return key


def test_a_lock_reaches_the_term_once_the_case_is_closed(world: World) -> None:
    kinds = {kind: templates().kind(kind) for kind in templates().kinds()}
    holds, key = PostgresHolds(world.engine, kinds), a_sealed_report(world)
    assert holds.to_prolong(world.organisation, NOW, 9) == [Hold(key=key, until=AFTER_CASE)]
    # Killed before it was remembered, it is asked for again; the store never shortens a lock.
    assert holds.to_prolong(world.organisation, NOW, 9) == [Hold(key=key, until=AFTER_CASE)]
    assert holds.to_prolong(world.organisation, NOW, 0) == []

    holds.prolonged(Hold(key=key, until=AT_LEAST))
    assert holds.to_prolong(world.organisation, NOW, 9) == [Hold(key=key, until=AFTER_CASE)]
    holds.prolonged(Hold(key=key, until=AFTER_CASE))
    assert holds.to_prolong(world.organisation, NOW, 9) == []

    holds.forget()  # the files were brought into another store
    assert holds.to_prolong(world.organisation, NOW, 9) == [Hold(key=key, until=AFTER_CASE)]
    assert holds.to_prolong(world.organisation, AFTER_CASE, 9) == []


@dataclass
class Book:
    """Holds in memory."""

    wanted: list[Hold]
    done: list[Hold] = field(default_factory=list)

    def to_prolong(self, organisation_id: str, now: datetime, at_most: int) -> list[Hold]:
        del organisation_id, now
        return [one for one in self.wanted if one not in self.done][:at_most]

    def prolonged(self, hold: Hold) -> None:
        self.done.append(hold)


class Locking(MemoryFiles):
    """A store that is away for one key and has lost another."""

    def hold(self, key: str, until: datetime) -> None:
        if key == "lost":
            raise NotFound(key)
        if key == "away" and self.failure is not None:
            raise self.failure
        super().hold(key, until)


def test_a_store_that_is_away_is_asked_the_next_night_and_no_log_waits_for_it() -> None:
    book = Book([Hold(key=key, until=AFTER_CASE) for key in ("lost", "first", "away", "last")])
    files, logs = Locking(), MemoryVerifications(logs={"school": ()})
    files.failure = OSError("the store is away")
    work = VerificationActivities(logs, files, logs, rest=0, holds=book)

    def night() -> bool:
        task = CheckLogs(run_id="night", after="", now=NOW)
        return bool(ActivityEnvironment().run(work.check_logs, task).finished)

    assert night()
    assert (sorted(files.held), logs.signed) == (["first"], ["school"])

    files.failure = None
    assert night()
    assert sorted(files.held) == ["away", "first", "last"]
    assert [one.key for one in book.done] == ["first", "away", "last"]
