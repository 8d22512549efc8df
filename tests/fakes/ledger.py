"""The ledger and the notices in memory."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from threading import RLock
from typing import Any

from activities import tasks
from activities.object_ports import BegunObject
from activities.ports import Template
from activities.retention_ports import DestroyListed, SomeDestroyed
from domain import ids
from domain.approval import Circumstances
from domain.audit import AuditEvent
from domain.documents import DocumentState, Stage
from domain.errors import NotFound, NotInForce
from domain.journals import Journal
from domain.process import Notice, Task
from tests.fakes.begun import MemoryBegun
from tests.fakes.journals import MemoryJournals


class MemoryLedger:
    """Remembers in dictionaries. `journals` are the masks of the kinds that a journal counts;
    kinds of one mask share a journal.
    """

    def __init__(
        self, journals: Mapping[str, str] | None = None, books: MemoryJournals | None = None
    ) -> None:
        masks = dict(journals or {})
        self.books = books or MemoryJournals(
            {mask: Journal(name=mask, title=mask, mask=mask) for mask in masks.values()}, masks
        )
        self.launches: dict[str, tasks.Launch] = {}
        self.roadmaps: dict[int, dict[str, tasks.Launch]] = {}  # to be taken by cycles, by number
        self.people: dict[str, tasks.PersonConsent] = {}
        self.gathered: dict[str, Any] = {}  # facts that every document gets
        self.found = Circumstances()  # what every version's approval goes by
        self.saves: dict[str, tasks.SaveProgress] = {}
        self.events: list[AuditEvent] = []
        self.notices: dict[tuple[str, str], Notice] = {}
        self.objects: dict[str, tasks.ObjectRecord] = {}
        self.begun = MemoryBegun(self.objects)
        self.answered: list[timedelta] = []  # how long ago requests of the API came
        self.lines = self.books.entered
        self.texts: dict[str, tasks.KeptText] = {}
        self.templates: dict[str, Template] = {}  # of a kind: what is drafted now is made of it
        self.locks: dict[str, datetime] = {}  # of a kind: until when its files are locked
        self.listed: dict[str, list[str]] = {}  # of an act: what is still to be destroyed by it
        self.destroyed: dict[str, str] = {}  # of a document: the act
        self._facts: dict[str, str] = {}
        self._pinned: dict[str, Template] = {}
        self._keys: dict[str, bytes] = {}
        self._lock = RLock()

    def save(self, task: tasks.SaveProgress) -> None:
        with self._lock:
            state = task.state
            known = self.saves.get(state.workflow_id)
            if known is not None and known.state.revision > state.revision:
                return
            self.saves[state.workflow_id] = task
            last = max((e.n for e in self.events_of(state.workflow_id)), default=0)
            self.events += [event for event in state.unsaved if event.n > last]

    def launch(self, cycle_id: str, n: int = 0) -> tasks.Launch:
        known = self.launches if n == 0 else self.roadmaps.get(n, {})
        if cycle_id not in known:
            raise NotFound(f"no cycle {cycle_id}, or no roadmap {n} of it")
        return known[cycle_id]

    def consents(self, task: tasks.FindPackage) -> tuple[tasks.PersonConsent, ...]:
        missing = [person for person in task.people if person not in self.people]
        if missing:
            raise NotFound(f"no person {', '.join(missing)}")
        return tuple(self._with_consents(self.people[person], task) for person in task.people)

    def keep_facts(self, task: tasks.GatherFacts) -> tasks.FactsKept:
        facts_id = ids.derived_id("facts", task.document_id, str(task.version))
        about = {"kind": task.kind, "document": task.document_id, "version": task.version}
        if task.branch is not None:
            about["branch"] = task.branch
        with self._lock:
            body = self._facts.setdefault(
                facts_id, json.dumps({**self.gathered, **about}, sort_keys=True)
            )
            if task.kind in self.templates:
                self._pinned.setdefault(facts_id, self.templates[task.kind])
        draft = ids.draft_key(task.document_id, task.version)
        self.make_key(draft, task.organisation_id, task.document_id)
        digest = hashlib.sha256(body.encode()).hexdigest()
        return tasks.FactsKept(facts_id=facts_id, sha256=digest, found=self.found)

    def facts(self, facts_id: str) -> Mapping[str, Any]:
        if facts_id not in self._facts:
            raise NotFound(f"no facts {facts_id}")
        kept: dict[str, Any] = json.loads(self._facts[facts_id])
        return kept

    def ablatives(self, body_ids: Sequence[str]) -> Mapping[str, str]:
        return {one: f"органом {one}" for one in body_ids}

    def kept_text(self, text_id: str) -> Mapping[str, Any]:
        if text_id not in self.texts:
            raise NotFound(f"no text {text_id}")
        return self.texts[text_id].body

    def template(self, facts_id: str) -> Template | None:
        if facts_id not in self._facts:
            raise NotFound(f"no facts {facts_id}")
        return self._pinned.get(facts_id)

    def enter_in_journal(self, task: tasks.EnterInJournal) -> tasks.JournalLine:
        line = self.books.enter(task)
        key = ids.registered_key(task.document_id, task.version)
        self.make_key(key, task.organisation_id, task.document_id)
        return line

    def make_key(self, key_id: str, organisation_id: str, document_id: str) -> None:
        self._keys.setdefault(key_id, secrets.token_bytes(32))

    def data_key(self, key_id: str) -> bytes:
        if key_id not in self._keys:
            raise NotFound(f"no key {key_id}")
        return self._keys[key_id]

    def begin_object(self, key: str, organisation_id: str) -> None:
        self.begun.begin(key)

    def record_object(self, record: tasks.ObjectRecord) -> None:
        self.begun.check_can_record(record.key)
        self.objects.setdefault(record.key, record)

    def begun_objects(self) -> Sequence[BegunObject]:
        return self.begun.unnamed()

    def forsake(self, older_than: timedelta, at_most: int) -> Sequence[str]:
        return self.begun.forsake(older_than, at_most)

    def sweep(self, key: str, remove: Callable[[], bool]) -> bool | None:
        return self.begun.sweep(key, remove)

    def forget_answers(self, older_than: timedelta, at_most: int) -> None:
        self.answered = [age for age in self.answered if age <= older_than]

    def destroy(self, task: DestroyListed) -> SomeDestroyed:
        state = self.state(ids.document_workflow(task.act_id))
        if not isinstance(state, DocumentState) or state.stage is not Stage.IN_FORCE:
            raise NotInForce(f"act {task.act_id} is not in force")
        with self._lock:
            left = self.listed.get(task.act_id, [])
            batch, self.listed[task.act_id] = left[:2], left[2:]
            self.destroyed |= dict.fromkeys(batch, task.act_id)
            by_this = list(self.destroyed.values()).count(task.act_id)
        return SomeDestroyed(destroyed=by_this, left=len(left[2:]))

    def locked_until(self, kind: str, day: date) -> datetime | None:
        return self.locks.get(kind)

    def post(self, task: tasks.SendNotices) -> None:
        for notice in task.notices:
            self.notices.setdefault((task.subject, notice.key), notice)

    # What tests look at

    def state(self, workflow_id: str) -> tasks.State | None:
        """The last state that was saved."""
        saved = self.saves.get(workflow_id)
        return saved.state if saved else None

    def events_of(self, workflow_id: str) -> list[AuditEvent]:
        return [event for event in self.events if event.subject == workflow_id]

    def actions(self, workflow_id: str) -> list[str]:
        return [event.action for event in self.events_of(workflow_id)]

    def open_tasks(self) -> list[Task]:
        """What people have to do now, over all processes."""
        return [task for saved in self.saves.values() for task in saved.state.tasks()]

    def _with_consents(
        self, person: tasks.PersonConsent, task: tasks.FindPackage
    ) -> tasks.PersonConsent:
        given = {
            saved.state.kind: saved.state.document_id
            for saved in self.saves.values()
            if isinstance(saved.state, DocumentState)
            and saved.state.stage is Stage.IN_FORCE
            and saved.state.person_id == person.person_id
            and saved.state.cycle_id == task.cycle_id
        }
        return person.changed(documents={**given, **person.documents})
