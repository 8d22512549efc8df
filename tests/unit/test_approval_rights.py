"""Rights to decide in a document's approval: they begin, end and pass to others."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from typing import Any

import pytest

from domain.approval import Circumstances, Head
from domain.authority import Mandate, Mandates
from domain.documents import Stage
from domain.errors import NotYours
from domain.messages import MandatesChanged
from tests.approval_builders import ANNA, BORIS, VERA, a_stage, approved, asked, on_route, said
from tests.builders import (
    CURATOR,
    DAY,
    NOW,
    a_document,
    a_draft,
    an_approval,
)

# Rights


def a_mandate(person: str, **fields: Any) -> Mandate:
    return Mandate(**{"id": f"m-{person}", "person_id": person, "since": NOW, **fields})


def rights(*known: Mandate, revision: int = 1) -> MandatesChanged:
    return MandatesChanged(mandates=Mandates(revision=revision, known=known))


def test_a_substitute_decides_in_the_days_of_the_absence_and_no_longer() -> None:
    state = on_route(a_stage("one", ANNA))
    days = a_mandate(BORIS, instead_of=ANNA, since=NOW + DAY, until=NOW + 3 * DAY)
    state = state.mandates_changed(rights(days), NOW)
    assert asked(state) == [("decide", ANNA)]
    assert set(state.moments()) == {NOW + DAY, NOW + 3 * DAY}
    state = state.advanced(NOW + DAY)
    assert asked(state) == [("decide", BORIS)]
    event = state.unsaved[-1]
    assert (event.action, event.refs["from"], event.refs["to"]) == ("handed_over", ANNA, BORIS)
    with pytest.raises(NotYours) as refusal:
        state.check_can_decide(said(state, ANNA))
    assert type(refusal.value).__name__ == "RightEnded"
    done = approved(state, BORIS, at=NOW + DAY)
    assert done.approval
    verdict = done.approval.verdicts[0]
    assert (verdict.holder, verdict.person_id, verdict.mandate_id) == (ANNA, BORIS, "m-p-boris")
    assert asked(state.advanced(NOW + 3 * DAY)) == [("decide", ANNA)]


def test_whoever_has_a_power_of_attorney_decides_beside_the_other() -> None:
    state = on_route(a_stage("one", ANNA))
    state = state.mandates_changed(rights(a_mandate(BORIS, instead_of=ANNA, shared=True)), NOW)
    assert asked(state) == [("decide", ANNA), ("decide", BORIS)]
    assert approved(state, BORIS).stage is Stage.TO_REGISTER


def test_a_right_for_some_kinds_is_none_for_others() -> None:
    state = on_route(a_stage("one", ANNA))
    other = a_mandate(BORIS, instead_of=ANNA, kinds=("report",))
    assert asked(state.mandates_changed(rights(other), NOW)) == [("decide", ANNA)]


def test_when_nobody_has_the_right_somebody_is_to_be_appointed() -> None:
    state = on_route(a_stage("one", ANNA))
    ended = a_mandate(ANNA, since=NOW - 9 * DAY, until=NOW)
    state = state.mandates_changed(rights(ended), NOW)
    assert asked(state) == [("appoint", CURATOR)]
    with pytest.raises(NotYours):
        state.check_can_decide(said(state, ANNA))
    new = rights(ended, a_mandate(VERA, instead_of=ANNA), revision=2)
    assert asked(state.mandates_changed(new, NOW)) == [("decide", VERA)]


def test_a_draft_that_lacked_a_head_is_tried_again_when_rights_change() -> None:
    state = a_document().troubled("document", "FactMissing", NOW)
    state = state.mandates_changed(rights(a_mandate(BORIS, instead_of=ANNA)), NOW)
    assert (state.trouble, state.unsaved[-1].action) == (None, "retried")
    other = a_document().troubled("document", "TemplateFault", NOW)
    assert other.mandates_changed(rights(a_mandate(BORIS, instead_of=ANNA)), NOW).trouble


def test_an_older_list_of_rights_changes_nothing() -> None:
    state = on_route(a_stage("one", ANNA)).mandates_changed(rights(revision=3), NOW)
    late = rights(a_mandate(BORIS, instead_of=ANNA), revision=2)
    assert state.mandates_changed(late, NOW) is state


def test_rights_found_with_the_facts_do_not_undo_later_ones() -> None:
    later = rights(a_mandate(BORIS, instead_of=ANNA), revision=2)
    state = a_document().changed(approval=an_approval(ANNA)).mandates_changed(later, NOW)
    state = state.drafted(a_draft(), NOW, Circumstances(mandates=Mandates(revision=1)))
    assert asked(state) == [("decide", BORIS)]


def test_a_version_with_the_name_of_a_head_who_has_gone_is_made_anew() -> None:
    state = a_document().changed(approval=an_approval(VERA, ANNA))
    found = Circumstances(head=Head(person_id=ANNA, instead_of=ANNA))
    state = approved(state.drafted(a_draft(), NOW, found), VERA)
    change = rights(
        a_mandate(ANNA, since=NOW - DAY, until=NOW), a_mandate(BORIS, instead_of=ANNA), revision=1
    )
    state = state.mandates_changed(change, NOW)
    assert (state.stage, state.version) == (Stage.DRAFTING, 2)
    event = state.unsaved[-1]
    assert (event.action, event.refs["why"]) == ("redrafted", "head_changed")
    assert [one.recipient for one in state.news] == [VERA]
    found = Circumstances(head=Head(person_id=BORIS, instead_of=ANNA), mandates=change.mandates)
    state = state.drafted(a_draft("b"), NOW, found)
    state = state.advanced(NOW + DAY)
    assert (state.version, asked(state)) == (2, [("decide", VERA)])
    assert asked(approved(state, VERA)) == [("decide", BORIS)]


def test_a_numbered_paper_is_not_made_anew_for_another_head() -> None:
    state = a_document().drafted(
        a_draft(), NOW, Circumstances(head=Head(person_id=ANNA, instead_of=ANNA))
    )
    state = state.changed(stage=Stage.TO_SIGN)
    change = rights(a_mandate(BORIS, instead_of=ANNA))
    assert state.mandates_changed(change, NOW).version == 1


def test_a_circle_of_rights_gives_none() -> None:
    both = Mandates(
        known=(a_mandate(ANNA, instead_of=BORIS), a_mandate(BORIS, instead_of=ANNA)), revision=1
    )
    assert both.deciders(ANNA, "order", NOW) == ()
