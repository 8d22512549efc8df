"""Cycles below and above each other, for tests."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from typing import Any

from domain.branch_wishes import AnswerReports, EnterReport, Excuse, Invite, ReleaseBranch
from domain.messages import BranchMoved, Reminded, ReportAnswered, ReportReceived
from domain.planning import PlannedItem
from domain.programme import Act, CycleMove, ProgrammeState
from domain.reporting import Status
from domain.upper import SendReport, Upper
from tests.builders import (
    NOW,
    a_new_cycle,
    a_plan,
    a_planned_item,
    a_planned_result,
    the_curator,
)

DEMAND = "yearly"
WHERE = "yearly@1"


def reports_row(**fields: Any) -> PlannedItem:
    """The upper row that the reports of all branches prove."""
    reports = a_planned_result(id="reports", proof="reports", demand=DEMAND)
    return a_planned_item(**{"scope": "organisations", "results": (reports,), **fields})


def report_row(**fields: Any) -> PlannedItem:
    """The lower row that is proved by an accepted report."""
    report = a_planned_result(id="report", proof="report", demand=DEMAND)
    return a_planned_item(**{"results": (report,), **fields})


def an_upper_cycle(*items: PlannedItem, branches: int = 3, **plan: Any) -> ProgrammeState:
    """A running cycle that has invited so many; its last row keeps it open."""
    rows = items or (reports_row(), a_planned_item(id="2"))
    cycle = a_new_cycle().planned(a_plan(*rows, **{"below": "school", **plan}), NOW)
    return invited(cycle, *(f"school{n}" for n in range(1, branches + 1))) if branches else cycle


def a_lower_cycle(*items: PlannedItem, **plan: Any) -> ProgrammeState:
    """A running cycle that is the second branch of `an_upper_cycle`."""
    new = a_new_cycle(cycle_id="c2", upper=Upper(cycle_id="c1", n=2))
    rows = items or (report_row(), a_planned_item(id="2"))
    return new.planned(a_plan(*rows, **plan), NOW)


def invited(cycle: ProgrammeState, *below_ids: str) -> ProgrammeState:
    return cycle.branches_invited(Invite(by=the_curator(), below_ids=below_ids), NOW)


def joined(cycle: ProgrammeState, *numbers: int) -> ProgrammeState:
    for n in numbers:
        cycle = cycle.branch_moved(BranchMoved(n=n, stage="joined"), NOW)
    return cycle


def came(cycle: ProgrammeState, *numbers: int, version: int = 1, turn: int = 1) -> ProgrammeState:
    """The upper cycle after these branches have sent their reports."""
    for n in numbers:
        fact = ReportReceived(n=n, demand=DEMAND, turn=turn, version=version)
        cycle = cycle.report_received(fact, NOW)
    return cycle


def an_answer(*numbers: int, accepted: bool = True, **fields: Any) -> AnswerReports:
    known = {
        "by": the_curator(),
        "demand": DEMAND,
        "branches": numbers,
        "accepted": accepted,
        "note_id": None if accepted else "remark1",
    }
    return AnswerReports(**{**known, **fields})


def answered(cycle: ProgrammeState, *numbers: int, accepted: bool = True) -> ProgrammeState:
    return cycle.reports_answered(an_answer(*numbers, accepted=accepted), NOW)


def an_excuse(n: int = 1, **fields: Any) -> Excuse:
    return Excuse(**{"by": the_curator(), "n": n, "demand": DEMAND, "note_id": "why", **fields})


def an_entry_of(n: int = 1, version: int = 1, **fields: Any) -> EnterReport:
    known = {"by": the_curator(), "n": n, "demand": DEMAND, "version": version}
    return EnterReport(**{**known, **fields})


def a_release(n: int = 1, **fields: Any) -> ReleaseBranch:
    return ReleaseBranch(**{"by": the_curator(), "n": n, "note_id": "why", **fields})


def heard(
    cycle: ProgrammeState, status: Status, version: int = 1, came: int | None = None
) -> ProgrammeState:
    """The lower cycle after it heard what became of its report; all versions `came` from it."""
    own = version if came is None else came
    fact = ReportAnswered(
        demand=DEMAND, turn=1, version=version, came=own, status=status, note_id="remark1"
    )
    return cycle.report_answered(fact, NOW)


def sent(cycle: ProgrammeState, version: int = 1, *, taken: bool = True) -> ProgrammeState:
    """The lower cycle after the report that it wants to file was filed and sent."""
    (filing,) = cycle.to_file()
    return cycle.report_sent(filing, version, NOW, heard=taken)


def corrected(cycle: ProgrammeState) -> ProgrammeState:
    wish = SendReport(by=the_curator(), item="1", result="report")
    cycle.check_can_send_report(wish)
    return cycle.report_corrected(wish, NOW)


def a_reminder(kind: str = "reminder") -> Reminded:
    return Reminded(demand=DEMAND, turn=1, kind=kind)


def the_moves(cycle: ProgrammeState, act: Act) -> list[CycleMove]:
    return [move for move in cycle.next_moves(NOW) if move.act is act]


def actions(cycle: ProgrammeState) -> list[str]:
    """What the events of a cycle that was never saved say."""
    return [event.action for event in cycle.unsaved]


def is_done(cycle: ProgrammeState, item_id: str = "1") -> bool:
    return next(item.done for item in cycle.items if item.id == item_id)


def told(cycle: ProgrammeState) -> ProgrammeState:
    """The cycle after it has told all answers."""
    for move in the_moves(cycle, Act.TELL_ANSWERS):
        cycle = cycle.answers_told(move.answers)
    return cycle


def status_of(cycle: ProgrammeState, n: int, where: str = WHERE) -> str | None:
    """How its report stands in the upper cycle."""
    standing = cycle.branch(n).reports.get(where)
    return standing.status if standing else None
