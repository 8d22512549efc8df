"""People who do their tasks, one after another, whatever they are."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from hashlib import sha256

from temporalio.client import Client

from activities import tasks
from activities.ports import Files, Ledger
from domain import ids
from domain.document_assignments import Fulfil
from domain.document_wishes import AttachSigned, Decide, Redraft, Register
from domain.documents import DocumentState
from domain.evidence import (
    AnswersCounted,
    EventHeld,
    Evidence,
    IndicatorsGiven,
    LinkGiven,
    NumberReached,
    RecordResult,
    RemarkGiven,
)
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.pair import PairState
from domain.people import Actor
from domain.process import Answer, Command, Task
from domain.roadmap import MonitoringStage
from domain.routes import Outcome
from tests import builders
from tests.workflows.rows import CURATOR

PDF = "application/pdf"
LIMIT = timedelta(seconds=60)


def put_scan(ledger: Ledger, files: Files, document_id: str, content: bytes) -> str:
    """An upload as the API leaves it; its hash."""
    digest = sha256(content).hexdigest()
    key = ids.incoming_key(document_id, digest)
    ledger.make_key(key, "org", document_id)
    files.put_once(key, content, ledger.data_key(key))
    return digest


def stages(shown: Mapping[str, tasks.SaveProgress]) -> dict[str, tuple[str, str | None]]:
    """Where everything stands, for the message of a test that waited in vain."""
    states = [saved.state for saved in list(shown.values())]
    return {state.workflow_id: (state.stage_name, state.trouble) for state in states}


def _evidence(task: Task) -> Evidence:
    """As much as the row demands."""
    # One of several that the row demands has an id of its own.
    have = (task.refs["have"],) if "have" in task.refs else ()
    id_, need = ids.derived_id(task.id, *have), int(task.refs.get("need", "1"))
    day = task.since.date()
    match task.refs["proof"]:
        case "link":
            return LinkGiven(day=day, evidence_id=id_)
        case "event":
            return EventHeld(day=day, attendance=need, evidence_id=id_)
        case "indicators":
            asked = tuple(task.refs["indicators"].split(","))
            return IndicatorsGiven(indicators=asked, evidence_id=id_)
        case "number":
            return NumberReached(number=need, evidence_id=id_)
        case "answers":
            return AnswersCounted(count=need, evidence_id=id_)
        case _:
            return RemarkGiven(evidence_id=id_, file_sha256=sha256(id_.encode()).hexdigest())


class People:
    """The curator and whoever approves, who do whatever the saved states (`shown`) ask of them."""

    def __init__(
        self,
        client: Client,
        shown: Mapping[str, tasks.SaveProgress],
        ledger: Ledger,
        files: Files,
        curator: Actor = CURATOR,
    ) -> None:
        self._curator = curator
        self._client = client
        self._shown = shown
        self._ledger = ledger
        self._files = files
        self.acts: Counter[str] = Counter()
        self.sends_back: Callable[[DocumentState], bool] = lambda _: False
        self.idles: Callable[[str], bool] = lambda _: False

    async def work_until(self, done: Callable[[], bool], seconds: float = 120) -> None:
        """Do every task as soon as it is there. Fails with what is open when time is up."""
        busy: dict[str, asyncio.Task[None]] = {}
        resting: dict[str, tasks.SaveProgress] = {}
        try:
            async with asyncio.timeout(seconds):
                while not done():
                    busy = self._settled(busy)
                    for saved in list(self._shown.values()):
                        subject = saved.state.workflow_id
                        if subject in busy or self.idles(subject) or resting.get(subject) is saved:
                            continue
                        if open_tasks := saved.state.tasks():
                            busy[subject] = asyncio.create_task(self._do(saved, open_tasks[0]))
                        else:
                            resting[subject] = saved  # looked at again after its next save
                    await asyncio.sleep(0.005)
                await asyncio.gather(*busy.values())
        except TimeoutError:
            raise AssertionError(f"not done in {seconds} s: {stages(self._shown)}") from None
        finally:
            for task in busy.values():
                task.cancel()

    def _settled(self, busy: dict[str, asyncio.Task[None]]) -> dict[str, asyncio.Task[None]]:
        for task in busy.values():
            if task.done():
                task.result()
        return {subject: task for subject, task in busy.items() if not task.done()}

    async def _do(self, saved: tasks.SaveProgress, task: Task) -> None:
        name, wish = self._wish(saved, task)
        self.acts[name] += 1
        subject = saved.state.workflow_id
        await self._client.get_workflow_handle(subject).execute_update(
            name,
            wish,
            id=f"{task.id}/{saved.state.revision}",
            result_type=Answer,
            rpc_timeout=LIMIT,
        )

    def _wish(self, saved: tasks.SaveProgress, task: Task) -> tuple[str, Command]:
        match saved.state:
            case DocumentState() as document:
                return task.kind, self._on_document(document, task)
            case PairState() as pair if task.kind == "record_meeting":
                kind = task.refs["meeting"].split(",")[0]
                day = saved.now.date()
                return task.kind, RecordMeeting(by=self._curator, kind=kind, day=day, minutes=40)
            case PairState() as pair if task.kind == "record_monitoring":
                needs = pair.stage.needs if pair.stage else None
                assert isinstance(needs, MonitoringStage)
                scores = dict.fromkeys(needs.parts, 7)
                voice = task.refs["voice"]
                return task.kind, RecordMonitoring(by=self._curator, voice=voice, scores=scores)
            case _:
                assert task.kind == "record_result", task
                return task.kind, RecordResult(
                    by=self._curator,
                    item=task.refs["item"],
                    result=task.refs["result"],
                    evidence=_evidence(task),
                )

    def _on_document(self, document: DocumentState, task: Task) -> Command:
        version, kind = document.version, task.kind
        match kind:
            case "decide":
                assert document.draft
                back = self.sends_back(document)
                return Decide(
                    by=builders.an_actor(task.assignee),
                    version=version,
                    sha256=document.draft.sha256,
                    outcome=Outcome.SEND_BACK if back else Outcome.APPROVE,
                    note_id="remark1" if back else None,
                )
            case "redraft":
                return Redraft(by=self._curator, version=version)
            case "register":
                return Register(by=self._curator, version=version)
            case "fulfil":
                given = task.refs["assignment"]
                return Fulfil(by=self._curator, assignment=given, note_id="note1")
            case _:
                assert kind == "attach_signed", kind
                content = f"scan of {document.document_id}".encode()
                digest = self._upload(document, content)
                return AttachSigned(
                    by=self._curator,
                    version=version,
                    sha256=digest,
                    size=len(content),
                    media_type=PDF,
                )

    def _upload(self, document: DocumentState, content: bytes) -> str:
        return put_scan(self._ledger, self._files, document.document_id, content)
