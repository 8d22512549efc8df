"""Tables of terms that an organisation chose, and of acts on destruction."""

from datetime import date, datetime

from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class RetentionChoiceRow(Counted, table=True):
    """From a day on, the organisation keeps orders of this kind and form by this term."""

    __tablename__ = "retention_choices"

    organisation_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    term: str
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()


class DestructionActRow(Counted, table=True):
    """What an act on destruction was asked for; the act itself is the document of this id."""

    __tablename__ = "destruction_acts"

    act_id: str = Field(primary_key=True)
    organisation_id: str
    ground: str
    expert_number: str | None
    expert_day: date | None
    listed: int
    author: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()


class DestructionRow(Counted, table=True):
    """A document that an act lists, with its term as it was then; and since when it is no more."""

    __tablename__ = "destructions"

    act_id: str = Field(primary_key=True, foreign_key="destruction_acts.act_id")
    document_id: str = Field(primary_key=True, index=True)
    organisation_id: str
    n: int
    article: str | None
    words: str
    until: date | None
    destroyed_at: datetime | None = Field(sa_type=Moment)
    keys: int | None  # of its objects, that were destroyed
    notes: bool | None = None  # what was written of its pair's meetings goes with it
    recorded_at: datetime = written()
