"""Events and publications as people tell of them: beside what was said before, and in the log."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from activities.event_ports import (
    EventCorrection,
    EventWish,
    PublicationCheck,
    PublicationCorrection,
    PublicationWish,
)
from adapters.postgres import log
from adapters.postgres.access_views import one_of
from adapters.postgres.event_tables import EventRow, PublicationRow
from adapters.postgres.objects import ObjectBook
from adapters.postgres.rows import Known, put
from adapters.postgres.seals import json_text
from adapters.postgres.sitting_desk import lock_organisation
from adapters.postgres.turn_rows import LAUNCH, today_in
from domain import ids
from domain.audit import AuditEvent
from domain.errors import BadDate, NotFound
from domain.events import (
    EventDetails,
    PublicationDetails,
    check_event,
    check_publication,
)

Wish = EventWish | EventCorrection | PublicationWish | PublicationCorrection | PublicationCheck

_EVENT = text(
    """
    SELECT * FROM events WHERE organisation_id = :organisation AND event_id = :id
    ORDER BY n DESC LIMIT 1
    """
)
_PUBLICATION = text(
    """
    SELECT * FROM publications WHERE organisation_id = :organisation AND publication_id = :id
    ORDER BY n DESC LIMIT 1
    """
)
_KNOWN = text(
    """
    SELECT 1 FROM events WHERE wish_id = :wish
    UNION ALL SELECT 1 FROM publications WHERE wish_id = :wish
    """
)
_STRANGERS = text(
    """
    SELECT 1 FROM unnest(CAST(:people AS text[])) AS listed
    WHERE NOT EXISTS (
      SELECT FROM people p WHERE p.id = listed AND p.organisation_id = :organisation)
    """
)
_SAID_OF_PUBLICATION = ("what", "site", "address", "day")


class PostgresEvents(ObjectBook):
    """`EventDesk` over an engine of the application's role."""

    def add_event(self, wish: EventWish) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                known = {"event_id": wish.event_id, "item_id": wish.item_id, **_place(wish)}
                _keep_event(connection, wish, known)

    def correct_event(self, wish: EventCorrection) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                about = (wish.organisation_id, "event")
                _keep_event(
                    connection, wish, {**one_of(connection, _EVENT, *about, id=wish.event_id)}
                )

    def add_publication(self, wish: PublicationWish) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                known = {"publication_id": wish.publication_id, **_place(wish)}
                _keep_publication(connection, wish, known)

    def correct_publication(self, wish: PublicationCorrection) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                _keep_publication(connection, wish, _publication(connection, wish))

    def check_publication(self, wish: PublicationCheck) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                known = _publication(connection, wish)
                details = PublicationDetails(**{one: known[one] for one in _SAID_OF_PUBLICATION})
                row = {
                    **details.model_dump(mode="json"),
                    "checked_by": wish.author,
                    "checked_at": wish.at.isoformat(),
                    "present": wish.present,
                }
                told = {"present": "yes" if wish.present else "no"}
                _put(connection, PublicationRow, wish, known, row, ("publication_checked", told))


def _is_new(connection: Connection, wish: Wish) -> bool:
    """Whether this wish was not kept before; nobody else writes until the transaction ends."""
    lock_organisation(connection, wish.organisation_id)
    return connection.execute(_KNOWN, {"wish": wish.wish_id}).first() is None


def _publication(
    connection: Connection, wish: PublicationCorrection | PublicationCheck
) -> dict[str, Any]:
    about = (wish.organisation_id, "publication")
    return {**one_of(connection, _PUBLICATION, *about, id=wish.publication_id)}


def _today(connection: Connection, known: Mapping[str, Any], wish: Wish) -> date:
    """The cycle's day. Raises `NotFound` for the cycle, `BadDate` for its turn."""
    about = (known["organisation_id"], "cycle")
    launch = one_of(connection, LAUNCH, *about, cycle=known["cycle_id"])
    if known["turn"] > launch["turns"]:
        raise BadDate(f"the programme has no year {known['turn']}")
    return today_in(launch, wish.at)


def _place(wish: EventWish | PublicationWish) -> dict[str, object]:
    """Where something new belongs; it has no version yet."""
    return {**wish.model_dump(include={"organisation_id", "cycle_id", "turn"}), "n": 0}


def _keep_event(
    connection: Connection,
    wish: EventWish | EventCorrection,
    known: Mapping[str, Any],
) -> None:
    details: EventDetails = wish.details
    check_event(details, _today(connection, known, wish))
    given = {"organisation": wish.organisation_id, "people": list(details.people)}
    if connection.execute(_STRANGERS, given).first() is not None:
        raise NotFound("somebody of the list is not among the organisation's people")
    row = {**details.model_dump(mode="json"), "item_id": known["item_id"]}
    refs = {"kind": details.kind, "day": details.day.isoformat()}
    _put(connection, EventRow, wish, known, row, ("event", refs))


def _keep_publication(
    connection: Connection,
    wish: PublicationWish | PublicationCorrection,
    known: Mapping[str, Any],
) -> None:
    details = wish.details
    check_publication(details, _today(connection, known, wish))
    unchecked = {"checked_by": None, "checked_at": None, "present": None}
    refs = {"day": details.day.isoformat()}
    row = {**details.model_dump(mode="json"), **unchecked}
    _put(connection, PublicationRow, wish, known, row, ("publication", refs))


def _put(
    connection: Connection,
    model: type[SQLModel],
    wish: Wish,
    known: Mapping[str, Any],
    said: Mapping[str, Any],
    told: tuple[str, Mapping[str, str]],
) -> None:
    """The next version of what is `known`. `told` is the action, or what is entered, and refs."""
    name = "event" if model is EventRow else "publication"
    id_, n = known[f"{name}_id"], known["n"] + 1
    same = ("organisation_id", "cycle_id", "turn", f"{name}_id")
    row = {
        **{one: known[one] for one in same},
        "n": n,
        **said,
        "wish_id": wish.wish_id,
        "author": wish.author,
        "at": wish.at.isoformat(),
    }
    put(connection, model, [row], Known.IS_AN_ERROR)
    action, refs = told
    if action == name:
        action = f"{name}_entered" if n == 1 else f"{name}_corrected"
    event = AuditEvent(
        subject=ids.event_subject(id_) if name == "event" else ids.publication_subject(id_),
        n=n,
        action=action,
        actor=wish.author,
        at=wish.at,
        version=n,
        sha256=hashlib.sha256(json_text(dict(said)).encode()).hexdigest(),
        refs={"cycle": known["cycle_id"], "turn": str(known["turn"]), **refs},
    )
    log.append(connection, wish.organisation_id, [event], None)
