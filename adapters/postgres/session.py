"""The way to the database: one pool for a process."""

from pydantic import SecretStr
from sqlalchemy import Engine, create_engine

from adapters.files.keyring import MasterKeys
from adapters.postgres.seals import OPTION, Seals

POOL = 10
"""Connections that stay open."""
OVERFLOW = 10
"""Connections more under load; who comes then waits for `PATIENCE` seconds."""
PATIENCE = 30


def engine_for(
    url: SecretStr, keys: MasterKeys | None = None, *, name: str = "nastavnik"
) -> Engine:
    """A pool of connections to the database at `url` (`postgresql+psycopg://…`).

    With `keys` it may write sealed rows.

    A transaction is `with engine.begin() as connection`: it commits when the block ends, and
    nothing commits in the middle. A lost connection raises `sqlalchemy.exc.OperationalError`; the
    transaction may be run again.
    """
    return create_engine(
        url.get_secret_value(),
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        # What is bound holds personal data: neither errors nor logs may show it.
        hide_parameters=True,
        execution_options={OPTION: Seals(keys)} if keys else {},
        connect_args={
            "application_name": name,
            "connect_timeout": 5,
            # Whoever asked has given up by then: an activity that records may take 10 s.
            "options": "-c timezone=UTC -c lock_timeout=8s -c statement_timeout=60s",
        },
    )


def reading(engine: Engine) -> Engine:
    """The same pool for reads that need no transaction: each statement stands by itself.

    In a transaction of ours each sees what is committed when it begins, too. But a transaction that
    only read is rolled back, and with that psycopg forgets the statements that it had prepared.
    """
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def any_of(name: str) -> str:
    """What equals one of the texts of the parameter `name`, whichever these are: one plan for all.

    Planning takes longer than fetching some rows by their keys. A prepared statement is planned
    anew for each list that PostgreSQL deems worth it; of what a subselect yields it knows nothing.
    """
    return f"ANY(ARRAY(SELECT unnest(CAST(:{name} AS varchar[]))))"
