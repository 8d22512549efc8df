"""How long a municipality takes to hear, accept and sum the reports of all its organisations.

A real upper cycle over real servers; each organisation below is a workflow that takes signals and
does nothing, with a real row of figures. All report in one burst, which is more than the minute
that they have. The clock runs from the first signal until every report is recorded (`heard`), the
one wish that accepts them all is answered (`accepted`), every organisation was told (`told`) and
the counts of the district are summed from the rows (`summed`). Beside it stands a bare workflow
that takes as many signals of the same size and saves nothing.

By the sizes it is told how the time grows (1 is linear), how long the longest history was and how
large the largest payload, as Temporal keeps it.
"""

import argparse
import asyncio
import json
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from google.protobuf.message import Message as Proto
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.tasks import Launch
from adapters.postgres.branch_tables import BranchReportRow
from adapters.postgres.measures import counted
from adapters.postgres.rows import Known, put
from bench._stage import Stage, as_on_a_user_s_machine, median, say, served
from domain import ids
from domain.branch_wishes import AnswerReports, Invite
from domain.measures import OWN
from domain.messages import BranchMoved, Fact, ReportReceived
from domain.people import AccessRole
from domain.process import Answer
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from runtime.worker import make_worker
from workflows.programme import ProgrammeWorkflow

SIZES = (30, 95, 300)
AT_ONCE = 50
QUIET = "bench-quiet"
PATIENCE = 600.0
LIMITS = {"seconds": 60.0, "exponent": 1.2, "events_in_a_run": 5000, "payload_bytes": 16384}
DEMAND = "yearly"
WHERE = f"{DEMAND}@1"


@workflow.defn
class QuietWorkflow:
    """Takes any signal and does nothing."""

    def __init__(self) -> None:
        self._heard = 0

    @workflow.run
    async def run(self, wanted: int) -> int:
        await workflow.wait_condition(lambda: self._heard >= wanted)
        return self._heard

    @workflow.signal
    def report_answered(self, fact: dict[str, Any]) -> None:
        del fact
        self._heard += 1


def roadmap(name: str) -> Roadmap:
    """A district that waits for the reports of its organisations, and closes with its own row."""

    def row(number: str, by: dict[str, object], **fields: object) -> dict[str, object]:
        return {
            "id": number,
            "stage": "main",
            "title": f"Строка {number}",
            "lead": "curator",
            "deadline": {"rule": "all_year"},
            "results": [{"id": "done", "title": "Сделано", "by": by}],
            **fields,
        }

    return Roadmap.model_validate(
        {
            "roadmap": name,
            "version": 1,
            "title": "Район",
            "source": "выдумано для измерения",
            "level": "municipality",
            "season": {"month": 9, "months": 12},
            "curator": "curator",
            "roles": {"curator": {"title": "Куратор"}},
            "stages": [{"id": "main", "title": "Главный"}],
            "steps": [
                row("1", {"proof": "reports", "demand": DEMAND}, scope="organisations"),
                row("2", {"proof": "remark"}, after=["1"]),
            ],
            "below": {"roadmap": "school"},
            "demands": {DEMAND: {"title": "Отчёт за год"}},
        }
    )


def launched(stage: Stage, name: str) -> ProgrammeState:
    """A cycle of its own, as the API would leave it for the workflow."""
    now, cycle_id = datetime.now(UTC), ids.new_id()
    launch = Launch(
        roadmap=roadmap(name),
        start=now.date(),
        time_zone=stage.cast.organisation.time_zone,
        holders={"curator": stage.person(stage.cast.accounts[AccessRole.CURATOR])},
    )
    stage.parts.desk.keep_launch(cycle_id, stage.organisation, launch)
    return ProgrammeState(
        organisation_id=stage.organisation,
        cycle_id=cycle_id,
        administrator="bench",
        launched=now,
    )


def organisations(stage: Stage, count: int) -> list[str]:
    """So many organisations below."""
    known = stage.cast.organisation.model_dump()
    made = []
    for number in range(1, count + 1):
        id_ = ids.new_id()
        stage.parts.desk.add_organisation(
            id_, **{**known, "name": f"Школа № {number}", "short_name": f"Школа {number}"}
        )
        made.append(id_)
    return made


def keep_figures(stage: Stage, cycle_id: str, count: int) -> None:
    """What each branch reports: every count of a school."""
    rows = [
        {
            "cycle_id": cycle_id,
            "n": n,
            "demand": DEMAND,
            "turn": 1,
            "version": 1,
            "organisation_id": stage.organisation,
            "figures": dict.fromkeys(OWN, n % 7),
            "origin": "system",
            "at": datetime.now(UTC).isoformat(),
        }
        for n in range(1, count + 1)
    ]
    with stage.parts.engine.begin() as connection:
        put(connection, BranchReportRow, rows, Known.IS_AN_ERROR)


async def gently(calls: Iterable[Awaitable[object]]) -> None:
    """Some at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(call: Awaitable[object]) -> None:
        async with gate:
            await call

    await asyncio.gather(*(one(call) for call in calls))


async def until_rows(stage: Stage, cycle_id: str, count: int, status: str) -> None:
    """Readers see so many reports that stand so."""
    query = (
        "SELECT count(*) FROM branches WHERE cycle_id = %(cycle)s "
        "AND reports #>> %(path)s = %(status)s"
    )
    given = {"cycle": cycle_id, "path": f"{{{WHERE},status}}", "status": status}
    async with asyncio.timeout(PATIENCE):
        while True:
            with stage.parts.engine.connect() as connection:
                found = connection.exec_driver_sql(query, given).scalar_one()
            if found == count:
                return
            await asyncio.sleep(0.05)


async def until(
    handle: WorkflowHandle[Any, Any], condition: Callable[[ProgrammeState], bool]
) -> None:
    """The upper cycle has come so far."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if condition(await handle.query("state", result_type=ProgrammeState)):
                return
            await asyncio.sleep(0.1)


def all_told(state: ProgrammeState) -> bool:
    return all(one.told for branch in state.branches for one in branch.reports.values())


class Round:
    """One district of a size."""

    def __init__(self, stage: Stage, client: Client, below: Sequence[str]) -> None:
        self._stage, self._client, self._below = stage, client, below
        self._count = len(below)
        self.seconds: dict[str, float] = {}

    async def run(self, name: str) -> None:
        queue = self._stage.settings.temporal.task_queue
        state = launched(self._stage, name)
        self.cycle_id = state.cycle_id
        self._upper = await self._client.start_workflow(
            ProgrammeWorkflow.run, state, id=state.workflow_id, task_queue=queue
        )
        await self._prepared()
        began = time.perf_counter()
        await gently(self._signals())
        await until_rows(self._stage, self.cycle_id, self._count, "sent")
        self._mark("heard", began)
        await self._ask("answer_reports", self._acceptance())
        self._mark("accepted", began)
        with self._stage.parts.engine.connect() as connection:
            summed = counted(connection, self._stage.organisation, self.cycle_id, 1)
        self._mark("summed", began)
        assert summed["organisations_reported"] == self._count
        await until(self._upper, all_told)
        self._mark("told", began)

    async def _prepared(self) -> None:
        """All are invited, have joined, and their figures lie in rows."""
        await until(self._upper, lambda state: state.plan is not None)
        await self._ask("invite", Invite(by=self._stage.curator, below_ids=tuple(self._below)))
        numbers = range(1, self._count + 1)
        await gently(
            self._client.start_workflow(
                QuietWorkflow.run,
                1,
                id=ids.cycle_workflow(ids.branch_cycle(self.cycle_id, n)),
                task_queue=QUIET,
            )
            for n in numbers
        )
        await gently(
            self._upper.signal("branch_moved", BranchMoved(n=n, stage="joined")) for n in numbers
        )
        keep_figures(self._stage, self.cycle_id, self._count)

    def _signals(self) -> Iterable[Awaitable[None]]:
        for n in range(1, self._count + 1):
            yield self._upper.signal("report_received", a_report(n))

    def _acceptance(self) -> AnswerReports:
        numbers = tuple(range(1, self._count + 1))
        return AnswerReports(by=self._stage.curator, demand=DEMAND, branches=numbers, accepted=True)

    async def _ask(self, update: str, wish: Invite | AnswerReports) -> None:
        await self._upper.execute_update(update, wish, id=ids.new_id(), result_type=Answer)

    def _mark(self, what: str, began: float) -> None:
        self.seconds[what] = time.perf_counter() - began

    async def bare(self) -> float:
        """Seconds until a workflow that saves nothing has heard as many signals."""
        handle = await self._client.start_workflow(
            QuietWorkflow.run, self._count, id=ids.new_id(), task_queue=QUIET
        )
        began = time.perf_counter()
        await gently(
            handle.signal("report_answered", a_report(n)) for n in range(1, self._count + 1)
        )
        await handle.result()
        return time.perf_counter() - began

    async def history(self) -> tuple[int, int]:
        """Events of the longest run, and bytes of the largest payload, of the upper cycle."""
        longest, largest, run_id = 0, 0, self._upper.first_execution_run_id
        while run_id:
            run = self._client.get_workflow_handle(self._upper.id, run_id=run_id)
            count = 0
            next_run = ""
            async for event in run.fetch_history_events():
                count += 1
                largest = max(largest, *(len(one.data) for one in payloads(event)), 0)
                continued = event.workflow_execution_continued_as_new_event_attributes
                next_run = continued.new_execution_run_id or next_run
            longest, run_id = max(longest, count), next_run
        return longest, largest


def a_report(n: int) -> Fact:
    return ReportReceived(n=n, demand=DEMAND, turn=1, version=1)


def payloads(message: Proto) -> Iterable[Payload]:
    """All payloads in a protobuf message, however deep."""
    if isinstance(message, Payload):
        yield message
        return
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        if field.message_type.GetOptions().map_entry:
            values: Iterable[object] = value.values()
        else:
            values = value if field.is_repeated else (value,)
        for one in values:
            if isinstance(one, Proto):
                yield from payloads(one)


async def measure(stage: Stage, sizes: Sequence[int], rounds: int) -> dict[str, object]:
    client = await stage.client()
    below = organisations(stage, max(sizes))
    say(f"{len(below)} organisations")
    quiet = Worker(
        client,
        task_queue=QUIET,
        workflows=[QuietWorkflow],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    found: dict[int, dict[str, list[float]]] = {size: {} for size in sizes}
    events = largest = 0
    async with make_worker(client, stage.parts, stage.settings.temporal.task_queue), quiet:
        for number in range(rounds):
            for size in sizes:
                one = Round(stage, client, below[:size])
                await one.run(f"district{number}x{size}")
                bare = await one.bare()
                run, payload = await one.history()
                events, largest = max(events, run), max(largest, payload)
                for what, seconds in {**one.seconds, "bare": bare}.items():
                    found[size].setdefault(what, []).append(seconds)
                say(f"round {number}, {size}: {one.seconds}, bare {bare:.2f} s, {run} events")
    return told_of(
        {size: {k: median(v) for k, v in kept.items()} for size, kept in found.items()},
        events,
        largest,
    )


def told_of(seconds: dict[int, dict[str, float]], events: int, largest: int) -> dict[str, object]:
    small, large = min(seconds), max(seconds)
    exponent = math.log(seconds[large]["told"] / seconds[small]["told"]) / math.log(large / small)
    figures = {
        "seconds": seconds[large]["told"],
        "exponent": round(exponent, 2),
        "events_in_a_run": events,
        "payload_bytes": largest,
    }
    return {
        "bench": "nested",
        "seconds": {str(size): kept for size, kept in seconds.items()},
        "figures": figures,
        "ratios": {"nested": round(seconds[large]["bare"] / seconds[large]["heard"], 3)},
        "limits": LIMITS,
        "ok": all(figures[name] <= limit for name, limit in LIMITS.items()),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    as_on_a_user_s_machine()
    with served() as stage:
        found = asyncio.run(measure(stage, given.sizes, given.rounds))
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for name in ("seconds", "figures", "ratios", "limits", "ok"):
            print(f"{name}: {found[name]}")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
