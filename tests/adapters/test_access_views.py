"""Whose things are whose, as the API asks before it lets a wish through."""

import pytest
from sqlalchemy import Engine

from domain import ids
from domain.errors import NotFound
from tests.adapters.world import ENROLMENT, ZONE, World


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def test_a_launched_cycle_is_its_organisations_before_it_has_saved_itself(
    world: World, engine: Engine
) -> None:
    stranger = World.make(engine)

    assert world.views.has_process(world.organisation, world.cycle_workflow)
    assert not world.views.has_process(stranger.organisation, world.cycle_workflow)
    assert not world.views.has_process(world.organisation, ids.pair_workflow(world.cycle))


def test_an_organisation_has_its_time_zone(world: World) -> None:
    assert world.views.time_zone(world.organisation) == ZONE
    with pytest.raises(NotFound):
        world.views.time_zone(ids.new_id())


def test_a_body_is_listed_with_the_code_of_its_list(world: World) -> None:
    listed = [(body.code, body.name) for body in world.views.bodies(world.organisation)]

    assert listed == [(body.code, body.name) for body in ENROLMENT.bodies]
