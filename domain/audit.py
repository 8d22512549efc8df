"""Audit events: what the log holds. Each is a leaf of its organisation's tree (`merkle`)."""

import json
from datetime import UTC, datetime

from domain.base import Message


class AuditEvent(Message):
    """One thing that happened to one subject. Ids and hashes only, never personal data."""

    subject: str  # workflow id, e.g. document/41b0…
    n: int  # from 1, gap-free within the subject
    action: str  # past participle: approved, sealed, reminded
    actor: str  # a user's id, or `system`
    at: datetime  # process time
    version: int | None = None
    sha256: str | None = None
    note_id: str | None = None  # the row that holds a remark or reason
    refs: dict[str, str] = {}  # other ids that the event touches
    stage: str | None = None  # of a cycle, pair or document, after the event
    role: str | None = None  # of the actor's account, as it was then


def canonical(event: AuditEvent) -> str:
    """The one text of an event, whose UTF-8 is its leaf: JSON, keys sorted, no spaces, UTC."""
    in_utc = event.changed(at=event.at.astimezone(UTC))
    return json.dumps(
        in_utc.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
