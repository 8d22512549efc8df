"""A cycle: its items are worked through, its pairs live below it, it closes when all is done."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field

from domain import ids
from domain.approval import Approval
from domain.base import Message
from domain.documents import DocumentState
from domain.errors import NotFound, NotYours, PairExists, WrongState
from domain.extras import WithExtras
from domain.items import Item, Paper
from domain.messages import DocumentSettled, PairMoved
from domain.pair import PairState
from domain.pair_road import COMPLETED
from domain.pairing import PairEntry, PairRequest, concerns, holder_in, item_of
from domain.people import AccessRole
from domain.planning import CyclePlan, PlannedResult
from domain.process import Command, Task, Terms
from domain.routes import Route

PAIRS_AT_ONCE = 100
"""Children that one cycle starts side by side; far under Temporal's limit of 2,000 pending."""


IN_PAIR = ("mentor", "mentee")
"""What a plan has in place of the holder of a role that is in each pair."""


class FormPairs(Command):
    """Form these pairs, all or none."""

    pairs: Annotated[tuple[PairRequest, ...], Field(min_length=1, max_length=200)]


class WelcomeMentor(Command):
    """Take somebody who was a mentee to the end into the base of mentors."""

    person_id: str


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


class OrderForPairs(Message):
    """An order on pairs that is in force, and for which pairs it was made."""

    turn: int
    stage: str  # at which they wait for it
    document_id: str


class ProgrammeState(WithExtras):
    process: Literal["cycle"] = "cycle"
    administrator: str  # the user who launched it
    launched: datetime
    plan: CyclePlan | None = None  # without its items, which stand below
    pairs: tuple[PairEntry, ...] = ()
    orders: tuple[OrderForPairs, ...] = ()
    new_mentors: tuple[str, ...] = ()  # mentees who joined the base of mentors
    heard: tuple[PairMoved, ...] = ()  # since the last save, which tells that they were heard
    turns_closed: int = 0
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

    def _is_free(self, item: Item) -> bool:
        waits_for_pairs = "pairs" in item.plan.after
        over = not waits_for_pairs or self._pairs_are_over(item.plan.turn)
        return super()._is_free(item) and over

    def _pairs_are_over(self, turn: int) -> bool:
        pairs = self._pairs_of(turn)
        return bool(pairs) and all(pair.is_over() for pair in pairs)

    def _pairs_of(self, turn: int) -> list[PairEntry]:
        return [pair for pair in self.pairs if pair.turn == turn]

    def _turn_is_done(self, turn: int) -> bool:
        return (
            all(item.done for item in self.items if item.plan.turn == turn)
            and all(pair.is_over() for pair in self._pairs_of(turn))
            and self._extras_are_settled(turn)
        )

    def turn_at(self, now: datetime) -> int:
        """The latest yearly turn that has begun; the first that is not closed, if that is later."""
        turns = self._plan().turns
        begun = sum(opens <= now for opens in turns)
        return min(len(turns), max(begun, self.turns_closed + 1))

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
        for order in self.orders:
            waiting = tuple(
                pair.pair_id
                for pair in self._pairs_of(order.turn)
                if pair.stage == order.stage and not pair.ordered
            )
            if waiting:
                moves.append(
                    CycleMove(
                        act=Act.TELL_ORDER,
                        subject=order.document_id,
                        pairs=waiting[:PAIRS_AT_ONCE],
                        document_id=order.document_id,
                    )
                )
        return tuple(moves)

    def _may_draft(self, item: Item, planned: PlannedResult) -> bool:
        """An order on pairs is drafted when every open pair has come to the stage that waits."""
        if planned.pairs_at is None:
            return True
        going = [pair for pair in self._pairs_of(item.plan.turn) if not pair.is_over()]
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
            mentor_type=entry.mentor_type,
            novice=entry.novice,
            turn=entry.turn,
            curator=plan.curator,
            lead=holder_in(plan.track_lead, entry),
            holders={role: holder_in(holder, entry) for role, holder in plan.holders.items()},
            routes={
                name: route.mapped(lambda holder: holder_in(holder, entry))
                for name, route in plan.routes.items()
            },
            track=plan.track,
            terms=plan.terms,
            since=now,
            announced=True,
            told=plan.track[0].id,  # what `pairs_started` takes for granted
            items=tuple(
                item_of(planned, entry, now)
                for planned in plan.per_pair
                if planned.turn == entry.turn and concerns(planned, entry, earlier)
            ),
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
            escalate_to=plan.curator,
            terms=plan.terms,
            since=now,
            announced=True,
        )

    def pairs_started(self, pair_ids: tuple[str, ...]) -> Self:
        """They stand at the first stage of the track, without a word from them."""
        return self._with_pairs(pair_ids, started=True, stage=self.first_stage())

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

    def check_can_form(self, wish: FormPairs, now: datetime) -> None:
        if not self._works_on_items():
            raise WrongState(f"cycle {self.cycle_id} is {self.stage_name}")
        if wish.by.role is not AccessRole.CURATOR:
            raise NotYours("pairs are formed by the curator")
        if self._order_is_made(self.turn_at(now)):
            raise WrongState(f"cycle {self.cycle_id} has its order on pairs already")
        taken = {(pair.mentee_id, pair.form) for pair in self.pairs if not pair.is_over()}
        for pair in wish.pairs:
            if pair.mentor_id == pair.mentee_id:
                raise PairExists(f"person {pair.mentor_id} cannot be mentor of the same person")
            self._check_form(pair)
            if (pair.mentee_id, pair.form) in taken:
                raise PairExists(f"mentee {pair.mentee_id} has an open pair of {pair.form}")
            taken.add((pair.mentee_id, pair.form))

    def _check_form(self, pair: PairRequest) -> None:
        form = self._plan().forms.get(pair.form)
        if form is None:
            raise NotFound(f"the roadmap has no form {pair.form}")
        if pair.role_model is not None and pair.role_model not in form.role_models:
            raise NotFound(f"form {pair.form} has no role model {pair.role_model}")
        if pair.mentor_type is not None and pair.mentor_type not in form.mentor_types:
            raise NotFound(f"form {pair.form} has no type of mentor {pair.mentor_type}")

    def _order_is_made(self, turn: int) -> bool:
        """True once the order that names the pairs is drafted: it would not name a later one."""
        return any(
            planned.pairs_at and result.document_id
            for item in self.items
            if item.plan.turn == turn
            for planned, result in item.pairs_of()
        )

    def pairs_formed(self, wish: FormPairs, now: datetime) -> Self:
        state = self
        for request in wish.pairs:
            pair_id = ids.nth_pair(self.workflow_id, len(state.pairs) + 1)
            entry = PairEntry(pair_id=pair_id, turn=self.turn_at(now), **dict(request))
            refs = {"pair": pair_id, **entry.refs(), "first": self.first_stage()}
            state = state.recorded(
                "pair_formed", now, wish.by, refs=refs, pairs=(*state.pairs, entry)
            )
        return state

    def check_can_welcome(self, wish: WelcomeMentor) -> None:
        """Who has come through the programme as a mentee may become a mentor (row 1.7 of the
        programme of ОГПОБУ «Политехнический техникум»).
        """
        if wish.by.role is not AccessRole.CURATOR:
            raise NotYours("mentors are taken in by the curator")
        if not self._works_on_items():
            raise WrongState(f"cycle {self.cycle_id} is {self.stage_name}")
        if wish.person_id in self.new_mentors:
            raise WrongState(f"person {wish.person_id} is in the base of mentors")
        if not any(p.mentee_id == wish.person_id and p.stage == COMPLETED for p in self.pairs):
            raise WrongState(f"person {wish.person_id} has come through no pair as a mentee")

    def mentor_welcomed(self, wish: WelcomeMentor, now: datetime) -> Self:
        return self.recorded(
            "mentor_welcomed",
            now,
            wish.by,
            refs={"person": wish.person_id},
            new_mentors=(*self.new_mentors, wish.person_id),
        )

    def first_stage(self) -> str:
        """At which every pair begins."""
        return self._plan().track[0].id

    def _works_on_items(self) -> bool:
        return self.plan is not None and not self.closed

    def _controller(self) -> str:
        return self._plan().curator

    def _holder(self, role: str) -> str | None:
        holder = self._plan().holders.get(role)
        return None if holder in IN_PAIR else holder

    def _route(self, name: str) -> Route | None:
        return self._plan().routes.get(name)

    def _terms(self) -> Terms:
        return self._plan().terms

    def _plan(self) -> CyclePlan:
        if self.plan is None:
            raise WrongState(f"cycle {self.cycle_id} is not planned yet")
        return self.plan
