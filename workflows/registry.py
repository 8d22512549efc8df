"""Which workflows there are and in which sandbox they run: for worker, replayer and tests alike."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from workflows.document import DocumentWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.sweeping import SweepWorkflow
from workflows.verification import VerificationWorkflow
from workflows.yearly import YearlyWorkflow

WORKFLOWS = (
    *(ProgrammeWorkflow, PairWorkflow, DocumentWorkflow),
    *(VerificationWorkflow, SweepWorkflow, YearlyWorkflow),
)


def sandbox() -> SandboxedWorkflowRunner:
    """Rules and activity names pass through; anything else that is not sandboxed is an error."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules("domain", "activities")
    return SandboxedWorkflowRunner(
        restrictions=restrictions.with_import_notification_policy(
            SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
            | SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
        )
    )
