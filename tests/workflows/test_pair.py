"""The pair's workflow on a real server."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from activities.tasks import PersonConsent
from domain import ids
from domain.document_wishes import AttachSigned
from domain.meetings import RecordMeeting
from domain.messages import DocumentSettled, OrderInForce
from domain.pair import Stop
from tests import builders
from tests.workflows.people import PDF, put_scan
from tests.workflows.rows import CONSENTED, CURATOR, STRANGER, a_pair, a_pair_that_meets, real_now
from tests.workflows.world import Handle, World, ask, quiet_events_of, refusal_of, runs_of


def meeting(**fields: object) -> RecordMeeting:
    return builders.a_meeting(by=CURATOR, kind="regular", day=real_now().date(), **fields)


async def sign(world: World, document_id: str) -> None:
    """Attach a signed scan to a document that waits for one."""
    content = document_id.encode()
    digest = put_scan(world.ledger, world.files, document_id, content)
    size = len(content)
    wish = AttachSigned(by=CURATOR, version=1, sha256=digest, size=size, media_type=PDF)
    handle = world.handle(ids.document_workflow(document_id))
    await world.at_stage(handle, "to_sign")
    await ask(handle, "attach_signed", wish)


async def consents_of(world: World, handle: Handle) -> list[str]:
    """The documents of the consents that a pair has asked for."""
    await world.until(lambda: (pair := world.pair(handle)) and len(pair.open_documents) == 2)
    pair = world.pair(handle)
    assert pair
    return [need.document_id or "" for need in pair.needs]


async def test_nothing_of_a_pair_is_recorded_before_every_consent_is_in_force(
    world: World,
) -> None:
    handle = await world.start(a_pair("consents", "meetings"))
    first, second = await consents_of(world, handle)
    await sign(world, first)
    await world.until(lambda: (pair := world.pair(handle)) and pair.in_force == (first,))
    before = await quiet_events_of(handle, "CHILD_WORKFLOW_EXECUTION_COMPLETED")

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "record_meeting", meeting())
    assert refusal_of(refused.value) == "ConsentMissing"
    assert await quiet_events_of(handle) == before

    await sign(world, second)
    await world.at_stage(handle, "meetings")
    await ask(handle, "record_meeting", meeting())


async def test_a_pupil_of_sixteen_consents_by_another_document_than_an_adult(
    idle_world: World,
) -> None:
    today = real_now().date()
    world = idle_world
    birth = today.replace(year=today.year - 16, day=1)
    mentee = PersonConsent(person_id=builders.MENTEE, birth=birth)
    world.ledger.people[mentee.person_id] = mentee
    async with world.worker():
        handle = await world.start(a_pair("consents"))
        await consents_of(world, handle)

    pair = world.pair(handle)
    assert pair
    assert {need.person_id: need.kind for need in pair.needs} == {
        builders.MENTOR: "consent_adult",
        builders.MENTEE: "consent_pupil",
    }


async def test_a_stranger_records_no_meeting_and_leaves_nothing_in_history(world: World) -> None:
    handle = await world.start(a_pair_that_meets(1))
    await world.at_stage(handle, "meetings")
    before = await quiet_events_of(handle)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "record_meeting", meeting().changed(by=STRANGER))

    assert refusal_of(refused.value) == "NotYours"
    assert await quiet_events_of(handle) == before


async def test_a_meeting_is_of_today_by_the_later_clock(world: World) -> None:
    handle = await world.start(a_pair_that_meets(2))
    await world.at_stage(handle, "meetings")
    ahead = timedelta(days=40)
    day = (real_now() + ahead).date()

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "record_meeting", meeting().changed(day=day))
    assert refusal_of(refused.value) == "BadDate"

    offset = int(ahead.total_seconds())
    await ask(handle, "record_meeting", meeting().changed(day=day, clock_offset=offset))
    pair = world.pair(handle)
    assert pair
    assert (pair.meetings[0].day, pair.clock_offset) == (day, offset)


async def test_a_stopped_pair_withdraws_its_open_papers_and_keeps_those_in_force(
    world: World,
) -> None:
    handle = await world.start(a_pair())
    first, second = await consents_of(world, handle)
    await sign(world, first)
    await world.until(lambda: (pair := world.pair(handle)) and pair.in_force == (first,))

    wish = Stop(by=CURATOR, reason="consent_withdrawn", note_id="reason1")
    await ask(handle, "stop", wish)

    end = await handle.result()
    assert end.stage_name == "stopped"
    papers = [world.ledger.state(ids.document_workflow(id_)) for id_ in (first, second)]
    assert [paper and paper.stage_name for paper in papers] == ["in_force", "withdrawn"]


async def test_a_late_or_doubled_word_about_a_document_changes_nothing(world: World) -> None:
    handle = await world.start(a_pair("consents", "meetings"))
    first, _ = await consents_of(world, handle)
    await sign(world, first)
    await world.until(lambda: (pair := world.pair(handle)) and pair.in_force == (first,))

    for document_id, in_force in ((first, True), (first, False), ("stranger1", True)):
        fact = DocumentSettled(document_id=document_id, in_force=in_force)
        await handle.signal("document_settled", fact)

    pair = await handle.query("state", result_type=type(world.pair(handle)))
    assert pair.in_force == (first,)
    assert sum(need.in_force for need in pair.needs) == 1


async def test_a_second_order_does_not_replace_the_first(world: World) -> None:
    handle = await world.start(a_pair("order", "meetings", **CONSENTED))
    await world.at_stage(handle, "order")

    await handle.signal("order_in_force", OrderInForce(document_id="order1"))
    await handle.signal("order_in_force", OrderInForce(document_id="order2"))

    await world.at_stage(handle, "meetings")
    pair = world.pair(handle)
    assert pair
    assert pair.order_id == "order1"


async def test_sixty_meetings_across_new_runs_get_sixty_answers(short_world: World) -> None:
    world = short_world
    handle = await world.start(a_pair_that_meets(60))
    await world.at_stage(handle, "meetings")
    current = world.handle(handle.id)

    async def meet(number: int) -> int:
        answer = await ask(current, "record_meeting", meeting(), f"meeting{number}")
        shown = world.pair(handle)
        assert shown
        assert shown.revision >= answer.revision
        return answer.revision

    revisions: set[int] = set()
    for first in range(0, 60, 8):
        eight = range(first, min(first + 8, 60))
        revisions |= set(await asyncio.gather(*(meet(number) for number in eight)))

    end = await handle.result()
    assert len(revisions) == 60
    assert len(end.meetings) == 60
    assert world.ledger.actions(handle.id) == [*["meeting_recorded"] * 60, "stage_completed"]
    runs = await runs_of(handle)
    assert len(runs) > 1, "the limit was to be crossed"
    assert sum(run["WORKFLOW_EXECUTION_UPDATE_COMPLETED"] for run in runs) == 60
    assert not any(run["WORKFLOW_TASK_FAILED"] for run in runs)


async def test_the_same_request_in_a_later_run_gets_the_first_answer(short_world: World) -> None:
    world = short_world
    handle = await world.start(a_pair_that_meets(40))
    await world.at_stage(handle, "meetings")
    current = world.handle(handle.id)
    first = await ask(current, "record_meeting", meeting(), "request1")
    while len(await runs_of(handle)) == 1:
        await ask(current, "record_meeting", meeting())
    held = world.ledger.actions(handle.id).count("meeting_recorded")

    again = await ask(current, "record_meeting", meeting(), "request1")

    assert again == first
    assert world.ledger.actions(handle.id).count("meeting_recorded") == held


async def test_children_outlive_the_run_that_started_them_and_report_to_the_next(
    short_world: World,
) -> None:
    world = short_world
    handle = await world.start(a_pair("consents", "meetings"))
    first, second = await consents_of(world, handle)
    await sign(world, first)
    before = len(await runs_of(handle))
    while len(await runs_of(handle)) == before:
        fact = DocumentSettled(document_id="stranger1", in_force=True)
        await world.handle(handle.id).signal("document_settled", fact)

    await sign(world, second)

    await world.at_stage(handle, "meetings")
