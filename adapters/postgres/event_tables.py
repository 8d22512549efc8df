"""Tables of events and publications. Each is corrected by a next version, never reworded.

A version with `withdrawn` says the same and why it was entered by mistake; it is the last one.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class EventRow(Counted, table=True):
    """An event; the one with the greatest `n` counts. `people` are ids of those who came."""

    __tablename__ = "events"
    sealed_since: ClassVar = "0021"
    __table_args__ = (
        UniqueConstraint("wish_id"),
        Index("ix_events_cycle_id_turn", *("cycle_id", "turn")),
    )

    event_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    organisation_id: str
    cycle_id: str
    turn: int
    item_id: str | None  # the row that it was held for, if one is known
    kind: str
    title: str
    day: date
    until: date | None
    place: str | None
    organisers: str | None
    programme: str | None
    outcome: str | None
    invited: int | None
    attendance: int | None
    links: list[dict[str, Any]] = Field(sa_type=JSONB)
    people: list[str] = Field(sa_type=JSONB)
    withdrawn: str | None
    wish_id: str
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()


class ProofClaimRow(SQLModel, table=True):
    """A request that names an event or a publication (`about`) as proof, while it is at work: until
    the row has it or refuses it. `text_id` is the kept text that the row would name.
    """

    __tablename__ = "proof_claims"

    text_id: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    organisation_id: str
    about: str = Field(index=True)
    recorded_at: datetime = written()


class PublicationRow(Counted, table=True):
    """A publication; the one with the greatest `n` counts.

    A version with `checked_by` says the same and that somebody looked: `present` is what he saw.
    """

    __tablename__ = "publications"
    sealed_since: ClassVar = "0021"
    __table_args__ = (
        UniqueConstraint("wish_id"),
        Index("ix_publications_cycle_id_turn", *("cycle_id", "turn")),
    )

    publication_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    organisation_id: str
    cycle_id: str
    turn: int
    what: str
    site: str
    address: str
    day: date
    checked_by: str | None
    checked_at: datetime | None = Field(sa_type=Moment)
    present: bool | None
    withdrawn: str | None
    wish_id: str
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
