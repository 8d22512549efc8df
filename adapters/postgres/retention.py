"""Acts on destruction: what they list, and how it is destroyed; terms that are chosen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, text

from activities.retention_ports import (
    DestroyListed,
    DestructionWish,
    RetentionChoice,
    SomeDestroyed,
)
from adapters.postgres import log
from adapters.postgres.access_views import rows_of
from adapters.postgres.assignment_tables import AssignmentRow
from adapters.postgres.lives import KeptDocument, kept_documents
from adapters.postgres.objects import ObjectBook
from adapters.postgres.retention_tables import (
    DestructionActRow,
    DestructionRow,
    RetentionChoiceRow,
)
from adapters.postgres.rows import Known, change, put
from adapters.postgres.sitting_desk import lock_organisation
from adapters.postgres.tables import FactsRow, KeptTextRow, ObjectKeyRow
from adapters.retention_rules import retention_rules
from domain import ids
from domain.audit import AuditEvent
from domain.documents import Stage
from domain.errors import NotFound, NotInForce, StillKept, WrongState
from domain.kinds import DocumentKind
from domain.retention import Ground, check_can_destroy

BATCH: Final = 20
"""Documents that one activity destroys, in one transaction: well within its time."""
ACT: Final = "destruction_act"
NOTES: Final = ("notes", "reason")
"""Kinds of what is written of a pair's own work: at its meetings, at its end. Their term is the end
of the pair (`pair_work`), so they go with the first of its papers that an act lists after that.
"""

_KNOWN_ACT = text(
    "SELECT 1 FROM destruction_acts WHERE organisation_id = :organisation AND act_id = :act"
)
_LISTED = text(
    """
    SELECT x.document_id, x.destroyed_at IS NOT NULL AS destroyed FROM destructions x
    JOIN destruction_acts l ON l.act_id = x.act_id
    LEFT JOIN documents a ON a.document_id = x.act_id
    WHERE x.organisation_id = :organisation AND x.document_id = ANY(:ids)
      AND (x.destroyed_at IS NOT NULL OR a.stage <> 'withdrawn'
        -- The act comes after its list; one that has not come within the hour was refused.
        OR a.stage IS NULL AND l.recorded_at > clock_timestamp() - interval '1 hour')
    """
)
_BUSY = text(
    """
    SELECT id FROM processes
    WHERE organisation_id = :organisation AND id = ANY(:ids) AND at_work
    UNION SELECT workflow_id FROM tasks
    WHERE organisation_id = :organisation AND workflow_id = ANY(:ids)
    """
)
_STAGE = text(
    """
    SELECT stage FROM documents
    WHERE organisation_id = :organisation AND document_id = :act AND kind = :kind
    """
)
_NEXT = text(
    """
    SELECT x.document_id, d.cycle_id, d.pair_id, d.kind, x.notes FROM destructions x
    LEFT JOIN documents d ON d.document_id = x.document_id
    WHERE x.organisation_id = :organisation AND x.act_id = :act AND x.destroyed_at IS NULL
    ORDER BY x.n LIMIT :batch FOR UPDATE OF x
    """
)
_ENDED = text(
    """
    SELECT pair_id FROM pairs WHERE organisation_id = :organisation AND pair_id = ANY(:pairs)
      AND NOT open
    """
)
_HOW_FAR = text(
    """
    SELECT count(destroyed_at) AS destroyed, count(*) - count(destroyed_at) AS left
    FROM destructions WHERE organisation_id = :organisation AND act_id = :act
    """
)
_CHOICES = text("SELECT count(*) FROM retention_choices WHERE organisation_id = :organisation")


class PostgresRetention(ObjectBook):
    """`RetentionDesk` over an engine of the application's role."""

    def keep_destruction_list(
        self, wish: DestructionWish, kinds: Mapping[str, DocumentKind]
    ) -> None:
        """As in `RetentionDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            keep_list(connection, wish, kinds)

    def choose_retention(self, choice: RetentionChoice) -> None:
        """As in `RetentionDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, choice.organisation_id)
            choose(connection, choice)


def keep_list(
    connection: Connection, wish: DestructionWish, kinds: Mapping[str, DocumentKind]
) -> None:
    """Keep what an act shall list, unless it is kept; the caller holds the organisation's lock.

    Raises as `Desk.keep_destruction_list`.
    """
    organisation = wish.organisation_id
    if rows_of(connection, _KNOWN_ACT, organisation, act=wish.act_id):
        return
    listed = _listable(connection, wish, kinds)
    act = {
        "listed": len(listed),
        **wish.model_dump(mode="json", exclude={"documents", "on"}),
    }
    put(connection, DestructionActRow, [act], Known.IS_AN_ERROR)
    with_notes = _with_notes(connection, organisation, listed)
    rows = [
        {
            "act_id": wish.act_id,
            "document_id": one.document_id,
            "organisation_id": organisation,
            "n": n,
            "notes": one.document_id in with_notes or None,
            **one.kept.model_dump(mode="json", include={"article", "words", "until"}),
        }
        for n, one in enumerate(listed, start=1)
    ]
    put(connection, DestructionRow, rows, Known.IS_AN_ERROR)


def destroy(connection: Connection, task: DestroyListed) -> SomeDestroyed:
    """As `Ledger.destroy`; the caller commits."""
    organisation, act = task.organisation_id, task.act_id
    stages = rows_of(connection, _STAGE, organisation, act=act, kind=ACT)
    if [row["stage"] for row in stages] != [Stage.IN_FORCE]:
        raise NotInForce(f"act {act} is not in force: nothing is destroyed by it")
    rows = rows_of(connection, _NEXT, organisation, act=act, batch=BATCH)
    for row in rows:
        if row["kind"] is None:
            raise NotFound(f"document {row['document_id']}, which act {act} lists, has no row")
    gone = [_destroy_one(connection, task, row) for row in rows]
    # The end of the log is locked from here on, so this comes last.
    for row, (keys, notes) in zip(rows, gone, strict=True):
        log.append(connection, organisation, [_event(task, row, keys, notes)], row["pair_id"])
    return SomeDestroyed.model_validate(
        dict(rows_of(connection, _HOW_FAR, organisation, act=act)[0])
    )


def choose(connection: Connection, choice: RetentionChoice) -> None:
    """Keep what the organisation decided; the caller holds its lock. Raises `NotFound`."""
    _check_choice(choice)
    row = choice.model_dump(mode="json")
    if not put(connection, RetentionChoiceRow, [row], Known.STAYS):
        return
    given = {"organisation": choice.organisation_id}
    event = AuditEvent(
        subject=ids.retention_subject(choice.organisation_id),
        n=connection.execute(_CHOICES, given).scalar_one(),
        action="retention_chosen",
        actor=choice.author,
        at=choice.at,
        refs={
            "kind": choice.kind,
            "form": choice.form,
            "term": choice.term,
            "since": choice.since.isoformat(),
        },
    )
    log.append(connection, choice.organisation_id, [event], None)


def _check_choice(choice: RetentionChoice) -> None:
    """Raises `NotFound` if the term is unknown, or the kind is none that may be chosen for."""
    rules = retention_rules()
    if choice.kind not in rules.by_form:
        raise NotFound(f"how long {choice.kind} is kept is not the organisation's choice")
    if choice.term not in rules.terms:
        raise NotFound(f"there is no term {choice.term}")


def _listable(
    connection: Connection, wish: DestructionWish, kinds: Mapping[str, DocumentKind]
) -> Sequence[KeptDocument]:
    organisation, wanted = wish.organisation_id, list(wish.documents)
    known = kept_documents(connection, organisation, kinds, wish.on, wanted)
    missing = set(wanted) - {one.document_id for one in known}
    if missing:
        raise NotFound(f"no document at its end: {', '.join(sorted(missing))}")
    for row in rows_of(connection, _LISTED, organisation, ids=wanted):
        said = "destroyed already" if row["destroyed"] else "listed by another act"
        raise WrongState(f"document {row['document_id']} is {said}")
    processes = [ids.document_workflow(one) for one in wanted]
    for row in rows_of(connection, _BUSY, organisation, ids=processes):
        raise StillKept(f"{row['id']} waits for somebody still")
    for one in known:
        check_can_destroy(
            kinds[one.kind],
            one.kept,
            Ground(wish.ground),
            wish.on,
            expert=wish.expert_number is not None,
        )
    return known


def _with_notes(
    connection: Connection, organisation: str, listed: Sequence[KeptDocument]
) -> frozenset[str]:
    """Of each pair that has ended, the first document that is listed."""
    first = {one.pair_id: one.document_id for one in reversed(listed) if one.pair_id}
    ended = rows_of(connection, _ENDED, organisation, pairs=list(first))
    return frozenset(first[row["pair_id"]] for row in ended)


def erase_notes(connection: Connection, organisation: str, pair_id: str, now: datetime) -> int:
    """Destroy what was written of a pair's work; how many texts were there still."""
    gone = 0

    def emptied(known: Mapping[str, object]) -> Mapping[str, object]:
        nonlocal gone
        gone += known["destroyed_at"] is None
        return {"body": {}, "destroyed_at": known["destroyed_at"] or now}

    for kind in NOTES:
        about = {"subject": ids.pair_workflow(pair_id), "kind": kind}
        change(connection, KeptTextRow, {"organisation_id": organisation, **about}, emptied)
    return gone


def erase(connection: Connection, organisation: str, document: str, act: str, now: datetime) -> int:
    """Destroy a document with all that was said of it; the keys that were there still."""
    about = {"organisation_id": organisation, "document_id": document}
    gone = 0

    def without_key(known: Mapping[str, object]) -> Mapping[str, object]:
        nonlocal gone
        if known["destroyed_at"] is not None:
            return {}
        gone += 1
        return {"wrapped": None, "destroyed_at": now, "act_id": act}

    change(connection, ObjectKeyRow, about, without_key)
    change(connection, FactsRow, about, {"body": "", "destroyed_at": now})
    change(connection, AssignmentRow, about, {"what": ""})
    said = {"organisation_id": organisation, "subject": ids.document_workflow(document)}
    change(connection, KeptTextRow, said, {"body": {}, "destroyed_at": now})
    return gone


def _destroy_one(
    connection: Connection, task: DestroyListed, row: RowMapping
) -> tuple[int, int | None]:
    """The keys that were destroyed, and the notes of its pair if they go with it."""
    organisation, document = task.organisation_id, row["document_id"]
    now = datetime.now(UTC)
    gone = erase(connection, organisation, document, task.act_id, now)
    listed = {"organisation_id": organisation, "document_id": document, "act_id": task.act_id}
    change(connection, DestructionRow, listed, {"destroyed_at": now, "keys": gone})
    notes = erase_notes(connection, organisation, row["pair_id"], now) if row["notes"] else None
    return gone, notes


def _event(task: DestroyListed, row: RowMapping, keys: int, notes: int | None) -> AuditEvent:
    return AuditEvent(
        subject=ids.destruction_subject(row["document_id"]),
        n=1,
        action="destroyed",
        actor=ids.SYSTEM,
        at=task.now,
        refs={
            "cycle": row["cycle_id"],
            "document": row["document_id"],
            "kind": row["kind"],
            "act": task.act_id,
            "keys": str(keys),
            **({} if notes is None else {"notes": str(notes)}),
        },
    )
