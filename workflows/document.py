"""The document's workflow: draft, approval, journal, signature, seal."""

from collections.abc import Sequence

from temporalio import workflow

from activities import tasks
from activities.documents import DocumentActivities
from activities.retention_ports import DestroyListed
from domain import ids
from domain.document_assignments import DropAssignment, Fulfil, ReturnAssignment
from domain.document_signing import FileToSeal
from domain.document_wishes import (
    AddRemark,
    AnswerRemark,
    AttachReview,
    AttachSignature,
    AttachSigned,
    Decide,
    Drop,
    Redraft,
    Register,
    Resolve,
)
from domain.documents import Act, DocumentMove, DocumentState, Entry, Seal
from domain.messages import DocumentSettled, MandatesChanged, Superseded, Withdraw
from domain.process import Answer, Retry
from domain.stamps import stamps_expected, stamps_given

# The shell is reloaded into the sandbox as each workflow's own module is; no host module passes.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import DESTROY, RECORD, RENDER, STORE
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
            case Act.DESTROY:
                await self._destroy()
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
                branch=state.branch,
                route=state.approval.route if state.approval else None,
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
                stamps=stamps_expected(
                    state.approval.route if state.approval else None, kept.found.skipped
                ),
            ),
            RENDER,
        )
        self._state = self._state.drafted(draft, self._now(), kept.found)

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
                stamps=stamps_given(state.approval),
            ),
            RENDER,
        )
        entry = Entry(number=line.number, day=line.day, sha256=rendered.sha256)
        self._state = self._state.registered(entry, self._now())

    async def _seal(self) -> None:
        state = self._state
        seals = [await self._seal_file(state, file) for file in state.files_to_seal()]
        if not seals:
            raise RuntimeError("a document is sealed after it was signed")
        await self._render_visual(state)
        self._state = self._state.sealed(seals[0], self._now())

    async def _seal_file(self, state: DocumentState, file: FileToSeal) -> Seal:
        await self._call(
            DocumentActivities.prepare_seal,
            tasks.PrepareSeal(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                sha256=file.sha256,
                visual_of=state.version if file.rendering else None,
            ),
            RECORD,
        )
        return await self._call(
            DocumentActivities.seal_signed_file,
            tasks.SealSignedFile(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                version=state.version,
                kind=state.kind,
                day=state.entry.day if state.entry else self._now().date(),
                **dict(file),
            ),
            STORE,
        )

    async def _render_visual(self, state: DocumentState) -> None:
        """Of what was signed electronically, a copy that shows it."""
        first = state.first_signature()
        if first is None or state.draft is None:
            return
        entry = state.entry
        marks_id, place = first
        await self._call(
            DocumentActivities.render_visual,
            tasks.RenderVisual(
                organisation_id=state.organisation_id,
                document_id=state.document_id,
                kind=state.kind,
                version=state.version,
                facts_id=state.draft.facts_id,
                line=tasks.JournalLine(number=entry.number, day=entry.day) if entry else None,
                stamps=stamps_given(state.approval),
                marks_id=marks_id,
                place=place,
            ),
            RENDER,
        )

    async def _destroy(self) -> None:
        """A batch of what the act lists; the state that follows asks for the next."""
        task = DestroyListed(
            organisation_id=self._state.organisation_id,
            act_id=self._state.document_id,
            now=self._now(),
        )
        done = await self._call(DocumentActivities.destroy_listed, task, DESTROY)
        self._state = self._state.some_destroyed(done.destroyed, self._now(), left=done.left)

    async def _report(self) -> None:
        if self._state.parent is not None:
            fact = DocumentSettled(
                document_id=self._state.document_id,
                in_force=self._state.seal is not None,
                clock_offset=self._state.clock_offset,
            )
            await self._tell(self._state.parent, "document_settled", fact)
        for earlier in self._state.ended_documents():
            later = Superseded(
                document_id=self._state.document_id, clock_offset=self._state.clock_offset
            )
            await self._tell(ids.document_workflow(earlier), "superseded", later)
        self._state = self._state.told()

    @workflow.update
    async def decide(self, wish: Decide) -> Answer:
        return await self._accept(wish, DocumentState.decided)

    @decide.validator
    def _check_decide(self, wish: Decide) -> None:
        self._check(wish, self._state.check_can_decide)

    @workflow.update
    async def resolve(self, wish: Resolve) -> Answer:
        return await self._accept(wish, DocumentState.resolved)

    @resolve.validator
    def _check_resolve(self, wish: Resolve) -> None:
        self._check(wish, self._state.check_can_resolve)

    @workflow.update
    async def add_remark(self, wish: AddRemark) -> Answer:
        return await self._accept(wish, DocumentState.remark_added)

    @add_remark.validator
    def _check_add_remark(self, wish: AddRemark) -> None:
        self._check(wish, self._state.check_can_add_remark)

    @workflow.update
    async def answer_remark(self, wish: AnswerRemark) -> Answer:
        return await self._accept(wish, DocumentState.remark_answered)

    @answer_remark.validator
    def _check_answer_remark(self, wish: AnswerRemark) -> None:
        self._check(wish, self._state.check_can_answer_remark)

    @workflow.update
    async def attach_review(self, wish: AttachReview) -> Answer:
        return await self._accept(wish, DocumentState.review_attached)

    @attach_review.validator
    def _check_attach_review(self, wish: AttachReview) -> None:
        self._check(wish, self._state.check_can_attach_review)

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
    async def attach_signature(self, wish: AttachSignature) -> Answer:
        return await self._accept(wish, DocumentState.signature_attached)

    @attach_signature.validator
    def _check_attach_signature(self, wish: AttachSignature) -> None:
        self._check(wish, self._state.check_can_attach_signature)

    @workflow.update
    async def fulfil(self, wish: Fulfil) -> Answer:
        return await self._accept(wish, DocumentState.fulfilled)

    @fulfil.validator
    def _check_fulfil(self, wish: Fulfil) -> None:
        self._check(wish, self._state.check_can_fulfil)

    @workflow.update
    async def return_assignment(self, wish: ReturnAssignment) -> Answer:
        return await self._accept(wish, DocumentState.assignment_returned)

    @return_assignment.validator
    def _check_return_assignment(self, wish: ReturnAssignment) -> None:
        self._check(wish, self._state.check_can_return_assignment)

    @workflow.update
    async def drop_assignment(self, wish: DropAssignment) -> Answer:
        return await self._accept(wish, DocumentState.assignment_dropped)

    @drop_assignment.validator
    def _check_drop_assignment(self, wish: DropAssignment) -> None:
        self._check(wish, self._state.check_can_drop_assignment)

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

    @workflow.signal
    def superseded(self, fact: Superseded) -> None:
        now = self._heard(fact)
        self._state = self._state.superseded(fact, now)

    @workflow.signal
    def mandates_changed(self, fact: MandatesChanged) -> None:
        now = self._heard(fact)
        self._state = self._state.mandates_changed(fact, now)

    @workflow.query
    def state(self) -> DocumentState:
        return self._state
