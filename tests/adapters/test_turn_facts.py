"""Facts of a turn, row by row: forms, participants, events, papers, and what a pair has planned."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from activities import tasks
from adapters.log_keys import LogKeys
from adapters.postgres.checkpoints import PostgresLog
from domain import ids
from domain.items import ResultState
from tests.adapters.test_postgres_facts import facts
from tests.adapters.world import KEYS, NOW, ZONE, World, in_force


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def test_people_and_pairs_are_counted_by_form_and_no_form_is_left_out(world: World) -> None:
    world.save(world.with_pair())
    assert facts(world, "organisation_monitoring")["by_form"] == [
        {"form": "педагог — педагог", "mentors": 1, "mentees": 1, "pairs": 1, "completed": 0},
        {"form": "студент — студент", "mentors": 0, "mentees": 0, "pairs": 0, "completed": 0},
    ]


def test_participants_are_told_by_code_and_never_by_name(world: World) -> None:
    world.save(world.with_pair())
    mentors, mentees = facts(world, "register_participants")["participants"]
    assert (mentors["title"], mentees["title"]) == ("Наставники", "Наставляемые")
    (mentor,) = mentors["rows"]
    assert (mentor["code"], mentor["outcome"]) == ("mentor", "участвует")
    assert mentor.keys() == {"code", "category", "part", "form", "since", "until", "outcome"}


def test_the_papers_are_the_numbered_ones_in_force(world: World) -> None:
    cycle = world.planned()
    world.save(cycle)
    world.save(in_force(world.document(cycle)))
    (paper,) = facts(world, "organisation_monitoring")["papers"]
    assert paper["title"] == "Приказ о внедрении целевой модели наставничества"
    assert paper["number"] == "1-о"


def test_events_stand_with_their_day_and_their_people(world: World) -> None:
    cycle = world.planned()
    body = {"proof": "event", "day": "2026-10-14", "attendance": 6, "place": "зал"}
    kept = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="evidence",
        subject=world.cycle_workflow,
        author="user",
        body=body,
    )
    world.desk.keep_text(kept)
    item = cycle.items[0].changed(results=(ResultState(done=True, evidence_id=kept.id),))
    world.save(cycle.changed(items=(item, *cycle.items[1:])))
    (event,) = facts(world, "curator_report")["events"]
    assert (event["day"]["iso"], event["people"]) == ("2026-10-14", 6)
    assert event["title"]


def test_a_monitoring_names_what_the_signed_plan_asks_for(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pairs[0].pair_id
    plan = world.document(cycle).changed(kind="individual_plan", pair_id=pair)
    kept = world.ledger.keep_facts(
        tasks.GatherFacts(
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            document_id=plan.document_id,
            kind="individual_plan",
            version=1,
            pair_id=pair,
            now=NOW,
        )
    )
    ready = in_force(plan)
    draft = ready.draft
    assert draft is not None
    world.save(ready.changed(draft=draft.changed(facts_id=kept.facts_id)))
    planned = facts(world, "individual_plan", pair_id=pair)["activities"]
    task = {"kind": "monitoring_final", "pair_id": pair}
    assert facts(world, **task)["activities"] == planned
    assert facts(world, **task)["monitoring_average_before"] is None


def test_a_withdrawal_lists_the_consents_in_force(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    person = world.person("mentor")
    consent = world.document(cycle).changed(kind="consent_adult", person_id=person)
    world.save(in_force(consent))
    about = {"pair_id": cycle.pairs[0].pair_id, "person_id": person}
    (given,) = facts(world, "consent_withdrawal", **about)["consents"]
    assert given["title"] == "Согласие на обработку персональных данных"
    assert given["day"]["iso"] == NOW.date().isoformat()

    # In Omsk it is the next day already.
    unnumbered = in_force(consent).changed(entry=None, revision=consent.revision + 9)
    world.save(unnumbered.changed(since=datetime(2026, 9, 30, 20, tzinfo=UTC)))
    (given,) = facts(world, "consent_withdrawal", **about)["consents"]
    assert given["day"]["iso"] == "2026-10-01"


def test_the_plan_of_a_group_names_all_whom_its_mentor_leads(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    plan = facts(world, "individual_plan_group", pair_id=cycle.pairs[0].pair_id)
    (mentee,) = plan["group_mentees"]
    assert mentee["person"] == facts(world, "agreement", pair_id=cycle.pairs[0].pair_id)["mentee"]


@pytest.mark.parametrize("kind", ["report", "analytical_note", "organisation_monitoring"])
def test_a_report_states_the_log_as_it_was_signed_at_its_draft(world: World, kind: str) -> None:
    world.save(world.planned())
    said = facts(world, kind)["log_checkpoint"]
    (signed,) = PostgresLog(world.engine, LogKeys(KEYS)).checkpoints(world.organisation)
    mark = signed.checkpoint
    at = mark.at.astimezone(ZoneInfo(ZONE))
    assert said == f"записей {mark.size}, корень {mark.root[:24]}, на {at:%d.%m.%Y %H:%M}"
    assert mark.size > 0
