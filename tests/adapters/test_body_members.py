"""Who sits in a body on which day: an import ends memberships and never rewrites the past."""

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from adapters.postgres.bodies import FROM_EVER, ablative, today_of
from adapters.postgres.enrolling import body_id
from domain import ids
from domain.enrolment import EnrolledBody
from domain.people import AccessRole
from tests.adapters.world import ENROLMENT, NOW, World


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def today(world: World) -> date:
    with world.engine.connect() as connection:
        return today_of(connection, world.organisation)


def sit(world: World, *codes: str) -> None:
    """Take a list in which these sit in the council."""
    council = EnrolledBody(code="council", name="Совет", members=codes)
    world.desk.enrol(world.organisation, ENROLMENT.changed(bodies=(council,)))


def seated(world: World, day: date) -> set[str]:
    body = world.views.body(world.organisation, body_id(world.organisation, "council"), day)
    return {one.id for one in body.members}


def ids_of(world: World, codes: Iterable[str]) -> set[str]:
    return {world.person(code) for code in codes}


def moved(world: World, owner_engine: Engine, days: int) -> None:
    """All that was recorded of members happened so many days before."""
    change = """
        UPDATE body_members SET until = until - :days,
          since = CASE WHEN since = :ever THEN since ELSE since - :days END
        WHERE organisation_id = :organisation
    """
    given = {"days": days, "ever": FROM_EVER, "organisation": world.organisation}
    with owner_engine.begin() as connection:
        connection.execute(text(change), given)


def test_who_is_left_out_has_left_today_and_stays_in_the_past(world: World) -> None:
    sit(world, "director", "mentor")
    now = today(world)

    assert seated(world, now) == ids_of(world, ("director", "mentor"))
    assert seated(world, now - timedelta(1)) == ids_of(world, ("director", "curator"))


def test_who_comes_back_has_sat_twice(world: World, owner_engine: Engine) -> None:
    sit(world, "director")
    moved(world, owner_engine, 10)
    sit(world, "director", "curator")
    now = today(world)

    both = ids_of(world, ("director", "curator"))
    assert [seated(world, now - timedelta(days)) for days in (11, 10, 5, 0)] == [
        both,
        ids_of(world, ("director",)),
        ids_of(world, ("director",)),
        both,
    ]


def test_who_comes_and_leaves_on_one_day_never_sat(world: World) -> None:
    sit(world, "director", "curator", "mentor")
    sit(world, "director", "curator")
    sit(world, "director", "curator", "mentor")
    now = today(world)
    assert seated(world, now) == ids_of(world, ("director", "curator", "mentor"))
    assert seated(world, now - timedelta(1)) == ids_of(world, ("director", "curator"))


def test_who_left_and_came_back_on_one_day_never_left(world: World) -> None:
    sit(world, "director")
    sit(world, "director", "curator")
    now = today(world)
    for day in (now, now - timedelta(1)):
        assert seated(world, day) == ids_of(world, ("director", "curator"))


def test_a_body_that_a_list_does_not_name_keeps_its_members(world: World) -> None:
    other = EnrolledBody(code="union", name="Методобъединение", members=("mentor",))
    world.desk.enrol(world.organisation, ENROLMENT.changed(bodies=(other,)))
    assert seated(world, today(world)) == ids_of(world, ("director", "curator"))


def test_an_account_acts_for_bodies_in_which_its_person_sits_today(world: World) -> None:
    token = world.desk.add_user(world.organisation, AccessRole.CURATOR, world.person("curator"))
    council = body_id(world.organisation, "council")
    assert council in world.views.user_by_token(token).acts_for

    sit(world, "director")

    assert world.views.user_by_token(token).acts_for == (world.person("curator"),)


def test_a_paper_counts_the_members_of_its_day(world: World) -> None:
    sit(world, "director", "mentor", "mentee")
    task = tasks.GatherFacts(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        document_id=ids.new_id(),
        kind="council_minutes",
        version=1,
        now=NOW,  # in September
    )
    kept = world.ledger.keep_facts(task)
    assert world.ledger.facts(kept.facts_id)["council_size"] == 2
    assert len(seated(world, today(world))) == 3


def test_a_body_shows_since_when_somebody_sits_there(world: World) -> None:
    sit(world, "director", "mentor")
    now = today(world)
    body = world.views.body(world.organisation, body_id(world.organisation, "council"), now)
    since = {one.id: one.since for one in body.members}
    assert since == {world.person("director"): None, world.person("mentor"): now}


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("Педагогический совет", "педагогическим советом"),
        ("Совет наставников", "советом наставников"),
        ("Муниципальная школа наставничества", "муниципальной школой наставничества"),
        ("Методическое объединение учителей", "методическим объединением учителей"),
        ("МО учителей математики", "МО учителей математики"),
    ],
)
def test_a_body_stands_in_a_stamp_in_the_ablative(name: str, by: str) -> None:
    assert ablative(name) == by
