"""The table of what was read of minors."""

from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from adapters.postgres.tables import Moment, written


class ReadRow(SQLModel, table=True):
    """Somebody was shown the data of people who were minors on that day.

    `about` is the workflow whose page or file it was; `shown` what of them, as `domain.reads` says.
    """

    __tablename__ = "reads"
    __table_args__ = (
        Index("ix_reads_organisation_id", "organisation_id", "id"),
        Index("ix_reads_recorded_at", "organisation_id", "recorded_at"),
        Index("ix_reads_people", "people", postgresql_using="gin"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=(Identity(always=True),))
    organisation_id: str
    account: str
    person_id: str | None
    role: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
    route: str
    shown: str
    about: str | None
    people: list[str] = Field(sa_type=ARRAY(String))
