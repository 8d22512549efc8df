"""A workflow that does as much as a real one did, and nothing of its work.

Its script is read from the real history: the same updates, timers, activities, children and
signals in the same order, the activities returning at once.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from pydantic import BaseModel
from temporalio import activity, workflow
from temporalio.api.history.v1 import HistoryEvent
from temporalio.workflow import ParentClosePolicy

LIMIT = timedelta(seconds=60)
LONG = timedelta(days=10)


class Move(BaseModel):
    """A thing that the real workflow did (activity, timer, child, tell) or took (update, heard)."""

    what: str
    subject: str = ""


class Script(BaseModel):
    """All moves of a workflow; `prefix` keeps its id apart from the real one's."""

    id: str
    prefix: str = ""
    moves: list[Move]
    children: dict[str, "Script"] = {}

    def total(self) -> Counter[str]:
        """How many moves of each kind, children included."""
        own = Counter(move.what for move in self.moves)
        return sum((child.total() for child in self.children.values()), own)


class Place(BaseModel):
    """What a workflow tells: how many updates of people it has asked for."""

    id: str = ""
    number: int = 0


asked: dict[str, int] = {}
"""How many updates each workflow has asked people for, as rows would show it."""


@activity.defn
def note(place: Place) -> Place:
    """Returns at once."""
    asked[place.id] = max(place.number, asked.get(place.id, 0))
    return place


@workflow.defn
class ShapeWorkflow:
    @workflow.init
    def __init__(self, script: Script) -> None:
        self._script = script
        self._taken = {"update": 0, "heard": 0}
        self._timer: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, script: Script) -> int:
        done = {"update": 0, "heard": 0}
        starting: list[str] = []
        for number, move in enumerate(script.moves):
            match move.what:
                case "activity":
                    await self._note(done["update"] + _asked_next(script.moves[number + 1 :]))
                case "timer":
                    self._timer = asyncio.create_task(workflow.sleep(LONG))
                case "child":
                    # The real one starts neighbours side by side, and so must this one.
                    starting.append(move.subject)
                    if not any(after.what == "child" for after in script.moves[number + 1 :][:1]):
                        await asyncio.gather(*map(self._start, starting))
                        starting.clear()
                case "tell":
                    other = workflow.get_external_workflow_handle(script.prefix + move.subject)
                    await other.signal("hear", Place())
                case taken:
                    done[taken] += 1
                    await self._take(taken, done[taken])
        return len(script.moves)

    async def _take(self, what: str, number: int) -> None:
        await workflow.wait_condition(lambda: self._taken[what] >= number)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _note(self, number: int) -> None:
        place = Place(id=self._script.prefix + self._script.id, number=number)
        await workflow.execute_activity(note, place, start_to_close_timeout=LIMIT)

    async def _start(self, subject: str) -> None:
        child = self._script.children[subject]
        await workflow.start_child_workflow(
            ShapeWorkflow.run,
            child,
            id=child.prefix + child.id,
            parent_close_policy=ParentClosePolicy.ABANDON,
        )

    @workflow.update
    async def act(self, place: Place) -> Place:
        self._taken["update"] += 1
        return place

    @act.validator
    def _check_act(self, place: Place) -> None:
        if place.number != self._taken["update"] + 1:
            raise ValueError(f"update {place.number} came out of turn")

    @workflow.signal
    def hear(self, place: Place) -> None:
        del place
        self._taken["heard"] += 1


def _asked_next(following: Sequence[Move]) -> int:
    """How many updates come before the next activity."""
    count = 0
    for move in following:
        if move.what == "activity":
            return count
        count += move.what == "update"
    return count


def script_of(histories: Mapping[str, Sequence[HistoryEvent]], root: str, prefix: str) -> Script:
    """What the workflow `root` and its children did."""
    moves = [move for event in histories[root] if (move := _move(event))]
    children = [move.subject for move in moves if move.what == "child"]
    return Script(
        id=root,
        prefix=prefix,
        moves=moves,
        children={child: script_of(histories, child, prefix) for child in children},
    )


_WHAT = {
    "activity_task_scheduled_event_attributes": "activity",
    "timer_started_event_attributes": "timer",
    "workflow_execution_update_accepted_event_attributes": "update",
    "workflow_execution_signaled_event_attributes": "heard",
    "start_child_workflow_execution_initiated_event_attributes": "child",
    "signal_external_workflow_execution_initiated_event_attributes": "tell",
}


def _move(event: HistoryEvent) -> Move | None:
    what = _WHAT.get(event.WhichOneof("attributes") or "")
    child = event.start_child_workflow_execution_initiated_event_attributes.workflow_id
    told = event.signal_external_workflow_execution_initiated_event_attributes
    if what is None:
        return None
    return Move(what=what, subject=child or told.workflow_execution.workflow_id)


def ids_of(script: Script) -> Iterable[str]:
    """The workflow ids of a script and its children."""
    yield script.prefix + script.id
    for child in script.children.values():
        yield from ids_of(child)
