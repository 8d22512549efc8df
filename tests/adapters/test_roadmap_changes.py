"""Roadmaps that a running cycle takes, in PostgreSQL: kept, read, and not to be changed."""

import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from activities.roadmap_ports import KeepRoadmap
from adapters.postgres.roadmap_tables import CycleRoadmapRow
from adapters.postgres.row_checks import check_rows
from adapters.postgres.seals import seals_of
from domain import ids
from domain.cycle_roadmap import TakeRoadmap
from domain.errors import NotFound
from domain.people import AccessRole, Actor
from domain.planning import plan
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.roadmap_versions import sha256_of, with_version
from domain.row_changes import MarkNotApplicable
from tests.adapters.world import NOW, ZONE, World, a_roadmap

CURATOR = Actor(user_id="u-cur", role=AccessRole.CURATOR, acts_for=())


@pytest.fixture
def world(engine: Engine) -> World:
    world = World.make(engine)
    world.save(world.with_pair())
    return world


def version_two() -> Roadmap:
    """Its second row asks for a remark beside, its first is called otherwise, its third is new."""
    values = json.loads(a_roadmap().model_dump_json())
    first, second = values["steps"]
    more = {"id": "more", "title": "Выводы", "by": {"proof": "remark"}}
    second = {**second, "results": [*second["results"], more]}
    third = {**second, "id": "3", "title": "Новая строка", "results": [more]}
    steps = [{**first, "title": "Приказ, иначе названный"}, second, third]
    return Roadmap.model_validate({**values, "version": 2, "title": "Программа 2", "steps": steps})


def kept(world: World, change: str = "change1", **fields: Any) -> KeepRoadmap:  # noqa: ANN401
    version = version_two()
    known = {
        "change_id": f"{change}/{world.cycle}",
        "organisation_id": world.organisation,
        "cycle_id": world.cycle,
        "roadmap": with_version(a_roadmap(), 0, version, ()),
        "version": 2,
        "sha256": sha256_of(version),
        "holders": world.launch.holders,
        "added": (),
        "author": "u-cur",
        "note_id": "why",
        "at": NOW,
    }
    return KeepRoadmap(**{**known, **fields})


def taken(world: World, state: ProgrammeState, n: int = 1) -> ProgrammeState:
    launch = world.ledger.launch(world.cycle, n)
    made = plan(launch.roadmap, launch.start, ZoneInfo(ZONE), launch.holders)
    wish = TakeRoadmap(by=CURATOR, note_id="why", n=n, was=1, version=2, sha256="ab" * 32)
    after = state.roadmap_asked(wish, NOW).roadmap_planned(made, NOW)
    assert after.roadmap_n == n
    world.save(after)
    return after


def row_of(world: World, item: str) -> Any:  # noqa: ANN401 - a line of the views
    rows = world.views.cycle_rows(world.organisation, world.cycle, NOW).rows
    return next(one for one in rows if one.item_id == item)


def test_a_roadmap_is_kept_once_and_in_force_when_the_cycle_took_it(world: World) -> None:
    assert [world.desk.keep_roadmap(kept(world)) for _ in range(2)] == [1, 1]
    assert world.desk.keep_roadmap(kept(world, "change2")) == 2
    before = world.views.running_cycle(world.organisation, world.cycle)
    assert (before.n, before.version, before.roadmap.title) == (0, 1, "Малая программа")

    state = before.state
    assert state is not None
    taken(world, state)
    after = world.views.running_cycle(world.organisation, world.cycle)
    assert (after.n, after.version, after.roadmap.title) == (1, 2, "Программа 2")
    assert after.sha256 == sha256_of(version_two())
    line = world.views.cycle_line(world.organisation, world.cycle, NOW)
    assert (line.title, line.rows) == ("Программа 2", 3)


def test_rows_are_shown_by_the_roadmap_by_which_they_were_planned(
    world: World, engine: Engine
) -> None:
    world.desk.keep_roadmap(kept(world))
    state = world.views.running_cycle(world.organisation, world.cycle).state
    assert state is not None
    assert [one.title for one in row_of(world, "2").results] == ["Анкеты собраны"]
    taken(world, state)

    assert [one.title for one in row_of(world, "2").results] == ["Анкеты собраны", "Выводы"]
    assert row_of(world, "1").title == "Приказ, иначе названный"
    roadmap = world.views.roadmap(world.organisation, world.cycle)
    was = roadmap.step("1", 0)
    assert was is not None
    assert was.title == "Приказ о внедрении"
    # Of this world: others forge theirs. The words are no concern of this test.
    faults = [one for one in check_rows(engine)[1] if "kept_texts" not in one]
    assert [one for one in faults if world.cycle in one or world.organisation in one] == []


def test_a_row_that_does_not_apply_is_shown_so(world: World) -> None:
    state = world.views.running_cycle(world.organisation, world.cycle).state
    assert state is not None
    wish = MarkNotApplicable(by=CURATOR, note_id="why", item="2")
    world.save(state.row_skipped(wish, NOW))

    row = row_of(world, "2")
    assert (row.skipped, row.done, row.late) == (True, True, False)


def test_running_cycles_are_found_by_their_roadmap(world: World, engine: Engine) -> None:
    World.make(engine)
    assert [one.cycle_id for one in world.views.running(world.organisation, "small")] == [
        world.cycle
    ]
    assert world.views.running(world.organisation, "other") == ()
    with pytest.raises(NotFound):
        world.views.running_cycle("nobody", world.cycle)


def test_what_was_over_at_launch_is_listed_until_it_is_closed(world: World) -> None:
    state = world.views.running_cycle(world.organisation, world.cycle).state
    assert state is not None
    assert world.views.past_rows(world.organisation, world.cycle, NOW) == ()
    items = tuple(item.changed(plan=item.plan.changed(past=item.id == "2")) for item in state.items)
    late = state.touched(items=items)
    world.save(late)
    found = world.views.past_rows(world.organisation, world.cycle, NOW)
    assert [one.item_id for one in found] == ["2"]

    wish = MarkNotApplicable(by=CURATOR, note_id="why", item="2")
    world.save(late.row_skipped(wish, NOW + timedelta(hours=1)))
    assert world.views.past_rows(world.organisation, world.cycle, NOW) == ()


def test_what_a_cycle_was_asked_to_take_is_sealed_and_stays(world: World, engine: Engine) -> None:
    world.desk.keep_roadmap(kept(world))
    query = text("SELECT * FROM cycle_roadmaps WHERE cycle_id = :cycle")
    with engine.connect() as connection:
        row = dict(connection.execute(query, {"cycle": world.cycle}).mappings().one())
        assert seals_of(connection).holds(CycleRoadmapRow, row)
        assert not seals_of(connection).holds(CycleRoadmapRow, {**row, "roadmap_version": 9})
    change = text("UPDATE cycle_roadmaps SET roadmap_version = 9 WHERE cycle_id = :cycle")
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(change, {"cycle": world.cycle})


def test_a_roadmap_is_kept_for_cycles_of_the_organisation_only(world: World) -> None:
    with pytest.raises(NotFound):
        world.desk.keep_roadmap(kept(world, cycle_id=ids.new_id()))
    with pytest.raises(NotFound):
        world.ledger.launch(world.cycle, 5)
