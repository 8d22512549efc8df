"""How a running cycle takes another roadmap: a new version, or the same with a row added.

The roadmap stands in a row with a number, from which an activity plans; the state learns the
number and the plan. Either all of it is taken, or nothing, and then each row says why.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from domain.cycle_pairs import WithPairs
from domain.errors import NotAdaptable, NotYours, RemarkMissing, WrongState
from domain.items import Item
from domain.migration import Conflict, MergedItems, merged
from domain.planning import CyclePlan
from domain.process import Command
from domain.row_changes import OFFICE

_NAMED = 10
"""So many rows an event names; the rest it counts."""


class TakeRoadmap(Command):
    """Take the roadmap that was kept for this cycle under the number `n`."""

    n: int
    was: int  # version
    version: int
    sha256: str
    from_above: bool = False  # by whoever gave the cycle its roadmap


class WithRoadmap(WithPairs):
    """A cycle that may take another roadmap."""

    taking: TakeRoadmap | None = None
    refused_n: int = 0
    conflicts: tuple[Conflict, ...] = ()  # of the last that was refused
    refusal: str = ""  # the code, where no plan could be made at all

    def check_can_take(self, wish: TakeRoadmap) -> None:
        if wish.by.role not in OFFICE:
            raise NotYours("roadmaps are taken by curator or administrator")
        if not self._works_on_items() or self.trouble:
            raise WrongState(f"cycle {self.cycle_id} is {self.trouble or self.stage_name}")
        adaptable = self._adaptable()
        if adaptable is not None and "rows" not in adaptable and not wish.from_above:
            raise NotAdaptable("the cycle above lets nobody change rows")
        if not wish.note_id:
            raise RemarkMissing("another roadmap needs a reason")
        if self.taking is not None or wish.n <= max(self.roadmap_n, self.refused_n):
            raise WrongState(f"cycle {self.cycle_id} takes another roadmap, or took it")

    def roadmap_asked(self, wish: TakeRoadmap, now: datetime) -> Self:
        """It will be planned; nothing changes before."""
        del now
        return self.touched(taking=wish)

    def has_settled(self, n: int) -> bool:
        """Whether the roadmap was taken or refused."""
        return max(self.roadmap_n, self.refused_n) >= n

    def was_refused(self, n: int) -> bool:
        """Whether it was refused, and the cycle goes by an earlier one."""
        return self.roadmap_n < n <= self.refused_n

    def merged_with(self, plan: CyclePlan, n: int, waiting: Iterable[int]) -> MergedItems:
        """What becomes of the rows by this plan; `waiting` as in `merged`."""
        busy = {item.id: self.documents_at_work(item) for item in self.items}
        return merged(
            self.items,
            plan.items,
            n,
            busy,
            closed=self.turns_closed,
            waiting=tuple(waiting),
            below=self._organisations_below(),
        )

    def _organisations_below(self) -> int:
        """How many there are that did not leave."""
        return 0

    def roadmap_planned(self, plan: CyclePlan, now: datetime) -> Self:
        """Takes it, or refuses it by name."""
        wish = self.taking
        if wish is None:
            return self
        if not self._works_on_items():
            return self.roadmap_refused("WrongState", now)
        found = self.merged_with(plan, wish.n, self.turns_waiting())
        if found.conflicts:
            return self._conflicting(wish, found.conflicts, now)
        state = self.recorded(
            "roadmap_taken",
            now,
            wish.by,
            note_id=wish.note_id,
            sha256=wish.sha256,
            refs={**_about(wish), **_counts(found)},
            plan=plan.changed(items=()),
            items=found.items,
            roadmap_n=wish.n,
            taking=None,
            conflicts=(),
        )
        return state._rows_told(self.items, found, now).advanced(now)

    def roadmap_refused(self, code: str, now: datetime) -> Self:
        """No plan can be made of it."""
        wish = self.taking
        if wish is None:
            return self
        refs = {**_about(wish), "code": code}
        return self.recorded(
            "roadmap_refused",
            now,
            wish.by,
            note_id=wish.note_id,
            sha256=wish.sha256,
            refs=refs,
            taking=None,
            refused_n=wish.n,
            conflicts=(),
            refusal=code,
        )

    def why_refused(self) -> str:
        """In words that name rows and documents."""
        if not self.conflicts:
            return self.refusal
        return "; ".join(
            f"row {one.item}: {one.why} {', '.join(one.documents)}".strip()
            for one in self.conflicts
        )

    def _conflicting(
        self, wish: TakeRoadmap, conflicts: tuple[Conflict, ...], now: datetime
    ) -> Self:
        rows = ",".join(dict.fromkeys(one.item for one in conflicts[:_NAMED]))
        return self.recorded(
            "roadmap_refused",
            now,
            wish.by,
            note_id=wish.note_id,
            sha256=wish.sha256,
            refs={**_about(wish), "conflicts": str(len(conflicts)), "rows": rows},
            taking=None,
            refused_n=wish.n,
            conflicts=conflicts,
            refusal="",
        )

    def _rows_told(self, before: Iterable[Item], found: MergedItems, now: datetime) -> Self:
        """An event for each row that moved, changed hands, ended or is asked for again."""
        known = {item.id: item for item in before}
        state = self
        for item in found.items:
            if item.id in known:
                state = state._row_told(known[item.id], item, found, now)
        return state

    def _row_told(self, was: Item, item: Item, found: MergedItems, now: datetime) -> Self:
        state, refs = self, item.refs()
        if item.plan.due != was.plan.due:
            days = {"was": _iso(was.plan.due), "due": _iso(item.plan.due)}
            state = state.recorded("deadline_moved", now, refs={**refs, **days})
        if item.plan.lead != was.plan.lead:
            leads = {"from": was.plan.lead, "lead": item.plan.lead}
            state = state.recorded("lead_changed", now, refs={**refs, **leads})
        if item.id in found.ended:
            state = state.recorded("row_skipped", now, refs=refs)
        if item.id in found.reopened:
            state = state.recorded("row_reopened", now, refs={**refs, **item.left()})
        if item.id in found.completed:
            state = state.recorded("item_closed", now, refs=refs)
        return state


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _about(wish: TakeRoadmap) -> dict[str, str]:
    return {"roadmap": str(wish.n), "was": str(wish.was), "version": str(wish.version)}


def _counts(found: MergedItems) -> dict[str, str]:
    named = ("new", "rewritten", "moved", "led", "ended", "reopened")
    counts = {name: len(getattr(found, name)) for name in named}
    return {name: str(count) for name, count in counts.items() if count}
