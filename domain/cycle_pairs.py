"""The pairs of a cycle: how they are formed, what the cycle hears of them, what waits for them."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field

from domain import ids
from domain.base import Message
from domain.cycle_plan import WithPlan
from domain.errors import NotFound, NotYours, PairExists, WrongState
from domain.items import Item
from domain.messages import PairMoved
from domain.pair import PairState
from domain.pair_road import COMPLETED
from domain.pairing import PairEntry, PairRequest, concerns, holder_in, item_of
from domain.people import AccessRole
from domain.planning import PlannedResult
from domain.process import Command


class FormPairs(Command):
    """Form these pairs, all or none."""

    pairs: Annotated[tuple[PairRequest, ...], Field(min_length=1, max_length=200)]


class WelcomeMentor(Command):
    """Take somebody who was a mentee to the end into the base of mentors."""

    person_id: str


class OrderForPairs(Message):
    """An order on pairs that is in force, and for which pairs it was made."""

    turn: int
    stage: str  # at which they wait for it
    document_id: str


class WithPairs(WithPlan):
    """A cycle with its pairs."""

    pairs: tuple[PairEntry, ...] = ()
    orders: tuple[OrderForPairs, ...] = ()
    new_mentors: tuple[str, ...] = ()  # mentees who joined the base of mentors
    heard: tuple[PairMoved, ...] = ()  # since the last save, which tells that they were heard

    def to_save(self) -> Self:
        """Only the pairs that have no row of their own yet: the rest write theirs themselves."""
        return self.changed(pairs=tuple(pair for pair in self.pairs if not pair.started))

    def saved(self, shown: Self) -> Self:
        return super().saved(shown).changed(heard=self.heard[len(shown.heard) :])

    def _is_free(self, item: Item) -> bool:
        waits_for_pairs = "pairs" in item.plan.after
        over = not waits_for_pairs or self._pairs_are_over(item.plan.turn)
        return super()._is_free(item) and over

    def _pairs_are_over(self, turn: int) -> bool:
        pairs = self._pairs_of(turn)
        return bool(pairs) and all(pair.is_over() for pair in pairs)

    def _pairs_of(self, turn: int) -> list[PairEntry]:
        return [pair for pair in self.pairs if pair.turn == turn]

    def turns_waiting(self) -> frozenset[int]:
        """The yearly turns in which pairs may still wait for an order."""
        going = (pair for pair in self.pairs if not pair.is_over() and not pair.ordered)
        return frozenset(pair.turn for pair in going)

    def _is_waited_for(self, item: Item) -> bool:
        orders = any(planned.pairs_at for planned in item.plan.results)
        return orders and item.plan.turn in self.turns_waiting()

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
            adapt=self._adaptable(),
            since=now,
            announced=True,
            told=plan.track[0].id,  # what `pairs_started` takes for granted
            items=tuple(
                item_of(planned, entry, now).changed(roadmap_n=self.roadmap_n)
                for planned in plan.per_pair
                if planned.turn == entry.turn and concerns(planned, entry, earlier)
            ),
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

    def pair_moved(self, fact: PairMoved, now: datetime) -> Self:
        """A repeat, or a pair that is not ours, changes nothing."""
        entry = next((pair for pair in self.pairs if pair.pair_id == fact.pair_id), None)
        if entry is None or entry.stage == fact.stage or entry.is_over():
            return self
        heard = self.changed(heard=(*self.heard, fact))
        return heard._with_pairs((fact.pair_id,), stage=fact.stage).advanced(now)

    # What people may do

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
        """True once the order that names the pairs is drafted, as it would not name a later one, or
        is not asked for.
        """
        return any(
            planned.pairs_at and (result.document_id or item.skipped)
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
