"""Items: the rows of a roadmap at work, in a cycle or in a pair.

An item opens when its window does and the rows before it are done; it is done when each of its
results is proved by the kind of proof that the row demands.
"""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal, Self

from domain import ids
from domain.amendments import Change
from domain.base import Message
from domain.errors import AlreadyCounted, EnoughEvidence, NotFound, NotYours, WrongState
from domain.evidence import RecordResult, check_proof
from domain.messages import DocumentSettled
from domain.people import AccessRole
from domain.planning import PlannedItem, PlannedResult
from domain.process import Process, Task, Terms
from domain.routes import Route

MOST_EVIDENCE = 100
"""So many pieces are kept of one result: a state stays small."""

SINGLE = frozenset({"document", "indicators", "reports", "report"})
"""Proofs that a result has once."""


class ResultState(Message):
    done: bool = False
    evidence_id: str | None = None
    more: tuple[str, ...] = ()  # what came after the first piece of evidence
    document_id: str | None = None
    dropped: tuple[str, ...] = ()  # documents that were withdrawn
    again: int = 0  # of these, how many were to be drafted anew

    def awaits_draft(self) -> bool:
        """Its document was withdrawn, and nobody said yet that there shall be another."""
        return not self.done and self.document_id is None and len(self.dropped) > self.again

    @property
    def evidence(self) -> tuple[str, ...]:
        """The ids of all pieces, the first one first."""
        return (self.evidence_id, *self.more) if self.evidence_id else ()

    def with_evidence(self, evidence_id: str, need: int) -> Self:
        """One piece more; done once there are as many as the row demands."""
        if self.evidence_id is None:
            return self.changed(evidence_id=evidence_id, done=need == 1)
        more = (*self.more, evidence_id)
        return self.changed(more=more, done=self.done or len(more) + 1 >= need)


class Item(Message):
    """A planned item at work."""

    plan: PlannedItem
    pair_id: str | None = None
    open: bool = False
    done: bool = False
    opened_at: datetime | None = None
    results: tuple[ResultState, ...]
    skipped: bool = False  # it does not apply, and so counts as done
    own: tuple[Literal["due", "lead", "skip"], ...] = ()  # what people changed in it here
    roadmap_n: int = 0  # by which of the cycle's roadmaps it was planned
    changes: int = 0  # by hand, or of deadline and lead: each makes other tasks of its tasks

    @classmethod
    def of(cls, plan: PlannedItem, pair_id: str | None = None) -> "Item":
        """A planned item before its window opens."""
        return cls(plan=plan, pair_id=pair_id, results=tuple(ResultState() for _ in plan.results))

    @property
    def id(self) -> str:
        return self.plan.id

    def pairs_of(self) -> Iterable[tuple[PlannedResult, ResultState]]:
        return zip(self.plan.results, self.results, strict=True)

    def is_done(self, result_id: str) -> bool:
        return any(p.id == result_id and r.done for p, r in self.pairs_of())

    @property
    def is_met(self) -> bool:
        """All results are there; a row that collects is open until its window is over all the same,
        but nothing waits for that.
        """
        return self.done or all(result.done for result in self.results)

    def is_over(self, now: datetime) -> bool:
        """It collects, has what it needs, and its window is over."""
        due = self.plan.due
        over = self.plan.collects and due is not None and due <= now
        return over and self.open and not self.done and self.is_met

    def ready(self) -> Iterable[tuple[PlannedResult, ResultState]]:
        """Results that are open and whose predecessors are done."""
        for planned, result in self.pairs_of():
            if not result.done and all(self.is_done(before) for before in planned.after):
                yield planned, result

    def refs(self) -> dict[str, str]:
        """The ids that an event or a task about this item names."""
        refs = {"item": self.id, "step": self.plan.step}
        return {**refs, "pair": self.pair_id} if self.pair_id else refs

    def left(self) -> dict[str, str]:
        """How many results are not proved yet, as events say it; where the row collects, the end of
        its window counts as one more.
        """
        return {"left": str(sum(not result.done for result in self.results) + self.plan.collects)}

    def with_result(self, result_id: str | None, **fields: object) -> "Item":
        results = tuple(
            result.changed(**fields) if planned.id == result_id else result
            for planned, result in self.pairs_of()
        )
        met = all(result.done for result in results)
        return self.changed(results=results, done=self.skipped or (met and not self.plan.collects))

    def changed_by_hand(self, what: Literal["due", "lead", "skip"], plan: PlannedItem) -> "Item":
        """As people want it; a new version of the roadmap leaves that to them."""
        own = tuple(dict.fromkeys((*self.own, what)))
        return self.changed(plan=plan, own=own, changes=self.changes + 1)


class Paper(Message):
    """A document that is not started yet: an item's result waits for it, or a person asked."""

    item: str | None = None
    step: str | None = None
    turn: int = 1
    result: str | None = None
    document_id: str
    kind: str
    drafter: str
    route: Route | None = None  # of approval
    registrar: str | None = None
    changes: tuple[Change, ...] = ()
    inputs_id: str | None = None
    destroys: int = 0  # as in `DraftDocument`
    branch: int | None = None  # the organisation below that it is about
    person_id: str | None = None  # whose consent or withdrawal it is

    @property
    def subject(self) -> str:
        """What no other paper that is to be started has."""
        of_row = self.item is not None and self.branch is None
        return f"{self.item}/{self.result}" if of_row else self.document_id


class WithItems(Process):
    """A process that works through items."""

    items: tuple[Item, ...] = ()

    @abstractmethod
    def _controller(self) -> str:
        """Who gets the escalations of items."""

    @abstractmethod
    def _terms(self) -> Terms:
        """How long people have."""

    @abstractmethod
    def _works_on_items(self) -> bool:
        """False before the plan is there, and after the end."""

    def _is_free(self, item: Item) -> bool:
        """True if the rows before this one, in the same turn, are done.

        A window that opens after this item's end is another year's: nothing waits for it.
        """
        end = item.plan.due
        undone = {
            one.plan.step
            for one in self.items
            if not one.is_met
            and one.plan.turn == item.plan.turn
            and (end is None or one.plan.opens <= end)
        }
        return undone.isdisjoint(item.plan.after)

    def moments(self) -> Iterable[datetime]:
        for item in self.items:
            if not item.open and not item.done:
                yield item.plan.opens
            elif item.plan.collects and item.plan.due and not item.done:
                yield item.plan.due

    def advanced(self, now: datetime) -> Self:
        """Opens what is due and free; closes what has collected all its window long."""
        state = self
        if not state._works_on_items():
            return state
        for item in self.items:
            waits = not item.open and not item.done
            if waits and item.plan.opens <= now and self._is_free(item):
                opened = item.changed(open=True, opened_at=now)
                state = state.with_item(opened).recorded("item_opened", now, refs=item.refs())
            elif item.is_over(now):
                closed = item.changed(done=True)
                state = state.with_item(closed).recorded("item_closed", now, refs=item.refs())
        return state

    def with_item(self, item: Item) -> Self:
        """The state with the item of this id replaced."""
        return self.changed(items=tuple(item if i.id == item.id else i for i in self.items))

    def item_tasks(self) -> Iterable[Task]:
        """What people have to do for the open items."""
        for item in self.items:
            if item.open and not item.done:
                for planned, result in item.ready():
                    for task in self._result_tasks(item, planned):
                        yield _counting(task, planned, result)

    def _result_tasks(self, item: Item, planned: PlannedResult) -> Iterable[Task]:
        """What people have to do for one result; a document has tasks of its own."""
        if planned.proof != "document":
            yield self._item_task(item, planned)
        for one, result in item.pairs_of():
            if one.id == planned.id and result.awaits_draft():
                again = self._item_task(item, planned, f"again{len(result.dropped)}")
                refs = {**item.refs(), "result": planned.id, "document": result.dropped[-1]}
                asked = {"kind": "draft_again", "assignee": self._controller(), "refs": refs}
                yield again.changed(**asked)

    def _item_task(self, item: Item, planned: PlannedResult, *suffix: str) -> Task:
        since = item.opened_at or item.plan.opens
        due = item.plan.due
        changed = (f"changed{item.changes}",) if item.changes else ()
        return Task(
            id="/".join((self.workflow_id, item.id, planned.id, *suffix, *changed)),
            kind="record_result",
            assignee=item.plan.lead,
            escalate_to=self._controller(),
            since=since,
            due=due,
            remind_at=self._terms().remind_at(since, due),
            refs={
                **item.refs(),
                "result": planned.id,
                "proof": planned.proof,
                "need": str(planned.at_least),
                **({"indicators": ",".join(planned.indicators)} if planned.indicators else {}),
            },
        )

    def papers(self) -> Iterable[Paper]:
        """Documents that the open items want and that nobody started yet."""
        for item in self.items:
            if not item.open or item.done:
                continue
            for planned, result in item.ready():
                if (
                    planned.document
                    and planned.for_each is None
                    and result.document_id is None
                    and not result.awaits_draft()
                    and self._may_draft(item, planned)
                ):
                    again = (str(result.again),) if result.again else ()
                    yield Paper(
                        item=item.id,
                        step=item.plan.step,
                        turn=item.plan.turn,
                        result=planned.id,
                        document_id=ids.derived_id(self.workflow_id, item.id, planned.id, *again),
                        kind=planned.document,
                        drafter=planned.drafter or item.plan.lead,
                        route=planned.route,
                        registrar=planned.registrar,
                    )

    def _may_draft(self, item: Item, planned: PlannedResult) -> bool:
        del item, planned
        return True

    def paper_started(self, paper: Paper) -> Self:
        item = next(item for item in self.items if item.id == paper.item)
        return self.with_item(item.with_result(paper.result, document_id=paper.document_id))

    def paper_settled(self, fact: DocumentSettled, now: datetime) -> Self:
        """A repeat, or a document of no item, changes nothing.

        A document that was withdrawn leaves its result open: somebody says whether there is to be
        another, or whether the row applies at all.
        """
        for item in self.items:
            for planned, result in item.pairs_of():
                if result.document_id != fact.document_id or result.done:
                    continue
                if not fact.in_force and self._works_on_items():
                    dropped = (*result.dropped, fact.document_id)
                    left = item.with_result(planned.id, document_id=None, dropped=dropped)
                    return self.with_item(left).touched()
                if fact.in_force:
                    proved = item.with_result(planned.id, done=True)
                    refs = {"result": planned.id, "document": fact.document_id}
                    return self.with_item(proved).recorded(
                        "result_proved", now, refs={**proved.refs(), **proved.left(), **refs}
                    )
        return self

    def check_can_record(self, wish: RecordResult, today: date) -> None:
        if not self._works_on_items():
            raise WrongState(f"{self.workflow_id} is {self.stage_name}")
        item = next((item for item in self.items if item.id == wish.item), None)
        if item is None:
            raise NotFound(f"{self.workflow_id} has no item {wish.item}")
        if not item.open or item.done:
            raise WrongState(f"item {item.id} is {_why_not(item)}")
        if wish.by.role is not AccessRole.CURATOR and not wish.by.is_one_of(
            item.plan.lead, *item.plan.others
        ):
            raise NotYours(f"item {item.id} is done by another")
        planned, result = self._asked(item, wish.result)
        check_proof(planned, wish, today)
        if wish.evidence.evidence_id in result.evidence:
            raise AlreadyCounted(f"{wish.result} of item {item.id} counts this already")
        if len(result.evidence) >= max(MOST_EVIDENCE, planned.count):
            raise EnoughEvidence(f"{wish.result} of item {item.id} has enough")

    def _asked(self, item: Item, result_id: str) -> tuple[PlannedResult, ResultState]:
        """What may be proved: what is open, and in a row that collects what is met as well."""
        for planned, result in item.ready():
            if planned.id == result_id:
                return planned, result
        for planned, result in item.pairs_of():
            collects = item.plan.collects and planned.proof not in SINGLE
            if planned.id == result_id and result.done and collects:
                return planned, result
        raise WrongState(f"result {result_id} of item {item.id} is not open")

    def result_recorded(self, wish: RecordResult, now: datetime) -> Self:
        """A piece of evidence more; `result_proved` is the one with which there are enough."""
        item = next(item for item in self.items if item.id == wish.item)
        planned, known = next(pair for pair in item.pairs_of() if pair[0].id == wish.result)
        evidence = wish.evidence
        result = known.with_evidence(evidence.evidence_id, planned.count)
        changed = item.with_result(wish.result, **dict(result))
        refs = {"result": wish.result, "evidence": evidence.evidence_id, "proof": evidence.proof}
        if planned.count > 1:
            refs |= {"have": str(len(result.evidence)), "of": str(planned.count)}
        state = self.with_item(changed).recorded(
            "result_proved" if result.done and not known.done else "evidence_added",
            now,
            wish.by,
            note_id=wish.note_id,
            refs={**changed.refs(), **changed.left(), **refs},
        )
        return state.advanced(now)


def _why_not(item: Item) -> str:
    if item.skipped:
        return "skipped"
    return "done" if item.done else "not open yet"


def _counting(task: Task, planned: PlannedResult, result: ResultState) -> Task:
    """The task, which says how many of so many there are where a row demands several."""
    if planned.count == 1:
        return task
    counts = {"have": str(len(result.evidence)), "of": str(planned.count)}
    return task.changed(refs={**task.refs, **counts})
