"""A database whose connection breaks at a chosen moment, as when its server is killed."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def lost_at(engine: Engine, place: int) -> Iterator[list[str]]:
    """Just before this statement of the block, counted from 1; yields what was sent."""
    seen: list[str] = []

    def before(connection: Any, cursor: Any, statement: str, *_: object) -> None:  # noqa: ANN401
        del cursor
        seen.append(statement)
        if len(seen) == place:
            _cut(connection)

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", before)


@contextmanager
def lost_at_commit(engine: Engine, place: int) -> Iterator[list[int]]:
    """Just before this commit of the block, counted from 1."""
    seen: list[int] = []

    def before(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's connection
        seen.append(len(seen) + 1)
        if len(seen) == place:
            _cut(connection)

    event.listen(engine, "commit", before)
    try:
        yield seen
    finally:
        event.remove(engine, "commit", before)


def _cut(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's connection
    descriptor = os.dup(connection.connection.dbapi_connection.fileno())
    with socket.socket(fileno=descriptor) as wire:
        wire.shutdown(socket.SHUT_RDWR)
