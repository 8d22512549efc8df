"""The write-once store in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock

from adapters.files.write_once import WriteOnceFiles, is_key
from domain.errors import NotFound


class MemoryFiles(WriteOnceFiles):
    """Objects in a dictionary, with the same encryption and refusals as on the disk."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self._stored_at: dict[str, datetime] = {}
        self.failure: OSError | None = None
        self._lock = Lock()

    def _read(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError as error:
            raise NotFound(f"no object {key}") from error

    def stored_at(self, key: str) -> datetime:
        self.stored_bytes(key)
        return self._stored_at[key]

    def keys(self, prefix: str = "") -> Sequence[str]:
        return sorted(key for key in self.objects if is_key(key) and key.startswith(prefix))

    def check_ready(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _keep(self, key: str, stored: bytes) -> bool:
        self.check_ready()
        with self._lock:
            self._stored_at.setdefault(key, datetime.now(UTC))
            return self.objects.setdefault(key, stored) is stored

    def _force(self, key: str, stored: bytes) -> None:
        self.objects[key] = stored

    def _remove(self, key: str) -> None:
        self.objects.pop(key, None)
