"""The cycle above a cycle, as the lower one sees it."""

from datetime import date

import pytest

from domain.errors import BadDate, NotAdaptable, NotFound, NotYours, WrongState
from domain.evidence import ReportSent
from domain.messages import BranchLeft
from domain.programme import Act, ProgrammeState
from domain.reporting import Status
from domain.row_changes import MarkNotApplicable
from domain.upper import SendReport, Upper
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    NOW,
    TODAY,
    a_cycle,
    a_new_cycle,
    a_plan,
    a_planned_item,
    a_planned_result,
    a_record,
    an_actor,
    the_curator,
)
from tests.nested_builders import (
    WHERE,
    a_lower_cycle,
    a_reminder,
    actions,
    corrected,
    heard,
    is_done,
    report_row,
    sent,
    the_moves,
)


def status(cycle: ProgrammeState) -> str | None:
    standing = cycle.reports.get(WHERE)
    return standing.status if standing else None


def by_hand(cycle: ProgrammeState, day: date = TODAY) -> ProgrammeState:
    """The cycle after somebody said that the report was sent."""
    evidence = ReportSent(day=day, evidence_id="e1")
    wish = a_record(evidence, result="report")
    cycle.check_can_record(wish, TODAY)
    return cycle.result_recorded(wish, NOW)


# The way up


def test_the_cycle_above_hears_that_this_one_has_joined_and_later_that_it_closed() -> None:
    cycle = a_lower_cycle(report_row())
    (move,) = the_moves(cycle, Act.TELL_UPPER)
    assert move.subject == "joined"
    assert (cycle.moved_for("joined").n, cycle.moved_for("joined").stage) == (2, "joined")
    told = cycle.upper_told("joined")
    assert the_moves(told, Act.TELL_UPPER) == []
    closed = heard(sent(told), "accepted")
    assert closed.closed
    (move,) = the_moves(closed, Act.TELL_UPPER)
    assert move.subject == "closed"
    assert not closed.is_finished()
    assert closed.upper_told("closed").is_finished()


def test_a_report_goes_up_as_soon_as_it_is_ready_and_once() -> None:
    first = a_planned_result(id="form", proof="remark")
    report = a_planned_result(id="report", proof="report", demand="yearly", after=("form",))
    waiting = a_lower_cycle(report_row(results=(first, report)))
    assert the_moves(waiting, Act.FILE_REPORT) == []
    cycle = a_lower_cycle()
    (move,) = the_moves(cycle, Act.FILE_REPORT)
    assert move.filing is not None
    assert (move.filing.above, move.filing.where) == (0, WHERE)
    after = sent(cycle)
    assert the_moves(after, Act.FILE_REPORT) == []
    assert (status(after), is_done(after)) == ("sent", False)


def test_nobody_is_asked_for_a_report_that_goes_by_itself() -> None:
    assert [task.refs["item"] for task in a_lower_cycle().tasks()] == ["2"]
    assert [task.refs["item"] for task in sent(a_lower_cycle()).tasks()] == ["2"]


def test_the_turn_of_the_cycle_above_is_counted_from_where_this_one_joined() -> None:
    new = a_new_cycle(cycle_id="c2", upper=Upper(cycle_id="c1", n=2, turn=3))
    cycle = new.planned(a_plan(report_row(), a_planned_item(id="2")), NOW)
    (filing,) = cycle.to_file()
    assert (filing.turn, filing.upper_turn) == (1, 3)
    assert cycle.sent_as(filing.where, 1).turn == 3


# Answers


@pytest.mark.parametrize(
    ("answer", "event"),
    [
        ("accepted", "report_accepted"),
        ("excused", "report_excused"),
        ("late", "sent_after_closing"),
    ],
)
def test_a_final_answer_closes_the_result_and_says_which(answer: Status, event: str) -> None:
    cycle = heard(sent(a_lower_cycle()), answer)
    assert is_done(cycle)
    assert actions(cycle)[-2:] == [event, "result_proved"]
    assert heard(cycle, answer) == cycle
    assert heard(cycle, "returned") == cycle


def test_a_returned_report_is_corrected_and_sent_again() -> None:
    cycle = heard(sent(a_lower_cycle()), "returned")
    (task, _) = cycle.tasks()
    assert (task.kind, task.assignee, task.refs["note"]) == ("correct_report", CURATOR, "remark1")
    again = corrected(cycle)
    assert [task.kind for task in again.tasks()] == ["record_result"]
    (filing,) = again.to_file()
    assert filing.above == 1
    done = heard(sent(again, 2), "accepted", version=2)
    assert is_done(done)


def test_what_was_returned_before_the_cycle_knew_that_it_was_sent_is_sent_anew() -> None:
    """It came back from a save that was older than its report."""
    again = corrected(heard(a_lower_cycle(), "returned"))
    (filing,) = again.to_file()
    assert filing.above == 1


def test_a_remark_on_what_was_corrected_meanwhile_changes_nothing() -> None:
    cycle = corrected(heard(sent(a_lower_cycle()), "returned"))
    assert heard(cycle, "returned") == cycle
    later = sent(cycle, 2)
    assert heard(later, "returned") == later
    assert heard(later, "accepted", version=1) == later


def test_an_answer_that_comes_before_the_word_that_it_was_sent_is_kept() -> None:
    cycle = a_lower_cycle()
    (filing,) = cycle.to_file()
    early = heard(cycle, "late")
    after = early.report_sent(filing, 1, NOW, heard=True)
    assert (status(after), is_done(after)) == ("late", True)


def test_of_each_version_it_is_said_once_that_it_was_sent_whatever_is_heard_first() -> None:
    """The word of a report may be lost with Temporal's data, when it was answered already."""
    cycle = heard(a_lower_cycle(), "returned")
    assert actions(cycle)[-2:] == ["report_sent", "report_returned"]
    again = corrected(cycle)
    (filing,) = again.to_file()
    assert (filing.above, the_moves(again, Act.FILE_REPORT)[0].filing) == (1, filing)
    done = heard(again, "accepted", version=2).report_sent(filing, 2, NOW, heard=True)
    assert actions(done).count("report_sent") == 2
    assert (status(done), is_done(done)) == ("accepted", True)


def test_figures_that_were_entered_above_were_not_sent_from_here() -> None:
    cycle = heard(a_lower_cycle(), "accepted", came=0)
    assert (actions(cycle).count("report_sent"), is_done(cycle)) == (0, True)
    own = heard(sent(a_lower_cycle()), "accepted", version=2, came=1)
    assert actions(own).count("report_sent") == 1


def test_a_report_that_was_accepted_is_not_late_as_nobody_hears_of_it_again() -> None:
    """It came back from a save that was older than its report, and the cycle above has closed."""
    cycle = a_lower_cycle()
    (filing,) = cycle.to_file()
    after = heard(cycle, "accepted").report_sent(filing, 1, NOW, heard=False)
    assert (status(after), actions(after).count("sent_after_closing")) == ("accepted", 0)


def test_a_report_to_a_cycle_that_has_closed_closes_the_result() -> None:
    cycle = sent(a_lower_cycle(), taken=False)
    assert (status(cycle), is_done(cycle)) == ("late", True)
    assert actions(cycle)[-3:] == ["report_sent", "sent_after_closing", "result_proved"]


def test_who_is_excused_before_the_report_was_due_sends_none() -> None:
    row = report_row(opens=NOW + 10 * DAY)
    cycle = heard(a_lower_cycle(row, a_planned_item(id="2")), "excused", version=0)
    assert not is_done(cycle)
    later = cycle.advanced(NOW + 11 * DAY)
    assert is_done(later)
    assert later.to_file() == ()


def test_an_answer_to_a_cycle_without_one_above_changes_nothing() -> None:
    cycle = a_cycle(report_row())
    assert heard(cycle, "accepted") == cycle
    assert cycle.reminded(a_reminder(), NOW) == cycle


# What people may do


def test_only_what_was_returned_is_sent_again() -> None:
    wish = SendReport(by=the_curator(), item="1", result="report")
    with pytest.raises(WrongState):
        sent(a_lower_cycle()).check_can_send_report(wish)
    with pytest.raises(NotFound):
        a_lower_cycle().check_can_send_report(wish.changed(item="2"))
    returned = heard(sent(a_lower_cycle()), "returned")
    with pytest.raises(NotYours):
        returned.check_can_send_report(wish.changed(by=an_actor("p-other")))
    with pytest.raises(WrongState):
        returned.changed(closed=True).check_can_send_report(wish)


def test_the_lead_of_the_row_may_send_it_again() -> None:
    row = report_row(lead=APPROVER)
    returned = heard(sent(a_lower_cycle(row, a_planned_item(id="2"))), "returned")
    wish = SendReport(by=an_actor(APPROVER), item="1", result="report")
    returned.check_can_send_report(wish)


def test_a_report_to_a_cycle_above_is_not_said_to_be_sent_by_hand() -> None:
    with pytest.raises(WrongState):
        by_hand(a_lower_cycle())


def test_without_a_cycle_above_a_person_says_when_and_how_it_was_sent() -> None:
    alone = a_cycle(report_row(), a_planned_item(id="2"))
    assert [task.refs["proof"] for task in alone.tasks()] == ["report", "number"]
    assert alone.to_file() == ()
    assert is_done(by_hand(alone))
    with pytest.raises(BadDate):
        by_hand(alone, TODAY + 2 * DAY)


# Reminders


@pytest.mark.parametrize("kind", ["reminder", "escalation"])
def test_a_reminder_from_above_is_told_once_to_lead_and_curator(kind: str) -> None:
    row = report_row(lead=APPROVER, opens=NOW + 10 * DAY)
    cycle = a_lower_cycle(row, a_planned_item(id="2"))
    told = cycle.reminded(a_reminder(kind), NOW)
    assert [(n.recipient, n.kind) for n in told.news] == [(APPROVER, kind), (CURATOR, kind)]
    assert told.reminded(a_reminder(kind), NOW) == told
    sent_out = told.noticed(told.news, NOW)
    assert sent_out.news == ()
    assert sent_out.reminded(a_reminder(kind), NOW) == sent_out


def test_a_deadline_that_was_moved_above_is_reminded_of_anew() -> None:
    once = a_lower_cycle().reminded(a_reminder().changed(due=NOW + DAY), NOW)
    once = once.noticed(once.news, NOW)
    again = once.reminded(a_reminder().changed(due=NOW + 9 * DAY), NOW)
    assert len({notice.key for notice in again.news}) == 1
    assert once.reminded(a_reminder().changed(due=NOW + DAY), NOW) == once


def test_who_has_sent_a_report_is_not_reminded_of_it() -> None:
    cycle = sent(a_lower_cycle())
    assert cycle.reminded(a_reminder(), NOW) == cycle
    assert heard(cycle, "returned").reminded(a_reminder(), NOW).news


# Leaving the cycle above


def left(cycle: ProgrammeState) -> ProgrammeState:
    return cycle.branch_left(BranchLeft(note_id="why"), NOW)


def test_who_left_says_so_with_the_reason_and_once() -> None:
    cycle = left(a_lower_cycle())
    assert (actions(cycle)[-1], cycle.unsaved[-1].note_id) == ("left_upper", "why")
    assert left(cycle) == cycle
    alone = a_cycle(a_planned_item())
    assert left(alone) == alone


def test_after_leaving_no_limit_of_the_cycle_above_binds() -> None:
    wish = MarkNotApplicable(by=the_curator(), note_id="why", item="2")
    with pytest.raises(NotAdaptable):
        a_lower_cycle().check_can_skip(wish)
    left(a_lower_cycle()).check_can_skip(wish)


@pytest.mark.parametrize("returned", [False, True])
def test_what_had_gone_up_when_it_left_closes_its_row(returned: bool) -> None:
    cycle = sent(a_lower_cycle())
    gone = left(heard(cycle, "returned") if returned else cycle)
    assert (is_done(gone), status(gone)) == (True, "late")
    assert heard(gone, "late") == gone


def test_what_was_to_be_sent_again_is_sent_nowhere() -> None:
    gone = left(corrected(heard(sent(a_lower_cycle()), "returned")))
    assert (is_done(gone), the_moves(gone, Act.FILE_REPORT)) == (True, [])


def test_what_had_not_gone_up_is_proved_as_where_there_is_no_superior() -> None:
    gone = left(a_lower_cycle())
    assert (is_done(gone), the_moves(gone, Act.FILE_REPORT)) == (False, [])
    assert [task.kind for task in gone.item_tasks() if task.refs["item"] == "1"] == [
        "record_result"
    ]
    assert is_done(by_hand(gone))


def test_a_report_on_its_way_up_while_it_left_closes_its_row() -> None:
    cycle = a_lower_cycle()
    (filing,) = cycle.to_file()
    gone = left(cycle).report_sent(filing, 1, NOW, heard=True)
    assert (is_done(gone), status(gone)) == (True, "late")


def test_who_left_tells_the_cycle_above_nothing_more_and_is_not_reminded() -> None:
    gone = left(a_lower_cycle().upper_told("joined"))
    assert gone.reminded(a_reminder(), NOW) == gone
    closed = by_hand(gone).row_skipped(
        MarkNotApplicable(by=the_curator(), note_id="why", item="2"), NOW
    )
    assert (closed.closed, closed.is_finished()) == (True, True)
