"""An act on destruction when no cycle runs: it stands in one that is closed."""

import pytest

from domain.errors import NotYours, Refused, RoleUnmapped, WrongState
from domain.extras import DraftDocument
from domain.programme import ProgrammeState
from domain.routes import Route
from tests.builders import (
    APPROVER,
    CURATOR,
    NOW,
    a_cycle,
    a_new_cycle,
    the_curator,
    the_director,
)


def an_act(**fields: object) -> DraftDocument:
    known = {"by": the_curator(), "document_id": "act1", "kind": "destruction_act"}
    return DraftDocument.model_validate({**known, "approver": "director", "destroys": 2, **fields})


def test_a_closed_cycle_has_an_act_on_destruction_that_it_need_not_hear_of() -> None:
    closed = a_cycle().changed(closed=True)
    first = closed.act_when_closed(an_act(numbered=True), NOW)
    assert (first.parent, first.announced) == (None, False)
    assert (first.cycle_id, first.document_id, first.destroys) == ("c1", "act1", 2)
    assert first.registrar == CURATOR
    assert first.approval is not None
    assert first.approval.route == Route.of(APPROVER)
    # As the cycle would have made it, were it not closed.
    running = a_cycle().document_asked(an_act(numbered=True), NOW)
    (paper,) = (one for one in running.papers() if one.document_id == "act1")
    assert first == running.document(paper, NOW).changed(parent=None, announced=False)


@pytest.mark.parametrize(
    ("cycle", "fields", "refusal"),
    [
        (a_cycle(), {}, WrongState),
        (a_new_cycle(), {}, WrongState),
        (a_cycle().changed(closed=True), {"destroys": 0}, WrongState),
        (a_cycle().changed(closed=True), {"by": the_director()}, NotYours),
        (a_cycle().changed(closed=True), {"approver": "nobody"}, RoleUnmapped),
    ],
    ids=["running", "not planned", "another paper", "not of the office", "nobody approves"],
)
def test_nothing_else_begins_in_a_closed_cycle(
    cycle: ProgrammeState, fields: dict[str, object], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        cycle.act_when_closed(an_act(**fields), NOW)
