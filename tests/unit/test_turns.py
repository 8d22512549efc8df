"""A programme of several years: its yearly turns, and mentees who become mentors."""

from datetime import timedelta
from typing import Any

import pytest

from domain.cycle_pairs import WelcomeMentor
from domain.errors import NotYours, WrongState
from domain.messages import DocumentSettled
from domain.programme import Act, ProgrammeState
from tests.builders import (
    NOW,
    a_cycle,
    a_forming,
    a_pair_request,
    a_planned_item,
    a_planned_result,
    a_record,
    moved,
    the_curator,
    the_director,
    with_pairs,
)

ONE, TWO = a_pair_request(1), a_pair_request(2)

YEAR = timedelta(days=365)


def a_cycle_of_two_years() -> ProgrammeState:
    """Each year one row, and one over pairs."""
    per_pair = (
        a_planned_item(id="7", scope="pairs"),
        a_planned_item(id="7@2", step="7", turn=2, scope="pairs"),
    )
    return a_cycle(
        a_planned_item(),
        a_planned_item(id="1@2", step="1", turn=2, opens=NOW + YEAR, due=NOW + 2 * YEAR),
        turns=(NOW, NOW + YEAR),
        per_pair=per_pair,
    )


def test_a_pair_belongs_to_the_turn_in_which_it_was_formed() -> None:
    cycle = with_pairs(a_cycle_of_two_years(), ONE)
    cycle = cycle.pairs_formed(a_forming(TWO), NOW + YEAR)
    assert [pair.turn for pair in cycle.pairs] == [1, 2]
    states = [cycle.pair(pair.pair_id, NOW) for pair in cycle.pairs]
    assert [(s.turn, [item.plan.turn for item in s.items]) for s in states] == [(1, [1]), (2, [2])]


def test_a_turn_closes_by_itself_and_the_last_one_closes_the_cycle() -> None:
    cycle = with_pairs(a_cycle_of_two_years(), ONE).result_recorded(a_record(), NOW)
    assert (cycle.turns_closed, cycle.closed) == (0, False)
    cycle = moved(cycle, 0, "completed", NOW + YEAR)
    assert (cycle.turns_closed, cycle.closed) == (1, False)
    assert [e.action for e in cycle.unsaved if e.action in ("turn_closed", "closed")] == [
        "turn_closed"
    ]
    cycle = cycle.advanced(NOW + YEAR).result_recorded(a_record(item="1@2"), NOW + YEAR)
    assert (cycle.turns_closed, cycle.closed) == (2, True)


def test_the_closing_of_a_turn_overlaps_the_next() -> None:
    cycle = with_pairs(a_cycle_of_two_years(), ONE).advanced(NOW + YEAR)
    assert [item.id for item in cycle.items if item.open and not item.done] == ["1", "1@2"]
    cycle = cycle.result_recorded(a_record(item="1@2"), NOW + YEAR)
    assert (cycle.turns_closed, cycle.closed) == (0, False)
    cycle = moved(cycle.result_recorded(a_record(), NOW + YEAR), 0, "completed", NOW + YEAR)
    assert (cycle.turns_closed, cycle.closed) == (2, True)


def test_the_order_of_one_turn_is_not_told_to_the_pairs_of_another() -> None:
    order = a_planned_result(id="order", proof="document", document="o", pairs_at="order")
    cycle = a_cycle(
        a_planned_item(results=(order,)),
        a_planned_item(id="1@2", step="1", turn=2, opens=NOW + YEAR, due=None, results=(order,)),
        turns=(NOW, NOW + YEAR),
    )
    cycle = with_pairs(cycle, ONE).pairs_formed(a_forming(TWO), NOW + YEAR)
    cycle = cycle.pairs_started(tuple(pair.pair_id for pair in cycle.pairs)).advanced(NOW + YEAR)
    cycle = moved(moved(cycle, 0, "order", NOW + YEAR), 1, "order", NOW + YEAR)
    papers = list(cycle.papers())
    assert [paper.turn for paper in papers] == [1, 2]
    fact = DocumentSettled(document_id=papers[0].document_id, in_force=True)
    cycle = cycle.document_started(papers[0]).document_settled(fact, NOW + YEAR)
    told = [move for move in cycle.next_moves(NOW + YEAR) if move.act is Act.TELL_ORDER]
    assert [move.pairs for move in told] == [(cycle.pairs[0].pair_id,)]


def test_pairs_may_be_formed_in_the_next_turn_though_the_order_of_the_last_is_made() -> None:
    order = a_planned_result(id="order", proof="document", document="o", pairs_at="order")
    cycle = a_cycle(
        a_planned_item(results=(order,)),
        a_planned_item(id="1@2", step="1", turn=2, opens=NOW + YEAR, due=None, results=(order,)),
        turns=(NOW, NOW + YEAR),
    )
    cycle = moved(with_pairs(cycle, ONE), 0, "order")
    cycle = cycle.document_started(next(iter(cycle.papers())))
    with pytest.raises(WrongState):
        cycle.check_can_form(a_forming(TWO), NOW)
    cycle.check_can_form(a_forming(TWO), NOW + YEAR)


# Former mentees


def a_welcome(**fields: Any) -> WelcomeMentor:  # noqa: ANN401 - of the wish
    return WelcomeMentor(**{"by": the_curator(), "person_id": ONE.mentee_id, **fields})


def test_who_came_through_as_a_mentee_may_join_the_base_of_mentors_once() -> None:
    cycle = moved(with_pairs(a_cycle(), ONE, TWO), 0, "completed")
    cycle.check_can_welcome(a_welcome())
    cycle = cycle.mentor_welcomed(a_welcome(), NOW)
    assert cycle.new_mentors == (ONE.mentee_id,)
    assert cycle.unsaved[-1].action == "mentor_welcomed"
    with pytest.raises(WrongState):
        cycle.check_can_welcome(a_welcome())


@pytest.mark.parametrize("stage", ["consents", "stopped", "rows"])
def test_who_has_not_come_through_is_not_taken(stage: str) -> None:
    cycle = moved(with_pairs(a_cycle(), ONE, TWO), 0, stage)
    with pytest.raises(WrongState):
        cycle.check_can_welcome(a_welcome())


def test_mentors_are_the_curators_to_take_in() -> None:
    cycle = moved(with_pairs(a_cycle(), ONE, TWO), 0, "completed")
    with pytest.raises(NotYours):
        cycle.check_can_welcome(a_welcome(by=the_director()))
