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
