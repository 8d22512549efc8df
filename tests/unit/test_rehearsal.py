"""The driver of a rehearsal: when it acts, when it waits, when it lets time pass."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.postgres.watch import PostgresWatch
from api.problems import Unavailable
from domain.people import AccessRole
from runtime.cast import read_cast
from runtime.clock import RehearsalClock
from runtime.processes import ServerFailed
from runtime.rehearsal import Driver, move_patiently
from runtime.rehearsed import Office
from runtime.rehearsed_keys import KeyRing
from runtime.service import Service
from runtime.times import Times
from runtime.wiring import ROADMAPS
from tests.roadmap_builders import a_roadmap

Task = tuple[str, dict[str, Any]]
MOMENT = datetime(2027, 9, 1, tzinfo=UTC)


class DeafClock(RehearsalClock):
    """Its workflows hear it only after somebody has tended the service so many times."""

    def __init__(self, service: "TendedService", deaf: int) -> None:
        self._service, self._deaf = service, deaf
        self.heard: list[tuple[datetime, Sequence[str]]] = []

    def move_to(self, moment: datetime, workflows: Sequence[str]) -> None:
        if self._service.tended < self._deaf:
            raise Unavailable("no worker is up")
        self.heard.append((moment, workflows))


class TendedService(Service):
    def __init__(self) -> None:
        self.tended = 0

    def tend(self, progress: object) -> None:
        self.tended += 1


@pytest.mark.parametrize("deaf", [0, 1, 3])
def test_the_service_is_tended_until_the_clock_is_heard(deaf: int) -> None:
    service = TendedService()
    clock = DeafClock(service, deaf)
    move_patiently(clock, service, MOMENT, ("cycle/1",), progress=print)
    assert clock.heard == [(MOMENT, ("cycle/1",))]
    assert service.tended == deaf


def test_a_clock_that_nobody_ever_hears_ends_the_rehearsal() -> None:
    service = TendedService()
    clock = DeafClock(service, 10**9)
    with pytest.raises(ServerFailed, match="no worker is up"):
        move_patiently(clock, service, MOMENT, (), progress=print, patience=0.5)
    assert service.tended > 1


class Engine(PostgresWatch):
    """It works until it is asked for the second time; then a task lies in somebody's inbox."""

    def __init__(self) -> None:
        self.asked = 0

    def at_work(self, cycle_id: str | None = None) -> tuple[str, ...]:
        self.asked += 1
        return ("document/1",) if self.asked == 1 else ()


class Played(Driver):
    """Tells what it does; the engine ends its work right after the driver has looked around."""

    def __init__(self, *, between: bool) -> None:
        self.service, self.watch = TendedService(), Engine()
        self.cast = read_cast(ROADMAPS / "people" / "polytech.yaml")
        ring = KeyRing(Path(), Path())
        self.office = Office({}, "c1", 0, "d1", ring, self.cast.plot, a_roadmap())
        self.progress = print
        self.times = Times()
        self.done: list[str] = []
        if between:
            self.watch.at_work()

    def _is_closed(self) -> bool:
        return self.done[-1:] == ["time passes"]

    def _todo(self, *, quiet: bool) -> list[Task]:
        del quiet
        drafted = isinstance(self.watch, Engine) and self.watch.asked > 1
        return [(AccessRole.DIRECTOR, {})] if drafted and "acts" not in self.done else []

    def _act_all(self, todo: list[Task]) -> None:
        self.done.append("acts")

    def _await_quiet(self) -> None:
        self.done.append("waits")

    def _let_time_pass(self) -> None:
        self.done.append("time passes")


@pytest.mark.parametrize(
    ("late", "quiet", "done"),
    [(True, True, True), (True, False, False), (False, True, False)],
)
def test_what_was_forgotten_is_done_late_and_after_the_escalation_is_sent(
    late: bool, quiet: bool, done: bool
) -> None:
    refs = {"step": "1.2", "result": "questionnaires"}
    task = {"kind": "record_result", "refs": refs, "late": late}
    assert Played(between=False)._is_time_for(task, quiet=quiet) is done


def test_no_time_passes_while_something_is_at_work_or_to_be_done() -> None:
    driver = Played(between=False)
    driver.play()
    assert driver.done == ["waits", "acts", "time passes"]


def test_what_is_ready_just_when_the_engine_becomes_quiet_is_done_first() -> None:
    driver = Played(between=True)
    driver.play()
    assert driver.done == ["acts", "time passes"]


def test_time_side_by_side_is_shared_out_as_each_act_took_and_adds_up() -> None:
    times = Times()
    times.share(6.0, [("decide", 1.0), ("decide", 2.0), ("dance", 6.0)])
    with times.on("clock"):
        times.share(0.0, [])
    assert times.rounded() == {"decide": 2.0, "clock": 0.0, "dance": 4.0}
    assert times.table().splitlines() == [
        "На что ушло время:",
        "  решения           2.0 с",
        "  перевод часов     0.0 с",
        "  dance             4.0 с",
    ]
