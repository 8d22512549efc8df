"""The table of objects that are about to be stored."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Field, SQLModel

from adapters.postgres.tables import written


class BegunObjectRow(SQLModel, table=True):
    """An object that was about to be put, and that no row of `objects` names yet.

    `begun`: its writer may still come; `forsaken`: nobody may record it now, unless it is begun
    anew; `gone`: it was removed; `kept`: the store's own lock forbids that.
    """

    __tablename__ = "begun_objects"

    key: str = Field(primary_key=True)
    organisation_id: str
    begun_at: datetime = written()
    state: str = Field(sa_column_kwargs={"server_default": text("'begun'")})
