"""Papers about organisations below: one for each that is named, all by one wish."""

from typing import Any

import pytest

from domain.amendments import Change, How
from domain.errors import ForeignDocument, NotFound, Refused, WrongState
from domain.extras import DraftDocument
from domain.messages import DocumentSettled
from domain.programme import ProgrammeState
from tests.builders import NOW, the_curator
from tests.nested_builders import a_release, an_upper_cycle

SHEET = "inspection_checklist"


def a_wish(*branches: int, **fields: Any) -> DraftDocument:  # noqa: ANN401 - of the wish
    known: dict[str, Any] = {"by": the_curator(), "document_id": "d1", "kind": SHEET}
    return DraftDocument(**{**known, "branches": branches, **fields})


def started(cycle: ProgrammeState) -> ProgrammeState:
    for paper in tuple(cycle.papers()):
        cycle = cycle.document_started(paper)
    return cycle


def test_each_organisation_that_is_named_gets_its_own_paper() -> None:
    cycle = an_upper_cycle()
    wish = a_wish(1, 3, inputs_id="i1")
    cycle.check_can_draft(wish)
    cycle = cycle.document_asked(wish, NOW)

    papers = [paper for paper in cycle.papers() if paper.kind == SHEET]
    documents = [cycle.document(paper, NOW) for paper in papers]
    assert [(one.branch, one.inputs_id, one.kind) for one in documents] == [
        (1, "i1", SHEET),
        (3, "i1", SHEET),
    ]
    assert len({one.document_id for one in documents} | {"d1"}) == 3
    asked = [event for event in cycle.unsaved if event.action == "document_asked"]
    assert [event.refs["branch"] for event in asked] == ["1", "3"]
    assert [event.refs["document"] for event in asked] == [one.document_id for one in documents]


def test_the_same_wish_names_the_same_papers() -> None:
    twice = [an_upper_cycle().document_asked(a_wish(1, 2), NOW) for _ in range(2)]
    first, second = ([one.paper.document_id for one in cycle.extras] for cycle in twice)
    assert first == second


def test_a_paper_about_nobody_is_one_and_keeps_its_id() -> None:
    cycle = an_upper_cycle().document_asked(a_wish(), NOW)
    assert [(one.paper.document_id, one.paper.branch) for one in cycle.extras] == [("d1", None)]
    assert "branch" not in cycle.unsaved[-1].refs


def test_a_persons_paper_says_whose_it_is_to_the_end() -> None:
    wish = a_wish(kind="consent_withdrawal", person_id="child")
    cycle = an_upper_cycle().document_asked(wish, NOW)
    (paper,) = (one for one in cycle.papers() if one.kind == "consent_withdrawal")
    document = cycle.document(paper, NOW)
    assert (document.person_id, document.approval, document.registrar) == ("child", None, None)
    (asked,) = (event for event in cycle.unsaved if event.action == "document_asked")
    assert (asked.refs["document"], asked.refs["person"]) == ("d1", "child")


def test_the_cycle_waits_for_each_of_them() -> None:
    cycle = started(an_upper_cycle().document_asked(a_wish(1, 2), NOW))
    first, second = (one.paper.document_id for one in cycle.extras)
    cycle = cycle.document_settled(DocumentSettled(document_id=first, in_force=True), NOW)
    assert not cycle._extras_are_settled(1)
    cycle = cycle.document_settled(DocumentSettled(document_id=second, in_force=False), NOW)
    assert cycle._extras_are_settled(1)


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (a_wish(4), NotFound),
        (a_wish(1, 0), NotFound),
        (a_wish(2), WrongState),
        (
            a_wish(1, changes=(Change(document_id="elsewhere", how=How.CANCELS),)),
            ForeignDocument,
        ),
    ],
)
def test_a_paper_about_who_is_not_here_is_refused(
    wish: DraftDocument, refusal: type[Refused]
) -> None:
    cycle = an_upper_cycle().branch_released(a_release(2), NOW)
    with pytest.raises(refusal):
        cycle.check_can_draft(wish)
