"""Table of the indicators' values that people entered."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class IndicatorValueRow(Counted, table=True):
    """A value; the one with the greatest `n` counts, the earlier ones were corrected by it.

    `value` is a decimal number as text: it is what was typed, to the digit.
    """

    __tablename__ = "indicator_values"
    sealed_since: ClassVar = "0023"
    __table_args__ = (UniqueConstraint("entry_id"),)

    cycle_id: str = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    turn: int = Field(primary_key=True)
    period: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    organisation_id: str
    entry_id: str
    value: str
    source: str
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
