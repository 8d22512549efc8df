"""What the rehearsal's driver reads of all cycles at once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from adapters.postgres.watch import TasksMark
from domain.documents import Draft
from tests.adapters.world import NOW, SHA, World

DAY = timedelta(days=1)


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


@pytest.fixture
def other(engine: Engine) -> World:
    return World.make(engine)


def test_what_falls_due_soon_after_waits_for_the_same_moment(world: World, other: World) -> None:
    world.save(world.planned(), until=NOW + DAY)
    other.save(other.planned(), until=NOW + DAY + timedelta(hours=2))
    both = (world.cycle, other.cycle)
    nearest = world.watch.next_moment(*both)
    assert nearest is not None
    assert (nearest.at, nearest.workflows) == (NOW + DAY, (world.cycle_workflow,))
    later = world.watch.next_moment(*both, within=timedelta(hours=2))
    assert later is not None
    assert later.at == NOW + DAY + timedelta(hours=2)
    assert set(later.workflows) == {world.cycle_workflow, other.cycle_workflow}


def test_work_is_that_of_the_cycles_that_are_named(world: World, other: World) -> None:
    world.save(world.planned(), at_work=True)
    other.save(other.planned())
    assert world.watch.at_work(other.cycle) == ()
    assert world.watch.at_work(world.cycle, other.cycle) == (world.cycle_workflow,)


def test_totals_are_added_up_row_by_row_of_each_cycle(world: World, other: World) -> None:
    for one in (world, other):
        one.save(one.planned())
    alone = world.watch.totals(world.cycle)
    both = world.watch.totals(world.cycle, other.cycle)
    assert both.rows_total == 2 * alone.rows_total > 0
    assert both.audit_events == alone.audit_events + world.watch.totals(other.cycle).audit_events
    standing = {one.cycle_id: one for one in world.watch.standings((world.cycle, other.cycle))}
    assert standing.keys() == {world.cycle, other.cycle}
    assert standing[world.cycle].items == alone.steps_total


def test_a_mark_changes_as_tasks_do_and_decisions_have_one_of_their_own(world: World) -> None:
    def marks() -> dict[bool, TasksMark]:
        found = world.watch.marks_of_tasks()
        own = ((key[1], mark) for key, mark in found.items() if key[0] == world.organisation)
        return dict(own)

    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    on_approval = world.document(world.planned()).drafted(draft, NOW)
    world.save(on_approval)
    deciding = marks()
    assert [(decision, of.number) for decision, of in deciding.items()] == [(True, 1)]
    world.save(on_approval)
    assert marks() == deciding
    world.save(on_approval.changed(revision=on_approval.revision + 1, version=2))
    assert marks().keys() == {True}
    assert marks() != deciding
    world.save(on_approval.changed(stage="to_sign", revision=on_approval.revision + 2))
    assert marks().keys() == {False}
