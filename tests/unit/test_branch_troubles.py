"""What goes wrong between a cycle and those below it, and who is reminded."""

import pytest

from domain.branch_wishes import AnswerReports
from domain.errors import NotFound, Refused, RemarkMissing, StaleVersion, WrongState
from domain.messages import ReportReceived
from domain.programme import Act, ProgrammeState
from domain.row_changes import MarkApplicable, MarkNotApplicable, MoveDeadline
from tests.builders import DAY, NOW, a_planned_item, the_curator
from tests.nested_builders import (
    a_release,
    actions,
    an_answer,
    an_entry_of,
    an_excuse,
    an_upper_cycle,
    answered,
    came,
    is_done,
    joined,
    reports_row,
    status_of,
    the_moves,
    told,
)


def test_a_report_after_the_row_is_done_is_answered_late() -> None:
    excused = an_upper_cycle(branches=1).report_excused(an_excuse(1), NOW)
    assert is_done(excused)
    late = came(joined(excused, 1), 1)
    assert status_of(late, 1) == "late"
    (move,) = the_moves(late, Act.TELL_ANSWERS)
    assert move.answers[0].standing.status == "late"
    assert is_done(late)


def test_a_report_that_nobody_asks_for_is_answered_late() -> None:
    fact = ReportReceived(n=1, demand="another", turn=1, version=1)
    cycle = an_upper_cycle().report_received(fact, NOW)
    assert cycle.branch(1).reports["another@1"].status == "late"


@pytest.mark.parametrize("accepted", [None, False])
def test_what_came_is_answered_late_when_its_row_does_not_apply(accepted: bool | None) -> None:
    """Nobody would answer it, or look at its correction: no cycle below waits for that."""
    cycle = came(an_upper_cycle(), 1)
    if accepted is not None:
        cycle = told(answered(cycle, 1, accepted=accepted))
    skipped = cycle.row_skipped(MarkNotApplicable(by=the_curator(), item="1", note_id="why"), NOW)
    assert status_of(skipped, 1) == "late"
    assert actions(skipped)[-2:] == ["row_skipped", "report_came_late"]
    (move,) = the_moves(skipped, Act.TELL_ANSWERS)
    assert [answer.standing.status for answer in move.answers] == ["late"]


def test_what_was_turned_away_waits_for_an_answer_when_its_row_is_asked_for_again() -> None:
    """Its row below is closed: it can be accepted, but not corrected there."""
    cycle = came(an_upper_cycle(branches=2), 1)
    skipped = told(
        cycle.row_skipped(MarkNotApplicable(by=the_curator(), item="1", note_id="why"), NOW)
    )
    skipped = told(came(skipped, 2))
    again = skipped.row_resumed(MarkApplicable(by=the_curator(), item="1", note_id="why"), NOW)
    assert ([status_of(again, n) for n in (1, 2)], is_done(again)) == (["sent", "sent"], False)
    with pytest.raises(WrongState):
        again.check_can_answer(an_answer(1, accepted=False))
    again.check_can_answer(an_answer(1, 2))
    assert is_done(answered(again, 1, 2))


def test_what_crosses_an_excuse_that_was_told_is_accepted_but_not_returned() -> None:
    cycle = told(joined(an_upper_cycle(), 1).report_excused(an_excuse(1), NOW))
    crossed = came(cycle, 1)
    with pytest.raises(WrongState):
        crossed.check_can_answer(an_answer(1, accepted=False))
    assert status_of(answered(crossed, 1), 1) == "accepted"


def test_what_crosses_an_excuse_on_its_way_down_is_not_returned_either() -> None:
    cycle = joined(an_upper_cycle(), 1).report_excused(an_excuse(1), NOW)
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    crossed = came(cycle, 1).answers_told(move.answers)
    assert status_of(crossed, 1) == "sent"
    with pytest.raises(WrongState):
        crossed.check_can_answer(an_answer(1, accepted=False))


def test_an_organisation_that_leaves_in_mid_year_is_not_waited_for() -> None:
    cycle = answered(came(joined(an_upper_cycle(), 3), 1, 2), 1, 2)
    left = cycle.branch_released(a_release(3), NOW)
    assert (left.branch(3).stage, is_done(left)) == ("left", True)
    assert joined(left, 3).branch(3).stage == "left"
    with pytest.raises(WrongState):
        left.check_can_release(a_release(3))


def test_what_an_organisation_sent_before_it_left_or_after_is_answered_late() -> None:
    left = came(an_upper_cycle(), 1).branch_released(a_release(1), NOW)
    assert status_of(left, 1) == "late"
    returned = told(answered(came(an_upper_cycle(), 1), 1, accepted=False))
    assert status_of(returned.branch_released(a_release(1), NOW), 1) == "late"
    after = came(an_upper_cycle().branch_released(a_release(1), NOW), 1)
    assert (status_of(after, 1), after.branch(1).stage) == ("late", "left")


def test_a_cycle_below_is_told_with_the_reason_that_it_left_and_once() -> None:
    left = joined(an_upper_cycle(), 1, 3).branch_released(a_release(3, note_id="why3"), NOW)
    (move,) = the_moves(left, Act.TELL_LEAVES)
    assert [(one.n, left.leave_for(one).note_id) for one in move.leaves] == [(3, "why3")]
    assert the_moves(left.leaves_told(move.leaves), Act.TELL_LEAVES) == []


def test_who_launched_no_cycle_needs_no_word_that_it_left() -> None:
    left = an_upper_cycle().branch_released(a_release(3), NOW)
    assert the_moves(left, Act.TELL_LEAVES) == []


def test_a_cycle_that_speaks_after_it_left_is_told_again() -> None:
    left = an_upper_cycle().branch_released(a_release(1), NOW)
    for spoke in (joined(left, 1), came(left, 1)):
        (move,) = the_moves(spoke, Act.TELL_LEAVES)
        assert [one.n for one in move.leaves] == [1]
        again = joined(spoke, 1).leaves_told(move.leaves)  # it spoke while it was told
        (move,) = the_moves(again, Act.TELL_LEAVES)
        assert the_moves(again.leaves_told(move.leaves), Act.TELL_LEAVES) == []


def test_a_cycle_that_has_closed_stays_until_those_that_left_are_told() -> None:
    cycle = joined(an_upper_cycle(reports_row(), branches=1), 1)
    closed = cycle.branch_released(a_release(1), NOW)
    (move,) = the_moves(closed, Act.TELL_LEAVES)
    assert (closed.closed, closed.is_finished()) == (True, False)
    assert closed.leaves_told(move.leaves).is_finished()


@pytest.mark.parametrize("version", [1, 2])
def test_figures_that_are_known_are_not_entered_again(version: int) -> None:
    cycle = came(an_upper_cycle(), 1, version=2)
    with pytest.raises(StaleVersion):
        cycle.check_can_enter(an_entry_of(1, version))
    cycle.check_can_enter(an_entry_of(1, 3))


def test_what_was_entered_in_its_place_counts_and_nobody_is_told() -> None:
    outside = an_upper_cycle(branches=1).report_entered(an_entry_of(1), NOW)
    assert (status_of(outside, 1), is_done(outside)) == ("accepted", True)
    assert the_moves(outside, Act.TELL_ANSWERS) == []


@pytest.mark.parametrize("word", ["joined", "report"])
def test_who_launches_later_hears_what_was_settled_in_its_place(word: str) -> None:
    """Its own report would have to be answered again, or come too late."""
    cycle = an_upper_cycle().report_entered(an_entry_of(1), NOW)
    assert the_moves(cycle, Act.TELL_ANSWERS) == []
    there = joined(cycle, 1) if word == "joined" else came(cycle, 1)
    (move,) = the_moves(there, Act.TELL_ANSWERS)
    assert (move.answers[0].standing.status, move.answers[0].standing.came) == ("accepted", 0)


def test_a_cycle_below_hears_that_figures_were_entered_in_its_place() -> None:
    cycle = joined(an_upper_cycle(), 1).report_entered(an_entry_of(1), NOW)
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    assert move.answers[0].standing.status == "accepted"


def test_who_is_excused_is_not_waited_for_and_may_report_nevertheless() -> None:
    cycle = joined(an_upper_cycle(), 1).report_excused(an_excuse(1), NOW)
    (move,) = the_moves(cycle, Act.TELL_ANSWERS)
    assert move.answers[0].standing.status == "excused"
    assert status_of(came(cycle, 1), 1) == "sent"
    with pytest.raises(WrongState):
        cycle.check_can_excuse(an_excuse(1))


@pytest.mark.parametrize(
    ("cycle", "refusal"),
    [
        (answered(came(an_upper_cycle(), 1), 1), WrongState),
        (an_upper_cycle().branch_released(a_release(1), NOW), WrongState),
        (an_upper_cycle(branches=0), NotFound),
        (an_upper_cycle(a_planned_item()), WrongState),  # nobody asks for it
    ],
)
def test_who_cannot_be_excused(cycle: ProgrammeState, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        cycle.check_can_excuse(an_excuse(1))


def test_excuses_and_leaving_need_words() -> None:
    cycle = an_upper_cycle()
    with pytest.raises(RemarkMissing):
        cycle.check_can_excuse(an_excuse(note_id=None))
    with pytest.raises(RemarkMissing):
        cycle.check_can_release(a_release(note_id=None))


def test_nothing_is_answered_in_a_cycle_that_has_closed() -> None:
    cycle = came(an_upper_cycle(), 1).changed(closed=True)
    with pytest.raises(WrongState):
        cycle.check_can_answer(AnswerReports(**dict(an_answer(1))))


# Reminders


def test_a_reminder_goes_once_to_those_whose_report_is_missing() -> None:
    cycle = came(joined(an_upper_cycle(branches=4), 1, 2, 3), 2)
    assert cycle.to_remind(NOW) == ()
    eve = NOW + 29 * DAY
    (missing,) = cycle.to_remind(eve)
    assert (missing.kind, missing.branches) == ("reminder", (1, 3))  # 4 has no cycle yet
    after = cycle.reminded_below(missing, eve)
    assert after.to_remind(eve) == ()
    (escalation,) = after.to_remind(NOW + 30 * DAY)
    assert escalation.kind == "escalation"


def test_a_deadline_that_was_moved_is_reminded_of_anew() -> None:
    cycle, eve = joined(an_upper_cycle(branches=1), 1), NOW + 29 * DAY
    (before,) = cycle.to_remind(eve)
    later = NOW + 60 * DAY
    wish = MoveDeadline(by=the_curator(), item="1", note_id="why", due=later)
    after = cycle.reminded_below(before, eve).deadline_moved(wish, eve)
    assert after.to_remind(later - 2 * DAY) == ()
    (again,) = after.to_remind(later - DAY)
    assert (again.kind, after.reminder_for(again).due) == ("reminder", later)


def test_a_returned_report_is_reminded_of_too() -> None:
    cycle = answered(came(an_upper_cycle(branches=1), 1), 1, accepted=False)
    (missing,) = cycle.to_remind(NOW + 29 * DAY)
    assert missing.branches == (1,)


def test_the_cycle_wakes_when_a_reminder_falls_due() -> None:
    assert an_upper_cycle().next_moment(NOW) == NOW + 29 * DAY
