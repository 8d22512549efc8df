"""A night: files that rows know, and the workflow that looks at them."""

from activities.verification_ports import VerifiedSome, VerifyFiles
from domain.verification import KeptFile
from tests.workflows.world import Handle, World
from workflows.verification import VerificationWorkflow

KEY = bytes(range(32))


def fill(world: World, count: int) -> list[str]:
    """So many files; their keys."""
    keys = [f"draft/{n:04}/1" for n in range(count)]
    for key in keys:
        stored = world.files.put_once(key, key.encode(), KEY)
        world.book.files[key] = KeptFile(
            key=key, stored_sha256=stored.stored_sha256, size=stored.size
        )
    return keys


async def begin(world: World, night: str = "verification-tonight") -> Handle:
    """The walk of this night; its result is a `VerifiedSome`."""
    handle: Handle = await world.client.start_workflow(
        VerificationWorkflow.run,
        VerifyFiles(),
        id=f"{night}/{world.queue}",
        task_queue=world.queue,
    )
    return handle


async def over(handle: Handle) -> VerifiedSome:
    """What a walk found, at its end."""
    found: VerifiedSome = await handle.result()
    return found
