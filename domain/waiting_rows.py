"""What rows, pairs and cycles wait for; see `domain.waiting`."""

from datetime import datetime
from typing import Final

from domain.items import Item, WithItems
from domain.meetings import missing_kinds
from domain.pair import PairState
from domain.planning import PlannedResult
from domain.process import Process, Task
from domain.programme import ProgrammeState
from domain.reporting import FINAL, place
from domain.roadmap import (
    ConsentsStage,
    MeetingsStage,
    MonitoringStage,
    OrderStage,
    PackageStage,
    PaperStage,
    TrackStage,
)
from domain.waiting import Around, Then, Wait, asks, joined, of_document, of_tasks

_WORK: Final = Wait(what="work")


def of_row(state: ProgrammeState | PairState, item: Item, around: Around, now: datetime) -> Wait:
    """What a row waits for, in its cycle or pair."""
    if item.done:
        return Wait(what="row_skipped" if item.skipped else "row_done")
    if isinstance(state, PairState) and state.is_over():
        return Wait(what="pair_over")
    if state.trouble:
        return of_trouble(state)
    if not item.open:
        return _of_closed_row(state, item, around, now)
    waits = [
        _of_result(state, item, planned, result.document_id, around)
        for planned, result in item.ready()
    ]
    found = sorted(waits, key=_urgency) or [Wait(what="collect", due=item.plan.due)]
    first = found[0]
    then = first.then or _after_row(state, item, around)
    return first.changed(then=then, more=first.more + len(found) - 1)


def of_trouble(state: Process) -> Wait:
    """What stopped a process, and who must mend it."""
    return of_tasks(state, state.tasks()).changed(then=Then(what="go_on"))


def _of_closed_row(
    state: ProgrammeState | PairState, item: Item, around: Around, now: datetime
) -> Wait:
    """A row whose window has not come, or that others must open."""
    then = _after_row(state, item, around)
    if item.plan.opens > now:
        return Wait(what="opens", due=item.plan.opens)
    end = item.plan.due
    before = [
        one.plan.step
        for one in state.items
        if one.plan.step in item.plan.after
        and not one.is_met
        and one.plan.turn == item.plan.turn
        and (end is None or one.plan.opens <= end)
    ]
    if before:
        steps = tuple(dict.fromkeys(before))
        return Wait(what="rows_before", words=joined(map(around.step, steps)), n=len(steps))
    if "pairs" in item.plan.after and isinstance(state, ProgrammeState):
        return _of_pairs(state, item.plan.turn).changed(then=then)
    if isinstance(state, PairState) and not state.has_consents():
        return Wait(what="consents_first", then=then)
    return Wait(what="open_row")


def _of_pairs(state: ProgrammeState, turn: int) -> Wait:
    """The end of a turn's pairs, or their beginning."""
    pairs = [pair for pair in state.pairs if pair.turn == turn]
    if not pairs:
        return Wait(what="no_pairs", whom=(state.plan.curator,) if state.plan else ())
    over = sum(pair.is_over() for pair in pairs)
    return Wait(what="pairs_end", n=over, of=len(pairs))


def _of_result(
    state: ProgrammeState | PairState,
    item: Item,
    planned: PlannedResult,
    document_id: str | None,
    around: Around,
) -> Wait:
    refs = {"item": item.id, "result": planned.id}
    tasks = [one for one in state.item_tasks() if refs.items() <= one.refs.items()]
    if tasks:
        return _of_row_task(state, item, tasks[0], around)
    if planned.for_each is not None and isinstance(state, ProgrammeState):
        return _of_papers_below(state, item, planned, around)
    if planned.document is not None:
        return _of_paper(state, item, planned, document_id, around)
    if isinstance(state, ProgrammeState) and state.above is not None:
        turn = item.plan.turn + state.above.turn - 1
        known = state.reports.get(place(planned.demand or "", turn))
        if known is not None and known.status == "sent":
            return Wait(what="upper_answer", then=_after_row(state, item, around))
        if known is None or known.status not in FINAL:
            return Wait(what="file_report", then=Then(what="upper_answers"))
    return Wait(what="work")


def _of_row_task(state: ProgrammeState | PairState, item: Item, task: Task, around: Around) -> Wait:
    """A task of a row: its kind, or with what the result is proved."""
    what, n, of = task.kind, int(task.refs.get("have", "0")), int(task.refs.get("of", "0"))
    if what == "record_result":
        what = f"record_{task.refs['proof']}"
    if what == "gather_reports":
        n, of = int(task.refs["missing"]), int(task.refs["to_answer"])
    return Wait(
        what=what,
        whom=(task.assignee,),
        words=around.result(item.plan.step, task.refs.get("result", "")),
        n=n,
        of=of,
        code=state.trouble,
        since=task.since,
        due=task.due,
        then=Then(what="upper_answers")
        if what == "correct_report"
        else _after_row(state, item, around, task.refs.get("result")),
    )


def _of_paper(
    state: ProgrammeState | PairState,
    item: Item,
    planned: PlannedResult,
    document_id: str | None,
    around: Around,
) -> Wait:
    title = around.kind(planned.document or "")
    if document_id is not None:
        return _on_its_way(document_id, title, around)
    wanted = ((paper.item, paper.result) for paper in state.papers())
    if planned.pairs_at and (item.id, planned.id) not in wanted:
        return _until_pairs_come(state, item.plan.turn, planned.pairs_at, around)
    return Wait(what="draft", about=title, then=_after_first_draft(item, planned))


def _of_papers_below(
    state: ProgrammeState, item: Item, planned: PlannedResult, around: Around
) -> Wait:
    """How many of the documents about organisations are in force."""
    title, then = around.kind(planned.document or ""), _after_row(state, item, around, planned.id)
    if not state.branches:
        whom = (state.plan.curator,) if state.plan else ()
        return Wait(what="no_branches", about=title, whom=whom, then=then)
    of = len(state.here())
    n = of - len(state.lacking(item, planned))
    return Wait(what="papers_below", about=title, n=n, of=of, due=item.plan.due, then=then)


def _after_first_draft(item: Item, planned: PlannedResult) -> Then:
    if planned.route:
        return asks(planned.route.stages[0])
    if planned.registrar:
        return Then(what="register", whom=(planned.registrar,))
    return Then(what="sign", whom=(planned.drafter or item.plan.lead,))


def _on_its_way(document_id: str, title: str, around: Around) -> Wait:
    """As the document says itself; one that has not saved itself yet is being drafted."""
    document = around.documents.get(document_id)
    wait = of_document(document) if document else Wait(what="draft")
    return wait.changed(about=title, document_id=document_id)


def _until_pairs_come(state: Process, turn: int, stage: str, around: Around) -> Wait:
    """An order that names pairs is drafted when all that are open have come to one stage."""
    pairs = state.pairs if isinstance(state, ProgrammeState) else ()
    going = [pair for pair in pairs if pair.turn == turn and not pair.is_over()]
    there = sum(pair.stage == stage for pair in going)
    if not going and isinstance(state, ProgrammeState) and state.plan:
        return Wait(what="no_pairs", whom=(state.plan.curator,), then=Then(what="order_drafted"))
    words = around.stage(stage)
    then = Then(what="order_drafted")
    return Wait(what="pairs_come", words=words, n=there, of=len(going), then=then)


def _after_row(state: WithItems, item: Item, around: Around, result_id: str | None = None) -> Then:
    """What this row's work opens: its own next result, other rows, or nothing more."""
    for planned, result in item.pairs_of():
        if result_id is not None and result_id in planned.after and not result.done:
            return Then(what="result", words=around.result(item.plan.step, planned.id))
    waiting = [
        one.plan.step
        for one in state.items
        if item.plan.step in one.plan.after and one.plan.turn == item.plan.turn and not one.open
    ]
    steps = tuple(dict.fromkeys(waiting))
    if steps:
        return Then(what="rows", words=joined(map(around.step, steps)), n=len(steps))
    return Then(what="row_done")


# Pairs


def of_pair(state: PairState, around: Around, now: datetime) -> Wait:
    """What a pair waits for."""
    if state.stopped:
        return Wait(what="withdraw" if state.open_documents else "pair_stopped")
    if state.is_over():
        return Wait(what="pair_completed")
    if state.trouble:
        return of_trouble(state)
    rows = [of_row(state, item, around, now) for item in state.items if not item.done]
    stage = state.stage
    if stage is None:
        first, *others = sorted(rows, key=_urgency)
        return first.changed(more=first.more + sum(map(_is_asked, others)))
    wait = _of_stage(state, stage, around)
    then = wait.then or _after_track(state, around)
    return wait.changed(then=then, more=wait.more + sum(map(_is_asked, rows)))


def _is_asked(wait: Wait) -> bool:
    return bool(wait.whom)


def _after_track(state: PairState, around: Around) -> Then:
    ahead = state.track[state.position + 1 :]
    if ahead:
        return Then(what="stage", words=around.stage(ahead[0].id))
    undone = any(not item.done for item in state.items)
    return Then(what="pair_rows" if undone else "pair_done")


def _of_stage(state: PairState, stage: TrackStage, around: Around) -> Wait:
    match stage.needs:
        case ConsentsStage():
            return _of_consents(state, around)
        case PackageStage():
            paper = next((one for one in state.package if not one.in_force), None)
            return _of_pair_paper(paper.document_id, paper.kind, around) if paper else _WORK
        case PaperStage() as needs:
            return _of_pair_paper(state.drafts.get(stage.id), needs.document, around)
        case OrderStage():
            return _of_order(state, stage, around)
        case MeetingsStage() as needs:
            missing = missing_kinds(needs, state.meetings)
            return _of_stage_tasks(state, "record_meeting", around, missing)
        case MonitoringStage(voices=voices):
            given = {form.voice for form in state.forms if form.stage == stage.id}
            left = tuple(voice for voice in voices if voice not in given)
            return _of_stage_tasks(state, "record_monitoring", around, left)


def _of_consents(state: PairState, around: Around) -> Wait:
    if not state.law_is_known:
        return Wait(what="find_package")
    waits = [
        _of_pair_paper(need.document_id, need.kind, around)
        for need in state.needs
        if not need.in_force
    ]
    first, *others = sorted(waits, key=_urgency) or [_WORK]
    return first.changed(more=first.more + len(others))


def _of_pair_paper(document_id: str | None, kind: str, around: Around) -> Wait:
    title = around.kind(kind)
    if document_id is None:
        return Wait(what="draft", about=title)
    return _on_its_way(document_id, title, around)


def _of_order(state: PairState, stage: TrackStage, around: Around) -> Wait:
    """The cycle's order on pairs, as far as it is."""
    cycle = around.cycle
    for item in cycle.items if cycle else ():
        for planned, result in item.pairs_of():
            if cycle is None or planned.pairs_at != stage.id or item.plan.turn != state.turn:
                continue
            if result.done:
                return _WORK  # the cycle is telling the pair
            if item.open:
                return _of_paper(cycle, item, planned, result.document_id, around)
            return Wait(what="order_row", words=around.step(item.plan.step), due=item.plan.opens)
    return Wait(what="order")


def _of_stage_tasks(state: PairState, kind: str, around: Around, names: tuple[str, ...]) -> Wait:
    """Meetings or forms that are missing; one lead has them all."""
    tasks = [task for task in state.tasks() if task.kind == kind]
    if not tasks:
        return _WORK
    wait = of_tasks(state, tasks[:1])
    return wait.changed(words=joined(map(around.named, names)), n=len(names))


# Cycles


def of_cycle(
    state: ProgrammeState, around: Around, now: datetime, nearest: Wait | None, asked: int
) -> Wait:
    """What a cycle waits for: the most urgent of all that is asked in it, if anything is.

    `nearest` is that of the most urgent task, of the cycle, its pairs or its documents; `asked`
    counts those tasks.
    """
    if state.trouble:
        return of_trouble(state)
    if state.plan is None:
        return Wait(what="plan")
    if state.closed:
        return Wait(what="closed")
    if state.taking is not None:
        return Wait(what="take_roadmap")
    if nearest is not None:
        return nearest.changed(more=max(0, asked - max(1, len(nearest.whom))))
    return _unasked(state, around, now)


def _unasked(state: ProgrammeState, around: Around, now: datetime) -> Wait:
    """Nobody is asked for anything: the service works, pairs go on, or a day must come."""
    rows = [of_row(state, item, around, now) for item in state.items if item.open and not item.done]
    if rows:
        return min(rows, key=_urgency)
    papers = [extra.paper for extra in state.extras if not extra.settled]
    if papers:
        return _on_its_way(papers[0].document_id, around.kind(papers[0].kind), around)
    ahead = [item for item in state.items if not item.open and item.plan.opens > now]
    if ahead:
        item = min(ahead, key=lambda one: one.plan.opens)
        return Wait(what="next_row", words=around.step(item.plan.step), due=item.plan.opens)
    closed = next((item for item in state.items if not item.done), None)
    if closed is not None:
        return of_row(state, closed, around, now)
    pairs = [pair for pair in state.pairs if not pair.is_over()]
    if pairs:
        return _of_pairs(state, pairs[0].turn).changed(then=Then(what="cycle_closes"))
    return _WORK


def _urgency(wait: Wait) -> tuple[bool, float, int]:
    return wait.urgency
