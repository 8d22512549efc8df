"""Table of the roadmaps that cycles were asked to take after their launch."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class CycleRoadmapRow(Counted, table=True):
    """A roadmap that a cycle was asked to take; which one it took last says its process's row.

    The view `programmes` gives each launch with the roadmap that is in force. Version and hash are
    those of the library's roadmap, without the rows that were `added` in this cycle.
    """

    __tablename__ = "cycle_roadmaps"
    sealed_since: ClassVar = "0022"
    __table_args__ = (UniqueConstraint("change_id"),)

    cycle_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    organisation_id: str
    change_id: str
    roadmap: dict[str, Any] = Field(sa_type=JSON)
    roadmap_version: int
    roadmap_sha256: str
    holders: dict[str, str] = Field(sa_type=JSONB)
    added: list[str] = Field(sa_type=JSONB)
    author: str
    note_id: str | None
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
