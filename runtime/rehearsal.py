"""The rehearsal: a whole cycle on the real engine, a year in a minute, with invented people.

It has a home of its own, on external servers places of its own too (`runtime.places`). People's
acts go through the HTTP API only; the clock alone is read from PostgreSQL and moved through the
gateway. Run again over an unfinished home it goes on where it was; over a finished one it begins a
new cycle.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from adapters.postgres.watch import PostgresWatch
from api.problems import Unavailable
from domain.base import Value
from domain.people import AccessRole
from domain.roadmap import Roadmap
from runtime.cast import Cast, pair_requests, place_of
from runtime.clock import RehearsalClock
from runtime.embedded import Progress
from runtime.processes import ServerFailed
from runtime.rehearsed import Office, Person
from runtime.service import Service
from runtime.times import Times

SIDE_BY_SIDE: Final = 4
QUIET_PATIENCE: Final = 180.0
"""Seconds after which something that is still at work is called stuck."""
_PAUSE: Final = 0.03
MEETING_PAUSE: Final = timedelta(days=9)


class RehearsalRecord(Value):
    """What a second start must know of the first."""

    number: int = 1
    roadmap: str
    pairs: int  # in each yearly turn
    turns: int = 1
    start: date
    cycle_id: str | None = None
    worker_lost: bool = False
    finished: bool = False


@dataclass
class Driver:
    """Plays everybody until the cycle is closed."""

    service: Service
    office: Office
    clock: RehearsalClock
    watch: PostgresWatch
    record: RehearsalRecord
    roadmap: Roadmap
    cast: Cast
    progress: Progress
    remember: Callable[[RehearsalRecord], None]
    times: Times = field(default_factory=Times)
    acts: int = 0
    _next_meeting: dict[str, date] = field(default_factory=dict)
    _stage: str = ""

    def play(self) -> None:
        """Act, wait, move the clock, until nothing is left to do."""
        while True:
            with self.times.on("inboxes"):
                self.service.tend(self.progress)
                # Asked before the inboxes are read: what is drafted in between must be found there.
                quiet = not self.watch.at_work(self.office.cycle_id)
                todo = self._todo(quiet=quiet)
            if todo:
                self._act_all(todo)
            elif not quiet:
                with self.times.on("engine"):
                    self._await_quiet()
            else:
                with self.times.on("clock"):
                    if self._is_closed():
                        return
                    self._let_time_pass()

    def _is_closed(self) -> bool:
        cycle = self.office.people[AccessRole.ADMINISTRATOR].get(f"/cycles/{self.office.cycle_id}")
        stage = f"{cycle['stage']}: {sum(i['done'] for i in cycle['items'])} строк"
        if stage != self._stage:
            self._stage = stage
            done = sum(item["done"] for item in cycle["items"])
            shown = f"{self.clock.now():%d.%m.%Y}: строк {done} из {len(cycle['items'])}"
            self.progress(f"{shown}, документов {cycle['documents']}, дел {self.acts}")
        return bool(cycle["stage"] == "closed")

    def _todo(self, *, quiet: bool) -> list[tuple[str, dict[str, Any]]]:
        """What somebody would do now: no task twice, no meeting before its day."""
        found: dict[str, tuple[str, dict[str, Any]]] = {}
        for name in (AccessRole.DIRECTOR, *self.cast.colleagues, AccessRole.CURATOR):
            for task in self.office.people[name].get("/inbox")["tasks"]:
                if self._is_time_for(task, quiet=quiet):
                    found.setdefault(task["task_id"], (name, task))
        return list(found.values())

    def _is_time_for(self, task: Mapping[str, Any], *, quiet: bool) -> bool:
        if task["kind"] == "record_meeting":
            return self.clock.today() >= self._next_meeting.get(task["refs"]["pair"], date.min)
        if place_of(task) == self.cast.plot.forgotten:
            # Not before the escalation is sent: who forgot is told, and does it then.
            return quiet and bool(task["late"])
        return True

    def _act_all(self, todo: list[tuple[str, dict[str, Any]]]) -> None:
        began = time.monotonic()
        today = self.clock.today()
        if not self.record.worker_lost and any(_is_of_a_pair(t) for _, t in todo):
            self._lose_worker()
        with ThreadPoolExecutor(SIDE_BY_SIDE) as people:
            waiting = [people.submit(self._act, name, task, today) for name, task in todo]
            while not all(one.done() for one in waiting):
                self.service.tend(self.progress)
                time.sleep(_PAUSE)
            took = [one.result() for one in waiting]
        self.times.share(time.monotonic() - began, took)
        self.acts += len(todo)

    def _act(self, name: str, task: dict[str, Any], today: date) -> tuple[str, float]:
        """The kind of the act and the seconds that it took."""
        began = time.monotonic()
        if place_of(task) == self.cast.plot.forming:
            self._form_pairs(task["refs"]["item"])
        self.office.act(name, task, today)
        if task["kind"] == "record_meeting":
            self._next_meeting[task["refs"]["pair"]] = today + MEETING_PAUSE
        return task["kind"], time.monotonic() - began

    def _form_pairs(self, item: str) -> None:
        curator = self.office.people[AccessRole.CURATOR]
        requests = pair_requests(self.cast, self.roadmap, self.record.pairs)
        cycle = self.office.cycle_id
        curator.post(f"/cycles/{cycle}/pairs", f"{cycle}/{item}/pairs", {"pairs": requests})

    def _lose_worker(self) -> None:
        """The power of one machine fails in the middle; nothing may be lost or doubled."""
        self.progress("Проверка на прочность: исполнитель убит (SIGKILL), запускаю снова…")
        self.service.kill_worker()
        self.record = self.record.changed(worker_lost=True)
        self.remember(self.record)

    def _await_quiet(self) -> None:
        deadline = time.monotonic() + QUIET_PATIENCE
        while busy := self.watch.at_work(self.office.cycle_id):
            if time.monotonic() > deadline:
                raise ServerFailed(f"Не завершается само: {', '.join(busy[:10])}")
            self.service.tend(self.progress)
            time.sleep(_PAUSE)

    def _let_time_pass(self) -> None:
        """To the nearest moment at which something is due, or somebody meets."""
        moment = self.watch.next_moment(self.office.cycle_id)
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


def _is_of_a_pair(task: Mapping[str, Any]) -> bool:
    return task["kind"] == "attach_signed" and "pair" in task["refs"]


def people_at(url: str, tokens: Mapping[str, str]) -> dict[str, Person]:
    """Everybody with an account, each with a client of their own."""
    return {
        name: Person(
            httpx.Client(
                base_url=f"{url}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
            ),
        )
        for name, token in tokens.items()
    }


def read_record(path: Path) -> RehearsalRecord | None:
    """The record of a rehearsal's home; None before its first cycle."""
    return RehearsalRecord.model_validate_json(path.read_text()) if path.exists() else None


def read_tokens(path: Path) -> dict[str, str]:
    """The tokens of the rehearsed people by name; empty before they have any."""
    tokens: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return tokens
