"""Brings the schema to what this program needs."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import Connection, NullPool, create_engine, inspect, text

from adapters.files.keyring import MasterKeys
from adapters.postgres.objects import check_master_key
from adapters.postgres.sealing import seal_since

_FOLDER = Path(__file__).parents[2] / "migrations"
_LOCK = 7236401950237  # any number, the same in every process


class NewerSchema(Exception):  # noqa: N818 - the word of the field
    """A later version of the program has changed the schema; the message is its revision."""


def migrate(owner_url: SecretStr, keys: MasterKeys | None = None) -> None:
    """Make or upgrade the schema as its owner; harmless if nothing is to be done.

    Processes that start together wait for each other, and all of it is done or nothing. Before
    anything is changed, raises `NewerSchema`, and `WrongKey` if `keys` do not open what is kept.
    Raises `OperationalError` if the database cannot be reached.
    """
    _run(owner_url, partial(_upgrade, keys=keys))


def demigrate(owner_url: SecretStr, revision: str = "base") -> None:
    """Take the schema back to `revision`. What only later revisions know is lost."""
    _run(owner_url, lambda _, config: command.downgrade(config, revision=revision))


def _upgrade(connection: Connection, config: Config, keys: MasterKeys | None) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerSchema(found)
    if keys is not None and inspect(connection).has_table("object_keys"):
        check_master_key(connection, keys)
    connection.commit()
    with connection.begin():  # one for both: rows of the new schema are never left unsealed
        command.upgrade(config, revision="head")
        if keys is not None and found is not None:
            seal_since(connection, keys, found)


def _run(owner_url: SecretStr, change: Callable[[Connection, Config], None]) -> None:
    engine = create_engine(owner_url.get_secret_value(), poolclass=NullPool)
    with engine.connect() as connection:
        # The lock belongs to the connection: it goes with it, however this process ends.
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.commit()
        config = Config()
        config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        change(connection, config)
