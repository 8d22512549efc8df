"""The cycles below a cycle, as the upper one sees them."""

import pytest

from domain.branch_wishes import Invite
from domain.branches import AT_ONCE
from domain.errors import NotFound, NotYours, Refused, RemarkMissing, WrongState
from domain.messages import BranchMoved
from domain.people import AccessRole
from domain.programme import Act, ProgrammeState
from tests.builders import (
    APPROVER,
    DAY,
    NOW,
    a_cycle,
    a_planned_item,
    a_planned_result,
    an_actor,
    the_curator,
    the_director,
)
from tests.nested_builders import (
    DEMAND,
    a_release,
    actions,
    an_answer,
    an_entry_of,
    an_excuse,
    an_upper_cycle,
    answered,
    came,
    invited,
    is_done,
    joined,
    reports_row,
    status_of,
    the_moves,
    told,
)

# Invitations


def test_branches_are_numbered_in_the_order_of_their_invitation() -> None:
    cycle = invited(an_upper_cycle(), "school9", "school8")
    assert [(one.n, one.below_id) for one in cycle.branches[3:]] == [(4, "school9"), (5, "school8")]
    assert {one.stage for one in cycle.branches} == {"invited"}


def test_who_is_invited_again_stays_as_it_was() -> None:
    cycle = joined(an_upper_cycle(), 2)
    assert invited(cycle, "school2", "school1") == cycle
    assert [one.n for one in invited(cycle, "school2", "school4", "school4").branches] == [
        1,
        2,
        3,
        4,
    ]


def test_an_organisation_that_left_is_invited_as_a_new_branch() -> None:
    cycle = an_upper_cycle().branch_released(a_release(1), NOW)
    again = invited(cycle, "school1")
    assert [(one.n, one.stage) for one in again.branches if one.below_id == "school1"] == [
        (1, "left"),
        (4, "invited"),
    ]


@pytest.mark.parametrize(
    ("cycle", "below", "refusal"),
    [
        (a_cycle(), "school1", WrongState),  # its roadmap has no level below
        (an_upper_cycle(), "org", WrongState),  # itself
        (an_upper_cycle().changed(closed=True), "school1", WrongState),
    ],
)
def test_who_cannot_be_invited(cycle: ProgrammeState, below: str, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        cycle.check_can_invite(Invite(by=the_curator(), below_ids=(below,)))


def test_the_level_below_is_the_offices_matter() -> None:
    cycle, by = an_upper_cycle(), the_director()
    with pytest.raises(NotYours):
        cycle.check_can_invite(Invite(by=by, below_ids=("school7",)))
    with pytest.raises(NotYours):
        cycle.check_can_excuse(an_excuse(by=by))
    with pytest.raises(NotYours):
        cycle.check_can_enter(an_entry_of(by=by))
    with pytest.raises(NotYours):
        cycle.check_can_release(a_release(by=by))


# What comes from below


def test_a_branch_moves_forward_only() -> None:
    cycle = joined(an_upper_cycle(), 1)
    closed = cycle.branch_moved(BranchMoved(n=1, stage="closed"), NOW)
    assert closed.branch(1).stage == "closed"
    assert joined(closed, 1) == closed
    assert joined(cycle, 1) == cycle


@pytest.mark.parametrize(("n", "stage"), [(0, "joined"), (4, "joined"), (1, "left"), (1, "gone")])
def test_what_no_branch_can_say_changes_nothing(n: int, stage: str) -> None:
    cycle = an_upper_cycle()
    assert cycle.branch_moved(BranchMoved(n=n, stage=stage), NOW) == cycle


def test_a_report_is_heard_once() -> None:
    cycle = came(an_upper_cycle(), 2)
    assert status_of(cycle, 2) == "sent"
    assert cycle.branch(2).stage == "joined"  # its first word comes after this one
    assert actions(joined(cycle, 2)).count("branch_joined") == 1
    assert came(cycle, 2) == cycle
    assert actions(cycle).count("report_received") == 1


def test_an_earlier_version_after_a_later_one_changes_nothing() -> None:
    cycle = came(an_upper_cycle(), 2, version=2)
    assert came(cycle, 2, version=1) == cycle


def test_a_report_that_nobody_checks_counts_as_it_comes() -> None:
    reports = a_planned_result(id="reports", proof="reports", demand=DEMAND, checked=False)
    rows = (reports_row(results=(reports,)), a_planned_item(id="2"))
    cycle = came(joined(an_upper_cycle(*rows), 1, 2, 3), 1, 2)
    assert (status_of(cycle, 1), is_done(cycle)) == ("accepted", False)
    cycle = came(came(cycle, 1, 3), 3)
    assert is_done(cycle)
    assert actions(cycle).count("report_accepted") == 3
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    assert [answer.n for answer in move.answers] == [1, 2, 3]


@pytest.mark.parametrize("n", [0, 4])
def test_a_report_of_no_branch_changes_nothing(n: int) -> None:
    cycle = an_upper_cycle()
    assert came(cycle, n) == cycle


def test_the_row_is_proved_when_all_have_reported_and_were_accepted() -> None:
    cycle = came(an_upper_cycle(), 1, 2, 3)
    assert not is_done(answered(cycle, 1, 2))
    assert is_done(answered(cycle, 1, 2, 3))
    assert actions(answered(cycle, 1, 2, 3)).count("report_accepted") == 3


def test_nobody_was_invited_so_nothing_is_proved() -> None:
    cycle = an_upper_cycle(branches=0)
    assert not is_done(cycle.advanced(NOW + 100 * DAY))
    (task, _) = cycle.tasks()
    assert (task.kind, task.refs["missing"]) == ("gather_reports", "0")


def test_a_branch_that_never_reports_keeps_the_row_open_and_is_escalated() -> None:
    cycle = answered(came(an_upper_cycle(), 1, 2), 1, 2)
    after = cycle.advanced(NOW + 200 * DAY)
    assert not is_done(after)
    kinds = {n.kind for n in after.notices_due(NOW + 200 * DAY) if n.task_id.endswith("/reports")}
    assert kinds == {"reminder", "escalation"}


def test_rows_that_wait_for_the_reports_open_with_the_last_answer() -> None:
    summary = a_planned_item(id="2", after=("1",))
    cycle = came(an_upper_cycle(reports_row(), summary), 1, 2, 3)
    assert [item.open for item in answered(cycle, 1, 2).items] == [True, False]
    assert [item.open for item in answered(cycle, 1, 2, 3).items] == [True, True]


def test_each_turn_has_reports_of_its_own() -> None:
    rows = (reports_row(), reports_row(id="1@2", step="1", turn=2))
    turns = (NOW - 30 * DAY, NOW - DAY)
    cycle = answered(came(an_upper_cycle(*rows, branches=1, turns=turns), 1), 1)
    assert (is_done(cycle, "1"), is_done(cycle, "1@2")) == (True, False)
    second = came(cycle, 1, turn=2)
    assert second.branch(1).reports["yearly@2"].status == "sent"
    done = second.reports_answered(an_answer(1, turn=2), NOW)
    assert is_done(done, "1@2")


# Answers


def test_only_the_returned_branch_opens_again() -> None:
    cycle = answered(came(an_upper_cycle(), 1, 2, 3), 1, 3)
    returned = told(answered(cycle, 2, accepted=False))
    assert [status_of(returned, n) for n in (1, 2, 3)] == ["accepted", "returned", "accepted"]
    again = came(returned, 2, version=2)
    assert [status_of(again, n) for n in (1, 2, 3)] == ["accepted", "sent", "accepted"]
    assert is_done(answered(again, 2))


def test_a_report_is_returned_with_words() -> None:
    cycle = came(an_upper_cycle(), 1)
    with pytest.raises(RemarkMissing):
        cycle.check_can_answer(an_answer(1, accepted=False, note_id=None))
    cycle.check_can_answer(an_answer(1, accepted=False))


@pytest.mark.parametrize(
    ("numbers", "refusal"), [((1, 2), WrongState), ((4,), NotFound), ((0,), NotFound)]
)
def test_what_did_not_come_is_not_answered_all_or_none(
    numbers: tuple[int, ...], refusal: type[Refused]
) -> None:
    cycle = came(an_upper_cycle(), 1)
    with pytest.raises(refusal):
        cycle.check_can_answer(an_answer(*numbers))


def test_what_was_answered_is_not_answered_again() -> None:
    cycle = answered(came(an_upper_cycle(), 1), 1)
    with pytest.raises(WrongState):
        cycle.check_can_answer(an_answer(1, accepted=False))


def test_whoever_leads_the_row_answers_and_no_stranger() -> None:
    cycle = came(an_upper_cycle(reports_row(lead=APPROVER), a_planned_item(id="2")), 1)
    cycle.check_can_answer(an_answer(1, by=the_director()))
    with pytest.raises(NotYours):
        cycle.check_can_answer(an_answer(1, by=an_actor("p-other")))
    with pytest.raises(NotYours):
        cycle.check_can_answer(an_answer(1, by=an_actor("p-other", role=AccessRole.AUDITOR)))


def test_each_answer_is_told_once() -> None:
    cycle = answered(came(an_upper_cycle(), 1, 2), 1, 2)
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    assert [answer.n for answer in move.answers] == [1, 2]
    after = cycle.answers_told(move.answers)
    assert the_moves(after, Act.TELL_ANSWERS) == []
    fact = cycle.fact_for(move.answers[0])
    assert (fact.demand, fact.turn, fact.version, fact.status) == (DEMAND, 1, 1, "accepted")


def test_an_answer_that_changed_while_it_was_told_is_told_again() -> None:
    cycle = answered(came(an_upper_cycle(), 1), 1, accepted=False)
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    anew = answered(came(cycle, 1, version=2), 1)
    after = anew.answers_told(move.answers)
    (again,) = the_moves(after, Act.TELL_ANSWERS)
    assert [answer.standing.status for answer in again.answers] == ["accepted"]


def test_so_many_are_told_side_by_side_and_no_more() -> None:
    many = range(1, AT_ONCE + 31)
    cycle = came(an_upper_cycle(branches=len(many)), *many)
    cycle = answered(cycle, *many)
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    assert len(move.answers) == AT_ONCE
    (rest,) = the_moves(cycle.answers_told(move.answers), Act.TELL_ANSWERS)
    assert len(rest.answers) == 30


def test_a_cycle_that_has_closed_stays_until_all_answers_are_told() -> None:
    cycle = answered(came(an_upper_cycle(reports_row(), branches=1), 1), 1)
    assert (cycle.closed, cycle.is_finished()) == (True, False)
    assert told(cycle).is_finished()
