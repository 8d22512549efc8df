"""The worker process: workflows and activities, until it is told to stop."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.documents import DocumentActivities
from activities.records import RecordActivities
from runtime.logs import configure
from runtime.processes import leave
from runtime.settings import read_settings
from runtime.wiring import Parts, assemble, connect
from workflows.registry import WORKFLOWS, sandbox

GRACE = timedelta(seconds=30)
THREADS = 8
CACHED_WORKFLOWS = 100
"""Workflows kept in memory between tasks; one that is not is replayed, which costs time only."""


def make_worker(client: Client, parts: Parts, task_queue: str) -> Worker:
    """A worker over these parts; the same for production, rehearsal and measurements."""
    records = RecordActivities(parts.ledger, parts.ledger)
    documents = DocumentActivities(parts.ledger, parts.renderer, parts.files, parts.rehearsal)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(WORKFLOWS),
        workflow_runner=sandbox(),
        activities=[
            records.save_progress,
            records.plan_cycle,
            records.check_consents,
            records.send_notices,
            documents.gather_facts,
            documents.render_draft,
            documents.enter_in_journal,
            documents.render_registered,
            documents.prepare_seal,
            documents.seal_signed_file,
        ],
        activity_executor=ThreadPoolExecutor(THREADS, thread_name_prefix="activity"),
        max_concurrent_activities=THREADS,
        max_cached_workflows=CACHED_WORKFLOWS,
        graceful_shutdown_timeout=GRACE,
    )


async def serve() -> None:
    """Work until SIGTERM or SIGINT; then finish what is at hand, within `GRACE`."""
    configure()
    settings = read_settings()
    parts = assemble(settings)
    client = await connect(settings, parts.payload_keys)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with make_worker(client, parts, settings.temporal.task_queue):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve())
    leave(0)
