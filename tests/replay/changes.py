"""Histories in which rows change and another roadmap is taken."""

from datetime import timedelta
from typing import Any

from domain import ids
from domain.document_wishes import Drop
from domain.items import Item
from domain.messages import OrderInForce
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
    RowWish,
)
from tests import builders
from tests.workflows.changing import (
    changed_rows,
    is_finished,
    launched_by,
    new_version,
    open_document,
    take,
)
from tests.workflows.rows import CONSENTED, CURATOR, a_pair, real_now
from tests.workflows.world import Handle, World, ask

WHY = "reason1"


async def _each_change(world: World, handle: Handle, item: str) -> None:
    """Of a row whose order is being approved."""
    document = await open_document(world, handle)
    await ask(world.handle(ids.document_workflow(document)), "drop", Drop(by=CURATOR, note_id=WHY))
    await world.until(lambda: any(t.kind == "draft_again" for t in world.ledger.open_tasks()))
    due = real_now() + timedelta(days=60)
    said: dict[str, Any] = {"by": CURATOR, "note_id": WHY, "item": item}
    wishes: dict[str, RowWish] = {
        "move_deadline": MoveDeadline(due=due, **said),
        "change_lead": ChangeLead(lead=builders.APPROVER, **said),
        "mark_not_applicable": MarkNotApplicable(**said),
        "mark_applicable": MarkApplicable(**said),
        "draft_again": DraftAgain(result="result", **said),
    }
    for update, wish in wishes.items():
        await ask(handle, update, wish)


async def cycle_changed(world: World) -> Handle:
    """Every change of a row, a version that is refused and one that is taken."""
    handle, state = await launched_by(world, changed_rows("1", "5"))
    await _each_change(world, handle, "1")
    await open_document(world, handle)
    await take(world, handle, new_version(world, state, 1, changed_rows("5")), refused=True)
    await take(world, handle, new_version(world, state, 2, changed_rows("1", "5", "6")))
    await world.people.work_until(is_finished(world, handle))
    await handle.result()
    return handle


async def pair_changed(world: World) -> Handle:
    """Every change of a row of a pair."""
    row = builders.a_planned_item(
        results=(
            builders.a_planned_result(
                id="result",
                proof="document",
                document="report",
            ),
        )
    )
    pair = a_pair("order", items=(Item.of(row),), **CONSENTED)
    handle = await world.start(pair)
    await _each_change(world, handle, "1")
    await handle.signal("order_in_force", OrderInForce(document_id="order1"))
    await world.people.work_until(is_finished(world, handle))
    await handle.result()
    return handle
