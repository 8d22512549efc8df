"""The rehearsal: whole cycles on the real engine, a year in a minute, with invented people.

It has a home of its own, on external servers places of its own too (`runtime.places`). People's
acts go through the HTTP API only; the clock, and what is at work, are read from PostgreSQL. All
organisations live by one clock. Run again over an unfinished home it goes on where it was; over a
finished one it begins a new cycle.
"""

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from adapters.postgres.watch import PostgresWatch, TasksMark
from api.problems import Unavailable
from domain.base import Value
from runtime.cast import place_of
from runtime.clock import RehearsalClock
from runtime.embedded import Progress
from runtime.processes import ServerFailed
from runtime.rehearsal_script import Size
from runtime.rehearsed import Office
from runtime.rehearsed_person import Answer
from runtime.service import Service
from runtime.times import Times

SIDE_BY_SIDE: Final = 8
QUIET_PATIENCE: Final = 180.0
"""Seconds after which something that is still at work is called stuck."""
_PAUSE: Final = 0.03
MEETING_PAUSE: Final = timedelta(days=9)
TOGETHER: Final = timedelta(hours=12)
"""What falls due so soon after something else waits for the same move of the clock."""


class RehearsalRecord(Value):
    """What a second start must know of the first."""

    number: int = 1
    roadmap: str
    size: Size
    start: date
    cycle_id: str | None = None
    worker_lost: bool = False
    finished: bool = False


@dataclass(frozen=True)
class Act:
    """A task of somebody's inbox."""

    office: Office
    name: str
    task: Answer


@dataclass
class Driver:
    """Plays everybody until all cycles are closed. `offices`: the first is the one on top."""

    service: Service
    offices: Sequence[Office]
    clock: RehearsalClock
    watch: PostgresWatch
    record: RehearsalRecord
    progress: Progress
    remember: Callable[[RehearsalRecord], None]
    times: Times = field(default_factory=Times)
    acts: int = 0
    _next_meeting: dict[str, date] = field(default_factory=dict)
    _inboxes: dict[tuple[str, bool], tuple[TasksMark | None, list[Act]]] = field(
        default_factory=dict
    )
    _gathered: set[str] = field(default_factory=set)
    _told: str = ""

    def play(self) -> None:
        """Act, wait, move the clock, until nothing is left to do."""
        patient_since = time.monotonic()
        while True:
            self.service.tend(self.progress)
            began = time.monotonic()
            # Asked before the inboxes are read: what is drafted in between must be found there.
            busy = self.watch.at_work(*self._cycles())
            todo = self._todo(quiet=not busy)
            waits = bool(busy) and not todo
            if waits:
                self._wait(busy, patient_since)
            else:
                patient_since = time.monotonic()
            self.times.add("engine" if waits else "inboxes", time.monotonic() - began)
            if todo:
                self._act_all(todo)
            elif not waits:
                with self.times.on("clock"):
                    if self._is_closed():
                        return
                    self._let_time_pass()

    def _cycles(self) -> list[str]:
        return [office.cycle_id for office in self.offices]

    def _is_closed(self) -> bool:
        known = self.watch.standings(self._cycles())
        open_ = sum(one.stage != "closed" for one in known)
        done, items = sum(one.done for one in known), sum(one.items for one in known)
        told = f"{open_}/{done}"
        if told != self._told:
            self._told = told
            papers = sum(one.documents for one in known)
            shown = f"{self.clock.now():%d.%m.%Y}: строк {done} из {items}"
            if len(known) > 1:
                shown += f", циклов открыто {open_} из {len(known)}"
            self.progress(f"{shown}, документов {papers}, дел {self.acts}")
        return len(known) == len(self.offices) and not open_

    def _todo(self, *, quiet: bool) -> list[Act]:
        """What somebody would do now: no task twice, no meeting before its day."""
        self._read_inboxes()
        found: dict[tuple[str, str], Act] = {}
        for _, acts in self._inboxes.values():
            for act in acts:
                if self._is_time_for(act, quiet=quiet):
                    found.setdefault((act.office.cycle_id, _matter(act.task)), act)
        return list(found.values())

    def _read_inboxes(self) -> None:
        """Those whose tasks are others than when they were read last."""
        marks = self.watch.marks_of_tasks()
        changed = [
            (office, decisions, mark)
            for office in self.offices
            for decisions in (True, False)
            for mark in (marks.get((office.organisation_id, decisions)),)
            if self._known(office, decisions=decisions) != mark
        ]
        with ThreadPoolExecutor(SIDE_BY_SIDE) as people:
            read = people.map(lambda one: _inbox(*one), changed)
            for (office, decisions, mark), acts in zip(changed, read, strict=True):
                self._inboxes[office.organisation_id, decisions] = (mark, acts)

    def _known(self, office: Office, *, decisions: bool) -> TasksMark | None:
        """Of its tasks when its inboxes were read last."""
        return self._inboxes.get((office.organisation_id, decisions), (None, []))[0]

    def _is_time_for(self, act: Act, *, quiet: bool) -> bool:
        task = act.task
        if task["kind"] == "record_meeting":
            return self.clock.today() >= self._next_meeting.get(task["refs"]["pair"], date.min)
        if task["kind"] == "gather_reports":
            return act.office.has_to_gather(task, again=task["task_id"] in self._gathered)
        place = place_of(task)
        if place is not None and place == act.office.plot.forgotten:
            # Not before the escalation is sent: who forgot is told, and does it then.
            return quiet and datetime.fromisoformat(task["due"]) < self.clock.now()
        return True

    def _act_all(self, todo: list[Act]) -> None:
        began = time.monotonic()
        today = self.clock.today()
        if not self.record.worker_lost and any(_is_of_a_pair(act.task) for act in todo):
            self._lose_worker()
        with ThreadPoolExecutor(SIDE_BY_SIDE) as people:
            waiting = [people.submit(self._act, act, today) for act in todo]
            while not all(one.done() for one in waiting):
                self.service.tend(self.progress)
                time.sleep(_PAUSE)
            took = [one.result() for one in waiting]
        for act in todo:  # its tasks are others now, even if they look as when they were read
            key = (act.office.organisation_id, act.task["kind"] == "decide")
            self._inboxes.pop(key, None)
        self.times.share(time.monotonic() - began, took)
        self.acts += len(todo)

    def _act(self, act: Act, today: date) -> tuple[str, float]:
        """The kind of the act and the seconds that it took."""
        began = time.monotonic()
        act.office.act(act.name, act.task, today)
        kind: str = act.task["kind"]
        if kind == "record_meeting":
            self._next_meeting[act.task["refs"]["pair"]] = today + MEETING_PAUSE
        if kind == "gather_reports":
            self._gathered.add(act.task["task_id"])
        return kind, time.monotonic() - began

    def _lose_worker(self) -> None:
        """The power of one machine fails in the middle; nothing may be lost or doubled."""
        self.progress("Проверка на прочность: исполнитель убит (SIGKILL), запускаю снова…")
        self.service.kill_worker()
        self.record = self.record.changed(worker_lost=True)
        self.remember(self.record)

    def _wait(self, busy: Sequence[str], since: float) -> None:
        if time.monotonic() - since > QUIET_PATIENCE:
            raise ServerFailed(f"Не завершается само: {', '.join(busy[:10])}")
        time.sleep(_PAUSE)

    def _let_time_pass(self) -> None:
        """To the nearest moment at which something is due, or somebody meets."""
        moment = self.watch.next_moment(*self._cycles(), within=TOGETHER)
        meetings = [day for day in self._next_meeting.values() if day > self.clock.today()]
        morning = min(meetings, default=None)
        human = None
        if morning is not None:
            human = datetime(morning.year, morning.month, morning.day, 3, tzinfo=UTC)
        if human is not None and (moment is None or human < moment.at):
            move_patiently(self.clock, self.service, human, (), progress=self.progress)
        elif moment is not None:
            known = (moment.at, moment.workflows)
            move_patiently(self.clock, self.service, *known, progress=self.progress)
        elif not self._is_closed():  # it may have closed since we asked
            raise ServerFailed("Цикл ничего не ждёт и не закрыт: в дорожной карте ошибка.")


def move_patiently(
    clock: RehearsalClock,
    service: Service,
    moment: datetime,
    workflows: Sequence[str],
    *,
    progress: Progress,
    patience: float = QUIET_PATIENCE,
) -> None:
    """Move the clock though the worker is away, and bring the worker back meanwhile."""
    deadline = time.monotonic() + patience
    while True:
        try:
            clock.move_to(moment, workflows)
            return
        except Unavailable as error:
            if time.monotonic() > deadline:
                raise ServerFailed(f"Часы репетиции не перевести: {error}") from error
        service.tend(progress)
        time.sleep(_PAUSE)


def _inbox(office: Office, decisions: bool, mark: TasksMark | None) -> list[Act]:  # noqa: FBT001
    """What stands in its inboxes; where nobody has a task, nobody looks."""
    if mark is None:
        return []
    tasks = office.inbox(decisions=decisions, count=mark.number)
    return [Act(office, name, task) for name, task in tasks]


def _matter(task: Answer) -> str:
    """What a task is about: several rows may wait for the same reports."""
    refs: dict[str, str] = task["refs"]
    if task["kind"] == "gather_reports":
        return f"{refs['demand']}@{refs['turn']}"
    return str(task["task_id"])


def _is_of_a_pair(task: Answer) -> bool:
    return task["kind"] == "attach_signed" and "pair" in task["refs"]


def read_record(path: Path) -> RehearsalRecord | None:
    """The record of a rehearsal's home; None before its first cycle."""
    return RehearsalRecord.model_validate_json(path.read_text()) if path.exists() else None


def read_tokens(path: Path) -> dict[str, str]:
    """The tokens of the rehearsed people by name; empty before they have any."""
    tokens: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return tokens
