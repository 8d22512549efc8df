"""What a cycle knows of its roadmap once it is planned: its turns, its roles, its terms."""

from datetime import datetime

from domain.errors import WrongState
from domain.extras import WithExtras
from domain.items import Item
from domain.planning import CyclePlan
from domain.process import Terms
from domain.routes import Route

IN_PAIR = ("mentor", "mentee")
"""What a plan has in place of the holder of a role that is in each pair."""


class WithPlan(WithExtras):
    """A cycle as far as its plan says what it is."""

    plan: CyclePlan | None = None  # without its items, which stand beside
    roadmap_n: int = 0  # which of the roadmaps that it was asked to take; 0: what was launched
    turns_closed: int = 0
    closed: bool = False

    def turn_at(self, now: datetime) -> int:
        """The latest yearly turn that has begun; the first that is not closed, if that is later."""
        turns = self._plan().turns
        begun = sum(opens <= now for opens in turns)
        return min(len(turns), max(begun, self.turns_closed + 1))

    def first_stage(self) -> str:
        """At which every pair begins."""
        return self._plan().track[0].id

    def _is_closed(self, item: Item) -> bool:
        return item.plan.turn <= self.turns_closed

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
