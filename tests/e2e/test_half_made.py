"""What a first start left half made: put aside if nothing was ever kept in it, else left alone."""

import contextlib
import sqlite3

from runtime.embedded_temporal import TemporalServer
from runtime.home import Home
from runtime.ports import free_port
from runtime.processes import wait_until


def come_up(home: Home) -> bool:
    """Whether Temporal comes up over the home; it is stopped again."""
    server = TemporalServer(home, "default")
    child = server.launch(free_port())
    try:
        return (
            wait_until(lambda: server.is_ready() or not child.is_running, 60) and child.is_running
        )
    finally:
        child.stop()


def test_tables_that_were_only_begun_do_not_stop_the_next_start(home: Home) -> None:
    file = home.temporal / "temporal.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE namespaces (id BINARY(16))")
    assert come_up(home)
    assert (home.temporal / "half-made-temporal.db").exists()


def test_a_file_that_a_server_has_worked_on_is_never_put_aside(home: Home) -> None:
    file = home.temporal / "temporal.db"
    assert come_up(home)
    made = file.stat().st_ino
    assert come_up(home)
    assert file.stat().st_ino == made
    # A server that was killed leaves its last pages beside, from which the damage would be mended.
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = file.read_bytes()
    file.write_bytes(b"damaged" + body[7:])
    assert not come_up(home)
    assert file.read_bytes()[:7] == b"damaged"
    assert not list(home.temporal.glob("half-made-*"))
