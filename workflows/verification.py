"""The walk over all stored files and all logs, each night."""

from temporalio import workflow

from activities.verification import VerificationActivities
from activities.verification_ports import (
    CheckedLogs,
    CheckLogs,
    VerifiedSome,
    VerifyFiles,
    VerifySome,
)

# The policies are reloaded into the sandbox as each workflow's own module is.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import CHECK_LOGS, VERIFY


@workflow.defn
class VerificationWorkflow:
    """Looks at every file once, however often workers or this history's limits interrupt it; then
    at each organisation's log, which is signed as it is.

    How far it is with the files is remembered in rows: a run that continues as new goes on by its
    workflow id.
    """

    @workflow.run
    async def run(self, task: VerifyFiles) -> VerifiedSome:
        while not (verified := await self._verify()).finished:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(task)
        while not (logs := await self._check_logs(task.logs_after)).finished:
            task = task.changed(logs_after=logs.last)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(task)
        return verified

    async def _verify(self) -> VerifiedSome:
        return await workflow.execute_activity_method(
            VerificationActivities.verify_some,
            VerifySome(run_id=workflow.info().workflow_id, now=workflow.now()),
            start_to_close_timeout=VERIFY.start_to_close,
            heartbeat_timeout=VERIFY.heartbeat,
            retry_policy=VERIFY.retry,
        )

    async def _check_logs(self, after: str) -> CheckedLogs:
        return await workflow.execute_activity_method(
            VerificationActivities.check_logs,
            CheckLogs(run_id=workflow.info().workflow_id, after=after, now=workflow.now()),
            start_to_close_timeout=CHECK_LOGS.start_to_close,
            retry_policy=CHECK_LOGS.retry,
        )
