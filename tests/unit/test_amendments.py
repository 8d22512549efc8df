"""Documents that a person asks for, and what they do to earlier ones."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.amendments import Change, How, Link, bases, later
from domain.document_wishes import Drop
from domain.documents import Stage
from domain.errors import (
    CancelledAlready,
    ChangesItself,
    ForeignDocument,
    NotInForce,
    NotYours,
    Refused,
    RoleUnmapped,
    WrongState,
)
from domain.extras import DraftDocument
from domain.messages import DocumentSettled
from domain.people import AccessRole
from domain.programme import Act, ProgrammeState
from tests.builders import (
    NOW,
    a_cycle,
    a_document,
    a_planned_item,
    a_planned_result,
    a_record,
    a_seal,
    asked_of,
    the_curator,
    the_director,
)

ORDER, DRAFT, NEW = "order1", "draft1", "new1"
DAY = date(2026, 9, 7)


def a_wish(*changes: tuple[str, How], **fields: Any) -> DraftDocument:  # noqa: ANN401 - of the wish
    known: dict[str, Any] = {
        "by": the_curator(),
        "document_id": NEW,
        "kind": "order_amendment",
        "approver": "director",
        "numbered": True,
        "changes": tuple(Change(document_id=id_, how=how) for id_, how in changes),
    }
    return DraftDocument(**{**known, **fields})


def a_cycle_with_papers() -> ProgrammeState:
    """One order is in force, another is being drafted."""
    first = a_planned_result(id="order", proof="document", document="order_introduction")
    second = a_planned_result(id="draft", proof="document", document="report")
    cycle = a_cycle(a_planned_item(results=(first, second)))
    one, two = cycle.papers()
    cycle = cycle.document_started(one.changed(document_id=ORDER))
    cycle = cycle.document_started(two.changed(document_id=DRAFT))
    return cycle.document_settled(DocumentSettled(document_id=ORDER, in_force=True), NOW)


def settled(cycle: ProgrammeState, wish: DraftDocument, *, in_force: bool = True) -> ProgrammeState:
    """The cycle after a document was asked for, started and told to be at its end."""
    cycle = cycle.document_asked(wish, NOW)
    (paper,) = [paper for paper in cycle.papers() if paper.document_id == wish.document_id]
    fact = DocumentSettled(document_id=wish.document_id, in_force=in_force)
    return cycle.document_started(paper).document_settled(fact, NOW)


def test_a_document_that_is_asked_for_is_started_once_with_its_way() -> None:
    cycle = a_cycle_with_papers()
    wish = a_wish((ORDER, How.AMENDS), inputs_id="inputs1")
    cycle.check_can_draft(wish)
    cycle = cycle.document_asked(wish, NOW)
    assert cycle.unsaved[-1].action == "document_asked"

    (move,) = cycle.next_moves(NOW)
    assert (move.act, move.key) == (Act.START_DOCUMENT, f"start_document/{NEW}")
    assert move.paper is not None
    document = cycle.document(move.paper, NOW)
    assert (document.document_id, document.kind) == (NEW, "order_amendment")
    assert (document.item_id, document.result_id, document.step) == (None, None, None)
    assert document.changes == wish.changes
    assert document.inputs_id == "inputs1"
    assert (document.drafter, document.registrar) == (cycle._controller(),) * 2
    assert asked_of(document) == (cycle._holder("director"),)
    assert cycle.document_started(move.paper).next_moves(NOW) == ()


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        (a_wish((DRAFT, How.AMENDS)), NotInForce),
        (a_wish(("elsewhere", How.CANCELS)), ForeignDocument),
        (a_wish((NEW, How.AMENDS)), ChangesItself),
        (a_wish((ORDER, How.AMENDS), (DRAFT, How.ENDS)), NotInForce),
        (a_wish(by=the_director()), NotYours),
        (a_wish(approver="pope"), RoleUnmapped),
        (a_wish(approver="mentor"), RoleUnmapped),
    ],
)
def test_a_document_that_may_not_be_is_refused(wish: DraftDocument, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        a_cycle_with_papers().check_can_draft(wish)


@pytest.mark.parametrize("how", [How.CANCELS, How.REPLACES, How.ENDS])
def test_what_has_no_force_any_more_is_changed_no_further(how: How) -> None:
    cycle = settled(a_cycle_with_papers(), a_wish((ORDER, how)))
    with pytest.raises(CancelledAlready):
        cycle.check_can_draft(a_wish((ORDER, How.AMENDS), document_id="new2"))
    cycle.check_can_draft(a_wish((NEW, How.CANCELS), document_id="new2"))


def test_an_amended_document_may_be_amended_and_cancelled_again() -> None:
    cycle = settled(a_cycle_with_papers(), a_wish((ORDER, How.AMENDS)))
    cycle.check_can_draft(a_wish((ORDER, How.CANCELS), document_id="new2"))


def test_a_paper_that_was_given_up_changes_nothing() -> None:
    cycle = settled(a_cycle_with_papers(), a_wish((ORDER, How.CANCELS)), in_force=False)
    assert "document_changed" not in [event.action for event in cycle.unsaved]
    cycle.check_can_draft(a_wish((ORDER, How.CANCELS), document_id="new2"))
    with pytest.raises(NotInForce):
        cycle.check_can_draft(a_wish((NEW, How.AMENDS), document_id="new2"))


def test_the_log_names_the_document_that_was_changed_once() -> None:
    cycle = settled(a_cycle_with_papers(), a_wish((ORDER, How.REPLACES)))
    cycle = cycle.document_settled(DocumentSettled(document_id=NEW, in_force=True), NOW)
    (event,) = [event for event in cycle.unsaved if event.action == "document_changed"]
    assert (event.refs["document"], event.refs["by"]) == (ORDER, NEW)
    assert event.refs["how"] == "replaces"


def test_the_cycle_closes_when_the_papers_asked_for_are_at_their_end_too() -> None:
    cycle = a_cycle(a_planned_item(id="1")).document_asked(a_wish(), NOW)
    cycle = cycle.result_recorded(a_record(), NOW)
    assert not cycle.closed
    (paper,) = cycle.papers()
    fact = DocumentSettled(document_id=NEW, in_force=False)
    cycle = cycle.document_started(paper).document_settled(fact, NOW)
    assert cycle.closed
    with pytest.raises(WrongState):
        cycle.check_can_draft(a_wish(document_id="new2"))


def test_the_log_of_the_new_document_names_what_it_changed() -> None:
    document = a_document(changes=(Change(document_id=ORDER, how=How.CANCELS),))
    sealing = document.changed(stage=Stage.SEALING)
    done = sealing.sealed(a_seal(), NOW)
    assert [event.action for event in done.unsaved[-2:]] == ["sealed", "changed_document"]
    assert done.unsaved[-1].refs["document"] == ORDER


# Giving up


def test_a_paper_that_was_asked_for_may_be_given_up_before_it_has_a_number() -> None:
    document = a_document(item_id=None, stage=Stage.ON_APPROVAL)
    wish = Drop(by=the_curator(), note_id="reason1")
    document.check_can_drop(wish)
    dropped = document.dropped(wish, NOW)
    assert (dropped.stage, dropped.tasks()) == (Stage.WITHDRAWN, ())
    assert (dropped.unsaved[-1].action, dropped.unsaved[-1].note_id) == ("withdrawn", "reason1")


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"item_id": "1"}, WrongState),
        ({"pair_id": "pair1"}, WrongState),
        ({"stage": Stage.REGISTERING}, WrongState),
        ({"stage": Stage.IN_FORCE}, WrongState),
        ({"drafter": "somebody"}, NotYours),
    ],
)
def test_other_papers_stay(fields: dict[str, Any], refusal: type[Refused]) -> None:
    document = a_document(**{"item_id": None, "stage": Stage.ON_APPROVAL, **fields})
    by = the_curator().changed(role=AccessRole.DIRECTOR) if "drafter" in fields else the_curator()
    with pytest.raises(refusal):
        document.check_can_drop(Drop(by=by))


# Chains


def a_link(new: str, old: str, how: How = How.AMENDS, days: int = 0) -> Link:
    return Link(document_id=new, changed_id=old, how=how, day=DAY + timedelta(days=days))


def test_a_chain_begins_with_what_changed_nothing() -> None:
    links = [a_link("b", "a"), a_link("c", "b"), a_link("x", "a"), a_link("x", "y")]
    assert bases("c", links) == {"a"}
    assert bases("a", links) == {"a"}
    assert bases("x", links) == {"a", "y"}


def test_a_chain_shows_what_had_happened_by_a_day_in_order() -> None:
    links = [
        a_link("d", "a", How.CANCELS, days=9),
        a_link("c", "b", days=5),
        a_link("b", "a"),
        a_link("x", "y"),
    ]
    assert [link.document_id for link in later("a", links, DAY)] == ["b"]
    assert [link.document_id for link in later("a", links, DAY + timedelta(days=8))] == ["b", "c"]
    assert [link.how for link in later("a", links, DAY + timedelta(days=9))][-1] is How.CANCELS
