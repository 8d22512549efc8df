"""Events and publications in PostgreSQL: versions, lists, measures, and the papers they fill."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, text

from activities.event_ports import (
    PublicationCheck,
    PublicationCorrection,
)
from adapters.postgres.event_tables import EventRow, PublicationRow
from adapters.postgres.measures import counted
from adapters.postgres.reads import PostgresReads
from adapters.postgres.row_checks import row_check
from adapters.postgres.seals import Counted, seals_of, table_of
from adapters.postgres.titles import task_title
from domain import ids
from domain.audit import AuditEvent
from domain.errors import (
    BadDate,
    EventNotHeld,
    EventWithdrawn,
    NotAnAddress,
    NotFound,
    ProvesRow,
    Refused,
)
from domain.events import PublicationDetails
from domain.names import NBSP
from tests.adapters.eventful import RULES, Eventful, add, correct, prove, publish, withdraw
from tests.adapters.world import NOW


@pytest.fixture
def world(engine: Engine) -> Eventful:
    world = Eventful.make(engine)
    world.save(world.with_pair())
    return world


def look(world: Eventful, *, present: bool, wish: str = "look") -> None:
    world.desk.check_publication(
        PublicationCheck(
            wish_id=f"{wish} {world.held}",
            organisation_id=world.organisation,
            publication_id=world.published,
            present=present,
            author="user-curator",
            at=NOW + timedelta(hours=1),
        )
    )


def told(world: Eventful, subject: str) -> list[AuditEvent]:
    query = text("SELECT text FROM audit_entries WHERE subject = :subject ORDER BY seq")
    with world.engine.connect() as connection:
        found = connection.execute(query, {"subject": subject}).scalars().all()
    return [AuditEvent.model_validate_json(one) for one in found]


def faults(world: Eventful) -> list[str]:
    with row_check(world.engine) as check:
        found = [*check.sealed(EventRow), *check.sealed(PublicationRow)]
        return [*found, *check.remade(only=[world.cycle_workflow])]


# Versions


def test_a_correction_stands_beside_what_was_said(world: Eventful) -> None:
    add(world)
    correct(world, attendance=30, title="Семинар")
    view = world.views.event(world.organisation, world.held)
    assert (view.line.n, view.line.title, view.line.attendance) == (2, "Семинар", 30)
    assert [(one.n, one.attendance) for one in view.versions] == [(2, 30), (1, 24)]
    entries = told(world, ids.event_subject(world.held))
    assert [(one.action, one.n, one.version) for one in entries] == [
        ("event_entered", 1, 1),
        ("event_corrected", 2, 2),
    ]
    assert entries[0].refs["cycle"] == world.cycle
    assert "Семинар" not in entries[1].model_dump_json()
    assert faults(world) == []


def test_a_check_is_kept_until_the_publication_is_corrected(world: Eventful) -> None:
    publish(world)
    look(world, present=False)
    line = world.views.publication(world.organisation, world.published).line
    assert (line.present, line.checked_at, line.site) == (
        False,
        NOW + timedelta(hours=1),
        RULES["site"],
    )
    world.desk.correct_publication(
        PublicationCorrection(
            wish_id=f"again {world.published}",
            organisation_id=world.organisation,
            publication_id=world.published,
            details=PublicationDetails.model_validate({**RULES, "site": "Газета"}),
            author="user-curator",
            at=NOW,
        )
    )
    view = world.views.publication(world.organisation, world.published)
    assert (view.line.present, view.line.checked_by, view.line.site) == (None, None, "Газета")
    assert [one.present for one in view.versions] == [None, False, None]
    actions = [one.action for one in told(world, ids.publication_subject(world.published))]
    assert actions == ["publication_entered", "publication_checked", "publication_corrected"]
    assert faults(world) == []


def test_repeats_change_nothing(world: Eventful) -> None:
    for _ in range(2):
        add(world)
        correct(world, attendance=30)
        publish(world)
        look(world, present=True)
    assert world.views.event(world.organisation, world.held).line.n == 2
    assert world.views.publication(world.organisation, world.published).line.n == 2


def test_what_was_entered_by_mistake_is_withdrawn_once_and_counts_no_more(world: Eventful) -> None:
    add(world)
    publish(world)
    look(world, present=True)
    with world.engine.connect() as connection:
        before = counted(connection, world.organisation, world.cycle, 1)
    for _ in range(2):
        withdraw(world, "event")
        withdraw(world, "publication")
    with world.engine.connect() as connection:
        after = counted(connection, world.organisation, world.cycle, 1)
    same = ("events", "event_attendance", "publications")
    assert [(before[name], after[name]) for name in same] == [(1, 0), (24, 0), (1, 0)]
    event = world.views.event(world.organisation, world.held).line
    assert (event.n, event.withdrawn, event.attendance) == (2, "Внесено дважды", 24)
    line = world.views.publication(world.organisation, world.published).line
    assert (line.n, line.withdrawn, line.present) == (3, "Внесено дважды", True)
    actions = [one.action for one in told(world, ids.event_subject(world.held))]
    assert actions == ["event_entered", "event_withdrawn"]
    assert faults(world) == []


def test_of_what_was_withdrawn_nothing_more_is_kept(world: Eventful) -> None:
    add(world)
    publish(world)
    withdraw(world, "event")
    withdraw(world, "publication")
    with pytest.raises(EventWithdrawn):
        correct(world, "late")
    with pytest.raises(EventWithdrawn):
        look(world, present=True)
    with pytest.raises(EventWithdrawn):
        withdraw(world, "event", "again")
    assert world.views.event(world.organisation, world.held).line.n == 2


def test_what_proves_a_row_is_not_withdrawn(world: Eventful) -> None:
    add(world)
    publish(world)
    event = {"proof": "event", "day": "2026-09-07", "attendance": 24, "event_id": world.held}
    link = {"proof": "link", "day": "2026-09-07", "publication_id": world.published}
    prove(world, event, link)
    for what in ("event", "publication"):
        with pytest.raises(ProvesRow, match="rows 2"):
            withdraw(world, what)
    assert world.views.event(world.organisation, world.held).line.withdrawn is None


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"day": date(2026, 9, 9)}, EventNotHeld),
        ({"until": date(2026, 9, 6)}, BadDate),
        ({"people": ("f" * 16,)}, NotFound),
        ({"links": [{"title": "x", "address": "file:///x"}]}, NotAnAddress),
        ({"about": {"turn": 2}}, BadDate),
        ({"about": {"cycle_id": "f" * 16}}, NotFound),
        ({"about": {"item_id": "9"}}, NotFound),
    ],
)
def test_what_is_refused_leaves_no_row_and_no_entry(
    world: Eventful, fields: Mapping[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        add(world, **fields)
    with pytest.raises(NotFound):
        world.views.event(world.organisation, world.held)
    assert told(world, ids.event_subject(world.held)) == []


def test_the_cycles_own_day_counts(world: Eventful) -> None:
    # It is the 8th in the cycle's zone when it is still the 7th in Greenwich; see `check_day`.
    late = datetime(2026, 9, 7, 20, tzinfo=UTC)
    add(world, day=date(2026, 9, 9), about={"at": late})
    with pytest.raises(EventNotHeld):
        add(world, world.other, day=date(2026, 9, 10), about={"at": late})


def test_another_organisation_neither_sees_nor_corrects(world: Eventful, engine: Engine) -> None:
    add(world)
    publish(world)
    other = Eventful.make(engine)
    with pytest.raises(NotFound):
        other.views.event(other.organisation, world.held)
    with pytest.raises(NotFound):
        other.views.publication(other.organisation, world.published)
    with pytest.raises(NotFound):
        correct(world, organisation=other.organisation)
    with pytest.raises(NotFound):
        add(world, world.other, people=(other.person("mentor"),))
    with pytest.raises(NotFound):
        other.views.cycle_events(other.organisation, world.cycle)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (EventRow, "UPDATE events SET attendance = 99"),
        (PublicationRow, "UPDATE publications SET site = 'Газета'"),
        (EventRow, "DELETE FROM events"),
        (PublicationRow, "DELETE FROM publications"),
    ],
)
def test_a_row_that_the_service_did_not_write_is_found(
    world: Eventful, owner_engine: Engine, model: type[Counted], change: str
) -> None:
    add(world)
    publish(world)
    assert faults(world) == []
    table = table_of(model)
    ours = table.c.organisation_id == world.organisation
    with owner_engine.begin() as connection:
        kept = [dict(row) for row in connection.execute(select(table).where(ours)).mappings()]
        about = {"organisation": world.organisation}
        connection.execute(text(f"{change} WHERE organisation_id = :organisation"), about)
    try:
        assert faults(world)
    finally:  # other tests look at all rows
        with owner_engine.begin() as connection:
            connection.execute(delete(table).where(ours))
            connection.execute(insert(table), kept)


# Lists


def test_the_list_has_the_latest_first_and_says_what_each_proves(world: Eventful) -> None:
    add(world)
    add(world, world.other, day=date(2027, 5, 20), attendance=None, kind="conference")
    publish(world)
    prove(
        world,
        {"proof": "event", "day": "2026-09-07", "attendance": 24, "event_id": world.held},
        {"proof": "link", "day": "2026-09-07", "publication_id": world.published},
    )
    found = world.views.cycle_events(world.organisation, world.cycle)
    assert [one.event_id for one in found.events] == [world.other, world.held]
    assert [one.kind_title for one in found.events] == ["конференция", "семинар"]
    assert found.events[0].proves == ()
    for one in (found.events[1], found.publications[0]):
        (proves,) = one.proves
        assert (proves.row, proves.result) == ("Анкетирование", "Анкеты собраны")
    assert [one.turn for one in found.turns] == [1]
    rows = world.views.cycle_rows(world.organisation, world.cycle, NOW).rows
    (result,) = next(one for one in rows if one.step == "2").results
    assert (result.have, result.need) == (2, 1)
    assert faults(world) == []


def test_who_came_is_named_on_the_event_only_and_a_minor_among_them_is_a_read(
    world: Eventful,
) -> None:
    add(world, people=(world.person("young"), world.person("mentor")))
    with PostgresReads(world.engine).noting() as people:
        world.views.cycle_events(world.organisation, world.cycle)
        assert not people
        view = world.views.event(world.organisation, world.held)
        noted = dict(people)
    assert [one.name for one in view.people] == [f"Дюма{NBSP}С.{NBSP}П.", f"Коваль{NBSP}А.{NBSP}П."]
    assert world.person("young") in noted


def test_a_task_says_how_many_of_how_many_there_are(world: Eventful) -> None:
    roadmap = world.launch.roadmap
    refs = {"step": "2", "result": "answers"}
    assert task_title("record_result", refs, roadmap, None) == "Анкетирование — Анкеты собраны"
    counted_so_far = task_title("record_result", {**refs, "have": "1", "of": "3"}, roadmap, None)
    assert counted_so_far == "Анкетирование — Анкеты собраны (1 из 3)"


# Figures


def test_an_event_counts_once_however_many_rows_it_proves(world: Eventful) -> None:
    add(world)
    add(world, world.other, attendance=6)
    add(world, ids.new_id(), attendance=None)
    publish(world)
    prove(
        world,
        {"proof": "event", "day": "2026-09-07", "attendance": 24, "event_id": world.held},
        {"proof": "event", "day": "2026-09-01", "attendance": 5},
    )
    with world.engine.connect() as connection:
        found = counted(connection, world.organisation, world.cycle, 1)
    # The last proof is from before there were events.
    assert (found["events"], found["event_attendance"], found["publications"]) == (3, 35, 1)


def test_rows_are_sealed(world: Eventful) -> None:
    add(world)
    query = text("SELECT * FROM events WHERE organisation_id = :organisation")
    with world.engine.connect() as connection:
        about = {"organisation": world.organisation}
        (row,) = connection.execute(query, about).mappings().all()
        assert seals_of(connection).holds(EventRow, dict(row))
        assert not seals_of(connection).holds(EventRow, {**row, "attendance": 99})
