"""`backup`: everything save the master key, copied while the service runs.

Temporal first, then PostgreSQL, then files: what the earlier parts remember the later ones have.
Where Temporal is older than the rows, `recover` brings it up to them.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from adapters.files.keyring import MasterKeys, key_from_text
from adapters.postgres.archive import KnownObject
from domain.base import Value
from domain.errors import NotFound
from runtime.backups import (
    DATABASE,
    DESTROYED,
    FILES,
    TEMPORAL,
    Backup,
    BackupFolder,
    KnownFile,
    Manifest,
    NotBackedUp,
    Part,
    now,
    sha256_of,
    write_lines,
)
from runtime.embedded import Progress
from runtime.embedded_temporal import TemporalServer
from runtime.home import Home
from runtime.output import in_russian
from runtime.postgres_dump import dump
from runtime.settings import Settings, WrongCall
from runtime.wiring import Parts

_AT_ONCE: Final = 8
"""Files that are read side by side."""
_SHOWN: Final = 20


class Made(Value):
    """What a backup came to; `ok` if no file was missing or changed."""

    ok: bool
    backup: str
    made_at: datetime
    files: int
    copied: int
    bytes: int
    parts: tuple[Part, ...]
    expired: tuple[str, ...]
    problems: tuple[str, ...]


def backup(settings: Settings, parts: Parts, to: Path, say: Progress, *, embedded: bool) -> Made:
    """Make one backup in `to` and remove those that are too old.

    `settings` name every server. Raises `NotBackedUp` if it could not be made, `BackupBusy`, or
    `NoSpace`; then no half of it counts.
    """
    folder = BackupFolder(to)
    try:
        with folder.held():
            made = _Making(settings, parts, folder, say, embedded=embedded).make()
            gone = folder.expire(now(), settings.backup.days)
    except (OSError, sqlite3.Error) as error:
        told = in_russian(error) if isinstance(error, OSError) else str(error)
        raise NotBackedUp(f"Копия не сделана. {told}") from error
    manifest = made.manifest
    return Made(
        ok=not manifest.problems,
        backup=str(made.folder),
        expired=tuple(gone),
        **manifest.model_dump(include={"made_at", "files", "copied", "bytes", "parts", "problems"}),
    )


class _Making:
    def __init__(
        self,
        settings: Settings,
        parts: Parts,
        folder: BackupFolder,
        say: Progress,
        *,
        embedded: bool,
    ) -> None:
        self._settings, self._parts, self._folder = settings, parts, folder
        self._say, self._embedded = say, embedded
        self._made: list[Part] = []

    def make(self) -> Backup:
        secret, url = self._settings.secret, self._settings.database.url
        if secret.master_key is None or secret.payload_key is None or url is None:
            raise WrongCall("Копии нужны NASTAVNIK_DATABASE_URL и оба ключа.")
        keys = MasterKeys.from_text(secret.master_key.get_secret_value())
        began = now()
        half = self._folder.begin(began)
        if self._embedded:
            self._say("Копия: Temporal…")
            home = Home(self._settings.home.home)
            source = TemporalServer(home, self._settings.temporal.namespace).file
            self._part(half / TEMPORAL, lambda file: copy_sqlite(source, file))
        else:
            self._say("Копия: внешний Temporal не копируется, его заменит nastavnik recover.")
        self._say("Копия: PostgreSQL…")
        revisions: list[str] = []
        self._part(half / DATABASE, lambda file: revisions.append(dump(url, file)))
        # Read after the dump: all that it knows is here, and what came since does no harm.
        objects = self._parts.archive.objects()
        destroyed = self._parts.recovery.destroyed()
        self._say(f"Копия: файлы, всего {len(objects)}…")
        kept, copied, problems = self._copy_files(objects)
        self._part(half / FILES, lambda file: write_lines(file, kept))
        self._part(half / DESTROYED, lambda file: write_lines(file, destroyed))
        manifest = Manifest(
            made_at=began,
            program=version("nastavnik"),
            schema_revision=revisions[0],
            master_key=keys.current_id,
            payload_key=_wrapped(secret.payload_key, keys),
            rehearsal=self._settings.home.rehearsal,
            parts=tuple(self._made),
            files=len(kept),
            bytes=self._folder.size_of({file.sha256 for file in kept}),
            copied=copied,
            problems=tuple(problems),
        )
        return self._folder.finish(half, manifest, keys)

    def _part(self, file: Path, write: Callable[[Path], object]) -> None:
        began = now()
        file.touch(mode=0o600)  # nobody else reads it, while it is written neither
        write(file)
        self._made.append(
            Part(
                name=file.name,
                size=file.stat().st_size,
                sha256=sha256_of(file),
                began=began,
                ended=now(),
            )
        )

    def _copy_files(self, objects: Sequence[KnownObject]) -> tuple[list[KnownFile], int, list[str]]:
        """What is kept now, how many were copied for it, and what the store does not give."""
        new = [one for one in objects if not self._folder.has_file(one.stored_sha256)]
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            problems = [problem for problem in readers.map(self._copy, new) if problem]
        kept = [
            KnownFile(key=one.key, sha256=one.stored_sha256)
            for one in objects
            if self._folder.has_file(one.stored_sha256)
        ]
        return kept, len(new) - len(problems), _told(problems)

    def _copy(self, one: KnownObject) -> str | None:
        """Copies an object; what is wrong with it, if anything."""
        try:
            stored = self._parts.files.stored_bytes(one.key)
        except NotFound:
            # What was destroyed by an act has no key, and need not have bytes.
            return None if one.destroyed else f"{one.key}: файла нет (document/{one.document_id})"
        if sha256(stored).hexdigest() != one.stored_sha256:
            return f"{one.key}: файл изменён (document/{one.document_id})"
        self._folder.keep_file(one.stored_sha256, stored)
        return None


def copy_sqlite(source: Path, target: Path) -> None:
    """A copy of one moment, of a file that a server writes meanwhile."""
    with (
        contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as there,
        contextlib.closing(sqlite3.connect(target)) as here,
    ):
        there.backup(here)


def _wrapped(payload_key: SecretStr, keys: MasterKeys) -> str:
    return keys.wrap(key_from_text(payload_key.get_secret_value())).hex()


def _told(problems: Iterable[str]) -> list[str]:
    found = sorted(problems)
    shown = found[:_SHOWN]
    return shown if shown == found else [*shown, f"и ещё {len(found) - _SHOWN}"]
