"""The home: one folder with everything of the embedded default, used by one process at a time."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import SecretStr

from adapters.files.keyring import new_master_key
from runtime.settings import SecretSettings, WrongCall

DATABASE_ROLES = ("postgres", "nastavnik_owner", "nastavnik_app")
"""Of the embedded server: who administers it, who migrates, and the application."""

_REHEARSAL = "rehearsal.txt"
_OTHERS = 0o077  # rights of group and others


class HomeInUse(WrongCall):
    """Another process holds the home."""


class HomeUnfit(WrongCall):
    """The home cannot be used as it is; the message says what to change."""


class KeysMissing(WrongCall):
    """A key is gone or open to others. None is made anew: the old data would stay locked."""


@dataclass(frozen=True)
class Keys:
    """The keys in force, as `MasterKeys.from_text` reads them."""

    master: SecretStr
    payload: SecretStr


class Home:
    """The folders of a home. `hold` makes it this process's own until `release` or its end.

    Rights of a folder that exists are never changed. A home made here can be passed through by
    all (a system user may have to run PostgreSQL in it), what stands in it is ours alone.
    """

    def __init__(self, path: Path, secret: SecretSettings | None = None) -> None:
        self.path = path.absolute()
        self._secret = secret
        self.key_folder = self.path / "keys"
        self.run = self.path / "run"
        self.log = self.path / "log"
        self.postgres = self.path / "postgres"
        self.temporal = self.path / "temporal"
        self._unfinished = self.path / "restoring.txt"
        self._lock: int | None = None

    def __enter__(self) -> Self:
        self.hold()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    @property
    def is_held(self) -> bool:
        """Whether this object holds the home."""
        return self._lock is not None

    def hold(self, restored: Mapping[str, str] | None = None) -> None:
        """Take the home; at the first start its folders and keys are made.

        Who restores a backup gives the `restored` keys, empties what an earlier try has left, and
        says `restore_finished` in the end; nobody else takes such a home until then. Raises
        `HomeInUse` if another process has it, `HomeUnfit` if it cannot be written, and
        `KeysMissing` if it has data but the keys are gone.
        """
        try:
            self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise HomeUnfit(
                f"Каталог данных {self.path} не годится: {error.strerror} ({error.filename}). "
                "Укажите другой: --home КАТАЛОГ или NASTAVNIK_HOME."
            ) from error
        try:
            # The kernel drops the lock when this process ends, however it ends. Children do not
            # inherit it: Python closes it in them.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(lock, 20).decode(errors="replace").strip() or "неизвестен"
            os.close(lock)
            raise HomeInUse(
                f"Каталог данных {self.path} уже занят другим процессом (номер {holder}). "
                "Остановите его или укажите другой каталог: --home КАТАЛОГ."
            ) from None
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()}\n".encode())
        self._lock = lock
        try:
            self._check_restored(restoring=restored is not None)
            self._make_folders()
            self._make_keys(restored or {})
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Let go of the home; harmless if it is not held."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_held_by_another(self) -> bool:
        """Whether a process, not through this object, holds the home now."""
        if self.is_held or not (self.path / "lock").exists():
            return False
        with (self.path / "lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def has_data(self) -> bool:
        """Whether a database was ever made here."""
        return (self.postgres / "data").exists()

    @property
    def is_half_restored(self) -> bool:
        """Whether a restore was begun here and did not come to its end."""
        return self._unfinished.exists()

    def restore_finished(self) -> None:
        """From now on the home is as any other."""
        self._unfinished.unlink()
        _sync(self.path)

    @property
    def is_rehearsal(self) -> bool:
        """Whether all that is here belongs to invented people."""
        return (self.path / _REHEARSAL).exists()

    def mark_as_rehearsal(self) -> None:
        """Let it be known for ever that all that is here belongs to invented people."""
        write_whole(self.path / _REHEARSAL, "Репетиция: люди вымышлены, документы без силы.\n")

    @property
    def keys(self) -> Keys:
        """The keys in force: those of the settings, else those made at the first start.

        Raises `KeysMissing` if a key is in neither, or others can read it.
        """
        given = self._secret
        return Keys(
            master=(given and given.master_key) or self._read_key("master"),
            payload=(given and given.payload_key) or self._read_key("payload"),
        )

    def password(self, role: str) -> SecretStr:
        """The password of a role of the embedded database. Raises `KeysMissing` as `keys` does."""
        return self._read_key(role)

    def record(self, name: str) -> dict[str, object]:
        """What `remember` wrote under this name; empty if nothing that can be read."""
        try:
            found = json.loads((self.run / f"{name}.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):  # ValueError: cut short by a loss of power
            return {}
        return found if isinstance(found, dict) else {}

    def remember(self, name: str, record: dict[str, object]) -> None:
        """Keep a record about running processes."""
        write_whole(self.run / f"{name}.json", json.dumps(record))

    def forget(self, name: str) -> None:
        """Drop a record; harmless if there is none."""
        (self.run / f"{name}.json").unlink(missing_ok=True)

    def _make_folders(self) -> None:
        for folder in (self.run, self.log, self.postgres, self.temporal):
            folder.mkdir(mode=0o700, exist_ok=True)

    def _check_restored(self, *, restoring: bool) -> None:
        if restoring:
            write_whole(self._unfinished, "Восстановление из копии не закончено.\n")
        elif self.is_half_restored:
            raise HomeUnfit(
                f"Восстановление в {self.path} не закончено: повторите nastavnik restore."
            )

    def _make_keys(self, restored: Mapping[str, str]) -> None:
        """All keys at once or none, so that a key that is missing later was lost."""
        if self.key_folder.exists():
            return
        if self.has_data:
            raise KeysMissing(
                f"В каталоге {self.path} есть данные, но нет ключей. "
                f"Верните {self.key_folder} из резервной копии."
            )
        made = {role: secrets.token_urlsafe(32) for role in DATABASE_ROLES}
        if self._secret is None or self._secret.master_key is None:
            made["master"] = new_master_key()
        if self._secret is None or self._secret.payload_key is None:
            made["payload"] = new_master_key()
        made |= restored
        part = self.path / ".keys.part"
        shutil.rmtree(part, ignore_errors=True)  # a first start that was cut short
        part.mkdir(mode=0o700)
        for name, text in made.items():
            write_whole(part / name, f"{text}\n")
        part.rename(self.key_folder)
        _sync(self.path)

    def _read_key(self, name: str) -> SecretStr:
        file = self.key_folder / name
        try:
            if (file.stat().st_mode | self.key_folder.stat().st_mode) & _OTHERS:
                raise KeysMissing(
                    f"Ключ {file} открыт другим пользователям. Закройте его: "
                    f"chmod 700 {self.key_folder} && chmod 600 {file}"
                )
            return SecretStr(file.read_text("utf-8").strip())
        except FileNotFoundError:
            raise KeysMissing(
                f"Нет ключа {file}. Верните его из резервной копии или задайте в настройках."
            ) from None


def write_whole(file: Path, text: str) -> None:
    """Write a file that only we can read, so that after a crash it is there whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    _sync(file.parent)


def write_result(out: Path, body: bytes) -> None:
    """Write a file for people, whole or not at all; what stood there before stays till then."""
    part = out.with_name(f".{out.name}.part")
    try:
        part.write_bytes(body)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
