"""Drafting, numbering and sealing documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from temporalio import activity

from activities import tasks
from activities.ports import Files, Ledger, Renderer, Stored
from domain import ids
from domain.documents import Draft, Seal
from domain.errors import BytesChanged

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT_MARK = "ПРОЕКТ"
REHEARSAL_MARK = "РЕПЕТИЦИЯ"


@dataclass(frozen=True)
class DocumentActivities:
    """`rehearsal` marks every page, so that no rehearsed paper passes for a real one."""

    ledger: Ledger
    renderer: Renderer
    files: Files
    rehearsal: bool = False

    @activity.defn
    def gather_facts(self, task: tasks.GatherFacts) -> tasks.FactsKept:
        """Facts of a version, kept once; the draft's key is durable before its first byte."""
        return self.ledger.keep_facts(task)

    @activity.defn
    def render_draft(self, task: tasks.RenderDraft) -> Draft:
        """Render a draft. Kept by document and version: the first writer wins."""
        marks = () if task.is_final else (DRAFT_MARK,)
        key = ids.draft_key(task.document_id, task.version)
        facts = {**self.ledger.facts(task.facts_id), "registration": None}
        stored = self._render(task, key, facts, marks)
        self._record(task, "draft", key, stored)
        return Draft(facts_id=task.facts_id, facts_sha256=task.facts_sha256, sha256=stored.sha256)

    @activity.defn
    def enter_in_journal(self, task: tasks.EnterInJournal) -> tasks.JournalLine:
        """The next number of the journal; the same one if asked again."""
        return self.ledger.enter_in_journal(task)

    @activity.defn
    def render_registered(self, task: tasks.RenderRegistered) -> tasks.Rendered:
        """The approved version from the same facts, with number and date, without «ПРОЕКТ»."""
        key = ids.registered_key(task.document_id, task.version)
        registration = {"number": task.line.number, "date": task.line.day.isoformat()}
        facts = {**self.ledger.facts(task.facts_id), "registration": registration}
        stored = self._render(task, key, facts, ())
        self._record(task, "registered", key, stored)
        return tasks.Rendered(sha256=stored.sha256)

    @activity.defn
    def prepare_seal(self, task: tasks.PrepareSeal) -> None:
        """The key of the sealed file is durable before the file is."""
        key_id = ids.seal_key_id(task.document_id, task.sha256)
        self.ledger.make_key(key_id, task.organisation_id, task.document_id)

    @activity.defn
    def seal_signed_file(self, task: tasks.SealSignedFile) -> Seal:
        """Check the upload's hash, keep it for ever, read it back, then remember it.

        Raises `BytesChanged` if the upload is not what was attached.
        """
        incoming = ids.incoming_key(task.document_id, task.sha256)
        content = self.files.get(incoming, self.ledger.data_key(incoming))
        if sha256(content).hexdigest() != task.sha256:
            raise BytesChanged(f"{incoming} is not what was attached")
        key_id = ids.seal_key_id(task.document_id, task.sha256)
        stored = self.files.seal(content, self.ledger.data_key(key_id))
        self._record(task, "signed", key_id, stored, task.media_type)
        return Seal(
            key=stored.key,
            sha256=stored.sha256,
            stored_sha256=stored.stored_sha256,
            size=stored.size,
        )

    def _render(
        self,
        task: tasks.RenderDraft | tasks.RenderRegistered,
        key: str,
        facts: Mapping[str, Any],
        marks: tuple[str, ...],
    ) -> Stored:
        shown = (*marks, REHEARSAL_MARK) if self.rehearsal else marks
        code = ids.document_code(task.document_id, task.version)
        printed = {**facts, "marks": list(shown), "document": {"code": code}}
        template = self.ledger.template(task.facts_id)
        content = self.renderer.render(task.kind, printed, template)
        return self.files.put_once(key, content, self.ledger.data_key(key))

    def _record(
        self,
        task: tasks.RenderDraft | tasks.RenderRegistered | tasks.SealSignedFile,
        role: str,
        key_id: str,
        stored: Stored,
        media_type: str = DOCX,
    ) -> None:
        self.ledger.record_object(
            tasks.ObjectRecord(
                organisation_id=task.organisation_id,
                document_id=task.document_id,
                version=task.version,
                role=role,
                key_id=key_id,
                media_type=media_type,
                **dict(stored),
            )
        )
