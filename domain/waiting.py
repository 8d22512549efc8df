"""What is waited for: who is asked, since when, until when, and what follows.

Found from saved states alone: of documents here, of rows, pairs and cycles in
`domain.waiting_rows`; `domain.waiting_words` says it in one Russian sentence. Nothing is without an
answer: people do something, the service works by itself, a day must come, or all is over.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from domain.base import Value
from domain.document_approval import Stage
from domain.documents import DocumentState
from domain.process import Process, Task
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.routes import RouteStage

_SAID_TOGETHER: Final = ("decide", "attach_review", "answer_remark")
"""Tasks that several people may have of one document at once."""


class Then(Value):
    """What follows; `what` is a key of `waiting_words.THEN`."""

    what: str
    whom: tuple[str, ...] = ()
    words: str = ""
    n: int = 1  # how many things `words` names


class Wait(Value):
    """What is waited for. `whom` are ids of people and bodies; nobody's name is in it.

    `what` is a key of `waiting_words.LEADS`: the kind of a task, a work of the service itself, or
    how something stands. `words` are titles of the roadmap, `n` of `of` a count. `about` is the
    document on which another thing waits, `more` counts what is waited for besides.
    """

    what: str
    whom: tuple[str, ...] = ()
    words: str = ""
    n: int = 0
    of: int = 0
    code: str | None = None  # of the trouble
    since: datetime | None = None
    due: datetime | None = None
    about: str = ""
    document_id: str | None = None
    then: Then | None = None
    more: int = 0

    @property
    def urgency(self) -> tuple[bool, float, int]:
        """The most urgent first: by deadline; then what people do before what comes by itself."""
        return (self.due is None, self.due.timestamp() if self.due else 0.0, not self.whom)


class Around(Value):
    """What the states do not say: titles, and the documents that are still on their way."""

    roadmap: Roadmap
    kinds: Mapping[str, str]  # titles of documents, by kind
    documents: Mapping[str, DocumentState] = {}  # by id; one that has not saved itself is missing
    cycle: ProgrammeState | None = None  # of a pair: its cycle, with all pairs of that

    def step(self, step_id: str) -> str:
        """«2.1 «Анкетирование»»."""
        step = self.roadmap.step(step_id)
        return f"{step_id} «{step.title}»" if step else step_id

    def result(self, step_id: str, result_id: str) -> str:
        """How a row's result is called."""
        step = self.roadmap.step(step_id)
        titles = {one.id: one.title for one in step.results} if step else {}
        return titles.get(result_id, result_id)

    def stage(self, stage_id: str) -> str:
        """How a stage of the pair's track is called."""
        titles = {stage.id: stage.title for stage in self.roadmap.track.stages}
        return titles.get(stage_id, stage_id)

    def named(self, name: str) -> str:
        """How the track calls a kind of meeting or a voice."""
        return self.roadmap.track.titles.get(name, name)

    def kind(self, kind: str) -> str:
        """The title of a kind of documents."""
        return self.kinds.get(kind, kind)


def of_document(state: DocumentState) -> Wait:
    """What a document waits for."""
    tasks = state.tasks()
    if tasks:
        return of_tasks(state, tasks).changed(then=_after_document(state))
    wait = Wait(what="", document_id=state.document_id, since=state.since)
    match state.stage:
        case Stage.DRAFTING:
            return wait.changed(what="draft", then=_after_draft(state))
        case Stage.REGISTERING:
            return wait.changed(what="enter", then=_signing(state))
        case Stage.SEALING:
            return wait.changed(what="seal", then=Then(what="in_force"))
        case Stage.ON_APPROVAL:
            return _of_discussion(state, wait)
        case _:
            return _of_one_settled(state, wait)


def _of_one_settled(state: DocumentState, wait: Wait) -> Wait:
    if state.stage is Stage.WITHDRAWN:
        return wait.changed(what="withdrawn")
    if state.destroys and not state.all_destroyed:
        return wait.changed(what="destroy", n=state.destroyed, of=state.destroys)
    until = [one.returnable_until for one in state.assignments if one.returnable_until]
    if until:
        return wait.changed(what="may_return", due=max(until))
    since = moment_on(state.entry.day) if state.entry else state.since
    return wait.changed(what="in_force", since=since)


def _of_discussion(state: DocumentState, wait: Wait) -> Wait:
    """On approval without a task: an open discussion, whose every remark is answered."""
    stage = state.approval.stage if state.approval else None
    if stage is None:
        return wait.changed(what="work")
    return wait.changed(
        what="discussion",
        words=stage.title,
        since=state.approval.since if state.approval else None,
        due=state.stage_due(stage),
        then=_after_document(state),
    )


def of_tasks(state: Process, tasks: Iterable[Task]) -> Wait:
    """The most urgent of some tasks, with all who are asked for the same."""
    known = sorted(tasks, key=_urgency_of)
    first = known[0]
    same = [one for one in known if one.kind == first.kind and one.kind in _SAID_TOGETHER]
    together = same or [first]
    return Wait(
        what=first.kind,
        whom=tuple(dict.fromkeys(one.assignee for one in together)),
        words=first.refs.get("point", ""),
        n=len(together),
        code=state.trouble,
        since=first.since,
        due=first.due,
        document_id=first.refs.get("document"),
        more=len(known) - len(together),
    )


def _urgency_of(task: Task) -> tuple[bool, float, float, str]:
    due = task.due.timestamp() if task.due else 0.0
    return (task.due is None, due, task.since.timestamp(), task.id)


# What follows in a document's life


def _after_document(state: DocumentState) -> Then | None:
    if state.trouble:
        return Then(what="go_on")
    match state.stage:
        case Stage.ON_APPROVAL:
            return _after_stage(state)
        case Stage.TO_REGISTER:
            return _signing(state)
        case Stage.IN_FORCE:
            return _after_assignment(state)
        case _:
            return Then(what="in_force" if state.stage is Stage.TO_SIGN else "again")


def _after_draft(state: DocumentState) -> Then:
    stage = _next_stage(state, -1)
    return asks(stage) if stage else _after_route(state)


def _after_stage(state: DocumentState) -> Then:
    stage = _next_stage(state, state.approval.position if state.approval else -1)
    return asks(stage) if stage else _after_route(state)


def _next_stage(state: DocumentState, position: int) -> RouteStage | None:
    """The stage that this version will come to after the one at `position`."""
    approval = state.approval
    if approval is None:
        return None
    ahead = approval.route.stages[position + 1 :]
    return next((one for one in ahead if not approval.is_passed(one, state.version)), None)


def asks(stage: RouteStage) -> Then:
    """That a stage of a route comes next."""
    kinds = {"discussion": "discussion", "review": "review"}
    return Then(what=kinds.get(stage.kind, "look"), whom=stage.holders, words=stage.title)


def _after_route(state: DocumentState) -> Then:
    if state.registrar:
        return _by("register", state.registrar)
    return Then(what="date") if state.approval else _signing(state)


def _signing(state: DocumentState) -> Then:
    return _by("sign", state.drafter)


def _by(what: str, *whom: str) -> Then:
    return Then(what=what, whom=whom)


def _after_assignment(state: DocumentState) -> Then | None:
    tasks = sorted(state.tasks(), key=_urgency_of)
    known = {one.id: one for one in state.assignments}
    first = known[tasks[0].refs["assignment"]]
    return None if first.who == first.controller else _by("control", first.controller)


def moment_on(day: date) -> datetime:
    """A moment that is on this day in every zone of the country."""
    return datetime.combine(day, time(6), UTC)


def joined(words: Iterable[str]) -> str:
    """«а», «а и б», «а, б и в»."""
    *before, last = list(words) or [""]
    return f"{', '.join(before)} и {last}" if before else last


def everybody(waits: Iterable[Wait]) -> tuple[str, ...]:
    """The ids of all whom these sentences name."""
    ids = (one for wait in waits for one in (*wait.whom, *(wait.then.whom if wait.then else ())))
    return tuple(dict.fromkeys(ids))
