"""The table of how many sealed rows there are."""

from sqlmodel import Field

from adapters.postgres.seals import Sealed


class RowSumRow(Sealed, table=True):
    """How many rows of a counted table an organisation has, and the sum of their seals, in hex."""

    __tablename__ = "row_sums"

    organisation_id: str = Field(primary_key=True)
    of_table: str = Field(primary_key=True)
    n: int
    total: str
    told: int | None = None
    """The last night of which the log tells (`rows_told`) when this sum was there; none before the
    first. A table that is put back together with its sum lags behind the log.
    """
