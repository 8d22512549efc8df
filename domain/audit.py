"""Audit events and the hash chain that makes a change of the past visible."""

import hashlib
import json
from datetime import UTC, datetime

from domain.base import Message

GENESIS = "0" * 64
"""What the first entry of a chain names as its predecessor."""


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


def canonical(event: AuditEvent) -> str:
    """The one text of an event that is hashed: JSON, keys sorted, no spaces, UTC."""
    in_utc = event.changed(at=event.at.astimezone(UTC))
    return json.dumps(
        in_utc.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def entry_hash(previous: str, text: str) -> str:
    """The hash of a chain entry, hex: SHA-256 over the previous hash, a line feed, the text.

    So an auditor can follow a chain with `sha256sum` alone.
    """
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
