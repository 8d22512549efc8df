"""What is read of bodies: who sits there, what they are set to, their sittings."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres import bodies, sittings
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.enrolling import sort_key
from adapters.postgres.names import Names
from adapters.postgres.people_views import PeopleViews
from adapters.postgres.shown import BodyLine, Named
from domain.base import Value
from domain.bodies import BodySettings, MinutesKind, Quorum, period_of
from domain.deadlines import Period
from domain.routes import Outcome
from domain.sittings import Sitting, SittingState, Votes

_SITTINGS = """
    SELECT s.*, d.stage AS minutes_stage, t.body ->> 'text' AS reason
    FROM sittings s
    LEFT JOIN documents d ON d.document_id = s.minutes_id
    LEFT JOIN kept_texts t ON t.id = s.reason_id
    WHERE s.organisation_id = :organisation
"""
_ALL = text(
    f"""
    {_SITTINGS} AND (CAST(:body AS varchar) IS NULL OR s.body_id = :body)
    ORDER BY s.day DESC, s.recorded_at DESC, s.sitting_id
    """
)
_ONE = text(f"{_SITTINGS} AND s.sitting_id = :sitting")
_HELD = text(
    """
    SELECT count(*) FROM sittings
    WHERE organisation_id = :organisation AND body_id = :body AND state = 'held'
      AND day BETWEEN :first AND :last
    """
)
_CALLED = text(
    """
    SELECT i.document_id, s.sitting_id FROM sitting_items i
    JOIN sittings s ON s.sitting_id = i.sitting_id
    JOIN documents d ON d.document_id = i.document_id
    JOIN tasks t ON t.workflow_id = 'document/' || d.document_id
    WHERE s.organisation_id = :organisation AND s.state = 'called'
      AND d.version = i.version AND d.draft_sha256 = i.sha256
      AND t.kind = 'hold_sitting' AND t.assignee = s.body_id
    ORDER BY s.day DESC, s.sitting_id
    """
)
_BODY = text(
    "SELECT id, code, name FROM bodies WHERE organisation_id = :organisation AND id = :body"
)


class BodyMember(Named):
    """Since when somebody sits in a body; None: since before that was asked."""

    since: date | None


class Sat(Value):
    """How often a body sat in its current period, and how often it still has to."""

    period: Period
    held: int
    missing: int


class BodyView(BodyLine):
    """A body as it stands on a day."""

    on: date
    members: tuple[BodyMember, ...]
    chair: Named | None
    secretary: Named | None
    settings: BodySettings
    quorum: int
    """How many members must come."""
    sat: Sat | None
    """None where nothing says how often it sits."""


class ItemView(Value):
    """An item of an agenda, and what was decided of it once the sitting was held.

    `untold`: the document is still to hear it; `refused`: the code with which it did not take it.
    """

    n: int
    title: str
    document_id: str | None
    version: int | None
    sha256: str | None
    outcome: Outcome | None
    text: str | None
    votes: Votes | None
    who: str | None
    due: str | None
    minutes_only: bool
    untold: bool
    refused: str | None


class SittingLine(Value):
    sitting_id: str
    body: Named
    cycle_id: str
    day: date
    place: str
    state: SittingState
    number: str | None
    minutes_kind: MinutesKind


class SittingView(SittingLine):
    """A sitting with all that was recorded of it."""

    chair: Named
    secretary: Named
    quorum: Quorum
    members: int
    present: tuple[Named, ...]
    agenda: tuple[ItemView, ...]
    called_by: Named
    held_by: Named | None
    held_at: datetime | None
    reason: str | None
    minutes_id: str | None
    """The minutes' document, once it was asked for."""
    minutes_stage: str | None
    minutes_refused: str | None


class BodyViews(PeopleViews):
    """Bodies and sittings of an organisation."""

    def body(self, organisation_id: str, body_id: str, on: date) -> BodyView:
        """A body, its members on a day, and how often it sat in that day's period."""
        with self._engine.connect() as connection:
            row = one_of(connection, _BODY, organisation_id, "body", body=body_id)
            return _body(connection, organisation_id, row, on)

    def bodies_on(self, organisation_id: str, on: date) -> tuple[BodyView, ...]:
        """All bodies of the organisation, by name."""
        known = self.bodies(organisation_id)
        return tuple(self.body(organisation_id, one.id, on) for one in known)

    def sittings(self, organisation_id: str, body_id: str | None = None) -> tuple[SittingLine, ...]:
        """All sittings, or those of one body; the latest first."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _ALL, organisation_id, body=body_id)
            names = Names(connection, organisation_id, [row["body_id"] for row in rows])
        return tuple(SittingLine.model_validate(_line(row, names)) for row in rows)

    def sitting(self, organisation_id: str, sitting_id: str) -> SittingView:
        """One sitting."""
        with self._engine.connect() as connection:
            row = one_of(connection, _ONE, organisation_id, "sitting", sitting=sitting_id)
            items = rows_of(connection, sittings.ITEMS, organisation_id, sittings=[sitting_id])
            held = sittings.of_rows(row, items)
            about = [held.body_id, held.chair_id, held.secretary_id, *held.present]
            names = Names(connection, organisation_id, [*about, row["called_by"], row["held_by"]])
        return _view(row, items, held, names)

    def called_sittings(self, organisation_id: str) -> dict[str, str]:
        """By document that waits for a body: the nearest sitting that is called to decide the very
        version that waits.
        """
        with self._engine.connect() as connection:
            rows = rows_of(connection, _CALLED, organisation_id)
        return {row["document_id"]: row["sitting_id"] for row in rows}


def _body(connection: Connection, organisation: str, row: RowMapping, on: date) -> BodyView:
    settings = bodies.settings_of(connection, row["id"])
    members = bodies.members_since(connection, organisation, row["id"], on)
    officers = (settings.chair_id, settings.secretary_id)
    names = Names(connection, organisation, [*members, *officers])
    shown = sorted((names.of(one) for one in members), key=_place)
    return BodyView(
        **row,
        on=on,
        members=tuple(BodyMember(**dict(one), since=members[one.id]) for one in shown),
        chair=names.of_any(settings.chair_id),
        secretary=names.of_any(settings.secretary_id),
        settings=settings,
        quorum=settings.quorum.needed(len(members)),
        sat=_sat(connection, organisation, row["id"], settings, on),
    )


def _place(person: Named) -> tuple[str, str]:
    return sort_key(person.name), person.id


def _sat(
    connection: Connection, organisation: str, body: str, settings: BodySettings, on: date
) -> Sat | None:
    if settings.at_least is None:
        return None
    period = period_of(settings.at_least.every, on)
    given = {"body": body, "first": period.start, "last": period.end}
    held = one_of(connection, _HELD, organisation, "body", **given)["count"]
    return Sat(period=period, held=held, missing=max(0, settings.at_least.sittings - held))


def _line(row: RowMapping, names: Names) -> dict[str, object]:
    same = ("sitting_id", "cycle_id", "day", "place", "state", "number", "minutes_kind")
    return {**{name: row[name] for name in same}, "body": names.of(row["body_id"])}


def _view(row: RowMapping, items: Sequence[RowMapping], held: Sitting, names: Names) -> SittingView:
    asked = row["state"] == SittingState.HELD and not row["ask_minutes"]
    return SittingView.model_validate(
        {
            **_line(row, names),
            **{name: row[name] for name in ("held_at", "minutes_stage", "minutes_refused")},
            "chair": names.of(held.chair_id),
            "secretary": names.of(held.secretary_id),
            "quorum": held.quorum,
            "members": held.members,
            "present": tuple(names.of(one) for one in held.present),
            "agenda": tuple(_item(one) for one in items),
            "called_by": names.of(row["called_by"]),
            "held_by": names.of_any(row["held_by"]),
            "reason": row["reason"],
            "minutes_id": row["minutes_id"] if asked and not row["minutes_refused"] else None,
        }
    )


def _item(row: RowMapping) -> ItemView:
    said = row["resolution"] or {}
    same = ("n", "title", "document_id", "version", "sha256", "refused")
    return ItemView.model_validate(
        {
            **{name: row[name] for name in same},
            **{name: said.get(name) for name in ("outcome", "text", "votes", "who", "due")},
            "minutes_only": said.get("minutes_only", False),
            "untold": row["tell"],
        }
    )
