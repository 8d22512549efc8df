"""What comes back when Temporal has lost what the rows remember."""

from typing import TypeVar

import pytest

from domain import ids
from domain.documents import DocumentState, Stage
from domain.extras import DraftDocument
from domain.messages import (
    BranchLeft,
    DocumentSettled,
    PairMoved,
    ReportAnswered,
    ReportReceived,
    Superseded,
)
from domain.pair import PairState
from domain.pair_road import STOPPED, Act
from domain.process import Process
from domain.programme import ProgrammeState
from domain.recovery import Children, KeptPair, State, came_back, news_of, to_begin
from tests.builders import (
    NOW,
    a_cycle,
    a_document_at,
    a_new_cycle,
    a_pair,
    a_pair_at,
    a_pair_request,
    a_pair_with_consents,
    a_planned_item,
    a_planned_result,
    a_stop,
    needs,
    the_curator,
    with_document,
    with_pairs,
)
from tests.nested_builders import (
    a_lower_cycle,
    a_release,
    an_upper_cycle,
    answered,
    came,
    joined,
    sent,
)

S = TypeVar("S", bound=Process)
STAGES = ("consents", "papers", "order", "plan", "meetings", "interim", "completed")
PAPER = a_planned_item(results=(a_planned_result(proof="document", document="report"),))


def as_saved(state: S) -> S:
    """The state as the row holds it after its save."""
    return state.changed(started=True, unsaved=())


def saved(*workflow_ids: str) -> Children:
    return Children(saved=frozenset(workflow_ids))


def row_of(cycle: ProgrammeState, n: int, stage: str | None, **fields: bool) -> KeptPair:
    """What the rows hold of the cycle's pair number `n`."""
    entry = cycle.pairs[n]
    same = entry.model_dump(exclude={"started", "stage", "ordered"})
    known = {"stage": stage, "owed": False, "ordered": False, **fields}
    return KeptPair.model_validate({**same, **known})


def a_cycle_of(*numbers: int) -> ProgrammeState:
    return with_pairs(a_cycle(), *(a_pair_request(n, novice=n == 2) for n in numbers))


def begun(pair: PairState) -> tuple[PairState, list[str]]:
    """The pair after it has started every document that it wants, and their ids."""
    moves = [move for move in pair.next_moves(NOW) if move.act is Act.START_DOCUMENT]
    for move in moves:
        pair = pair.document_started(move)
    return pair, [move.subject for move in moves]


# A process at rest


@pytest.mark.parametrize("stage", STAGES)
def test_a_pair_at_rest_goes_on_as_it_was(stage: str) -> None:
    pair = as_saved(a_pair_at(stage))

    assert came_back(pair, Children(), NOW, at_work=False) == pair


@pytest.mark.parametrize("state", [a_pair(), a_document_at(Stage.SEALING), a_new_cycle()])
def test_what_was_at_work_saves_itself_first(state: State) -> None:
    back = came_back(as_saved(state), Children(), NOW, at_work=True)

    assert not back.started
    assert back.revision == state.revision


# Documents of a pair


def test_a_document_that_the_pair_began_after_its_last_save_is_not_begun_again() -> None:
    pair = as_saved(a_pair().package_found(needs(), (), NOW).changed(unsaved=()))
    pair = pair.changed(
        needs=tuple(n.changed(document_id=f"consent{i}") for i, n in enumerate(pair.needs))
    )
    _, (first, second) = begun(pair)

    back = came_back(pair, saved(ids.document_workflow(first)), NOW)

    assert isinstance(back, PairState)
    assert back.open_documents == (first,)
    assert [move.subject for move in back.next_moves(NOW) if move.act is Act.START_DOCUMENT] == [
        second
    ]


def test_a_stopped_pair_tells_its_open_documents_once_more() -> None:
    pair, (paper,) = begun(a_pair_with_consents())
    (withdraw,) = [
        move
        for move in pair.stopped_early(a_stop(), NOW).next_moves(NOW)
        if move.act is Act.WITHDRAW
    ]
    told = as_saved(pair.stopped_early(a_stop(), NOW).withdrawal_told(withdraw))

    back = came_back(told, saved(ids.document_workflow(paper)), NOW)

    assert [m.subject for m in back.next_moves(NOW) if m.act is Act.WITHDRAW] == [paper]


@pytest.mark.parametrize("stopped", [False, True])
@pytest.mark.parametrize("stage", ["papers", "plan"])
def test_a_document_that_never_saved_itself_is_begun_as_the_pair_began_it(
    stage: str, stopped: bool
) -> None:
    before = a_pair_at(stage)
    pair, (paper,) = begun(before)
    (move,) = [move for move in before.next_moves(NOW) if move.act is Act.START_DOCUMENT]
    state = as_saved(pair.stopped_early(a_stop(), NOW) if stopped else pair)

    assert to_begin(state, Children(), NOW) == (before.document(move, NOW),)
    assert to_begin(state, saved(ids.document_workflow(paper)), NOW) == ()


def test_consents_that_never_saved_themselves_are_begun_each_for_its_person() -> None:
    pair, papers = begun(a_pair().package_found(needs(), (), NOW))

    documents = to_begin(as_saved(pair), Children(), NOW)

    assert [one.document_id for one in documents if isinstance(one, DocumentState)] == papers
    assert {one.person_id for one in documents if isinstance(one, DocumentState)} == {
        need.person_id for need in pair.needs
    }


def test_a_document_that_is_not_begun_yet_is_left_to_the_pair() -> None:
    pair = as_saved(a_pair_at("plan"))
    assert to_begin(pair, Children(), NOW) == ()


# A cycle and its pairs


def test_pairs_that_no_save_of_the_cycle_holds_come_back_from_their_rows_in_order() -> None:
    cycle = a_cycle_of(1, 2, 3)
    ran = cycle.pairs_started(tuple(pair.pair_id for pair in cycle.pairs))
    rows = [row_of(ran, 2, "order"), row_of(ran, 0, STOPPED), row_of(ran, 1, "plan", ordered=True)]

    back = came_back(as_saved(ran.to_save()), Children(pairs=tuple(rows)), NOW)

    assert isinstance(back, ProgrammeState)
    assert [(p.mentee_id, p.stage, p.started, p.novice, p.ordered) for p in back.pairs] == [
        ("mentee1", STOPPED, True, False, False),
        ("mentee2", "plan", True, True, True),
        ("mentee3", "order", True, False, False),
    ]


def test_a_stage_that_the_cycle_has_not_recorded_is_still_to_be_heard() -> None:
    cycle = a_cycle_of(1)
    ran = cycle.pairs_started((cycle.pairs[0].pair_id,))
    rows = (row_of(ran, 0, "order", owed=True),)

    back = came_back(as_saved(ran.to_save()), Children(pairs=rows), NOW)

    assert isinstance(back, ProgrammeState)
    assert back.pairs[0].stage == "consents"
    fact = PairMoved(pair_id=back.pairs[0].pair_id, stage="order")
    assert back.pair_moved(fact, NOW).pairs[0].stage == "order"


def test_a_pair_that_was_about_to_start_is_started_by_the_cycle() -> None:
    cycle = as_saved(a_cycle_of(1, 2))
    rows = (row_of(cycle, 0, None), row_of(cycle, 1, "consents"))

    back = came_back(cycle, Children(pairs=rows), NOW)

    assert isinstance(back, ProgrammeState)
    assert [pair.started for pair in back.pairs] == [False, True]
    assert to_begin(back, Children(pairs=rows), NOW) == ()


def test_a_pair_that_was_started_and_never_saved_itself_is_begun() -> None:
    cycle = a_cycle_of(1, 2)
    ran = cycle.pairs_started(tuple(pair.pair_id for pair in cycle.pairs))
    children = Children(pairs=(row_of(ran, 0, None), row_of(ran, 1, "papers")))
    back = came_back(as_saved(ran.to_save()), children, NOW)

    assert to_begin(back, children, NOW) == (ran.pair(ran.pairs[0].pair_id, NOW),)


def test_what_was_heard_before_the_save_is_not_heard_twice() -> None:
    cycle = a_cycle_of(1)
    heard = PairMoved(pair_id=cycle.pairs[0].pair_id, stage="order")
    kept = as_saved(cycle).changed(heard=(heard,))

    back = came_back(kept, Children(pairs=(row_of(cycle, 0, "order"),)), NOW)

    assert isinstance(back, ProgrammeState)
    assert back.heard == ()


# Papers of a cycle


def test_papers_of_rows_and_those_that_people_asked_for_are_known_or_begun() -> None:
    wish = DraftDocument(by=the_curator(), document_id="extra1", kind="report")
    cycle = as_saved(a_cycle(PAPER).document_asked(wish, NOW))
    papers = tuple(cycle.papers())
    assert len(papers) == 2
    workflows = [ids.document_workflow(paper.document_id) for paper in papers]

    known = came_back(cycle, saved(*workflows), NOW)
    assert isinstance(known, ProgrammeState)
    assert not tuple(known.papers())

    started = cycle
    for paper in papers:
        started = started.document_started(paper)
    assert to_begin(started, Children(), NOW) == tuple(
        cycle.document(paper, NOW) for paper in papers
    )


# News


def test_a_document_at_its_end_has_told_its_owner_and_whom_it_ended() -> None:
    document = a_document_at(Stage.IN_FORCE, parent="cycle/c1")
    (news,) = news_of(as_saved(document))
    assert (news.to, news.signal) == ("cycle/c1", "document_settled")
    assert news.fact == DocumentSettled(document_id="d1", in_force=True)

    ending = document.changed(changes=({"document_id": "d0", "how": "cancels"},))
    assert [(one.to, one.signal, one.fact) for one in news_of(ending)][1:] == [
        ("document/d0", "superseded", Superseded(document_id="d1"))
    ]


def test_a_document_on_its_way_has_told_nobody() -> None:
    assert not tuple(news_of(a_document_at(Stage.TO_SIGN, parent="cycle/c1")))


def test_a_pair_has_told_its_cycle_where_it_stands() -> None:
    (news,) = news_of(a_pair_at("order"))
    assert (news.to, news.signal) == ("cycle/c1", "pair_moved")
    assert news.fact == PairMoved(pair_id="pair1", stage="order")
    assert not tuple(news_of(a_pair(parent=None)))


@pytest.mark.parametrize("stage", STAGES[1:])
def test_news_that_was_heard_changes_nothing_when_it_is_told_again(stage: str) -> None:
    cycle = a_cycle_of(1)
    ran = cycle.pairs_started((cycle.pairs[0].pair_id,))
    fact = PairMoved(pair_id=ran.pairs[0].pair_id, stage=stage)
    once = ran.pair_moved(fact, NOW)
    assert once.pair_moved(fact, NOW) == once

    paper = with_document(a_pair_at("papers"))
    for document in paper.in_force:
        again = DocumentSettled(document_id=document, in_force=True)
        assert paper.document_settled(again, NOW) == paper


# Cycles above and below


def test_a_cycle_that_came_back_tells_its_branches_once_more_what_they_were_answered() -> None:
    cycle = answered(came(an_upper_cycle(), 1, 2), 1)
    (news,) = news_of(as_saved(cycle))
    below = ids.cycle_workflow(ids.branch_cycle("c1", 1))
    assert (news.to, news.signal) == (below, "report_answered")
    assert isinstance(news.fact, ReportAnswered)
    assert (news.fact.version, news.fact.status) == (1, "accepted")


def test_a_cycle_that_came_back_tells_the_one_above_once_more_what_it_sent() -> None:
    cycle = sent(a_lower_cycle().upper_told("joined"))
    moved, report = news_of(as_saved(cycle))
    assert (moved.to, moved.signal) == ("cycle/c1", "branch_moved")
    assert (report.to, report.signal) == ("cycle/c1", "report_received")
    assert report.fact == ReportReceived(n=2, demand="yearly", turn=1, version=1)


def test_a_cycle_that_came_back_tells_once_more_who_left_it() -> None:
    cycle = joined(an_upper_cycle(), 1).branch_released(a_release(1), NOW)
    (news,) = news_of(as_saved(cycle))
    below = ids.cycle_workflow(ids.branch_cycle("c1", 1))
    assert (news.to, news.signal) == (below, "branch_left")
    assert news.fact == BranchLeft(note_id="why")


def test_cycles_above_and_below_come_back_as_they_were() -> None:
    for cycle in (as_saved(came(an_upper_cycle(), 1)), as_saved(sent(a_lower_cycle()))):
        assert came_back(cycle, Children(), NOW, at_work=False) == cycle
