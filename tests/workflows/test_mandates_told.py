"""Rights on their way to documents, on a real server."""

from datetime import UTC, datetime

from api.gateway import TemporalGateway
from domain import ids
from domain.authority import Mandate, Mandates
from domain.messages import MandatesChanged
from tests.workflows.rows import a_document
from tests.workflows.world import World

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def told(revision: int, *known: Mandate) -> MandatesChanged:
    return MandatesChanged(mandates=Mandates(revision=revision, known=known))


def gateway_of(world: World) -> TemporalGateway:
    return TemporalGateway(world.client, world.queue, time_limit_seconds=30)


async def test_a_document_knows_the_latest_rights_it_was_told(world: World) -> None:
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    right = Mandate(id=ids.new_id(), person_id=ids.new_id(), since=LONG_AGO)
    gateway = gateway_of(world)

    await gateway.tell_mandates(handle.id, told(2, right))
    await gateway.tell_mandates(handle.id, told(1))

    def knows() -> bool:
        shown = world.document(handle)
        return shown is not None and shown.mandates.revision == 2

    await world.until(knows)
    shown = world.document(handle)
    assert shown
    assert shown.mandates.known == (right,)


async def test_a_document_that_is_not_there_needs_no_telling(world: World) -> None:
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    await handle.terminate()

    for workflow in (handle.id, ids.document_workflow(ids.new_id())):
        await gateway_of(world).tell_mandates(workflow, told(1))
