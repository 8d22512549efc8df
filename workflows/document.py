"""The document's workflow: draft, approval, journal, signature, seal."""

from collections.abc import Sequence

from temporalio import workflow

from activities import tasks
from activities.documents import DocumentActivities
from domain.document_wishes import AttachSigned, Decide, Drop, Redraft, Register
from domain.documents import Act, DocumentMove, DocumentState, Entry
from domain.messages import DocumentSettled, Withdraw
from domain.process import Answer, Retry

# The shell is reloaded into the sandbox as each workflow's own module is; no host module passes.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import RECORD, RENDER, STORE
    from workflows.process import ClockMoved, ProcessShell


@workflow.defn
class DocumentWorkflow(ProcessShell[DocumentState, DocumentMove]):
    @workflow.init
    def __init__(self, state: DocumentState) -> None:
        self._start(state)

    @workflow.run
    async def run(self, state: DocumentState) -> DocumentState:
        del state  # taken by __init__, before any message could arrive
        return await self._live()

    def _next_moves(self) -> Sequence[DocumentMove]:
        return self._state.next_moves(self._now())

    async def _do(self, move: DocumentMove) -> None:
        match move.act:
            case Act.DRAFT:
                await self._draft()
            case Act.ENTER:
                await self._enter()
            case Act.SEAL:
                await self._seal()
            case Act.REPORT:
                await self._report()

    async def _draft(self) -> None:
        state = self._state
        kept = await self._call(
            DocumentActivities.gather_facts,
            tasks.GatherFacts(
                organisation_id=state.organisation_id,
                cycle_id=state.cycle_id,
                document_id=state.document_id,
                kind=state.kind,
                version=state.version,
                pair_id=state.pair_id,
                person_id=state.person_id,
                step=state.step,
                result_id=state.result_id,
                turn=state.turn,
                inputs_id=state.inputs_id,
                changes=state.changes,
                now=self._now(),
            ),
            RECORD,
        )
        draft = await self._call(
            DocumentActivities.render_draft,
            tasks.RenderDraft(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                kind=state.kind,
                version=state.version,
                facts_id=kept.facts_id,
                facts_sha256=kept.sha256,
                is_final=state.is_ready_as_drafted(),
            ),
            RENDER,
        )
        self._state = self._state.drafted(draft, self._now())

    async def _enter(self) -> None:
        state = self._state
        if state.draft is None:
            raise RuntimeError("a document is registered after it was drafted")
        line = await self._call(
            DocumentActivities.enter_in_journal,
            tasks.EnterInJournal(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                kind=state.kind,
                version=state.version,
                numbered=state.registrar is not None,
                typed=state.typed,
                now=self._now(),
            ),
            RECORD,
        )
        rendered = await self._call(
            DocumentActivities.render_registered,
            tasks.RenderRegistered(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                kind=state.kind,
                version=state.version,
                facts_id=state.draft.facts_id,
                line=line,
            ),
            RENDER,
        )
        entry = Entry(number=line.number, day=line.day, sha256=rendered.sha256)
        self._state = self._state.registered(entry, self._now())

    async def _seal(self) -> None:
        state = self._state
        if state.signed_sha256 is None:
            raise RuntimeError("a document is sealed after its scan was attached")
        await self._call(
            DocumentActivities.prepare_seal,
            tasks.PrepareSeal(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                sha256=state.signed_sha256,
            ),
            RECORD,
        )
        seal = await self._call(
            DocumentActivities.seal_signed_file,
            tasks.SealSignedFile(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                version=state.version,
                sha256=state.signed_sha256,
                media_type=state.signed_type,
            ),
            STORE,
        )
        self._state = self._state.sealed(seal, self._now())

    async def _report(self) -> None:
        if self._state.parent is not None:
            fact = DocumentSettled(
                document_id=self._state.document_id,
                in_force=self._state.seal is not None,
                clock_offset=self._state.clock_offset,
            )
            await self._tell(self._state.parent, "document_settled", fact)
        self._state = self._state.told()

    @workflow.update
    async def decide(self, wish: Decide) -> Answer:
        return await self._accept(wish, DocumentState.decided)

    @decide.validator
    def _check_decide(self, wish: Decide) -> None:
        self._check(wish, self._state.check_can_decide)

    @workflow.update
    async def redraft(self, wish: Redraft) -> Answer:
        return await self._accept(wish, DocumentState.redrafted)

    @redraft.validator
    def _check_redraft(self, wish: Redraft) -> None:
        self._check(wish, self._state.check_can_redraft)

    @workflow.update
    async def register(self, wish: Register) -> Answer:
        return await self._accept(wish, DocumentState.registration_asked)

    @register.validator
    def _check_register(self, wish: Register) -> None:
        self._check(wish, self._state.check_can_register)

    @workflow.update
    async def attach_signed(self, wish: AttachSigned) -> Answer:
        return await self._accept(wish, DocumentState.attached)

    @attach_signed.validator
    def _check_attach_signed(self, wish: AttachSigned) -> None:
        self._check(wish, self._state.check_can_attach)

    @workflow.update
    async def drop(self, wish: Drop) -> Answer:
        return await self._accept(wish, DocumentState.dropped)

    @drop.validator
    def _check_drop(self, wish: Drop) -> None:
        self._check(wish, self._state.check_can_drop)

    @workflow.update
    async def retry(self, wish: Retry) -> Answer:
        return await self._accept(wish, DocumentState.retried)

    @retry.validator
    def _check_retry(self, wish: Retry) -> None:
        self._check(wish, self._state.check_can_retry)

    @workflow.update
    async def move_clock(self, wish: ClockMoved) -> Answer:
        return await self._settle_clock(wish)

    @workflow.signal
    def withdrawn(self, fact: Withdraw) -> None:
        now = self._heard(fact)
        self._state = self._state.withdrawn(fact, now)

    @workflow.query
    def state(self) -> DocumentState:
        return self._state
