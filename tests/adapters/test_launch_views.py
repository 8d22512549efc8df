"""An organisation as a launch finds it, read from PostgreSQL."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from domain import ids
from domain.errors import NotFound
from domain.launch_checks import House
from domain.organisations import Level
from domain.people import AccessRole
from domain.roadmap import Roadmap
from tests.adapters.world import NOW, World, a_roadmap

_EMPTY = text("UPDATE organisations SET inn = ' ' WHERE organisation_id = :organisation")


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def seen(world: World, roadmap: Roadmap | None = None, start: date | None = None) -> House:
    day = start or NOW.date()
    asked = roadmap or a_roadmap()
    return world.views.house(world.organisation, asked, day, asked.season.turns, NOW)


def test_people_are_told_with_their_open_accounts(world: World) -> None:
    person = world.person("curator")
    token = world.desk.add_user(world.organisation, AccessRole.CURATOR, person)
    before = {one.id: one.accounts for one in seen(world).people}
    world.desk.revoke_user(world.organisation, world.views.user_by_token(token).id)
    after = {one.id: one.accounts for one in seen(world).people}

    assert AccessRole.CURATOR in before[person]
    assert len(after[person]) == len(before[person]) - 1


def test_bodies_are_told_with_who_sits_there_on_the_day(world: World) -> None:
    listed = {one.id: one for one in seen(world).bodies}
    body = world.views.bodies(world.organisation)[0]
    on = world.views.body(world.organisation, body.id, NOW.date())

    assert set(listed[body.id].members) == {one.id for one in on.members}
    assert listed[body.id].has_officers is bool(on.chair and on.secretary)


def test_a_cycle_of_the_same_season_runs_already_and_one_of_the_next_does_not(
    world: World,
) -> None:
    launched = world.views.running_cycle(world.organisation, world.cycle)
    roadmap, start = launched.roadmap, launched.start

    assert seen(world, roadmap, start).running == world.cycle
    assert seen(world, roadmap, start + timedelta(days=366)).running is None


def test_the_head_is_whoever_has_the_directors_account(world: World) -> None:
    world.desk.add_user(world.organisation, AccessRole.DIRECTOR, world.person("curator"))
    assert seen(world).head == world.person("curator")


def test_requisites_that_hold_only_spaces_are_empty(world: World, engine: Engine) -> None:
    assert seen(world).empty == ()
    with engine.begin() as connection:
        connection.execute(_EMPTY, {"organisation": world.organisation})
    assert seen(world).empty == ("inn",)


def test_years_are_known_by_their_decree(world: World) -> None:
    found = seen(world, start=date(2025, 9, 1))

    assert found.calendars == (2025, 2026)
    assert found.level is Level.ORGANISATION


def test_another_ones_people_are_not_seen(world: World, engine: Engine) -> None:
    stranger = World.make(engine)
    assert {one.id for one in seen(world).people}.isdisjoint(
        one.id for one in seen(stranger).people
    )
    with pytest.raises(NotFound):
        world.views.house(ids.new_id(), a_roadmap(), NOW.date(), 1, NOW)
