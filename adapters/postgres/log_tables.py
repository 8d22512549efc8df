"""What is kept of the states of logs: our own checkpoints, and those of others."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from adapters.postgres.seals import Counted
from adapters.postgres.tables import written


class CheckpointRow(Counted, table=True):
    """A signed statement of what an organisation's log was at a size; `text` is a signed note."""

    __tablename__ = "checkpoints"
    sealed_since: ClassVar = "0024"

    organisation_id: str = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_type=BigInteger)
    text: str
    recorded_at: datetime = written()


class WitnessedRow(SQLModel, table=True):
    """A checkpoint of a foreign log that this organisation keeps for its owner."""

    __tablename__ = "witnessed"

    organisation_id: str = Field(primary_key=True)
    origin: str = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_type=BigInteger)
    text: str
    key: str
    cosignature: str
    kept_by: str
    recorded_at: datetime = written()


class CosignatureRow(Counted, table=True):
    """The signature of a witness under a checkpoint of our own."""

    __tablename__ = "cosignatures"
    sealed_since: ClassVar = "0024"

    organisation_id: str = Field(primary_key=True)
    size: int = Field(primary_key=True, sa_type=BigInteger)
    key: str = Field(primary_key=True)
    text: str
    kept_by: str
    recorded_at: datetime = written()
