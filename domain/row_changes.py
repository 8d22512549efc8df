"""Rows that people change under way, in a cycle or in a pair: each time with a reason, by an event.

A row that does not apply counts as done, so that nothing waits for it; it keeps what it has.
"""

from datetime import datetime
from typing import Final, Literal, Self

from domain.errors import (
    BadDate,
    NotAdaptable,
    NotFound,
    NotYours,
    PairsNeedRow,
    RemarkMissing,
    RowAtWork,
    WrongState,
)
from domain.items import Item, WithItems
from domain.people import AccessRole
from domain.process import Command

Adapted = Literal["deadlines", "leads", "rows"]

OFFICE: Final = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)


class RowWish(Command):
    """A wish about one row."""

    item: str


class MoveDeadline(RowWish):
    """Give the row another last moment."""

    due: datetime


class ChangeLead(RowWish):
    """Give the row to another person or body; `others` stay as they are if not said."""

    lead: str
    others: tuple[str, ...] | None = None


class MarkNotApplicable(RowWish):
    """The row is not asked for here."""


class MarkApplicable(RowWish):
    """The row is asked for after all."""


class DraftAgain(RowWish):
    """Draft a result's document anew, after it was withdrawn."""

    result: str


class WithRowChanges(WithItems):
    """A process whose rows may be changed by the curator or the administrator."""

    def _adaptable(self) -> tuple[str, ...] | None:
        """What of the rows may be changed here; None if everything."""
        return None

    # What people may do

    def check_can_move_deadline(self, wish: MoveDeadline, now: datetime) -> None:
        """Raises `BadDate` for a moment that is over, or before the row opens."""
        item = self._open_row(wish, "deadlines")
        if wish.due <= max(now, item.plan.opens):
            raise BadDate(f"{wish.due.date().isoformat()} is over, or before the row opens")
        if wish.due == item.plan.due:
            raise WrongState(f"item {item.id} is due then already")

    def deadline_moved(self, wish: MoveDeadline, now: datetime) -> Self:
        item = self._row(wish.item)
        before = item.plan.due.isoformat() if item.plan.due else ""
        moved = item.changed_by_hand("due", item.plan.changed(due=wish.due))
        refs = {**item.refs(), "was": before, "due": wish.due.isoformat()}
        return self._with_row(moved, "deadline_moved", wish, now, refs)

    def check_can_change_lead(self, wish: ChangeLead) -> None:
        item = self._open_row(wish, "leads")
        others = item.plan.others if wish.others is None else wish.others
        if (wish.lead, others) == (item.plan.lead, item.plan.others):
            raise WrongState(f"item {item.id} is in these hands already")
        if wish.lead in others:
            raise WrongState(f"who leads item {item.id} is not named beside it again")

    def lead_changed(self, wish: ChangeLead, now: datetime) -> Self:
        """Open tasks pass to the new lead; a document that is at work stays in its hands."""
        item = self._row(wish.item)
        others = item.plan.others if wish.others is None else wish.others
        plan = item.plan.changed(
            lead=wish.lead,
            others=others,
            results=tuple(
                planned.changed(drafter=wish.lead)
                if planned.drafter == item.plan.lead and result.document_id is None
                else planned
                for planned, result in item.pairs_of()
            ),
        )
        refs = {**item.refs(), "from": item.plan.lead, "lead": wish.lead}
        named = {"others": ",".join(others)} if wish.others else {}
        led = item.changed_by_hand("lead", plan)
        return self._with_row(led, "lead_changed", wish, now, {**refs, **named})

    def check_can_skip(self, wish: MarkNotApplicable) -> None:
        """Raises `RowAtWork` that names a document which must be withdrawn before, and
        `PairsNeedRow` for the row with the order that pairs wait for.
        """
        item = self._open_row(wish, "rows")
        if self._is_waited_for(item):
            raise PairsNeedRow(f"pairs wait for the order of item {item.id}")
        if busy := self.documents_at_work(item):
            raise RowAtWork(f"withdraw first: {', '.join(busy)}")

    def row_skipped(self, wish: MarkNotApplicable, now: datetime) -> Self:
        item = self._row(wish.item)
        skipped = item.changed_by_hand("skip", item.plan).changed(skipped=True, done=True)
        return self._with_row(skipped, "row_skipped", wish, now, item.refs()).advanced(now)

    def check_can_resume(self, wish: MarkApplicable) -> None:
        """Nothing may have begun because of the row's absence."""
        self._check_may(wish, "rows")
        item = self._row(wish.item)
        if not item.skipped:
            raise WrongState(f"item {item.id} is asked for")
        followed = [
            one.id
            for one in self.items
            if one.open and one.plan.turn == item.plan.turn and item.plan.step in one.plan.after
        ]
        if followed or self._is_closed(item):
            raise WrongState(f"after item {item.id} there is {', '.join(followed) or 'the end'}")

    def row_resumed(self, wish: MarkApplicable, now: datetime) -> Self:
        item = self._row(wish.item)
        resumed = item.changed_by_hand("skip", item.plan).changed(skipped=False).with_result(None)
        refs = {**item.refs(), **resumed.left()}
        return self._with_row(resumed, "row_reopened", wish, now, refs).advanced(now)

    def check_can_draft_again(self, wish: DraftAgain) -> None:
        if wish.by.role not in OFFICE:
            raise NotYours("documents are begun anew by curator or administrator")
        if not self._works_on_items():
            raise WrongState(f"{self.workflow_id} is {self.stage_name}")
        item = self._row(wish.item)
        ready = {planned.id for planned, result in item.ready() if result.awaits_draft()}
        if item.done or wish.result not in ready:
            raise WrongState(f"result {wish.result} of item {item.id} awaits no new draft")

    def draft_wanted(self, wish: DraftAgain, now: datetime) -> Self:
        item = self._row(wish.item)
        drafts = next(len(r.dropped) for p, r in item.pairs_of() if p.id == wish.result)
        wanted = item.with_result(wish.result, again=drafts)
        refs = {**item.refs(), "result": wish.result}
        return self._with_row(wanted, "draft_wanted", wish, now, refs)

    # What rows are at

    def documents_at_work(self, item: Item) -> tuple[str, ...]:
        """The row's documents that are begun, or about to begin, and not in force yet."""
        begun = (r.document_id for r in item.results if r.document_id and not r.done)
        soon = (paper.document_id for paper in self.papers() if paper.item == item.id)
        return tuple(dict.fromkeys((*begun, *soon)))

    def _row(self, item_id: str) -> Item:
        item = next((item for item in self.items if item.id == item_id), None)
        if item is None:
            raise NotFound(f"{self.workflow_id} has no item {item_id}")
        return item

    def _is_closed(self, item: Item) -> bool:
        """True if whatever the row belongs to is over."""
        del item
        return False

    def _is_waited_for(self, item: Item) -> bool:
        """True if pairs wait for an order that this row makes."""
        del item
        return False

    def _open_row(self, wish: RowWish, what: Adapted) -> Item:
        self._check_may(wish, what)
        item = self._row(wish.item)
        if item.done:
            raise WrongState(f"item {item.id} is {'skipped' if item.skipped else 'done'}")
        return item

    def _check_may(self, wish: RowWish, what: Adapted) -> None:
        if wish.by.role not in OFFICE:
            raise NotYours("rows are changed by curator or administrator")
        if not self._works_on_items():
            raise WrongState(f"{self.workflow_id} is {self.stage_name}")
        adaptable = self._adaptable()
        if adaptable is not None and what not in adaptable:
            raise NotAdaptable(f"the cycle above lets nobody change {what}")
        if not wish.note_id:
            raise RemarkMissing("a change of a row needs a reason")

    def _with_row(
        self, item: Item, action: str, wish: RowWish, now: datetime, refs: dict[str, str]
    ) -> Self:
        return self.with_item(item).recorded(action, now, wish.by, note_id=wish.note_id, refs=refs)
