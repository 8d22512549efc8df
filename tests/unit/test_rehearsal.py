"""The driver of a rehearsal: when it acts, when it waits, when it lets time pass."""

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.docx.renderer import DocxRenderer
from adapters.postgres.watch import PostgresWatch, TasksMark
from api.problems import Unavailable
from domain.people import AccessRole
from runtime.clock import RehearsalClock
from runtime.processes import ServerFailed
from runtime.rehearsal import Act, Driver, move_patiently
from runtime.rehearsal_script import Script, Size, read_script
from runtime.rehearsed import Office
from runtime.rehearsed_keys import KeyRing
from runtime.service import Service
from runtime.shipped import TEMPLATES
from runtime.times import Times
from runtime.wiring import library

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

    def at_work(self, *cycles: str) -> tuple[str, ...]:
        self.asked += 1
        return ("document/1",) if self.asked == 1 else ()


@functools.cache
def script(name: str) -> Script:
    papers = DocxRenderer(TEMPLATES)
    return read_script(library(papers), papers.known_kinds(), None, name, Size())


class MovedClock(RehearsalClock):
    """It stands at `MOMENT`."""

    def __init__(self) -> None:
        self.moved: list[datetime] = []

    def now(self) -> datetime:
        return MOMENT


def an_office(script: Script) -> Office:
    return Office(script, {}, "o1", "c1", "d1", KeyRing(Path(), Path()))


class Played(Driver):
    """Tells what it does; the engine ends its work right after the driver has looked around."""

    def __init__(self, *, between: bool) -> None:
        self.service, self.watch = TendedService(), Engine()
        self.clock = MovedClock()
        self.offices = (an_office(script("polytech")),)
        self._next_meeting, self._gathered = {}, set()
        self.progress = print
        self.times = Times()
        self.done: list[str] = []
        if between:
            self.watch.at_work()

    def _is_closed(self) -> bool:
        return self.done[-1:] == ["time passes"]

    def _todo(self, *, quiet: bool) -> list[Act]:
        del quiet
        drafted = isinstance(self.watch, Engine) and self.watch.asked > 1
        acts = [Act(self.offices[0], AccessRole.DIRECTOR, {})]
        return acts if drafted and "acts" not in self.done else []

    def _act_all(self, todo: list[Act]) -> None:
        self.done.append("acts")

    def _wait(self, busy: Sequence[str], since: float) -> None:
        self.done.append("waits")

    def _let_time_pass(self) -> None:
        self.done.append("time passes")


@pytest.mark.parametrize(
    ("late", "quiet", "done"),
    [(1, True, True), (1, False, False), (-1, True, False)],
)
def test_what_was_forgotten_is_done_late_and_after_the_escalation_is_sent(
    late: int, quiet: bool, done: bool
) -> None:
    refs = {"step": "1.2", "result": "questionnaires"}
    due = (MOMENT - timedelta(hours=late)).isoformat()
    driver = Played(between=False)
    act = Act(driver.offices[0], "curator", {"kind": "record_result", "refs": refs, "due": due})
    assert driver._is_time_for(act, quiet=quiet) is done


@pytest.mark.parametrize(
    ("name", "to_answer", "again", "done"),
    [
        ("vanino", "0", False, False),  # all send theirs by themselves
        ("vanino", "1", True, True),
        ("kirovsky", "0", False, True),  # one does not work in the system
        ("kirovsky", "0", True, False),
    ],
)
def test_reports_are_gathered_when_some_came_or_somebody_sends_none(
    name: str, to_answer: str, again: bool, done: bool
) -> None:
    driver = Played(between=False)
    refs = {"to_answer": to_answer, "demand": "yearly", "turn": "1"}
    task = {"task_id": "t1", "kind": "gather_reports", "refs": refs}
    if again:
        driver._gathered.add("t1")
    act = Act(an_office(script(name)), "curator", task)
    assert driver._is_time_for(act, quiet=True) is done


class Counted(Office):
    """It tells how often its inbox was read; in it stands one task that several rows ask for."""

    read: int = 0

    def inbox(self, *, decisions: bool, count: int) -> list[tuple[str, dict[str, Any]]]:
        assert (decisions, count) == (False, 2)
        object.__setattr__(self, "read", self.read + 1)
        refs = {"to_answer": "1", "demand": "yearly", "turn": "1"}
        same = {"kind": "gather_reports", "refs": refs}
        return [("curator", {**same, "task_id": id_}) for id_ in ("t1", "t2")]


class Marked(PostgresWatch):
    def __init__(self) -> None:
        self.mark = "1"

    def marks_of_tasks(self) -> dict[tuple[str, bool], TasksMark]:
        return {("o1", False): TasksMark(self.mark, 2)} if self.mark else {}


def test_an_inbox_is_read_again_only_when_its_tasks_are_others() -> None:
    driver = Played(between=False)
    office = Counted(script("vanino"), {}, "o1", "c1", "d1", driver.offices[0].keys)
    driver.offices, driver.watch, driver._inboxes = (office,), Marked(), {}
    for mark, read in (("1", 1), ("1", 1), ("2", 2), ("", 2), ("2", 3)):
        driver.watch.mark = mark
        assert len(Driver._todo(driver, quiet=True)) == (1 if mark else 0)
        assert office.read == read


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
