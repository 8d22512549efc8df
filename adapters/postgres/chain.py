"""The own log: one hash chain for each organisation."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from adapters.postgres.rows import Known, put
from adapters.postgres.work_tables import AuditEntryRow, AuditHeadRow
from domain.audit import GENESIS, AuditEvent, canonical, entry_hash
from domain.base import Value


class ChainEntry(Value):
    """An entry as it lies in the log."""

    seq: int
    subject: str
    n: int
    action: str
    actor: str
    at: datetime
    recorded_at: datetime
    text: str
    previous: str
    hash: str


class ChainHead(Value):
    """Where a chain ends, as noted beside it."""

    seq: int
    hash: str


_HEAD = text(
    """
    SELECT seq, hash,
      (SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject) AS known
    FROM audit_heads WHERE organisation_id = :organisation FOR UPDATE
    """
)
_MOVE_HEAD = text(
    "UPDATE audit_heads SET seq = :seq, hash = :hash WHERE organisation_id = :organisation"
)


def append(
    connection: Connection, organisation: str, events: Sequence[AuditEvent], pair_id: str | None
) -> None:
    """Add the events of one subject that the chain has not; the caller commits soon.

    The end of the chain is locked until then, so this comes last in a transaction.
    """
    if not events:
        return
    given = {"organisation": organisation, "subject": events[0].subject}
    head = connection.execute(_HEAD, given).one_or_none()
    if head is None:
        open_chain(connection, organisation)
        head = connection.execute(_HEAD, given).one()
    seq, last = head.seq, head.hash
    rows = []
    for event in events:
        if event.n <= head.known:
            continue
        body = canonical(event)
        previous, last, seq = last, entry_hash(last, body), seq + 1
        rows.append(
            {
                **event.model_dump(mode="json", include={"subject", "n", "action", "actor", "at"}),
                "organisation_id": organisation,
                "seq": seq,
                "cycle_id": event.refs.get("cycle", ""),  # empty: of the organisation
                "pair_id": event.refs.get("pair", pair_id),
                "text": body,
                "previous": previous,
                "hash": last,
            }
        )
    if rows:
        put(connection, AuditEntryRow, rows, Known.IS_AN_ERROR)
        connection.execute(_MOVE_HEAD, {"organisation": organisation, "seq": seq, "hash": last})


def open_chain(connection: Connection, organisation: str) -> None:
    """An empty chain, unless there is one."""
    row = {"organisation_id": organisation, "seq": 0, "hash": GENESIS}
    put(connection, AuditHeadRow, [row], Known.STAYS)


def faults(entries: Iterable[ChainEntry], head: ChainHead) -> Iterator[str]:
    """What is wrong with a chain that is given from its first entry on; nothing if it is whole.

    Seen are a changed, lost, added or moved entry, a column that says something else than the
    text that was hashed, and an end that was cut off.
    """
    seq, last = 0, GENESIS
    for entry in entries:
        seq += 1
        if entry.seq != seq:
            yield f"entry {seq} is missing, {entry.seq} follows {seq - 1}"
            seq = entry.seq
        if entry.previous != last:
            yield f"entry {entry.seq} does not follow the one before it"
        if entry.hash != entry_hash(entry.previous, entry.text):
            yield f"entry {entry.seq} is not what was hashed"
        if not _says_the_same(entry):
            yield f"entry {entry.seq} has columns that say something else than its text"
        last = entry.hash
    if (seq, last) != (head.seq, head.hash):
        yield f"the chain ends at {seq}, its head says {head.seq}"


def _says_the_same(entry: ChainEntry) -> bool:
    try:
        said = json.loads(entry.text)
        at = datetime.fromisoformat(said["at"])
        named = tuple(said[name] for name in ("subject", "n", "action", "actor"))
    except (ValueError, KeyError, TypeError):
        return False
    return (*named, at) == (entry.subject, entry.n, entry.action, entry.actor, entry.at)
