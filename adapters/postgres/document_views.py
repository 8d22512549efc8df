"""The view of one document: where it stands, who was asked, who said what, what is stored."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.lives import kept_documents
from adapters.postgres.names import Names
from adapters.postgres.retention_views import destroyed
from adapters.postgres.shown import Named
from adapters.postgres.shown_document import (
    DocumentView,
    ObjectLine,
    RemarkLine,
    ReviewLine,
    RouteLine,
    VerdictLine,
    VersionFacts,
)
from adapters.postgres.signing_views import SigningViews, signature_lines
from adapters.postgres.standing_views import DOCUMENTS
from domain import ids
from domain.approval import Approval
from domain.audit import AuditEvent
from domain.documents import DocumentState, Stage
from domain.errors import BytesChanged, KeyDestroyed
from domain.routes import RouteStage
from domain.scans import ScanCheck

_STATE = text("SELECT state FROM processes WHERE organisation_id = :organisation AND id = :process")
_VERDICTS = text(
    """
    SELECT * FROM verdicts WHERE organisation_id = :organisation AND document_id = :document
    ORDER BY n
    """
)
_OBJECTS = text(
    """
    SELECT * FROM objects WHERE organisation_id = :organisation AND document_id = :document
    ORDER BY recorded_at, key
    """
)
_FACTS = text(
    """
    SELECT body, sha256, destroyed_at FROM facts
    WHERE organisation_id = :organisation AND document_id = :document AND version = :version
    """
)
_LOGGED = text(
    """
    SELECT text FROM audit_entries
    WHERE organisation_id = :organisation AND subject = 'document/' || CAST(:document AS varchar)
      AND action = :action
    ORDER BY n
    """
)


class DocumentViews(SigningViews):
    """Documents one by one. `NotFound` where the organisation has nothing of the kind."""

    def document(self, organisation_id: str, document_id: str) -> DocumentView:
        """One document."""
        with self._engine.connect() as connection:
            row = one_of(connection, DOCUMENTS, organisation_id, "document", ids=[document_id])
            state = _state(connection, organisation_id, document_id)
            verdicts = rows_of(connection, _VERDICTS, organisation_id, document=document_id)
            approval = state.approval if state else None
            people = [row["drafter"], row["registrar"], *_people(approval, verdicts)]
            given = state.signatures if state else ()
            people += [signer.person_id for one in given for signer in one.signers]
            names = Names(connection, organisation_id, people)
            objects = objects_of(connection, organisation_id, document_id)
            scan = _scan(connection, organisation_id, document_id)
            reviews = _reviews(connection, organisation_id, document_id)
            today = datetime.now(UTC).date()
            kept = kept_documents(connection, organisation_id, self._kinds, today, [document_id])
            gone = destroyed(connection, [document_id])
        same = (
            *("cycle_id", "item_id", "result_id", "since", "draft_sha256", "registered_sha256"),
            *("signed_sha256", "stored_key", "stored_sha256", "trouble"),
        )
        return DocumentView(
            **dict(self._line(row)),
            **{name: row[name] for name in same},
            drafter=names.of(row["drafter"]),
            approvers=_asked(state, names),
            registrar=names.of_any(row["registrar"]),
            objects=objects,
            route=tuple(_route_lines(state, names)) if state else (),
            verdicts=tuple(_verdict_line(verdict, names) for verdict in verdicts),
            remarks=tuple(_remark_lines(approval, names)) if approval else (),
            reviews=reviews,
            scan=scan,
            signing=signature_lines(state, names) if state else (),
            kept=kept[0].kept if kept else None,
            destroyed=gone.get(document_id),
        )

    def version_facts(
        self, organisation_id: str, document_id: str, version: int | None = None
    ) -> VersionFacts:
        """What a version was printed from, the present one if none is named.

        Raises `NotFound`, `KeyDestroyed` or `BytesChanged`.
        """
        with self._engine.connect() as connection:
            row = one_of(connection, DOCUMENTS, organisation_id, "document", ids=[document_id])
            of = row["version"] if version is None else version
            about = {"document": document_id, "version": of}
            kept = one_of(connection, _FACTS, organisation_id, "version", **about)
        if kept["destroyed_at"] is not None:
            raise KeyDestroyed(f"the facts of document {document_id} were destroyed")
        if sha256(kept["body"].encode()).hexdigest() != kept["sha256"]:
            raise BytesChanged(f"the facts of document {document_id} are not what was kept")
        line = self._line(row)
        is_present = of == line.version
        return VersionFacts(
            document_id=document_id,
            kind=line.kind,
            title=line.title,
            version=of,
            number=line.number if is_present else None,
            day=line.day if is_present else None,
            sha256=kept["sha256"],
            facts=json.loads(kept["body"]),
        )

    def objects(self, organisation_id: str, document_id: str) -> tuple[ObjectLine, ...]:
        """What is stored of a document, in the order it came."""
        with self._engine.connect() as connection:
            return objects_of(connection, organisation_id, document_id)


def objects_of(
    connection: Connection, organisation_id: str, document_id: str
) -> tuple[ObjectLine, ...]:
    """What is stored of a document, in the order it came."""
    return tuple(
        ObjectLine(**{name: row[name] for name in ObjectLine.model_fields})
        for row in rows_of(connection, _OBJECTS, organisation_id, document=document_id)
    )


def _state(connection: Connection, organisation_id: str, document_id: str) -> DocumentState | None:
    """As the document's process last saved it."""
    process = ids.document_workflow(document_id)
    rows = rows_of(connection, _STATE, organisation_id, process=process)
    return DocumentState.model_validate(rows[0]["state"]) if rows and rows[0]["state"] else None


def _people(approval: Approval | None, verdicts: Sequence[RowMapping]) -> Iterable[str | None]:
    for verdict in verdicts:
        yield from (verdict["holder"], verdict["person_id"])
    if approval is None:
        return
    for stage in approval.route.stages:
        yield from stage.holders
    for acting in approval.acting:
        yield from (one.person_id for one in acting.deciders)
    yield from (remark.user_id for remark in approval.remarks)


def _asked(state: DocumentState | None, names: Names) -> tuple[Named, ...]:
    """Who has to say something now: a body, or those who decide for the holders."""
    approval = state.approval if state and state.stage is Stage.ON_APPROVAL else None
    stage = approval.stage if approval else None
    if approval is None or stage is None:
        return ()
    if stage.kind == "body":
        return tuple(names.of(body) for body in stage.holders)
    found = (one.person_id for acting in approval.acting for one in acting.deciders)
    return tuple(names.of(person) for person in dict.fromkeys(found))


def _route_lines(state: DocumentState, names: Names) -> Iterable[RouteLine]:
    approval = state.approval
    if approval is None:
        return
    for stage in approval.route.stages:
        step = _standing(state, approval, stage)
        yield RouteLine(
            id=stage.id,
            title=stage.title,
            kind=stage.kind,
            state=step,
            holders=tuple(names.of(holder) for holder in stage.holders),
            asked=_asked(state, names) if step == "now" else (),
            since=approval.since if step == "now" else None,
            due=state.stage_due(stage) if step == "now" else None,
        )


def _standing(
    state: DocumentState, approval: Approval, stage: RouteStage
) -> Literal["done", "now", "ahead", "skipped"]:
    if stage.id in approval.skipped:
        return "skipped"
    if approval.is_passed(stage, state.version):
        return "done"
    is_now = state.stage is Stage.ON_APPROVAL and stage == approval.stage
    return "now" if is_now else "ahead"


def _verdict_line(row: RowMapping, names: Names) -> VerdictLine:
    shown = {name: row[name] for name in VerdictLine.model_fields if name in row}
    named = {"holder": names.of(row["holder"]), "person": names.of_any(row["person_id"])}
    return VerdictLine(**(shown | named))


def _remark_lines(approval: Approval, names: Names) -> Iterable[RemarkLine]:
    for remark in approval.remarks:
        same = remark.model_dump(exclude={"user_id"})
        yield RemarkLine(author=names.of(remark.user_id), **same)


def _reviews(
    connection: Connection, organisation_id: str, document_id: str
) -> tuple[ReviewLine, ...]:
    rows = rows_of(
        connection, _LOGGED, organisation_id, document=document_id, action="review_attached"
    )
    events = [AuditEvent.model_validate_json(row["text"]) for row in rows]
    names = Names(connection, organisation_id, [event.actor for event in events])
    return tuple(
        ReviewLine(
            author=names.of(event.actor),
            **event.model_dump(include={"version", "sha256", "note_id", "at"}),
        )
        for event in events
    )


def _scan(connection: Connection, organisation_id: str, document_id: str) -> ScanCheck | None:
    """What was found of the latest scan."""
    about = {"document": document_id, "action": "signed_scan_attached"}
    rows = rows_of(connection, _LOGGED, organisation_id, **about)
    event = AuditEvent.model_validate_json(rows[-1]["text"]) if rows else None
    return ScanCheck.of_refs(event.refs) if event else None
