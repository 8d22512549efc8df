"""The write-once store in memory."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Lock

from adapters.files.write_once import WriteOnceFiles, check_key, is_key
from domain.errors import NotFound


class MemoryFiles(WriteOnceFiles):
    """Objects in a dictionary, with the same encryption and refusals as on the disk."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self._stored_at: dict[str, datetime] = {}
        self.held: dict[str, datetime] = {}  # until when at least
        self.failure: OSError | None = None
        self._lock = Lock()

    def _read(self, key: str) -> bytes:
        try:
            return self.objects[key]
        except KeyError as error:
            raise NotFound(f"no object {key}") from error

    def _hash(self, key: str) -> str:
        self.check_ready()
        return hashlib.sha256(self._read(key)).hexdigest()

    def stored_at(self, key: str) -> datetime:
        self.stored_bytes(key)
        return self._stored_at[key]

    def keys(self, prefix: str = "") -> Sequence[str]:
        return sorted(key for key in self.objects if is_key(key) and key.startswith(prefix))

    def remove_forsaken(self, key: str) -> bool:
        check_key(key)
        self.check_ready()
        self.objects.pop(key, None)
        self._stored_at.pop(key, None)
        return True

    def sweep_strays(self) -> int:
        return 0

    def check_ready(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _keep(self, key: str, stored: bytes) -> bool:
        self.check_ready()
        with self._lock:
            self._stored_at.setdefault(key, datetime.now(UTC))
            return self.objects.setdefault(key, stored) is stored

    def hold(self, key: str, until: datetime) -> None:
        self.held[key] = max(until, self.held.get(key, until))

    def _force(self, key: str, stored: bytes) -> None:
        self.objects[key] = stored

    def _remove(self, key: str) -> None:
        self.objects.pop(key, None)
