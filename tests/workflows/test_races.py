"""Two decide in the same moment: exactly one decision counts, the other is told so."""

import asyncio
import random

from temporalio.client import WorkflowUpdateFailedError

from tests.workflows.rows import a_document, decision
from tests.workflows.world import World, ask, refusal_of

DOCUMENTS, AT_ONCE = 500, 20
DECIDED = {"approved", "sent_back"}


async def one_race(world: World, chance: random.Random) -> str:
    """Approve and send back one document at once; what counted."""
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    document = world.document(handle)
    assert document
    wishes = [decision(document, approved=approved) for approved in (True, False)]
    chance.shuffle(wishes)
    answers = await asyncio.gather(
        *(ask(handle, "decide", wish) for wish in wishes), return_exceptions=True
    )
    (refused,) = [one for one in answers if isinstance(one, WorkflowUpdateFailedError)]
    assert refusal_of(refused) == "WrongState"
    assert sum(isinstance(one, BaseException) for one in answers) == 1
    (counted,) = [one for one in world.ledger.actions(handle.id) if one in DECIDED]
    await handle.terminate()
    return counted


async def test_of_two_decisions_at_once_exactly_one_counts(world: World) -> None:
    chance = random.Random(145)
    counted = []
    for _ in range(DOCUMENTS // AT_ONCE):
        counted += await asyncio.gather(*(one_race(world, chance) for _ in range(AT_ONCE)))
    assert len(counted) == DOCUMENTS
    assert set(counted) == DECIDED  # either may be the first
