"""A yearly launch, which a schedule starts on the first day of a season."""

from temporalio import workflow
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

from activities.yearly import YearlyActivities
from activities.yearly_ports import LaunchYearly, Tried, TryLaunch
from domain.programme import ProgrammeState

# The policies are reloaded into the sandbox as each workflow's own module is.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import RECORD
    from workflows.process import CYCLE_KEY


@workflow.defn
class YearlyWorkflow:
    """One try; the next is the next year's, or when somebody asks for it."""

    @workflow.run
    async def run(self, task: LaunchYearly) -> Tried:
        found = await workflow.execute_activity_method(
            YearlyActivities.try_yearly_launch,
            TryLaunch(order_id=task.order_id, at=workflow.now()),
            start_to_close_timeout=RECORD.start_to_close,
            retry_policy=RECORD.retry,
        )
        if found.state is not None:
            await _start(found.state)
        return found


async def _start(state: ProgrammeState) -> None:
    """The cycle lives on its own; one that was started before is the same one."""
    try:
        await workflow.start_child_workflow(
            "ProgrammeWorkflow",
            state,
            id=state.workflow_id,
            parent_close_policy=ParentClosePolicy.ABANDON,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(CYCLE_KEY, state.cycle_id)]
            ),
        )
    except WorkflowAlreadyStartedError:
        workflow.logger.info("%s was started before", state.workflow_id)
