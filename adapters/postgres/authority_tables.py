"""The table of rights to decide and to sign."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class AuthorityRow(Counted, table=True):
    """A right of a person from a day on. It is never changed, only ended.

    `revision` is the organisation's at the last change of the row; `told`: the documents that are
    open have heard of that change.
    """

    __tablename__ = "authorities"
    unsealed: ClassVar = frozenset({"told"})
    __table_args__ = (
        Index(
            "ix_authorities_untold",
            "organisation_id",
            postgresql_where=text("NOT told"),
        ),
    )

    authority_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.organisation_id", index=True)
    person_id: str = Field(foreign_key="people.id")
    capacity: str
    post: str | None
    instead_of: str | None = Field(foreign_key="people.id")
    kinds: list[str] = Field(sa_type=JSONB)
    since: date
    until: date | None
    ground: dict[str, Any] = Field(sa_type=JSONB)
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
    ended_on: date | None
    ended_by: str | None
    reason_id: str | None
    revision: int
    told: bool
