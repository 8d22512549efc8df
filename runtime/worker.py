"""The worker process: workflows and activities, until it is told to stop."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import Worker

from activities.branching import BranchActivities
from activities.documents import DocumentActivities
from activities.records import RecordActivities
from activities.sweeping import SweepActivities
from activities.verification import VerificationActivities
from activities.yearly import YearlyActivities
from runtime.logs import configure
from runtime.opening import check_keys
from runtime.output import run
from runtime.ports import check_port
from runtime.schedules import ensure_schedules, ensure_yearly
from runtime.settings import MetricsSettings, read_settings
from runtime.wiring import Parts, assemble, connect
from workflows.registry import WORKFLOWS, sandbox

GRACE = timedelta(seconds=30)
THREADS = 8
STICKY = timedelta(seconds=3)
"""How long a task waits for the worker that knows its workflow before any other may take it. When
a worker is killed, all that it knew waits so long; the SDK's own choice is 10 s.
"""
CACHED_WORKFLOWS = 100
"""Workflows kept in memory between tasks; one that is not is replayed, which costs time only."""


def make_worker(client: Client, parts: Parts, task_queue: str) -> Worker:
    """A worker over these parts; the same for production, rehearsal and measurements."""
    records = RecordActivities(parts.ledger, parts.ledger, parts.package_rules, parts.kinds)
    documents = DocumentActivities(parts.ledger, parts.renderer, parts.files, parts.rehearsal)
    branches = BranchActivities(parts.branch_reports)
    sweeps = SweepActivities(parts.ledger, parts.files)
    yearly = YearlyActivities(parts.yearly, parts.find_roadmap)
    verification = VerificationActivities(
        *(parts.verifications, parts.files, parts.log),
        reads=parts.reads,
        rows=parts.row_nights,
        holds=parts.holds,
    )
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(WORKFLOWS),
        workflow_runner=sandbox(),
        activities=[
            records.save_progress,
            records.plan_cycle,
            records.find_package,
            records.send_notices,
            documents.gather_facts,
            documents.render_draft,
            documents.enter_in_journal,
            documents.render_registered,
            documents.prepare_seal,
            documents.seal_signed_file,
            documents.destroy_listed,
            documents.render_visual,
            branches.file_report,
            verification.verify_some,
            verification.check_logs,
            sweeps.sweep_orphans,
            yearly.try_yearly_launch,
        ],
        activity_executor=ThreadPoolExecutor(THREADS, thread_name_prefix="activity"),
        max_concurrent_activities=THREADS,
        max_cached_workflows=CACHED_WORKFLOWS,
        sticky_queue_schedule_to_start_timeout=STICKY,
        graceful_shutdown_timeout=GRACE,
    )


def _measured(settings: MetricsSettings) -> Runtime | None:
    """An engine that shows its numbers to Prometheus; None if no port is set.

    They tell kinds of workflows and activities, never ids. Raises `PortTaken`.
    """
    if settings.port is None:
        return None
    check_port(settings.host, settings.port, "NASTAVNIK_METRICS_PORT")
    address = f"{settings.host}:{settings.port}"
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=address)))


async def serve() -> None:
    """Work until SIGTERM or SIGINT; then finish what is at hand, within `GRACE`."""
    configure()
    settings = read_settings()
    parts = assemble(settings)
    client = await connect(settings, parts.payload_keys, _measured(settings.metrics))
    await check_keys(parts.desk, client, parts.payload_keys)
    await ensure_schedules(client, settings)
    orders = parts.yearly.open_orders()
    await ensure_yearly(client, orders, parts.find_roadmap, settings.temporal.task_queue)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with make_worker(client, parts, settings.temporal.task_queue):
        await stop.wait()


if __name__ == "__main__":
    run(serve)
