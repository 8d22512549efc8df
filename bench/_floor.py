"""What the engine alone takes for a shape: a worker for it, and one round of it."""

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from bench._shape import Place, Script, ShapeWorkflow, asked, ids_of, note
from runtime.worker import CACHED_WORKFLOWS, THREADS

SHAPE = "bench-shape"
PATIENCE = 600.0


def shape_worker(client: Client) -> Worker:
    """A worker with as many threads, and as many workflows in memory, as the real one."""
    return Worker(
        client,
        task_queue=SHAPE,
        workflows=[ShapeWorkflow],
        activities=[note],
        workflow_runner=SandboxedWorkflowRunner(),
        activity_executor=ThreadPoolExecutor(THREADS),
        max_concurrent_activities=THREADS,
        max_cached_workflows=CACHED_WORKFLOWS,
    )


async def shape_round(client: Client, script: Script) -> float:
    """Seconds until the shape and all of its children have done everything."""
    sent: Counter[str] = Counter()
    busy: set[asyncio.Task[None]] = set()

    async def act(id_: str, number: int) -> None:
        place = Place(id=id_, number=number)
        await client.get_workflow_handle(id_).execute_update(
            ShapeWorkflow.act, place, id=f"act{number}"
        )
        working.discard(id_)

    working: set[str] = set()
    own = list(ids_of(script))
    began = time.monotonic()
    await client.start_workflow(
        ShapeWorkflow.run, script, id=script.prefix + script.id, task_queue=SHAPE
    )
    ended = asyncio.create_task(_end(client, script))
    async with asyncio.timeout(PATIENCE):
        while not ended.done():
            for id_ in own:
                if id_ not in working and asked.get(id_, 0) > sent[id_]:
                    sent[id_] += 1
                    working.add(id_)
                    busy.add(asyncio.create_task(act(id_, sent[id_])))
            await asyncio.sleep(0.005)
    await ended
    await asyncio.gather(*busy)
    return time.monotonic() - began


async def _end(client: Client, script: Script) -> None:
    """Waits for the shape, then for its children: by then all of them were started."""
    await client.get_workflow_handle(script.prefix + script.id).result()
    await asyncio.gather(*(_end(client, child) for child in script.children.values()))
