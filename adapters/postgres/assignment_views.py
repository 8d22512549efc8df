"""What is read of assignments: for a document, for their controller, for the inbox."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.document_views import DocumentViews
from adapters.postgres.names import Names
from adapters.postgres.shown import DocumentLine, Named
from adapters.postgres.standing_views import DOCUMENTS
from domain.assignments import AssignmentStage
from domain.base import Value

AssignmentState = Literal["ahead", "open", "late", "done", "dropped"]

_STATES: Mapping[AssignmentStage, AssignmentState] = {
    AssignmentStage.AHEAD: "ahead",
    AssignmentStage.OPEN: "open",
    AssignmentStage.FULFILLED: "done",
    AssignmentStage.DROPPED: "dropped",
}


class AssignmentLine(Value):
    """An item of a document that somebody carries out, and how far it is."""

    document: DocumentLine
    id: str
    item: str
    what: str
    who: Named
    controller: Named
    due: datetime | None
    """None before the document is in force, where the term is a number of days."""
    state: AssignmentState
    returned: int
    """How many times the controller gave it back."""
    fulfilled_at: datetime | None
    fulfilled_by: Named | None
    returnable_until: datetime | None
    """Until when its controller may give it back, once it is done."""
    note_id: str | None
    """What was said of it last: how it was done, or why it was given back or up."""
    file_sha256: str | None


# How far an assignment is, stands in the state of its document's process.
_LINES = """
    SELECT t.document_id, t.assignment_id AS id, t.item, t.what, t.who,
      coalesce(a ->> 'controller', t.controller) AS controller,
      coalesce((a ->> 'due')::timestamptz, t.due) AS due,
      coalesce(a ->> 'stage', 'ahead') AS stage, coalesce((a ->> 'returned')::int, 0) AS returned,
      (a ->> 'fulfilled_at')::timestamptz AS fulfilled_at, a ->> 'fulfilled_by' AS fulfilled_by,
      (a ->> 'returnable_until')::timestamptz AS returnable_until,
      a ->> 'note_id' AS note_id, a ->> 'file_sha256' AS file_sha256
    FROM assignments t
    JOIN documents d ON d.document_id = t.document_id AND d.version = t.version
    LEFT JOIN processes p ON p.id = 'document/' || t.document_id
    LEFT JOIN LATERAL (
      SELECT a FROM jsonb_array_elements(p.state -> 'assignments') AS a
      WHERE a ->> 'id' = t.assignment_id
    ) AS s ON true
"""
_OF_DOCUMENT = text(
    f"""
    {_LINES}
    WHERE t.organisation_id = :organisation AND t.document_id = :document ORDER BY t.n
    """
)
_CONTROLLED = text(
    f"""
    SELECT * FROM (
      {_LINES}
      WHERE t.organisation_id = :organisation AND d.stage = 'in_force'
    ) AS known
    WHERE stage = ANY(:stages) AND (NOT :late OR due < :now)
      AND (:everybody OR controller = ANY(:acts_for))
    ORDER BY due NULLS LAST, document_id, id
    """  # noqa: S608 - a constant of ours
)
_WHATS = text(
    """
    SELECT t.document_id, t.assignment_id, t.what FROM assignments t
    JOIN documents d ON d.document_id = t.document_id AND d.version = t.version
    WHERE t.organisation_id = :organisation AND t.document_id = ANY(:ids)
    """
)

_SHOWN: Mapping[str, tuple[AssignmentStage, ...]] = {
    "open": (AssignmentStage.OPEN,),
    "late": (AssignmentStage.OPEN,),
    "done": (AssignmentStage.FULFILLED, AssignmentStage.DROPPED),
}


class AssignmentViews(DocumentViews):
    """Reads of assignments. `NotFound` where the organisation has no such document."""

    def document_assignments(
        self, organisation_id: str, document_id: str, now: datetime
    ) -> tuple[AssignmentLine, ...]:
        """What the latest version of a document gives to people, in the order of its items."""
        with self._engine.connect() as connection:
            one_of(connection, DOCUMENTS, organisation_id, "document", ids=[document_id])
            rows = rows_of(connection, _OF_DOCUMENT, organisation_id, document=document_id)
            return self._assignments(connection, organisation_id, rows, now)

    def assignments(
        self,
        organisation_id: str,
        controllers: tuple[str, ...] | None,
        state: Literal["open", "late", "done"] | None,
        now: datetime,
    ) -> tuple[AssignmentLine, ...]:
        """Assignments of documents in force, the most urgent first.

        `controllers` are the people who control them, None: whoever does. Late ones are open too.
        """
        known = [*_SHOWN["open"], *_SHOWN["done"]]
        given = {
            "everybody": controllers is None,
            "acts_for": list(controllers or ()),
            "stages": [str(one) for one in (_SHOWN[state] if state else known)],
            "late": state == "late",
            "now": now,
        }
        with self._engine.connect() as connection:
            rows = rows_of(connection, _CONTROLLED, organisation_id, **given)
            return self._assignments(connection, organisation_id, rows, now)

    def _assignments(
        self,
        connection: Connection,
        organisation_id: str,
        rows: Sequence[RowMapping],
        now: datetime,
    ) -> tuple[AssignmentLine, ...]:
        ids = sorted({row["document_id"] for row in rows})
        found = rows_of(connection, DOCUMENTS, organisation_id, ids=ids)
        documents = {row["document_id"]: self._line(row) for row in found}
        known = [row[one] for row in rows for one in ("who", "controller", "fulfilled_by")]
        names = Names(connection, organisation_id, [one for one in known if one])
        same = (
            *("id", "item", "what", "due", "returned", "fulfilled_at", "returnable_until"),
            *("note_id", "file_sha256"),
        )
        return tuple(
            AssignmentLine(
                **{name: row[name] for name in same},
                document=documents[row["document_id"]],
                who=names.of(row["who"]),
                controller=names.of(row["controller"]),
                fulfilled_by=names.of_any(row["fulfilled_by"]),
                state=_state(row, now),
            )
            for row in rows
        )


def whats(
    connection: Connection, organisation_id: str, tasks: Iterable[RowMapping]
) -> Mapping[tuple[str, str], str]:
    """The words of the assignments that are among these tasks, by document and assignment."""
    ids = sorted({task["refs"]["document"] for task in tasks if task["kind"] == "fulfil"})
    if not ids:
        return {}
    rows = rows_of(connection, _WHATS, organisation_id, ids=ids)
    return {(row["document_id"], row["assignment_id"]): row["what"] for row in rows}


def _state(row: RowMapping, now: datetime) -> AssignmentState:
    state = _STATES[AssignmentStage(row["stage"])]
    is_late = state == "open" and row["due"] is not None and row["due"] < now
    return "late" if is_late else state
