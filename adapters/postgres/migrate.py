"""Brings the schema to what this program needs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from pydantic import SecretStr
from sqlalchemy import NullPool, create_engine, text

_FOLDER = Path(__file__).parents[2] / "migrations"
_LOCK = 7236401950237  # any number, the same in every process


def migrate(owner_url: SecretStr) -> None:
    """Make or upgrade the schema as its owner; harmless if nothing is to be done.

    Processes that start together wait for each other. Raises `OperationalError` if the database
    cannot be reached.
    """
    _run(owner_url, partial(command.upgrade, revision="head"))


def demigrate(owner_url: SecretStr, revision: str = "base") -> None:
    """Take the schema back to `revision`. What only later revisions know is lost."""
    _run(owner_url, partial(command.downgrade, revision=revision))


def _run(owner_url: SecretStr, change: Callable[[Config], None]) -> None:
    engine = create_engine(owner_url.get_secret_value(), poolclass=NullPool)
    with engine.connect() as connection:
        # The lock belongs to the connection: it goes with it, however this process ends.
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        change(config)
