"""`recover`: workflows are begun again from their saved states when Temporal has lost them.

Harmless when repeated, cut off, or run while the service is up: what Temporal knows as well as the
rows, or better, is left alone. No worker is needed.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import ValidationError
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from adapters.postgres.recovery import KeptProcess, PostgresRecovery
from domain.base import Value
from domain.documents import DocumentState
from domain.errors import BytesChanged
from domain.messages import Fact, MandatesChanged
from domain.process import Process
from domain.recovery import Children, KeptPair, State, came_back, news_of, to_begin
from runtime.embedded import Progress
from runtime.opening import check_keys
from runtime.saves import Saves
from runtime.settings import Settings
from runtime.wiring import Parts, connect
from workflows.process import CYCLE_KEY, DOCUMENT, PAIR, STAGE_KEY

AT_ONCE: Final = 20
_SHOWN: Final = 500
"""Processes between two words of progress."""
_WORKFLOWS: Final = {"cycle": "ProgrammeWorkflow", "pair": PAIR, "document": DOCUMENT}
_CHILDREN: Final = ("document", "pair")
"""They come first: a parent that is back finds the same ones, and begins none anew."""


def uppers_first(cycles: Sequence[KeptProcess]) -> Iterator[list[KeptProcess]]:
    """The cycles level by level: one that is back and finds nobody above takes the cycle there for
    closed, and its report for late.
    """
    rest = list(cycles)
    while rest:
        ids = {one.id for one in rest}
        level = [one for one in rest if one.upper not in ids] or rest
        yield level
        rest = [one for one in rest if one not in level]


class Recovered(Value):
    """How many processes were found how; `ok` without trouble."""

    ok: bool
    started: int  # Temporal did not have them
    restarted: int  # what Temporal had was older than the row
    intact: int
    finished: int  # they stay closed
    ended: int  # finished by their rows, open in an older Temporal: terminated
    trouble: tuple[str, ...]


def recover(settings: Settings, parts: Parts, say: Progress) -> Recovered:
    """Begin again whatever is open by the rows and not, or older, in Temporal.

    Raises `KeyUnfit` before anything is begun, `OperationalError` if the database goes away.
    """

    async def run() -> Recovered:
        client = await connect(settings, parts.payload_keys)
        await check_keys(parts.desk, client, parts.payload_keys)
        queue = settings.temporal.task_queue
        return await Recovery(client, queue, parts.recovery, say).run()

    return asyncio.run(run())


class Recovery:
    """One run of it."""

    def __init__(
        self, client: Client, task_queue: str, rows: PostgresRecovery, say: Progress
    ) -> None:
        self._client, self._queue, self._rows, self._say = client, task_queue, rows, say
        self._saves = Saves(client)
        self._kept: dict[str, KeptProcess] = {}
        self._below: dict[str, list[KeptProcess]] = defaultdict(list)
        self._over: set[str] = set()
        self._rights: dict[str, tuple[str, int]] = {}  # documents: organisation, revision known
        self._count: Counter[str] = Counter()
        self._trouble: list[str] = []

    async def run(self) -> Recovered:
        """Bring back everything."""
        for one in await asyncio.to_thread(self._rows.kept):
            self._kept[one.id] = one
            if one.parent is not None:
                self._below[one.parent].append(one)
        self._over = {one.id for one in self._kept.values() if one.over}
        await self._each(self._open(), self._begin_children)
        for kind in _CHILDREN:
            await self._each((one for one in self._open() if one.kind == kind), self._bring_back)
        for level in uppers_first([one for one in self._open() if one.kind == "cycle"]):
            await self._each(level, self._bring_back)
        new = [one for one in self._kept.values() if one.kind == "cycle" and not one.saved]
        await self._each(new, self._launch)
        await self._end_what_is_over()
        spoken = [one for one in self._kept.values() if one.owed or one.changes or one.nested]
        await self._each(spoken, self._tell)
        await self._tell_rights()
        return Recovered(
            ok=not self._trouble,
            started=self._count["started"],
            restarted=self._count["restarted"],
            intact=self._count["intact"],
            finished=len(self._over),
            ended=self._count["ended"],
            trouble=tuple(sorted(self._trouble)),
        )

    def _open(self) -> list[KeptProcess]:
        """What has saved itself and is not surely over."""
        return [one for one in self._kept.values() if one.saved and one.id not in self._over]

    async def _each(
        self,
        processes: Iterable[KeptProcess],
        step: Callable[[KeptProcess], Awaitable[None]],
    ) -> None:
        """The step for each, many at once; what cannot be done for one is told of that one."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def take(one: KeptProcess) -> None:
            async with gate:
                try:
                    await step(one)
                except ValidationError:
                    self._trouble.append(f"{one.id}: сохранённое состояние не читается")
                except BytesChanged:
                    self._trouble.append(f"{one.id}: сохранённое состояние изменено в обход службы")
                except RPCError as error:
                    self._trouble.append(f"{one.id}: Temporal ответил {error.status.name}")

        await asyncio.gather(*(take(one) for one in processes))

    # One process

    async def _begin_children(self, one: KeptProcess) -> None:
        if all(child.saved for child in self._below[one.id]):
            return
        state, children = await self._state(one), await self._children(one)
        if state is None:
            return
        now = datetime.now(UTC) + timedelta(seconds=state.clock_offset)
        for first in to_begin(came_back(state, children, now), children, now):
            await self._start(first, WorkflowIDConflictPolicy.FAIL)

    async def _bring_back(self, one: KeptProcess) -> None:
        state = await self._state(one)
        if state is None:
            return
        if state.is_finished() and not one.at_work:
            self._over.add(one.id)
            return
        if isinstance(state, DocumentState):
            self._rights[one.id] = (one.organisation_id, state.mandates.revision)
        status = await self._status(one.id)
        if status is WorkflowExecutionStatus.RUNNING:
            if await self._saves.asked(one.id) >= state.revision:
                self._count["intact"] += 1
            else:
                await self._restart(one, state, WorkflowIDConflictPolicy.TERMINATE_EXISTING)
        elif status is WorkflowExecutionStatus.COMPLETED:
            await self._look_again(one)
        else:
            await self._restart(one, state, WorkflowIDConflictPolicy.FAIL)

    async def _look_again(self, one: KeptProcess) -> None:
        """It may have come to its end since its row was read."""
        state = await self._state(one)
        if state is not None and state.is_finished():
            self._over.add(one.id)
        else:
            self._trouble.append(f"{one.id}: в Temporal завершён, а по записи ещё открыт")

    async def _restart(
        self, one: KeptProcess, state: State, conflict: WorkflowIDConflictPolicy
    ) -> None:
        children = await self._children(one)
        now = datetime.now(UTC) + timedelta(seconds=state.clock_offset)
        back = came_back(state, children, now, at_work=one.at_work)
        await self._start(back, conflict)

    async def _launch(self, one: KeptProcess) -> None:
        """A cycle that was launched and never saved itself."""
        first = await asyncio.to_thread(self._rows.launched, one.cycle_id)
        if first is not None:
            await self._start(first, WorkflowIDConflictPolicy.FAIL)
        elif await self._status(one.id) is None:
            self._trouble.append(f"{one.id}: кто запустил цикл, не записано; запустите его снова")

    async def _start(self, state: Process, conflict: WorkflowIDConflictPolicy) -> None:
        """What is there already, if it may stay, is the same one."""
        replaces = conflict is WorkflowIDConflictPolicy.TERMINATE_EXISTING
        shown: list[SearchAttributePair[str]] = [SearchAttributePair(CYCLE_KEY, state.cycle_id)]
        known = self._kept.get(state.workflow_id)
        if known is not None and known.saved:  # else it shows it with its first save
            shown.append(SearchAttributePair(STAGE_KEY, state.stage_name))
        try:
            await self._client.start_workflow(
                _WORKFLOWS[state.workflow_id.partition("/")[0]],
                state,
                id=state.workflow_id,
                task_queue=self._queue,
                # Somebody may have terminated it; what came to its end by itself is not begun.
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=conflict,
                search_attributes=TypedSearchAttributes(shown),
            )
        except WorkflowAlreadyStartedError:
            self._count["intact"] += 1
            return
        self._count["restarted" if replaces else "started"] += 1
        if (begun := self._count["started"] + self._count["restarted"]) % _SHOWN == 0:
            self._say(f"Восстановлено процессов: {begun}…")

    async def _state(self, one: KeptProcess) -> State | None:
        return await asyncio.to_thread(self._rows.state, one.id)

    async def _children(self, one: KeptProcess) -> Children:
        pairs: tuple[KeptPair, ...] = ()
        if one.kind == "cycle":
            pairs = await asyncio.to_thread(self._rows.pairs, one.cycle_id)
        saved = frozenset(child.id for child in self._below[one.id] if child.saved)
        return Children(saved=saved, pairs=pairs)

    # What Temporal knows

    async def _status(self, workflow_id: str) -> WorkflowExecutionStatus | None:
        try:
            described = await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return described.status

    async def _end_what_is_over(self) -> None:
        """An older Temporal holds processes open that came to their end since."""
        async for found in self._client.list_workflows('ExecutionStatus = "Running"'):
            if found.id not in self._over:
                continue
            handle = self._client.get_workflow_handle(found.id, run_id=found.run_id)
            try:
                if await self._saves.asked(found.id) < self._kept[found.id].revision:
                    await handle.terminate(reason="recover: finished since")
                    self._count["ended"] += 1
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # it has just ended by itself
                    raise

    # News

    async def _tell(self, one: KeptProcess) -> None:
        state = await self._state(one)
        for news in news_of(state) if state is not None else ():
            await self._signal(news.to, news.signal, news.fact)

    async def _tell_rights(self) -> None:
        """Documents may have been told of rights to decide and not have saved it."""
        organisations = {organisation for organisation, _ in self._rights.values()}
        known = {one: await asyncio.to_thread(self._rows.mandates, one) for one in organisations}
        clock = await asyncio.to_thread(self._rows.clock_offset)
        for document, (organisation, revision) in self._rights.items():
            if revision < known[organisation].revision:
                fact = MandatesChanged(mandates=known[organisation], clock_offset=clock)
                await self._signal(document, "mandates_changed", fact)

    async def _signal(self, workflow_id: str, signal: str, fact: Fact) -> None:
        """Tell it, if it is open."""
        if workflow_id not in self._kept or workflow_id in self._over:
            return
        try:
            await self._client.get_workflow_handle(workflow_id).signal(signal, fact)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
