"""Legal grounds: what comes with us, what an organisation adds and ends, and what papers cite."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from activities import tasks
from activities.ports import Desk
from adapters.legal_acts import act_words, citations, cited_words, starting_acts
from domain import ids
from domain.errors import BadDate, NotFound, WrongState
from domain.grounds import Ground, GroundEnd, HeadForms
from tests.adapters.world import NOW, World, templates
from tests.fakes.desk import FakeDesk

R145 = next(act for act in starting_acts().acts if act.number == "Р-145")
LABOUR = next(act for act in starting_acts().acts if "351.8" in act.head.nomn)
LOST = GroundEnd(lost_on=date(2026, 9, 7), ended_by="приказ от 20 августа 2026 г. № 900")
ORDER = HeadForms(nomn="приказ", gent="приказа", datv="приказу", ablt="приказом")


def an_act(**fields: object) -> Ground:
    known: dict[str, object] = {
        "id": ids.new_id(),
        "level": "regional",
        "head": ORDER,
        "issuer": "Министерства образования",
        "number": "401",
        "day": date(2020, 9, 25),
        "title": "О внедрении модели",
        "topics": ("introduction",),
        "since": date(2020, 10, 1),
    }
    return Ground.model_validate({**known, **fields})


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


# Words


def test_an_act_is_worded_in_the_case_that_a_preamble_asks_for() -> None:
    act = an_act()
    assert plain(act_words(act)) == (
        "приказ Министерства образования от 25 сентября 2020 г. № 401 «О внедрении модели»"
    )
    assert plain(cited_words(act, "datv")).startswith("приказу Министерства")
    assert plain(cited_words(R145, "ablt")) == (
        "методологией (целевой моделью) наставничества обучающихся, утверждённой распоряжением "
        "Министерства просвещения Российской Федерации от 25 декабря 2019 г. № Р-145"
    )


@pytest.mark.parametrize(
    ("word", "preposition"),
    [("статьёй", "со"), ("уставом", "с"), ("законом", "с"), ("сводом", "со"), ("Стратегией", "со")],
)
def test_the_preposition_goes_with_the_word(word: str, preposition: str) -> None:
    forms = HeadForms(nomn="x", gent="x", datv="x", ablt=word)
    assert citations(an_act(head=forms, issuer=None))["prep"] == preposition


def test_each_topic_names_kinds_that_there_are() -> None:
    kinds = {kind for kinds in starting_acts().topics.values() for kind in kinds}
    assert kinds <= set(templates().kinds())
    for kind in kinds:
        assert "grounds_in_force" in templates().fields(kind), kind


# The list


@dataclass(frozen=True)
class Place:
    world: World
    desk: Desk

    def listed(self) -> dict[str, Ground]:
        organisation = self.world.organisation
        if isinstance(self.desk, FakeDesk):
            return {act.id: act for act in self.desk.listed_grounds(organisation)}
        lines = self.world.views.grounds(organisation, NOW.date())
        names = set(Ground.model_fields)
        return {one.id: Ground.model_validate(one.model_dump(include=names)) for one in lines}


@pytest.fixture(params=["memory", "postgres"])
def place(request: pytest.FixtureRequest, engine: Engine) -> Place:
    world = World.make(engine)
    return Place(world, world.desk if request.param == "postgres" else FakeDesk())


def test_an_organisation_begins_with_the_acts_that_came_with_us(place: Place) -> None:
    assert tuple(place.listed().values()) == starting_acts().acts


def test_an_act_is_kept_once_as_it_was_said(place: Place) -> None:
    act = an_act(approves=ORDER)
    for _ in range(2):
        place.desk.keep_ground(place.world.organisation, act, "user")
    assert place.listed()[act.id] == act.changed(own=True)
    assert len(place.listed()) == len(starting_acts().acts) + 1


def test_an_end_is_said_once(place: Place) -> None:
    for _ in range(2):
        place.desk.end_ground(place.world.organisation, R145.id, LOST, "user")
    assert place.listed()[R145.id].end == LOST
    other = LOST.changed(lost_on=date(2026, 12, 1))
    with pytest.raises(WrongState):
        place.desk.end_ground(place.world.organisation, R145.id, other, "user")


def test_an_end_before_the_beginning_or_of_nothing_is_refused(place: Place) -> None:
    organisation = place.world.organisation
    early = LOST.changed(lost_on=date(2024, 1, 1))
    with pytest.raises(BadDate):
        place.desk.end_ground(organisation, LABOUR.id, early, "user")
    with pytest.raises(NotFound):
        place.desk.end_ground(organisation, ids.new_id(), LOST, "user")


def test_what_replaces_an_act_ends_it_on_its_first_day(place: Place) -> None:
    new = an_act(since=date(2026, 9, 1), number="77")
    place.desk.keep_ground(place.world.organisation, new, "user", replaces=R145.id)
    end = place.listed()[R145.id].end
    assert end is not None
    assert (end.lost_on, end.ended_by) == (date(2026, 9, 1), act_words(new))


def test_the_list_of_one_organisation_is_not_anothers(engine: Engine) -> None:
    ours, theirs = World.make(engine), World.make(engine)
    act = an_act()
    ours.desk.keep_ground(ours.organisation, act, "user")
    ours.desk.end_ground(ours.organisation, R145.id, LOST, "user")
    shown = {one.id: one for one in theirs.views.grounds(theirs.organisation, NOW.date())}
    assert act.id not in shown
    assert not shown[R145.id].lost
    with pytest.raises(NotFound):
        theirs.desk.end_ground(theirs.organisation, act.id, LOST, "user")


def test_nothing_is_added_where_what_it_replaces_is_not_there(engine: Engine) -> None:
    world, act = World.make(engine), an_act()
    with pytest.raises(NotFound):
        world.desk.keep_ground(world.organisation, act, "user", replaces=ids.new_id())
    assert act.id not in {one.id for one in world.views.grounds(world.organisation, NOW.date())}


# What papers cite


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def preamble(world: World, kind: str = "order_introduction", now: datetime = NOW) -> str:
    """All acts that a paper of that kind and moment cites."""
    world.save(world.with_pair())
    task = tasks.GatherFacts(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        document_id=ids.new_id(),
        kind=kind,
        version=1,
        now=now,
    )
    facts: Mapping[str, Any] = world.ledger.facts(world.ledger.keep_facts(task).facts_id)
    return plain("; ".join(act["ablt"] for act in facts["grounds_in_force"]))


def test_an_order_cites_the_acts_of_its_topic_and_the_organisations_own(world: World) -> None:
    world.desk.keep_ground(world.organisation, an_act(), "user")
    world.desk.keep_ground(world.organisation, an_act(number="5", topics=("pairs",)), "user")
    cited = preamble(world)
    assert "№ Р-145" in cited
    assert "№ 401" in cited
    assert "№ 5" not in cited
    assert "273-ФЗ" not in cited
    assert "№ 5" in preamble(world, "order_pairs")


@pytest.mark.parametrize(("day", "cited"), [(6, True), (7, False), (8, False)])
def test_an_act_is_not_cited_from_the_day_on_which_it_lost_force(
    world: World, day: int, *, cited: bool
) -> None:
    world.desk.end_ground(world.organisation, R145.id, LOST, "user")
    now = datetime(2026, 9, day, 9, tzinfo=UTC)
    assert ("Р-145" in preamble(world, now=now)) is cited


def test_the_day_is_the_organisations_own(world: World) -> None:
    """Omsk is six hours ahead: the seventh has come there while it is the sixth in Greenwich."""
    world.desk.end_ground(world.organisation, R145.id, LOST, "user")
    assert "Р-145" not in preamble(world, now=datetime(2026, 9, 6, 19, tzinfo=UTC))


@pytest.mark.parametrize(("year", "cited"), [(2024, False), (2026, True)])
def test_an_act_is_not_cited_before_its_first_day(world: World, year: int, *, cited: bool) -> None:
    now = datetime(year, 9, 7, 9, tzinfo=UTC)
    assert ("351.8" in preamble(world, "programme", now)) is cited
