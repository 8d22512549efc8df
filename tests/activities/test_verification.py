"""The walk over stored files, over fakes: what it finds, and how it stops and goes on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from temporalio.testing import ActivityEnvironment

from activities import verification
from activities.verification import STUBBORN, VerificationActivities
from activities.verification_ports import CheckedLogs, CheckLogs, VerifiedSome, VerifySome
from domain.verification import Fault, KeptFile
from tests.fakes.files import MemoryFiles
from tests.fakes.verification import MemoryVerifications

KEY = bytes(range(32))
NOW = datetime(2026, 11, 22, 21, tzinfo=UTC)


class Store(MemoryFiles):
    """A store that may be away, hide what it has, or fail for some keys."""

    def __init__(self) -> None:
        super().__init__()
        self.sick: dict[str, OSError] = {}
        self.hidden: dict[str, str] = {}
        self.asked: list[str] = []

    def _hash(self, key: str) -> str:
        self.asked.append(key)
        if key in self.sick:
            raise self.sick[key]
        return super()._hash(key)

    def _beneath(self, key: str) -> Sequence[str]:
        return [self.hidden[key]] if key in self.hidden else []


class Night:
    """Files, their rows, and the activity over both."""

    def __init__(self, count: int) -> None:
        self.files, self.book = Store(), MemoryVerifications()
        self.keys = [self._kept(f"draft/{n:04}/1") for n in range(count)]
        self.files.asked.clear()
        self.environment = ActivityEnvironment()
        self.work = VerificationActivities(self.book, self.files, self.book, rest=0)

    def _kept(self, key: str) -> str:
        stored = self.files.put_once(key, key.encode(), KEY)
        self.book.files[key] = KeptFile(
            key=key, stored_sha256=stored.stored_sha256, size=stored.size
        )
        return key

    def verify(self, run_id: str = "first", *, attempt: int = 1) -> VerifiedSome:
        self.environment.info = replace(self.environment.info, attempt=attempt)
        return self.environment.run(self.work.verify_some, VerifySome(run_id=run_id, now=NOW))


@pytest.fixture
def night() -> Night:
    return Night(60)


def test_every_file_is_looked_at_once(night: Night) -> None:
    found = night.verify()

    assert found == VerifiedSome(checked=60, total=60, faults=0, finished=True)
    assert sorted(night.files.asked) == night.keys
    assert night.book.open == {}


def test_without_files_there_is_nothing_to_do() -> None:
    assert Night(0).verify() == VerifiedSome(checked=0, total=0, faults=0, finished=True)


def test_what_is_lost_changed_or_hidden_is_told_apart(night: Night) -> None:
    lost, changed, covered, marked = night.keys[3], night.keys[17], night.keys[40], night.keys[59]
    del night.files.objects[lost]
    night.files.objects[changed] += b"."
    for key in (covered, marked):
        night.files.hidden[key] = night.book.files[key].stored_sha256
    night.files.objects[covered] = b"a cuckoo"
    del night.files.objects[marked]

    assert night.verify().faults == 4
    assert night.book.open == {
        lost: Fault.LOST,
        changed: Fault.CHANGED,
        covered: Fault.HIDDEN,
        marked: Fault.HIDDEN,
    }


def test_a_key_under_which_nothing_may_lie_stops_no_walk(night: Night) -> None:
    forged = "sealed/../draft"
    night.book.files[forged] = KeptFile(key=forged, stored_sha256="a" * 64, size=1)

    assert night.verify() == VerifiedSome(checked=61, total=61, faults=1, finished=True)
    assert night.book.open == {forged: Fault.LOST}


def test_while_the_store_is_away_nothing_is_concluded(night: Night) -> None:
    night.files.failure = ConnectionError("away")

    with pytest.raises(ConnectionError):
        night.verify(attempt=STUBBORN)

    assert night.book.open == {}
    assert night.book.run("first").checked == 0


def test_a_disk_that_is_not_mounted_has_lost_nothing(night: Night) -> None:
    night.files.objects.clear()
    night.files.sick = dict.fromkeys(night.keys, OSError("no such device"))

    with pytest.raises(OSError, match="no such device"):
        night.verify()

    assert night.book.open == {}


def test_what_was_seen_before_the_store_went_away_is_remembered(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "SLICE", 1)
    night.files.sick[night.keys[30]] = TimeoutError("no answer")
    with pytest.raises(TimeoutError):
        night.verify()
    assert night.book.run("first").last_key == night.keys[29]

    night.files.sick.clear()
    night.files.asked.clear()
    assert night.verify() == VerifiedSome(checked=60, total=60, faults=0, finished=True)
    assert sorted(night.files.asked) == night.keys[30:]


def test_a_file_that_a_store_in_health_never_gives_is_a_fault(night: Night) -> None:
    sick = night.keys[10]
    night.files.sick[sick] = OSError("input/output error")
    with pytest.raises(OSError, match="input/output"):
        night.verify(attempt=STUBBORN - 1)
    assert night.book.open == {}

    assert night.verify(attempt=STUBBORN).faults == 1
    assert night.book.open == {sick: Fault.UNREADABLE}


def test_a_repeat_after_the_end_looks_at_nothing(night: Night) -> None:
    first = night.verify()
    night.files.asked.clear()

    assert night.verify() == first
    assert night.files.asked == []


def test_what_is_whole_again_is_told_once(night: Night) -> None:
    key = night.keys[5]
    whole = night.files.objects.pop(key)
    night.verify("first")
    night.verify("second")
    night.files.objects[key] = whole
    night.verify("third")
    night.verify("fourth")

    assert night.book.told == [(key, "lost"), (key, "restored")]
    assert night.book.open == {}


def test_a_worker_that_stops_leaves_the_rest_to_another(night: Night) -> None:
    night.work = replace(night.work, batch=10)
    beats: list[int] = []

    def beat(*details: object) -> None:
        beats.append(len(details))
        if len(night.book.seen) == 2:
            night.environment.worker_shutdown()

    night.environment.on_heartbeat = beat
    found = night.verify()
    assert not found.finished
    assert 20 <= found.checked < 60

    night.environment = ActivityEnvironment()
    assert night.verify() == VerifiedSome(checked=60, total=60, faults=0, finished=True)
    assert set(night.files.asked) == set(night.keys)


def test_a_walk_says_how_far_it_is_and_goes_on_in_the_next_activity(night: Night) -> None:
    night.work = replace(night.work, batch=25, spell=0.0)

    assert [night.verify().checked for _ in range(4)] == [25, 50, 60, 60]
    assert night.verify().finished


def test_whole_logs_are_signed_and_broken_ones_are_told_and_not_signed(night: Night) -> None:
    night.book.logs = {"a": (), "b": ("an entry was changed",), "c": (), "d": ()}
    night.book.forked.add("c")

    asked = CheckLogs(run_id="first", after="", now=NOW)
    assert ActivityEnvironment().run(night.work.check_logs, asked).finished

    assert night.book.looked_at == [("a", False), ("b", True), ("c", True), ("d", False)]
    assert night.book.signed == ["a", "d"]


def test_no_log_is_left_out_however_the_database_orders_names(night: Night) -> None:
    class OrderedByWords(MemoryVerifications):
        def organisations(self) -> Sequence[str]:
            return ["a", "B", "c"]

    book = OrderedByWords(logs=dict.fromkeys("aBc", ()))
    night.work = VerificationActivities(book, night.files, book, spell=0.0)
    found = CheckedLogs(last="", finished=False)
    while not found.finished:
        asked = CheckLogs(run_id="first", after=found.last, now=NOW)
        found = ActivityEnvironment().run(night.work.check_logs, asked)

    assert sorted(book.signed) == ["B", "a", "c"]


def test_logs_are_looked_at_one_after_another_though_time_is_short(night: Night) -> None:
    night.book.logs = dict.fromkeys("abc", ())
    night.work = replace(night.work, spell=0.0)

    def after(last: str) -> CheckedLogs:
        asked = CheckLogs(run_id="first", after=last, now=NOW)
        found: CheckedLogs = ActivityEnvironment().run(night.work.check_logs, asked)
        return found

    assert after("") == CheckedLogs(last="a", finished=False)
    assert after("a") == CheckedLogs(last="b", finished=False)
    assert after("b") == CheckedLogs(last="c", finished=True)
    assert after("c") == CheckedLogs(last="c", finished=True)
