"""The table of organisations' own working days."""

from datetime import datetime

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class CalendarRow(Counted, table=True):
    """Days of a year that the organisation named, over those of the law: whether people work."""

    __tablename__ = "calendars"

    organisation_id: str = Field(primary_key=True, foreign_key="organisations.organisation_id")
    year: int = Field(primary_key=True)
    days: dict[str, bool] = Field(sa_type=JSONB)
    """By ISO day."""
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
