"""From one cycle to the next: what people changed in its rows is proposed for the next year.

Nothing of that is taken over by itself: a deadline may have been moved for a reason of one year
only. Whoever launches names the rows.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from domain.base import Message
from domain.cycle_plan import IN_PAIR
from domain.deadlines import add_months
from domain.errors import BadDate, NotFound
from domain.items import Item
from domain.planning import CyclePlan, Own, PlannedItem, last_moment, period_of
from domain.roadmap import Roadmap

_MONTHS = 12


class CarriedRow(Message):
    """A row of the next cycle with what people changed in the one before."""

    item: str
    due: date | None = None
    lead: str | None = None
    others: tuple[str, ...] = ()  # beside a lead

    def within(self, adapt: tuple[str, ...] | None) -> "CarriedRow | None":
        """As far as the cycle above lets rows be changed; None if nothing of it is left."""
        if adapt is None:
            return self
        due = self.due if "deadlines" in adapt else None
        led = {} if "leads" in adapt else {"lead": None, "others": ()}
        row = self.changed(due=due, **led)
        return row if row.changes() else None

    def changes(self) -> tuple[Own, ...]:
        """What of the row it says otherwise."""
        said: tuple[tuple[Own, object], ...] = (("due", self.due), ("lead", self.lead))
        return tuple(what for what, value in said if value is not None)


def next_season(roadmap: Roadmap, start: date, turns: int) -> date:
    """The first day of the season that follows the last yearly turn of a cycle."""
    this = period_of(roadmap, start.year)
    first = this.start.year if start >= this.start else this.start.year - 1
    return period_of(roadmap, first + turns).start


def proposed(
    items: Iterable[Item], turn: int, years: int, planned: CyclePlan, zone: ZoneInfo
) -> tuple[CarriedRow, ...]:
    """What people changed in the rows of a yearly turn, `years` later, as far as the next plan has
    the row and would say otherwise.
    """
    known = {one.id: one for one in planned.items}
    found = []
    for item in items:
        name = item.plan.id.replace(f"@{turn}", "")
        there = known.get(name)
        if item.plan.turn != turn or there is None or item.skipped:
            continue
        row = _proposed(item, there, years, zone)
        if row.due is not None or row.lead is not None:
            found.append(row)
    return tuple(found)


def with_carried(plan: CyclePlan, rows: Sequence[CarriedRow], zone: ZoneInfo) -> CyclePlan:
    """The plan with these rows as they were changed. Raises `NotFound` and `BadDate`."""
    known = {row.item: row for row in rows}
    if strangers := known.keys() - {item.id for item in plan.items}:
        raise NotFound(f"the plan has no row {', '.join(sorted(strangers))}")
    items = (
        _carried(item, known[item.id], zone) if item.id in known else item for item in plan.items
    )
    own = {row.item: row.changes() for row in rows}
    return plan.changed(items=tuple(items), own=own)


def _proposed(item: Item, there: PlannedItem, years: int, zone: ZoneInfo) -> CarriedRow:
    row = CarriedRow(item=there.id)
    if "due" in item.own and item.plan.due is not None:
        due = add_months(item.plan.due.astimezone(zone).date(), years * _MONTHS)
        there_due = there.due and there.due.astimezone(zone).date()
        if due != there_due and due >= there.opens.astimezone(zone).date():
            row = row.changed(due=due)
    mine, new = (item.plan.lead, item.plan.others), (there.lead, there.others)
    if "lead" in item.own and mine != new and mine[0] not in IN_PAIR:
        row = row.changed(lead=mine[0], others=mine[1])
    return row


def _carried(item: PlannedItem, row: CarriedRow, zone: ZoneInfo) -> PlannedItem:
    if row.due is not None:
        if row.due < item.opens.astimezone(zone).date():
            raise BadDate(f"row {item.id} opens after {row.due.isoformat()}")
        item = item.changed(due=last_moment(row.due, zone), past=False)
    if row.lead is not None:
        results = (
            one.changed(drafter=row.lead) if one.drafter == item.lead else one
            for one in item.results
        )
        item = item.changed(lead=row.lead, others=row.others, results=tuple(results))
    return item
