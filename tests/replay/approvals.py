"""Cases for replay of what a document goes through on its route, at its signature and after it."""

import tempfile
from datetime import date
from pathlib import Path

from domain.approval import Circumstances, Head
from domain.authority import Mandate, Mandates
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.document_wishes import (
    AddRemark,
    AnswerRemark,
    AttachReview,
    Decide,
    Redraft,
    Register,
    Resolve,
)
from domain.messages import MandatesChanged, Superseded
from domain.routes import Again, Outcome
from tests.approval_builders import ANNA, BORIS, COUNCIL, VERA, a_stage
from tests.builders import APPROVER, an_actor, an_approval
from tests.workflows.rows import CURATOR, a_document, decision, real_now
from tests.workflows.signing_office import DIRECTOR, NAMES, Office, by_rsa
from tests.workflows.test_assignments import an_assignment, with_an_order
from tests.workflows.world import Handle, World, ask
from workflows.process import ClockMoved

DAY = 24 * 3600


async def document_on_route(world: World) -> Handle:
    """Every kind of stage, a head who changes, a refusal and a version for those who are left."""
    stages = (
        a_stage("talk", kind="discussion", days=1),
        a_stage("review", VERA, kind="review"),
        a_stage("council", COUNCIL, kind="body"),
        a_stage("director", ANNA),
    )
    world.ledger.found = Circumstances(head=Head(person_id=ANNA, instead_of=ANNA))
    route = an_approval(stages=stages, again=Again.LEFT)
    handle = await world.start(a_document(registrar=None).changed(approval=route))
    await world.at_stage(handle, "on_approval")
    await ask(handle, "add_remark", AddRemark(by=an_actor(BORIS), version=1, note_id="remark"))
    answer = AnswerRemark(by=an_actor("p-drafter"), remark_id="1", note_id="answer")
    await ask(handle, "answer_remark", answer)
    await handle.execute_update("move_clock", ClockMoved(offset=9 * DAY))
    await world.until(lambda: at_work(world, handle) == "review")
    review = AttachReview(
        by=an_actor(VERA), version=1, sha256="a" * 64, size=1, media_type="application/pdf"
    )
    await ask(handle, "attach_review", review)
    await ask(handle, "resolve", a_resolution(world, handle))
    await world.until(lambda: at_work(world, handle) == "director")
    await say(world, handle, ANNA, Outcome.REFUSE)
    await ask(handle, "redraft", Redraft(by=CURATOR, version=1))
    await world.until(lambda: version(world, handle) == 2 and at_work(world, handle) == "director")
    now = real_now()
    rights = Mandates(
        revision=2,
        known=(
            Mandate(id="old", person_id=ANNA, since=now.replace(year=2020), until=now),
            Mandate(id="new", person_id=BORIS, instead_of=ANNA, since=now),
        ),
    )
    head = Head(person_id=BORIS, instead_of=ANNA)
    world.ledger.found = Circumstances(head=head, mandates=rights)
    await handle.signal("mandates_changed", MandatesChanged(mandates=rights))
    await world.until(lambda: version(world, handle) == 3 and at_work(world, handle) == "director")
    await say(world, handle, BORIS, Outcome.APPROVE)
    await world.people.work_until(lambda: finished(world, handle))
    await handle.result()
    return handle


async def document_signed(world: World) -> Handle:
    """Signed electronically, with a visual copy."""
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    document = world.document(handle)
    assert document
    await ask(handle, "decide", decision(document))
    await ask(handle, "register", Register(by=CURATOR, version=1))
    await world.at_stage(handle, "to_sign")
    with tempfile.TemporaryDirectory() as folder:
        office = Office.over(world, Path(folder))
        sign = by_rsa(Path(folder))
        await office.send(handle, sign(NAMES[DIRECTOR], office.given_out(handle)))
        await handle.result()
    return handle


async def document_assigned(world: World) -> Handle:
    """What an order in force gave is fulfilled and given back, given up, or over with the order."""
    handle = await with_an_order(world, an_assignment("1"), an_assignment("2"), an_assignment("3"))
    controller = an_actor(APPROVER)
    await ask(handle, "fulfil", Fulfil(by=CURATOR, assignment="1", note_id="note1"))
    back = ReturnAssignment(by=controller, assignment="1", note_id="why")
    await ask(handle, "return_assignment", back)
    await ask(handle, "fulfil", Fulfil(by=CURATOR, assignment="1", note_id="note1"))
    drop = DropAssignment(by=controller, assignment="2", note_id="note2")
    await ask(handle, "drop_assignment", drop)
    await handle.signal("superseded", Superseded(document_id="later"))
    await handle.execute_update("move_clock", ClockMoved(offset=99 * DAY))
    await handle.result()
    return handle


async def say(world: World, handle: Handle, person: str, outcome: Outcome) -> None:
    state = world.document(handle)
    assert state
    assert state.draft
    wish = Decide(
        by=an_actor(person),
        version=state.version,
        sha256=state.draft.sha256,
        outcome=outcome,
        note_id="why",
    )
    await ask(handle, "decide", wish)


def a_resolution(world: World, handle: Handle) -> Resolve:
    state = world.document(handle)
    assert state
    assert state.draft
    return Resolve(
        by=CURATOR,
        version=state.version,
        sha256=state.draft.sha256,
        outcome=Outcome.APPROVE,
        body_id=COUNCIL,
        sitting_id="sitting1",
        number="4",
        day=date(2024, 9, 2),
    )


def at_work(world: World, handle: Handle) -> str:
    """The stage of the route that waits."""
    state = world.document(handle)
    stage = state.approval.stage if state and state.approval else None
    return stage.id if stage and state and state.stage == "on_approval" else ""


def version(world: World, handle: Handle) -> int:
    state = world.document(handle)
    return state.version if state else 0


def finished(world: World, handle: Handle) -> bool:
    state = world.document(handle)
    return state is not None and state.is_finished()
