"""From the state of a process to rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from activities.tasks import SaveProgress, State
from adapters.postgres.approval_tables import VerdictRow
from adapters.postgres.branch_tables import BranchRow
from adapters.postgres.rows import Known, Row, change, put
from adapters.postgres.seals import SEAL, json_text, seals_of
from adapters.postgres.tables import PersonRow
from adapters.postgres.work_tables import (
    DocumentLinkRow,
    DocumentRow,
    ItemRow,
    PairRow,
    ProcessRow,
    TaskRow,
)
from domain import ids
from domain.documents import END, DocumentState
from domain.items import ResultState, WithItems
from domain.pair import PairState
from domain.pairing import PairEntry
from domain.process import Process
from domain.programme import ProgrammeState

_MADE_ONCE = (DocumentLinkRow, VerdictRow)
_OF_AN_ITEM = {"pair_id", "open", "done", "skipped", "roadmap_n"}
ANNOUNCED = -1
"""The revision of a process that has not saved itself yet."""

# What a process has to tell its parent is owed anew with each stage, and cleared by the parent's
# save: never by the process itself, whose next save may come before or after the parent's.
_SAVE_PROCESS = text(
    """
    INSERT INTO processes AS known (
      id, organisation_id, kind, cycle_id, parent, stage, revision, at_work, waiting_until,
      clock_offset, trouble, roadmap_n, to_tell, state, seal)
    VALUES (
      :id, :organisation_id, :kind, :cycle_id, :parent, :stage, :revision, :at_work,
      :waiting_until, :clock_offset, :trouble, :roadmap_n, :to_tell, CAST(:state AS jsonb), :seal)
    ON CONFLICT (id) DO UPDATE SET
      stage = excluded.stage, revision = excluded.revision, at_work = excluded.at_work,
      waiting_until = excluded.waiting_until, clock_offset = excluded.clock_offset,
      trouble = excluded.trouble, roadmap_n = excluded.roadmap_n, state = excluded.state,
      seal = excluded.seal,
      updated_at = clock_timestamp(),
      to_tell = CASE known.stage WHEN excluded.stage THEN known.to_tell ELSE excluded.to_tell END
    WHERE known.revision < excluded.revision
    """
)
_REFRESH_PROCESS = text(
    """
    UPDATE processes SET at_work = :at_work, waiting_until = :waiting_until
    WHERE id = :id AND revision = :revision
      AND (at_work, waiting_until) IS DISTINCT FROM (:at_work, CAST(:waiting_until AS timestamptz))
    """
)
_DROP_TASKS = text("DELETE FROM tasks WHERE workflow_id = :id AND task_id <> ALL(:open)")
_HEAR = text(
    """
    UPDATE processes SET to_tell = NULL
    WHERE parent = :id AND to_tell IS NOT NULL AND (
      id = ANY(:settled)
      OR (id, to_tell) IN (SELECT * FROM unnest(CAST(:pairs AS text[]), CAST(:stages AS text[]))))
    """
)
_HEAR_ALL_BUT = text(
    """
    UPDATE processes SET to_tell = NULL
    WHERE parent = :id AND to_tell IS NOT NULL AND id <> ALL(:open)
    """
)
_UNWELCOMED = text(
    """
    SELECT id FROM people
    WHERE organisation_id = :organisation AND id = ANY(:people) AND NOT roles ? 'mentor'
    ORDER BY id
    """
)


def save(connection: Connection, task: SaveProgress) -> bool:
    """Write the rows of a state; False if they show it, or a later one, already."""
    if not _save_process(connection, task):
        return False
    state = task.state
    rows = rows_of(state)
    given = {"id": state.workflow_id, "open": [row["task_id"] for row in rows[TaskRow]]}
    connection.execute(_DROP_TASKS, given)
    for model, made in rows.items():
        # A cycle makes the rows of its pairs; each pair brings its own up to date.
        stays = model in _MADE_ONCE or (model is PairRow and isinstance(state, ProgrammeState))
        put(connection, model, made, Known.STAYS if stays else Known.IS_REPLACED)
    put(connection, ProcessRow, announcements(state), Known.STAYS)
    if isinstance(state, ProgrammeState):
        _tell_cycle(connection, state)
    if isinstance(state, PairState):
        given = {"id": state.workflow_id, "open": _open_documents(state)}
        connection.execute(_HEAR_ALL_BUT, given)
    return True


def rows_of(state: State) -> Mapping[type[SQLModel], Sequence[Row]]:
    """All rows that follow from a state alone, but for its own and those that it announces."""
    match state:
        case ProgrammeState():
            new = sorted(state.pairs, key=lambda pair: pair.pair_id)
            pairs = [_new_pair(state, pair) for pair in new]
            rows: dict[type[SQLModel], Sequence[Row]] = {
                ItemRow: _items(state),
                PairRow: pairs,
                BranchRow: _branches(state),
            }
        case PairState():
            rows = {ItemRow: _items(state), PairRow: [_own_pair(state)]}
        case DocumentState():
            rows = {
                DocumentRow: [_document(state)],
                DocumentLinkRow: _links(state),
                VerdictRow: _verdicts(state),
            }
    return {**rows, TaskRow: _tasks(state)}


def announcements(state: State) -> list[Row]:
    """The rows of the children that a state starts, until they save themselves."""
    match state:
        case ProgrammeState():
            pairs = (ids.pair_workflow(pair.pair_id) for pair in state.pairs)
            children = [announcement(pair, "pair", state) for pair in sorted(pairs)]
            documents = [
                *(str(one.document_id) for one in _document_results(state) if not one.done),
                *(one.paper.document_id for one in state.extras if not one.settled),
            ]
            workflows = map(ids.document_workflow, documents)
            return children + [announcement(one, "document", state) for one in workflows]
        case PairState():
            return [announcement(one, "document", state) for one in _open_documents(state)]
        case DocumentState():
            return []


def process_of(state: State) -> dict[str, Any]:
    """The columns of a process's own row that follow from its state alone."""
    return {
        "id": state.workflow_id,
        "organisation_id": state.organisation_id,
        "kind": state.process,
        "cycle_id": state.cycle_id,
        "parent": state.parent,
        "stage": state.stage_name,
        "revision": state.revision,
        "clock_offset": state.clock_offset,
        "trouble": state.trouble,
        "roadmap_n": (state.roadmap_n or None) if isinstance(state, ProgrammeState) else None,
    }


def pair_of(state: State) -> str | None:
    """The pair that a state belongs to."""
    return None if isinstance(state, ProgrammeState) else state.pair_id


def announcement(process_id: str, kind: str, parent: Process) -> Row:
    """The row of a child that is about to start, or has not saved itself yet: it is at work."""
    return announced(process_id, kind, parent.organisation_id, parent.cycle_id, parent.workflow_id)


def announced(
    process_id: str, kind: str, organisation_id: str, cycle_id: str, parent: str | None
) -> Row:
    """As `announcement`, for a process that nobody's state knows yet."""
    return {
        "id": process_id,
        "organisation_id": organisation_id,
        "kind": kind,
        "cycle_id": cycle_id,
        "parent": parent,
        "stage": "",
        "revision": ANNOUNCED,
        "at_work": True,
        "clock_offset": 0,
    }


def _save_process(connection: Connection, task: SaveProgress) -> bool:
    state = task.state
    written = json_text(state.model_dump(mode="json", exclude={"unsaved"}))
    said = {**process_of(state), "state": written}
    given: dict[str, Any] = {
        **said,
        "at_work": task.at_work,
        "waiting_until": None if state.is_finished() else task.waiting_until,
        "to_tell": _to_tell(state),
        SEAL: seals_of(connection).seal(ProcessRow, said),
    }
    if connection.execute(_SAVE_PROCESS, given).rowcount:
        return True
    names = ("id", "revision", "at_work", "waiting_until")
    connection.execute(_REFRESH_PROCESS, {name: given[name] for name in names})
    return False


def _to_tell(state: State) -> str | None:
    """What the parent will record of this stage; nothing if it takes no notice."""
    match state:
        case _ if state.parent is None:
            return None
        case PairState():
            # The first stage is known to the parent that started the pair.
            return None if state.told == state.stage_name else state.stage_name
        case DocumentState():
            return state.stage if state.stage in END else None
        case _:
            return None


def _tell_cycle(connection: Connection, state: ProgrammeState) -> None:
    results = [one for one in _document_results(state) if one.done]
    given = {
        "id": state.workflow_id,
        "settled": [
            *(ids.document_workflow(str(one.document_id)) for one in results),
            *(ids.document_workflow(one) for one in _dropped(state)),
            *(ids.document_workflow(e.paper.document_id) for e in state.extras if e.settled),
        ],
        "pairs": [ids.pair_workflow(fact.pair_id) for fact in state.heard],
        "stages": [fact.stage for fact in state.heard],
    }
    if given["settled"] or state.heard:
        connection.execute(_HEAR, given)
    if state.new_mentors:
        joined = {"organisation": state.organisation_id, "people": list(state.new_mentors)}
        for person in connection.scalars(_UNWELCOMED, joined).all():
            known = {"organisation_id": state.organisation_id, "id": person}
            change(connection, PersonRow, known, lambda row: {"roles": [*row["roles"], "mentor"]})


def _document_results(state: ProgrammeState) -> list[ResultState]:
    return [result for item in state.items for result in item.results if result.document_id]


def _dropped(state: ProgrammeState) -> list[str]:
    return [one for item in state.items for result in item.results for one in result.dropped]


def _open_documents(state: PairState) -> list[str]:
    return [ids.document_workflow(document) for document in state.open_documents]


def _own_pair(state: PairState) -> Row:
    return {
        **_pair(state, state.stage_name),
        "mentor_id": state.mentor_id,
        "mentee_id": state.mentee_id,
        "form": state.form,
        "role_model": state.role_model,
        "mentor_type": state.mentor_type,
        "turn": state.turn,
        "pair_id": state.pair_id,
        "open": not state.is_over(),
    }


def _new_pair(state: ProgrammeState, pair: PairEntry) -> Row:
    own = pair.model_dump(exclude={"started", "ordered", "stage"})
    return {**_pair(state, pair.stage), **own, "open": not pair.is_over()}


def _pair(state: Process, stage: str) -> dict[str, Any]:
    return {
        "organisation_id": state.organisation_id,
        "cycle_id": state.cycle_id,
        "stage": stage,
    }


def _branches(state: ProgrammeState) -> list[Row]:
    same = {"version", "status", "note_id"}
    return [
        {
            **branch.model_dump(include={"n", "below_id", "stage"}),
            "reports": {
                where: standing.model_dump(include=same)
                for where, standing in branch.reports.items()
            },
            "cycle_id": state.cycle_id,
            "organisation_id": state.organisation_id,
        }
        for branch in state.branches
    ]


def _document(state: DocumentState) -> Row:
    draft, entry, seal = state.draft, state.entry, state.seal
    same = {
        *("document_id", "organisation_id", "cycle_id", "kind", "pair_id", "person_id"),
        *("item_id", "result_id", "turn", "drafter", "registrar", "stage", "since"),
        *("branch", "version", "signed_sha256", "trouble"),
    }
    return {
        **state.model_dump(mode="json", include=same),
        "facts_id": draft and draft.facts_id,
        "draft_sha256": draft and draft.sha256,
        "number": entry and entry.number,
        "day": entry and entry.day.isoformat(),
        "registered_sha256": entry and entry.sha256,
        "stored_key": seal and seal.key,
        "stored_sha256": seal and seal.stored_sha256,
    }


def _links(state: DocumentState) -> list[Row]:
    about = state.model_dump(include={"document_id", "organisation_id", "cycle_id"})
    return [
        {**about, "changed_id": change.document_id, "how": change.how} for change in state.changes
    ]


def _verdicts(state: DocumentState) -> list[Row]:
    about = {"document_id": state.document_id, "organisation_id": state.organisation_id}
    given = state.approval.verdicts if state.approval else ()
    return [{**about, **verdict.model_dump(mode="json")} for verdict in given]


def _result(result: ResultState) -> Row:
    """What is read of it. `more` only where there is some: rows from before it stay as they are.
    So with `awaits_draft`.
    """
    known = {"done", "evidence_id", "document_id"}
    awaits = {"awaits_draft": True} if result.awaits_draft() else {}
    said = result.model_dump(mode="json", include={*known, "more"} if result.more else known)
    return {**said, **awaits}


def _items(state: WithItems) -> list[Row]:
    return [
        {
            **item.model_dump(mode="json", include=_OF_AN_ITEM),
            "results": [_result(one) for one in item.results],
            **item.plan.model_dump(mode="json", include={"step", "turn", "lead", "opens", "due"}),
            "workflow_id": state.workflow_id,
            "item_id": item.id,
            "organisation_id": state.organisation_id,
            "cycle_id": state.cycle_id,
        }
        for item in state.items
    ]


def _tasks(state: Process) -> list[Row]:
    same = {"kind", "assignee", "escalate_to", "since", "due", "refs"}
    return [
        {
            **task.model_dump(mode="json", include=same),
            "workflow_id": state.workflow_id,
            "task_id": task.id,
            "organisation_id": state.organisation_id,
            "cycle_id": state.cycle_id,
        }
        for task in state.tasks()
    ]
