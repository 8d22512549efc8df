"""Reads in memory."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from api.services import Scope
from domain.reads import ReadOf


class FakeReads:
    """`Reads` that takes every read; whoever is in `named` was named in each answer."""

    def __init__(self) -> None:
        self.named: dict[str, date] = {}
        self.kept: list[tuple[ReadOf, Mapping[str, date], Scope | None, str]] = []
        self.failure: Exception | None = None

    @contextmanager
    def noting(self) -> Iterator[Mapping[str, date]]:
        yield self.named

    def keep(
        self, read: ReadOf, people: Mapping[str, date], scope: Scope | None = None, id_: str = ""
    ) -> None:
        if self.failure is not None:
            raise self.failure
        self.kept.append((read, people, scope, id_))
