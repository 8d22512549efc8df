"""A change that must not land: the file is sealed before its key is durable."""

from temporalio import workflow

from activities import tasks
from activities.documents import DocumentActivities
from domain.documents import DocumentState

with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.document import DocumentWorkflow
    from workflows.policies import RECORD, STORE


@workflow.defn(name="DocumentWorkflow")
class HastyDocumentWorkflow(DocumentWorkflow):
    @workflow.init
    def __init__(self, state: DocumentState) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: DocumentState) -> DocumentState:
        return await super().run(state)

    async def _seal(self) -> None:
        state = self._state
        organisation, document = state.organisation_id, state.document_id
        digest = state.signed_sha256 or ""
        seal = await self._call(
            DocumentActivities.seal_signed_file,
            tasks.SealSignedFile(
                organisation_id=organisation,
                document_id=document,
                version=state.version,
                sha256=digest,
                media_type=state.signed_type,
            ),
            STORE,
        )
        await self._call(
            DocumentActivities.prepare_seal,
            tasks.PrepareSeal(organisation_id=organisation, document_id=document, sha256=digest),
            RECORD,
        )
        self._state = self._state.sealed(seal, self._now())
