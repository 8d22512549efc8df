"""Documents on routes of approval, for tests."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from datetime import datetime
from typing import Any

from domain.approval import Approval
from domain.document_wishes import Decide
from domain.documents import DocumentState
from domain.routes import Route, RouteStage
from tests.builders import NOW, a_decision, a_document, a_draft, a_redraft, an_actor, an_approval

ANNA, BORIS, VERA, COUNCIL = "p-anna", "p-boris", "p-vera", "b-council"


def a_stage(id_: str, *holders: str, **fields: Any) -> RouteStage:
    return RouteStage(id=id_, title=id_, holders=holders, **fields)


def on_route(*stages: RouteStage, **route: Any) -> DocumentState:
    """A drafted document on a route of these stages."""
    state = a_document().changed(approval=an_approval(stages=stages, **route))
    return state.drafted(a_draft(), NOW)


def approved(state: DocumentState, *people: str, at: datetime = NOW) -> DocumentState:
    """Each of these approves the version that lies there."""
    for person in people:
        wish = said(state, person)
        state.check_can_decide(wish)
        state = state.decided(wish, at)
    return state


def said(state: DocumentState, person: str, **fields: Any) -> Decide:
    assert state.draft
    about = {"version": state.version, "sha256": state.draft.sha256}
    return a_decision(**{"by": an_actor(person), **about, **fields})


def redrafted(state: DocumentState, letter: str = "b") -> DocumentState:
    wish = a_redraft(version=state.version)
    state.check_can_redraft(wish)
    return state.redrafted(wish, NOW).drafted(a_draft(letter), NOW)


def asked(state: DocumentState) -> list[tuple[str, str]]:
    return [(task.kind, task.assignee) for task in state.tasks()]


def actions(state: DocumentState) -> list[str]:
    return [event.action for event in state.unsaved]


def approved_by(person: str) -> Approval:
    """One person decides."""
    route = Route.of(person)
    assert route is not None
    return Approval(route=route)
