"""The table of what assignments are about; how far each is, stands in its document's state."""

from datetime import datetime

from sqlmodel import Field

from adapters.postgres.seals import Sealed
from adapters.postgres.tables import Moment, written


class AssignmentRow(Sealed, table=True):
    """An item that a version of a document gives to a person; kept with the version's facts."""

    __tablename__ = "assignments"

    document_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    assignment_id: str = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    cycle_id: str
    n: int
    """Its place among the assignments of the version."""
    item: str
    what: str
    who: str
    controller: str
    due: datetime | None = Field(sa_type=Moment)
    days: int | None
    recorded_at: datetime = written()
