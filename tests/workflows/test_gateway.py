"""The gateway on a real server: answers, refusals, repeats and silence."""

import asyncio

import pytest

from api.gateway import UPDATES, TemporalGateway
from api.problems import Unavailable
from domain import errors, ids
from domain.cycle_pairs import FormPairs
from domain.document_wishes import AttachSigned, Decide, Redraft, Register
from domain.documents import DocumentState
from domain.errors import NotFound, Refused, WrongState
from domain.process import Command
from domain.routes import Outcome
from tests import builders
from tests.workflows.people import PDF, put_scan
from tests.workflows.rows import CURATOR, DIRECTOR, STRANGER, a_document, decision, launch
from tests.workflows.world import Handle, World
from workflows.registry import WORKFLOWS


def gateway_of(world: World, seconds: float = 30) -> TemporalGateway:
    return TemporalGateway(world.client, world.queue, time_limit_seconds=seconds)


async def on_approval(world: World, **fields: object) -> tuple[Handle, DocumentState]:
    """A document that waits for the director."""
    handle = await world.start(a_document(**fields))
    await world.at_stage(handle, "on_approval")
    document = world.document(handle)
    assert document
    return handle, document


async def to_sign(world: World) -> tuple[Handle, AttachSigned]:
    """A document that nobody approves, and the scan that will end its workflow."""
    handle = await world.start(a_document(approver=None, registrar=None))
    await world.at_stage(handle, "to_sign")
    document = world.document(handle)
    assert document
    digest = put_scan(world.ledger, world.files, document.document_id, b"signed scan")
    return handle, AttachSigned(by=CURATOR, version=1, sha256=digest, size=11, media_type=PDF)


def test_every_update_that_takes_a_wish_has_its_line() -> None:
    definitions = [getattr(one, "__temporal_workflow_definition") for one in WORKFLOWS]
    known = {name for definition in definitions for name in definition.updates}

    assert set(UPDATES.values()) == known - {"move_clock"}


async def test_an_answer_means_that_readers_see_the_change(world: World) -> None:
    handle, document = await on_approval(world)

    answer = await gateway_of(world).send(handle.id, decision(document), "r1")

    shown = world.document(handle)
    assert answer.request_id == "r1"
    assert shown
    assert shown.revision >= answer.revision
    assert "approved" in world.ledger.actions(handle.id)


REFUSALS: dict[type[Refused], Command] = {
    WrongState: Register(by=CURATOR, version=1),
    errors.NotYours: Decide(by=STRANGER, version=1, sha256="0" * 64, outcome=Outcome.APPROVE),
    errors.StaleVersion: Decide(by=DIRECTOR, version=0, sha256="0" * 64, outcome=Outcome.APPROVE),
}


async def test_a_refusal_rises_as_the_class_that_the_rule_raised(world: World) -> None:
    handle, document = await on_approval(world)
    remarkless = Decide(
        by=DIRECTOR,
        version=1,
        sha256=document.draft.sha256 if document.draft else "",
        outcome=Outcome.SEND_BACK,
    )

    for kind, wish in {**REFUSALS, errors.RemarkMissing: remarkless}.items():
        with pytest.raises(kind) as refused:
            await gateway_of(world).send(handle.id, wish, ids.new_id())
        assert type(refused.value) is kind
        assert str(refused.value)


async def test_a_workflow_that_never_was_is_not_found(world: World) -> None:
    wish = Redraft(by=CURATOR, version=1)

    with pytest.raises(NotFound):
        await gateway_of(world).send(ids.document_workflow(ids.new_id()), wish, "r1")


async def test_a_repeat_gets_the_same_answer_and_does_nothing(world: World) -> None:
    handle, document = await on_approval(world)
    gateway = gateway_of(world)

    answers = [await gateway.send(handle.id, decision(document), "r1") for _ in range(3)]

    assert answers == [answers[0]] * 3
    assert world.ledger.actions(handle.id).count("approved") == 1


async def test_a_repeat_after_the_end_gets_the_answer_that_was_given(world: World) -> None:
    handle, wish = await to_sign(world)
    gateway = gateway_of(world)
    first = await gateway.send(handle.id, wish, "r1")
    await handle.result()

    assert await gateway.send(handle.id, wish, "r1") == first


async def test_an_ended_workflow_refuses_what_is_new(world: World) -> None:
    handle, wish = await to_sign(world)
    gateway = gateway_of(world)
    await gateway.send(handle.id, wish, "r1")
    await handle.result()

    with pytest.raises(WrongState, match="in_force"):
        await gateway.send(handle.id, wish, "r2")


async def test_what_an_operator_ended_is_no_longer_to_be_had(world: World) -> None:
    handle, document = await on_approval(world)
    await handle.terminate()

    with pytest.raises(WrongState, match="operator"):
        await gateway_of(world).send(handle.id, decision(document), "r1")


async def test_without_a_worker_the_outcome_is_unknown_and_may_be_asked_for_again(
    idle_world: World,
) -> None:
    world = idle_world
    async with world.worker():
        handle, document = await on_approval(world)

    with pytest.raises(Unavailable):
        await gateway_of(world, seconds=1).send(handle.id, decision(document), "r1")

    async with world.worker():
        answer = await gateway_of(world, seconds=30).send(handle.id, decision(document), "r1")
    assert answer.request_id == "r1"
    assert world.ledger.actions(handle.id).count("approved") == 1


async def test_more_wishes_than_the_server_takes_at_once_wait_for_their_turn(world: World) -> None:
    """It takes 10 updates in flight for a run."""
    handle = await world.start(builders.a_cycle().changed(cycle_id=ids.new_id()))
    await world.at_stage(handle, "running")
    gateway = gateway_of(world, seconds=30)
    world.ledger.gate.clear()
    wishes = [FormPairs(by=CURATOR, pairs=(builders.a_pair_request(n),)) for n in range(25)]
    sent = [
        asyncio.create_task(gateway.send(handle.id, wish, f"r{n}")) for n, wish in enumerate(wishes)
    ]
    await asyncio.sleep(1)
    assert not any(one.done() for one in sent)

    world.ledger.gate.set()

    answers = await asyncio.gather(*sent)
    assert [answer.request_id for answer in answers] == [f"r{n}" for n in range(25)]
    assert world.ledger.actions(handle.id).count("pair_formed") == 25


async def test_a_cycle_is_launched_once_by_its_id(world: World) -> None:
    state = builders.a_new_cycle(cycle_id=ids.new_id())
    world.ledger.launches[state.cycle_id] = launch()
    gateway = gateway_of(world)

    await gateway.launch(state)
    await gateway.launch(state.changed(administrator="u-other"))

    handle = world.handle(state.workflow_id)
    await world.at_stage(handle, "running")
    shown = world.cycle(handle)
    assert shown
    assert shown.administrator == state.administrator
    attributes = (await handle.describe()).typed_search_attributes
    assert {pair.key.name: pair.value for pair in attributes}["NastavnikCycle"] == state.cycle_id


async def test_a_clock_is_moved_and_an_ended_process_needs_none(world: World) -> None:
    handle, wish = await to_sign(world)
    gateway = gateway_of(world)

    assert await gateway.move_clock(handle.id, 86_400) is True

    shown = world.document(handle)
    assert shown
    assert shown.clock_offset == 86_400
    await gateway.send(handle.id, wish, "r1")
    await handle.result()
    assert await gateway.move_clock(handle.id, 2 * 86_400) is False


async def test_a_healthy_server_is_ready(world: World) -> None:
    await gateway_of(world).check_ready()
