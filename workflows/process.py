"""The shell that a cycle, a pair and a document share.

Handlers change the state in one step and wait until it is saved; the loop saves, then does the
moves that follow from the saved state, side by side, each once. One timer wakes it when time
alone changes something.
"""

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    FailureError,
    WorkflowAlreadyStartedError,
)
from temporalio.workflow import ParentClosePolicy

from activities.records import RecordActivities
from activities.tasks import SaveProgress, SendNotices
from domain.base import Message
from domain.documents import DocumentState
from domain.messages import Fact
from domain.pair import PairState
from domain.process import Answer, Command, Notice, Process
from domain.programme import ProgrammeState
from workflows.policies import SAVE, Policy

STAGE_KEY = SearchAttributeKey.for_keyword("NastavnikStage")
CYCLE_KEY = SearchAttributeKey.for_keyword("NastavnikCycle")

NOTICES = "notices"

# Children are started by name: a sandbox then loads one workflow's module instead of three.
DOCUMENT, PAIR = "DocumentWorkflow", "PairWorkflow"


class Move(Protocol):
    """Something that the process does by itself; moves with one key never run side by side."""

    @property
    def key(self) -> str: ...


class ClockMoved(Message):
    """The rehearsal clock of one process was moved forward; it answers when it has settled."""

    offset: int


S = TypeVar("S", ProgrammeState, PairState, DocumentState)
M = TypeVar("M", bound=Move)
T = TypeVar("T", bound=Message)
R = TypeVar("R", bound=BaseModel | None)
C = TypeVar("C", bound=Command)


class ProcessShell(Generic[S, M]):
    """Base of the three workflows. `_state` and `_saved` are set by `@workflow.init`."""

    _state: S

    def _start(self, state: S) -> None:
        self._state = state
        # A child's row was made by its parent: its own first save comes after its first move.
        self._saved = state.revision if state.started or state.announced else -1
        self._shown = state.stage_name if state.started else ""
        self._stale = False
        self._moves: dict[str, asyncio.Task[None]] = {}
        self._starting: set[str] = set()

    # What each workflow says of itself

    @abstractmethod
    def _next_moves(self) -> Sequence[M]:
        """Moves that follow from the state now."""

    @abstractmethod
    async def _do(self, move: M) -> None:
        """Do it, then take the state that follows."""

    # Time

    def _now(self) -> datetime:
        """Process time: the server's, ahead by the rehearsal clock."""
        return self._time(self._state.clock_offset)

    def _now_for(self, wish: Command) -> datetime:
        """The time at which a wish is taken: by the later of its clock and ours."""
        return self._time(max(self._state.clock_offset, wish.clock_offset))

    def _time(self, offset: int) -> datetime:
        """The only place where process time is made."""
        return workflow.now() + timedelta(seconds=offset)

    # The loop

    async def _live(self) -> S:
        """Runs the process to its end, or to the next run of the same workflow."""
        while True:
            self._reap_moves()
            self._state = self._state.advanced(self._now())
            if self._is_dirty():
                await self._save()
                continue
            self._begin_moves()
            await self._work_or_leave()
            if self._may_leave():
                if self._state.is_finished():
                    return self._state
                workflow.continue_as_new(self._state)

    def _is_dirty(self) -> bool:
        return self._stale or self._state.revision > self._saved

    def _may_leave(self) -> bool:
        idle = not self._is_dirty() and not self._moves and workflow.all_handlers_finished()
        return idle and (
            self._state.is_finished() or workflow.info().is_continue_as_new_suggested()
        )

    async def _work_or_leave(self) -> None:
        """Waits for a change, the right to leave, or the moment when time changes something."""
        now = self._now()
        moment = self._state.next_moment(now)
        timeout = None if moment is None else (moment - now).total_seconds()
        try:
            await workflow.wait_condition(
                lambda: self._is_dirty() or self._has_done_moves() or self._may_leave(),
                timeout=timeout,
            )
        except TimeoutError:
            return

    async def _save(self) -> None:
        """Makes the state visible. Events that arise meanwhile wait for the next save."""
        self._stale = False
        state, now = self._state.changed(started=True), self._now()
        self._show(state.stage_name)
        task = SaveProgress(
            state=state.to_save(),
            now=now,
            at_work=bool(self._moves or self._next_moves() or state.notices_due(now)),
            waiting_until=state.next_moment(now),
        )
        await self._call(RecordActivities.save_progress, task, SAVE)
        self._state = self._state.saved(state)
        self._saved = state.revision

    def _show(self, stage: str) -> None:
        """Operators find workflows by stage; rows, not this, are what pages read."""
        if stage != self._shown:
            workflow.upsert_search_attributes([STAGE_KEY.value_set(stage)])
            self._shown = stage

    def _begin_moves(self) -> None:
        for move in self._next_moves():
            if move.key not in self._moves:
                self._moves[move.key] = asyncio.create_task(self._try(move))
        if self._state.notices_due(self._now()) and NOTICES not in self._moves:
            self._moves[NOTICES] = asyncio.create_task(self._notify())

    def _has_done_moves(self) -> bool:
        return any(task.done() for task in self._moves.values())

    def _reap_moves(self) -> None:
        """Forgets what is done; an error in it is a bug, and rises here, where it is seen."""
        for key in [key for key, task in self._moves.items() if task.done()]:
            self._moves.pop(key).result()
            self._stale = True  # readers must learn that nothing is at work any more

    async def _try(self, move: M) -> None:
        try:
            await self._do(move)
        except ActivityError as error:
            self._state = self._state.troubled(move.key, code_of(error), self._now())

    async def _notify(self) -> None:
        now = self._now()
        notices = self._state.notices_due(now)
        await self._send(notices, now)
        self._state = self._state.noticed(notices, now)

    async def _send(self, notices: tuple[Notice, ...], now: datetime) -> None:
        task = SendNotices(
            organisation_id=self._state.organisation_id,
            cycle_id=self._state.cycle_id,
            subject=self._state.workflow_id,
            notices=notices,
            now=now,
        )
        await self._call(RecordActivities.send_notices, task, SAVE)

    async def _call(self, method: Callable[[Any, T], R], task: T, policy: Policy) -> R:
        result: R = await workflow.execute_activity_method(
            method,
            task,
            start_to_close_timeout=policy.start_to_close,
            retry_policy=policy.retry,
        )
        return result

    # Children and owners

    async def _tell(self, workflow_id: str, signal: str, fact: Fact) -> bool:
        """Tells another process; one that has ended needs to know nothing any more: False."""
        other = workflow.get_external_workflow_handle(workflow_id)
        try:
            await other.signal(signal, fact)
        except FailureError as error:
            workflow.logger.info("%s was not told: %s", workflow_id, error.message)
            return False
        return True

    async def _start_child(self, kind: str, state: Process) -> None:
        """Starts a child that outlives this run; one that is there already is the same one."""
        self._starting.add(state.workflow_id)
        try:
            await workflow.start_child_workflow(
                kind,
                state,
                id=state.workflow_id,
                parent_close_policy=ParentClosePolicy.ABANDON,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=TypedSearchAttributes(
                    [SearchAttributePair(CYCLE_KEY, state.cycle_id)]
                ),
            )
        except WorkflowAlreadyStartedError:
            workflow.logger.info("%s was started before", state.workflow_id)
        finally:
            self._starting.discard(state.workflow_id)

    async def _after_start_of(self, workflow_id: str) -> None:
        """A child may say its last word before the server tells us that it was started."""
        await workflow.wait_condition(lambda: workflow_id not in self._starting)

    # Messages

    def _check(self, wish: C, rule: Callable[[C], None]) -> None:
        """For validators: a repeat passes, everything else is for the rule to refuse."""
        if self._state.answer_to(_request_id()) is None:
            rule(wish)

    async def _accept(self, wish: C, change: Callable[[S, C, datetime], S]) -> Answer:
        """For handlers: changes the state in one step, then waits until it is saved."""
        request_id = _request_id()
        known = self._state.answer_to(request_id)
        if known is None:
            self._state = self._state.with_clock(wish.clock_offset)
            self._state = change(self._state, wish, self._now()).answered(request_id)
        answer = known or Answer(request_id=request_id, revision=self._state.revision)
        await workflow.wait_condition(lambda: self._saved >= answer.revision)
        return answer

    def _heard(self, fact: Fact) -> datetime:
        """For signals: takes the later clock; the time at which the fact came."""
        self._state = self._state.with_clock(fact.clock_offset)
        return self._now()

    async def _settle_clock(self, wish: ClockMoved) -> Answer:
        self._state = self._state.with_clock(wish.offset)
        mine = self._state.revision
        await workflow.wait_condition(lambda: self._saved >= mine)
        return Answer(request_id=_request_id(), revision=mine)


def _request_id() -> str:
    info = workflow.current_update_info()
    if info is None:
        raise RuntimeError("only updates have a request id")
    return info.id


def code_of(error: FailureError) -> str:
    """The class of the refusal beneath an activity's failure; other failures name their kind."""
    cause = error.cause
    return (cause.type or "Unknown") if isinstance(cause, ApplicationError) else "Unknown"
