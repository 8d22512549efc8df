"""Makes the saved histories anew: `python -m tests.replay.record`.

Before the first release they may be made anew when a workflow changes. After it they are frozen:
only new cases are added, by name (`python -m tests.replay.record pair/whole`).
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.client import Client

from activities.sweeping import Sweep
from activities.yearly_ports import LaunchYearly, Tried
from domain.amendments import Change, How
from domain.cycle_pairs import WelcomeMentor
from domain.document_wishes import Drop
from domain.errors import FactMissing
from domain.extras import DraftDocument
from domain.messages import OrderInForce, Withdraw
from domain.pair import Stop
from domain.process import Answer, Retry
from domain.roadmap import Roadmap
from tests import builders
from tests import roadmap_builders as roadmaps
from tests.replay import approvals, changes, nested
from tests.replay.corpus import CONVERTER, HISTORIES
from tests.workflows import nights
from tests.workflows.conftest import SOON, dev_server
from tests.workflows.rows import CURATOR, ROADMAP, a_cycle, a_document, a_pair, launch, real_now
from tests.workflows.world import Handle, World, ask
from workflows.process import ClockMoved
from workflows.sweeping import SweepWorkflow
from workflows.yearly import YearlyWorkflow

DAY = 24 * 3600
LONG = ("consents", "papers", "order", "meetings", "interim")
Case = Callable[[World], Awaitable[Handle]]
"""Lives through one case; the workflow whose history is saved."""


async def move_clock(handle: Handle, offset: int) -> None:
    await handle.execute_update("move_clock", ClockMoved(offset=offset), result_type=Answer)


def finished(world: World, handle: Handle) -> Callable[[], bool]:
    return lambda: (state := world.ledger.state(handle.id)) is not None and state.is_finished()


async def carried(world: World, handle: Handle) -> Handle:
    """People work until the workflow has ended."""
    await world.people.work_until(finished(world, handle))
    await world.handle(handle.id).result()
    return handle


async def cycle_whole(world: World) -> Handle:
    state = a_cycle()
    handle = await world.start(state)
    await world.until(lambda: (shown := world.cycle(handle)) and shown.trouble)
    world.ledger.launches[state.cycle_id] = launch().changed(roadmap=short_road())
    await ask(handle, "retry", Retry(by=CURATOR))
    await world.at_stage(handle, "running")
    both = builders.a_pair_request(mentor_id=builders.MENTOR, mentee_id=builders.MENTEE)
    wish = builders.a_forming(both, by=CURATOR)
    await ask(handle, "form_pairs", wish)
    await move_clock(handle, DAY)
    return await carried(world, handle)


async def cycle_of_two_years(world: World) -> Handle:
    """The mentee of the first year joins the base of mentors; the second year begins with him."""
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch().changed(roadmap=short_road("2"), turns=2)
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    pair = builders.a_pair_request(mentor_id=builders.MENTOR, mentee_id=builders.MENTEE)
    await ask(handle, "form_pairs", builders.a_forming(pair, by=CURATOR))
    people = world.people
    await people.work_until(lambda: "turn_closed" in world.ledger.actions(handle.id))
    await ask(handle, "welcome_mentor", WelcomeMentor(by=CURATOR, person_id=builders.MENTEE))
    await move_clock(handle, 366 * DAY)
    await ask(handle, "form_pairs", builders.a_forming(pair, by=CURATOR))
    return await carried(world, handle)


async def cycle_amended(world: World) -> Handle:
    """An order is amended by a document that the curator asks for."""
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch().changed(roadmap=short_road("1", "5"))
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    shown = world.cycle(handle)
    assert shown is not None
    order = str(shown.items[0].results[0].document_id)
    people = world.people
    people.idles = lambda subject: subject == handle.id
    await people.work_until(lambda: "result_proved" in world.ledger.actions(handle.id))
    change = Change(document_id=order, how=How.AMENDS)
    wish = DraftDocument(
        by=CURATOR, document_id="amendment1", kind="report", approver="director", changes=(change,)
    )
    await ask(handle, "draft_document", wish)
    return await carried(world, handle)


async def yearly_launched(world: World) -> Handle:
    """A try whose launch was kept; its cycle begins."""
    state, order = a_cycle(), "order1"
    world.ledger.launches[state.cycle_id] = launch().changed(roadmap=short_road("5"))
    world.orders.answers[order] = Tried(outcome="launched", state=state)
    handle: Handle = await world.client.start_workflow(
        YearlyWorkflow.run, LaunchYearly(order_id=order), id="yearly/order1", task_queue=world.queue
    )
    await handle.result()
    await world.at_stage(world.handle(state.workflow_id), "running")
    return handle


async def sweep(world: World) -> Handle:
    """One that has nothing to remove."""
    handle: Handle = await world.client.start_workflow(
        SweepWorkflow.run, Sweep(), id="sweep/quarter", task_queue=world.queue
    )
    await handle.result()
    return handle


def short_road(*rows: str) -> Roadmap:
    """A track of two stages, and these rows or all: the plan is in every save."""
    road = {**roadmaps.roadmap_values()["track"], "stages": [roadmaps.TRACK[0], roadmaps.TRACK[2]]}
    steps = [step for step in ROADMAP.steps if not rows or step.id in rows]
    return Roadmap.model_validate({**ROADMAP.model_dump(), "track": road, "steps": steps})


async def pair_of_a_cycle(world: World) -> Handle:
    await cycle_whole(world)
    return next(world.handle(id_) for id_ in world.ledger.saves if id_.startswith("pair/"))


async def pair_whole(world: World) -> Handle:
    item = builders.an_item(results=(builders.a_planned_result(proof="remark"),))
    handle = await world.start(a_pair(*LONG, items=(item,)))
    people = world.people
    await people.work_until(lambda: stage(world, handle) == "order")
    await move_clock(handle, DAY)
    await handle.signal("order_in_force", OrderInForce(document_id="order1"))
    return await carried(world, handle)


async def pair_stopped(world: World) -> Handle:
    handle = await world.start(a_pair())
    await world.until(lambda: (pair := world.pair(handle)) and len(pair.open_documents) == 2)
    await ask(handle, "stop", Stop(by=CURATOR, reason="early_end", note_id="reason1"))
    await handle.result()
    return handle


async def pair_troubled(world: World) -> Handle:
    known = world.ledger.people.pop(builders.MENTEE)
    handle = await world.start(a_pair("consents"))
    await world.until(lambda: (pair := world.pair(handle)) and pair.trouble)
    world.ledger.people[builders.MENTEE] = known
    await ask(handle, "retry", Retry(by=CURATOR))
    return await carried(world, handle)


async def document_whole(world: World) -> Handle:
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    await move_clock(handle, 4 * DAY)
    await world.until(lambda: "escalated" in world.ledger.actions(handle.id))
    return await carried(world, handle)


async def document_returned(world: World) -> Handle:
    handle = await world.start(a_document(registrar=None))
    people = world.people
    people.sends_back = lambda document: document.version == 1
    await people.work_until(finished(world, handle))
    await handle.result()
    return handle


async def document_troubled(world: World) -> Handle:
    world.ledger.refusal = FactMissing("mentor.position")
    handle = await world.start(a_document(approver=None, registrar=None))
    await world.until(lambda: (shown := world.document(handle)) and shown.trouble)
    world.ledger.refusal = None
    await ask(handle, "retry", Retry(by=CURATOR))
    return await carried(world, handle)


async def document_withdrawn(world: World) -> Handle:
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    await handle.signal("withdrawn", Withdraw(at=real_now()))
    await handle.result()
    return handle


async def document_dropped(world: World) -> Handle:
    handle = await world.start(a_document(item_id=None))
    await world.at_stage(handle, "on_approval")
    await ask(handle, "drop", Drop(by=CURATOR, note_id="reason1"))
    await handle.result()
    return handle


async def verification(world: World) -> Handle:
    """A night with two logs; so short a spell that each file and each log has one of its own."""
    return await a_night(world, 3)


async def verification_continued(world: World) -> Handle:
    """More files than one history takes."""
    return await a_night(world, 20)


async def a_night(world: World, files: int) -> Handle:
    nights.fill(world, files)
    world.book.logs = {"one": (), "two": ()}
    handle = await nights.begin(world)
    await handle.result()
    return handle


def stage(world: World, handle: Handle) -> str:
    state = world.ledger.state(handle.id)
    return state.stage_name if state else ""


CASES: dict[str, Case] = {
    "cycle/whole": cycle_whole,
    "cycle/two_years": cycle_of_two_years,
    "cycle/amended": cycle_amended,
    "cycle/upper": nested.upper_cycle,
    "cycle/lower": nested.lower_cycle,
    "cycle/released": nested.cycle_that_let_go,
    "cycle/left": nested.cycle_that_left,
    "cycle/inspecting": nested.cycle_that_inspects,
    "cycle/changed": changes.cycle_changed,
    "cycle/continued": cycle_whole,
    "cycle/resumed": cycle_whole,
    "pair/whole": pair_whole,
    "pair/of_a_cycle": pair_of_a_cycle,
    "pair/continued": pair_whole,
    "pair/resumed": pair_whole,
    "pair/changed": changes.pair_changed,
    "pair/stopped": pair_stopped,
    "pair/troubled": pair_troubled,
    "document/whole": document_whole,
    "document/returned": document_returned,
    "document/troubled": document_troubled,
    "document/withdrawn": document_withdrawn,
    "document/dropped": document_dropped,
    "document/on_route": approvals.document_on_route,
    "document/signed": approvals.document_signed,
    "document/assigned": approvals.document_assigned,
    "yearly/launched": yearly_launched,
    "sweep/whole": sweep,
    "verification/whole": verification,
    "verification/continued": verification_continued,
    "verification/resumed": verification_continued,
}


async def record(name: str) -> None:
    """Lives through a case and saves the first run, or the last one of those that were resumed."""
    new_runs = name.endswith(("continued", "resumed"))
    limits = [f"limit.historyCount.suggestContinueAsNew={SOON}"] if new_runs else []
    async with await dev_server(*limits) as environment:
        address = environment.client.service_client.config.target_host
        world = World(
            await Client.connect(address, data_converter=CONVERTER),
            pace={"batch": 1, "spell": 0.0},
        )
        async with world.worker():
            handle = await CASES[name](world)
            run_id = None if name.endswith("resumed") else handle.first_execution_run_id
            run = world.client.get_workflow_handle(handle.id, run_id=run_id)
            history = await run.fetch_history()
    path = HISTORIES / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    # A line for each event: small, and a difference is seen.
    events = [json.dumps(anonymous(event)) for event in json.loads(history.to_json())["events"]]
    path.write_text('{"events": [\n' + ",\n".join(events) + "\n]}\n")
    sys.stderr.write(f"{name}: {len(events)} events, {path.stat().st_size} bytes\n")


def anonymous(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """Without names of machines and paths."""
    if isinstance(node, dict):
        hidden = {"identity": "worker", "stackTrace": ""}
        return {key: hidden.get(key) if key in hidden else anonymous(v) for key, v in node.items()}
    return [anonymous(one) for one in node] if isinstance(node, list) else node


async def main() -> None:
    for name in sys.argv[1:] or CASES:
        await record(name)


if __name__ == "__main__":
    asyncio.run(main())
