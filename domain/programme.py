"""A cycle: its items are worked through, its pairs live below it, it closes when all is done."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field

from domain import ids
from domain.base import Message
from domain.documents import DocumentState
from domain.errors import NotFound, NotYours, PairExists, WrongState
from domain.items import Item, Paper, WithItems
from domain.messages import DocumentSettled, PairMoved
from domain.pair import PairState
from domain.pair_road import COMPLETED, STOPPED
from domain.people import AccessRole, Form
from domain.planning import CyclePlan, PlannedItem, PlannedResult
from domain.process import Command, Task, Terms

PAIRS_AT_ONCE = 100
"""Children that one cycle starts side by side; far under Temporal's limit of 2,000 pending."""


class PairRequest(Message):
    """A mentor and a mentee who shall work together."""

    mentor_id: str
    mentee_id: str
    form: Form
    role_model: str | None = None
    novice: bool = False  # the mentee is a young specialist


class FormPairs(Command):
    """Form these pairs, all or none."""

    pairs: Annotated[tuple[PairRequest, ...], Field(min_length=1, max_length=200)]


class PairEntry(Message):
    """What the cycle remembers of a pair."""

    pair_id: str
    mentor_id: str
    mentee_id: str
    form: Form
    role_model: str | None = None
    novice: bool = False
    started: bool = False
    stage: str = ""
    ordered: bool = False  # was told that its order is in force

    def is_over(self) -> bool:
        return self.stage in (COMPLETED, STOPPED)


class Act(StrEnum):
    PLAN = "plan"
    START_PAIRS = "start_pairs"
    START_DOCUMENT = "start_document"
    TELL_ORDER = "tell_order"


class CycleMove(Message):
    """What the cycle's workflow does next by itself."""

    act: Act
    subject: str = ""
    pairs: tuple[str, ...] = ()
    document_id: str = ""
    paper: Paper | None = None

    @property
    def key(self) -> str:
        return f"{self.act}/{self.subject}"


class ProgrammeState(WithItems):
    process: Literal["cycle"] = "cycle"
    administrator: str  # the user who launched it
    launched: datetime
    plan: CyclePlan | None = None  # without its items, which stand below
    pairs: tuple[PairEntry, ...] = ()
    orders: dict[str, str] = {}  # stage at which pairs wait → the order in force
    heard: tuple[PairMoved, ...] = ()  # since the last save, which tells that they were heard
    closed: bool = False

    @property
    def workflow_id(self) -> str:
        return ids.cycle_workflow(self.cycle_id)

    @property
    def stage_name(self) -> str:
        if self.plan is None:
            return "planning"
        return "closed" if self.closed else "running"

    def is_finished(self) -> bool:
        return self.closed

    def to_save(self) -> Self:
        """Only the pairs that have no row of their own yet: the rest write theirs themselves."""
        return self.changed(pairs=tuple(pair for pair in self.pairs if not pair.started))

    def saved(self, shown: Self) -> Self:
        return super().saved(shown).changed(heard=self.heard[len(shown.heard) :])

    # What follows by itself

    def planned(self, plan: CyclePlan, now: datetime) -> Self:
        if self.plan is not None:
            return self
        state = self.recorded(
            "planned",
            now,
            plan=plan.changed(items=()),
            items=tuple(Item.of(planned) for planned in plan.items),
        )
        return state.advanced(now)

    def advanced(self, now: datetime) -> Self:
        """Opens what is due and free; closes the cycle when all is done."""
        state = super().advanced(now)
        return state.recorded("closed", now, closed=True) if state._can_close() else state

    def _is_free(self, item: Item) -> bool:
        waits_for_pairs = "pairs" in item.plan.after
        return super()._is_free(item) and (not waits_for_pairs or self._pairs_are_over())

    def _pairs_are_over(self) -> bool:
        return bool(self.pairs) and all(pair.is_over() for pair in self.pairs)

    def _can_close(self) -> bool:
        return (
            self._works_on_items()
            and all(item.done for item in self.items)
            and all(pair.is_over() for pair in self.pairs)
        )

    def next_moves(self, now: datetime) -> tuple[CycleMove, ...]:
        """What to do now; nothing while people or pairs are waited for."""
        del now
        if self.trouble:
            return ()
        if self.plan is None:
            return (CycleMove(act=Act.PLAN),)
        moves: list[CycleMove] = []
        waiting = tuple(pair.pair_id for pair in self.pairs if not pair.started)
        if waiting:
            moves.append(CycleMove(act=Act.START_PAIRS, pairs=waiting[:PAIRS_AT_ONCE]))
        moves += [
            CycleMove(act=Act.START_DOCUMENT, subject=paper.subject, paper=paper)
            for paper in self.papers()
        ]
        for stage, order in self.orders.items():
            told = tuple(p.pair_id for p in self.pairs if p.stage == stage and not p.ordered)
            if told:
                pairs = told[:PAIRS_AT_ONCE]
                moves.append(
                    CycleMove(act=Act.TELL_ORDER, subject=stage, pairs=pairs, document_id=order)
                )
        return tuple(moves)

    def _may_draft(self, planned: PlannedResult) -> bool:
        """An order on pairs is drafted when every open pair has come to the stage that waits."""
        if planned.pairs_at is None:
            return True
        going = [pair for pair in self.pairs if not pair.is_over()]
        return bool(going) and all(pair.stage == planned.pairs_at for pair in going)

    def pair(self, pair_id: str, now: datetime) -> PairState:
        """The first state of a pair's workflow."""
        plan = self._plan()
        place = next(n for n, pair in enumerate(self.pairs) if pair.pair_id == pair_id)
        entry, earlier = self.pairs[place], self.pairs[:place]
        return PairState(
            organisation_id=self.organisation_id,
            cycle_id=self.cycle_id,
            parent=self.workflow_id,
            clock_offset=self.clock_offset,
            pair_id=pair_id,
            mentor_id=entry.mentor_id,
            mentee_id=entry.mentee_id,
            form=entry.form,
            role_model=entry.role_model,
            curator=plan.curator,
            lead=_of_pair(plan.track_lead, entry),
            holders={role: _of_pair(holder, entry) for role, holder in plan.holders.items()},
            track=plan.track,
            terms=plan.terms,
            since=now,
            announced=True,
            told=plan.track[0].id,  # what `pairs_started` takes for granted
            items=tuple(
                _pair_item(planned, entry, now)
                for planned in plan.per_pair
                if _concerns(planned, entry, earlier)
            ),
        )

    def document(self, paper: Paper, now: datetime) -> DocumentState:
        """The first state of the document that a row wants."""
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
            result_id=paper.result,
            drafter=paper.drafter,
            approver=paper.approver,
            registrar=paper.registrar,
            escalate_to=plan.curator,
            terms=plan.terms,
            since=now,
            announced=True,
        )

    def pairs_started(self, pair_ids: tuple[str, ...]) -> Self:
        """They stand at the first stage of the track, without a word from them."""
        return self._with_pairs(pair_ids, started=True, stage=self._plan().track[0].id)

    def order_told(self, pair_ids: tuple[str, ...]) -> Self:
        return self._with_pairs(pair_ids, ordered=True)

    def _with_pairs(self, pair_ids: tuple[str, ...], **fields: object) -> Self:
        named = set(pair_ids)
        return self.touched(
            pairs=tuple(p.changed(**fields) if p.pair_id in named else p for p in self.pairs)
        )

    def document_started(self, paper: Paper) -> Self:
        return self.paper_started(paper).touched()

    def document_settled(self, fact: DocumentSettled, now: datetime) -> Self:
        """A document of a row is in force; if pairs wait for it, they will be told."""
        state = self.paper_settled(fact, now)
        for item in state.items:
            for planned, result in item.pairs_of():
                if planned.pairs_at and result.done and result.document_id == fact.document_id:
                    orders = {**state.orders, planned.pairs_at: fact.document_id}
                    state = state.changed(orders=orders)
        return state.advanced(now)

    def pair_moved(self, fact: PairMoved, now: datetime) -> Self:
        """A repeat, or a pair that is not ours, changes nothing."""
        entry = next((pair for pair in self.pairs if pair.pair_id == fact.pair_id), None)
        if entry is None or entry.stage == fact.stage or entry.is_over():
            return self
        heard = self.changed(heard=(*self.heard, fact))
        return heard._with_pairs((fact.pair_id,), stage=fact.stage).advanced(now)

    # What people may do

    def tasks(self) -> tuple[Task, ...]:
        if self.trouble:
            return (self.mend_task(self.administrator, self.launched),)
        return tuple(self.item_tasks()) if self._works_on_items() else ()

    def check_can_form(self, wish: FormPairs) -> None:
        if not self._works_on_items():
            raise WrongState(f"cycle {self.cycle_id} is {self.stage_name}")
        if wish.by.role is not AccessRole.CURATOR:
            raise NotYours("pairs are formed by the curator")
        if self._order_is_made():
            raise WrongState(f"cycle {self.cycle_id} has its order on pairs already")
        taken = {(pair.mentee_id, pair.form) for pair in self.pairs if not pair.is_over()}
        for pair in wish.pairs:
            if pair.mentor_id == pair.mentee_id:
                raise PairExists(f"person {pair.mentor_id} cannot be mentor of the same person")
            if pair.form not in self._plan().forms:
                raise NotFound(f"the roadmap has no form {pair.form}")
            if (pair.mentee_id, pair.form) in taken:
                raise PairExists(f"mentee {pair.mentee_id} has an open pair of {pair.form}")
            taken.add((pair.mentee_id, pair.form))

    def _order_is_made(self) -> bool:
        """True once the order that names the pairs is drafted: it would not name a later one."""
        return any(
            planned.pairs_at and result.document_id
            for item in self.items
            for planned, result in item.pairs_of()
        )

    def pairs_formed(self, wish: FormPairs, now: datetime) -> Self:
        state = self
        for request in wish.pairs:
            pair_id = ids.derived_id(self.workflow_id, "pair", str(len(state.pairs) + 1))
            entry = PairEntry(pair_id=pair_id, **dict(request))
            refs = {"pair": pair_id, "form": entry.form}
            state = state.recorded(
                "pair_formed", now, wish.by, refs=refs, pairs=(*state.pairs, entry)
            )
        return state

    def _works_on_items(self) -> bool:
        return self.plan is not None and not self.closed

    def _controller(self) -> str:
        return self._plan().curator

    def _terms(self) -> Terms:
        return self._plan().terms

    def _plan(self) -> CyclePlan:
        if self.plan is None:
            raise WrongState(f"cycle {self.cycle_id} is not planned yet")
        return self.plan


def _pair_item(planned: PlannedItem, pair: PairEntry, now: datetime) -> Item:
    """The row's item for this pair; late if the pair arose after the row's window."""
    due = planned.due
    if due is not None and due < now:
        due = now + timedelta(days=planned.late_days or 0)
    return Item.of(
        planned.changed(
            id=f"{planned.id}/{pair.pair_id}",
            lead=_of_pair(planned.lead, pair),
            others=tuple(_of_pair(other, pair) for other in planned.others),
            due=due,
            results=tuple(
                result.changed(
                    drafter=result.drafter and _of_pair(result.drafter, pair),
                    approver=result.approver and _of_pair(result.approver, pair),
                    registrar=result.registrar and _of_pair(result.registrar, pair),
                )
                for result in planned.results
            ),
        ),
        pair.pair_id,
    )


def _of_pair(holder: str, pair: PairEntry) -> str:
    return {"mentor": pair.mentor_id, "mentee": pair.mentee_id}.get(holder, holder)


def _concerns(planned: PlannedItem, pair: PairEntry, earlier: Iterable[PairEntry]) -> bool:
    """Whether a row fans over this pair.

    A row over mentors goes to the first pair of a mentor that it fits; a pair that stopped early
    has left the row to the next.
    """
    if not _fits(planned, pair):
        return False
    rivals = [one for one in earlier if _fits(planned, one) and one.stage != STOPPED]
    match planned.scope:
        case "mentors":
            return all(one.mentor_id != pair.mentor_id for one in rivals)
        case "mentees":
            return all(one.mentee_id != pair.mentee_id for one in rivals)
        case _:
            return True


def _fits(planned: PlannedItem, pair: PairEntry) -> bool:
    of_this_form = not planned.forms or pair.form in planned.forms
    return of_this_form and (pair.novice or not planned.novices_only)
