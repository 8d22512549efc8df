"""The ledger in PostgreSQL: what workflows and activities write."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, text

from activities import tasks
from activities.ports import Template
from activities.retention_ports import DestroyListed, SomeDestroyed
from adapters.docx.fields import Field
from adapters.files.keyring import MasterKeys
from adapters.log_keys import LogKeys
from adapters.postgres import (
    bodies,
    facts,
    journals,
    log,
    projection,
    reads,
    retention,
    templates,
)
from adapters.postgres.assigning import assigned
from adapters.postgres.authority import mandates
from adapters.postgres.calendars import calendar
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.objects import ObjectBook
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import FactsRow
from adapters.postgres.templates import Ours
from adapters.postgres.work_tables import NoticeRow
from adapters.retention_rules import retention_rules
from domain import ids
from domain.approval import Circumstances
from domain.documents import Stage
from domain.errors import BytesChanged, ForgedCheckpoint, KeyDestroyed, LogForked, NotFound
from domain.kinds import DocumentKind
from domain.reads import ReadOf, Shown
from domain.roadmap import Roadmap

Fields = Mapping[str, Field]
_TEMPLATES = 64  # kept in memory, as documents come in series

_LAUNCH = text(
    """
    SELECT coalesce(r.roadmap, l.roadmap) AS roadmap, l.start, l.time_zone,
      coalesce(r.holders, l.holders) AS holders, l.turns, l.launched_by,
      l.follows, coalesce(l.amended, '[]') AS amended
    FROM launches l LEFT JOIN cycle_roadmaps r ON r.cycle_id = l.cycle_id AND r.n = :n
    WHERE l.cycle_id = :cycle AND (:n = 0 OR r.n IS NOT NULL)
    """
)
_PEOPLE = text(
    """
    SELECT p.id, p.birth_date, d.kind, d.document_id
    FROM people p LEFT JOIN documents d
      ON d.person_id = p.id AND d.cycle_id = :cycle AND d.stage = :in_force
    WHERE p.organisation_id = :organisation AND p.id = ANY(:people)
    ORDER BY d.since, d.document_id
    """
)
_FACTS = text("SELECT body, sha256, head, destroyed_at FROM facts WHERE facts_id = :id")
_KEPT_TEXT = text(
    "SELECT id, organisation_id, kind, subject, author, body, sha256, destroyed_at "
    "FROM kept_texts WHERE id = :id"
)
_FORGET_ANSWERS = text(
    """
    DELETE FROM api_requests WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM api_requests WHERE claimed_at < clock_timestamp() - CAST(:age AS interval)
      LIMIT :at_most FOR UPDATE SKIP LOCKED))
    """
)
_TEMPLATE = text("SELECT organisation_id, template_sha256 FROM facts WHERE facts_id = :id")


class PostgresLedger(ObjectBook):
    """`Ledger` and `Notices` over an engine of the application's role.

    `kinds` say in which journal a kind of document is counted, `fields` what its template asks;
    `ours` gives the templates that came with the program.
    """

    def __init__(
        self,
        engine: Engine,
        keys: MasterKeys,
        kinds: Mapping[str, DocumentKind],
        fields: Mapping[str, Fields],
        ours: Ours,
    ) -> None:
        super().__init__(engine, keys)
        self._ours = ours
        self._log = PostgresLog(engine, LogKeys(keys))
        self._template = lru_cache(_TEMPLATES)(self._read_template)
        self._kinds = kinds
        self._fields = fields

    def save(self, task: tasks.SaveProgress) -> None:
        """Write rows, tasks and unsaved events of a state; an older revision changes nothing.

        The revision that is shown already may still say whether it is at work and waits.
        """
        state = task.state
        with self._engine.begin() as connection:
            if projection.save(connection, task):
                pair_id = projection.pair_of(state)
                log.append(connection, state.organisation_id, state.unsaved, pair_id)

    def launch(self, cycle_id: str, n: int = 0) -> tasks.Launch:
        given = {"cycle": cycle_id, "n": n}
        with self._reads.connect() as connection:
            row = connection.execute(_LAUNCH, given).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no cycle {cycle_id}, or no roadmap {n} of it")
        given = {**row, "roadmap": Roadmap.model_validate_json(json.dumps(row["roadmap"]))}
        return tasks.Launch.model_validate(given)

    def consents(self, task: tasks.FindPackage) -> tuple[tasks.PersonConsent, ...]:
        """A consent counts for the cycle it was given in: its purpose and term name that one."""
        given = {
            "cycle": task.cycle_id,
            "organisation": task.organisation_id,
            "people": list(task.people),
            "in_force": Stage.IN_FORCE,
        }
        known: dict[str, tasks.PersonConsent] = {}
        with self._reads.connect() as connection:
            for row in connection.execute(_PEOPLE, given):
                person = known.get(row.id) or tasks.PersonConsent(
                    person_id=row.id, birth=row.birth_date
                )
                found = {row.kind: row.document_id} if row.kind else {}
                known[row.id] = person.changed(documents={**found, **person.documents})
        missing = [person for person in task.people if person not in known]
        if missing:
            raise NotFound(f"no person {', '.join(missing)}")
        return tuple(known[person] for person in task.people)

    def keep_facts(self, task: tasks.GatherFacts) -> tasks.FactsKept:
        facts_id = ids.derived_id("facts", task.document_id, str(task.version))
        if task.kind not in self._fields:
            raise NotFound(f"no document kind {task.kind}")
        if "log_checkpoint" in self._fields[task.kind]:
            # A log that was tampered with stops no paper: it then states the last that was signed,
            # and the checks tell of the log.
            with suppress(LogForked, ForgedCheckpoint):
                self._log.checkpoint(task.organisation_id)
        with self._engine.begin() as connection:
            kept = connection.execute(_FACTS, {"id": facts_id}).one_or_none()
            if kept is None:
                titles = {name: kind.title for name, kind in self._kinds.items()}
                gathered = facts.gather(connection, task, self._fields[task.kind], titles)
                body = _canonical(gathered.facts)
                row = {
                    "facts_id": facts_id,
                    "organisation_id": task.organisation_id,
                    "document_id": task.document_id,
                    "version": task.version,
                    "sha256": _sha256(body),
                    "body": body,
                    "head": gathered.head and gathered.head.model_dump(mode="json"),
                    "people": gathered.people,
                    "template_sha256": templates.pinned(
                        connection, task.organisation_id, task.kind, task.now, self._ours
                    ),
                }
                put(connection, FactsRow, [row], Known.STAYS)
                _note_read(connection, task, gathered.of_others)
                kept = connection.execute(_FACTS, {"id": facts_id}).one()
            draft = ids.draft_key(task.document_id, task.version)
            self._keep_key(connection, draft, task.organisation_id, task.document_id)
            found = Circumstances(
                skipped=_skipped(task, json.loads(kept.body)),
                mandates=mandates(connection, task.organisation_id, task.now),
                calendar=calendar(connection, task.organisation_id, task.now),
                head=kept.head,
                assignments=assigned(
                    connection, task, self._kinds[task.kind], json.loads(kept.body)
                ),
            )
        return tasks.FactsKept(facts_id=facts_id, sha256=kept.sha256, found=found)

    def facts(self, facts_id: str) -> Mapping[str, Any]:
        with self._reads.connect() as connection:
            row = connection.execute(_FACTS, {"id": facts_id}).one_or_none()
        if row is None:
            raise NotFound(f"no facts {facts_id}")
        if row.destroyed_at is not None:
            raise KeyDestroyed(f"facts {facts_id} were destroyed")
        if _sha256(row.body) != row.sha256:
            raise BytesChanged(f"facts {facts_id} are not what was kept")
        kept: dict[str, Any] = json.loads(row.body)
        return kept

    def kept_text(self, text_id: str) -> Mapping[str, Any]:
        with self._reads.connect() as connection:
            row = connection.execute(_KEPT_TEXT, {"id": text_id}).mappings().one_or_none()
        if row is None:
            raise NotFound(f"no text {text_id}")
        kept = dict(row)
        sha256, destroyed_at = kept.pop("sha256"), kept.pop("destroyed_at")
        if destroyed_at is not None:
            raise KeyDestroyed(f"text {text_id} was destroyed")
        text = tasks.KeptText.model_validate(kept)
        if text.sha256() != sha256:
            raise BytesChanged(f"text {text_id} is not what was kept")
        return text.body

    def ablatives(self, body_ids: Sequence[str]) -> Mapping[str, str]:
        with self._reads.connect() as connection:
            return bodies.ablatives(connection, body_ids)

    def template(self, facts_id: str) -> Template | None:
        with self._reads.connect() as connection:
            row = connection.execute(_TEMPLATE, {"id": facts_id}).one_or_none()
        if row is None:
            raise NotFound(f"no facts {facts_id}")
        if row.template_sha256 is None:
            return None
        return self._template(row.organisation_id, row.template_sha256)

    def _read_template(self, organisation_id: str, sha256: str) -> Template:
        with self._reads.connect() as connection:
            found = templates.file(connection, organisation_id, sha256)
        if hashlib.sha256(found.content).hexdigest() != sha256:
            raise BytesChanged(f"template {sha256} is not what was kept")
        return found

    def enter_in_journal(self, task: tasks.EnterInJournal) -> tasks.JournalLine:
        """The day is the organisation's own; numbers of a journal and year have no gap."""
        kind = self._kinds.get(task.kind)
        if kind is None:
            raise NotFound(f"no document kind {task.kind}")
        with self._engine.begin() as connection:
            key = ids.registered_key(task.document_id, task.version)
            self._keep_key(connection, key, task.organisation_id, task.document_id)
            return journals.enter(connection, task, kind.journal)

    def destroy(self, task: DestroyListed) -> SomeDestroyed:
        """As in `RetentionLedger`."""
        with self._engine.begin() as connection:
            return retention.destroy(connection, task)

    def locked_until(self, kind: str, day: date) -> datetime | None:
        """As in `RetentionLedger`."""
        known = self._kinds.get(kind)
        if known is None:
            raise NotFound(f"no document kind {kind}")
        return retention_rules().locked_until(known, day)

    def forget_answers(self, older_than: timedelta, at_most: int) -> None:
        """As in `Sweeps`."""
        with self._engine.begin() as connection:
            connection.execute(_FORGET_ANSWERS, {"age": older_than, "at_most": at_most})

    def post(self, task: tasks.SendNotices) -> None:
        """Keep notices for their recipients, each once by its key."""
        rows = [
            {
                **notice.model_dump(),
                "subject": task.subject,
                "organisation_id": notice.organisation_id or task.organisation_id,
                "cycle_id": task.cycle_id,
                "at": task.now.isoformat(),
            }
            for notice in task.notices
        ]
        with self._engine.begin() as connection:
            put(connection, NoticeRow, rows, Known.STAYS)


def _note_read(connection: Connection, task: tasks.GatherFacts, people: Mapping[str, date]) -> None:
    """A draft names people of organisations below: these see that the one above has read it."""
    read = ReadOf(
        organisation_id=task.organisation_id,
        account=task.organisation_id,
        person_id=None,
        role=ids.SYSTEM,
        at=task.now,
        route="documents.draft",
        shown=Shown.TEXT,
    )
    reads.keep_in(connection, read, people)


def _skipped(task: tasks.GatherFacts, kept: Mapping[str, Any]) -> tuple[str, ...]:
    """The stages of the route that the facts do not ask for."""
    stages = task.route.stages if task.route else ()
    return tuple(stage.id for stage in stages if stage.when and not stage.when.holds(kept))


def _canonical(gathered: Mapping[str, Any]) -> str:
    return json.dumps(gathered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()
