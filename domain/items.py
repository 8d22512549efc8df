"""Items: the rows of a roadmap at work, in a cycle or in a pair.

An item opens when its window does and the rows before it are done; it is done when each of its
results is proved by the kind of proof that the row demands.
"""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from domain import ids
from domain.amendments import Change
from domain.base import Message
from domain.errors import NotFound, NotYours, WrongState
from domain.evidence import RecordResult, check_proof
from domain.messages import DocumentSettled
from domain.people import AccessRole
from domain.planning import PlannedItem, PlannedResult
from domain.process import Process, Task, Terms
from domain.routes import Route


class ResultState(Message):
    done: bool = False
    evidence_id: str | None = None
    document_id: str | None = None


class Item(Message):
    """A planned item at work."""

    plan: PlannedItem
    pair_id: str | None = None
    open: bool = False
    done: bool = False
    opened_at: datetime | None = None
    results: tuple[ResultState, ...]

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
        """How many results are not proved yet, as events say it."""
        return {"left": str(sum(not result.done for result in self.results))}

    def with_result(self, result_id: str | None, **fields: object) -> "Item":
        results = tuple(
            result.changed(**fields) if planned.id == result_id else result
            for planned, result in self.pairs_of()
        )
        return self.changed(results=results, done=all(result.done for result in results))


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

    @property
    def subject(self) -> str:
        return f"{self.item}/{self.result}" if self.item else self.document_id


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
            if not one.done
            and one.plan.turn == item.plan.turn
            and (end is None or one.plan.opens <= end)
        }
        return undone.isdisjoint(item.plan.after)

    def moments(self) -> Iterable[datetime]:
        return (item.plan.opens for item in self.items if not item.open)

    def advanced(self, now: datetime) -> Self:
        """Opens what is due and free."""
        state = self
        if not state._works_on_items():
            return state
        for item in self.items:
            if not item.open and item.plan.opens <= now and self._is_free(item):
                opened = item.changed(open=True, opened_at=now)
                state = state.with_item(opened).recorded("item_opened", now, refs=item.refs())
        return state

    def with_item(self, item: Item) -> Self:
        """The state with the item of this id replaced."""
        return self.changed(items=tuple(item if i.id == item.id else i for i in self.items))

    def item_tasks(self) -> Iterable[Task]:
        """What people have to do for the open items."""
        for item in self.items:
            if item.open and not item.done:
                for planned, _ in item.ready():
                    if planned.proof != "document":
                        yield self._item_task(item, planned)

    def _item_task(self, item: Item, planned: PlannedResult) -> Task:
        since = item.opened_at or item.plan.opens
        due = item.plan.due
        return Task(
            id=f"{self.workflow_id}/{item.id}/{planned.id}",
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
                    and result.document_id is None
                    and self._may_draft(item, planned)
                ):
                    yield Paper(
                        item=item.id,
                        step=item.plan.step,
                        turn=item.plan.turn,
                        result=planned.id,
                        document_id=ids.derived_id(self.workflow_id, item.id, planned.id),
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

        A document that was withdrawn leaves its result open.
        """
        for item in self.items:
            for planned, result in item.pairs_of():
                if fact.in_force and result.document_id == fact.document_id and not result.done:
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
            raise WrongState(f"item {item.id} is {'done' if item.done else 'not open yet'}")
        if wish.by.role is not AccessRole.CURATOR and not wish.by.is_one_of(
            item.plan.lead, *item.plan.others
        ):
            raise NotYours(f"item {item.id} is done by another")
        planned = next((p for p, _ in item.ready() if p.id == wish.result), None)
        if planned is None:
            raise WrongState(f"result {wish.result} of item {item.id} is not open")
        check_proof(planned, wish, today)

    def result_recorded(self, wish: RecordResult, now: datetime) -> Self:
        item = next(item for item in self.items if item.id == wish.item)
        evidence = wish.evidence
        refs = {"result": wish.result, "evidence": evidence.evidence_id, "proof": evidence.proof}
        proved = item.with_result(wish.result, done=True, evidence_id=evidence.evidence_id)
        state = self.with_item(proved).recorded(
            "result_proved",
            now,
            wish.by,
            note_id=wish.note_id,
            refs={**proved.refs(), **proved.left(), **refs},
        )
        return state.advanced(now)
