"""Rows at work: when they open, who may prove a result, and what proves it."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import (
    BadDate,
    NotFound,
    NotYours,
    ProofMissing,
    Refused,
    TooFewAttended,
    WrongState,
)
from domain.evidence import (
    AnswersCounted,
    EventHeld,
    Evidence,
    IndicatorsGiven,
    LinkGiven,
    NumberReached,
    RemarkGiven,
)
from domain.messages import DocumentSettled
from domain.planning import PlannedResult
from domain.programme import ProgrammeState
from domain.routes import Route
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    NOW,
    TODAY,
    a_cycle,
    a_new_cycle,
    a_planned_item,
    a_planned_result,
    a_record,
    a_stranger,
    an_actor,
    sha,
    the_director,
)

LINK = LinkGiven(day=date(2024, 9, 2), evidence_id="e1")
EVENT = EventHeld(day=date(2024, 9, 2), attendance=3, evidence_id="e1")
NUMBER = NumberReached(number=3, evidence_id="e1")
ANSWERS = AnswersCounted(count=3, evidence_id="e1")
REMARK = RemarkGiven(evidence_id="e1", file_sha256=sha("9"))
PROOFS: list[Evidence] = [LINK, EVENT, NUMBER, ANSWERS, REMARK]


def a_cycle_that_wants(*results: PlannedResult) -> ProgrammeState:
    return a_cycle(a_planned_item(results=results))


def opened(cycle: ProgrammeState) -> list[str]:
    return [item.id for item in cycle.items if item.open]


def done(cycle: ProgrammeState) -> list[str]:
    return [item.id for item in cycle.items if item.done]


# Proofs


@pytest.mark.parametrize("wanted", PROOFS, ids=lambda e: e.proof)
@pytest.mark.parametrize("given", PROOFS, ids=lambda e: e.proof)
def test_a_result_is_proved_by_its_own_kind_of_proof_only(
    wanted: Evidence, given: Evidence
) -> None:
    cycle = a_cycle_that_wants(a_planned_result(proof=wanted.proof), a_planned_result(id="other"))
    wish = a_record(given)
    if given is wanted:
        cycle.check_can_record(wish, TODAY)
        after = cycle.result_recorded(wish, NOW)
        assert [r.done for r in after.items[0].results] == [True, False]
        assert after.items[0].results[0].evidence_id == "e1"
        assert not after.items[0].done
    else:
        with pytest.raises(ProofMissing, match=f"by {wanted.proof}, not by {given.proof}"):
            cycle.check_can_record(wish, TODAY)


def test_no_evidence_stands_in_for_a_document() -> None:
    cycle = a_cycle_that_wants(a_planned_result(proof="document", document="report"))
    for evidence in PROOFS:
        with pytest.raises(ProofMissing):
            cycle.check_can_record(a_record(evidence), TODAY)


@pytest.mark.parametrize(
    "too_few",
    [
        EVENT.changed(attendance=2),
        NUMBER.changed(number=2),
        ANSWERS.changed(count=2),
        NUMBER.changed(number=-3),
    ],
)
def test_too_small_a_number_proves_nothing(too_few: Evidence) -> None:
    cycle = a_cycle_that_wants(a_planned_result(proof=too_few.proof))
    with pytest.raises((ProofMissing, TooFewAttended), match="at least 3"):
        cycle.check_can_record(a_record(too_few), TODAY)


def test_a_remark_needs_a_file_only_where_one_is_demanded() -> None:
    bare = REMARK.changed(file_sha256=None)
    with pytest.raises(ProofMissing, match="needs a file"):
        a_cycle_that_wants(a_planned_result(proof="remark", file=True)).check_can_record(
            a_record(bare), TODAY
        )
    a_cycle_that_wants(a_planned_result(proof="remark")).check_can_record(a_record(bare), TODAY)


# Who, and in which order


def test_an_item_is_done_by_lead_co_executor_or_curator() -> None:
    cycle = a_cycle(a_planned_item(lead=APPROVER, others=("b-council",)))
    cycle.check_can_record(a_record(by=the_director()), TODAY)
    cycle.check_can_record(a_record(by=an_actor("p-member", "b-council")), TODAY)
    cycle.check_can_record(a_record(), TODAY)
    with pytest.raises(NotYours):
        cycle.check_can_record(a_record(by=a_stranger()), TODAY)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [({"item": "7"}, NotFound), ({"result": "unknown"}, WrongState)],
)
def test_what_is_not_there_cannot_be_proved(
    fields: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        a_cycle().check_can_record(a_record(**fields), TODAY)


def test_nothing_is_recorded_before_the_cycle_is_planned() -> None:
    with pytest.raises(WrongState, match="planning"):
        a_new_cycle().check_can_record(a_record(), TODAY)


def test_a_result_waits_for_those_before_it() -> None:
    cycle = a_cycle_that_wants(a_planned_result(id="first"), a_planned_result(after=("first",)))
    assert [task.refs["result"] for task in cycle.tasks()] == ["first"]
    with pytest.raises(WrongState, match="not open"):
        cycle.check_can_record(a_record(), TODAY)
    cycle = cycle.result_recorded(a_record(result="first"), NOW)
    assert [task.refs["result"] for task in cycle.tasks()] == ["done"]
    cycle.check_can_record(a_record(), TODAY)


def test_a_result_is_proved_once() -> None:
    cycle = a_cycle_that_wants(a_planned_result(), a_planned_result(id="other"))
    cycle = cycle.result_recorded(a_record(), NOW)
    with pytest.raises(WrongState, match="not open"):
        cycle.check_can_record(a_record(), TODAY)


def test_a_done_item_takes_no_more_results() -> None:
    cycle = a_cycle(a_planned_item(), a_planned_item(id="2")).result_recorded(a_record(), NOW)
    with pytest.raises(WrongState, match="done"):
        cycle.check_can_record(a_record(), TODAY)


# Opening


def test_an_item_opens_when_its_window_does() -> None:
    cycle = a_cycle(a_planned_item(opens=NOW + DAY))
    assert opened(cycle) == []
    assert cycle.next_moment(NOW) == NOW + DAY
    with pytest.raises(WrongState, match="not open yet"):
        cycle.check_can_record(a_record(), TODAY)
    cycle = cycle.advanced(NOW + DAY)
    assert opened(cycle) == ["1"]
    assert cycle.unsaved[-1].action == "item_opened"
    assert cycle.advanced(NOW + DAY) is cycle


def test_an_item_waits_for_the_rows_before_it() -> None:
    cycle = a_cycle(a_planned_item(), a_planned_item(id="2", after=("1",)))
    assert opened(cycle) == ["1"]
    cycle = cycle.result_recorded(a_record(), NOW)
    assert opened(cycle) == ["1", "2"]


def test_an_item_waits_for_every_organisation_below() -> None:
    cycle = a_cycle(
        a_planned_item(id="1/a", step="1"),
        a_planned_item(id="1/b", step="1"),
        a_planned_item(id="2", after=("1",)),
    )
    cycle = cycle.result_recorded(a_record(item="1/a"), NOW)
    assert "2" not in opened(cycle)
    assert "2" in opened(cycle.result_recorded(a_record(item="1/b"), NOW))


def test_an_item_does_not_wait_for_the_same_row_of_a_later_year() -> None:
    year = 365 * DAY
    cycle = a_cycle(
        a_planned_item(id="1#1", step="1"),
        a_planned_item(id="1#2", step="1", opens=NOW + year, due=NOW + year + 30 * DAY),
        a_planned_item(id="2#1", step="2", after=("1",), due=NOW + 60 * DAY),
        a_planned_item(
            id="2#2", step="2", after=("1",), opens=NOW + year, due=NOW + year + 60 * DAY
        ),
    )
    cycle = cycle.result_recorded(a_record(item="1#1"), NOW)
    assert opened(cycle) == ["1#1", "2#1"]
    cycle = cycle.advanced(NOW + year)
    assert opened(cycle) == ["1#1", "1#2", "2#1"]


def test_an_item_without_deadline_waits_for_rows_that_open_later() -> None:
    cycle = a_cycle(
        a_planned_item(opens=NOW + DAY, due=NOW + 2 * DAY),
        a_planned_item(id="2", after=("1",), due=None),
    )
    assert opened(cycle) == []


# Tasks and papers


def test_each_open_result_is_a_task_of_the_lead_till_its_deadline() -> None:
    cycle = a_cycle(a_planned_item(lead=APPROVER))
    (task,) = cycle.tasks()
    assert (task.kind, task.assignee, task.escalate_to) == ("record_result", APPROVER, CURATOR)
    assert task.due == NOW + 30 * DAY
    named = {"item": "1", "step": "1", "result": "done", "proof": "number", "need": "3"}
    assert task.refs == named


def test_a_document_is_started_once_and_closes_its_result_when_in_force() -> None:
    cycle = a_cycle_that_wants(
        a_planned_result(proof="document", document="report", route=Route.of(APPROVER))
    )
    assert cycle.tasks() == ()
    (paper,) = cycle.papers()
    assert (paper.kind, paper.drafter, paper.route) == (*("report", CURATOR, Route.of(APPROVER)),)
    cycle = cycle.document_started(paper)
    assert list(cycle.papers()) == []
    fact = DocumentSettled(document_id=paper.document_id, in_force=True)
    after = cycle.document_settled(fact, NOW)
    assert done(after) == ["1"]
    assert after.document_settled(fact, NOW) is after


def test_a_foreign_document_proves_nothing() -> None:
    cycle = a_cycle_that_wants(a_planned_result(proof="document", document="report"))
    (paper,) = cycle.papers()
    cycle = cycle.document_started(paper)
    fact = DocumentSettled(document_id="another", in_force=True)
    assert cycle.document_settled(fact, NOW) is cycle


def test_a_document_waits_for_the_results_before_it() -> None:
    cycle = a_cycle_that_wants(
        a_planned_result(),
        a_planned_result(id="paper", proof="document", document="report", after=("done",)),
    )
    assert list(cycle.papers()) == []
    assert [p.kind for p in cycle.result_recorded(a_record(), NOW).papers()] == ["report"]


@pytest.mark.parametrize("evidence", [LINK, EVENT], ids=["link", "event"])
def test_what_is_said_to_take_place_in_the_future_is_refused(
    evidence: LinkGiven | EventHeld,
) -> None:
    later = evidence.changed(day=TODAY + timedelta(days=2))
    cycle = a_cycle_that_wants(a_planned_result(proof=evidence.proof))
    cycle.check_can_record(a_record(evidence), TODAY)
    with pytest.raises(BadDate):
        cycle.check_can_record(a_record(later), TODAY)


# Indicators


def test_indicators_are_proved_by_a_value_for_each() -> None:
    cycle = a_cycle_that_wants(a_planned_result(proof="indicators", indicators=("1.1", "1.2")))
    whole = IndicatorsGiven(indicators=("1.2", "1.1"), evidence_id="e1")
    cycle.check_can_record(a_record(whole), TODAY)
    assert done(cycle.result_recorded(a_record(whole), NOW)) == ["1"]


@pytest.mark.parametrize(
    ("given", "refusal"), [(("1.1",), ProofMissing), (("1.1", "1.2", "9.9"), NotFound)]
)
def test_a_missing_or_unknown_indicator_is_named(
    given: tuple[str, ...], refusal: type[Refused]
) -> None:
    cycle = a_cycle_that_wants(a_planned_result(proof="indicators", indicators=("1.1", "1.2")))
    with pytest.raises(refusal, match=r"1\.2|9\.9"):
        cycle.check_can_record(a_record(IndicatorsGiven(indicators=given, evidence_id="e")), TODAY)


def test_rows_wait_only_for_rows_of_their_own_turn() -> None:
    year = timedelta(days=365)
    cycle = a_cycle(
        a_planned_item(),
        a_planned_item(id="2", after=("1",)),
        a_planned_item(id="1@2", step="1", turn=2, opens=NOW + year, due=NOW + 2 * year),
        a_planned_item(
            id="2@2", step="2", turn=2, after=("1",), opens=NOW + year, due=NOW + 2 * year
        ),
        turns=(NOW, NOW + year),
    )
    cycle = cycle.advanced(NOW + year)
    assert opened(cycle) == ["1", "1@2"]
    cycle = cycle.result_recorded(a_record(item="1@2"), NOW + year)
    assert opened(cycle) == ["1", "1@2", "2@2"]
