"""What an order gives people to do: found, given, carried out, given back, given up."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.amendments import Change, How
from domain.assignments import (
    Assignment,
    AssignmentAsked,
    AssignmentRules,
    AssignmentStage,
    numbered,
)
from domain.authority import Mandate, Mandates
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.documents import DocumentState, Stage
from domain.errors import (
    FactMissing,
    NotFound,
    NotYours,
    ProofMissing,
    Refused,
    RemarkMissing,
    WrongState,
)
from domain.messages import MandatesChanged, Superseded, Withdraw
from domain.people import AccessRole
from domain.process import Command
from domain.working_days import Calendar
from tests.builders import DAY, NOW, a_document_at, a_seal, an_actor, sha

MENTOR, HEAD = "mentor-1", "head-1"
IN_A_WEEK = NOW + timedelta(days=7)
OMSK = Calendar(zone_minutes=360)


def an_assignment(id_: str = "5.1", **fields: object) -> Assignment:
    known: dict[str, Any] = {"item": "5.1", "who": MENTOR, "controller": HEAD, "due": IN_A_WEEK}
    return Assignment.model_validate({"id": id_, **known, **fields})


def in_force(*given: Assignment, **fields: object) -> DocumentState:
    """A document that has just come into force and told its owner."""
    document = a_document_at(Stage.SEALING).changed(assignments=given, calendar=OMSK, **fields)
    return document.sealed(a_seal(), NOW).told()


def a_wish(kind: type[Command], by: str = HEAD, **fields: Any) -> Any:  # noqa: ANN401 - of any kind
    role = fields.pop("role", AccessRole.ADMINISTRATOR)
    known = {"by": an_actor(by, role=role), "note_id": "n1", "assignment": "5.1"}
    return kind.model_validate({**known, **fields})


def done(state: DocumentState, now: datetime = NOW, by: str = MENTOR) -> DocumentState:
    return state.fulfilled(a_wish(Fulfil, by), now)


def stages(state: DocumentState) -> list[AssignmentStage]:
    return [one.stage for one in state.assignments]


# Given


def test_assignments_begin_when_the_document_comes_into_force() -> None:
    before = a_document_at(Stage.SEALING).changed(assignments=(an_assignment(),))
    assert not [task for task in before.tasks() if task.kind == "fulfil"]

    state = before.sealed(a_seal(), NOW)

    assert state.unsaved[-1].action == "assignment_given"
    assert state.unsaved[-1].refs["assignment"] == "5.1"
    (task,) = state.tasks()
    assert (task.kind, task.assignee, task.escalate_to) == ("fulfil", MENTOR, HEAD)
    assert (task.since, task.due, task.remind_at) == (NOW, IN_A_WEEK, IN_A_WEEK - DAY)


def test_a_term_in_days_ends_with_the_local_day_and_counts_from_tomorrow() -> None:
    late = datetime(2024, 9, 2, 19, tzinfo=UTC)  # the 3rd of September in Omsk

    state = a_document_at(Stage.SEALING).changed(
        assignments=(an_assignment(due=None, days=5),), calendar=OMSK
    )

    (task,) = state.sealed(a_seal(), late).tasks()
    assert task.due == datetime(2024, 9, 8, 17, 59, 59, tzinfo=UTC)


def test_a_document_without_assignments_is_finished_once_its_owner_knows() -> None:
    assert in_force().is_finished()


def test_a_document_lives_until_its_last_assignment_is_over() -> None:
    state = in_force(an_assignment("1"), an_assignment("2"))
    state = state.assignment_dropped(a_wish(DropAssignment, assignment="1"), NOW)
    assert not state.is_finished()

    state = state.fulfilled(a_wish(Fulfil, MENTOR, assignment="2"), NOW)
    until = NOW + timedelta(days=state.terms.decide)
    assert not state.is_finished()
    assert until in set(state.moments())

    assert not state.advanced(until - DAY).is_finished()
    assert state.advanced(until).is_finished()


def test_a_withdrawn_document_gives_nothing() -> None:
    state = a_document_at(Stage.TO_SIGN).changed(assignments=(an_assignment(),))
    state = state.withdrawn(Withdraw(at=NOW), NOW).told()

    assert state.tasks() == ()
    assert state.is_finished()


# Carried out


def test_the_controller_is_told_what_was_done_and_nobody_else() -> None:
    state = done(in_force(an_assignment()))

    assert stages(state) == [AssignmentStage.FULFILLED]
    (news,) = state.news
    assert (news.kind, news.recipient) == ("informed", HEAD)
    assert state.tasks() == ()
    assert state.unsaved[-1].action == "assignment_fulfilled"
    assert state.unsaved[-1].note_id == "n1"


def test_the_proof_of_what_was_done_stands_in_the_log() -> None:
    state = in_force(an_assignment())

    state = state.fulfilled(a_wish(Fulfil, MENTOR, file_sha256=sha("e")), NOW)

    assert state.assignments[0].file_sha256 == sha("e") == state.unsaved[-1].sha256


def test_who_controls_himself_is_told_nothing_and_it_is_over_at_once() -> None:
    state = done(in_force(an_assignment(controller=MENTOR)))

    assert state.news == ()
    assert state.is_finished()


def test_the_curator_may_carry_out_what_was_given_to_somebody_without_an_account() -> None:
    state = in_force(an_assignment())
    wish = a_wish(Fulfil, "somebody", role=AccessRole.CURATOR)

    state.check_can_fulfil(wish)

    assert stages(state.fulfilled(wish, NOW)) == [AssignmentStage.FULFILLED]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"by": "somebody"}, NotYours),
        ({"by": HEAD}, NotYours),
        ({"note_id": None}, ProofMissing),
        ({"assignment": "9.9"}, NotFound),
    ],
)
def test_what_cannot_be_reported_as_done(given: dict[str, Any], refusal: type[Refused]) -> None:
    wish = a_wish(Fulfil, **{"by": MENTOR, **given})
    with pytest.raises(refusal):
        in_force(an_assignment()).check_can_fulfil(wish)


def test_nothing_is_carried_out_twice_or_before_the_document_is_in_force() -> None:
    with pytest.raises(WrongState):
        done(in_force(an_assignment())).check_can_fulfil(a_wish(Fulfil, MENTOR))
    ahead = a_document_at(Stage.TO_SIGN).changed(assignments=(an_assignment(),))
    with pytest.raises(WrongState):
        ahead.check_can_fulfil(a_wish(Fulfil, MENTOR))


# Given back, given up


def test_what_is_given_back_is_to_be_done_anew_and_is_reminded_of_anew() -> None:
    state = in_force(an_assignment())
    (first,) = state.tasks()

    state = done(state).assignment_returned(a_wish(ReturnAssignment, note_id="n2"), NOW + DAY)

    (again,) = state.tasks()
    assert again.id != first.id
    assert (again.since, again.due) == (NOW + DAY, IN_A_WEEK)
    (one,) = state.assignments
    assert (one.returned, one.fulfilled_at, one.file_sha256) == (1, None, None)
    assert (one.note_id, state.unsaved[-1].action) == ("n2", "assignment_returned")
    assert not state.advanced(IN_A_WEEK).is_finished()


def test_the_controller_has_the_term_of_a_decision_to_give_it_back() -> None:
    state = done(in_force(an_assignment()))
    wish = a_wish(ReturnAssignment)
    state.check_can_return_assignment(wish)

    with pytest.raises(WrongState):
        state.advanced(NOW + timedelta(days=3)).check_can_return_assignment(wish)


def test_what_is_open_is_not_given_back_and_what_is_done_is_not_given_up() -> None:
    state = in_force(an_assignment())
    with pytest.raises(WrongState):
        state.check_can_return_assignment(a_wish(ReturnAssignment))
    with pytest.raises(WrongState):
        done(state).check_can_drop_assignment(a_wish(DropAssignment))


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"by": MENTOR}, NotYours),
        ({"note_id": None}, RemarkMissing),
        ({"assignment": "7"}, NotFound),
    ],
)
def test_only_the_controller_gives_back_or_up_and_says_why(
    given: dict[str, Any], refusal: type[Refused]
) -> None:
    state = in_force(an_assignment())
    with pytest.raises(refusal):
        state.check_can_drop_assignment(a_wish(DropAssignment, **given))
    with pytest.raises(refusal):
        done(state).check_can_return_assignment(a_wish(ReturnAssignment, **given))


def test_a_new_director_controls_what_his_predecessor_did() -> None:
    wish = a_wish(DropAssignment, "head-2", role=AccessRole.DIRECTOR)

    in_force(an_assignment()).check_can_drop_assignment(wish)


def a_right(person: str, since: datetime, until: datetime | None = None) -> Mandate:
    return Mandate(id=person, person_id=person, instead_of=HEAD, since=since, until=until)


def test_control_goes_with_the_right_and_comes_back_with_it() -> None:
    state = in_force(an_assignment())
    away = a_right("deputy", NOW + DAY, NOW + 5 * DAY)
    fact = MandatesChanged(mandates=Mandates(revision=1, known=(away,)))

    state = state.mandates_changed(fact, NOW)
    assert {NOW + DAY, NOW + 5 * DAY} <= set(state.moments())
    assert state.tasks()[0].escalate_to == HEAD

    state = state.advanced(NOW + DAY)
    assert state.tasks()[0].escalate_to == "deputy"
    assert state.unsaved[-1].action == "control_handed_over"
    assert (state.unsaved[-1].refs["from"], state.unsaved[-1].refs["to"]) == (HEAD, "deputy")
    state.check_can_drop_assignment(a_wish(DropAssignment, "deputy"))
    with pytest.raises(NotYours):
        state.check_can_drop_assignment(a_wish(DropAssignment))

    state = state.advanced(NOW + 5 * DAY)
    assert state.tasks()[0].escalate_to == HEAD


def test_what_comes_into_force_in_a_substitutes_days_is_controlled_by_him() -> None:
    known = Mandates(revision=1, known=(a_right("deputy", NOW - DAY, NOW + DAY),))

    (one,) = in_force(an_assignment(), mandates=known).assignments

    assert (one.controller, one.control_of) == ("deputy", HEAD)


def test_nothing_is_handed_over_once_an_assignment_is_over() -> None:
    state = in_force(an_assignment(controller=MENTOR), an_assignment("2", controller=MENTOR))
    state = done(state, by=MENTOR)
    right = Mandate(id="r", person_id="deputy", instead_of=MENTOR, since=NOW)

    state = state.mandates_changed(
        MandatesChanged(mandates=Mandates(revision=1, known=(right,))), NOW
    )

    assert [one.controller for one in state.assignments] == [MENTOR, "deputy"]


# A later document


def test_a_document_that_loses_its_force_asks_for_nothing_any_more() -> None:
    state = done(in_force(an_assignment(), an_assignment("5.2")))

    state = state.superseded(Superseded(document_id="later"), NOW)

    assert stages(state) == [AssignmentStage.FULFILLED, AssignmentStage.DROPPED]
    assert state.unsaved[-1].refs["document"] == "later"
    assert state.tasks() == ()
    assert state.is_finished()
    assert state.superseded(Superseded(document_id="later"), NOW) == state


def test_a_document_tells_those_that_it_ends_and_not_those_that_it_amends() -> None:
    changes = tuple(Change(document_id=how.value, how=how) for how in How)

    state = in_force(changes=changes)

    assert state.ended_documents() == ("cancels", "replaces", "ends")
    assert a_document_at(Stage.TO_SIGN).changed(changes=changes).ended_documents() == ()


# Found


def test_one_item_for_several_people_has_an_id_for_each() -> None:
    found = numbered(an_assignment(item=item) for item in ("3", "4", "4", "5"))

    assert [one.id for one in found] == ["3", "4-1", "4-2", "5"]


def test_a_rule_has_one_term_or_finds_it_in_each_row() -> None:
    known = {"item": "1", "who": "curator", "what": "сделать"}
    for given in ({}, {"due": 5, "each": "tasks"}):
        with pytest.raises(ValueError, match="either a term"):
            AssignmentRules.model_validate({**known, **given})


def test_a_table_of_assignments_names_its_items_or_counts_them() -> None:
    row = {"who": "K-01", "what": "Провести опрос", "due": "2026-10-01"}

    asked = AssignmentAsked.all_of([row, {**row, "item": "3.2"}])

    assert [(one.item, one.due) for one in asked] == [
        ("1", date(2026, 10, 1)),
        ("3.2", date(2026, 10, 1)),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "всем",
        [],
        ["всем"],
        [{"who": "K-01", "what": "Опрос"}],
        [{"who": "K-01", "what": "Опрос", "due": "до осени"}],
        [{"who": "K-01", "what": "Опрос", "due": "2026-10-01", "item": "первый"}],
        [{"who": "K-01", "what": "Опрос", "due": "2026-10-01", "whom": "всех"}],
    ],
)
def test_what_is_no_table_of_assignments_is_refused(rows: object) -> None:
    with pytest.raises(FactMissing, match="поручени"):
        AssignmentAsked.all_of(rows)
