"""The embedded default store: a write-once directory."""

import errno
import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from adapters.files.write_once import CANARY, SEALED, WriteOnceFiles, check_key, is_key
from domain.errors import NotFound

_BLOCK = 4096
_PIECE = 1 << 18
_STRAY_AFTER_SECONDS = 3600
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}


class FilesystemFiles(WriteOnceFiles):
    """Objects as read-only files under `root`, which is made if it is missing.

    An object is written aside, made durable and only then given its name, in one step that fails
    if the name is taken. So a crash at any moment leaves nothing or the whole object, and what was
    answered is on the disk. Several processes may share one root.
    """

    def __init__(self, root: Path) -> None:
        """Open the store; what a crash left aside more than an hour ago is removed."""
        self._root = root
        self._aside = root / ".tmp"  # no storage key begins with a dot
        _make_folder(self._aside)
        _sync_folder(root)
        self._sweep()

    def stored_at(self, key: str) -> datetime:
        """As `Files.stored_at`."""
        check_key(key)
        try:
            return datetime.fromtimestamp(self._path(key).stat().st_mtime, UTC)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(f"no object {key}") from error

    def keys(self, prefix: str = "") -> Sequence[str]:
        """As `Files.keys`."""
        folder = SEALED if prefix.startswith(SEALED) else prefix.rpartition("/")[0]
        if folder not in {"", SEALED} and not is_key(folder):
            return []
        return sorted(key for key in self._keys_in(self._root / folder) if key.startswith(prefix))

    def remove_forsaken(self, key: str) -> bool:
        """As `Files.remove_forsaken`: whoever owns the directory may, so nothing is ever locked."""
        check_key(key)
        path = self._path(key)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)
        return True

    def sweep_strays(self) -> int:
        """As `Files.sweep_strays`: what a crash left aside."""
        return self._sweep()

    def check_ready(self) -> None:
        """As `Files.check_ready`: a block is written and removed."""
        probe = self._aside / secrets.token_hex(16)
        try:
            probe.write_bytes(bytes(_BLOCK))
        finally:
            probe.unlink(missing_ok=True)

    def _keep(self, key: str, stored: bytes) -> bool:
        path = self._path(key)
        won = False
        if not path.exists():
            _make_folder(path.parent)
            won = self._write(path, stored)
        # After a lost race too: the winner may not have come to this yet, and an answer is a
        # promise that the object outlives a power cut. Up to the root, for a folder may be new.
        for folder in path.parents:
            _sync_folder(folder)
            if folder == self._root:
                break
        return won

    def _read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise NotFound(f"no object {key}") from error

    def _hash(self, key: str) -> str:
        try:
            handle = os.open(self._path(key), os.O_RDONLY)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(f"no object {key}") from error
        digest = hashlib.sha256()
        try:
            while piece := os.read(handle, _PIECE):
                digest.update(piece)
        except IsADirectoryError as error:
            raise NotFound(f"no object {key}") from error
        finally:
            os.close(handle)
        return digest.hexdigest()

    def _force(self, key: str, stored: bytes) -> None:
        path = self._path(key)
        path.chmod(0o600)
        path.write_bytes(stored)

    def _remove(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _write(self, path: Path, stored: bytes) -> bool:
        aside = self._aside / secrets.token_hex(16)
        try:
            _write_durably(aside, stored)
            return self._name(aside, path)
        finally:
            aside.unlink(missing_ok=True)

    def _name(self, aside: Path, path: Path) -> bool:
        try:
            self._link(aside, path)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            return self._rename(aside, path)
        return True

    def _link(self, aside: Path, path: Path) -> None:
        os.link(aside, path)

    def _rename(self, aside: Path, path: Path) -> bool:
        # A plain rename would replace the winner's file, and writing into a file made with O_EXCL
        # could leave half of it; the lock ends with its process.
        with _locked(self._aside):
            if path.exists():
                return False
            aside.rename(path)
            return True

    def _path(self, key: str) -> Path:
        if not key.startswith(SEALED):
            return self._root / key
        name = key.removeprefix(SEALED)
        return self._root / SEALED / name[:2] / name[2:4] / name

    def _keys_in(self, top: Path) -> Iterator[str]:
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inner = Path(folder).relative_to(self._root)
            for name in names:
                sealed = inner.parts[:1] == (SEALED.rstrip("/"),)
                key = SEALED + name if sealed else (inner / name).as_posix()
                if is_key(key):
                    yield key

    def _sweep(self) -> int:
        swept = 0
        for stray in (*self._aside.iterdir(), *self._root.glob(f"{CANARY}*")):
            try:
                if time.time() - stray.stat().st_mtime > _STRAY_AFTER_SECONDS:
                    stray.unlink()
                    swept += 1
            except FileNotFoundError:
                continue  # its writer, or another process that sweeps, was faster
        return swept


def _write_durably(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:  # noqa: PTH123 - Path.open() has no advantage here
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), 0o444)
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        # Only the service reads its store; another writer may make the same folder meanwhile.
        path.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
