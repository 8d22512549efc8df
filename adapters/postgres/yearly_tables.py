"""The table of standing orders to launch a roadmap each year."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class YearlyLaunchRow(Counted, table=True):
    """An order, and what became of its latest launch; see `YearlyOrder`."""

    __tablename__ = "yearly_launches"
    sealed_since: ClassVar = "0025"
    __table_args__ = (
        Index(
            "uq_yearly_launches_open",
            *("organisation_id", "roadmap_name"),
            unique=True,
            postgresql_where=text("state <> 'ended'"),
        ),
    )

    order_id: str = Field(primary_key=True)
    organisation_id: str
    roadmap_name: str
    holders: dict[str, str] = Field(sa_type=JSONB)
    state: str
    author: str
    at: datetime = Field(sa_type=Moment)
    season: int | None
    outcome: str | None
    cycle_id: str | None
    code: str | None
    tried_at: datetime | None = Field(sa_type=Moment)
    recorded_at: datetime = written()
