"""A new plan against the rows of a cycle that runs: what stays, what arises, what cannot be.

What people changed in a row here stays as they want it. A row that is gone from the roadmap does
not apply any more, unless something of it is done. A row of a yearly turn that is closed stays
whatever it is.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Literal

from domain.base import Message
from domain.items import Item, ResultState
from domain.planning import PlannedItem, PlannedResult

Why = Literal["at_work", "proved", "pairs_wait"]

_SAME: Final = ("proof", "document", "demand", "for_each")
"""What makes a result the same that it was, once something of it is there."""
_OF_THE_PAPER: Final = (*_SAME, "route", "pairs_at")
"""The same of a document that is on its way: nobody's approval may be lost in the middle."""


class Conflict(Message):
    """Why a row keeps a roadmap from being taken: a document of it is at work, a result was proved
    that is no more or is proved otherwise, or pairs wait for its order.
    """

    item: str
    step: str
    why: Why
    documents: tuple[str, ...] = ()


class MergedItems(Message):
    """The rows that follow; the rest names them by what became of them.

    `papers` are the kinds of documents that are new in a row, one for each.
    """

    items: tuple[Item, ...]
    new: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    rewritten: tuple[str, ...] = ()  # other results are asked for
    moved: tuple[str, ...] = ()
    led: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    completed: tuple[str, ...] = ()  # what was left of it is asked for no more
    conflicts: tuple[Conflict, ...] = ()

    def changes_something(self) -> bool:
        """Whether any row is another one."""
        named = (self.new, self.rewritten, self.moved, self.led, self.ended, self.reopened)
        return any(named)


def merged(
    items: Sequence[Item],
    planned: Sequence[PlannedItem],
    n: int,
    at_work: Mapping[str, tuple[str, ...]],
    *,
    closed: int = 0,
    waiting: Collection[int] = (),
    below: int = 0,
) -> MergedItems:
    """The rows of a cycle by a new plan, which came with its roadmap number `n`.

    `at_work` are the documents of rows that are begun and not in force, `closed` how many yearly
    turns are closed, `waiting` the turns in which pairs may still wait for an order; so many
    organisations are `below`.
    """
    found = _Merge(n, at_work, frozenset(waiting), below)
    known = [item for item in items if item.plan.turn > closed]
    matches = _matched(known, planned)
    for item in items:
        found.take(item, matches.get(item.id), left=item.plan.turn <= closed)
    taken = {item.id for item in items}
    there = {(plan.step, plan.id) for plan in matches.values()}
    for plan in planned:
        if (plan.step, plan.id) not in there and plan.turn > closed:
            named = _free_name(plan, taken)
            taken.add(named)
            found.arise(plan.changed(id=named))
    return found.result()


class _Merge:
    def __init__(
        self, n: int, at_work: Mapping[str, tuple[str, ...]], waiting: frozenset[int], below: int
    ) -> None:
        self._n, self._at_work, self._waiting, self._below = n, at_work, waiting, below
        self._items: list[Item] = []
        self._said: dict[str, list[str]] = {}
        self._conflicts: list[Conflict] = []

    def result(self) -> MergedItems:
        said = {name: tuple(ids) for name, ids in self._said.items()}
        return MergedItems(items=tuple(self._items), conflicts=tuple(self._conflicts), **said)

    def arise(self, plan: PlannedItem) -> None:
        self._say("new", plan.id)
        self._say_papers(*plan.results)
        self._items.append(Item.of(plan).changed(roadmap_n=self._n))

    def take(self, item: Item, plan: PlannedItem | None, *, left: bool) -> None:
        if left:
            self._items.append(item)
        elif plan is None:
            self._items.append(self._gone(item))
        else:
            self._items.append(self._goes_on(item, plan))

    def _say(self, what: str, *ids: str) -> None:
        self._said.setdefault(what, []).extend(ids)

    def _say_papers(self, *planned: PlannedResult) -> None:
        for one in planned:
            if one.document:
                self._say("papers", *[one.document] * (self._below if one.for_each else 1))

    def _refuse(self, item: Item, why: Why, documents: Iterable[str] = ()) -> None:
        known = Conflict(item=item.id, step=item.plan.step, why=why, documents=tuple(documents))
        if known not in self._conflicts:
            self._conflicts.append(known)

    def _gone(self, item: Item) -> Item:
        if item.done or any(result.done or result.evidence for result in item.results):
            return item
        if busy := self._at_work.get(item.id):
            self._refuse(item, "at_work", busy)
        elif item.plan.turn in self._waiting and any(p.pairs_at for p in item.plan.results):
            self._refuse(item, "pairs_wait")
        self._say("ended", item.id)
        return item.changed(skipped=True, done=True)

    def _goes_on(self, item: Item, plan: PlannedItem) -> Item:
        results = self._results(item, plan)
        after = item.changed(plan=self._plan(item, plan), results=results, roadmap_n=self._n)
        if (after.plan.due, after.plan.lead) != (item.plan.due, item.plan.lead):
            after = after.changed(changes=item.changes + 1)  # who was reminded is reminded anew
        if item.skipped and "skip" not in item.own:
            after = after.changed(skipped=False)
        after = after.with_result(None)
        if item.plan.collects and item.done and after.is_met:
            after = after.changed(done=True)  # its window was over
        if item.done and not after.done:
            self._say("reopened", item.id)
        if after.done and not item.done:
            self._say("completed", item.id)
        return after

    def _plan(self, item: Item, plan: PlannedItem) -> PlannedItem:
        """As the new plan has it, but for what people changed; what is open does not open again."""
        mine = item.plan
        keeps: dict[str, object] = {"id": mine.id}
        if item.open:
            keeps["opens"] = mine.opens
        if "due" in item.own:
            keeps["due"] = mine.due
        if "lead" in item.own:
            keeps |= {"lead": mine.lead, "others": mine.others}
        after = plan.changed(**keeps)
        if (after.opens, after.due) != (mine.opens, mine.due):
            self._say("moved", item.id)
        if (after.lead, after.others) != (mine.lead, mine.others):
            self._say("led", item.id)
        if "lead" not in item.own:
            return after
        drafters = (
            one.changed(drafter=mine.lead) if one.drafter == plan.lead else one
            for one in after.results
        )
        return after.changed(results=tuple(drafters))

    def _results(self, item: Item, plan: PlannedItem) -> tuple[ResultState, ...]:
        known = {planned.id: (planned, result) for planned, result in item.pairs_of()}
        found: list[ResultState] = []
        for planned in plan.results:
            before, result = known.pop(planned.id, (None, ResultState()))
            found.append(self._result(item, before, planned, result))
        for before, result in known.values():
            self._check(item, before, None, result)
            self._say_rewritten(item)
        return tuple(found)

    def _result(
        self,
        item: Item,
        before: PlannedResult | None,
        planned: PlannedResult,
        result: ResultState,
    ) -> ResultState:
        if before is None or _differ(before, planned, _SAME):
            self._say_rewritten(item)
            self._say_papers(planned)
        if before is None:
            return result
        self._check(item, before, planned, result)
        if _differ(before, planned, _SAME):
            return ResultState()
        if not result.done and len(result.evidence) >= planned.count:
            return result.changed(done=True)  # there are enough by the new count
        return result

    def _check(
        self,
        item: Item,
        before: PlannedResult,
        planned: PlannedResult | None,
        result: ResultState,
    ) -> None:
        """Of what is done, or on its way, nothing may be lost."""
        busy = self._at_work.get(item.id, ())
        if result.done or result.evidence:
            if _differ(before, planned, _SAME):
                self._refuse(item, "proved")
        elif before.document and busy:
            if _differ(before, planned, _OF_THE_PAPER):
                self._refuse(item, "at_work", busy)
        elif (
            before.pairs_at
            and item.plan.turn in self._waiting
            and _differ(before, planned, ("pairs_at",))
        ):
            self._refuse(item, "pairs_wait")

    def _say_rewritten(self, item: Item) -> None:
        if item.id not in self._said.get("rewritten", ()):
            self._say("rewritten", item.id)


def _differ(before: PlannedResult, planned: PlannedResult | None, fields: Iterable[str]) -> bool:
    return planned is None or any(
        getattr(before, name) != getattr(planned, name) for name in fields
    )


def _matched(items: Sequence[Item], planned: Sequence[PlannedItem]) -> dict[str, PlannedItem]:
    """Which of the planned rows each item is: of a repeated row the one that opens then, else the
    one of the same name.
    """
    found: dict[str, PlannedItem] = {}
    left = list(planned)
    for same in (_opens_then, _has_the_name):
        for item in items:
            plan = next((one for one in left if item.id not in found and same(item, one)), None)
            if plan is not None:
                found[item.id] = plan
                left.remove(plan)
    return found


def _opens_then(item: Item, plan: PlannedItem) -> bool:
    mine = item.plan
    return (mine.step, mine.turn, mine.opens) == (plan.step, plan.turn, plan.opens) and (
        mine.due == plan.due or mine.id == plan.id
    )


def _has_the_name(item: Item, plan: PlannedItem) -> bool:
    return item.id == plan.id


def _free_name(plan: PlannedItem, taken: Collection[str]) -> str:
    """Its own name, unless a window of an earlier plan has it: then the next number."""
    if plan.id not in taken:
        return plan.id
    name = plan.id.partition("#")[0]
    return next(
        f"{name}#{number}" for number in range(1, len(taken) + 2) if f"{name}#{number}" not in taken
    )
