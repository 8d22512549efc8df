"""Tables of bodies' settings and of their sittings. What was said there stays here only."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class BodySettingsRow(Counted, table=True):
    """What the organisation says of a body; without a row, what holds for every body."""

    __tablename__ = "body_settings"

    body_id: str = Field(primary_key=True, foreign_key="bodies.id")
    organisation_id: str
    settings: dict[str, Any] = Field(sa_type=JSONB)
    set_by: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()


class SittingRow(Counted, table=True):
    """A sitting. `ask_minutes`: it was held, and its minutes are not asked of the cycle yet."""

    __tablename__ = "sittings"
    unsealed: ClassVar = frozenset({"ask_minutes", "minutes_refused"})
    __table_args__ = (
        UniqueConstraint("line_id"),
        Index("ix_sittings_ask_minutes", "organisation_id", postgresql_where=text("ask_minutes")),
    )

    sitting_id: str = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    body_id: str = Field(foreign_key="bodies.id", index=True)
    cycle_id: str
    day: date
    place: str
    chair_id: str = Field(foreign_key="people.id")
    secretary_id: str = Field(foreign_key="people.id")
    quorum: dict[str, int] = Field(sa_type=JSONB)
    minutes_kind: str
    minutes_id: str = Field(unique=True)
    state: str
    members: int
    present: list[str] = Field(sa_type=JSONB)
    number: str | None
    line_id: str | None
    request_id: str | None
    called_by: str
    held_by: str | None
    held_at: datetime | None = Field(sa_type=Moment)
    reason_id: str | None
    ask_minutes: bool
    minutes_refused: str | None
    """The code with which the cycle refused to make the minutes."""
    recorded_at: datetime = written()


class SittingItemRow(Counted, table=True):
    """An item of an agenda. `tell`: the document has not heard yet what was decided of it."""

    __tablename__ = "sitting_items"
    unsealed: ClassVar = frozenset({"tell", "refused"})
    __table_args__ = (
        Index("ix_sitting_items_tell", "organisation_id", postgresql_where=text("tell")),
    )

    sitting_id: str = Field(primary_key=True, foreign_key="sittings.sitting_id")
    n: int = Field(primary_key=True)
    organisation_id: str
    title: str
    document_id: str | None = Field(index=True)
    version: int | None
    sha256: str | None
    resolution: dict[str, Any] | None = Field(sa_type=JSONB)
    tell: bool
    refused: str | None
    """The code with which the document refused what was decided."""
