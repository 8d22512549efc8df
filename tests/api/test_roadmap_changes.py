"""A new version of a roadmap against the cycles that run by it, and rows that are added."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from typing import Any

import pytest

from api.problems import Unavailable
from api.roadmap_changes import applied_words
from api.row_schemas import CycleForeseen
from domain.cycle_roadmap import TakeRoadmap
from domain.errors import RoadmapConflict
from domain.roadmap import Roadmap
from tests.api.calls import CURATOR, CYCLE, OURS, THEIRS
from tests.api.house import House
from tests.api.running import START, a_running_cycle
from tests.roadmap_builders import a_result, a_step, an_order_step

BY_PAPER = a_result(id="paper", by={"proof": "document", "kind": "individual_plan"})


def with_steps(roadmap: Roadmap, *steps: dict[str, Any]) -> Roadmap:
    return Roadmap.model_validate(
        {**roadmap.model_dump(mode="json"), "version": 2, "steps": list(steps)}
    )


def publish(house: House, *steps: dict[str, Any]) -> None:
    """The library has a second version."""
    house.roadmap = with_steps(house.roadmap, *steps)


def add_cycle(house: House, cycle_id: str, roadmap: Roadmap, **fields: Any) -> None:
    running = a_running_cycle(roadmap, fields.pop("owner", OURS), cycle_id, CURATOR, **fields)
    house.views.running_cycles.append(running)


async def applied(house: House, key: str = "", **body: Any) -> dict[str, Any]:
    answer = await house.call("roadmaps.apply", json=body, key=key)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def outcome_of(found: dict[str, Any], cycle_id: str = CYCLE) -> str:
    return str(next(one["outcome"] for one in found["cycles"] if one["cycle_id"] == cycle_id))


async def test_a_dry_run_names_each_cycle_and_asks_nothing(house: House) -> None:
    first = house.roadmap
    publish(house, a_step(), an_order_step(), a_step(id="2", results=[BY_PAPER]))
    add_cycle(house, "a" * 16, house.roadmap)
    found = await applied(house, dry_run=True)

    assert found["words"] == "1 цикл не затронут, 1 получит новый документ."
    assert outcome_of(found) == "documents"
    line = found["cycles"][0]
    assert (line["new_rows"], line["new_documents"]) == (["2"], ["individual_plan"])
    assert (line["organisation"], line["start"]) == ("МБОУ СОШ № 1", START.isoformat())
    assert house.gateway.sent == []
    assert house.desk.roadmaps.kept == []
    assert first.version == 1


async def test_what_is_applied_is_kept_and_taken_by_each_cycle(house: House) -> None:
    publish(house, a_step(), an_order_step(), a_step(id="2"))
    found = await applied(house, dry_run=False, reason="Изменения к программе")

    ((workflow, wish, _),) = house.gateway.sent
    assert isinstance(wish, TakeRoadmap)
    assert (workflow, wish.n, wish.was, wish.version) == (f"cycle/{CYCLE}", 1, 1, 2)
    (kept,) = house.desk.roadmaps.kept
    assert [step.id for step in kept.roadmap.steps] == ["1", "9", "2"]
    assert (kept.sha256, found["sha256"]) == (wish.sha256, wish.sha256)
    assert house.desk.texts[wish.note_id or ""].body == {"text": "Изменения к программе"}
    assert not wish.from_above
    assert found["cycles"][0]["taken"] is True


async def test_a_repeat_with_the_same_key_asks_nothing_twice(house: House) -> None:
    publish(house, a_step(), an_order_step(), a_step(id="2"))
    body = {"dry_run": False, "reason": "Изменения"}
    assert await applied(house, "same", **body) == await applied(house, "same", **body)
    assert (len(house.gateway.sent), len(house.desk.roadmaps.kept)) == (1, 1)


async def test_a_cycle_below_takes_it_from_above(house: House) -> None:
    add_cycle(house, "a" * 16, house.roadmap, owner=THEIRS)
    publish(house, a_step(), an_order_step(), a_step(id="2"))
    await applied(house, dry_run=False, reason="Изменения")

    wishes = {workflow: wish for workflow, wish, _ in house.gateway.sent}
    below = wishes[f"cycle/{'a' * 16}"]
    assert isinstance(below, TakeRoadmap)
    assert below.from_above
    assert house.desk.texts[below.note_id or ""].organisation_id == THEIRS


async def test_what_one_cycle_refuses_stops_no_other(house: House) -> None:
    add_cycle(house, "a" * 16, house.roadmap)
    publish(house, a_step(), an_order_step(), a_step(id="2"))
    house.gateway.refusals[f"cycle/{CYCLE}"] = RoadmapConflict("row 1: at_work d1")
    found = await applied(house, dry_run=False, reason="Изменения")

    lines = {one["cycle_id"]: one for one in found["cycles"]}
    assert (lines[CYCLE]["taken"], lines["a" * 16]["taken"]) == (False, True)
    assert "row 1: at_work d1" in lines[CYCLE]["problem"]


async def test_what_is_not_known_of_a_cycle_is_asked_again_under_the_same_key(
    house: House,
) -> None:
    add_cycle(house, "a" * 16, house.roadmap)
    publish(house, a_step(), an_order_step(), a_step(id="2"))
    house.gateway.refusals[f"cycle/{CYCLE}"] = Unavailable("no worker")
    body = {"dry_run": False, "reason": "Изменения"}
    first = await applied(house, "same", **body)
    house.gateway.refusals.clear()
    second = await applied(house, "same", **body)

    assert [(one["taken"], one["problem"] is None) for one in first["cycles"]] == [
        (False, False),
        (True, True),
    ]
    assert (first["unfinished"], second["unfinished"]) == (True, False)
    assert [one["taken"] for one in second["cycles"]] == [True, True]
    assert await applied(house, "same", **body) == second
    assert len(house.gateway.sent) == 2


async def test_a_cycle_in_conflict_is_named_row_by_row_and_asked_nothing(house: House) -> None:
    house.views.running_cycles[:] = []
    add_cycle(house, CYCLE, house.roadmap, waiting=(1,))
    publish(house, a_step())
    found = await applied(house, dry_run=False, reason="Изменения")

    assert found["words"] == "1 цикл в конфликте."
    (conflict,) = found["cycles"][0]["conflicts"]
    assert (conflict["row"], conflict["why"]) == ("9", "pairs_wait")
    assert conflict["words"] == "строка 9: приказа этой строки ждут пары"
    assert house.gateway.sent == []


async def test_a_new_role_is_a_conflict_until_somebody_holds_it(house: House) -> None:
    values = house.roadmap.model_dump(mode="json")
    roles = {**values["roles"], "psychologist": {"title": "Психолог"}}
    house.roadmap = Roadmap.model_validate({**values, "version": 2, "roles": roles})
    alone = await applied(house, dry_run=True)
    named = await applied(house, "with", dry_run=True, holders={"psychologist": "M-01"})

    (conflict,) = alone["cycles"][0]["conflicts"]
    assert (outcome_of(alone), conflict["why"]) == ("conflict", "RoleUnmapped")
    assert outcome_of(named) == "unaffected"


async def test_a_form_of_pairs_that_is_gone_is_a_conflict(house: House) -> None:
    house.views.running_cycles[:] = []
    add_cycle(house, CYCLE, house.roadmap, forms=("teacher_student",))
    values = house.roadmap.model_dump(mode="json")
    forms = {"teacher_teacher": values["track"]["forms"]["teacher_teacher"]}
    track = {**values["track"], "forms": forms}
    house.roadmap = Roadmap.model_validate({**values, "version": 2, "track": track})
    found = await applied(house, dry_run=True)

    assert found["cycles"][0]["conflicts"][0]["why"] == "RoadmapConflict"


async def test_what_is_applied_needs_a_reason(house: House) -> None:
    answer = await house.call("roadmaps.apply", json={"dry_run": False})
    assert answer.json()["code"] == "RequestInvalid"


async def test_a_row_is_added_to_one_cycle_and_outlives_the_next_version(house: House) -> None:
    await house.call("cycles.add_row")
    (kept,) = house.desk.roadmaps.kept
    assert (kept.roadmap.steps[-1].id, kept.added, kept.version) == ("7.1", ("7.1",), 1)

    house.views.running_cycles[:] = []
    add_cycle(house, CYCLE, kept.roadmap, n=1, added=kept.added, sha256=kept.sha256)
    publish(house, a_step(), an_order_step(), a_step(id="2"))
    await applied(house, "next", dry_run=False, reason="Изменения")
    last = house.desk.roadmaps.kept[-1]
    assert [step.id for step in last.roadmap.steps] == ["1", "9", "2", "7.1"]
    assert last.added == ("7.1",)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (a_step(id="1"), "1"),
        (a_step(id="7", lead="nobody"), "nobody"),
        (a_step(id="7", after=["8"]), "8"),
    ],
)
async def test_a_row_that_does_not_fit_the_roadmap_is_refused(
    house: House, row: dict[str, Any], words: str
) -> None:
    answer = await house.call("cycles.add_row", json={"row": row, "reason": "Решение совета"})

    assert answer.json()["code"] == "RowDoesNotFit"
    assert words in answer.json()["detail"]
    assert house.desk.roadmaps.kept == []


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([], "Идущих циклов по этой дорожной карте нет."),
        (
            ["unaffected"] * 31 + ["documents"] * 4 + ["conflict"] * 2,
            "31 цикл не затронут, 4 получат новый документ, 2 в конфликте.",
        ),
        (["changes"] * 11 + ["documents"], "1 цикл получит новый документ, 11 изменится."),
        (["unaffected"] * 3, "3 цикла не затронуты."),
    ],
)
def test_the_whole_is_said_in_a_sentence(outcomes: list[Any], words: str) -> None:
    lines = [
        CycleForeseen(cycle_id=f"{n}", organisation="О", start=START, version=1, outcome=outcome)
        for n, outcome in enumerate(outcomes)
    ]
    assert applied_words(lines) == words
