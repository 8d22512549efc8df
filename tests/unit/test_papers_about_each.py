"""A row that asks for a document about each organisation below."""

from typing import Any

import pytest

from domain.documents import DocumentState
from domain.errors import RowAtWork
from domain.extras import DraftDocument
from domain.messages import DocumentSettled
from domain.migration import MergedItems
from domain.planning import PlannedItem
from domain.programme import PAPERS_AT_ONCE, Act, ProgrammeState
from domain.recovery import Children, came_back, to_begin
from domain.roadmap import DocumentProof
from domain.row_changes import DraftAgain, MarkNotApplicable
from domain.waiting import Wait
from domain.waiting_rows import of_row
from tests.builders import (
    CURATOR,
    DAY,
    DRAFTER,
    NOW,
    a_plan,
    a_planned_item,
    a_planned_result,
    the_curator,
)
from tests.nested_builders import (
    a_release,
    an_upper_cycle,
    invited,
    is_done,
    reports_row,
    the_moves,
)
from tests.waiting_builders import around, said

SHEET = "inspection_checklist"
LISTS = a_planned_result(
    id="lists", proof="document", document=SHEET, drafter=DRAFTER, for_each="organisation"
)
LAST = a_planned_item(id="2", after=("1",))


def a_row(**fields: Any) -> PlannedItem:  # noqa: ANN401 - of an item
    return a_planned_item(**{"results": (LISTS,), **fields})


def a_check(*rows: PlannedItem, branches: int = 3) -> ProgrammeState:
    """A cycle whose first row asks for a document about each of so many organisations."""
    return an_upper_cycle(*(rows or (a_row(), LAST)), branches=branches).advanced(NOW)


def begun(cycle: ProgrammeState) -> ProgrammeState:
    for move in the_moves(cycle, Act.START_DOCUMENT):
        assert move.paper is not None
        cycle = cycle.document_started(move.paper)
    return cycle


def papers(cycle: ProgrammeState) -> list[DocumentState]:
    """The documents about organisations that are on their way."""
    going = (one.paper for one in cycle.extras if not one.settled)
    return [cycle.document(paper, NOW) for paper in going]


def settled(cycle: ProgrammeState, *branches: int, in_force: bool = True) -> ProgrammeState:
    """The cycle after the documents about these came into force, or were withdrawn."""
    of = {one.branch: one.document_id for one in papers(cycle)}
    for n in branches:
        fact = DocumentSettled(document_id=of[n], in_force=in_force)
        cycle = cycle.document_settled(fact, NOW)
    return cycle


def about(cycle: ProgrammeState) -> list[int | None]:
    return [one.branch for one in papers(cycle)]


def waits(cycle: ProgrammeState) -> Wait:
    return of_row(cycle, cycle.items[0], around(), NOW)


def again(cycle: ProgrammeState) -> ProgrammeState:
    wish = DraftAgain(by=the_curator(), item="1", result="lists")
    cycle.check_can_draft_again(wish)
    return cycle.draft_wanted(wish, NOW).advanced(NOW)


def test_when_the_row_opens_a_document_about_each_begins() -> None:
    cycle = a_check()
    assert [(one.branch, one.kind, one.drafter) for one in papers(cycle)] == [
        (n, SHEET, DRAFTER) for n in (1, 2, 3)
    ]
    assert {(one.item_id, one.result_id, one.step) for one in papers(cycle)} == {
        ("1", "lists", "1")
    }
    assert len({move.key for move in the_moves(cycle, Act.START_DOCUMENT)}) == 3
    assert the_moves(begun(cycle), Act.START_DOCUMENT) == []
    assert begun(cycle).advanced(NOW + DAY).extras == begun(cycle).extras


def test_before_the_row_opens_there_is_none() -> None:
    later = a_row(opens=NOW + DAY, due=NOW + 30 * DAY)
    cycle = a_check(later, LAST)
    assert papers(cycle) == []
    assert about(cycle.advanced(NOW + DAY)) == [1, 2, 3]


def test_the_row_is_done_when_all_are_in_force() -> None:
    cycle = settled(begun(a_check()), 1, 2)
    assert not is_done(cycle)
    assert not is_done(cycle, "2")
    cycle = settled(cycle, 3)
    assert is_done(cycle)
    (proved,) = (event for event in cycle.unsaved if event.action == "result_proved")
    assert (proved.refs["item"], proved.refs["result"], proved.refs["left"]) == ("1", "lists", "0")
    assert cycle.items[1].open


def test_a_repeated_word_of_a_document_counts_once() -> None:
    cycle = begun(a_check())
    fact = DocumentSettled(document_id=papers(cycle)[0].document_id, in_force=True)
    once = cycle.document_settled(fact, NOW)
    assert once.document_settled(fact, NOW) == once


def test_with_nobody_below_nothing_is_proved() -> None:
    cycle = a_check(branches=0)
    assert not is_done(cycle)
    assert papers(cycle) == []
    assert (waits(cycle).what, waits(cycle).whom) == ("no_branches", (CURATOR,))
    assert about(invited(cycle, "school1").advanced(NOW)) == [1]


def test_who_is_invited_later_gets_one_too_and_the_row_waits_for_it() -> None:
    cycle = settled(begun(a_check()), 1, 2)
    cycle = begun(invited(cycle, "late").advanced(NOW))
    assert about(cycle) == [3, 4]
    assert not is_done(settled(cycle, 3))
    assert is_done(settled(cycle, 3, 4))


def test_who_is_invited_after_the_row_is_done_needs_none() -> None:
    cycle = settled(begun(a_check()), 1, 2, 3)
    late = invited(cycle, "late").advanced(NOW)
    assert papers(late) == []
    assert is_done(late)


def test_who_leaves_needs_none() -> None:
    cycle = settled(begun(a_check()), 1, 2)
    cycle = cycle.branch_released(a_release(3), NOW)
    assert is_done(cycle)
    assert about(cycle) == [3]  # what was begun ends by itself


def test_who_left_before_the_row_opened_gets_none() -> None:
    cycle = a_check(a_row(opens=NOW + DAY), LAST).branch_released(a_release(2), NOW)
    assert about(cycle.advanced(NOW + DAY)) == [1, 3]


def test_the_turn_waits_for_what_was_begun_about_who_left() -> None:
    cycle = settled(begun(a_check(a_row())), 1, 2).branch_released(a_release(3), NOW)
    assert (is_done(cycle), cycle.closed) == (True, False)
    assert settled(cycle, 3, in_force=False).closed


def test_a_withdrawn_one_asks_whether_there_shall_be_another() -> None:
    cycle = settled(begun(a_check()), 2, in_force=False)
    assert about(cycle) == [1, 3]
    (task,) = cycle.tasks()
    assert (task.kind, task.assignee, task.refs["result"]) == ("draft_again", CURATOR, "lists")

    first = {one.paper.document_id for one in cycle.extras}
    cycle = again(cycle)
    assert cycle.tasks() == ()
    assert about(cycle) == [1, 3, 2]
    assert papers(cycle)[2].document_id not in first
    assert is_done(settled(begun(cycle), 1, 2, 3))


def test_others_are_drafted_while_one_waits_for_that_word() -> None:
    cycle = settled(begun(a_check()), 2, in_force=False)
    assert about(invited(cycle, "late").advanced(NOW)) == [1, 3, 4]


def test_nobody_is_asked_for_another_about_who_left() -> None:
    cycle = begun(a_check()).branch_released(a_release(2), NOW)
    cycle = settled(cycle, 2, in_force=False)
    assert cycle.tasks() == ()
    assert is_done(settled(cycle, 1, 3))


def test_nor_if_it_leaves_after_its_document_was_withdrawn() -> None:
    cycle = settled(begun(a_check()), 2, in_force=False).branch_released(a_release(2), NOW)
    assert cycle.tasks() == ()
    cycle = settled(cycle, 3, in_force=False)
    assert [task.kind for task in cycle.tasks()] == ["draft_again"]
    assert about(again(cycle)) == [1, 3]


def test_what_a_person_asked_for_counts_and_is_not_made_twice() -> None:
    row = a_row(opens=NOW + DAY, due=NOW + 30 * DAY)
    wish = DraftDocument(by=the_curator(), document_id="d1", kind=SHEET, branches=(1, 2))
    cycle = begun(a_check(row, LAST).document_asked(wish, NOW))
    cycle = settled(cycle, 1)
    cycle = begun(cycle.advanced(NOW + DAY))
    assert about(cycle) == [2, 3]
    assert is_done(settled(cycle, 2, 3))


def test_if_what_a_person_asked_for_is_withdrawn_the_row_makes_its_own() -> None:
    wish = DraftDocument(by=the_curator(), document_id="d1", kind=SHEET, branches=(1,))
    row = a_row(opens=NOW + DAY)
    cycle = begun(a_check(row, LAST, branches=2).document_asked(wish, NOW)).advanced(NOW + DAY)
    assert [one.item_id for one in papers(cycle)] == [None, "1"]
    alone = settled(cycle, 1, in_force=False)
    assert alone.tasks() == ()
    assert [(one.branch, one.item_id) for one in papers(alone)] == [(2, "1"), (1, "1")]
    both = settled(cycle, 2, 1, in_force=False)
    assert [task.kind for task in both.tasks()] == ["draft_again"]
    assert about(both) == [1]


def test_each_turn_has_documents_of_its_own() -> None:
    second = a_row(id="1@2", turn=2, opens=NOW + 300 * DAY, due=NOW + 330 * DAY)
    turns = (NOW, NOW + 300 * DAY)
    cycle = an_upper_cycle(a_row(), second, branches=1, turns=turns).advanced(NOW)
    cycle = settled(begun(cycle), 1)
    assert [item.done for item in cycle.items] == [True, False]
    cycle = begun(cycle.advanced(NOW + 300 * DAY))
    assert [(one.branch, one.turn) for one in papers(cycle)] == [(1, 2)]
    assert settled(cycle, 1).closed


def test_the_row_says_how_many_are_in_force() -> None:
    cycle = begun(a_check(branches=12))
    wait = waits(settled(cycle, *range(1, 8)))
    assert (wait.what, wait.n, wait.of) == ("papers_below", 7, 12)
    assert "ждём по одному на каждую организацию, действуют 7 из 12" in said(wait)
    assert waits(settled(cycle, *range(1, 13))).what == "row_done"
    gone = settled(cycle, 1).branch_released(a_release(2), NOW)
    assert (waits(gone).n, waits(gone).of) == (1, 11)


def test_a_row_with_documents_on_their_way_is_not_skipped() -> None:
    cycle = settled(begun(a_check()), 1)
    wish = MarkNotApplicable(by=the_curator(), item="1", note_id="why")
    with pytest.raises(RowAtWork) as refused:
        cycle.check_can_skip(wish)
    assert all(one.document_id in str(refused.value) for one in papers(cycle))
    cycle = settled(cycle, 2, 3, in_force=False)
    cycle.check_can_skip(wish)


def test_so_many_begin_side_by_side_and_no_more() -> None:
    cycle = a_check(branches=PAPERS_AT_ONCE + 20)
    assert len(the_moves(cycle, Act.START_DOCUMENT)) == PAPERS_AT_ONCE
    assert len(the_moves(begun(cycle), Act.START_DOCUMENT)) == 20


def test_what_the_crash_of_the_engine_lost_is_begun_again() -> None:
    cycle = begun(a_check())
    kept = papers(cycle)[0]
    children = Children(saved=frozenset({kept.workflow_id}))
    back = came_back(cycle, children, NOW)
    lost = [one for one in to_begin(back, children, NOW) if isinstance(one, DocumentState)]
    assert [(one.branch, one.item_id) for one in lost] == [(2, "1"), (3, "1")]
    assert [one.document_id for one in lost] == [one.document_id for one in papers(cycle)[1:]]


# Another roadmap under way


def test_roadmaps_without_it_keep_their_hash() -> None:
    usual = DocumentProof(proof="document", kind=SHEET)
    assert "for_each" not in usual.model_dump(mode="json")
    of_each = usual.changed(for_each="organisation")
    assert DocumentProof.model_validate(of_each.model_dump(mode="json")) == of_each


def after(cycle: ProgrammeState, *planned: PlannedItem) -> MergedItems:
    return cycle.merged_with(a_plan(*planned, below="school"), 1, ())


def test_a_new_roadmap_says_how_many_documents_arise() -> None:
    cycle = an_upper_cycle(reports_row(), LAST, branches=12).branch_released(a_release(4), NOW)
    reports = reports_row().results[0]
    found = after(cycle, reports_row(results=(reports, LISTS)), LAST)
    assert found.papers == (SHEET,) * 11
    assert (found.conflicts, found.rewritten) == ((), ("1",))
    taken = cycle.changed(items=found.items).advanced(NOW)
    assert about(taken) == [n for n in range(1, 13) if n != 4]


def test_a_roadmap_without_the_documents_waits_until_they_are_withdrawn() -> None:
    cycle = begun(a_check())
    (conflict,) = after(cycle, reports_row(), LAST).conflicts
    assert conflict.why == "at_work"
    assert set(conflict.documents) == {one.document_id for one in papers(cycle)}


def test_one_document_is_not_taken_for_one_about_each() -> None:
    one = LISTS.changed(for_each=None)
    cycle = an_upper_cycle(a_row(results=(one,)), LAST, branches=2)
    assert after(begun(cycle), a_row(), LAST).conflicts[0].why == "at_work"
