"""The schema, its migrations and the rights of the application."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlmodel import SQLModel

from adapters.postgres.archive import PostgresArchive
from adapters.postgres.migrate import demigrate, migrate
from adapters.postgres.session import engine_for
from domain.merkle import grown, leaf_hash
from tests.adapters.world import World


def tables(url: SecretStr) -> set[str]:
    engine = engine_for(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def refusal(engine: Engine, change: str) -> str:
    """The words with which the database refuses the statement."""
    with pytest.raises(ProgrammingError) as refused, engine.begin() as connection:
        connection.execute(text(change))
    return str(refused.value.orig)


def terminate(engine: Engine, pid: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})


def test_every_table_has_an_organisation() -> None:
    assert SQLModel.metadata.tables
    without = [
        name
        for name, table in SQLModel.metadata.tables.items()
        if "organisation_id" not in table.columns
    ]
    assert without == []


def test_the_migrations_make_the_tables_that_the_models_describe(owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), SQLModel.metadata
        )
    assert differences == []


def test_the_schema_goes_down_and_up_again(empty: SecretStr) -> None:
    migrate(empty)
    assert set(SQLModel.metadata.tables) < tables(empty)
    demigrate(empty)
    assert tables(empty) == {"alembic_version"}
    migrate(empty)
    assert set(SQLModel.metadata.tables) < tables(empty)


def test_numbers_that_were_given_before_journals_had_names_keep_their_place(
    empty: SecretStr,
) -> None:
    migrate(empty)
    demigrate(empty, "0004")
    engine = engine_for(empty)
    with engine.begin() as connection:
        connection.execute(
            text(
                """
                INSERT INTO journals VALUES ('org', '{n}-о', 2026, 2), ('org', '', 2026, 0);
                INSERT INTO journal_lines
                  (document_id, organisation_id, journal, year, n, number, day, version)
                VALUES ('d1', 'org', '{n}-о', 2026, 1, '1-о', '2026-09-01', 1),
                  ('d2', 'org', '{n}-о', 2026, 2, '2-о', '2026-09-02', 1),
                  ('d3', 'org', '', 2026, NULL, NULL, '2026-09-02', 1)
                """
            )
        )
    migrate(empty)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT line_id, journal, n, folded, state FROM journal_lines ORDER BY line_id")
        )
        assert [tuple(row) for row in found] == [
            ("d1", "orders", 1, "1-о", "given"),
            ("d2", "orders", 2, "2-о", "given"),
            ("d3", "", None, None, "given"),
        ]
        assert connection.execute(text("SELECT journal, n FROM journals WHERE n > 0")).all() == [
            ("orders", 2)
        ]
    assert list(PostgresArchive(engine).journal_faults()) == []
    engine.dispose()


def chain(connection: Connection, *texts: str) -> None:
    """A log as it was before it was a tree: each entry names the hash of the one before it."""
    last = "0" * 64
    for seq, body in enumerate(texts, start=1):
        previous, last = last, hashlib.sha256(f"{last}\n{body}".encode()).hexdigest()
        connection.execute(
            text(
                """
                INSERT INTO audit_entries (organisation_id, seq, subject, n, cycle_id, action,
                  actor, at, text, previous, hash)
                VALUES ('org', :seq, 'cycle/c', :seq, 'c', 'done', 'system', now(), :text,
                  :previous, :hash)
                """
            ),
            {"seq": seq, "text": body, "previous": previous, "hash": last},
        )
    head = text("INSERT INTO audit_heads VALUES ('org', :seq, :hash)")
    connection.execute(head, {"seq": len(texts), "hash": last})


def test_a_chain_becomes_a_tree_and_a_chain_again(empty: SecretStr) -> None:
    texts = [f"запись {n}" for n in range(1, 1100)]
    entries = text("SELECT seq, text, previous, hash FROM audit_entries ORDER BY seq")
    migrate(empty)
    demigrate(empty, "0012")
    engine = engine_for(empty)
    with engine.begin() as connection:
        chain(connection, *texts)
        before = connection.execute(entries).all()
    migrate(empty)
    peaks, nodes = list[bytes](), list[bytes]()
    for n, body in enumerate(texts):
        peaks, full = grown(n, peaks, leaf_hash(body.encode()))
        nodes.append(b"".join(full))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT nodes FROM audit_entries ORDER BY seq")).scalars()
        assert list(found) == nodes
        head = connection.execute(text("SELECT size, peaks FROM audit_heads")).one()
        assert tuple(head) == (len(texts), b"".join(peaks))
    demigrate(empty, "0012")
    with engine.connect() as connection:
        assert connection.execute(entries).all() == before
        head = connection.execute(text("SELECT seq, hash FROM audit_heads")).one()
        assert tuple(head) == (len(texts), before[-1].hash)
    engine.dispose()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entries SET text = 'другая' WHERE seq = 3",
        "DELETE FROM audit_entries WHERE seq = 3",
        "UPDATE audit_heads SET seq = 5",
    ],
)
def test_a_broken_chain_is_not_made_to_look_whole(empty: SecretStr, change: str) -> None:
    migrate(empty)
    demigrate(empty, "0012")
    engine = engine_for(empty)
    with engine.begin() as connection:
        chain(connection, "первая", "вторая", "третья")
        connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        connection.execute(text(change))
        connection.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER USER"))
    with pytest.raises(RuntimeError, match=r"log of organisation org is broken at entry \d"):
        migrate(empty)
    with engine.connect() as connection:
        columns = {one["name"] for one in inspect(connection).get_columns("audit_entries")}
    assert columns > {"hash"}
    assert "nodes" not in columns
    engine.dispose()


def test_processes_that_start_together_migrate_once(empty: SecretStr) -> None:
    with ThreadPoolExecutor(4) as pool:
        for outcome in [pool.submit(migrate, empty) for _ in range(4)]:
            outcome.result()
    assert set(SQLModel.metadata.tables) < tables(empty)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entries SET actor = 'somebody else'",
        "DELETE FROM audit_entries",
        "TRUNCATE audit_entries",
    ],
)
def test_nobody_changes_the_log(engine: Engine, owner_engine: Engine, change: str) -> None:
    world = World.make(engine)
    world.save(world.planned())
    assert "permission denied" in refusal(engine, change)
    assert "audit_entries only grows" in refusal(owner_engine, change)


@pytest.mark.parametrize(
    "table",
    [
        *("facts", "kept_texts", "journal_lines", "objects", "launches"),
        *("own_journals", "journal_kinds", "incoming_documents", "authorities", "assignments"),
        *("acquaintances", "sittings", "sitting_items", "reads"),
        *("checkpoints", "witnessed", "cosignatures", "events", "publications"),
    ],
)
@pytest.mark.parametrize("change", ["UPDATE {} SET organisation_id = ''", "DELETE FROM {}"])
def test_the_application_cannot_change_what_was_kept(
    engine: Engine, table: str, change: str
) -> None:
    assert "permission denied" in refusal(engine, change.format(table))


@pytest.mark.parametrize(
    "change", ["DROP TABLE tasks", "CREATE TABLE own (id text)", "TRUNCATE tasks"]
)
def test_the_application_cannot_change_the_schema(engine: Engine, change: str) -> None:
    words = refusal(engine, change)
    assert "permission denied" in words or "must be owner" in words


def test_a_lost_connection_is_an_error_that_may_be_retried(engine: Engine) -> None:
    with engine.connect() as connection:
        terminate(engine, connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
