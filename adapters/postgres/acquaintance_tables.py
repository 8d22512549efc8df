"""The table of who has read which document."""

from datetime import date, datetime

from sqlmodel import Field

from adapters.postgres.seals import Counted
from adapters.postgres.tables import Moment, written


class AcquaintanceRow(Counted, table=True):
    """Somebody whom a document names has read it: `reader_id` is the person, or who represents
    one under 14; `way` says whether on paper or from the reader's own account.
    """

    __tablename__ = "acquaintances"

    document_id: str = Field(primary_key=True, foreign_key="documents.document_id")
    person_id: str = Field(primary_key=True, foreign_key="people.id")
    organisation_id: str
    reader_id: str = Field(foreign_key="people.id")
    day: date
    way: str
    recorded_by: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
