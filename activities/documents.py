"""Drafting, numbering and sealing documents."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from temporalio import activity

from activities import tasks
from activities.ports import Files, Ledger, Renderer, Stored
from activities.retention_ports import DestroyListed, SomeDestroyed
from domain import ids
from domain.documents import Draft, Seal
from domain.errors import BytesChanged, NotFound, WrongKey
from domain.stamps import Stamp

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DRAFT_MARK = "ПРОЕКТ"
REHEARSAL_MARK = "РЕПЕТИЦИЯ"

_Rendering = tasks.RenderDraft | tasks.RenderRegistered | tasks.RenderVisual


@dataclass(frozen=True)
class DocumentActivities:
    """`rehearsal` marks every page, so that no rehearsed paper passes for a real one.

    What the store gives out wrong, a bad road may have spoilt: only at this of its `tries` an
    activity believes it and refuses, half a minute later.
    """

    ledger: Ledger
    renderer: Renderer
    files: Files
    rehearsal: bool = False
    tries: int = 8

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
        registration = _registration(task.line)
        facts = {**self.ledger.facts(task.facts_id), "registration": registration}
        stored = self._render(task, key, facts, ())
        self._record(task, "registered", key, stored)
        return tasks.Rendered(sha256=stored.sha256)

    @activity.defn
    def prepare_seal(self, task: tasks.PrepareSeal) -> None:
        """The key of the sealed file is durable before the file is; that of a visual copy too."""
        key_id = ids.seal_key_id(task.document_id, task.sha256)
        self.ledger.make_key(key_id, task.organisation_id, task.document_id)
        if task.visual_of is not None:
            visual = ids.visual_key(task.document_id, task.visual_of)
            self.ledger.make_key(visual, task.organisation_id, task.document_id)

    @activity.defn
    def seal_signed_file(self, task: tasks.SealSignedFile) -> Seal:
        """Check the hash of what was signed or attached, keep it for ever, read it back, then
        remember it.

        Raises `BytesChanged` if it is not what the wish named.
        """
        source = _source(task)
        source_key = self.ledger.data_key(source)
        with self._doubting():
            content = self.files.get(source, source_key)
            if sha256(content).hexdigest() != task.sha256:
                raise BytesChanged(f"{source} is not what was attached or signed")
        key_id = ids.seal_key_id(task.document_id, task.sha256)
        data_key = self.ledger.data_key(key_id)
        self.ledger.begin_object(self.files.seal_key(content, data_key), task.organisation_id)
        with self._doubting():
            stored = self.files.seal(content, data_key, self._locked_until(task))
        self._record(task, task.role, key_id, stored, task.media_type)
        return Seal(
            key=stored.key,
            sha256=stored.sha256,
            stored_sha256=stored.stored_sha256,
            size=stored.size,
        )

    @activity.defn
    def destroy_listed(self, task: DestroyListed) -> SomeDestroyed:
        """Destroy the next of the documents that an act in force lists."""
        return self.ledger.destroy(task)

    @activity.defn
    def render_visual(self, task: tasks.RenderVisual) -> tasks.Rendered:
        """What was signed electronically once more, from the same facts and template, with the mark
        of a signature. It is a copy to look at: the signed bytes stay as they are.
        """
        key = ids.visual_key(task.document_id, task.version)
        mark = self.ledger.kept_text(task.marks_id)["marks"][task.place]
        registration = task.line and _registration(task.line)
        facts = self.ledger.facts(task.facts_id)
        printed = {**facts, "registration": registration, "signature_mark": mark}
        stored = self._render(task, key, printed, ())
        self._record(task, "visual", key, stored)
        return tasks.Rendered(sha256=stored.sha256)

    def _render(
        self,
        task: _Rendering,
        key: str,
        facts: Mapping[str, Any],
        marks: tuple[str, ...],
    ) -> Stored:
        shown = (*marks, REHEARSAL_MARK) if self.rehearsal else marks
        code = ids.document_code(task.document_id, task.version)
        printed = {
            **facts,
            "marks": list(shown),
            "document": {"code": code},
            "approval_stamps": self._stamps(task.stamps),
        }
        template = self.ledger.template(task.facts_id)
        content = self.renderer.render(task.kind, printed, template)
        data_key = self.ledger.data_key(key)
        self.ledger.begin_object(key, task.organisation_id)
        with self._doubting():
            return self.files.put_once(key, content, data_key)

    @contextmanager
    def _doubting(self) -> Iterator[None]:
        """Until the last of the `tries`, what is read wrong is an outage like any other."""
        try:
            yield
        except (BytesChanged, NotFound, WrongKey) as error:
            if activity.info().attempt < self.tries:
                raise OSError(f"it was read wrong and is read again: {error}") from error
            raise

    def _stamps(self, stamps: Sequence[Stamp]) -> list[dict[str, str | None]]:
        """With the bodies called as a stamp calls them: «педагогическим советом»."""
        if not stamps:
            return []
        names = self.ledger.ablatives([stamp.body_id for stamp in stamps])
        return [
            {
                "body": names[stamp.body_id],
                "number": stamp.number,
                "date": None if stamp.day is None else stamp.day.isoformat(),
            }
            for stamp in stamps
        ]

    def _locked_until(self, task: tasks.SealSignedFile) -> datetime | None:
        if task.kind is None or task.day is None:
            return None
        return self.ledger.locked_until(task.kind, task.day)

    def _record(
        self,
        task: _Rendering | tasks.SealSignedFile,
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


def _registration(line: tasks.JournalLine) -> dict[str, str | None]:
    return {"number": line.number, "date": line.day.isoformat()}


def _source(task: tasks.SealSignedFile) -> str:
    """Where the bytes lie that are to be sealed."""
    match task.rendering:
        case "draft":
            return ids.draft_key(task.document_id, task.version)
        case "registered":
            return ids.registered_key(task.document_id, task.version)
        case None:
            return ids.incoming_key(task.document_id, task.sha256)
