"""Facts of a programme's papers: what its roadmap says, what its pairs did, which year it is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from activities.indicator_ports import EnterValues
from adapters.docx.fields import Field
from adapters.postgres.facts import gather
from domain import ids
from domain.documents import DocumentState, Entry
from domain.errors import FactMissing
from domain.indicators import GivenValue
from domain.pair import PairState
from tests.adapters.world import NOW, World, in_force


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def gathered(world: World, asked: Mapping[str, Field], **fields: object) -> Mapping[str, Any]:
    """What a template that asks for this would get."""
    known = {
        "organisation_id": world.organisation,
        "cycle_id": world.cycle,
        "document_id": ids.new_id(),
        "kind": "monitoring_final",
        "version": 1,
        "now": NOW,
    }
    task = tasks.GatherFacts.model_validate({**known, **fields})
    with world.engine.connect() as connection:
        return gather(connection, task, asked).facts


def fact(world: World, name: str, type_: str = "table", **fields: object) -> Any:  # noqa: ANN401
    """One fact, as a template that asks for nothing else would get it."""
    source = fields.get("source", "cycle")
    asked = Field.model_validate({"type": type_, "required": False, "source": source, "note": name})
    return gathered(world, {name: asked}, **fields)[name]


def texts(rows: list[Mapping[str, Any]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(str(row[name]) for name in names) for row in rows]


def a_pair(world: World) -> PairState:
    """The state of the only pair, whose cycle is saved."""
    cycle = world.with_pair()
    world.save(cycle)
    return cycle.pair(cycle.pairs[0].pair_id, NOW)


# The roadmap


def test_indicators_targets_forms_and_stages_are_the_roadmaps(world: World) -> None:
    assert fact(world, "stages", "list") == ["Работа"]
    assert fact(world, "goals", "list") == ["Первая задача"]
    (group,) = fact(world, "indicator_groups")
    assert texts(group["indicators"], "number", "unit") == [("1.1", "ед."), ("1.2", "%")]
    assert texts(fact(world, "targets"), "plan") == [
        ("не менее 3\N{NO-BREAK SPACE}чел.",),
        ("не менее 100\N{NO-BREAK SPACE}%",),
        ("без числового значения",),
    ]
    described = fact(world, "forms_described")
    assert texts(described, "role_models", "mentor_types") == [
        ("опытный — молодой", "наставник-предметник"),
        ("—", "—"),
    ]


def test_rows_stand_by_section_or_by_stage_with_deadlines_in_words(world: World) -> None:
    (section,) = fact(world, "sections")
    assert section["title"] == "Работа"
    assert texts(section["rows"], "number", "deadline", "responsible") == [
        ("1", "сентябрь", "куратор"),
        ("2", "октябрь", "куратор"),
    ]
    assert [row["results"] for row in section["rows"]] == [["приказ подписан"], ["анкеты собраны"]]


def test_what_the_roadmap_gives_stands_in_place_of_a_default(world: World) -> None:
    launch = world.launch
    step = launch.roadmap.steps[0]
    result = step.results[0]
    by = result.by.changed(facts={"heading": "О запуске"})
    given = launch.roadmap.changed(
        steps=(step.changed(results=(result.changed(by=by),)), *launch.roadmap.steps[1:])
    )
    other = ids.new_id()
    later = launch.changed(roadmap=given, start=launch.start.replace(year=2028))
    world.desk.keep_launch(other, world.organisation, later)
    about = {"cycle_id": other, "step": "1", "result_id": "order", "source": "input"}
    assert fact(world, "heading", "text", **about) == "О запуске"
    assert fact(world, "heading", "text", **{**about, "result_id": "site"}) is None


def test_a_document_of_a_row_knows_the_rows_window(world: World) -> None:
    assert fact(world, "row_opens", "date", step="2")["iso"] == "2026-10-01"
    assert fact(world, "row_due", "date", step="2")["iso"] == "2026-10-31"


# People


def test_the_bases_name_category_and_experience_and_nothing_else(world: World) -> None:
    mentors = fact(world, "mentors_base")
    assert [row["category"] for row in mentors] == ["педагог"]
    assert mentors[0]["person"]["birth_date"] is None
    mentees = fact(world, "mentees_base")
    assert {row["category"] for row in mentees} == {"молодой специалист", "студент"}


def test_the_council_is_the_first_body_of_the_roadmap(world: World) -> None:
    assert fact(world, "council", "text") == "Совет"
    assert fact(world, "council_size", "number") == 2
    assert fact(world, "chair", "person") == fact(world, "organisation", "organisation")["director"]
    assert fact(world, "secretary", "person") == fact(world, "curator", "person")


def test_a_student_of_a_group_is_called_a_student_of_it(world: World) -> None:
    codes = {"mentee": "f", "young": "f"}
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE people SET post = 'группа ТМ-11' WHERE id = ANY(:ids)"),
            {"ids": [world.person(code) for code in codes]},
        )
    posts = {row["person"]["post"]["datv"] for row in fact(world, "mentees_base")}
    assert posts == {"студентке группы ТМ\N{NON-BREAKING HYPHEN}11"}


# The pair


def test_meetings_are_told_by_day_with_their_notes(world: World) -> None:
    pair = a_pair(world)
    note = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="notes",
        subject=pair.workflow_id,
        author="user",
        body={"text": "Составили план."},
    )
    world.desk.keep_text(note)
    meetings = [
        {"kind": "first", "day": "2026-10-09", "minutes": 30},
        {"kind": "first", "day": "2026-10-02", "minutes": 45, "note_id": note.id},
    ]
    world.save(pair.changed(meetings=meetings, revision=4))
    held = fact(world, "meetings_held", pair_id=pair.pair_id)
    assert texts(held, "kind", "minutes", "notes") == [
        ("первая", "45", "Составили план."),
        ("первая", "30", "без записей"),
    ]


def test_a_pairs_term_begins_with_its_first_numbered_paper(world: World) -> None:
    pair = a_pair(world)
    about = {"pair_id": pair.pair_id}
    assert term(world, **about) == "2026-09-07"
    agreement = world.document(world.planned()).changed(
        document_id=ids.new_id(), kind="agreement", pair_id=pair.pair_id
    )
    entry = Entry(number="1-сн", day=date(2026, 9, 3), sha256="0" * 64)
    world.save(in_force(agreement).changed(entry=entry))
    assert term(world, **about) == "2026-09-03"


def term(world: World, **about: object) -> str:
    """The first day of a pair's term, as a paper that names the mentor prints it."""
    asked = {
        "mentor": Field(type="person", source="pair", note="наставник"),
        "start": Field(type="date", source="cycle", note="начало"),
    }
    return str(gathered(world, asked, **about)["start"]["iso"])


def test_monitoring_is_the_last_one_before_the_paper(world: World) -> None:
    pair = a_pair(world)
    forms = [
        {"stage": "final", "voice": "mentor", "scores": {"process": 9}},
        {"stage": "final", "voice": "curator", "scores": {"process": 8}},
        {"stage": "interim", "voice": "mentor", "scores": {"process": 1}},
    ]
    world.save(pair.changed(forms=forms, revision=4))
    about = {"pair_id": pair.pair_id, "kind": "monitoring_final"}
    assert texts(fact(world, "monitoring", **about), "part", "mentor", "curator") == [
        ("качество процесса", "9", "8")
    ]
    assert fact(world, "monitoring_average", "text", **about) == "8,5"
    assert fact(world, "monitoring_remarks", **about) == []


def test_the_type_of_mentor_is_called_as_the_roadmap_calls_it(world: World) -> None:
    cycle = world.with_pair()
    named = cycle.pairs[0].changed(mentor_type="subject")
    world.save(cycle.changed(pairs=(named,)))
    assert fact(world, "mentor_type", "text", pair_id=named.pair_id) == "наставник-предметник"


def test_a_paper_about_no_pair_cannot_have_a_pairs_facts(world: World) -> None:
    with pytest.raises(FactMissing):
        fact(world, "monitoring_average", "text")


# Figures


def test_mentors_are_rewarded_for_completed_pairs(world: World) -> None:
    pair = a_pair(world)
    (alone,) = fact(world, "rewarded")
    assert alone["reason"] == "успешное сопровождение наставляемых"
    world.save(pair.changed(position=len(pair.track), revision=4))
    (best,) = fact(world, "rewarded")
    assert best["reason"] == "успешное сопровождение наставляемых, завершивших программу"


def test_planned_results_stand_beside_what_was_reached(world: World) -> None:
    a_pair(world)
    assert texts(fact(world, "targets_reached"), "fact") == [
        ("1\N{NO-BREAK SPACE}чел.",),
        ("50\N{NO-BREAK SPACE}%",),
        ("см. показатели",),
    ]
    assert fact(world, "unmatched", "number") == 1


def test_indicators_are_told_with_their_sources(world: World) -> None:
    said = {"indicator": "1.2", "turn": 1, "value": "4.5", "source": "отчёт учебной части"}
    wish = EnterValues(
        wish_id="wish",
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        values=(GivenValue.model_validate(said),),
        author="user",
        at=NOW,
    )
    world.desk.enter_values(wish)
    found = fact(world, "indicator_values")
    day = "7\u00a0сентября 2026\u00a0г."
    assert texts(found, "number", "plan", "value", "source") == [
        ("1.1", "4", "нет данных", "—"),
        ("1.2", "—", "4,5", f"внесено вручную: user, {day}, источник: отчёт учебной части"),
    ]


# Years


def test_papers_of_a_later_turn_speak_of_their_own_year(world: World) -> None:
    launch = world.launch.changed(start=world.launch.start.replace(year=2030), turns=4)
    cycle = ids.new_id()
    world.desk.keep_launch(cycle, world.organisation, launch)
    first, third = {"cycle_id": cycle}, {"cycle_id": cycle, "turn": 3}
    assert fact(world, "school_year", "text", **first) == "2030/2031"
    assert fact(world, "school_year", "text", **third) == "2032/2033"
    assert fact(world, "years", "text", **third) == "2030–2034"
    assert fact(world, "row_due", "date", **third, step="2")["iso"] == "2032-10-31"
    assert fact(world, "end", "date", **third)["iso"] == "2033-06-30"
    assert fact(world, "until", "date", **third)["iso"] == "2034-06-30"


def test_a_number_of_another_turn_is_not_taken_for_this_years(world: World) -> None:
    cycle = world.planned()
    paper: DocumentState = in_force(world.document(cycle))
    world.save(paper)
    assert fact(world, "introduction_order", "registration")["number"] == "1-о"
    assert fact(world, "introduction_order", "registration", turn=2) is None
