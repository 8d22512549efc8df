"""Routes of approval: who is asked, in which order, about which version."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.approval import Circumstances
from domain.documents import Stage
from domain.errors import NotYours, RemarkMissing, StaleVersion
from domain.routes import Again, Condition, Outcome, Route, RouteRules, RouteStage
from domain.working_days import Calendar
from tests.approval_builders import (
    ANNA,
    BORIS,
    VERA,
    a_stage,
    actions,
    approved,
    asked,
    on_route,
    redrafted,
    said,
)
from tests.builders import (
    CURATOR,
    DAY,
    DRAFTER,
    NOW,
    a_document,
    a_draft,
    a_redraft,
    a_refusal,
    a_remark,
    an_approval,
    sha,
    the_curator,
)

# In turn, together, mixed, N of M


def test_stages_are_passed_in_turn() -> None:
    state = on_route(a_stage("one", ANNA), a_stage("two", BORIS))
    assert asked(state) == [("decide", ANNA)]
    with pytest.raises(NotYours):
        state.check_can_decide(said(state, BORIS))
    state = approved(state, ANNA)
    assert (state.stage, asked(state)) == (Stage.ON_APPROVAL, [("decide", BORIS)])
    assert approved(state, BORIS).stage is Stage.TO_REGISTER


def test_a_stage_of_several_asks_them_side_by_side() -> None:
    state = on_route(a_stage("both", ANNA, BORIS), a_stage("last", VERA))
    assert asked(state) == [("decide", ANNA), ("decide", BORIS)]
    state = approved(state, BORIS)
    assert asked(state) == [("decide", ANNA)]
    with pytest.raises(NotYours):
        state.check_can_decide(said(state, BORIS))
    assert asked(approved(state, ANNA)) == [("decide", VERA)]


def test_so_many_of_those_asked_suffice() -> None:
    state = on_route(a_stage("two_of_three", ANNA, BORIS, VERA, need=2))
    state = approved(state, VERA)
    assert state.stage is Stage.ON_APPROVAL
    assert approved(state, ANNA).stage is Stage.TO_REGISTER


@pytest.mark.parametrize("outcome", [Outcome.SEND_BACK, Outcome.REFUSE])
def test_one_no_ends_the_version_whatever_the_others_said(outcome: Outcome) -> None:
    state = approved(on_route(a_stage("both", ANNA, BORIS)), ANNA)
    state = state.decided(said(state, BORIS, outcome=outcome, note_id="n1"), NOW)
    assert state.stage is (Stage.RETURNED if outcome is Outcome.SEND_BACK else Stage.REFUSED)


def test_a_stage_whose_condition_does_not_hold_asks_nobody() -> None:
    stages = a_stage("lawyer", ANNA), a_stage("director", BORIS)
    state = a_document().changed(approval=an_approval(stages=stages))
    state = state.drafted(a_draft(), NOW, Circumstances(skipped=("lawyer",)))
    assert asked(state) == [("decide", BORIS)]
    alone = a_document().changed(approval=an_approval(ANNA))
    alone = alone.drafted(a_draft(), NOW, Circumstances(skipped=("s1",)))
    assert alone.stage is Stage.TO_REGISTER


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        ({"fact": "pairs", "at_least": 2}, {"pairs": [1, 2]}, True),
        ({"fact": "pairs", "at_least": 3}, {"pairs": [1, 2]}, False),
        ({"fact": "sum", "at_least": 3}, {"sum": 3}, True),
        ({"fact": "sum", "at_least": 3}, {"sum": "many"}, False),
        ({"fact": "form", "equals": "a"}, {"form": "a"}, True),
        ({"fact": "form", "equals": "a"}, {"form": "b"}, False),
        ({"fact": "labour", "equals": False}, {"labour": False}, True),
        ({"fact": "labour"}, {"labour": True}, True),
        ({"fact": "labour"}, {"labour": False}, False),
        ({"fact": "labour"}, {}, False),
        ({"fact": "labour", "at_least": 1}, {}, False),
    ],
)
def test_a_condition_looks_at_one_fact(
    condition: dict[str, Any],
    facts: dict[str, Any],
    holds: bool,
) -> None:
    assert Condition(**condition).holds(facts) is holds


# Versions


def test_all_decide_again_unless_the_route_says_otherwise() -> None:
    state = approved(on_route(a_stage("one", ANNA), a_stage("two", BORIS)), ANNA)
    state = redrafted(state.decided(said(state, BORIS, outcome="send_back", note_id="n"), NOW))
    assert asked(state) == [("decide", ANNA)]


def test_only_those_left_decide_again_where_the_route_says_so() -> None:
    state = on_route(a_stage("one", ANNA), a_stage("two", BORIS), again=Again.LEFT)
    state = approved(state, ANNA)
    state = redrafted(state.decided(said(state, BORIS, outcome="send_back", note_id="n"), NOW))
    assert asked(state) == [("decide", BORIS)]
    state = approved(state, BORIS)
    assert state.stage is Stage.TO_REGISTER
    assert state.approval
    told = [(one.person_id, one.version, one.sha256) for one in state.approval.verdicts]
    assert told == [(ANNA, 1, sha("a")), (BORIS, 1, sha("a")), (BORIS, 2, sha("b"))]


def test_of_those_asked_side_by_side_only_who_had_not_approved_is_left() -> None:
    state = approved(on_route(a_stage("all", ANNA, BORIS, VERA), again=Again.LEFT), ANNA)
    state = redrafted(state.decided(said(state, VERA, outcome="send_back", note_id="n"), NOW))
    assert asked(state) == [("decide", BORIS), ("decide", VERA)]


def test_everybody_who_had_acted_is_told_but_who_acts() -> None:
    state = approved(on_route(a_stage("all", ANNA, BORIS)), ANNA)
    state = state.decided(said(state, BORIS, outcome="send_back", note_id="n"), NOW)
    assert [(one.kind, one.recipient) for one in state.news] == [("informed", ANNA)]
    state = redrafted(state.noticed(state.notices_due(NOW), NOW))
    assert [one.recipient for one in state.news] == [ANNA, BORIS]
    state = state.noticed(state.notices_due(NOW), NOW)
    assert state.news == ()
    assert actions(state).count("informed") == 3


def test_a_decision_on_an_older_version_counts_for_none() -> None:
    state = on_route(a_stage("one", ANNA))
    old = said(state, ANNA)
    state = redrafted(state.decided(said(state, ANNA, outcome="send_back", note_id="n"), NOW))
    with pytest.raises(StaleVersion):
        state.check_can_decide(old)
    with pytest.raises(StaleVersion):
        state.check_can_decide(old.changed(version=2))


def test_what_was_refused_is_begun_anew_by_the_curator_alone() -> None:
    state = on_route(a_stage("one", ANNA))
    with pytest.raises(RemarkMissing):
        state.check_can_decide(said(state, ANNA, outcome="refuse"))
    refused = state.decided(said(state, ANNA, outcome="refuse", note_id="n"), NOW)
    assert actions(refused)[-1] == "refused"
    assert asked(refused) == [("reopen", CURATOR)]
    with pytest.raises(NotYours, match="begins it anew"):
        refused.check_can_redraft(a_redraft())
    wish = a_redraft(by=the_curator())
    refused.check_can_redraft(wish)
    assert refused.redrafted(wish, NOW).stage is Stage.DRAFTING


def test_approval_with_a_remark_keeps_the_remark() -> None:
    state = on_route(a_stage("one", ANNA))
    state = state.decided(said(state, ANNA, note_id="n1"), NOW)
    assert state.stage is Stage.TO_REGISTER
    assert state.approval
    assert state.approval.verdicts[0].note_id == "n1"


# Own drafts


def test_nobody_approves_his_own_draft_where_the_route_says_so() -> None:
    state = on_route(a_stage("one", DRAFTER), own_draft=False)
    assert asked(state) == [("appoint", CURATOR)]
    with pytest.raises(NotYours) as refusal:
        state.check_can_decide(said(state, DRAFTER))
    assert type(refusal.value).__name__ == "OwnDraft"
    assert asked(on_route(a_stage("one", DRAFTER), own_draft=True)) == [("decide", DRAFTER)]


# Deadlines


def test_a_stage_has_so_many_working_days() -> None:
    friday = datetime.fromisoformat("2024-11-01T09:00:00+00:00")
    calendar = Calendar(off=(date(2024, 11, 4),), on=(date(2024, 11, 2),))
    stages = (a_stage("one", ANNA, days=2),)
    state = a_document(since=friday).changed(approval=an_approval(stages=stages))
    state = state.drafted(a_draft(), friday, Circumstances(calendar=calendar))
    (task,) = state.tasks()
    assert task.due == datetime.fromisoformat("2024-11-05T23:59:59+00:00")
    assert task.remind_at == task.due - timedelta(days=1)


def test_each_stage_has_its_own_term() -> None:
    state = on_route(a_stage("one", ANNA), a_stage("two", BORIS))
    later = NOW + 2 * DAY
    (task,) = approved(state, ANNA, at=later).tasks()
    assert (task.since, task.due) == (later, later + 3 * DAY)


# As data


def test_roles_become_people() -> None:
    rules = RouteRules.model_validate(
        {"stages": [{"id": "one", "title": "Юрист", "by": ["lawyer"]}], "again": "left"}
    )
    route = rules.resolved({"lawyer": ANNA}.__getitem__)
    stage = RouteStage(id="one", title="Юрист", holders=(ANNA,))
    assert route == Route(stages=(stage,), again=Again.LEFT)
    assert route.mapped({ANNA: BORIS}.__getitem__).stages[0].holders == (BORIS,)


@pytest.mark.parametrize(
    "stage",
    [
        {"id": "x", "title": "x"},
        {"id": "x", "title": "x", "by": ["a"], "need": 2},
        {"id": "x", "title": "x", "by": ["a", "b"], "kind": "body"},
        {"id": "x", "title": "x", "by": ["a"], "kind": "body", "need": 1},
        {"id": "x", "title": "x", "kind": "discussion"},
        {"id": "x", "title": "x", "kind": "discussion", "by": ["a"], "days": 1},
    ],
)
def test_a_stage_that_could_not_be_passed_is_refused(stage: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"asks nobody|need|one body|a discussion"):
        RouteRules.model_validate({"stages": [stage]})


def test_a_refusal_is_not_a_remark() -> None:
    state = on_route(a_stage("one", "p-director"))
    assert state.decided(a_refusal(), NOW).stage is Stage.REFUSED
    assert state.decided(a_remark(), NOW).stage is Stage.RETURNED
