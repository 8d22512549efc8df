"""Routes of approval on a real server: rights pass on, bodies decide, versions follow."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.approval import Circumstances, Head
from domain.authority import Mandate, Mandates
from domain.document_wishes import AddRemark, AnswerRemark, AttachReview, Decide, Redraft, Resolve
from domain.documents import DocumentState, Stage
from domain.messages import MandatesChanged
from domain.routes import Again, Outcome, RouteStage
from tests.approval_builders import ANNA, BORIS, COUNCIL, VERA, a_stage
from tests.builders import an_actor, an_approval
from tests.workflows.rows import CURATOR, a_document, real_now
from tests.workflows.world import Handle, World, ask, refusal_of
from workflows.process import ClockMoved

DAY = timedelta(days=1)


async def on_route(
    world: World,
    *stages: RouteStage,
    **route: Any,  # noqa: ANN401 - any field of the route
) -> Handle:
    """A document that is on its route."""
    state = a_document().changed(approval=an_approval(stages=stages, **route))
    handle = await world.start(state)
    await world.at_stage(handle, Stage.ON_APPROVAL)
    return handle


def shown(world: World, handle: Handle) -> DocumentState:
    state = world.document(handle)
    assert state
    return state


async def say(
    world: World, handle: Handle, person: str, outcome: Outcome = Outcome.APPROVE
) -> None:
    """What this person says of the version that readers see."""
    state = shown(world, handle)
    assert state.draft
    wish = Decide(
        by=an_actor(person),
        version=state.version,
        sha256=state.draft.sha256,
        outcome=outcome,
        note_id=None if outcome is Outcome.APPROVE else "why",
    )
    await ask(handle, "decide", wish)


def asked(world: World, handle: Handle) -> list[tuple[str, str]]:
    return [(task.kind, task.assignee) for task in shown(world, handle).tasks()]


def deeds(world: World, handle: Handle) -> list[str]:
    """The events, without the notices that go beside them."""
    notices = {"informed", "reminded", "escalated"}
    return [one for one in world.ledger.actions(handle.id) if one not in notices]


def a_right(person: str, since: datetime, until: datetime | None = None, **fields: Any) -> Mandate:  # noqa: ANN401 - as above
    return Mandate(id=f"m-{person}", person_id=person, since=since, until=until, **fields)


async def tell(handle: Handle, revision: int, *known: Mandate) -> Mandates:
    mandates = Mandates(revision=revision, known=known)
    await handle.signal("mandates_changed", MandatesChanged(mandates=mandates))
    return mandates


async def test_a_change_of_director_moves_what_waits_and_makes_the_version_anew(
    world: World,
) -> None:
    world.ledger.found = Circumstances(head=Head(person_id=ANNA, instead_of=ANNA))
    handle = await on_route(
        world, a_stage("deputy", VERA), a_stage("director", ANNA), again=Again.LEFT
    )
    await say(world, handle, VERA)
    today = real_now()
    rights = await tell(
        handle, 2, a_right(ANNA, today - 99 * DAY, today), a_right(BORIS, today, instead_of=ANNA)
    )
    world.ledger.found = Circumstances(head=Head(person_id=BORIS, instead_of=ANNA), mandates=rights)
    await world.until(lambda: shown(world, handle).version == 2)
    await world.at_stage(handle, Stage.ON_APPROVAL)

    assert asked(world, handle) == [("decide", BORIS)]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await say(world, handle, ANNA)
    assert refusal_of(refused.value) == "RightEnded"
    await say(world, handle, BORIS)
    await world.at_stage(handle, Stage.TO_REGISTER)
    assert deeds(world, handle) == ["drafted", "approved", "redrafted", "drafted", "approved"]
    approval = shown(world, handle).approval
    assert approval
    said = [(one.holder, one.person_id, one.version, one.mandate_id) for one in approval.verdicts]
    assert said == [(VERA, VERA, 1, None), (ANNA, BORIS, 2, f"m-{BORIS}")]


async def test_a_substitute_decides_from_the_day_on_which_his_right_begins(world: World) -> None:
    handle = await on_route(world, a_stage("director", ANNA))
    today = real_now()
    await tell(handle, 1, a_right(BORIS, today + DAY, today + 5 * DAY, instead_of=ANNA))
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await say(world, handle, BORIS)
    assert refusal_of(refused.value) == "NotYours"

    await handle.execute_update("move_clock", ClockMoved(offset=2 * 24 * 3600))
    await world.until(lambda: asked(world, handle) == [("decide", BORIS)])
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await say(world, handle, ANNA)
    assert refusal_of(refused.value) == "RightEnded"
    await say(world, handle, BORIS)
    await world.at_stage(handle, Stage.TO_REGISTER)
    assert deeds(world, handle) == ["drafted", "handed_over", "approved"]


async def test_an_absence_that_ends_gives_the_decision_back(world: World) -> None:
    handle = await on_route(world, a_stage("director", ANNA))
    today = real_now()
    await tell(handle, 1, a_right(BORIS, today - DAY, today + DAY, instead_of=ANNA))
    await world.until(lambda: asked(world, handle) == [("decide", BORIS)])
    await handle.execute_update("move_clock", ClockMoved(offset=2 * 24 * 3600))
    await world.until(lambda: asked(world, handle) == [("decide", ANNA)])
    assert world.ledger.actions(handle.id).count("handed_over") == 2


async def test_a_refusal_ends_the_way_until_the_curator_begins_anew(world: World) -> None:
    handle = await on_route(world, a_stage("deputy", VERA), a_stage("director", ANNA))
    await say(world, handle, VERA)
    await say(world, handle, ANNA, Outcome.REFUSE)
    await world.at_stage(handle, Stage.REFUSED)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "redraft", Redraft(by=an_actor("p-drafter"), version=1))
    assert refusal_of(refused.value) == "NotYours"

    await ask(handle, "redraft", Redraft(by=CURATOR, version=1))
    await world.at_stage(handle, Stage.ON_APPROVAL)
    assert asked(world, handle) == [("decide", VERA)]
    assert deeds(world, handle) == ["drafted", "approved", "refused", "redrafted", "drafted"]
    told = {(one.recipient, one.kind) for one in world.ledger.notices.values()}
    assert told == {(VERA, "informed"), (ANNA, "informed")}


async def test_only_those_left_decide_on_the_next_version(world: World) -> None:
    handle = await on_route(
        world, a_stage("both", VERA, BORIS), a_stage("director", ANNA), again=Again.LEFT
    )
    await say(world, handle, VERA)
    await say(world, handle, BORIS)
    await say(world, handle, ANNA, Outcome.SEND_BACK)
    await ask(handle, "redraft", Redraft(by=CURATOR, version=1))
    await world.at_stage(handle, Stage.ON_APPROVAL)
    assert asked(world, handle) == [("decide", ANNA)]
    await say(world, handle, ANNA)
    await world.at_stage(handle, Stage.TO_REGISTER)


async def test_a_council_decides_by_its_minutes_and_the_director_after_it(world: World) -> None:
    handle = await on_route(
        world, a_stage("council", COUNCIL, kind="body"), a_stage("director", ANNA)
    )
    state = shown(world, handle)
    assert state.draft
    assert asked(world, handle) == [("hold_sitting", COUNCIL)]
    wish = Resolve(
        by=CURATOR,
        version=1,
        sha256=state.draft.sha256,
        outcome=Outcome.APPROVE,
        body_id=COUNCIL,
        sitting_id="sitting1",
        number="4",
        day=date(2024, 9, 2),
    )
    again = "sitting1/item1"
    first = await ask(handle, "resolve", wish, again)
    assert await ask(handle, "resolve", wish, again) == first
    await world.until(lambda: asked(world, handle) == [("decide", ANNA)])
    await say(world, handle, ANNA)
    await world.at_stage(handle, Stage.TO_REGISTER)
    events = [one for one in world.ledger.events if one.subject == handle.id]
    (council,) = [one for one in events if one.refs.get("sitting") == "sitting1"]
    assert (council.action, council.refs["body"]) == ("approved", COUNCIL)


async def test_a_discussion_and_a_review_come_before_the_decision(world: World) -> None:
    handle = await on_route(
        world,
        a_stage("talk", kind="discussion", days=1),
        a_stage("review", VERA, kind="review"),
        a_stage("director", ANNA),
    )
    await ask(handle, "add_remark", AddRemark(by=an_actor(BORIS), version=1, note_id="remark"))
    await handle.execute_update("move_clock", ClockMoved(offset=9 * 24 * 3600))
    assert asked(world, handle) == [("answer_remark", "p-drafter")]
    answer = AnswerRemark(by=an_actor("p-drafter"), remark_id="1", note_id="answer")
    await ask(handle, "answer_remark", answer)
    await world.until(lambda: asked(world, handle) == [("attach_review", VERA)])
    review = AttachReview(
        by=an_actor(VERA), version=1, sha256="a" * 64, size=1, media_type="application/pdf"
    )
    await ask(handle, "attach_review", review)
    await world.until(lambda: asked(world, handle) == [("decide", ANNA)])
