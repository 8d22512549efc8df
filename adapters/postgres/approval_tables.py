"""The table of what those who were asked said of a document's versions."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from adapters.postgres.tables import Moment, written


class VerdictRow(SQLModel, table=True):
    """What was said of one version; it never changes. `n` counts within the document.

    `holder` was asked, `person_id` answered: by `mandate_id` if he stands in place of the other;
    for a body the minutes of its sitting answer.
    """

    __tablename__ = "verdicts"

    document_id: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    organisation_id: str
    version: int
    stage: str
    stage_title: str
    holder: str
    user_id: str
    person_id: str | None
    outcome: str
    sha256: str
    note_id: str | None
    at: datetime = Field(sa_type=Moment)
    mandate_id: str | None
    sitting_id: str | None
    number: str | None
    day: date | None
    recorded_at: datetime = written()
