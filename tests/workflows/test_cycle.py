"""The cycle's workflow on a real server, with its pairs and papers below it."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import timedelta

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.tasks import PersonConsent
from domain import ids
from domain.cycle_pairs import FormPairs
from domain.documents import DocumentState, Stage
from domain.messages import DocumentSettled, PairMoved
from domain.pair import PairState, Stop
from domain.process import Answer, Retry
from domain.programme import ProgrammeState
from tests import builders
from tests.workflows.rows import CURATOR, a_cycle, launch, real_now
from tests.workflows.world import Handle, World, ask, quiet_events_of, refusal_of
from workflows.process import ClockMoved

CANARY = "Канарейкин"
BIRTH = real_now().date().replace(year=1987, month=6, day=5)


def pairs_wish(*numbers: int) -> FormPairs:
    """Pairs of different people; the first mentee is a young specialist."""
    return builders.a_forming(
        *(builders.a_pair_request(n, novice=n == 1) for n in numbers), by=CURATOR
    )


async def launched(world: World) -> tuple[Handle, ProgrammeState]:
    """A cycle that runs, its first order drafted."""
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch()
    for n in range(1, 7):
        for person_id in (f"mentor{n}", f"mentee{n}"):
            known = PersonConsent(person_id=person_id, birth=BIRTH)
            world.ledger.people[person_id] = known
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    return handle, state


def papers(world: World, kind: str) -> list[DocumentState]:
    return [
        saved.state
        for saved in list(world.ledger.saves.values())
        if isinstance(saved.state, DocumentState) and saved.state.kind == kind
    ]


def pairs(world: World) -> list[PairState]:
    shown = list(world.ledger.saves.values())
    return [saved.state for saved in shown if isinstance(saved.state, PairState)]


def closed(world: World, handle: Handle) -> Callable[[], bool]:
    return lambda: (cycle := world.cycle(handle)) is not None and cycle.closed


async def test_a_cycle_is_carried_from_launch_to_its_close(world: World) -> None:
    handle, _ = await launched(world)
    await ask(handle, "form_pairs", pairs_wish(1, 2))
    people = world.people
    people.sends_back = lambda document: document.kind == "report" and document.version == 1

    await people.work_until(closed(world, handle))

    end = await handle.result()
    assert all(item.done for item in end.items)
    assert {pair.stage for pair in end.pairs} == {"completed"}
    assert [pair.stage_name for pair in pairs(world)] == ["completed"] * 2
    assert all(paper.stage is Stage.IN_FORCE for paper in papers(world, "additional_agreement"))
    (report,) = papers(world, "report")
    assert report.version == 2
    assert people.acts["redraft"] == 1
    assert world.ledger.actions(handle.id)[-1] == "closed"
    for subject in world.ledger.saves:
        numbers = [event.n for event in world.ledger.events_of(subject)]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_the_order_on_pairs_waits_until_every_open_pair_is_there(world: World) -> None:
    handle, _ = await launched(world)
    await ask(handle, "form_pairs", pairs_wish(1, 2, 3))
    people = world.people
    people.idles = lambda subject: (
        subject == ids.pair_workflow(last().pair_id)
        or (subject in {ids.document_workflow(d) for d in last().open_documents})
    )

    def last() -> PairState:
        return next(pair for pair in pairs(world) if pair.mentee_id == "mentee3")

    def stages() -> list[str]:
        return sorted(pair.stage_name for pair in pairs(world))

    await world.until(lambda: len(pairs(world)) == 3)
    await people.work_until(lambda: stages() == ["consents", "order", "order"])
    await world.until(lambda: world.rests(handle))
    assert not papers(world, "order_pairs")

    wish = Stop(by=CURATOR, reason="early_end", note_id="reason1")
    await ask(world.handle(last().workflow_id), "stop", wish)
    await people.work_until(lambda: stages() == ["meetings", "meetings", "stopped"])
    assert [paper.stage for paper in papers(world, "order_pairs")] == [Stage.IN_FORCE]


async def all_pairs_started(world: World, handle: Handle) -> None:
    """Waits for the save after the start: it holds no pair any more, each has its own row."""

    def are_started() -> bool:
        cycle = world.cycle(handle)
        return cycle is not None and not cycle.pairs

    await world.until(are_started)


async def test_a_mentee_with_an_open_pair_gets_no_second_and_history_no_trace(
    world: World,
) -> None:
    handle, _ = await launched(world)
    await ask(handle, "form_pairs", pairs_wish(1))
    await all_pairs_started(world, handle)
    before = await quiet_events_of(handle)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await ask(handle, "form_pairs", pairs_wish(2, 1))

    assert refusal_of(refused.value) == "PairExists"
    assert await quiet_events_of(handle) == before
    await world.until(lambda: bool(pairs(world)))  # a pair saves itself after its parent
    assert len(pairs(world)) == 1


async def test_a_late_or_doubled_word_of_a_pair_or_a_paper_changes_nothing(world: World) -> None:
    handle, _ = await launched(world)
    await ask(handle, "form_pairs", pairs_wish(1))
    await all_pairs_started(world, handle)
    before = await handle.query("state", result_type=ProgrammeState)

    for word in (
        PairMoved(pair_id=before.pairs[0].pair_id, stage="consents"),
        PairMoved(pair_id="stranger1", stage="completed"),
    ):
        await handle.signal("pair_moved", word)
    fact = DocumentSettled(document_id="stranger1", in_force=True)
    await handle.signal("document_settled", fact)

    assert await handle.query("state", result_type=ProgrammeState) == before


async def test_a_worker_lost_in_the_middle_loses_and_doubles_nothing(idle_world: World) -> None:
    world = idle_world
    async with world.worker():
        handle, _ = await launched(world)
        await ask(handle, "form_pairs", pairs_wish(1, 2))
        await world.people.work_until(lambda: bool(papers(world, "additional_agreement")))
    async with world.worker():
        await world.people.work_until(closed(world, handle))

    assert len(papers(world, "additional_agreement")) == 2
    assert world.ledger.actions(handle.id).count("pair_formed") == 2
    numbers = [line.number for line in world.ledger.lines.values() if line.number]
    assert sorted(numbers) == ["1-дс", "1-н", "2-дс", "2-н"]


async def test_a_cycle_that_cannot_be_planned_waits_for_a_mend(world: World) -> None:
    state = a_cycle()
    handle = await world.start(state)
    await world.until(lambda: (cycle := world.cycle(handle)) and cycle.trouble == "NotFound")

    world.ledger.launches[state.cycle_id] = launch()
    await ask(handle, "retry", Retry(by=CURATOR))

    await world.at_stage(handle, "running")


async def test_a_moved_clock_opens_what_is_due_and_never_goes_back(world: World) -> None:
    month = timedelta(days=31)
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch(start=(real_now() + month).date())
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    assert not papers(world, "order_introduction")

    for days in (31, 3):
        offset = days * 24 * 3600
        await handle.execute_update("move_clock", ClockMoved(offset=offset), result_type=Answer)

    await world.until(lambda: papers(world, "order_introduction"))
    cycle, (order,) = world.cycle(handle), papers(world, "order_introduction")
    assert cycle
    assert (cycle.clock_offset, order.clock_offset) == (31 * 24 * 3600,) * 2
    assert order.since >= real_now() + month - timedelta(minutes=1)


@pytest.fixture
async def plain_world(server: str) -> AsyncIterator[World]:
    """A world whose histories anybody can read: what is in them is what we put there."""
    world = World(await Client.connect(server, data_converter=pydantic_data_converter))
    async with world.worker():
        yield world


async def test_histories_hold_ids_and_hashes_and_nothing_else_of_people(
    plain_world: World,
) -> None:
    world = plain_world
    world.ledger.gathered = {"name": CANARY}
    handle, _ = await launched(world)
    await ask(handle, "form_pairs", pairs_wish(1))
    await world.people.work_until(closed(world, handle))

    for key in world.files.keys("draft/"):
        assert CANARY in world.files.get(key, world.ledger.data_key(key)).decode()
    said = ""
    for subject in world.ledger.saves:
        history = await world.handle(subject).fetch_history()
        said += "\n".join(texts(json.loads(history.to_json())))
    assert '"mentee_id":"mentee1"' in said, "what is searched must be readable"
    for private in (CANARY, BIRTH.isoformat(), BIRTH.strftime("%d.%m.%Y")):
        assert private not in said


def texts(node: object) -> Iterable[str]:
    """Every text in a history, payloads decoded."""
    match node:
        case {"data": str(data), "metadata": dict()}:
            yield base64.b64decode(data).decode()
        case dict():
            for value in node.values():
                yield from texts(value)
        case list():
            for value in node:
                yield from texts(value)
        case str():
            yield node
        case _:
            return
