"""Tables of the verification of stored files."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from adapters.postgres.tables import Moment, written


class VerificationRunRow(SQLModel, table=True):
    """A walk over all stored files, of whichever organisation (`organisation_id` is `*`)."""

    __tablename__ = "verification_runs"

    run_id: str = Field(primary_key=True)
    organisation_id: str
    last_key: str
    total: int = Field(sa_type=BigInteger)
    checked: int = Field(sa_type=BigInteger)
    bytes: int = Field(sa_type=BigInteger)
    faults: int
    started_at: datetime = Field(
        sa_type=Moment,
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
        index=True,
    )
    moved_at: datetime = written()
    finished_at: datetime | None = Field(sa_type=Moment)


class IncidentRow(SQLModel, table=True):
    """Something is wrong with a stored file, or with a log (`key` is `log/<organisation>`)."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "uq_incidents_open", "key", unique=True, postgresql_where=text("resolved_at IS NULL")
        ),
    )

    incident_id: str = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    key: str
    document_id: str | None = Field(index=True)
    version: int | None
    role: str
    pair_id: str | None
    kind: str
    events: int
    run_id: str
    found_at: datetime = Field(sa_type=Moment)
    last_seen_at: datetime = Field(sa_type=Moment)
    resolved_at: datetime | None = Field(sa_type=Moment)
    note_id: str | None
