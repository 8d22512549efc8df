"""Events and publications as people tell of them: beside what was said before, and in the log."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import SQLModel

from activities.event_ports import (
    EventCorrection,
    EventWish,
    ProofClaim,
    PublicationCheck,
    PublicationCorrection,
    PublicationWish,
    Withdrawal,
)
from adapters.postgres import log
from adapters.postgres.access_views import one_of
from adapters.postgres.event_tables import EventRow, ProofClaimRow, PublicationRow
from adapters.postgres.objects import ObjectBook
from adapters.postgres.rows import Known, put
from adapters.postgres.seals import json_text
from adapters.postgres.sitting_desk import lock_organisation
from adapters.postgres.texts import keep_text
from adapters.postgres.turn_rows import LAUNCH, today_in
from adapters.postgres.work_tables import EVIDENCE
from domain import ids
from domain.audit import AuditEvent
from domain.errors import BadDate, BeingNamed, EventWithdrawn, NotFound, ProvesRow
from domain.events import (
    EventDetails,
    PublicationDetails,
    check_event,
    check_publication,
)

Change = EventCorrection | PublicationCorrection | PublicationCheck | Withdrawal
Wish = EventWish | PublicationWish | Change

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
_ROW = text(
    """
    SELECT item_id FROM items WHERE organisation_id = :organisation
      AND cycle_id = :cycle AND turn = :turn AND item_id = :item LIMIT 1
    """
)
_PROVED = text(
    f"""
    SELECT DISTINCT i.step FROM items i,
      jsonb_array_elements(i.results) WITH ORDINALITY AS r (result, place), {EVIDENCE}, kept_texts k
    WHERE i.organisation_id = :organisation AND i.cycle_id = :cycle AND k.id = e.id
      AND :id IN (k.body ->> 'event_id', k.body ->> 'publication_id')
    ORDER BY i.step
    """  # noqa: S608 - a constant of ours
)
# A request that was cut off leaves its claim: what became of it is known within the day.
_CLAIMED = text(
    """
    SELECT FROM proof_claims WHERE organisation_id = :organisation AND about = :id
      AND recorded_at > clock_timestamp() - interval '1 day' LIMIT 1
    """
)
_FORGET_CLAIMS = text(
    """
    DELETE FROM proof_claims WHERE organisation_id = :organisation
      AND recorded_at <= clock_timestamp() - interval '1 day'
    """
)
_RELEASE = text("DELETE FROM proof_claims WHERE text_id = :text AND request_id = :request")
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
_CHECKED = ("checked_by", "checked_at", "present")


class PostgresEvents(ObjectBook):
    """`EventDesk` over an engine of the application's role."""

    def add_event(self, wish: EventWish) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                _check_row(connection, wish)
                known = {"event_id": wish.event_id, "item_id": wish.item_id, **_place(wish)}
                _keep_event(connection, wish, known)

    def correct_event(self, wish: EventCorrection) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                _keep_event(
                    connection,
                    wish,
                    _standing(connection, wish.organisation_id, "event", wish.event_id),
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
                known = _publication(connection, wish)
                _keep_publication(connection, wish, known)

    def check_publication(self, wish: PublicationCheck) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if _is_new(connection, wish):
                known = _publication(connection, wish)
                row = {
                    **_same(PublicationDetails, known),
                    "checked_by": wish.author,
                    "checked_at": wish.at.isoformat(),
                    "present": wish.present,
                }
                told = {"present": "yes" if wish.present else "no"}
                _put(connection, PublicationRow, wish, known, row, ("publication_checked", told))

    def withdraw_told(self, wish: Withdrawal) -> None:
        """As in `EventDesk`."""
        with self._engine.begin() as connection:
            if not _is_new(connection, wish):
                return
            known = _standing(connection, wish.organisation_id, wish.what, wish.id)
            about = {"organisation": wish.organisation_id, "cycle": known["cycle_id"]}
            proved = connection.execute(_PROVED, {**about, "id": wish.id}).scalars().all()
            if proved:
                raise ProvesRow(f"it proves results of rows {', '.join(proved)}")
            given = {"organisation": wish.organisation_id, "id": wish.id}
            if connection.execute(_CLAIMED, given).first() is not None:
                raise BeingNamed("it is being named as the proof of a row")
            told = (f"{wish.what}_withdrawn", dict[str, str]())
            if wish.what == "event":
                row = {**_same(EventDetails, known), "item_id": known["item_id"]}
                _put(connection, EventRow, wish, known, {**row, "withdrawn": wish.reason}, told)
                return
            looked = known["checked_at"] and known["checked_at"].isoformat()
            row = {**{one: known[one] for one in _CHECKED}, "checked_at": looked}
            row = {**_same(PublicationDetails, known), **row, "withdrawn": wish.reason}
            _put(connection, PublicationRow, wish, known, row, told)

    def claim_proof(self, claim: ProofClaim) -> None:
        """As in `EventDesk`."""
        kept = claim.text
        row = {
            "text_id": kept.id,
            "request_id": claim.request_id,
            "organisation_id": kept.organisation_id,
            "about": claim.id,
            "recorded_at": datetime.now(UTC).isoformat(),  # a repeat begins it anew
        }
        with self._engine.begin() as connection:
            lock_organisation(connection, kept.organisation_id)
            _standing(connection, kept.organisation_id, claim.what, claim.id)
            connection.execute(_FORGET_CLAIMS, {"organisation": kept.organisation_id})
            put(connection, ProofClaimRow, [row])
            keep_text(connection, kept)

    def release_proof(self, claim: ProofClaim) -> None:
        """As in `EventDesk`."""
        known = {"text": claim.text.id, "request": claim.request_id}
        with self._engine.begin() as connection:
            connection.execute(_RELEASE, known)


def _is_new(connection: Connection, wish: Wish) -> bool:
    """Whether this wish was not kept before; nobody else writes until the transaction ends."""
    lock_organisation(connection, wish.organisation_id)
    return connection.execute(_KNOWN, {"wish": wish.wish_id}).first() is None


def _check_row(connection: Connection, wish: EventWish) -> None:
    if wish.item_id is not None:
        given = {"cycle": wish.cycle_id, "turn": wish.turn, "item": wish.item_id}
        one_of(connection, _ROW, wish.organisation_id, "row", **given)


def _standing(connection: Connection, organisation_id: str, what: str, id_: str) -> dict[str, Any]:
    """The last version. Raises `NotFound`, and `EventWithdrawn` after the last of all."""
    query = _EVENT if what == "event" else _PUBLICATION
    found = one_of(connection, query, organisation_id, what, id=id_)
    if found["withdrawn"] is not None:
        raise EventWithdrawn(f"{what} {id_} was withdrawn")
    return {**found}


def _publication(
    connection: Connection, wish: PublicationCorrection | PublicationCheck
) -> dict[str, Any]:
    return _standing(connection, wish.organisation_id, "publication", wish.publication_id)


def _same(
    details: type[EventDetails | PublicationDetails], known: Mapping[str, Any]
) -> dict[str, object]:
    """What was said before, as it is written."""
    said = {one: known[one] for one in details.model_fields}
    return details.model_validate(said).model_dump(mode="json")


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
    unchecked = dict.fromkeys(_CHECKED)
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
        "withdrawn": None,
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
