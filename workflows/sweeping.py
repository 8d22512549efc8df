"""The sweep of what was stored and never named, some times an hour."""

from temporalio import workflow

from activities.sweeping import Sweep, SweepActivities, Swept

# The policies are reloaded into the sandbox as each workflow's own module is.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import SWEEP


@workflow.defn
class SweepWorkflow:
    """One sweep; a schedule starts the next."""

    @workflow.run
    async def run(self, task: Sweep) -> Swept:
        return await workflow.execute_activity_method(
            SweepActivities.sweep_orphans,
            task,
            start_to_close_timeout=SWEEP.start_to_close,
            heartbeat_timeout=SWEEP.heartbeat,
            retry_policy=SWEEP.retry,
        )
