"""A new version of a roadmap against the rows of a cycle that runs."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from datetime import timedelta
from typing import Any

import pytest

from domain.cycle_roadmap import TakeRoadmap
from domain.errors import NotAdaptable, NotYours, Refused, RemarkMissing, WrongState
from domain.items import Item
from domain.migration import MergedItems, merged
from domain.past import Past
from domain.planning import PlannedItem, PlannedResult
from domain.programme import Act, ProgrammeState
from domain.routes import Route
from domain.row_changes import ChangeLead, MarkNotApplicable, MoveDeadline
from domain.upper import Upper
from tests.builders import (
    APPROVER,
    DAY,
    NOW,
    a_cycle,
    a_new_cycle,
    a_plan,
    a_planned_item,
    a_planned_result,
    a_record,
    a_stranger,
    moved,
    sha,
    the_curator,
    with_pairs,
)

LATER = NOW + 90 * DAY
OTHER = "person-other"
PAPER = a_planned_result(id="order", proof="document", document="order", route=Route.of(APPROVER))


def a_row(item: str = "1", **fields: Any) -> PlannedItem:
    return a_planned_item(id=item, **fields)


def a_paper_row(item: str = "1", **fields: Any) -> PlannedItem:
    return a_row(item, results=(PAPER,), **fields)


def after(cycle: ProgrammeState, *planned: PlannedItem) -> MergedItems:
    return cycle.merged_with(a_plan(*planned), 1, ())


def began(cycle: ProgrammeState) -> ProgrammeState:
    move = next(one for one in cycle.next_moves(NOW) if one.act is Act.START_DOCUMENT)
    assert move.paper is not None
    return cycle.document_started(move.paper)


def of(found: MergedItems, item: str = "1") -> Item:
    return next(one for one in found.items if one.id == item)


def proved(cycle: ProgrammeState) -> ProgrammeState:
    return cycle.result_recorded(a_record(), NOW)


def a_take(n: int = 1, **fields: Any) -> TakeRoadmap:
    known = {"by": the_curator(), "note_id": "why", "n": n, "was": 1, "version": 2}
    return TakeRoadmap(**{**known, "sha256": sha("a"), **fields})


def taken(cycle: ProgrammeState, *planned: PlannedItem, n: int = 1) -> ProgrammeState:
    wish = a_take(n)
    cycle.check_can_take(wish)
    return cycle.roadmap_asked(wish, NOW).roadmap_planned(a_plan(*planned), NOW)


# Rows


def test_an_unchanged_row_keeps_everything() -> None:
    cycle = proved(a_cycle(a_row(results=(a_planned_result(), a_planned_result(id="more")))))
    found = after(cycle, *(item.plan for item in cycle.items))

    assert of(found) == cycle.items[0].changed(roadmap_n=1)
    assert not found.changes_something()


def test_a_new_row_arises_with_its_documents() -> None:
    found = after(a_cycle(), a_row(), a_paper_row("2"))

    assert (found.new, found.papers, found.conflicts) == (("2",), ("order",), ())
    assert of(found, "2").results[0].document_id is None


def test_a_new_result_reopens_a_row_that_was_done() -> None:
    cycle = proved(a_cycle(a_row(), a_row("2")))
    found = after(cycle, a_row(results=(a_planned_result(), PAPER)), a_row("2"))

    assert (found.rewritten, found.papers, found.reopened) == (("1",), ("order",), ("1",))
    assert [result.done for result in of(found).results] == [True, False]


def test_a_moved_deadline_moves_and_a_persons_stays() -> None:
    wish = MoveDeadline(by=the_curator(), note_id="why", item="1", due=NOW + 40 * DAY)
    cycle = a_cycle(a_row(), a_row("2")).deadline_moved(wish, NOW)
    found = after(cycle, a_row(due=LATER), a_row("2", due=LATER))

    assert (found.moved, of(found).plan.due) == (("2",), wish.due)
    assert of(found, "2").plan.due == LATER


def test_who_was_reminded_of_the_old_deadline_is_reminded_of_the_new_one() -> None:
    cycle = a_cycle(a_row(due=NOW + DAY), a_row("2")).roadmap_asked(a_take(), NOW)
    late = NOW + 2 * DAY
    told = cycle.noticed(cycle.notices_due(late), late)
    assert {notice.refs["task"] for notice in told.unsaved if "task" in notice.refs}
    taken = told.roadmap_planned(a_plan(a_row(due=LATER), a_row("2")), late)
    (notice,) = (one for one in taken.notices_due(LATER - DAY) if "/1/" in one.task_id)
    assert notice.kind == "reminder"
    same = [one.id for one in told.tasks() if one.refs["item"] == "2"]
    assert [one.id for one in taken.tasks() if one.refs["item"] == "2"] == same


def test_what_is_open_does_not_open_again() -> None:
    cycle = a_cycle(a_row(), a_row("2", opens=NOW + 5 * DAY))
    found = after(cycle, a_row(opens=LATER, due=None), a_row("2", opens=LATER, due=None))

    assert (of(found).plan.opens, of(found).open) == (NOW, True)
    assert of(found, "2").plan.opens == LATER


def test_a_lead_changes_and_a_persons_stays() -> None:
    wish = ChangeLead(by=the_curator(), note_id="why", item="1", lead="chosen")
    cycle = a_cycle(a_row(), a_row("2")).lead_changed(wish, NOW)
    found = after(cycle, a_row(lead=OTHER), a_row("2", lead=OTHER))

    assert (found.led, of(found).plan.lead) == (("2",), "chosen")
    assert of(found, "2").plan.lead == OTHER


def test_a_row_that_is_gone_does_not_apply_any_more() -> None:
    found = after(a_cycle(a_row(), a_row("2")), a_row("2"))

    assert (found.ended, of(found).skipped, of(found).done) == (("1",), True, True)


@pytest.mark.parametrize("results", [1, 2])
def test_a_row_that_is_gone_stays_if_something_of_it_is_done(results: int) -> None:
    wanted = tuple(a_planned_result(id=name) for name in ("done", "more")[:results])
    cycle = proved(a_cycle(a_row(results=wanted), a_row("2")))
    found = after(cycle, a_row("2"))

    assert (found.ended, of(found)) == ((), cycle.items[0])


def test_a_row_that_came_back_is_asked_for_again_unless_a_person_left_it_out() -> None:
    gone = taken(a_cycle(a_row(), a_row("2")), a_row("2"))
    by_hand = a_cycle(a_row(), a_row("2")).row_skipped(
        MarkNotApplicable(by=the_curator(), note_id="why", item="1"), NOW
    )

    assert not of(after(gone, a_row(), a_row("2"))).done
    assert of(after(by_hand, a_row(), a_row("2"))).skipped


def test_a_row_without_what_was_left_of_it_is_done() -> None:
    cycle = proved(
        a_cycle(a_row(results=(a_planned_result(), PAPER.changed(after=("done",)))), a_row("2"))
    )
    cycle = cycle.changed(items=tuple(cycle.items))
    found = cycle.merged_with(a_plan(a_row(), a_row("2")), 1, ())
    assert [one.why for one in found.conflicts] == ["at_work"]  # its document is about to begin

    undrafted = proved(
        a_cycle(a_row(results=(a_planned_result(), a_planned_result(id="more"))), a_row("2"))
    )
    found = after(undrafted, a_row(), a_row("2"))
    assert (found.completed, of(found).done) == (("1",), True)


def test_rows_of_a_closed_turn_stay_whatever_they_are() -> None:
    year = timedelta(days=365)
    cycle = a_cycle(a_row(), a_row("1@2", step="1", turn=2), turns=(NOW - 30 * DAY, NOW + year))
    cycle = proved(cycle)
    assert cycle.turns_closed == 1
    found = after(cycle, a_paper_row(), a_paper_row("1@2", step="1", turn=2))

    assert of(found) == cycle.items[0]
    assert found.rewritten == ("1@2",)


def test_windows_are_matched_by_when_they_open() -> None:
    """A plan of an earlier program left out windows that were over at launch."""
    march, april = NOW + 10 * DAY, NOW + 40 * DAY
    cycle = a_cycle(a_row("1#1", step="1", opens=march), a_row("1#2", step="1", opens=april))
    whole = (
        a_row("1#1", step="1", opens=NOW, due=NOW + DAY),
        a_row("1#2", step="1", opens=march),
        a_row("1#3", step="1", opens=april),
    )
    found = after(cycle, *whole)

    assert [item.plan.opens for item in found.items] == [march, april, NOW]
    assert [item.id for item in found.items] == ["1#1", "1#2", "1#3"]
    assert (found.new, found.moved) == (("1#3",), ())


# Conflicts


@pytest.mark.parametrize(
    ("planned", "why"),
    [
        ((), "at_work"),
        ((a_row(),), "at_work"),
        ((a_row(results=(PAPER.changed(route=Route.of(OTHER)),)),), "at_work"),
        ((a_row(results=(PAPER.changed(document="act"),)),), "at_work"),
    ],
)
def test_a_row_whose_document_is_at_work_is_a_conflict(
    planned: tuple[PlannedItem, ...], why: str
) -> None:
    cycle = began(a_cycle(a_paper_row(), a_row("2")))
    (conflict,) = after(cycle, *planned, a_row("2")).conflicts

    assert (conflict.item, conflict.why) == ("1", why)
    assert conflict.documents == (cycle.items[0].results[0].document_id,)


def test_a_deadline_may_move_while_a_document_is_at_work() -> None:
    cycle = began(a_cycle(a_paper_row()))
    found = after(cycle, a_paper_row(due=LATER))

    assert (found.conflicts, found.moved) == ((), ("1",))
    assert of(found).results == cycle.items[0].results


@pytest.mark.parametrize("results", [(), (a_planned_result(proof="remark"),)])
def test_a_proved_result_that_is_gone_or_proved_otherwise_is_a_conflict(
    results: tuple[PlannedResult, ...],
) -> None:
    cycle = proved(a_cycle(a_row(), a_row("2")))
    planned = a_row(results=(*results, a_planned_result(id="new")))
    (conflict,) = after(cycle, planned, a_row("2")).conflicts

    assert (conflict.item, conflict.why) == ("1", "proved")


def test_pairs_keep_the_order_that_they_wait_for() -> None:
    order = a_row("1", results=(PAPER.changed(pairs_at="order"),))
    waiting = merged(a_cycle(order, a_row("2")).items, (a_row("2"),), 1, {}, waiting={1})
    nobody = merged(a_cycle(order, a_row("2")).items, (a_row("2"),), 1, {})

    assert [one.why for one in waiting.conflicts] == ["pairs_wait"]
    assert nobody.conflicts == ()


# The whole cycle


def test_a_cycle_takes_a_roadmap_whole_and_says_so() -> None:
    cycle = taken(a_cycle(a_row(), a_row("3")), a_row(due=LATER), a_paper_row("2"))

    assert (cycle.roadmap_n, cycle.taking, cycle.has_settled(1)) == (1, None, True)
    assert [item.id for item in cycle.items] == ["1", "3", "2"]
    (told,) = (event for event in cycle.unsaved if event.action == "roadmap_taken")
    assert told.refs.items() >= {"was": "1", "version": "2", "new": "1", "ended": "1"}.items()
    assert (told.sha256, told.note_id) == (sha("a"), "why")
    acts = [event.action for event in cycle.unsaved]
    assert acts.count("deadline_moved") == acts.count("row_skipped") == 1
    assert {move.act for move in cycle.next_moves(NOW)} == {Act.START_DOCUMENT}


def test_a_conflict_leaves_everything_as_it_was() -> None:
    before = began(a_cycle(a_paper_row(), a_row("2")))
    cycle = taken(before, a_row("2"), a_row("9"))

    assert (cycle.items, cycle.roadmap_n, cycle.plan) == (before.items, 0, before.plan)
    assert (cycle.has_settled(1), cycle.taking) == (True, None)
    document = before.items[0].results[0].document_id
    assert cycle.why_refused() == f"row 1: at_work {document}"
    assert cycle.unsaved[-1].action == "roadmap_refused"
    assert taken(cycle, a_paper_row(), a_row("2"), n=2).roadmap_n == 2


def test_new_pairs_go_by_the_new_plan_and_those_that_run_by_their_own() -> None:
    cycle = with_pairs(a_cycle(per_pair=(a_row("2.1", scope="pairs"),)))
    first = cycle.pair(cycle.pairs[0].pair_id, NOW)
    plan = a_plan(a_row(), per_pair=(a_row("2.1", scope="pairs"), a_row("2.2", scope="pairs")))
    cycle = cycle.roadmap_asked(a_take(), NOW).roadmap_planned(plan, NOW)
    cycle = moved(cycle, 0, "completed")
    cycle = with_pairs(cycle)

    assert [item.plan.step for item in first.items] == ["2.1"]
    second = cycle.pair(cycle.pairs[1].pair_id, NOW)
    assert [item.plan.step for item in second.items] == ["2.1", "2.2"]
    assert {item.roadmap_n for item in second.items} == {1}


def test_what_cannot_be_planned_is_refused_and_the_cycle_goes_on() -> None:
    cycle = a_cycle().roadmap_asked(a_take(), NOW)
    assert cycle.next_moves(NOW)[0].act is Act.TAKE_ROADMAP
    cycle = cycle.roadmap_refused("RoleUnmapped", NOW)

    assert (cycle.why_refused(), cycle.trouble, cycle.next_moves(NOW)) == ("RoleUnmapped", None, ())


def test_a_cycle_that_closed_meanwhile_takes_nothing() -> None:
    cycle = proved(a_cycle().roadmap_asked(a_take(), NOW))
    assert cycle.closed
    assert not cycle.is_finished()
    cycle = cycle.roadmap_planned(a_plan(), NOW)
    assert (cycle.why_refused(), cycle.is_finished()) == ("WrongState", True)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"by": a_stranger()}, NotYours),
        ({"note_id": None}, RemarkMissing),
        ({"n": 0}, WrongState),
    ],
)
def test_a_roadmap_is_taken_by_the_office_with_a_reason(
    fields: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        a_cycle().check_can_take(a_take().changed(**fields))


def test_what_was_taken_is_not_called_refused_when_a_later_one_is() -> None:
    taken = a_cycle(a_row(), a_row("2")).roadmap_asked(a_take(1), NOW)
    taken = taken.roadmap_planned(a_plan(a_row(), a_row("2")), NOW)
    later = taken.roadmap_asked(a_take(2), NOW)
    assert (later.has_settled(2), later.was_refused(2)) == (False, False)
    refused = later.roadmap_refused("RoadmapInvalid", NOW)
    assert [refused.was_refused(n) for n in (1, 2)] == [False, True]


def test_one_roadmap_is_taken_after_the_other() -> None:
    cycle = a_cycle().roadmap_asked(a_take(), NOW)
    with pytest.raises(WrongState):
        cycle.check_can_take(a_take(2))


def test_a_roadmap_from_above_is_changed_from_above() -> None:
    cycle = a_new_cycle(upper=Upper(cycle_id="up", n=1)).planned(a_plan(), NOW)
    with pytest.raises(NotAdaptable):
        cycle.check_can_take(a_take())
    cycle.check_can_take(a_take(from_above=True))


def test_the_log_tells_the_rows_after_a_new_version() -> None:
    done = proved(a_cycle(a_row(), a_row("2"), a_row("3")))
    cycle = taken(done, a_row(results=(a_planned_result(), PAPER)), a_row("2"))
    told = Past.of(cycle.unsaved).rows

    assert {id_: row.done for (_, id_), row in told.items()} == {"1": False, "2": False, "3": True}
