"""An act on destruction on a real server: what it lists goes once it is in force, and only then."""

import asyncio

from temporalio.client import WorkflowExecutionStatus

from activities.retention_ports import DestroyListed, SomeDestroyed
from api.gateway import TemporalGateway
from domain import ids
from domain.document_wishes import AttachSigned, Drop
from domain.documents import DocumentState
from domain.extras import DraftDocument
from domain.process import Command
from tests.workflows.held import HeldLedger
from tests.workflows.people import PDF, put_scan
from tests.workflows.rows import CURATOR, a_cycle, a_document, decision, launch
from tests.workflows.world import Handle, World, ask

LISTED = ["1" * 16, "2" * 16, "3" * 16, "4" * 16, "5" * 16]


class DestroyingLedger(HeldLedger):
    """So many batches are destroyed; then the database is away. Some answers may be lost."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed = 100
        self.lost = 0
        self.asked = 0

    def destroy(self, task: DestroyListed) -> SomeDestroyed:
        self.asked += 1
        if self.allowed == 0:
            raise OSError("the database is away")
        self.allowed -= 1
        done = super().destroy(task)
        if self.lost:
            self.lost -= 1
            raise OSError("the answer was lost")
        return done


def with_a_list(world: World) -> DocumentState:
    """An act that lists five documents; two are destroyed at a time."""
    act = a_document(kind="destruction_act", registrar=None, destroys=len(LISTED))
    world.ledger.listed[act.document_id] = list(LISTED)
    return act


async def signed(world: World, handle: Handle) -> None:
    """The act is approved and signed."""
    await world.at_stage(handle, "on_approval")
    shown = world.document(handle)
    assert shown
    await ask(handle, "decide", decision(shown))
    await world.at_stage(handle, "to_sign")
    assert not world.ledger.destroyed
    digest = put_scan(world.ledger, world.files, shown.document_id, b"signed act")
    wish: Command = AttachSigned(by=CURATOR, version=1, sha256=digest, size=10, media_type=PDF)
    await ask(handle, "attach_signed", wish)


async def test_an_act_in_force_destroys_its_list_and_says_so_at_the_end(world: World) -> None:
    act = with_a_list(world)
    handle = await world.start(act)
    await signed(world, handle)

    end = await handle.result()

    assert world.ledger.destroyed == dict.fromkeys(LISTED, act.document_id)
    assert (end.stage, end.destroyed, end.all_destroyed) == ("in_force", 5, True)
    assert end == world.document(handle)
    events = world.ledger.events_of(handle.id)
    assert [event.action for event in events][-2:] == ["sealed", "listed_destroyed"]
    assert events[-1].refs["documents"] == "5"


async def test_an_act_that_is_given_up_destroys_nothing(world: World) -> None:
    handle = await world.start(with_a_list(world))
    await world.at_stage(handle, "on_approval")

    await ask(handle, "drop", Drop(by=CURATOR))

    assert (await handle.result()).stage == "withdrawn"
    assert not world.ledger.destroyed


async def test_a_worker_that_dies_between_batches_leaves_the_rest_to_the_next(
    idle_world: World,
) -> None:
    world, ledger = idle_world, DestroyingLedger()
    world.ledger = ledger
    ledger.allowed = 1
    act = with_a_list(world)
    async with world.worker():
        handle = await world.start(act)
        await signed(world, handle)
        await world.until(lambda: ledger.asked > 1)
    assert sorted(ledger.destroyed) == LISTED[:2]

    ledger.allowed = 100
    async with world.worker():
        end = await handle.result()

    assert sorted(ledger.destroyed) == LISTED
    assert end.destroyed == 5
    assert ledger.actions(handle.id).count("listed_destroyed") == 1


async def test_a_batch_whose_answer_was_lost_is_counted_once(idle_world: World) -> None:
    world, ledger = idle_world, DestroyingLedger()
    world.ledger = ledger
    ledger.lost = 2
    async with world.worker():
        handle = await world.start(with_a_list(world))
        await signed(world, handle)
        end = await handle.result()

    assert sorted(ledger.destroyed) == LISTED
    assert end.destroyed == 5


async def test_a_cycle_hands_the_list_on_to_the_act_that_it_drafts(world: World) -> None:
    cycle = a_cycle()
    world.ledger.launches[cycle.cycle_id] = launch()
    handle = await world.start(cycle)
    await world.until(lambda: (shown := world.cycle(handle)) and shown.stage_name == "running")
    document = ids.new_id()
    wish = DraftDocument(
        by=CURATOR,
        document_id=document,
        kind="destruction_act",
        approver="director",
        destroys=len(LISTED),
    )

    await ask(handle, "draft_document", wish)

    act = world.handle(ids.document_workflow(document))
    await world.at_stage(act, "on_approval")
    shown = world.document(act)
    assert shown
    assert (shown.destroys, shown.all_destroyed) == (5, False)
    async with asyncio.TaskGroup() as both:
        for one in (act, handle):
            both.create_task(one.terminate())


async def test_an_act_that_no_cycle_started_is_begun_once_and_goes_its_way(world: World) -> None:
    """Its cycle is closed: nobody waits for it, and nobody is told."""
    act = with_a_list(world).changed(parent=None, announced=False)
    gateway = TemporalGateway(world.client, world.queue)
    for _ in range(2):
        await gateway.begin(act)
    handle = world.handle(act.workflow_id)
    await signed(world, handle)

    await handle.result()
    await gateway.begin(act)

    end = world.document(handle)
    assert end is not None
    assert (end.stage, end.all_destroyed) == ("in_force", True)
    assert world.ledger.destroyed == dict.fromkeys(LISTED, act.document_id)
    described = await handle.describe()
    assert described.status is WorkflowExecutionStatus.COMPLETED  # by its first run, and no other
