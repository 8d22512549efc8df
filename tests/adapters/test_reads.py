"""Reads of minors' data, over a real database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from activities.tasks import KeptText
from adapters.postgres.names import Names
from adapters.postgres.reads import PostgresReads, Scope
from domain import ids
from domain.reads import ReadOf, Shown
from tests.adapters.world import NOW, World

COMES_OF_AGE = datetime(2028, 11, 1, 18, tzinfo=UTC)
"""The day before in Omsk is over then: it is 2 November there, and «young» is eighteen."""


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def a_read(world: World, **fields: object) -> ReadOf:
    known = {"account": "u" * 16, "person_id": None, "role": "curator", "at": NOW}
    return ReadOf.model_validate(
        {
            "organisation_id": world.organisation,
            "route": "pairs.get",
            "shown": Shown.NAMES,
            **known,
            **fields,
        }
    )


def kept(world: World) -> list[Any]:
    query = text("SELECT * FROM reads WHERE organisation_id = :o ORDER BY id")
    with world.engine.connect() as connection:
        return list(connection.execute(query, {"o": world.organisation}))


def test_whoever_is_named_meanwhile_is_known_with_the_birth(world: World) -> None:
    reads, young = PostgresReads(world.engine), world.person("young")
    with world.engine.connect() as connection:
        ids_ = [young, world.person("mentor")]
        names = Names(connection, world.organisation, ids_)
        with reads.noting() as people:
            names.of(young)
        names.of(world.person("mentor"))
    assert people == {young: date(2010, 11, 2)}


def test_only_minors_are_kept_and_no_adult_makes_a_read(world: World) -> None:
    reads, young = PostgresReads(world.engine), world.person("young")
    births = {world.person("mentor"): date(1980, 5, 1)}
    reads.keep(a_read(world), births)
    reads.keep(a_read(world, about="pair/1"), {**births, young: date(2010, 11, 2)})
    ((read),) = kept(world)
    assert (read.people, read.about, read.shown, read.route) == (
        *([young], "pair/1"),
        *("names", "pairs.get"),
    )


def test_who_comes_of_age_is_a_minor_until_the_organisations_own_day(world: World) -> None:
    reads, young = PostgresReads(world.engine), {world.person("young"): date(2010, 11, 2)}
    reads.keep(a_read(world, at=COMES_OF_AGE), young)
    assert kept(world) == []
    reads.keep(a_read(world, at=COMES_OF_AGE - timedelta(hours=1)), young)
    assert len(kept(world)) == 1


def test_a_document_holds_the_data_of_its_pair_and_of_whom_its_facts_name(world: World) -> None:
    state = world.with_pair("young")
    world.save(state)
    pair = state.pairs[0].pair_id
    document = world.document(state).changed(pair_id=pair)
    world.save(document)
    reads = PostgresReads(world.engine)
    scopes: dict[Scope, str] = {
        "document": document.document_id,
        "pair": pair,
        "cycle": world.cycle,
        "person": world.person("young"),
        "everybody": "",
    }
    for scope, id_ in scopes.items():
        reads.keep(a_read(world, about=scope), {}, scope, id_)
    assert [(read.about, read.people) for read in kept(world)] == [
        (scope, [world.person("young")]) for scope in scopes
    ]


def test_what_was_written_about_a_pair_or_its_document_holds_its_data(world: World) -> None:
    state = world.with_pair("young")
    world.save(state)
    pair = state.pairs[0].pair_id
    document = world.document(state).changed(pair_id=pair)
    world.save(document)
    reads = PostgresReads(world.engine)
    for subject in (f"pair/{pair}", document.workflow_id, world.cycle_workflow):
        kept_text = KeptText(
            id=ids.new_id(),
            organisation_id=world.organisation,
            kind="remark",
            subject=subject,
            author="u",
            body={"text": "…"},
        )
        world.desk.keep_text(kept_text)
        reads.keep(a_read(world, about=subject), {}, "text", kept_text.id)
    assert [read.about for read in kept(world)] == [f"pair/{pair}", document.workflow_id]


def test_people_of_another_organisation_are_not_among_them(world: World) -> None:
    other = World.make(world.engine)
    young = {other.person("young"): date(2010, 11, 2)}
    PostgresReads(world.engine).keep(a_read(world), young)
    assert kept(world) == []


def test_a_read_that_is_taken_away_is_seen(world: World, owner_engine: Engine) -> None:
    reads, young = PostgresReads(world.engine), {world.person("young"): date(2010, 11, 2)}
    for _ in range(3):
        reads.keep(a_read(world), young)
    today = datetime.now(UTC).date()
    for day in (today, today + timedelta(days=1)):  # in Omsk it may be tomorrow
        event = reads.count_day(world.organisation, day, NOW)
        assert event is not None
        assert reads.count_day(world.organisation, day, NOW) is None
    assert list(reads.faults(world.organisation)) == []
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM reads WHERE id = :id"), {"id": kept(world)[1].id})
    (fault,) = reads.faults(world.organisation)
    assert fault.endswith(" сохранено 2, в журнале событий сосчитано 3")


def test_a_day_without_reads_is_counted_too(world: World) -> None:
    event = PostgresReads(world.engine).count_day(world.organisation, date(2026, 1, 1), NOW)
    assert event is not None
    assert event.refs == {"day": "2026-01-01", "count": "0"}


def test_what_the_command_line_takes_away_is_kept(world: World) -> None:
    state = world.with_pair("young")
    world.save(state)
    reads = PostgresReads(world.engine)
    reads.by_hand("export", Shown.BUNDLE, world.cycle_workflow)
    reads.by_hand("export", Shown.BUNDLE, "cycle/nobodys")
    (read,) = kept(world)
    assert (read.account, read.route, read.shown) == ("cli", "cli.export", "bundle")
    assert read.people == [world.person("young")]


def test_each_night_counts_yesterday_once(world: World) -> None:
    reads = PostgresReads(world.engine)
    for _ in range(2):
        reads.count_days(world.organisation, NOW)
    query = text("SELECT action FROM audit_entries WHERE subject = :subject")
    with world.engine.connect() as connection:
        found = connection.execute(query, {"subject": ids.reads_subject(world.organisation)})
        assert found.scalars().all() == ["reads_counted"]


def test_the_first_night_counts_from_the_first_read_on(world: World, owner_engine: Engine) -> None:
    reads, young = PostgresReads(world.engine), {world.person("young"): date(2010, 11, 2)}
    for _ in range(2):
        reads.keep(a_read(world), young)
    first, second = kept(world)
    back = text("UPDATE reads SET recorded_at = recorded_at - :ago WHERE id = :id")
    with owner_engine.begin() as connection:
        connection.execute(back, {"id": first.id, "ago": timedelta(days=4)})
        connection.execute(back, {"id": second.id, "ago": timedelta(days=2)})

    reads.count_days(world.organisation, NOW)

    query = text(
        "SELECT text::json -> 'refs' ->> 'count' FROM audit_entries WHERE subject = :s ORDER BY n"
    )
    with world.engine.connect() as connection:
        found = connection.scalars(query, {"s": ids.reads_subject(world.organisation)}).all()
    assert found == ["1", "0", "1", "0"]


def long_past_and_yesterday(world: World, owner: Engine) -> tuple[PostgresReads, date]:
    """Two reads, one of a year whose term is over, each counted; and the former's day."""
    reads, young = PostgresReads(world.engine), {world.person("young"): date(2010, 11, 2)}
    now = datetime.now(UTC)
    past = now.replace(year=now.year - 4, month=6, day=15, hour=12)
    for moment in (past, now - timedelta(days=1)):
        reads.keep(a_read(world), young)
        back = text("UPDATE reads SET recorded_at = :at WHERE id = :id")
        with owner.begin() as connection:
            connection.execute(back, {"at": moment, "id": kept(world)[-1].id})
    # Whichever it is in Omsk.
    for day in (past.date(), *(now.date() - timedelta(days=ago) for ago in (2, 1, 0))):
        reads.count_day(world.organisation, day, now)
    return reads, past.date()


def test_reads_whose_term_is_over_are_forgotten_and_their_counts_stay(
    world: World, owner_engine: Engine
) -> None:
    reads, _ = long_past_and_yesterday(world, owner_engine)
    assert list(reads.faults(world.organisation)) == []

    for _ in range(2):
        reads.forget_old(world.organisation, datetime.now(UTC))

    (left,) = kept(world)
    assert left.recorded_at > datetime.now(UTC) - timedelta(days=2)
    assert list(reads.faults(world.organisation)) == []
    query = text(
        "SELECT action, text::json -> 'refs' ->> 'before' AS before FROM audit_entries "
        "WHERE subject = :s AND action = 'reads_forgotten'"
    )
    with world.engine.connect() as connection:
        (said,) = connection.execute(query, {"s": ids.reads_subject(world.organisation)}).all()
    assert said.before == f"{datetime.now(UTC).year - 3}-01-01"


def test_reads_that_were_not_counted_are_not_forgotten(world: World, owner_engine: Engine) -> None:
    reads, young = PostgresReads(world.engine), {world.person("young"): date(2010, 11, 2)}
    reads.keep(a_read(world), young)
    with owner_engine.begin() as connection:
        back = text(
            "UPDATE reads SET recorded_at = recorded_at - interval '5 years' WHERE id = :id"
        )
        connection.execute(back, {"id": kept(world)[0].id})
    reads.forget_old(world.organisation, datetime.now(UTC))
    assert len(kept(world)) == 1


def test_the_application_forgets_no_reads_of_which_the_log_does_not_say_it(
    world: World, owner_engine: Engine
) -> None:
    long_past_and_yesterday(world, owner_engine)
    ask = text("SELECT forget_reads(:organisation, :before)")
    given = {"organisation": world.organisation, "before": date(2090, 1, 1)}
    with (
        pytest.raises(DBAPIError, match="the log does not say"),
        world.engine.begin() as connection,
    ):
        connection.execute(ask, given)
    assert len(kept(world)) == 2


def test_what_was_forgotten_and_is_there_again_is_a_fault(
    world: World, owner_engine: Engine
) -> None:
    reads, past = long_past_and_yesterday(world, owner_engine)
    reads.forget_old(world.organisation, datetime.now(UTC))
    reads.keep(a_read(world), {world.person("young"): date(2010, 11, 2)})
    with owner_engine.begin() as connection:
        back = text("UPDATE reads SET recorded_at = :at WHERE id = :id")
        at = datetime(past.year, past.month, past.day, 12, tzinfo=UTC)
        connection.execute(back, {"at": at, "id": kept(world)[-1].id})
    (fault,) = reads.faults(world.organisation)
    assert fault.endswith("уничтожены по сроку, но снова на месте: 1")
