"""Tables of the cycles below a cycle, and of what they reported. Counts only: nobody's name."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.postgres.seals import Sealed
from adapters.postgres.tables import Moment, written


class BranchRow(SQLModel, table=True):
    """An organisation in an upper cycle. Follows from that cycle's saved state.

    `reports` are its standings by `demand@turn`, each with `version` and `status`.
    """

    __tablename__ = "branches"
    __table_args__ = (
        Index(
            "uq_branches_there",
            *("cycle_id", "below_id"),
            unique=True,
            postgresql_where=text("stage <> 'left'"),
        ),
    )

    cycle_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    organisation_id: str
    below_id: str = Field(index=True)
    stage: str
    reports: dict[str, Any] = Field(sa_type=JSONB)


class BranchReportRow(Sealed, table=True):
    """One version of what a branch reported; written once. `organisation_id` is the upper one.

    `figures`: a measure's name and its count, `indicator:ID` and its value as it was entered.
    """

    __tablename__ = "branch_reports"
    sealed_since: ClassVar = "0020"

    cycle_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    demand: str = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    organisation_id: str
    figures: dict[str, Any] = Field(sa_type=JSONB)
    origin: str
    given_by: str | None
    source: str | None
    file_sha256: str | None
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
