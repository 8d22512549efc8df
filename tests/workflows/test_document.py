"""The document's workflow on a real server."""

import asyncio
from hashlib import sha256

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain import ids
from domain.document_wishes import AttachSigned, Decide, Redraft, Register
from domain.documents import DocumentState
from domain.errors import FactMissing
from domain.messages import Withdraw
from domain.people import Actor
from domain.process import Command, Retry
from domain.routes import Outcome
from tests import builders
from tests.workflows.people import PDF, put_scan
from tests.workflows.rows import CURATOR, DIRECTOR, STRANGER, a_document, decision, real_now
from tests.workflows.world import Handle, World, ask, events_of, quiet_events_of, refusal_of


async def on_approval(world: World) -> tuple[Handle, DocumentState]:
    """A document that waits for the director."""
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    document = world.document(handle)
    assert document
    return handle, document


async def test_a_document_goes_from_draft_to_sealed_file(world: World) -> None:
    handle, document = await on_approval(world)

    await ask(handle, "decide", decision(document))
    await ask(handle, "register", Register(by=CURATOR, version=1))
    await world.at_stage(handle, "to_sign")
    digest = put_scan(world.ledger, world.files, document.document_id, b"signed scan")
    wish = AttachSigned(by=CURATOR, version=1, sha256=digest, size=11, media_type=PDF)
    await ask(handle, "attach_signed", wish)

    end = await handle.result()
    assert end.stage == "in_force"
    assert end == world.document(handle)
    assert world.ledger.actions(handle.id) == [
        *("drafted", "approved", "registration_asked", "registered"),
        *("signed_scan_attached", "sealed"),
    ]
    assert end.entry.number
    key = world.ledger.data_key(ids.seal_key_id(document.document_id, digest))
    assert world.files.get(end.seal.key, key) == b"signed scan"
    assert sha256(world.files.stored_bytes(end.seal.key)).hexdigest() == end.seal.stored_sha256


async def test_a_typed_number_that_is_taken_is_replaced_by_another(world: World) -> None:
    for number in ("7-н", "7-Н"):
        handle, document = await on_approval(world)
        await ask(handle, "decide", decision(document))
        wish = Register(by=CURATOR, version=1, number=number, note_id="reason1")
        await ask(handle, "register", wish)
        await world.until(lambda: (shown := world.document(handle)) and _settled(shown))  # noqa: B023
    shown = world.document(handle)
    assert shown
    assert (shown.stage, shown.trouble) == ("registering", "NumberTaken")

    await ask(handle, "register", Register(by=CURATOR, version=1))
    await world.at_stage(handle, "to_sign")

    entered = world.document(handle)
    assert entered
    assert entered.entry
    assert entered.entry.number == "8-н"


def _settled(shown: DocumentState) -> bool:
    return shown.stage == "to_sign" or shown.trouble is not None


async def test_a_remark_sends_the_document_back_and_the_next_version_is_decided(
    world: World,
) -> None:
    handle, first = await on_approval(world)

    await ask(handle, "decide", decision(first, approved=False))
    await ask(handle, "redraft", Redraft(by=CURATOR, version=1, inputs_id="inputs1"))
    await world.at_stage(handle, "on_approval")

    second = world.document(handle)
    assert second
    assert (second.version, second.inputs_id) == (2, "inputs1")
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "decide", decision(first))
    assert refusal_of(refused.value) == "StaleVersion"
    await ask(handle, "decide", decision(second))
    await world.at_stage(handle, "to_register")
    seen = ["drafted", "sent_back", "redrafted", "drafted", "approved"]
    assert [one for one in world.ledger.actions(handle.id) if one != "informed"] == seen


def a_wish(by: Actor, version: int = 1) -> Decide:
    return Decide(by=by, version=version, sha256="0" * 64, outcome=Outcome.APPROVE)


REFUSALS: dict[str, tuple[str, Command]] = {
    "WrongState": ("register", Register(by=CURATOR, version=1)),
    "NotYours": ("decide", a_wish(by=STRANGER)),
    "StaleVersion": ("decide", a_wish(by=DIRECTOR, version=0)),
}


@pytest.mark.parametrize("code", REFUSALS)
async def test_a_refusal_names_the_broken_rule_and_leaves_nothing_in_history(
    world: World, code: str
) -> None:
    handle, document = await on_approval(world)
    before = await quiet_events_of(handle)

    name, wish = REFUSALS[code]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, name, wish)

    assert refusal_of(refused.value) == code
    assert await events_of(handle) == before
    assert world.document(handle) == document


async def test_a_decision_on_another_rendering_than_the_one_shown_is_refused(world: World) -> None:
    handle, document = await on_approval(world)
    before = await quiet_events_of(handle)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "decide", decision(document).changed(sha256=sha256(b"x").hexdigest()))

    assert refusal_of(refused.value) == "StaleVersion"
    assert await events_of(handle) == before


async def test_sending_back_without_a_remark_is_refused(world: World) -> None:
    handle, document = await on_approval(world)
    before = await quiet_events_of(handle)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "decide", decision(document, approved=False).changed(note_id=None))

    assert refusal_of(refused.value) == "RemarkMissing"
    assert await events_of(handle) == before


async def test_the_same_request_twice_gets_one_answer_and_has_one_effect(world: World) -> None:
    handle, document = await on_approval(world)

    first = await ask(handle, "decide", decision(document), "request1")
    again = await ask(handle, "decide", decision(document), "request1")

    assert again == first
    assert world.ledger.actions(handle.id).count("approved") == 1


async def test_two_decisions_at_once_are_one_decision_and_one_refusal(world: World) -> None:
    handle, document = await on_approval(world)

    answers = await asyncio.gather(
        ask(handle, "decide", decision(document)),
        ask(handle, "decide", decision(document, approved=False)),
        return_exceptions=True,
    )

    (refused,) = (a for a in answers if isinstance(a, WorkflowUpdateFailedError))
    assert refusal_of(refused) == "WrongState"
    assert len(world.ledger.actions(handle.id)) == 2


async def test_an_answer_means_that_the_change_is_recorded(world: World) -> None:
    handle, document = await on_approval(world)

    world.ledger.gate.clear()
    asked = asyncio.create_task(ask(handle, "decide", decision(document)))
    done, _ = await asyncio.wait({asked}, timeout=0.5)
    assert not done, "it was answered before anything was recorded"
    world.ledger.gate.set()
    answer = await asked

    shown = world.document(handle)
    assert shown
    assert shown.revision >= answer.revision
    assert shown.stage == "to_register"


async def test_a_refused_draft_waits_for_a_mend_and_goes_on_after_a_retry(world: World) -> None:
    world.ledger.refusal = FactMissing("mentor.position")
    handle = await world.start(a_document())
    await world.until(lambda: (shown := world.document(handle)) and shown.trouble)
    await world.until(lambda: world.rests(handle))

    troubled = world.document(handle)
    assert troubled
    assert troubled.trouble == "FactMissing"
    (task,) = troubled.tasks()
    assert (task.kind, task.assignee) == ("mend", builders.CURATOR)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "retry", Retry(by=DIRECTOR))
    assert refusal_of(refused.value) == "NotYours"

    world.ledger.refusal = None
    await ask(handle, "retry", Retry(by=CURATOR))
    await world.at_stage(handle, "on_approval")
    assert world.ledger.actions(handle.id) == ["troubled", "retried", "drafted"]


async def test_a_draft_refused_again_is_troubled_again(world: World) -> None:
    world.ledger.refusal = FactMissing("mentor.position")
    handle = await world.start(a_document())
    await world.until(lambda: (shown := world.document(handle)) and shown.trouble)

    await ask(handle, "retry", Retry(by=CURATOR))

    await world.until(lambda: world.ledger.actions(handle.id).count("troubled") == 2)


async def test_a_retry_of_what_has_no_trouble_is_refused(world: World) -> None:
    handle, _ = await on_approval(world)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "retry", Retry(by=CURATOR))

    assert refusal_of(refused.value) == "WrongState"


async def test_a_scan_that_is_not_what_was_attached_is_never_sealed(world: World) -> None:
    handle = await world.start(a_document(approver=None, registrar=None))
    await world.at_stage(handle, "to_sign")
    document_id = handle.id.removeprefix("document/")
    named = sha256(b"what the curator saw").hexdigest()
    key = ids.incoming_key(document_id, named)
    world.ledger.make_key(key, "org", document_id)
    world.files.put_once(key, b"something else", world.ledger.data_key(key))

    wish = AttachSigned(by=CURATOR, version=1, sha256=named, size=20, media_type=PDF)
    await ask(handle, "attach_signed", wish)

    await world.until(lambda: (shown := world.document(handle)) and shown.trouble)
    shown = world.document(handle)
    assert shown
    assert (shown.trouble, shown.seal) == ("BytesChanged", None)
    assert not world.files.keys("sealed/")


async def test_a_withdrawn_document_ends_and_a_second_word_changes_nothing(world: World) -> None:
    handle, _ = await on_approval(world)

    async with asyncio.TaskGroup() as both:
        for _ in range(2):
            both.create_task(handle.signal("withdrawn", Withdraw(at=real_now())))

    end = await handle.result()
    assert end.stage == "withdrawn"
    assert world.ledger.actions(handle.id).count("withdrawn") == 1


async def test_a_worker_that_comes_after_another_goes_on_where_it_was(idle_world: World) -> None:
    world = idle_world
    async with world.worker():
        handle, document = await on_approval(world)
    async with world.worker():
        await ask(handle, "decide", decision(document))
        await world.at_stage(handle, "to_register")

    assert world.ledger.actions(handle.id) == ["drafted", "approved"]
