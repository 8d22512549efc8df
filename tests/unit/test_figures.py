"""Counts for Prometheus: the database is asked seldom, however many ask us."""

from datetime import UTC, datetime

from adapters.postgres.watch import Count
from runtime.figures import KEPT, LatestFigures

NOW = datetime(2026, 9, 2, 9, tzinfo=UTC)


class Database:
    """Counts that grow by one each time they are read."""

    def __init__(self) -> None:
        self.asked: list[datetime] = []
        self.second = 0.0

    def counts(self, now: datetime) -> tuple[Count, ...]:
        self.asked.append(now)
        return (
            Count(name="tasks", word="", n=len(self.asked)),
            Count(name="tasks_late", word="", n=1),
            Count(name="incidents_open", word="", n=5),
            Count(name="cycles", word="running", n=1),
            Count(name="pairs", word="plan", n=4),
            Count(name="pairs", word="consents", n=3),
            Count(name="troubles", word="document", n=2),
        )


def test_counts_are_told_by_name_and_word() -> None:
    figures = LatestFigures(Database().counts, lambda: NOW)()
    assert (figures.tasks, figures.tasks_late, figures.cycles) == (1, 1, {"running": 1})
    assert figures.incidents_open == 5
    assert figures.pairs == {"plan": 4, "consents": 3}
    assert (figures.documents, figures.troubles) == ({}, {"document": 2})


def test_the_database_is_asked_again_only_after_a_while() -> None:
    database = Database()
    figures = LatestFigures(database.counts, lambda: NOW, lambda: database.second)
    assert (figures().tasks, figures().tasks) == (1, 1)
    database.second += KEPT
    assert figures().tasks == 1
    database.second += 1
    assert figures().tasks == 2
    assert database.asked == [NOW, NOW]
