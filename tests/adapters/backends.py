"""Every store there is, each with a hand that reaches past it."""

import errno
import io
from abc import ABC, abstractmethod
from datetime import timedelta
from pathlib import Path

from activities.ports import Files
from adapters.files.filesystem import FilesystemFiles
from adapters.files.minio import MinioFiles
from tests.fakes.files import MemoryFiles
from tests.object_store import ObjectStore


class Backend(ABC):
    """A store, and a hand that reaches past it."""

    files: Files

    @abstractmethod
    def change_byte(self, key: str) -> None:
        """Change the last stored byte of an object."""


class Memory(Backend):
    def __init__(self) -> None:
        self.files = self._memory = MemoryFiles()

    def change_byte(self, key: str) -> None:
        stored = self._memory.objects[key]
        self._memory.objects[key] = stored[:-1] + bytes([stored[-1] ^ 1])


class Disk(Backend):
    def __init__(self, files: FilesystemFiles, root: Path) -> None:
        self.files = files
        self._root = root

    def change_byte(self, key: str) -> None:
        [path] = self._root.rglob(key.rpartition("/")[2])
        stored = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))


class S3(Backend):
    def __init__(self, store: ObjectStore, lock: timedelta | None) -> None:
        self._client, self._bucket = store.client(), store.bucket()
        self.files = files = MinioFiles(self._bucket, lock)
        files.ensure_bucket()

    def change_byte(self, key: str) -> None:
        """As an intruder who has the keys: a newer version hides the one that was put."""
        stored = self.files.stored_bytes(key)
        changed = io.BytesIO(stored[:-1] + bytes([stored[-1] ^ 1]))
        self._client.put_object(self._bucket.name, key, changed, len(stored))


class LinklessFiles(FilesystemFiles):
    """The store on a file system that has no hard links."""

    def _link(self, aside: Path, path: Path) -> None:
        raise OSError(errno.EOPNOTSUPP, "no hard links here")
