"""Stages that are no person's decision: a body's, a discussion, a review from outside."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from datetime import date, datetime
from typing import Any

import pytest

from domain.document_wishes import AddRemark, AnswerRemark, AttachReview, Resolve
from domain.documents import DocumentState, Stage
from domain.errors import NotFound, NotYours, RemarkMissing, StaleVersion, WrongState
from domain.routes import Outcome
from tests.approval_builders import (
    ANNA,
    COUNCIL,
    VERA,
    a_stage,
    actions,
    asked,
    on_route,
    said,
)
from tests.builders import (
    DRAFTER,
    NOW,
    an_actor,
    sha,
    the_curator,
)

# Bodies, discussions, reviews


def a_resolution(state: DocumentState, **fields: Any) -> Resolve:
    assert state.draft
    known = {
        "by": the_curator(),
        "version": state.version,
        "sha256": state.draft.sha256,
        "outcome": Outcome.APPROVE,
        "body_id": COUNCIL,
        "sitting_id": "s1",
        "number": "4",
        "day": date(2024, 9, 2),
    }
    return Resolve(**{**known, **fields})


def test_a_body_decides_by_its_minutes() -> None:
    state = on_route(a_stage("council", COUNCIL, kind="body"), a_stage("two", ANNA))
    assert asked(state) == [("hold_sitting", COUNCIL)]
    with pytest.raises(NotYours):
        state.check_can_decide(said(state, COUNCIL))
    wish = a_resolution(state)
    state.check_can_resolve(wish)
    state = state.resolved(wish, NOW)
    assert state.approval
    verdict = state.approval.verdicts[0]
    assert (verdict.holder, verdict.person_id, verdict.number) == (COUNCIL, None, "4")
    assert asked(state) == [("decide", ANNA)]


def test_what_is_no_decision_of_this_body_on_this_version_is_refused() -> None:
    state = on_route(a_stage("council", COUNCIL, kind="body"))
    cases: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"body_id": "b-other"}, WrongState),
        ({"sha256": sha("b")}, StaleVersion),
        ({"version": 2}, StaleVersion),
        ({"outcome": Outcome.REFUSE}, RemarkMissing),
        ({"by": an_actor(ANNA)}, NotYours),
    ]
    for fields, refusal in cases:
        with pytest.raises(refusal):
            state.check_can_resolve(a_resolution(state, **fields))
    state.check_can_resolve(a_resolution(state, by=an_actor("p-member", COUNCIL)))


def discussed(state: DocumentState, at: datetime = NOW) -> DocumentState:
    wish = AddRemark(by=an_actor(ANNA), version=state.version, note_id="n1")
    state.check_can_add_remark(wish)
    return state.remark_added(wish, at)


def an_answer(**fields: Any) -> AnswerRemark:
    return AnswerRemark(**{"by": an_actor(DRAFTER), "remark_id": "1", "note_id": "a1", **fields})


def test_a_discussion_ends_on_its_day_once_every_remark_is_answered() -> None:
    state = on_route(a_stage("talk", kind="discussion", days=1), a_stage("two", ANNA))
    assert asked(state) == []
    state = discussed(state)
    assert asked(state) == [("answer_remark", DRAFTER)]
    (due,) = state.moments()
    assert state.advanced(due).stage is Stage.ON_APPROVAL
    assert asked(state.advanced(due)) == [("answer_remark", DRAFTER)]
    state.check_can_answer_remark(an_answer())
    late = state.remark_answered(an_answer(), due)
    assert asked(late) == [("decide", ANNA)]
    early = state.remark_answered(an_answer(), NOW)
    assert asked(early) == []
    assert asked(early.advanced(due)) == [("decide", ANNA)]
    assert actions(early.advanced(due))[-3:] == [
        *("remark_made", "remark_answered", "discussion_ended"),
    ]


def test_remarks_are_made_in_a_discussion_and_answered_once_by_the_drafter() -> None:
    with pytest.raises(WrongState):
        discussed(on_route(a_stage("one", ANNA)))
    state = discussed(on_route(a_stage("talk", kind="discussion", days=1)))
    with pytest.raises(NotFound):
        state.check_can_answer_remark(an_answer(remark_id="2"))
    with pytest.raises(NotYours):
        state.check_can_answer_remark(an_answer(by=an_actor(ANNA)))
    with pytest.raises(RemarkMissing):
        state.check_can_answer_remark(an_answer(note_id=None))
    with pytest.raises(WrongState):
        state.remark_answered(an_answer(), NOW).check_can_answer_remark(an_answer())


def test_a_review_from_outside_comes_before_the_approval() -> None:
    state = on_route(a_stage("review", VERA, kind="review"), a_stage("two", ANNA))
    assert asked(state) == [("attach_review", VERA)]
    wish = AttachReview(
        by=an_actor(VERA), version=1, sha256=sha("r"), size=1, media_type="application/pdf"
    )
    with pytest.raises(NotYours):
        state.check_can_attach_review(wish.changed(by=an_actor(ANNA)))
    state.check_can_attach_review(wish)
    state = state.review_attached(wish, NOW)
    assert asked(state) == [("decide", ANNA)]
    with pytest.raises(WrongState):
        state.check_can_attach_review(wish)
