"""Backups as they lie in their folder: what belongs to one, which are whole, which must go.

`TO/<UTC time>/` holds the parts of one backup and, written last, its manifest; `TO/files/` the
stored objects of all of them by the hash of their bytes, each once. A folder that ends in `.part`
is a backup that was not finished.
"""

import fcntl
import hashlib
import hmac
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from pydantic import ValidationError

from adapters.files.keyring import MasterKeys
from adapters.postgres.recovery import Destroyed
from domain.base import Value
from runtime.home import write_whole
from runtime.processes import ServerFailed
from runtime.settings import WrongCall

FORMAT: Final = 1
TEMPORAL, DATABASE, FILES, DESTROYED = (
    *("temporal.db", "database.dump"),
    *("files.jsonl", "destroyed.jsonl"),
)
"""The parts of a backup, in the order in which they are made."""
_MANIFEST: Final = "manifest.json"
_HALF: Final = ".part"
_NAME: Final = "%Y-%m-%dT%H-%M-%SZ"
_PURPOSE: Final = b"nastavnik backup manifest v1"
_HOURS_TO_DAYS: Final = timedelta(days=2)
_BLOCK: Final = 1024 * 1024


class BackupBusy(WrongCall):
    """Another backup is being made there."""


class NotBackedUp(ServerFailed):
    """The backup could not be made, and what there is of it does not count."""


class BackupDamaged(WrongCall):
    """A backup is not as it was made."""


class NoBackup(WrongCall):
    """There is no such backup in that folder."""


class Part(Value):
    """A file of a backup."""

    name: str
    size: int  # bytes
    sha256: str
    began: datetime
    ended: datetime


class Manifest(Value):
    """What a backup holds; it counts from the moment when this is there."""

    format: int = FORMAT
    made_at: datetime
    """When the first part was begun: nothing in it is younger than its end, nothing newer is
    missing that was answered before."""
    program: str
    schema_revision: str
    master_key: str  # the id of the key, which is not in the backup
    payload_key: str  # wrapped by the master key, hex
    rehearsal: bool
    parts: tuple[Part, ...]
    files: int
    bytes: int  # of all files, as stored
    copied: int  # of the files, those that no earlier backup had
    problems: tuple[str, ...] = ()

    def part(self, name: str) -> Part | None:
        """The part, if the backup has it."""
        return next((part for part in self.parts if part.name == name), None)


class KnownFile(Value):
    """An object and the hash of its stored bytes, under which the backup keeps them."""

    key: str
    sha256: str


class Backup:
    """A whole one."""

    def __init__(self, folder: Path, text: str, mac: str) -> None:
        """Raises `ValidationError` if the text is no manifest."""
        self.folder, self._text, self._mac = folder, text, mac
        self.manifest = Manifest.model_validate_json(text)

    @property
    def name(self) -> str:
        return self.folder.name

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises `BackupDamaged` if its manifest is not one of ours."""
        try:
            text = json.loads((folder / _MANIFEST).read_text("utf-8"))
            return cls(folder, text["manifest"], text["mac"])
        except (ValueError, KeyError, TypeError, ValidationError):
            raise BackupDamaged(f"Опись копии {folder} повреждена.") from None

    def check(self, keys: MasterKeys) -> None:
        """Raises `BackupDamaged` unless the manifest is as it was made; the key is its own."""
        made = _mac(self._text, self.manifest.master_key, keys)
        if not hmac.compare_digest(made, self._mac):
            raise BackupDamaged(f"Опись копии {self.folder} изменена.")

    def check_parts(self) -> None:
        """Raises `BackupDamaged` unless every part has its hash."""
        for part in self.manifest.parts:
            self.check_part(part.name)

    def check_part(self, name: str) -> None:
        """As `check_parts`, of one."""
        file, part = self.folder / name, self.manifest.part(name)
        if part is None or not file.exists() or sha256_of(file) != part.sha256:
            raise BackupDamaged(f"{file}: нет или изменён; возьмите другую копию: --at ВРЕМЯ")

    def files(self) -> Iterator[KnownFile]:
        """The objects that it holds."""
        return (KnownFile.model_validate_json(line) for line in _lines(self.folder / FILES))

    def destroyed(self) -> Iterator[Destroyed]:
        """What acts had destroyed by then."""
        return (Destroyed.model_validate_json(line) for line in _lines(self.folder / DESTROYED))


class BackupFolder:
    """The folder with all backups of one service."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._files = self.path / "files"

    @contextmanager
    def held(self) -> Iterator[None]:
        """One backup at a time; what earlier ones left half made is removed.

        Raises `BackupBusy`, and `OSError` if nothing can be written there.
        """
        self._files.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.path / "lock").touch(mode=0o600)
        with (self.path / "lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupBusy(f"В {self.path} уже делается копия; дождитесь её.") from None
            for half in (*self.path.glob(f"*{_HALF}"), *self._files.glob(f"*/*{_HALF}")):
                shutil.rmtree(half) if half.is_dir() else half.unlink()
            yield

    def begin(self, at: datetime) -> Path:
        """The folder of a new backup, marked as half made."""
        folder = self.path / f"{at.strftime(_NAME)}{_HALF}"
        if (self.path / at.strftime(_NAME)).exists():
            raise BackupBusy("Копия этой секунды уже есть; повторите.")
        folder.mkdir(mode=0o700)
        return folder

    def finish(self, half: Path, manifest: Manifest, keys: MasterKeys) -> Backup:
        """From now on it counts, also after a loss of power."""
        text = manifest.model_dump_json(indent=1)
        told = {"manifest": text, "mac": _mac(text, manifest.master_key, keys)}
        write_whole(half / _MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
        whole = half.with_name(half.name.removesuffix(_HALF))
        half.rename(whole)
        sync_folder(self.path)
        return Backup.read(whole)

    def whole(self) -> list[Backup]:
        """All that count, the earliest first. Raises `NoBackup` if the folder is not there."""
        return [Backup.read(folder) for folder in self._finished()]

    def chosen(self, at: str | None) -> Backup:
        """The one of that name, or the newest, whatever the others are. Raises `NoBackup`."""
        found = self._finished()
        if at is None and found:
            return Backup.read(found[-1])
        for one in found:
            if one.name == at:
                return Backup.read(one)
        known = ", ".join(one.name for one in found) or "ни одной"
        raise NoBackup(f"В {self.path} такой копии нет. Есть: {known}.")

    def _finished(self) -> list[Path]:
        if not self.path.is_dir():
            raise NoBackup(f"Каталога {self.path} нет или он недоступен.")
        folders = (file.parent for file in self.path.glob(f"*/{_MANIFEST}"))
        return sorted(folder for folder in folders if not folder.name.endswith(_HALF))

    def expire(self, now: datetime, days: int) -> list[str]:
        """Remove backups that are older, save the newest of all; the names of what went.

        They hold keys that may have been destroyed since (152-ФЗ, ст. 21: 30 дней).
        """
        gone = []
        for one in self.whole()[:-1]:
            if one.manifest.made_at < now - timedelta(days=days):
                one.folder.rename(half := one.folder.with_name(f"{one.name}{_HALF}"))
                shutil.rmtree(half)
                gone.append(one.name)
        if gone:
            self._forget_files({file.sha256 for one in self.whole() for file in one.files()})
        return gone

    def _forget_files(self, known: set[str]) -> None:
        for file in self._files.glob("*/*"):
            if file.name not in known:
                file.unlink()

    # Files, by the hash of their bytes

    def has_file(self, sha256: str) -> bool:
        """Whether the bytes are there."""
        return self._file(sha256).exists()

    def keep_file(self, sha256: str, stored: bytes) -> None:
        """Keep bytes whose hash was compared, once and durably."""
        file = self._file(sha256)
        file.parent.mkdir(mode=0o700, exist_ok=True)
        part = file.with_name(f"{sha256}{_HALF}")
        with part.open("wb") as stream:
            stream.write(stored)
            stream.flush()
            os.fchmod(stream.fileno(), 0o400)
            os.fsync(stream.fileno())
        part.replace(file)
        sync_folder(file.parent)

    def file(self, sha256: str) -> bytes | None:
        """The bytes; None if they are not there or not what they were."""
        try:
            stored = self._file(sha256).read_bytes()
        except FileNotFoundError:
            return None
        return stored if hashlib.sha256(stored).hexdigest() == sha256 else None

    def size_of(self, sha256s: Iterable[str]) -> int:
        """Bytes of all these."""
        return sum(self._file(sha256).stat().st_size for sha256 in sha256s)

    def _file(self, sha256: str) -> Path:
        return self._files / sha256[:2] / sha256


def write_lines(file: Path, lines: Sequence[Value]) -> None:
    """Write one JSON object a line, durably."""
    write_whole(file, "".join(f"{line.model_dump_json()}\n" for line in lines))


def sha256_of(file: Path) -> str:
    """The hash of a file of any size."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def age_in_words(age: timedelta) -> str:
    """As people say it: hours of the first two days, then days."""
    if age > _HOURS_TO_DAYS:
        return f"{age.days} дн."
    hours = age // timedelta(hours=1)
    return f"{hours} ч" if hours > 0 else "меньше часа"


def now() -> datetime:
    """The clock of backups."""
    return datetime.now(UTC).replace(microsecond=0)


def _mac(text: str, key_id: str, keys: MasterKeys) -> str:
    return hmac.digest(keys.subkey(key_id, _PURPOSE), text.encode(), "sha256").hex()


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8") as stream:
        yield from stream
