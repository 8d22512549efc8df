"""Counts for Prometheus, read from the database at most every few seconds."""

import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from typing import Final

from adapters.postgres.watch import Count
from api.metrics import Figures

KEPT: Final = 10.0
"""Seconds for which counts are told again: however many ask, the database is asked this often."""


class LatestFigures:
    """The counts, a little old at most; called from several threads."""

    def __init__(
        self,
        counts: Callable[[datetime], tuple[Count, ...]],
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._counts = counts
        self._now = now
        self._clock = clock
        self._lock = Lock()
        self._known: tuple[float, Figures] | None = None

    def __call__(self) -> Figures:
        """Raises `OperationalError` if the database does not answer."""
        with self._lock:
            if self._known is None or self._clock() - self._known[0] > KEPT:
                self._known = (self._clock(), _figures(self._counts(self._now())))
            return self._known[1]


def _figures(counts: tuple[Count, ...]) -> Figures:
    def by_word(name: str) -> dict[str, int]:
        return {one.word: one.n for one in counts if one.name == name}

    return Figures(
        tasks=sum(by_word("tasks").values()),
        tasks_late=sum(by_word("tasks_late").values()),
        incidents_open=sum(by_word("incidents_open").values()),
        cycles=by_word("cycles"),
        pairs=by_word("pairs"),
        documents=by_word("documents"),
        troubles=by_word("troubles"),
    )
