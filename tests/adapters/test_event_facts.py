"""The papers of an event: its programme and its list of those who come say what was told of it."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from activities import tasks
from domain import ids
from domain.names import NBSP
from tests.adapters.eventful import SEMINAR, Eventful, add, correct, prove
from tests.adapters.test_postgres_facts import facts
from tests.adapters.world import NOW, templates


@pytest.fixture
def world(engine: Engine) -> Eventful:
    world = Eventful.make(engine)
    world.save(world.with_pair())
    return world


def paper(world: Eventful, kind: str, **fields: object) -> Mapping[str, Any]:
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


def inputs(world: Eventful, **said: object) -> str:
    return world.desk.keep_text(
        tasks.KeptText(
            id=ids.new_id(),
            organisation_id=world.organisation,
            kind="inputs",
            subject="document/x",
            author="user",
            body=said,
        )
    )


def test_the_programme_of_an_event_is_that_of_its_row(world: Eventful) -> None:
    add(world, about={"item_id": "2"})
    add(world, world.other, title="Другое")
    facts = paper(world, "event_programme", step="2", result_id="answers")
    assert (facts["event_title"], facts["event_place"]) == (SEMINAR["title"], SEMINAR["place"])
    assert facts["event_day"]["iso"] == "2026-09-07"
    assert [tuple(one.values()) for one in facts["schedule"]] == [
        ("10:00–10:30", "Открытие", "директор"),
        ("10.30", "Разбор планов", "—"),
    ]
    made = templates().render("event_programme", {**facts, "marks": ["ПРОЕКТ"]})
    assert made.startswith(b"PK")


def test_the_attendance_list_names_who_is_expected_and_a_person_may_name_the_event(
    world: Eventful,
) -> None:
    add(world, people=(world.person("young"), world.person("mentor")))
    facts = paper(world, "attendance_list", inputs_id=inputs(world, event=world.held))
    names = [one["person"]["initials_last"]["nomn"] for one in facts["event_participants"]]
    assert names == [f"Дюма{NBSP}С.{NBSP}П.", f"Коваль{NBSP}А.{NBSP}П."]
    assert {one["organisation"] for one in facts["event_participants"]} == {"Заря"}
    assert not re.search(r"\b2010\b", json.dumps(facts, ensure_ascii=False))
    made = templates().render("attendance_list", {**facts, "marks": ["ПРОЕКТ"]})
    assert made.startswith(b"PK")


def test_what_a_person_said_stands_before_what_the_event_says(world: Eventful) -> None:
    add(world, about={"item_id": "2"})
    said = inputs(world, event_title="Слёт")
    facts = paper(world, "event_programme", step="2", inputs_id=said)
    assert facts["event_title"] == "Слёт"


def test_a_paper_of_no_event_has_its_defaults(world: Eventful) -> None:
    add(world, about={"item_id": "1"})
    facts = paper(world, "event_programme", step="2")
    assert facts["event_day"] is None
    assert len(facts["schedule"]) > 2


def test_a_report_names_each_event_once_as_it_was_told_of_last(world: Eventful) -> None:
    add(world, day=date(2026, 9, 2))
    correct(world, attendance=30)
    add(world, world.other, title="Открытый урок", attendance=6)
    add(world, ids.new_id(), attendance=None)
    evidence = {"proof": "event", "day": "2026-09-02", "attendance": 24, "event_id": world.held}
    prove(world, evidence, evidence, {"proof": "event", "day": "2026-09-01", "attendance": 5})

    events = facts(world, "curator_report")["events"]

    row = "строка 2 дорожной карты"
    assert [(one["title"], one["day"]["iso"], one["people"], one["proof"]) for one in events] == [
        ("Анкеты собраны", "2026-09-01", 5, row),
        ("Открытый урок", "2026-09-07", 6, "учёт мероприятий"),
        ("Семинар для наставников", "2026-09-07", 30, row),
    ]
