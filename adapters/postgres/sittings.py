"""Sittings in PostgreSQL: what was called, held, and is still to be told."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, text

from activities.sitting_ports import BodyWish, SittingNews
from activities.tasks import KeptText
from adapters.postgres import bodies, journals
from adapters.postgres.journals import Book
from adapters.postgres.rows import Known, change, put
from adapters.postgres.sitting_tables import SittingItemRow, SittingRow
from adapters.postgres.tables import KeptTextRow
from adapters.russian import date_words
from domain import ids
from domain.errors import NotFound
from domain.journals import Line, LineState
from domain.routes import Outcome
from domain.sittings import Holding, Sitting, Waiting

_ITEM = ("title", "document_id", "version", "sha256")
_FIELDS = (
    *("sitting_id", "body_id", "cycle_id", "day", "place", "chair_id", "secretary_id", "quorum"),
    *("minutes_kind", "state", "members", "present", "number", "request_id"),
)
_SITTING = text(
    """
    SELECT * FROM sittings WHERE organisation_id = :organisation AND sitting_id = :sitting
    FOR UPDATE
    """
)
ITEMS = text(
    """
    SELECT i.* FROM sitting_items i
    WHERE i.organisation_id = :organisation AND i.sitting_id = ANY(:sittings)
    ORDER BY i.sitting_id, i.n
    """
)
_WAITING = text(
    """
    SELECT d.document_id, d.version, d.draft_sha256 FROM documents d
    WHERE d.organisation_id = :organisation AND d.document_id = ANY(:documents)
      AND EXISTS (
        SELECT FROM tasks t
        WHERE t.workflow_id = 'document/' || d.document_id AND t.kind = 'hold_sitting'
          AND t.assignee = :body)
    """
)
_UNTOLD = text(
    """
    SELECT s.*, u.role,
      ARRAY(SELECT i.n FROM sitting_items i WHERE i.sitting_id = s.sitting_id AND i.tell
        ORDER BY i.n) AS items
    FROM sittings s JOIN users u ON u.id = s.held_by
    WHERE (s.ask_minutes
        OR s.sitting_id IN (SELECT sitting_id FROM sitting_items WHERE tell))
      AND (CAST(:sitting AS varchar) IS NULL OR s.sitting_id = :sitting)
    ORDER BY s.held_at, s.sitting_id
    """
)
_ITEM_TOLD = text(
    """
    UPDATE sitting_items SET tell = false, refused = :refused WHERE sitting_id = :sitting AND n = :n
    """
)
_MINUTES_ASKED = text(
    """
    UPDATE sittings SET ask_minutes = false, minutes_refused = :refused WHERE sitting_id = :sitting
    """
)


def call(connection: Connection, wish: BodyWish, sitting: Sitting) -> None:
    """As `SittingDesk.call_sitting`."""
    organisation = wish.organisation_id
    bodies.name_of(connection, organisation, sitting.body_id)
    bodies.check_people(connection, organisation, [sitting.chair_id, sitting.secretary_id])
    if _row(connection, organisation, sitting.sitting_id) is not None:
        return
    members = bodies.members_on(connection, organisation, sitting.body_id, sitting.day)
    sitting.check_can_call(members, _waiting(connection, organisation, sitting))
    row = {
        **sitting.model_dump(mode="json", include=set(_FIELDS)),
        "organisation_id": organisation,
        "minutes_id": sitting.minutes_id,
        "called_by": wish.by,
        "ask_minutes": False,
    }
    items = [
        {
            **item.model_dump(include=set(_ITEM)),
            "sitting_id": sitting.sitting_id,
            "n": n,
            "organisation_id": organisation,
            "tell": False,
        }
        for n, item in enumerate(sitting.agenda, start=1)
    ]
    put(connection, SittingRow, [row], Known.IS_AN_ERROR)
    put(connection, SittingItemRow, items, Known.IS_AN_ERROR)
    refs = {"body": sitting.body_id, "cycle": sitting.cycle_id, "day": sitting.day.isoformat()}
    _tell(connection, wish, sitting, "sitting_called", None, refs)


def hold(
    connection: Connection, wish: BodyWish, sitting_id: str, held: Holding, today: date
) -> Sitting:
    """As `SittingDesk.hold_sitting`."""
    organisation = wish.organisation_id
    if held.number is not None:
        journals.hold_journals(connection, organisation)
    sitting = _known(connection, organisation, sitting_id)
    if sitting.request_id == held.request_id:
        return sitting
    people = [one for one in (held.chair_id, held.secretary_id) if one is not None]
    bodies.check_people(connection, organisation, people)
    day = held.day or sitting.day
    members = bodies.members_on(connection, organisation, sitting.body_id, day)
    waiting = _waiting(connection, organisation, sitting)
    sitting.check_can_hold(held, members, waiting, today)
    line = _line(connection, wish, sitting, day, held.number)
    done = sitting.held(held, members, line.number)
    same = {"state", "day", "chair_id", "secretary_id", "members", "number", "request_id"}
    held_now = {
        **done.model_dump(include=same),
        "present": list(done.present),
        "line_id": line.line_id,
        "held_by": wish.by,
        "held_at": held.at,
        "ask_minutes": True,
    }
    change(connection, SittingRow, _key(wish, sitting_id), held_now)
    _keep_resolutions(connection, wish, done)
    refs = {"body": done.body_id, "cycle": done.cycle_id, "number": line.number}
    _tell(connection, wish, done, "sitting_held", None, {**refs, "day": done.day.isoformat()})
    return done


def cancel(connection: Connection, wish: BodyWish, sitting_id: str, reason_id: str) -> None:
    """As `SittingDesk.cancel_sitting`."""
    row = _row(connection, wish.organisation_id, sitting_id)
    if row is not None and row["reason_id"] == reason_id:
        return
    sitting = _known(connection, wish.organisation_id, sitting_id).cancelled()
    cancelled = {"state": sitting.state, "reason_id": reason_id}
    change(connection, SittingRow, _key(wish, sitting_id), cancelled)
    refs = {"body": sitting.body_id, "cycle": sitting.cycle_id}
    _tell(connection, wish, sitting, "sitting_cancelled", reason_id, refs)


def untold(connection: Connection, sitting_id: str | None) -> tuple[SittingNews, ...]:
    """As `SittingDesk.untold_sittings`."""
    rows = connection.execute(_UNTOLD, {"sitting": sitting_id}).mappings().all()
    return tuple(
        SittingNews(
            organisation_id=row["organisation_id"],
            sitting=read(connection, row),
            by=row["held_by"],
            role=row["role"],
            items=tuple(row["items"]),
            ask_minutes=row["ask_minutes"],
        )
        for row in rows
    )


def item_told(connection: Connection, sitting_id: str, n: int, refused: str | None) -> None:
    """As `SittingDesk.item_told`."""
    connection.execute(_ITEM_TOLD, {"sitting": sitting_id, "n": n, "refused": refused})


def minutes_asked(connection: Connection, sitting_id: str, refused: str | None) -> None:
    """As `SittingDesk.minutes_asked`."""
    connection.execute(_MINUTES_ASKED, {"sitting": sitting_id, "refused": refused})


def read(connection: Connection, row: RowMapping) -> Sitting:
    """A sitting with its items."""
    given = {"organisation": row["organisation_id"], "sittings": [row["sitting_id"]]}
    items = connection.execute(ITEMS, given).mappings().all()
    return of_rows(row, items)


def of_rows(row: RowMapping, items: Sequence[RowMapping]) -> Sitting:
    """A sitting from its row and those of its items."""
    return Sitting.model_validate(
        {
            **{name: row[name] for name in _FIELDS},
            "agenda": [{name: item[name] for name in _ITEM} for item in items],
            "resolutions": [item["resolution"] for item in items if item["resolution"]],
        }
    )


def _known(connection: Connection, organisation: str, sitting_id: str) -> Sitting:
    row = _row(connection, organisation, sitting_id)
    if row is None:
        raise NotFound(f"no sitting {sitting_id}")
    return read(connection, row)


def _row(connection: Connection, organisation: str, sitting_id: str) -> RowMapping | None:
    given = {"organisation": organisation, "sitting": sitting_id}
    return connection.execute(_SITTING, given).mappings().one_or_none()


def _waiting(connection: Connection, organisation: str, sitting: Sitting) -> Waiting:
    documents = [one.document_id for one in sitting.agenda if one.document_id is not None]
    given = {"organisation": organisation, "body": sitting.body_id, "documents": documents}
    return {
        row.document_id: (row.version, row.draft_sha256)
        for row in connection.execute(_WAITING, given)
    }


def _line(
    connection: Connection, wish: BodyWish, sitting: Sitting, day: date, typed: str | None
) -> Line:
    """The number of the minutes waits in the journal until they are registered."""
    organisation, kind = wish.organisation_id, sitting.minutes_kind
    journal = journals.counted_in(connection, organisation, kind, kind, day)
    book = Book.opened(connection, organisation, journal, day.year)
    name = bodies.name_of(connection, organisation, sitting.body_id)
    why = f"Протокол: {name}, заседание {date_words(day)}"
    reason_id = ids.derived_id(sitting.line_id, "reason")
    _keep_text(connection, wish, reason_id, "reason", ids.sitting_subject(sitting.sitting_id), why)
    given = {"reason_id": reason_id, "author": wish.by}
    if typed is None:
        line = book.give(sitting.line_id, LineState.RESERVED, day, **given)
    else:
        line = book.reserve_typed(typed, sitting.line_id, day, **given)
    refs = {"line": line.line_id, "number": line.number, "sitting": sitting.sitting_id}
    book.tell("number_reserved", wish.by, wish.at, reason_id, refs)
    return line


def _keep_resolutions(connection: Connection, wish: BodyWish, sitting: Sitting) -> None:
    for one in sitting.resolutions:
        document = sitting.agenda[one.n - 1].document_id
        tell = document is not None and not one.minutes_only
        if document is not None and tell and one.outcome is not Outcome.APPROVE:
            subject = ids.document_workflow(document)
            _keep_text(connection, wish, sitting.note_id(one.n), "remark", subject, one.text)
        known = {**_key(wish, sitting.sitting_id), "n": one.n}
        decided = {"resolution": one.model_dump(mode="json"), "tell": tell}
        change(connection, SittingItemRow, known, decided)


def _key(wish: BodyWish, sitting_id: str) -> dict[str, str]:
    return {"organisation_id": wish.organisation_id, "sitting_id": sitting_id}


def _keep_text(
    connection: Connection, wish: BodyWish, id_: str, kind: str, subject: str, words: str
) -> None:
    kept = KeptText(
        id=id_,
        organisation_id=wish.organisation_id,
        kind=kind,
        subject=subject,
        author=wish.by,
        body={"text": words},
    )
    put(connection, KeptTextRow, [{**kept.model_dump(), "sha256": kept.sha256()}], Known.STAYS)


def _tell(
    connection: Connection,
    wish: BodyWish,
    sitting: Sitting,
    action: str,
    note_id: str | None,
    refs: Mapping[str, str],
) -> None:
    subject = ids.sitting_subject(sitting.sitting_id)
    bodies.tell(
        connection, wish.organisation_id, subject, action, wish.by, wish.at, note_id, **refs
    )
