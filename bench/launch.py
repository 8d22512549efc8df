"""How fast a cycle with a thousand pairs comes up, and how much memory worker and web take then.

The clock runs from the wish to form the pairs until each of them has started, made its first save
and waits for people: readers see it, its consents were checked and the papers that it asks for are
started. Beside it stands a bare loop of as many starts of a workflow that nobody works at, by the
same client, as many at a time, with as large an input. Worker and web are processes of their own,
as in service. What goes on afterwards (two drafts a pair) is told too.

To say where the time goes: the processor seconds of each process, and the floor, which is what
the same server takes for workflows of the same shape whose activities return at once.
"""

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx
from sqlalchemy import text
from temporalio.client import Client

from adapters.postgres.session import engine_for
from bench._floor import shape_round, shape_worker
from bench._shape import Move, Script, script_of
from bench._stage import Stage, a_stage, as_on_a_user_s_machine, median, say
from domain import ids
from domain.cycle_pairs import FormPairs
from domain.enrolment import EnrolledPerson, Enrolment, Part
from domain.pair import PairState
from domain.pairing import PairRequest
from domain.people import AccessRole, Form
from domain.process import Answer
from domain.programme import PAIRS_AT_ONCE, ProgrammeState
from runtime.home import Home
from runtime.ports import free_port
from runtime.processes import Child
from runtime.service import Service
from runtime.settings import WebSettings, read_settings
from workflows.programme import ProgrammeWorkflow

AIM = 0.3
MEMORY_LIMIT = 400  # MiB, worker and web together
WISH = 200  # pairs in one wish
PATIENCE = 1800.0
NOBODY = "bench-nobody"
SHAPED = 100
"""Pairs in the shape at most: its script is one payload, and those are limited to 2 MiB."""

_PAIRS = "WorkflowType = 'PairWorkflow'"
_STARTED = text(
    """
    SELECT count(*) FILTER (WHERE revision >= 0 AND NOT at_work),
           count(*) FILTER (WHERE revision >= 0)
    FROM processes WHERE cycle_id = :cycle AND kind = 'pair'
    """
)
_RESTLESS = text("SELECT count(*) FROM processes WHERE cycle_id = :cycle AND at_work")


class Bench:
    """One cycle over a running service."""

    def __init__(self, stage: Stage, service: Service, url: str, pairs: int) -> None:
        self._stage, self._service, self._url, self._pairs = stage, service, url, pairs
        url_of_rows = stage.settings.database.app_url
        assert url_of_rows
        self._engine = engine_for(url_of_rows)
        self._queue = stage.settings.temporal.task_queue

    async def measure(self) -> dict[str, object]:
        client = await self._stage.client()
        state = self._stage.launch("bench")
        handle = await client.start_workflow(
            ProgrammeWorkflow.run, state, id=state.workflow_id, task_queue=self._queue
        )
        await self._until(lambda: self._rests(state))
        pair = self._sample(state)
        bare = median([await self._bare(client, pair) for _ in range(3)])
        say(f"{self._pairs} bare starts: {bare} s")

        cpu_before = cpu_seconds()
        began = time.monotonic()
        for number in range(0, self._pairs, WISH):
            wish = FormPairs(by=self._stage.curator, pairs=self._requests(number))
            await handle.execute_update("form_pairs", wish, id=f"form{number}", result_type=Answer)
        formed = time.monotonic() - began
        await self._until(lambda: self._count(state)[1] == self._pairs)
        shown = time.monotonic() - began
        say(f"formed {formed:.1f} s, all shown {shown:.1f} s")
        await self._until(lambda: self._count(state)[0] == self._pairs)
        waiting = time.monotonic() - began
        say(f"all wait {waiting:.1f} s")
        await self._until(lambda: self._rests(state))
        drafted = time.monotonic() - began
        cpu = {name: spent - cpu_before[name] for name, spent in cpu_seconds().items()}
        memory = await asyncio.to_thread(self._memory, state)
        shape, moves = await self._shape(client, handle.id)
        say(f"the same shape, empty activities: {1000 * shape:.0f} ms a pair")
        ratio = round(bare / waiting, 3)
        return {
            "bench": "launch",
            "pairs": self._pairs,
            "seconds": {
                "bare_starts": bare,
                "formed": round(formed, 2),
                "shown": round(shown, 2),
                "waiting": round(waiting, 2),
                "consents_drafted": round(drafted, 2),
                "shape": round(shape * self._pairs, 2),
            },
            "moves_of_a_pair": moves,
            "cpu_seconds": {name: round(spent, 1) for name, spent in cpu.items()},
            "memory_mib": memory,
            "ratios": {"launch": ratio, "floor": round(bare / self._pairs / shape, 3)},
            "limits": {"launch": AIM, "memory_mib": MEMORY_LIMIT},
            "ok": ratio >= AIM and sum(memory.values()) < MEMORY_LIMIT,
        }

    async def _shape(self, client: Client, cycle: str) -> tuple[float, dict[str, float]]:
        """Seconds that the shape of what has happened takes for a pair, and a pair's moves."""
        histories = {}
        pairs = [found.id async for found in client.list_workflows(_PAIRS, limit=SHAPED)]
        waiting = list(pairs)
        for id_ in waiting:  # it grows while we look, by the papers of each pair
            history = await client.get_workflow_handle(id_).fetch_history()
            histories[id_] = list(history.events)
            for event in history.events:
                paper = event.start_child_workflow_execution_initiated_event_attributes.workflow_id
                waiting += [paper] if paper else []
        script = Script(
            id=cycle,
            prefix="shape/",
            moves=[Move(what="child", subject=pair) for pair in pairs],
            children={pair: script_of(histories, pair, "shape/") for pair in pairs},
        )
        async with shape_worker(client):
            seconds = await shape_round(client, script)
        moves = {what: round(n / len(pairs), 1) for what, n in script.total().items()}
        return seconds / len(pairs), moves

    def _sample(self, state: ProgrammeState) -> PairState:
        """A pair as the cycle starts it."""
        plan = self._stage.parts.ledger.launch(state.cycle_id).roadmap.track
        return PairState(
            organisation_id=state.organisation_id,
            cycle_id=state.cycle_id,
            pair_id=ids.new_id(),
            mentor_id=ids.new_id(),
            mentee_id=ids.new_id(),
            form=Form.STUDENT_STUDENT,
            curator=ids.new_id(),
            lead=ids.new_id(),
            track=plan.stages,
            since=state.launched,
        )

    async def _bare(self, client: Client, pair: PairState) -> float:
        room = asyncio.Semaphore(PAIRS_AT_ONCE)

        async def start() -> None:
            async with room:
                await client.start_workflow(
                    "BareWorkflow", pair, id=ids.new_id(), task_queue=NOBODY
                )

        began = time.monotonic()
        await asyncio.gather(*(start() for _ in range(self._pairs)))
        return time.monotonic() - began

    def _requests(self, first: int) -> tuple[PairRequest, ...]:
        return tuple(
            PairRequest(
                mentor_id=self._stage.person(f"mentor{number}"),
                mentee_id=self._stage.person(f"mentee{number}"),
                form=Form.STUDENT_STUDENT,
            )
            for number in range(first, min(first + WISH, self._pairs))
        )

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(condition):  # noqa: ASYNC110 - it lies in a database
                await asyncio.sleep(0.1)

    def _count(self, state: ProgrammeState) -> tuple[int, int]:
        with self._engine.connect() as connection:
            waiting, shown = connection.execute(_STARTED, {"cycle": state.cycle_id}).one()
        return waiting, shown

    def _rests(self, state: ProgrammeState) -> bool:
        with self._engine.connect() as connection:
            return not connection.execute(_RESTLESS, {"cycle": state.cycle_id}).scalar_one()

    def _memory(self, state: ProgrammeState) -> dict[str, int]:
        """Peak resident memory, after the web has shown lists of this size."""
        stage = self._stage
        token = stage.parts.desk.add_user(stage.organisation, AccessRole.CURATOR)
        for path in ("people", f"cycles/{state.cycle_id}", "inbox"):
            httpx.get(
                f"{self._url}/api/v1/{path}",
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
            ).raise_for_status()
        return {name: peak_mib(child) for name, child in self._service.children.items()}


def cpu_seconds() -> dict[str, float]:
    """What each process below this one, and this one, has used of the processors (Linux)."""
    stats: dict[int, list[str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            stats[int(folder.name)] = (folder / "stat").read_text().rpartition(")")[2].split()
    ours = [os.getpid()]
    for pid in ours:  # it grows while we look: children of children are ours too
        ours += [child for child, fields in stats.items() if int(fields[1]) == pid]
    used: dict[str, float] = {}
    for pid in ours:
        # User and system time; what ended children of the process used counts for its children.
        ticks = sum(map(int, stats[pid][11:13] if pid == ours[0] else stats[pid][11:15]))
        with suppress(FileNotFoundError, ProcessLookupError):  # one of the database's that ended
            name = _program(pid)
            used[name] = used.get(name, 0.0) + ticks / os.sysconf("SC_CLK_TCK")
    return used


def _program(pid: int) -> str:
    if pid == os.getpid():
        return "bench"
    command = Path(f"/proc/{pid}/cmdline").read_text()
    known = {"runtime.worker": "worker", "runtime.web": "web", "start-dev": "temporal"}
    return next((name for sign, name in known.items() if sign in command), "postgres")


def peak_mib(child: Child) -> int:
    """Peak resident memory of a process (Linux)."""
    status = Path(f"/proc/{child.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def invented(count: int) -> Enrolment:
    """As many grown-up mentors as mentees."""
    return Enrolment(
        people=tuple(
            EnrolledPerson(
                code=f"{side}{number}",
                last="Приречный",
                first="Иван",
                patronymic="Петрович",
                gender="m",
                birth_date=date(1990, 1, 1),
                post="студент",
                roles=(side,),
            )
            for side in (Part.MENTOR, Part.MENTEE)
            for number in range(count)
        )
    )


@contextmanager
def serviced() -> Iterator[tuple[Stage, Service, str]]:
    """The whole service over a home of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="nastavnik-bench-") as folder:
        settings = read_settings(home=Path(folder, "home"))
        settings = replace(settings, web=WebSettings(host="127.0.0.1", port=free_port()))
        with (
            Home(settings.home.home, settings.secret) as home,
            Service(settings, home) as service,
        ):
            serving = service.start(say)
            yield a_stage(serving.settings), service, serving.url


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    as_on_a_user_s_machine()
    with serviced() as (stage, service, url):
        stage.parts.desk.enrol(stage.organisation, invented(given.pairs))
        found = asyncio.run(Bench(stage, service, url, given.pairs).measure())
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for name in (
            "seconds",
            "moves_of_a_pair",
            "cpu_seconds",
            "memory_mib",
            "ratios",
            "limits",
            "ok",
        ):
            print(f"{name}: {found[name]}")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
