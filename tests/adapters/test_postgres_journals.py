"""Journals in PostgreSQL: many writers, killed transactions, the log, and what the check finds."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from activities import tasks
from adapters.postgres.archive import PostgresArchive
from adapters.postgres.log import faults
from domain import ids
from domain.errors import NumberTaken
from domain.journals import TypedNumber
from tests.adapters.world import NOW, World

WRITERS = 8
_TERMINATE = text(
    """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'tests' AND state <> 'idle' AND pid <> pg_backend_pid()
    """
)


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def entering(world: World, document: str, typed: str | None = None) -> tasks.EnterInJournal:
    return tasks.EnterInJournal(
        organisation_id=world.organisation,
        document_id=document,
        kind="order_introduction",
        version=1,
        numbered=True,
        typed=TypedNumber.asked(typed, "reason", "user"),
        now=NOW,
    )


def wish(world: World, name: str) -> tasks.NumberWish:
    return tasks.NumberWish(
        id=ids.derived_id(world.organisation, name),
        organisation_id=world.organisation,
        journal="orders",
        by="user",
        at=NOW,
        reason_id=f"r{name}",
    )


def again(do: Callable[[], object]) -> None:
    """As an activity is: anew after a lost connection, until it is done."""
    for _ in range(200):
        try:
            do()
        except OperationalError:
            continue
        return
    raise AssertionError("never done")


def journal_faults(world: World) -> list[str]:
    found = PostgresArchive(world.engine).journal_faults()
    return [fault for fault in found if fault.startswith(world.organisation)]


def counters(world: World) -> list[int | None]:
    book = world.views.journal_book(world.organisation, "orders", 2026)
    return [line.n for line in book.lines if not line.letter]


def work(world: World, number: int) -> None:
    """One of what people and documents do with numbers, by turns."""
    asked = wish(world, str(number))
    if number % 4 == 1:
        world.desk.reserve_number(asked)
    elif number % 4 == 2:
        reserved = world.desk.reserve_number(asked)
        world.desk.void_number(asked, reserved.number)
    else:
        world.ledger.enter_in_journal(entering(world, asked.id))


def test_many_who_give_reserve_and_void_leave_no_gap(world: World) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda number: work(world, number), range(80)))
    assert counters(world) == list(range(1, 81))
    assert journal_faults(world) == []
    with world.watch.log(world.organisation) as (entries, head):
        assert list(faults(entries, head)) == []


@contextmanager
def killer(engine: Engine) -> Iterator[list[int]]:
    """Ends transactions in their middle, over and over; how many, in the list."""
    done, killed = Event(), [0]

    def kill() -> None:
        while not done.wait(0.02):
            with engine.begin() as connection:
                killed[0] += len(connection.execute(_TERMINATE).all())

    thread = Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join()


def test_killed_transactions_leave_no_gap_and_no_twin(world: World) -> None:
    documents = [ids.new_id() for _ in range(160)]

    def enter(document: str) -> None:
        again(lambda: world.ledger.enter_in_journal(entering(world, document)))

    rounds = 0
    with killer(world.engine) as killed, ThreadPoolExecutor(WRITERS) as pool:
        while killed[0] < 5 and rounds < 20:
            documents += [ids.new_id() for _ in range(40)] if rounds else []
            list(pool.map(enter, documents))
            rounds += 1
    assert killed[0] >= 5
    assert counters(world) == list(range(1, len(documents) + 1))
    assert journal_faults(world) == []


def test_one_number_typed_by_two_at_once_goes_to_one(world: World) -> None:
    documents = [ids.new_id() for _ in range(WRITERS)]

    def enter(document: str) -> bool:
        try:
            world.ledger.enter_in_journal(entering(world, document, "9-о"))
        except NumberTaken:
            return False
        return True

    with ThreadPoolExecutor(WRITERS) as pool:
        assert sum(pool.map(enter, documents)) == 1
    assert counters(world) == list(range(1, 10))


def test_the_log_says_who_did_what_with_which_number(world: World) -> None:
    world.desk.reserve_number(wish(world, "a"))
    world.desk.letter_number(wish(world, "b"), "1-о")
    world.desk.void_number(wish(world, "c"), "1-о")
    world.ledger.enter_in_journal(entering(world, ids.new_id(), "4-о"))
    subject = ids.journal_subject(world.organisation, "orders", 2026)
    with world.watch.log(world.organisation) as (entries, _):
        events = [entry for entry in entries if entry.subject == subject]
    assert [(event.n, event.action, event.actor) for event in events] == [
        (1, "number_reserved", "user"),
        (2, "number_lettered", "user"),
        (3, "number_voided", "user"),
        (4, "number_typed", "user"),
    ]
    assert '"elsewhere":"2–3"' in events[3].text


def test_the_year_turns_at_the_organisations_midnight(engine: Engine, owner_engine: Engine) -> None:
    """In Vladivostok the new year comes ten hours before it does in Greenwich."""
    world = World.make(engine)
    with owner_engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE organisations SET time_zone = 'Asia/Vladivostok'"
                " WHERE organisation_id = :organisation"
            ),
            {"organisation": world.organisation},
        )
    moments = {
        datetime(2026, 12, 31, 13, 59, 59, tzinfo=UTC): 2026,
        datetime(2026, 12, 31, 14, 0, 0, tzinfo=UTC): 2027,
        datetime(2027, 1, 1, 0, 0, 0, tzinfo=UTC): 2027,
    }
    lines = [
        world.desk.reserve_number(wish(world, str(n)).changed(at=moment))
        for n, moment in enumerate(moments)
    ]
    assert [line.year for line in lines] == list(moments.values())
    assert [line.number for line in lines] == ["1-о", "1-о", "2-о"]


def test_a_journal_is_read_page_by_page(world: World) -> None:
    for number in range(53):
        world.desk.reserve_number(wish(world, str(number)))
    first, second = (
        world.views.journal_page(world.organisation, "orders", 2026, page) for page in (1, 2)
    )
    assert (first.total, first.pages, len(first.lines), len(second.lines)) == (53, 2, 50, 3)
    assert [line.n for line in second.lines] == [51, 52, 53]
    nothing = world.views.journal_page(world.organisation, "orders", 2020, 1)
    assert (nothing.total, nothing.pages, nothing.lines) == (0, 1, ())


def test_journals_are_listed_with_what_they_count(world: World) -> None:
    world.desk.reserve_number(wish(world, "a"))
    listed = {one.name: one for one in world.views.journals(world.organisation, NOW.date())}
    assert "Приказ об утверждении наставнических пар" in listed["orders"].kinds
    assert (listed["orders"].last, listed["orders"].own) == (1, False)
    assert listed["incoming"].kinds == ()


# What the check finds


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM journal_lines WHERE {} AND n = 2",
        "UPDATE journal_lines SET n = 9 WHERE {} AND n = 3",
        "UPDATE journals SET n = 2 WHERE {} AND journal = 'orders'",
        "UPDATE journal_lines SET reason_id = NULL WHERE {} AND n = 1",
        "UPDATE journal_lines SET document_id = NULL WHERE {} AND n = 3",
        "UPDATE journal_lines SET state = 'given' WHERE {} AND n = 1",
        "UPDATE journal_lines SET n = 7 WHERE {} AND letter = 'а'",
    ],
)
def test_what_cannot_be_in_a_journal_is_found(
    world: World, owner_engine: Engine, harm: str
) -> None:
    world.desk.reserve_number(wish(world, "a"))
    world.desk.reserve_number(wish(world, "b"))
    world.desk.letter_number(wish(world, "c"), "1-о")
    world.desk.void_number(wish(world, "d"), "2-о")
    world.ledger.enter_in_journal(entering(world, ids.new_id()))
    assert journal_faults(world) == []
    with owner_engine.begin() as connection:
        of_us = f"organisation_id = '{world.organisation}'"
        connection.execute(text(harm.format(of_us)))
    assert journal_faults(world)
    with owner_engine.begin() as connection:  # other tests look at the whole database
        for table in ("journal_lines", "journals"):
            connection.execute(text(f"DELETE FROM {table} WHERE {of_us}"))  # noqa: S608


@pytest.mark.parametrize("column", ["number", "n", "letter", "year", "journal", "folded"])
def test_the_application_cannot_change_a_number(engine: Engine, column: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text(f"UPDATE journal_lines SET {column} = NULL"))  # noqa: S608
