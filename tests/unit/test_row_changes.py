"""Rows that are changed under way: deadlines, leads, rows that do not apply."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from datetime import timedelta
from typing import Any

import pytest

from domain.errors import (
    BadDate,
    NotAdaptable,
    NotFound,
    NotYours,
    PairsNeedRow,
    Refused,
    RemarkMissing,
    RowAtWork,
    WrongState,
)
from domain.evidence import LinkGiven
from domain.items import Item
from domain.messages import DocumentSettled
from domain.pair_road import STOPPED
from domain.past import Past
from domain.planning import PlannedItem
from domain.programme import Act, ProgrammeState
from domain.routes import Route
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
    RowWish,
)
from domain.upper import Upper
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    NOW,
    TODAY,
    a_cycle,
    a_forming,
    a_new_cycle,
    a_pair_with_consents,
    a_plan,
    a_planned_item,
    a_planned_result,
    a_record,
    a_stranger,
    moved,
    the_curator,
    with_pairs,
)

LATER = NOW + 60 * DAY
OTHER = "person-other"
ORDER = a_planned_result(id="order", proof="document", document="order", drafter=CURATOR)


def asked(wish: type[RowWish], item: str = "1", **fields: Any) -> Any:
    return wish(**{"by": the_curator(), "note_id": "reason1", "item": item, **fields})


def the_row(cycle: ProgrammeState, item: str = "1") -> Item:
    return next(one for one in cycle.items if one.id == item)


def a_row_with_an_order(**fields: Any) -> PlannedItem:
    return a_planned_item(results=(ORDER.changed(**fields),))


def begun(cycle: ProgrammeState) -> ProgrammeState:
    move = next(one for one in cycle.next_moves(NOW) if one.act is Act.START_DOCUMENT)
    assert move.paper is not None
    return cycle.document_started(move.paper)


def withdrawn(cycle: ProgrammeState) -> ProgrammeState:
    document = the_row(cycle).results[0].document_id
    assert document is not None
    return cycle.document_settled(DocumentSettled(document_id=document, in_force=False), NOW)


def skipped(cycle: ProgrammeState, item: str = "1") -> ProgrammeState:
    wish = asked(MarkNotApplicable, item)
    cycle.check_can_skip(wish)
    return cycle.row_skipped(wish, NOW)


def documents(cycle: ProgrammeState) -> list[str]:
    return [m.paper.document_id for m in cycle.next_moves(NOW) if m.paper is not None]


# Deadlines


def test_a_moved_deadline_moves_the_tasks_and_their_reminders() -> None:
    cycle = a_cycle(a_planned_item(due=NOW + DAY))
    due = cycle.notices_due(NOW + 2 * DAY)
    cycle = cycle.noticed(due, NOW + 2 * DAY)
    wish = asked(MoveDeadline, due=LATER)
    cycle.check_can_move_deadline(wish, NOW)
    after = cycle.deadline_moved(wish, NOW)

    assert [task.due for task in after.tasks()] == [LATER]
    assert [notice.kind for notice in due] == ["reminder", "escalation"]
    assert after.notices_due(NOW + 3 * DAY) == ()
    assert [notice.kind for notice in after.notices_due(LATER)] == ["reminder", "escalation"]
    event = after.unsaved[-1]
    assert (event.action, event.note_id, event.refs["due"]) == (
        *("deadline_moved", "reason1"),
        LATER.isoformat(),
    )


@pytest.mark.parametrize("due", [NOW - DAY, NOW])
def test_a_deadline_is_not_moved_to_what_is_over(due: Any) -> None:
    with pytest.raises(BadDate):
        a_cycle().check_can_move_deadline(asked(MoveDeadline, due=due), NOW)


def test_a_deadline_is_not_moved_before_the_row_opens() -> None:
    cycle = a_cycle(a_planned_item(opens=NOW + 10 * DAY))
    with pytest.raises(BadDate):
        cycle.check_can_move_deadline(asked(MoveDeadline, due=NOW + 9 * DAY), NOW)


# Leads


def test_open_tasks_pass_to_the_new_lead() -> None:
    wish = asked(ChangeLead, lead=OTHER, others=(APPROVER,))
    cycle = a_cycle()
    cycle.check_can_change_lead(wish)
    after = cycle.lead_changed(wish, NOW)

    assert [task.assignee for task in after.tasks()] == [OTHER]
    assert [task.id for task in after.tasks()] != [task.id for task in cycle.tasks()]
    assert the_row(after).plan.others == (APPROVER,)
    refs = after.unsaved[-1].refs
    assert (refs["from"], refs["lead"], refs["others"]) == (CURATOR, OTHER, APPROVER)


def test_a_document_that_is_not_begun_passes_to_the_new_lead_and_one_at_work_does_not() -> None:
    wish = asked(ChangeLead, lead=OTHER)
    before = a_cycle(a_row_with_an_order())
    move = before.lead_changed(wish, NOW).next_moves(NOW)[0]
    at_work = begun(before).lead_changed(wish, NOW)

    assert move.paper is not None
    assert move.paper.drafter == OTHER
    assert the_row(at_work).plan.results[0].drafter == CURATOR
    assert at_work.next_moves(NOW) == ()


def test_a_row_does_not_change_to_the_hands_it_is_in() -> None:
    with pytest.raises(WrongState):
        a_cycle().check_can_change_lead(asked(ChangeLead, lead=CURATOR))
    with pytest.raises(WrongState):
        a_cycle().check_can_change_lead(asked(ChangeLead, lead=OTHER, others=(OTHER,)))


# Rows that do not apply


def test_what_does_not_apply_asks_nothing_and_opens_what_waited_for_it() -> None:
    second = a_planned_item(id="2", after=("1",))
    after = skipped(a_cycle(a_planned_item(), second))

    assert (the_row(after).skipped, the_row(after).done) == (True, True)
    assert [task.refs["item"] for task in after.tasks()] == ["2"]
    with pytest.raises(WrongState, match="skipped"):
        after.check_can_record(a_record(), TODAY)


def test_a_cycle_closes_with_the_last_row_that_does_not_apply() -> None:
    assert skipped(a_cycle()).closed


def test_a_row_that_does_not_apply_never_opens() -> None:
    ahead = a_planned_item(opens=NOW + 10 * DAY)
    after = skipped(a_cycle(ahead, a_planned_item(id="2")))

    assert not the_row(after.advanced(NOW + 11 * DAY)).open
    assert NOW + 10 * DAY not in list(after.moments())


def test_a_row_with_a_document_at_work_names_the_document() -> None:
    cycle = begun(a_cycle(a_row_with_an_order()))
    document = the_row(cycle).results[0].document_id
    with pytest.raises(RowAtWork, match=str(document)):
        cycle.check_can_skip(asked(MarkNotApplicable))


def test_a_row_whose_document_is_about_to_begin_is_at_work() -> None:
    """The child may be on its way to the server at this very moment."""
    with pytest.raises(RowAtWork):
        a_cycle(a_row_with_an_order()).check_can_skip(asked(MarkNotApplicable))


def test_after_a_withdrawal_the_row_need_not_apply() -> None:
    assert skipped(withdrawn(begun(a_cycle(a_row_with_an_order())))).closed


def test_the_order_that_pairs_wait_for_is_not_left_out() -> None:
    cycle = with_pairs(a_cycle(a_row_with_an_order(pairs_at="order")))
    with pytest.raises(PairsNeedRow):
        cycle.check_can_skip(asked(MarkNotApplicable))


def test_an_order_that_no_pair_waits_for_is_left_out_and_then_nobody_would_get_it() -> None:
    """All pairs were stopped, or none was formed: else the cycle would never close."""
    cycle = a_cycle(a_row_with_an_order(pairs_at="order"), a_planned_item(id="2"))
    cycle.check_can_form(a_forming(), NOW)
    for left in (skipped(cycle), skipped(moved(with_pairs(cycle), 0, STOPPED))):
        with pytest.raises(WrongState):
            left.check_can_form(a_forming(), NOW)
    resumed = skipped(cycle).row_resumed(asked(MarkApplicable), NOW)
    resumed.check_can_form(a_forming(), NOW)


def test_in_a_pair_that_has_come_to_its_end_no_row_is_asked_for_again() -> None:
    pair = a_pair_with_consents(items=(Item.of(a_planned_item()),)).changed(position=99)
    left = pair.row_skipped(asked(MarkNotApplicable), NOW)
    assert left.is_over()
    with pytest.raises(WrongState):
        left.check_can_resume(asked(MarkApplicable))


def test_a_row_is_asked_for_again_while_nothing_followed() -> None:
    cycle = skipped(a_cycle(a_planned_item(), a_planned_item(id="2")))
    wish = asked(MarkApplicable)
    cycle.check_can_resume(wish)
    after = cycle.row_resumed(wish, NOW)

    assert (the_row(after).skipped, the_row(after).done) == (False, False)
    assert "1" in {task.refs["item"] for task in after.tasks()}


def test_a_row_is_not_asked_for_again_once_another_followed() -> None:
    cycle = skipped(a_cycle(a_planned_item(), a_planned_item(id="2", after=("1",))))
    with pytest.raises(WrongState, match="2"):
        cycle.check_can_resume(asked(MarkApplicable))


def test_a_row_that_applies_is_not_asked_for_again() -> None:
    with pytest.raises(WrongState):
        a_cycle().check_can_resume(asked(MarkApplicable))


# Documents that were withdrawn


def test_a_withdrawn_document_asks_the_curator_whether_there_shall_be_another() -> None:
    cycle = withdrawn(begun(a_cycle(a_row_with_an_order(route=Route.of(APPROVER)))))

    assert documents(cycle) == []
    (task,) = cycle.tasks()
    assert (task.kind, task.assignee, task.refs["result"]) == ("draft_again", CURATOR, "order")


def test_a_document_that_is_wanted_again_is_another_one() -> None:
    cycle = begun(a_cycle(a_row_with_an_order()))
    first = the_row(cycle).results[0].document_id
    wish = asked(DraftAgain, result="order")
    cycle = withdrawn(cycle)
    cycle.check_can_draft_again(wish)
    again = cycle.draft_wanted(wish, NOW)

    assert again.tasks() == ()
    (second,) = documents(again)
    assert second != first
    with pytest.raises(WrongState):
        again.check_can_draft_again(wish)
    assert documents(begun(again)) == []


def test_a_repeated_word_of_a_withdrawal_changes_nothing() -> None:
    cycle = begun(a_cycle(a_row_with_an_order()))
    fact = DocumentSettled(document_id=documents(a_cycle(a_row_with_an_order()))[0], in_force=False)
    once = cycle.document_settled(fact, NOW)
    assert once.document_settled(fact, NOW) == once


# Who may


WISHES: list[tuple[str, RowWish]] = [
    ("check_can_change_lead", asked(ChangeLead, lead=OTHER)),
    ("check_can_skip", asked(MarkNotApplicable)),
    ("check_can_resume", asked(MarkApplicable)),
]


@pytest.mark.parametrize(("check", "wish"), WISHES)
@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"by": a_stranger()}, NotYours),
        ({"note_id": None}, RemarkMissing),
        ({"item": "9"}, NotFound),
    ],
)
def test_rows_are_changed_by_the_office_with_a_reason(
    check: str, wish: RowWish, fields: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        getattr(a_cycle(), check)(wish.changed(**fields))


@pytest.mark.parametrize(
    ("adapt", "check", "wish"),
    [
        (("leads", "rows"), "check_can_move_deadline", asked(MoveDeadline, due=LATER)),
        (("deadlines", "rows"), "check_can_change_lead", asked(ChangeLead, lead=OTHER)),
        (("deadlines", "leads"), "check_can_skip", asked(MarkNotApplicable)),
    ],
)
def test_what_came_from_above_is_changed_as_far_as_it_lets(
    adapt: tuple[str, ...], check: str, wish: RowWish
) -> None:
    now = (NOW,) if isinstance(wish, MoveDeadline) else ()
    upper = Upper(cycle_id="up", n=1, adapt=adapt)
    cycle = a_new_cycle(upper=upper).planned(a_plan(), NOW)
    free = cycle.changed(upper=upper.changed(adapt=("deadlines", "leads", "rows")))
    with pytest.raises(NotAdaptable):
        getattr(cycle, check)(wish, *now)
    getattr(free, check)(wish, *now)


def test_a_pair_of_such_a_cycle_is_bound_by_the_same() -> None:
    pair = a_pair_with_consents(items=(Item.of(a_planned_item(), "pair1"),), adapt=("leads",))
    pair.check_can_change_lead(asked(ChangeLead, lead=OTHER))
    with pytest.raises(NotAdaptable):
        pair.check_can_skip(asked(MarkNotApplicable))


def test_a_pair_ends_without_a_row_that_does_not_apply() -> None:
    pair = a_pair_with_consents(items=(Item.of(a_planned_item(), "pair1"),), position=99)
    wish = asked(MarkNotApplicable)
    pair = pair.advanced(NOW)
    pair.check_can_skip(wish)
    assert (pair.stage_name, pair.row_skipped(wish, NOW).stage_name) == ("rows", "completed")


def test_nothing_changes_in_a_closed_cycle() -> None:
    cycle = skipped(a_cycle())
    with pytest.raises(WrongState):
        cycle.check_can_resume(asked(MarkApplicable))


# The past


def test_the_log_tells_which_rows_did_not_apply() -> None:
    cycle = skipped(a_cycle(a_planned_item(), a_planned_item(id="2")))
    resumed = cycle.row_resumed(asked(MarkApplicable), NOW + timedelta(hours=1))

    assert Past.of(cycle.unsaved).rows["cycle/c1", "1"].done is True
    assert Past.of(resumed.unsaved).rows["cycle/c1", "1"].done is False


# A launch in the middle of a period


def test_what_was_over_at_launch_is_proved_by_what_took_place_then() -> None:
    cycle = a_cycle(a_planned_item(past=True, due=NOW, results=(a_planned_result(proof="link"),)))
    before = LinkGiven(day=(NOW - 40 * DAY).date(), evidence_id="e1")
    wish = a_record(before)
    cycle.check_can_record(wish, TODAY)
    assert the_row(cycle.result_recorded(wish, NOW)).done
