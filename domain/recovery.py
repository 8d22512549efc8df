"""What comes back when Temporal has lost what the rows remember.

A process is begun again from the state that it saved last. Between two saves it may have started
others, told them or heard from them; whatever of that is not in its save is found here in what the
others saved, or is done once more: all of it may be done twice without harm.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import count, takewhile

from domain import ids
from domain.base import Value
from domain.branches import Answered
from domain.documents import END, DocumentState
from domain.items import Item
from domain.messages import DocumentSettled, Fact, PairMoved, Superseded
from domain.pair import PairState
from domain.pair_road import Act, PairMove
from domain.pairing import PairEntry, PairRequest
from domain.process import Process
from domain.programme import ProgrammeState

State = ProgrammeState | PairState | DocumentState


class KeptPair(PairRequest):
    """A pair of a cycle as its rows hold it: saves of the cycle leave out what has rows."""

    pair_id: str
    turn: int
    stage: str | None  # at which it last saved itself; none: it never did
    owed: bool  # the cycle has not recorded that stage
    ordered: bool  # it knows the order that it waited for


class Children(Value):
    """What the rows hold of the processes that one process has started or was about to start."""

    saved: frozenset[str] = frozenset()  # workflow ids of those that have saved themselves
    pairs: tuple[KeptPair, ...] = ()  # of a cycle: all


class News(Value):
    """A fact that somebody may not have recorded; hearing it twice changes nothing."""

    to: str  # the workflow
    signal: str
    fact: Fact


def came_back(saved: State, children: Children, now: datetime, *, at_work: bool = True) -> State:
    """The state from which a process goes on: its last save, and what its children prove.

    It saves itself before it does anything if its row does not show it as it is: more was learnt,
    or the row says that it is `at_work`, and of that nothing is left.
    """
    state: State
    match saved:
        case ProgrammeState():
            state = _with_started_papers(_with_pairs(saved, children.pairs), children)
            state = state.changed(heard=())
        case PairState():
            state = saved
            for move in _starts(saved, now):
                if ids.document_workflow(move.subject) in children.saved:
                    state = state.document_started(move)
            state = state.changed(withdrawn=())  # those that are open are told once more
        case DocumentState():
            state = saved
    is_shown = state.revision == saved.revision and not at_work
    return state.changed(started=is_shown, announced=False)


def to_begin(state: State, children: Children, now: datetime) -> tuple[Process, ...]:
    """First states of the children that `state`, which came back, holds for started and that never
    saved themselves: nobody else would start them.
    """
    match state:
        case ProgrammeState():
            lost = {pair.pair_id for pair in children.pairs if pair.stage is None}
            pairs = [pair for pair in state.pairs if pair.started and pair.pair_id in lost]
            return (
                *(state.pair(pair.pair_id, now) for pair in pairs),
                *_papers_to_begin(state, children, now),
            )
        case PairState():
            bare = _without_documents(state, _unsaved(state.open_documents, children))
            started = set(state.open_documents)
            moves = [move for move in _starts(bare, now) if move.subject in started]
            return tuple(_open(bare).document(move, now) for move in moves)
        case DocumentState():
            return ()


def news_of(state: State) -> Iterable[News]:
    """What a process has told others, or has to tell, by the stage at which it stands."""
    clock = {"clock_offset": state.clock_offset}
    match state:
        case ProgrammeState():
            yield from _news_between_cycles(state)
        case PairState(parent=str(parent)):
            moved = PairMoved(pair_id=state.pair_id, stage=state.stage_name, **clock)
            yield News(to=parent, signal="pair_moved", fact=moved)
        case DocumentState() if state.stage in END:
            if state.parent is not None:
                outcome = DocumentSettled(
                    document_id=state.document_id, in_force=state.seal is not None, **clock
                )
                yield News(to=state.parent, signal="document_settled", fact=outcome)
            for earlier in state.ended_documents():
                later = Superseded(document_id=state.document_id, **clock)
                yield News(to=ids.document_workflow(earlier), signal="superseded", fact=later)
        case _:
            return


# Cycles


def _news_between_cycles(state: ProgrammeState) -> Iterable[News]:
    """What branches were answered, and what the cycle above was told."""
    for branch in state.branches:
        below = ids.cycle_workflow(ids.branch_cycle(state.cycle_id, branch.n))
        for where, standing in branch.reports.items():
            if standing.status != "sent":
                answer = Answered(n=branch.n, where=where, standing=standing)
                yield News(to=below, signal="report_answered", fact=state.fact_for(answer))
        if branch.has_left():
            yield News(to=below, signal="branch_left", fact=state.leave_for(branch))
    if state.upper is None:
        return
    above = ids.cycle_workflow(state.upper.cycle_id)
    if state.told_upper:
        yield News(to=above, signal="branch_moved", fact=state.moved_for(state.told_upper))
    for where, standing in state.reports.items():
        if standing.version:
            yield News(to=above, signal="report_received", fact=state.sent_as(where))


def _with_pairs(state: ProgrammeState, kept: Sequence[KeptPair]) -> ProgrammeState:
    """A save of a cycle holds the pairs that were not started yet; the rest stand in rows."""
    rows = {pair.pair_id: pair for pair in kept}
    waiting = {pair.pair_id: pair for pair in state.pairs if not pair.started}
    numbered = takewhile(rows.__contains__, (ids.nth_pair(state.workflow_id, n) for n in count(1)))
    pairs = tuple(_entry(state, rows[id_], waiting.get(id_)) for id_ in numbered)
    return state.changed(pairs=pairs)


def _entry(state: ProgrammeState, row: KeptPair, waiting: PairEntry | None) -> PairEntry:
    if waiting is not None and row.stage is None:
        return waiting
    return PairEntry(
        **row.model_dump(exclude={"stage", "owed"}),
        started=True,
        stage=state.first_stage() if row.stage is None or row.owed else row.stage,
    )


def _with_started_papers(state: ProgrammeState, children: Children) -> ProgrammeState:
    for paper in tuple(state.changed(trouble=None).papers()):
        if ids.document_workflow(paper.document_id) in children.saved:
            state = state.document_started(paper)
    return state


def _papers_to_begin(
    state: ProgrammeState, children: Children, now: datetime
) -> Iterable[DocumentState]:
    open_ids = [
        str(result.document_id)
        for item in state.items
        for result in item.results
        if result.document_id and not result.done
    ]
    open_ids += [e.paper.document_id for e in state.extras if e.started and not e.settled]
    lost = _unsaved(open_ids, children)
    bare = state.changed(
        items=tuple(_item_without(item, lost) for item in state.items),
        extras=tuple(
            extra.changed(started=False) if extra.paper.document_id in lost else extra
            for extra in state.extras
        ),
    )
    for paper in bare.papers():
        if paper.document_id in lost:
            yield bare.document(paper, now)


# Pairs


def _starts(state: PairState, now: datetime) -> tuple[PairMove, ...]:
    """The documents that it would start, were it not stopped meanwhile or in trouble."""
    moves = _open(state).next_moves(now)
    return tuple(move for move in moves if move.act is Act.START_DOCUMENT)


def _open(state: PairState) -> PairState:
    return state.changed(stopped=False, trouble=None)


def _without_documents(state: PairState, lost: Collection[str]) -> PairState:
    """As it was before it started these."""
    return state.changed(
        needs=tuple(
            need.changed(started=False) if need.document_id in lost else need
            for need in state.needs
        ),
        package=tuple(
            need.changed(document_id=None) if need.document_id in lost else need
            for need in state.package
        ),
        drafts={stage: id_ for stage, id_ in state.drafts.items() if id_ not in lost},
        items=tuple(_item_without(item, lost) for item in state.items),
    )


# Both


def _unsaved(document_ids: Iterable[str], children: Children) -> frozenset[str]:
    found = (id_ for id_ in document_ids if ids.document_workflow(id_) not in children.saved)
    return frozenset(found)


def _item_without(item: Item, lost: Collection[str]) -> Item:
    return item.changed(
        results=tuple(
            result.changed(document_id=None) if result.document_id in lost else result
            for result in item.results
        )
    )
