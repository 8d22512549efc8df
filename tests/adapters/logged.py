"""Organisations with logs of their own, and what those with every right do to them."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from adapters.log_keys import LogKeys
from adapters.postgres import log
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.witnesses import PostgresWitness
from domain import ids, merkle
from domain.audit import AuditEvent, canonical
from domain.checkpoints import Checkpoint
from tests.adapters.world import KEYS, World

NOON = datetime(2026, 9, 7, 12, tzinfo=UTC)


class Logged:
    """An organisation with a log of its own, and all that is asked of it."""

    def __init__(self, engine: Engine, owner: Engine) -> None:
        self.engine, self.owner = engine, owner
        self.id = World.make(engine).organisation
        self.log = PostgresLog(engine, LogKeys(KEYS))
        self.witness = PostgresWitness(engine, LogKeys(KEYS))
        self.subject = ids.journal_subject(self.id, "orders", 2026)
        self.said = 0

    def grow(self, count: int, at_once: int = 7) -> None:
        """Add entries, some with each transaction."""
        events = [
            AuditEvent(subject=self.subject, n=n, action="number_given", actor="u1", at=NOON)
            for n in range(self.said + 1, self.said + count + 1)
        ]
        for start in range(0, count, at_once):
            with self.engine.begin() as connection:
                log.append(connection, self.id, events[start : start + at_once], None)
        self.said += count

    def texts(self) -> list[str]:
        query = "SELECT text FROM audit_entries WHERE organisation_id = :id ORDER BY seq"
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), {"id": self.id}).scalars())

    def faults(self, *also: Checkpoint) -> list[str]:
        return self.log.faults(self.id, also)[1]

    def tamper(self, change: str, which: str = "") -> None:
        """What somebody with the owner's password could do."""
        with tampering(self.owner) as connection:
            where = f"WHERE organisation_id = :id {which}"
            connection.execute(text(f"{change} {where}"), {"id": self.id})

    def rewrite(self, change: Callable[[list[str]], Sequence[str]], *, marks: bool) -> None:
        """What somebody with the master key too could do: the whole tree anew, and if `marks`
        without the checkpoints that tell of the old one.
        """
        size, peaks = 0, list[bytes]()
        rows = []
        for body in change(self.texts()):
            peaks, full = merkle.grown(size, peaks, merkle.leaf_hash(body.encode()))
            size += 1
            said = AuditEvent.model_validate_json(body)
            rows.append({"id": self.id, "seq": size, "text": body, "nodes": b"".join(full)})
            rows[-1] |= said.model_dump(include={"subject", "n", "action", "actor", "at"})
            rows[-1]["cycle"] = said.refs.get("cycle", "")
            rows[-1]["pair"] = said.refs.get("pair")
        with tampering(self.owner) as connection:
            connection.execute(
                text("DELETE FROM audit_entries WHERE organisation_id = :id"), {"id": self.id}
            )
            connection.execute(
                text(
                    "INSERT INTO audit_entries (organisation_id, seq, subject, n, cycle_id,"
                    " pair_id, action, actor, at, text, nodes) VALUES (:id, :seq, :subject, :n,"
                    " :cycle, :pair, :action, :actor, :at, :text, :nodes)"
                ),
                rows,
            )
            head = {"id": self.id, "size": size, "peaks": b"".join(peaks)}
            connection.execute(
                text(
                    "UPDATE audit_heads SET size = :size, peaks = :peaks"
                    " WHERE organisation_id = :id"
                ),
                head,
            )
            if marks:
                connection.execute(
                    text("DELETE FROM checkpoints WHERE organisation_id = :id"), head
                )


@contextmanager
def tampering(owner: Engine) -> Iterator[Connection]:
    tables = ("audit_entries", "checkpoints", "witnessed", "cosignatures")
    with owner.begin() as connection:
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield connection
        for table in tables:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


# What a forger makes of the texts of a log


def edit(texts: list[str]) -> list[str]:
    return [body.replace('"u1"', '"u2"') if n == 3 else body for n, body in enumerate(texts)]


def drop(texts: list[str]) -> list[str]:
    return [*texts[:3], *texts[4:]]


def insert(texts: list[str]) -> list[str]:
    event = AuditEvent.model_validate_json(texts[3]).changed(n=7000)
    return [*texts[:3], canonical(event), *texts[3:]]


def swap(texts: list[str]) -> list[str]:
    return [*texts[:3], texts[4], texts[3], *texts[5:]]


def cut(texts: list[str]) -> list[str]:
    return texts[:-1]


REWRITES = [edit, drop, insert, swap, cut]
OF_TWELVE = re.compile(r"записи до 12 не те|\(записей 12\)")
"""What is told of a log with which its checkpoint of twelve entries does not agree."""
