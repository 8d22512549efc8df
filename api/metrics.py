"""Numbers for Prometheus: requests, and counts of what is at work. No ids, no words of people.

Labels are names of routes, stages and kinds only, so nobody can be recognised by them.
"""

from collections.abc import Mapping
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from domain.base import Value
from domain.canary import CanaryResult, WriteOnce

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "POST"})
"""The method is the client's own word: others are one."""
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Figures(Value):
    """Counts over all organisations, each by the word that tells its things apart."""

    tasks: int
    tasks_late: int
    incidents_open: int
    cycles: Mapping[str, int]  # by stage
    pairs: Mapping[str, int]  # by stage
    documents: Mapping[str, int]  # by stage
    troubles: Mapping[str, int]  # by kind of process


class HttpMetrics:
    """What is counted of requests in this process, and the process itself."""

    def __init__(self, version: str) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(namespace="nastavnik", registry=self._registry)
        labels = ("method", "route")
        self._requests = Counter(
            "nastavnik_http_requests",
            "Answered requests.",
            (*labels, "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "nastavnik_http_request_seconds",
            "Time until a request was answered.",
            labels,
            registry=self._registry,
            buckets=_SECONDS,
        )
        build = Gauge(
            "nastavnik_build_info", "The program's version.", ("version",), registry=self._registry
        )
        build.labels(version).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the name of a route, or empty if none was reached."""
        known = method if method in _METHODS else "other"
        place = route or "other"
        self._requests.labels(known, place, str(status)).inc()
        self._seconds.labels(known, place).observe(seconds)

    def text(self) -> bytes:
        """The numbers in Prometheus's text format."""
        return generate_latest(self._registry)


def figures_text(figures: Figures | None, canary: CanaryResult | None) -> bytes:
    """The counts in Prometheus's text format; without them, only that the database is away.

    And what the store was found to be when it was last tried; nothing before that.
    """
    registry = CollectorRegistry()
    if canary is not None:
        store = Gauge(
            "nastavnik_store_write_once",
            "Whether the store is write-once, as it was last found: 1 for what it is.",
            ("state",),
            registry=registry,
        )
        for state in WriteOnce:
            store.labels(state).set(state is canary.write_once)
        tried = Gauge(
            "nastavnik_store_tried_timestamp_seconds",
            "When the store was last tried.",
            registry=registry,
        )
        tried.set(canary.checked_at.timestamp())
    up = Gauge("nastavnik_database_up", "Whether the database answers.", registry=registry)
    up.set(figures is not None)
    if figures is not None:
        for name, told, count in (
            ("tasks_open", "Tasks that wait for somebody.", figures.tasks),
            ("tasks_late", "Tasks that are past their day.", figures.tasks_late),
            (
                "incidents_open",
                "Stored files that are not what was kept.",
                figures.incidents_open,
            ),
        ):
            Gauge(f"nastavnik_{name}", told, registry=registry).set(count)
        for name, told, label, counts in (
            ("cycles", "Cycles by stage.", "stage", figures.cycles),
            ("pairs", "Pairs by stage.", "stage", figures.pairs),
            ("documents", "Documents by stage.", "stage", figures.documents),
            ("processes_in_trouble", "Processes that wait to be mended.", "kind", figures.troubles),
        ):
            gauge = Gauge(f"nastavnik_{name}", told, (label,), registry=registry)
            for word, count in counts.items():
                gauge.labels(word).set(count)
    return generate_latest(registry)
