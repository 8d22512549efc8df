"""What is remembered of objects that were begun, by the fake and by the database alike."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from activities.sweeping import Sweeps
from activities.tasks import ObjectRecord
from adapters.postgres.ledger import PostgresLedger
from domain import ids
from tests.adapters.world import SHA, a_ledger
from tests.fakes.ledger import MemoryLedger

NOW, LONG = timedelta(0), timedelta(hours=1)
Book = PostgresLedger | MemoryLedger


@pytest.fixture(params=["memory", "postgres"])
def book(request: pytest.FixtureRequest) -> Book:
    if request.param == "memory":
        return MemoryLedger()
    engine: Engine = request.getfixturevalue("engine")
    return a_ledger(engine)


@pytest.fixture
def key() -> str:
    return ids.draft_key(ids.new_id(), 1)


def record(key: str) -> ObjectRecord:
    return ObjectRecord(
        organisation_id="org",
        document_id=key.split("/")[1],
        version=1,
        role="draft",
        key=key,
        key_id=key,
        sha256=SHA,
        stored_sha256=SHA,
        size=1,
        media_type="text/plain",
    )


def states(book: Sweeps, key: str) -> list[str]:
    return [one.state for one in book.begun_objects() if one.key == key]


def forsaken(book: Sweeps, key: str, age: timedelta = NOW) -> bool:
    return key in book.forsake(age, 10_000)


def test_what_is_recorded_is_begun_no_more_and_never_forsaken(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert states(book, key) == ["begun"]
    book.record_object(record(key))
    assert states(book, key) == []
    assert not forsaken(book, key)


def test_what_was_begun_a_short_while_ago_is_waited_for(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert not forsaken(book, key, LONG)
    assert states(book, key) == ["begun"]


def test_nobody_records_what_is_forsaken_but_who_begins_it_anew(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert forsaken(book, key)
    with pytest.raises(OSError, match="too long ago"):
        book.record_object(record(key))
    book.begin_object(key, "org")
    book.record_object(record(key))
    assert states(book, key) == []


def test_what_is_forsaken_is_removed_once(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert forsaken(book, key)
    assert book.sweep(key, lambda: True) is True
    assert book.sweep(key, lambda: pytest.fail("again")) is None
    assert states(book, key) == ["gone"]
    assert not forsaken(book, key)
    with pytest.raises(OSError, match="too long ago"):
        book.record_object(record(key))


def test_what_the_store_locks_is_remembered_and_not_tried_again(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert forsaken(book, key)
    assert book.sweep(key, lambda: False) is False
    assert states(book, key) == ["kept"]
    assert not forsaken(book, key)


def test_what_was_begun_anew_meanwhile_is_not_removed(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert forsaken(book, key)
    book.begin_object(key, "org")
    assert book.sweep(key, lambda: pytest.fail("it is about to be named")) is None
    assert states(book, key) == ["begun"]


def test_what_a_row_names_is_never_removed_though_it_was_begun_again(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    book.record_object(record(key))
    book.begin_object(key, "org")  # a repeat, whose process was killed
    assert not forsaken(book, key)
    assert book.sweep(key, lambda: pytest.fail("a row names it")) is None
    book.record_object(record(key))


def test_what_cannot_be_removed_now_is_removed_the_next_time(book: Book, key: str) -> None:
    def away() -> bool:
        raise OSError("the store is away")

    book.begin_object(key, "org")
    assert forsaken(book, key)
    with pytest.raises(OSError, match="away"):
        book.sweep(key, away)
    assert forsaken(book, key)
    assert book.sweep(key, lambda: True) is True


def test_who_begins_an_object_while_it_is_removed_waits(book: Book, key: str) -> None:
    book.begin_object(key, "org")
    assert forsaken(book, key)
    order: list[str] = []

    def begin() -> None:
        book.begin_object(key, "org")
        order.append("begun")

    begins = threading.Thread(target=begin)

    def remove() -> bool:
        begins.start()
        begins.join(timeout=0.3)
        order.append("removed")
        return True

    assert book.sweep(key, remove) is True
    begins.join(timeout=60)
    assert order == ["removed", "begun"]
    assert states(book, key) == ["begun"]
    book.record_object(record(key))


def test_a_writer_that_is_late_and_a_sweep_at_once_never_leave_a_row_without_an_object(
    book: Book,
) -> None:
    for _ in range(30):
        key = ids.draft_key(ids.new_id(), 1)
        book.begin_object(key, "org")
        there = {key}
        recorded: list[str] = []

        def write(key: str = key, recorded: list[str] = recorded) -> None:
            try:
                book.record_object(record(key))
            except OSError:
                return
            recorded.append(key)

        def sweep(key: str = key, there: set[str] = there) -> None:
            if forsaken(book, key):
                book.sweep(key, lambda: bool(there.pop()))

        both = [threading.Thread(target=one) for one in (write, sweep)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert set(recorded) <= there, "a row names what was removed"
