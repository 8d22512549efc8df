"""The database as one file, by PostgreSQL's own programs."""

import os
import subprocess
from pathlib import Path
from typing import Final

import psycopg
from pydantic import SecretStr
from sqlalchemy import URL, make_url

from runtime.embedded_postgres import VERSION, binaries
from runtime.processes import NoSpace, ServerFailed, is_disk_full

_SHOWN: Final = 3  # lines of what a program complains of
_QUOTING: Final = ("DETAIL:", "CONTEXT:")


def dump(owner_url: SecretStr, file: Path) -> str:
    """Write everything as it is at one moment; the revision of the schema.

    Raises `ServerFailed` or `NoSpace`.
    """
    url = make_url(owner_url.get_secret_value())
    version, revision = _asked(url)
    if version > int(VERSION):
        raise ServerFailed(
            f"Сервер — PostgreSQL {version}, а программа выгружает не новее {VERSION}: обновите её."
        )
    _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={file}")
    return revision


def is_empty(owner_url: SecretStr) -> bool:
    """Whether nothing was ever made in the database."""
    with _connected(make_url(owner_url.get_secret_value())) as connection:
        found = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = 'public'"
        ).fetchone()
    return found == (0,)


def load(owner_url: SecretStr, file: Path) -> None:
    """Bring a dump into an empty database: all of it or nothing. Raises as `dump` does."""
    url = make_url(owner_url.get_secret_value())
    known = ("--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={url.database}")
    _run("pg_restore", url, *known, str(file))


def _asked(url: URL) -> tuple[int, str]:
    with _connected(url) as connection:
        found = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, "
            "(SELECT version_num FROM alembic_version)"
        ).fetchone()
    version, revision = found or (0, "")
    return int(str(version)), str(revision)


def _connected(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(address, connect_timeout=5)
    except psycopg.OperationalError as error:
        told = str(error).partition("\n")[0]
        raise ServerFailed(f"База {url.database} не открылась: {told}") from None


def _run(program: str, url: URL, *words: str) -> None:
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,  # not in the command line, which others may see
        "PGDATABASE": url.database,
        **{f"PG{name.upper()}": value for name, value in url.query.items()},
    }
    own = {name: str(value) for name, value in given.items() if value}
    answer = subprocess.run(
        [str(binaries() / program), "--no-password", *words],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **own},
    )
    if answer.returncode == 0:
        return
    if is_disk_full(answer.stderr):
        raise NoSpace("Кончилось место на диске: освободите его и повторите.")
    raise ServerFailed(f"{program} не справился: {complaint(answer.stderr)}")


def complaint(said: str) -> str:
    """The last lines of what a program said, without those in which PostgreSQL quotes rows."""
    lines = (line for line in said.strip().splitlines() if not line.startswith(_QUOTING))
    return "\n".join(list(lines)[-_SHOWN:])
