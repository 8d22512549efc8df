"""What a person said of a name's forms stays in the database as long as the name does."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from domain.enrolment import Enrolment
from domain.errors import NotFound
from domain.names import NameCorrection
from domain.people import AccessRole
from tests.adapters.world import PEOPLE, World, a_person

AT = datetime(2026, 9, 2, 9, tzinfo=UTC)
ZAYATS = a_person("hare", "Заяц", "Илья").changed(gender="m", patronymic="Львович")


@pytest.fixture
def world(engine: Engine) -> World:
    world = World.make(engine)
    take(world)
    return world


def take(world: World, **changes: str) -> None:
    person = ZAYATS.changed(**changes)
    world.desk.enrol(world.organisation, Enrolment(people=(person,), bodies=()))


def correct(world: World, by: str = "u1", organisation: str = "") -> None:
    words = {"gent": "Заяца", "datv": "Заяцу", "accs": "Заяца", "ablt": "Заяцем", "loct": "Заяце"}
    correction = NameCorrection.model_validate({"parts": {"last": words}, "by": by, "at": AT})
    person = world.person("hare")
    world.desk.correct_names(organisation or world.organisation, person, correction)


def sure(world: World) -> bool:
    people = world.views.people(world.organisation)
    return next(one.sure for one in people if one.code == "hare")


def test_a_corrected_name_is_shown_and_no_longer_doubtful(world: World) -> None:
    assert not sure(world)
    correct(world)
    shown = world.views.names(world.organisation, world.person("hare"))
    assert shown.forms.gent.last == "Заяца"
    assert (shown.forms.corrected, shown.forms.corrected_at) == (("last",), AT)
    assert sure(world)


def test_who_corrected_it_is_shown_by_name(world: World) -> None:
    token = world.desk.add_user(world.organisation, AccessRole.CURATOR, world.person("curator"))
    user = world.views.user_by_token(token)
    correct(world, user.id)
    by = world.views.names(world.organisation, world.person("hare")).corrected_by
    assert by is not None
    assert by.name.endswith("(куратор)")


def test_a_later_import_of_the_same_name_leaves_the_correction(world: World) -> None:
    correct(world)
    take(world, post="мастер")
    assert world.views.names(world.organisation, world.person("hare")).forms.gent.last == "Заяца"


def test_a_new_name_is_declined_anew(world: World) -> None:
    correct(world)
    take(world, last="Орлов")
    forms = world.views.names(world.organisation, world.person("hare")).forms
    assert (forms.gent.last, forms.corrected, forms.corrected_by) == ("Орлова", (), None)


def test_a_person_of_another_organisation_cannot_be_seen_or_corrected(
    world: World, engine: Engine
) -> None:
    other = World.make(engine)
    with pytest.raises(NotFound):
        correct(world, organisation=other.organisation)
    with pytest.raises(NotFound):
        world.views.names(other.organisation, world.person("hare"))
    assert not sure(world)


# Asked once


def asked(world: World) -> list[str]:
    return [one.person_id for one in world.views.name_questions(world.organisation)]


def pair_with(world: World, *, is_open: bool = True) -> None:
    """The doubtful one is the mentee of the only pair."""
    cycle = world.with_pair("hare")
    pair = cycle.pairs[0].changed(stage="consents" if is_open else "completed")
    world.save(cycle.changed(pairs=(pair,)))


def test_a_doubtful_name_is_asked_about_once_its_person_is_in_an_open_pair(world: World) -> None:
    assert asked(world) == []
    pair_with(world)
    (question,) = world.views.name_questions(world.organisation)
    assert question.person_id == world.person("hare")
    assert question.title == "Как склоняется «Заяц Илья Львович»?"
    assert question.unsure == ("last",)
    assert question.guess["nomn"] == "Заяц Илья Львович"


def test_who_has_left_the_pair_is_not_asked_about(world: World) -> None:
    pair_with(world, is_open=False)
    assert asked(world) == []


def test_an_answer_is_asked_for_once_and_again_only_for_another_name(world: World) -> None:
    pair_with(world)
    correct(world)
    assert asked(world) == []
    take(world)
    assert asked(world) == []
    take(world, last="Волк-Заяц")
    assert asked(world) == [world.person("hare")]


def test_whoever_holds_a_role_of_a_running_cycle_is_asked_about(world: World) -> None:
    doubtful = next(person for person in PEOPLE if person.code == "director").changed(
        last="Заяц", first="Илья", patronymic="Львович", gender="m"
    )
    world.desk.enrol(world.organisation, Enrolment(people=(doubtful,), bodies=()))
    assert asked(world) == [world.person("director")]
    closed = world.planned().changed(closed=True)
    world.save(closed)
    assert asked(world) == []


def test_the_representative_of_a_mentee_is_asked_about(world: World) -> None:
    parent = next(person for person in PEOPLE if person.code == "parent").changed(
        last="Заяц", first="Илья", patronymic="Львович", gender="m"
    )
    world.desk.enrol(world.organisation, Enrolment(people=(parent,), bodies=()))
    world.save(world.with_pair("young"))
    assert world.person("parent") in asked(world)


def test_another_organisation_is_asked_about_its_own_people_only(
    world: World, engine: Engine
) -> None:
    pair_with(world)
    assert asked(World.make(engine)) == []
