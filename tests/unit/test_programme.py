"""A cycle: its pairs, the order that they wait for, the rows that fan out, its end."""

from datetime import datetime
from typing import Any

import pytest

from domain.cycle_pairs import FormPairs
from domain.errors import NotFound, NotPlanned, NotYours, PairExists, Refused, WrongState
from domain.messages import DocumentSettled, PairMoved
from domain.people import Form
from domain.planning import PlannedItem
from domain.programme import PAIRS_AT_ONCE, Act, CycleMove, ProgrammeState
from domain.routes import Route
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    NOW,
    REGISTRAR,
    TODAY,
    a_cycle,
    a_forming,
    a_new_cycle,
    a_pair_request,
    a_plan,
    a_planned_item,
    a_planned_result,
    a_record,
    asked_of,
    moved,
    the_curator,
    the_director,
    with_pairs,
)

ONE, TWO = a_pair_request(1), a_pair_request(2)


def the_order_row() -> PlannedItem:
    order = a_planned_result(
        id="order",
        proof="document",
        document="order_pairs",
        route=Route.of(APPROVER),
        registrar=REGISTRAR,
        pairs_at="order",
        after=("done",),
    )
    return a_planned_item(results=(a_planned_result(), order))


def moves(cycle: ProgrammeState, act: Act) -> list[CycleMove]:
    return [move for move in cycle.next_moves(NOW) if move.act is act]


def with_order(cycle: ProgrammeState) -> ProgrammeState:
    """The cycle after the order on pairs was started and came into force."""
    (move,) = moves(cycle, Act.START_DOCUMENT)
    assert move.paper is not None
    fact = DocumentSettled(document_id=move.paper.document_id, in_force=True)
    return cycle.document_started(move.paper).document_settled(fact, NOW)


def rows_of(cycle: ProgrammeState, n: int) -> list[str]:
    """Rows of the roadmap that fan over the pair number `n`."""
    return [item.plan.step for item in cycle.pair(cycle.pairs[n].pair_id, NOW).items]


# The plan


def test_a_cycle_plans_first_and_once() -> None:
    cycle = a_new_cycle()
    assert [move.act for move in cycle.next_moves(NOW)] == [Act.PLAN]
    assert cycle.stage_name == "planning"
    running = cycle.planned(a_plan(), NOW)
    assert running.stage_name == "running"
    assert running.planned(a_plan(a_planned_item(id="7")), NOW) is running
    assert [item.id for item in running.items] == ["1"]


def test_a_cycle_that_is_being_planned_says_that_it_soon_will_be() -> None:
    cycle = a_new_cycle()
    with pytest.raises(NotPlanned):
        cycle.check_is_planned()
    cycle.planned(a_plan(), NOW).check_is_planned()
    cycle.troubled("plan", "NotFound", NOW).check_is_planned()


# Forming pairs


def test_pairs_get_ids_of_their_own_and_are_started_together() -> None:
    cycle = with_pairs(a_cycle(), ONE, TWO)
    assert len({pair.pair_id for pair in cycle.pairs}) == 2
    assert [event.action for event in cycle.unsaved][-2:] == ["pair_formed", "pair_formed"]
    (move,) = moves(cycle, Act.START_PAIRS)
    assert move.pairs == tuple(pair.pair_id for pair in cycle.pairs)
    assert moves(cycle.pairs_started(move.pairs), Act.START_PAIRS) == []


def test_many_pairs_are_started_in_portions() -> None:
    cycle = with_pairs(a_cycle(), *(a_pair_request(n) for n in range(PAIRS_AT_ONCE + 1)))
    (first,) = moves(cycle, Act.START_PAIRS)
    (second,) = moves(cycle.pairs_started(first.pairs), Act.START_PAIRS)
    assert (len(first.pairs), len(second.pairs)) == (PAIRS_AT_ONCE, 1)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (a_forming(by=the_director()), NotYours),
        (a_forming(a_pair_request(form=Form.EMPLOYER_STUDENT)), NotFound),
        (a_forming(a_pair_request(mentor_id="same", mentee_id="same")), PairExists),
        (a_forming(ONE, a_pair_request(2, mentee_id=ONE.mentee_id)), PairExists),
        (a_forming(a_pair_request(3), a_pair_request(2, mentee_id="taken")), PairExists),
    ],
)
def test_pairs_that_cannot_be_are_refused(wish: FormPairs, refusal: type[Refused]) -> None:
    cycle = with_pairs(a_cycle(), a_pair_request(1, mentee_id="taken"))
    with pytest.raises(refusal):
        cycle.check_can_form(wish, NOW)


def test_a_mentee_may_have_pairs_of_two_forms_and_a_mentor_many_mentees() -> None:
    cycle = with_pairs(a_cycle(), ONE)
    cycle.check_can_form(
        a_forming(
            a_pair_request(1, form=Form.TEACHER_STUDENT),
            a_pair_request(2, mentor_id=ONE.mentor_id),
        ),
        NOW,
    )


def test_a_mentee_whose_pair_stopped_may_have_another() -> None:
    cycle = moved(with_pairs(a_cycle(), ONE), 0, "stopped")
    cycle.check_can_form(a_forming(ONE), NOW)


@pytest.mark.parametrize("cycle", [a_new_cycle(), a_cycle().changed(closed=True)])
def test_pairs_are_formed_in_a_running_cycle_only(cycle: ProgrammeState) -> None:
    with pytest.raises(WrongState):
        cycle.check_can_form(a_forming(), NOW)


# The order on pairs


def test_the_order_is_drafted_when_all_open_pairs_wait_for_it() -> None:
    cycle = with_pairs(a_cycle(the_order_row()), ONE, TWO)
    cycle = cycle.result_recorded(a_record(), NOW)
    assert moves(cycle, Act.START_DOCUMENT) == []
    cycle = moved(cycle, 0, "order")
    assert moves(cycle, Act.START_DOCUMENT) == []
    cycle = moved(cycle, 1, "order")
    (move,) = moves(cycle, Act.START_DOCUMENT)
    assert move.paper is not None
    document = cycle.document(move.paper, NOW)
    assert (document.kind, document.owner_id) == ("order_pairs", "c1")
    assert (document.drafter, asked_of(document), document.registrar) == (
        CURATOR,
        (APPROVER,),
        REGISTRAR,
    )


def test_no_pair_is_formed_once_the_order_that_names_them_is_drafted() -> None:
    cycle = with_pairs(a_cycle(the_order_row()), ONE).result_recorded(a_record(), NOW)
    cycle = moved(cycle, 0, "order")
    wish = a_forming(TWO)
    cycle.check_can_form(wish, NOW)
    (move,) = moves(cycle, Act.START_DOCUMENT)
    assert move.paper is not None
    with pytest.raises(WrongState):
        cycle.document_started(move.paper).check_can_form(wish, NOW)


def test_a_stopped_pair_does_not_hold_up_the_order() -> None:
    cycle = with_pairs(a_cycle(the_order_row()), ONE, TWO).result_recorded(a_record(), NOW)
    cycle = moved(moved(cycle, 0, "order"), 1, "stopped")
    assert len(moves(cycle, Act.START_DOCUMENT)) == 1


def test_no_order_is_drafted_without_pairs_or_before_the_results_before_it() -> None:
    cycle = a_cycle(the_order_row())
    assert moves(cycle.result_recorded(a_record(), NOW), Act.START_DOCUMENT) == []
    waiting = moved(with_pairs(cycle, ONE), 0, "order")
    assert moves(waiting, Act.START_DOCUMENT) == []


def test_the_waiting_pairs_are_told_of_the_order_once() -> None:
    cycle = with_pairs(a_cycle(the_order_row()), ONE, TWO).result_recorded(a_record(), NOW)
    cycle = with_order(moved(moved(cycle, 0, "order"), 1, "order"))
    assert cycle.items[0].done
    (move,) = moves(cycle, Act.TELL_ORDER)
    assert move.pairs == tuple(pair.pair_id for pair in cycle.pairs)
    assert moves(cycle.order_told(move.pairs), Act.TELL_ORDER) == []


# What pairs say


def test_a_repeat_and_a_stranger_change_nothing() -> None:
    cycle = moved(with_pairs(a_cycle(), ONE), 0, "order")
    assert moved(cycle, 0, "order") is cycle
    fact = PairMoved(pair_id="stranger", stage="order")
    assert cycle.pair_moved(fact, NOW) is cycle


def test_a_pair_that_is_over_stays_over() -> None:
    cycle = moved(with_pairs(a_cycle(), ONE), 0, "completed")
    assert moved(cycle, 0, "meetings") is cycle


# Rows over pairs


def fanned(scope: str, **fields: Any) -> PlannedItem:  # noqa: ANN401 - of an item
    return a_planned_item(id="2.1", scope=scope, lead="mentor", **fields)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (fanned("pairs"), [["2.1"], ["2.1"], ["2.1"]]),
        (fanned("mentors"), [["2.1"], [], ["2.1"]]),
        (fanned("mentees"), [["2.1"], ["2.1"], []]),
        (fanned("pairs", novices_only=True), [[], ["2.1"], []]),
        (fanned("pairs", forms=(Form.TEACHER_STUDENT,)), [[], [], ["2.1"]]),
        (fanned("mentors", novices_only=True), [[], ["2.1"], []]),
        (fanned("mentees", forms=(Form.TEACHER_STUDENT,)), [[], [], ["2.1"]]),
    ],
)
def test_a_row_fans_over_those_whom_it_concerns(
    row: PlannedItem, expected: list[list[str]]
) -> None:
    cycle = with_pairs(
        a_cycle(per_pair=(row,)),
        a_pair_request(1, mentor_id="a", mentee_id="x"),
        a_pair_request(2, mentor_id="a", mentee_id="y", novice=True),
        a_pair_request(3, mentor_id="b", mentee_id="x", form=Form.TEACHER_STUDENT),
    )
    assert [rows_of(cycle, n) for n in range(3)] == expected


def test_a_row_over_mentors_passes_from_a_stopped_pair_to_the_next() -> None:
    cycle = with_pairs(
        a_cycle(per_pair=(fanned("mentors"),)), ONE, a_pair_request(2, mentor_id=ONE.mentor_id)
    )
    assert rows_of(cycle, 1) == []
    assert rows_of(moved(cycle, 0, "stopped"), 1) == ["2.1"]


def test_the_words_mentor_and_mentee_become_the_people_of_the_pair() -> None:
    result = a_planned_result(
        proof="document",
        document="x",
        drafter="mentor",
        route=Route.of("mentee"),
        registrar=REGISTRAR,
    )
    cycle = with_pairs(
        a_cycle(
            per_pair=(fanned("pairs", others=("mentee", CURATOR), results=(result,)),),
            holders={"director": APPROVER, "tutor": "mentor"},
        ),
        ONE,
    )
    pair = cycle.pair(cycle.pairs[0].pair_id, NOW)
    plan = pair.items[0].plan
    assert (plan.lead, plan.others) == (ONE.mentor_id, (ONE.mentee_id, CURATOR))
    (planned,) = plan.results
    assert (planned.drafter, planned.route, planned.registrar) == (
        ONE.mentor_id,
        Route.of(ONE.mentee_id),
        REGISTRAR,
    )
    assert pair.lead == ONE.mentor_id
    assert pair.holders == {"director": APPROVER, "tutor": ONE.mentor_id}


@pytest.mark.parametrize(
    ("late_days", "arises", "due"),
    [
        (14, NOW + 40 * DAY, NOW + 54 * DAY),
        (None, NOW + 40 * DAY, NOW + 40 * DAY),
        (14, NOW + 20 * DAY, NOW + 30 * DAY),
    ],
)
def test_a_pair_that_arises_after_the_window_has_the_rows_late_days(
    late_days: int | None, arises: datetime, due: datetime
) -> None:
    cycle = with_pairs(a_cycle(per_pair=(fanned("pairs", late_days=late_days),)), ONE)
    (item,) = cycle.pair(cycle.pairs[0].pair_id, arises).items
    assert item.plan.due == due


# The end


def test_a_row_may_wait_until_all_pairs_are_over() -> None:
    cycle = with_pairs(
        a_cycle(a_planned_item(), a_planned_item(id="2", after=("pairs",))), ONE, TWO
    )
    cycle = moved(cycle, 0, "completed")
    assert not cycle.items[1].open
    assert moved(cycle, 1, "stopped").items[1].open


def test_a_row_that_waits_for_pairs_waits_for_the_first_pair_too() -> None:
    cycle = a_cycle(a_planned_item(id="2", after=("pairs",)))
    assert not cycle.advanced(NOW + DAY).items[0].open


def test_a_cycle_closes_when_its_rows_are_done_and_its_pairs_over() -> None:
    cycle = with_pairs(a_cycle(), ONE)
    rows_first = cycle.result_recorded(a_record(), NOW)
    assert not rows_first.closed
    assert moved(rows_first, 0, "completed").is_finished()
    pairs_first = moved(cycle, 0, "stopped")
    assert not pairs_first.closed
    closed = pairs_first.result_recorded(a_record(), NOW)
    assert closed.stage_name == "closed"
    assert closed.unsaved[-1].action == "closed"


def test_a_closed_cycle_asks_and_takes_nothing() -> None:
    closed = a_cycle().result_recorded(a_record(), NOW)
    assert closed.tasks() == ()
    assert closed.next_moves(NOW) == ()
    assert closed.advanced(NOW + DAY) is closed
    with pytest.raises(WrongState, match="closed"):
        closed.check_can_record(a_record(), TODAY)


# Saving, trouble


def test_a_save_holds_only_pairs_without_a_row_of_their_own() -> None:
    cycle = with_pairs(a_cycle(), ONE, TWO)
    cycle = cycle.pairs_started((cycle.pairs[0].pair_id,))
    assert [pair.mentor_id for pair in cycle.to_save().pairs] == [TWO.mentor_id]


def test_a_cycle_in_trouble_waits_for_its_administrator() -> None:
    cycle = a_new_cycle().troubled("plan/", "RoleUnmapped", NOW)
    assert cycle.next_moves(NOW) == ()
    assert [(task.kind, task.assignee) for task in cycle.tasks()] == [("mend", "u-adm")]


def test_pairs_are_the_curators_to_form() -> None:
    a_cycle().check_can_form(a_forming(by=the_curator()), NOW)


def test_a_request_of_no_pairs_is_no_request() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        a_forming().changed(pairs=())


# Forms of pairs


@pytest.mark.parametrize(
    "fields", [{"role_model": "leader"}, {"mentor_type": "coach"}, {"form": "employer_student"}]
)
def test_a_pair_of_no_known_shape_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(NotFound, match=r"leader|coach|employer_student"):
        a_cycle().check_can_form(a_forming(a_pair_request(**fields)), NOW)


def test_role_model_and_type_of_mentor_go_on_to_the_pair() -> None:
    wish = a_pair_request(role_model="experienced_novice", mentor_type="subject")
    a_cycle().check_can_form(a_forming(wish), NOW)
    cycle = with_pairs(a_cycle(), wish)
    state = cycle.pair(cycle.pairs[0].pair_id, NOW)
    assert (state.role_model, state.mentor_type) == ("experienced_novice", "subject")
