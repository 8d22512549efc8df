"""A cycle: its items are worked through, its pairs live below it, it closes when all is done."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Literal, Self

from domain import ids
from domain.approval import Approval
from domain.base import Message
from domain.branches import Answered, Branch, Missing
from domain.cycle_pairs import OrderForPairs
from domain.documents import DocumentState
from domain.errors import NotPlanned, WrongState
from domain.extras import DraftDocument
from domain.items import Item, Paper
from domain.messages import DocumentSettled
from domain.planning import CyclePlan
from domain.process import Task
from domain.upper import Filing, WithUpper

PAIRS_AT_ONCE = 100
"""Children that one cycle starts side by side; far under Temporal's limit of 2,000 pending."""

PAPERS_AT_ONCE = 100
"""The same of documents: a row may ask for one about each of hundreds of organisations."""


class Act(StrEnum):
    PLAN = "plan"
    START_PAIRS = "start_pairs"
    START_DOCUMENT = "start_document"
    TELL_ORDER = "tell_order"
    TELL_ANSWERS = "tell_answers"
    TELL_LEAVES = "tell_leaves"
    REMIND_BELOW = "remind_below"
    TELL_UPPER = "tell_upper"
    FILE_REPORT = "file_report"
    TAKE_ROADMAP = "take_roadmap"


class CycleMove(Message):
    """What the cycle's workflow does next by itself."""

    act: Act
    subject: str = ""
    pairs: tuple[str, ...] = ()
    document_id: str = ""
    paper: Paper | None = None
    answers: tuple[Answered, ...] = ()
    leaves: tuple[Branch, ...] = ()
    missing: Missing | None = None
    filing: Filing | None = None

    @property
    def key(self) -> str:
        return f"{self.act}/{self.subject}"


class ProgrammeState(WithUpper):
    process: Literal["cycle"] = "cycle"
    administrator: str  # the user who launched it
    launched: datetime

    @property
    def workflow_id(self) -> str:
        return ids.cycle_workflow(self.cycle_id)

    @property
    def stage_name(self) -> str:
        if self.plan is None:
            return "planning"
        return "closed" if self.closed else "running"

    def check_is_planned(self) -> None:
        """Raises `NotPlanned` if the plan is being made; a trouble with it is told otherwise."""
        if self.plan is None and self.trouble is None:
            raise NotPlanned(f"cycle {self.cycle_id} is being planned")

    def is_finished(self) -> bool:
        told = self.stage_to_tell() is None and not self.answers_to_tell()
        return self.closed and told and not self.leaves_to_tell() and self.taking is None

    # What follows by itself

    def planned(self, plan: CyclePlan, now: datetime) -> Self:
        if self.plan is not None:
            return self
        state = self.recorded(
            "planned",
            now,
            plan=plan.changed(items=(), own={}),
            items=tuple(
                Item.of(planned).changed(own=plan.own.get(planned.id, ())) for planned in plan.items
            ),
        )
        return state.advanced(now)

    def advanced(self, now: datetime) -> Self:
        """Opens what is due and free; closes each yearly turn when all of it is done, and the
        cycle with the last.
        """
        state = super().advanced(now)
        while state._works_on_items() and state._turn_is_done(state.turns_closed + 1):
            turn = state.turns_closed + 1
            state = state.changed(turns_closed=turn)
            if turn == len(state._plan().turns):
                state = state.recorded("closed", now, closed=True)
            else:
                state = state.recorded("turn_closed", now, refs={"turn": str(turn)})
        return state

    def _turn_is_done(self, turn: int) -> bool:
        return (
            all(item.done for item in self.items if item.plan.turn == turn)
            and all(pair.is_over() for pair in self._pairs_of(turn))
            and self._extras_are_settled(turn)
        )

    def next_moves(self, now: datetime) -> tuple[CycleMove, ...]:
        """What to do now; nothing while people or pairs are waited for."""
        if self.trouble:
            return ()
        if self.plan is None:
            return (CycleMove(act=Act.PLAN),)
        take = [CycleMove(act=Act.TAKE_ROADMAP, subject=str(self.taking.n))] if self.taking else []
        return (*take, *self._own_moves(), *self._moves_between(now))

    def _moves_between(self, now: datetime) -> Iterable[CycleMove]:
        """What cycles below and the one above are to be told."""
        if answers := self.answers_to_tell():
            yield CycleMove(act=Act.TELL_ANSWERS, answers=answers)
        if leaves := self.leaves_to_tell():
            yield CycleMove(act=Act.TELL_LEAVES, leaves=leaves)
        for missing in self.to_remind(now):
            yield CycleMove(act=Act.REMIND_BELOW, subject=missing.key, missing=missing)
        if stage := self.stage_to_tell():
            yield CycleMove(act=Act.TELL_UPPER, subject=stage)
        for filing in self.to_file():
            yield CycleMove(act=Act.FILE_REPORT, subject=filing.where, filing=filing)

    def _own_moves(self) -> Iterable[CycleMove]:
        waiting = tuple(pair.pair_id for pair in self.pairs if not pair.started)
        if waiting:
            yield CycleMove(act=Act.START_PAIRS, pairs=waiting[:PAIRS_AT_ONCE])
        for paper in islice(self.papers(), PAPERS_AT_ONCE):
            yield CycleMove(act=Act.START_DOCUMENT, subject=paper.subject, paper=paper)
        for order in self.orders:
            waiting = tuple(
                pair.pair_id
                for pair in self._pairs_of(order.turn)
                if pair.stage == order.stage and not pair.ordered
            )
            if waiting:
                yield CycleMove(
                    act=Act.TELL_ORDER,
                    subject=order.document_id,
                    pairs=waiting[:PAIRS_AT_ONCE],
                    document_id=order.document_id,
                )

    def document(self, paper: Paper, now: datetime) -> DocumentState:
        """The first state of the document that a row, or a person, wants."""
        plan = self._plan()
        return DocumentState(
            organisation_id=self.organisation_id,
            cycle_id=self.cycle_id,
            parent=self.workflow_id,
            clock_offset=self.clock_offset,
            document_id=paper.document_id,
            kind=paper.kind,
            owner_id=self.cycle_id,
            item_id=paper.item,
            step=paper.step,
            turn=paper.turn,
            result_id=paper.result,
            drafter=paper.drafter,
            approval=Approval(route=paper.route) if paper.route else None,
            registrar=paper.registrar,
            changes=paper.changes,
            inputs_id=paper.inputs_id,
            destroys=paper.destroys,
            branch=paper.branch,
            person_id=paper.person_id,
            escalate_to=plan.curator,
            terms=plan.terms,
            since=now,
            announced=True,
        )

    def act_when_closed(self, wish: DraftDocument, now: datetime) -> DocumentState:
        """The first state of an act on destruction among the papers of a cycle that is closed.

        What is due must be destroyed though no cycle runs any more. The cycle takes no notice of
        it: nobody waits for the act's end. Raises `WrongState` if the cycle is not closed or the
        paper is none that destroys, else as `check_can_draft`.
        """
        if not self.closed or wish.destroys == 0:
            raise WrongState(f"{self.workflow_id} is {self.stage_name}")
        self._check_draftable(wish)
        first = self.document(self._paper_asked(wish, wish.document_id, now), now)
        return first.changed(parent=None, announced=False)

    def document_started(self, paper: Paper) -> Self:
        return self.paper_started(paper).touched()

    def document_settled(self, fact: DocumentSettled, now: datetime) -> Self:
        """A document of a row is in force; if pairs wait for it, they will be told."""
        state = self.paper_settled(fact, now)
        known = {order.document_id for order in state.orders}
        for item in state.items:
            for planned, result in item.pairs_of():
                of_this = result.done and result.document_id == fact.document_id
                if planned.pairs_at and of_this and fact.document_id not in known:
                    order = OrderForPairs(
                        turn=item.plan.turn, stage=planned.pairs_at, document_id=fact.document_id
                    )
                    state = state.changed(orders=(*state.orders, order))
        return state.advanced(now)

    # What people may do

    def tasks(self) -> tuple[Task, ...]:
        if self.trouble:
            return (self.mend_task(self.administrator, self.launched),)
        return tuple(self.item_tasks()) if self._works_on_items() else ()
