"""Assignments as rows: found with a version's facts, read for whoever controls them."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from adapters.postgres.archive import PostgresArchive
from adapters.postgres.assignment_views import AssignmentLine
from domain import ids
from domain.assignments import Assignment
from domain.document_assignments import Fulfil, ReturnAssignment
from domain.documents import DocumentState
from domain.errors import FactMissing, NotFound
from domain.mandates import Capacity, MandateGround, MandateRecord
from domain.messages import MandatesChanged
from domain.people import AccessRole, Actor
from tests.adapters.world import NOW, SHA, World, in_force

KIND = "order_introduction"
DAY = timedelta(days=1)


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def a_task(world: World, kind: str = KIND, **fields: object) -> tasks.GatherFacts:
    known = {
        "organisation_id": world.organisation,
        "cycle_id": world.cycle,
        "document_id": ids.new_id(),
        "kind": kind,
        "version": 1,
        "now": NOW,
    }
    return tasks.GatherFacts.model_validate({**known, **fields})


def found(world: World, task: tasks.GatherFacts) -> tuple[Assignment, ...]:
    return world.ledger.keep_facts(task).found.assignments


def an_order(world: World) -> DocumentState:
    """The cycle's first order, drafted: its assignments are known."""
    document = world.document(world.planned())
    kept = world.ledger.keep_facts(a_task(world, document_id=document.document_id)).found
    return document.changed(assignments=kept.assignments, calendar=kept.calendar)


def actor(world: World, code: str, role: AccessRole) -> Actor:
    person = world.person(code)
    return Actor(user_id=f"user-{code}", role=role, acts_for=(person,))


def fulfilled(world: World, state: DocumentState, **fields: object) -> DocumentState:
    by = actor(world, "curator", AccessRole.CURATOR)
    wish = {"by": by, "assignment": "5.1", "note_id": "note-1", **fields}
    return state.fulfilled(Fulfil.model_validate(wish), NOW)


def of(world: World, document: DocumentState, now: datetime = NOW) -> dict[str, AssignmentLine]:
    lines = world.views.document_assignments(world.organisation, document.document_id, now)
    return {line.id: line for line in lines}


def controlled(
    world: World, code: str | None, state: Literal["open", "late", "done"] | None, now: datetime
) -> list[str]:
    controllers = None if code is None else (world.person(code),)
    lines = world.views.assignments(world.organisation, controllers, state, now)
    return [line.id for line in lines]


def test_an_order_gives_its_items_to_those_whom_the_launch_named(world: World) -> None:
    given = found(world, a_task(world))

    assert [one.id for one in given] == ["5.1", "5.2", "5.3", "5.4", "5.5"]
    assert {one.who for one in given} == {world.person("curator")}
    assert {one.controller for one in given} == {world.person("director")}
    # The end of the 31st of October in Omsk; where the text names no day, a number of days.
    assert given[0].due == datetime(2026, 10, 31, 17, 59, 59, tzinfo=UTC)
    assert (given[4].due, given[4].days) == (None, 5)


def test_a_version_assigns_the_same_if_asked_again(world: World) -> None:
    task = a_task(world)

    assert found(world, task) == found(world, task)


def test_each_mentor_of_the_order_on_pairs_has_his_own(world: World) -> None:
    world.save(world.with_pair())

    given = found(world, a_task(world, "order_pairs"))

    (plan,) = (one for one in given if one.item == "4")
    assert (plan.who, plan.controller) == (world.person("mentor"), world.person("curator"))


def test_a_kind_without_items_for_people_assigns_nothing(world: World) -> None:
    assert found(world, a_task(world, "regulation")) == ()


def keep_inputs(world: World, rows: Any) -> str:  # noqa: ANN401 - or something that is no table
    kept = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="inputs",
        subject="document/1",
        author="user",
        body={"assignments": rows},
    )
    return world.desk.keep_text(kept)


def test_a_person_may_give_assignments_of_his_own(world: World) -> None:
    rows = [
        {"who": world.person("mentor"), "what": "Подготовить выступление", "due": "2026-11-05"},
        {
            "who": world.person("curator"),
            "what": "Провести опрос",
            "due": "2026-11-06",
            "item": "5.1",
        },
    ]
    document = world.document(world.planned())
    about: dict[str, Any] = {
        "document_id": document.document_id,
        "inputs_id": keep_inputs(world, rows),
    }

    given = found(world, a_task(world, **about))
    world.save(document.changed(assignments=given))

    assert [one.id for one in given[-2:]] == ["1", "5.1-2"]
    assert given[-2].due == datetime(2026, 11, 5, 17, 59, 59, tzinfo=UTC)
    assert of(world, document)["1"].what == "Подготовить выступление"
    assert of(world, document)["1"].controller.id == world.person("director")


def test_an_order_on_assignments_has_the_items_that_it_gives(world: World) -> None:
    rows = [
        {"who": world.person("mentor"), "what": "Провести опрос.", "due": "2026-11-05"},
        {"who": world.person("curator"), "what": "обобщить ответы", "due": "2026-11-06"},
    ]
    task = a_task(world, "order_assignments", inputs_id=keep_inputs(world, rows))

    kept = world.ledger.keep_facts(task)

    text = world.ledger.facts(kept.facts_id)["assignments"]
    assert [(row["item"], row["what"]) for row in text] == [
        ("1", "провести опрос"),
        ("2", "обобщить ответы"),
    ]
    assert text[0]["who"]["name"]["datv"] == "Коваль Анне Павловне"
    assert [one.item for one in kept.found.assignments] == ["1", "2"]


def test_what_is_no_table_of_assignments_stops_the_draft(world: World) -> None:
    with pytest.raises(FactMissing, match="поручения"):
        found(world, a_task(world, inputs_id=keep_inputs(world, "всем")))


def test_a_document_shows_how_far_each_assignment_is(world: World) -> None:
    order = an_order(world)
    world.save(order)
    assert {line.state for line in of(world, order).values()} == {"ahead"}
    assert of(world, order)["5.5"].due is None

    state = in_force(order)
    world.save(fulfilled(world, state, file_sha256=SHA))

    lines = of(world, order)
    assert {id_: line.state for id_, line in lines.items()} == {
        "5.1": "done",
        **dict.fromkeys(("5.2", "5.3", "5.4", "5.5"), "open"),
    }
    assert lines["5.1"].fulfilled_at == NOW
    assert (lines["5.1"].note_id, lines["5.1"].file_sha256) == ("note-1", SHA)
    assert lines["5.1"].returnable_until == NOW + 3 * DAY
    assert lines["5.1"].what.startswith("провести анкетирование")
    assert lines["5.5"].due == datetime(2026, 9, 12, 17, 59, 59, tzinfo=UTC)
    assert of(world, order, NOW + 6 * DAY)["5.5"].state == "late"


def test_only_the_words_of_the_latest_version_are_shown(world: World) -> None:
    order = an_order(world)
    world.save(order)
    about: dict[str, Any] = {"document_id": order.document_id, "version": 2}
    rows = [{"who": world.person("mentor"), "what": "Собрать анкеты", "due": "2026-11-05"}]

    given = found(world, a_task(world, **about, inputs_id=keep_inputs(world, rows)))
    assert "1" not in of(world, order)

    world.save(order.changed(version=2, assignments=given, revision=order.revision + 1))
    assert of(world, order)["1"].what == "Собрать анкеты"


def test_the_controllers_report_is_of_documents_in_force_only(world: World) -> None:
    order = an_order(world)
    world.save(order)
    assert controlled(world, None, None, NOW) == []

    state = in_force(order)
    world.save(state)
    assert controlled(world, "director", "open", NOW) == ["5.5", "5.1", "5.2", "5.3", "5.4"]
    assert controlled(world, "director", "late", NOW + 6 * DAY) == ["5.5"]
    assert controlled(world, "curator", "open", NOW) == []

    world.save(fulfilled(world, state))
    assert controlled(world, None, "done", NOW) == ["5.1"]
    assert "5.1" not in controlled(world, None, "open", NOW)
    assert len(controlled(world, None, None, NOW)) == 5


def test_another_organisation_sees_nothing_of_it(world: World, engine: Engine) -> None:
    order = an_order(world)
    world.save(in_force(order))
    other = World.make(engine)

    assert controlled(other, None, None, NOW) == []
    with pytest.raises(NotFound):
        of(other, order)


def test_who_is_to_do_it_finds_it_in_the_inbox_in_its_words(world: World) -> None:
    world.save(in_force(an_order(world)))

    acts_for = (world.person("curator"),)
    inbox = world.views.inbox(world.organisation, acts_for, AccessRole.CURATOR, NOW)

    titles = [task.title for task in inbox if task.kind == "fulfil"]
    assert len(titles) == 5
    assert "Исполнить пункт 5.5: довести приказ до сведения работников под подпись" in titles


def test_control_goes_with_the_right_of_the_head(world: World) -> None:
    order = an_order(world)
    state = in_force(order)
    world.save(state)
    right = MandateRecord(
        id=ids.new_id(),
        person_id=world.person("mentor"),
        instead_of=world.person("director"),
        capacity=Capacity.ACTING,
        since=NOW.date(),
        ground=MandateGround(what="order", number="77-л", day=NOW.date()),
    )
    world.desk.give_mandate(
        tasks.MandateWish(organisation_id=world.organisation, record=right, by="user", at=NOW)
    )

    (untold,) = world.desk.untold_mandates(NOW, world.organisation)
    assert order.workflow_id in untold.documents  # though it is in force: something is open in it
    world.save(state.mandates_changed(MandatesChanged(mandates=untold.mandates), NOW))

    assert controlled(world, "director", "open", NOW) == []
    assert len(controlled(world, "mentor", "open", NOW)) == 5
    assert of(world, order)["5.1"].controller.id == world.person("mentor")


def test_what_was_given_back_says_why(world: World) -> None:
    order = an_order(world)
    state = fulfilled(world, in_force(order))
    by = actor(world, "director", AccessRole.DIRECTOR)
    wish = ReturnAssignment(by=by, assignment="5.1", note_id="note-2")

    world.save(state.assignment_returned(wish, NOW + DAY))

    line = of(world, order)["5.1"]
    assert (line.state, line.returned, line.note_id) == ("open", 1, "note-2")
    assert (line.fulfilled_at, line.file_sha256) == (None, None)


def test_a_document_with_open_assignments_is_looked_for_in_the_engine(
    world: World, engine: Engine
) -> None:
    order = an_order(world)
    world.save(in_force(order))
    other = world.document(world.planned()).changed(document_id=ids.new_id())
    world.save(in_force(other))

    lines = {line.id: line for line in PostgresArchive(engine).processes()}

    assert not lines[order.workflow_id].finished
    assert lines[other.workflow_id].finished


def test_the_words_of_a_version_cannot_be_changed(world: World, engine: Engine) -> None:
    found(world, a_task(world))
    with engine.connect() as connection:
        for right, may in (("INSERT", True), ("UPDATE", False), ("DELETE", False)):
            query = text("SELECT has_table_privilege('assignments', :right)")
            assert connection.execute(query, {"right": right}).scalar_one() is may
