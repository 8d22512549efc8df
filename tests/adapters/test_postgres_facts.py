"""Facts from rows: enough for every template, and no more than it asks."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from domain import ids
from domain.errors import FactMissing, NotFound
from domain.people import AccessRole
from domain.programme import ProgrammeState
from tests.adapters.world import NOW, World, in_force, templates


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def facts(world: World, kind: str, **fields: object) -> Mapping[str, Any]:
    known = {
        "organisation_id": world.organisation,
        "cycle_id": world.cycle,
        "document_id": ids.new_id(),
        "kind": kind,
        "version": 1,
        "now": NOW,
    }
    task = tasks.GatherFacts.model_validate({**known, **fields})
    return world.ledger.facts(world.ledger.keep_facts(task).facts_id)


def about(world: World, cycle: ProgrammeState, kind: str) -> dict[str, str]:
    """What a document of this kind is about."""
    scope = templates().kind(kind).scope
    pair = cycle.pairs[0]
    named = {"pair_id": pair.pair_id} if scope != "cycle" else {}
    return {**named, "person_id": pair.mentee_id} if scope == "person" else named


@pytest.mark.parametrize("kind", templates().kinds())
def test_the_facts_are_all_that_the_template_asks(world: World, kind: str) -> None:
    of_minor = any(field.type == "representative" for field in templates().fields(kind).values())
    cycle = world.with_pair("young" if of_minor else "mentee")
    world.save(cycle)
    gathered = facts(world, kind, **about(world, cycle, kind))
    assert gathered.keys() == templates().fields(kind).keys()
    number = {"number": "1-о", "date_words": "7 сентября 2026 г."}
    made = templates().render(kind, {**gathered, "registration": number, "marks": ["ПРОЕКТ"]})
    assert made.startswith(b"PK")


def test_a_birth_date_stands_only_where_a_consent_asks_for_it(world: World) -> None:
    cycle = world.with_pair("young")
    world.save(cycle)
    pair = cycle.pairs[0].pair_id
    agreement = facts(world, "agreement", pair_id=pair)
    assert not re.search(r"\b2010\b", json.dumps(agreement, ensure_ascii=False))
    consent = facts(world, "consent_parent", pair_id=pair, person_id=world.person("young"))
    assert consent["person"]["birth_date"]["iso"] == "2010-11-02"
    assert consent["representative"]["person"]["birth_date"] is None


def test_a_consent_names_nobody_else(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pairs[0].pair_id
    consent = facts(world, "consent_adult", pair_id=pair, person_id=world.person("mentor"))
    assert consent["is_mentor"] is True
    assert "Черных" not in json.dumps(consent, ensure_ascii=False)


def test_a_minor_of_fourteen_signs_with_the_parent(world: World) -> None:
    cycle = world.with_pair("young")
    world.save(cycle)
    agreement = facts(world, "agreement", pair_id=cycle.pairs[0].pair_id)
    representative = agreement["mentee_representative"]
    assert representative["minor_signs"] is True
    assert representative["person"]["name"]["nomn"].startswith("Дюма Вера")
    assert agreement["mentor_representative"] is None


def test_the_order_in_force_is_named_in_later_papers(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    assert facts(world, "order_pairs")["introduction_order"] is None
    world.save(in_force(world.document(cycle)))
    assert facts(world, "order_pairs")["introduction_order"]["number"] == "1-о"


def test_deadlines_come_from_the_roadmap(world: World) -> None:
    assert facts(world, "order_introduction")["base_due"]["iso"] == "2026-10-31"
    report = facts(world, "report")
    assert report["school_year"] == "2026/2027"
    assert report["start"]["iso"] == "2026-09-01"


def test_amended_facts_take_the_place_of_defaults(world: World) -> None:
    inputs = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="inputs",
        subject="document/1",
        author="user",
        body={
            "heading": "О наставничестве",
            "base_due": "2026-11-05",
            "organisation": "не меняется",
            "unknown": "не спрошено",
        },
    )
    world.desk.keep_text(inputs)
    order = facts(world, "order_introduction", inputs_id=inputs.id)
    assert order["heading"] == "О наставничестве"
    assert order["base_due"]["words"].startswith("5")
    assert order["organisation"]["short_name"] == "Заря"
    assert "unknown" not in order


def test_an_amended_date_that_is_none_is_refused(world: World) -> None:
    inputs = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="inputs",
        subject="document/1",
        author="user",
        body={"base_due": "скоро"},
    )
    world.desk.keep_text(inputs)
    with pytest.raises(FactMissing, match="дата"):
        facts(world, "order_introduction", inputs_id=inputs.id)


def test_a_minor_without_representative_is_refused(world: World, owner_engine: Engine) -> None:
    cycle = world.with_pair("young")
    world.save(cycle)
    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE people SET representative_id = NULL WHERE id = :id"),
            {"id": world.person("young")},
        )
    with pytest.raises(FactMissing, match="представитель"):
        facts(world, "agreement", pair_id=cycle.pairs[0].pair_id)


def test_another_organisations_people_are_not_found(world: World, engine: Engine) -> None:
    stranger = World.make(engine)
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pairs[0].pair_id
    with pytest.raises(NotFound):
        facts(world, "consent_adult", pair_id=pair, person_id=stranger.person("mentor"))


def test_without_the_role_the_directors_account_names_the_director(engine: Engine) -> None:
    world = World.make(engine)
    holders = {role: who for role, who in world.launch.holders.items() if role != "director"}
    launch = world.launch.changed(holders=holders, start=world.launch.start.replace(year=2028))
    world.desk.keep_launch("later" + world.cycle, world.organisation, launch)
    fields = {"cycle_id": "later" + world.cycle}
    with pytest.raises(FactMissing, match="руководитель"):
        facts(world, "order_introduction", **fields)
    world.desk.add_user(world.organisation, AccessRole.DIRECTOR, world.person("director"))
    organisation = facts(world, "order_introduction", **fields)["organisation"]
    assert organisation["director"]["post"]["nomn"] == "директор"


def test_the_report_counts_pairs_and_meetings(world: World) -> None:
    cycle = world.with_pair()
    pair = cycle.pair(cycle.pairs[0].pair_id, NOW)
    world.save(cycle)
    meetings = [{"kind": "first", "day": NOW.date(), "minutes": 45}] * 3
    world.save(pair.changed(meetings=meetings, position=len(pair.track), revision=4))
    report = facts(world, "report")
    counted = {name: report[name] for name in ("pairs_total", "pairs_completed", "meetings")}
    assert counted == {"pairs_total": 1, "pairs_completed": 1, "meetings": 3}
    assert [row["name"] for row in report["indicators"]] == [
        "Пары, завершившие программу",
        "Анкеты собраны",
    ]
