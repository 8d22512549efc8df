"""The log as a tree: full subtrees in place of a chain, checkpoints, what is kept for others."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from alembic import op
from sqlalchemy import Connection, Row, text

from domain.merkle import grown, leaf_hash

Head = Row[Any]

revision = "0013"
down_revision = "0012"

_GENESIS = "0" * 64
_KEPT = ("checkpoints", "witnessed", "cosignatures")
_PIECE = text(
    "SELECT * FROM audit_entries WHERE organisation_id = :organisation AND seq > :seq"
    " ORDER BY seq LIMIT 1000"
)


def upgrade() -> None:
    op.execute("ALTER TABLE audit_entries ADD COLUMN nodes bytea")
    op.execute("ALTER TABLE audit_heads ADD COLUMN peaks bytea NOT NULL DEFAULT ''")
    _each_log(_planted)
    op.execute(
        "ALTER TABLE audit_entries ALTER COLUMN nodes SET NOT NULL, DROP COLUMN previous,"
        " DROP COLUMN hash"
    )
    op.execute("ALTER TABLE audit_heads RENAME COLUMN seq TO size")
    op.execute("ALTER TABLE audit_heads ALTER COLUMN peaks DROP DEFAULT, DROP COLUMN hash")
    op.execute(
        """
        CREATE TABLE checkpoints (
          organisation_id varchar NOT NULL,
          size bigint NOT NULL,
          text varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, size)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE witnessed (
          organisation_id varchar NOT NULL,
          origin varchar NOT NULL,
          size bigint NOT NULL,
          text varchar NOT NULL,
          key varchar NOT NULL,
          cosignature varchar NOT NULL,
          kept_by varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, origin, size)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE cosignatures (
          organisation_id varchar NOT NULL,
          size bigint NOT NULL,
          key varchar NOT NULL,
          text varchar NOT NULL,
          kept_by varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, size, key)
        )
        """
    )
    # Like the log itself: they only grow, for the owner too.
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_only_grow BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_are_not_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO nastavnik_app")


def downgrade() -> None:
    for table in _KEPT:
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE audit_entries ADD COLUMN previous varchar, ADD COLUMN hash varchar")
    op.execute("ALTER TABLE audit_heads RENAME COLUMN size TO seq")
    op.execute(f"ALTER TABLE audit_heads ADD COLUMN hash varchar NOT NULL DEFAULT '{_GENESIS}'")
    _each_log(_chained)
    op.execute("ALTER TABLE audit_heads ALTER COLUMN hash DROP DEFAULT, DROP COLUMN peaks")
    op.execute(
        "ALTER TABLE audit_entries ALTER COLUMN previous SET NOT NULL,"
        " ALTER COLUMN hash SET NOT NULL, DROP COLUMN nodes"
    )


def _each_log(rewritten: Callable[[Connection, Head], None]) -> None:
    """Rewrite every log's columns of hashes; nobody else may write to them meanwhile."""
    connection = op.get_bind()
    op.execute("LOCK TABLE audit_heads, audit_entries IN ACCESS EXCLUSIVE MODE")
    op.execute("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_only_grow")
    heads = connection.execute(text("SELECT organisation_id, seq, hash FROM audit_heads")).all()
    for head in heads:
        rewritten(connection, head)
    op.execute("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_only_grow")


def _pieces(connection: Connection, organisation: str) -> Iterator[list[Row[Any]]]:
    seq = 0
    while rows := list(connection.execute(_PIECE, {"organisation": organisation, "seq": seq})):
        yield rows
        seq = rows[-1].seq


def _planted(connection: Connection, head: Head) -> None:
    """Give each entry the subtrees that it completes, and the head its peaks.

    A chain that was broken is not made to look whole: then the schema stays as it is.
    """
    write = text(
        "UPDATE audit_entries SET nodes = :nodes"
        " WHERE organisation_id = :organisation AND seq = :seq"
    )
    organisation = head.organisation_id
    seq, last, peaks = 0, _GENESIS, list[bytes]()
    for rows in _pieces(connection, organisation):
        changes = []
        for row in rows:
            hashed = _chain_hash(last, row.text)
            if (row.seq, row.previous, row.hash) != (seq + 1, last, hashed):
                raise _broken(organisation, seq + 1)
            peaks, full = grown(seq, peaks, leaf_hash(row.text.encode()))
            seq, last = row.seq, hashed
            nodes = b"".join(full)
            changes.append({"organisation": organisation, "seq": seq, "nodes": nodes})
        connection.execute(write, changes)
    if (seq, last) != (head.seq, head.hash):
        raise _broken(organisation, seq + 1)
    connection.execute(
        text("UPDATE audit_heads SET peaks = :peaks WHERE organisation_id = :organisation"),
        {"organisation": organisation, "peaks": b"".join(peaks)},
    )


def _chained(connection: Connection, head: Head) -> None:
    """Give each entry the hash of the one before it and its own, and the head the last one."""
    write = text(
        "UPDATE audit_entries SET previous = :previous, hash = :hash"
        " WHERE organisation_id = :organisation AND seq = :seq"
    )
    organisation, last = head.organisation_id, _GENESIS
    for rows in _pieces(connection, organisation):
        changes = []
        for row in rows:
            previous, last = last, _chain_hash(last, row.text)
            changes.append(
                {"organisation": organisation, "seq": row.seq, "previous": previous, "hash": last}
            )
        connection.execute(write, changes)
    connection.execute(
        text("UPDATE audit_heads SET hash = :hash WHERE organisation_id = :organisation"),
        {"organisation": organisation, "hash": last},
    )


def _chain_hash(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode()).hexdigest()


def _broken(organisation: str, seq: int) -> RuntimeError:
    return RuntimeError(
        f"the log of organisation {organisation} is broken at entry {seq}: look at it with"
        " `nastavnik check --all` of the version before; nothing was changed"
    )
