"""What every write-once store does alike; a backend only keeps, reads and lists bytes."""

import hashlib
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from activities.ports import Stored
from adapters.files.envelope import decrypt, encrypt
from domain.canary import CanaryResult, WriteOnce
from domain.errors import BytesChanged, NotFound, WrongKey

SEALED = "sealed/"
READS = 3
"""A bad road can spoil bytes that lie there whole: so often are they read before they are called
changed."""
CANARY = ".canary/"
"""Where canaries lie; no storage key begins with a dot, so nothing lists or reports them."""

# Lower case only: two keys that differ by case would be one file on some systems.
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}(/[a-z0-9][a-z0-9._-]{0,199})*")
_SEALED_KEY = re.compile(SEALED + r"[0-9a-f]{64}")


class WriteOnceFiles(ABC):
    """The `Files` port over any backend.

    A storage key is `/`-separated names of `a-z 0-9 . _ -` that start with a letter or a digit;
    under `sealed/` it is the SHA-256 of the stored bytes. Another key is a mistake of the program:
    `ValueError`. What the system refuses (`OSError`, no space left) rises as it is: try again.
    """

    def put_once(self, key: str, content: bytes, data_key: bytes) -> Stored:
        """As `Files.put_once`; `sealed/` is closed to it."""
        check_key(key)
        if key.startswith(SEALED):
            raise ValueError(f"{key}: only seal() writes under {SEALED}")
        return self._put(key, content, encrypt(content, data_key), data_key)

    def seal(self, content: bytes, data_key: bytes, until: datetime | None = None) -> Stored:
        """As `Files.seal`. Raises `BytesChanged` if the object lies there with other bytes."""
        stored = encrypt(content, data_key)
        kept = self._put(SEALED + _sha256(stored), content, stored, data_key)
        if until is not None:
            self.hold(kept.key, until)
        return kept

    def hold(self, key: str, until: datetime) -> None:
        """As `Files.hold`, of a store without locks."""
        del key, until

    def seal_key(self, content: bytes, data_key: bytes) -> str:
        """As `Files.seal_key`."""
        return SEALED + _sha256(encrypt(content, data_key))

    def get(self, key: str, data_key: bytes) -> bytes:
        """As `Files.get`."""
        return self._opened(key, data_key)[0]

    def _put(self, key: str, content: bytes, stored: bytes, data_key: bytes) -> Stored:
        won = self._keep(key, stored)
        kept_sha256 = _sha256(stored)
        if not self._lies_there(key, kept_sha256, READS if won else 1):
            if won:
                raise BytesChanged(f"{key}: what was read back is not what was written")
            content, kept_sha256 = self._opened(key, data_key)
        return Stored(
            key=key, sha256=_sha256(content), stored_sha256=kept_sha256, size=len(content)
        )

    def _lies_there(self, key: str, stored_sha256: str, reads: int) -> bool:
        return any(self.stored_hash(key) == stored_sha256 for _ in range(reads))

    def _opened(self, key: str, data_key: bytes) -> tuple[bytes, str]:
        """Content, and hash of the stored bytes."""
        for left in reversed(range(READS)):
            stored = self.stored_bytes(key)
            try:
                return _opened(key, stored, data_key), _sha256(stored)
            except (BytesChanged, WrongKey):
                if not left:
                    raise
        raise AssertionError("it is read at least once")

    def bring_back(self, key: str, stored: bytes) -> bool:
        """Keep stored bytes from a backup under their key; whether they lie there now."""
        check_key(key)
        self._keep(key, stored)
        return self._hash(key) == _sha256(stored)

    def stored_bytes(self, key: str) -> bytes:
        """As `Files.stored_bytes`."""
        check_key(key)
        return self._read(key)

    def stored_hash(self, key: str) -> str:
        """As `Files.stored_hash`."""
        check_key(key)
        return self._hash(key)

    def hides(self, key: str, stored_sha256: str) -> bool:
        """As `Files.hides`."""
        return stored_sha256 in self._beneath(key)

    def canary(self) -> CanaryResult:
        """As `Files.canary`, of a store that cannot prevent a change by who owns it.

        Each canary has a key of its own and is removed: canaries at once do not meet.
        """
        key = CANARY + secrets.token_hex(16)
        try:
            faults = self._faults(key)
        finally:
            _tried(lambda: self._remove(key))
        if faults:
            return canary_result(WriteOnce.FAILED, f"хранилище ненадёжно: {', '.join(faults)}")
        return canary_result(WriteOnce.DETECTED, "изменения обнаруживаются, но не предотвращаются")

    def _faults(self, key: str) -> list[str]:
        """What goes through the port that should not, and what goes past it unseen."""
        whole, changed = b"canary", b"a cuckoo"
        self._keep(key, whole)
        if self._keep(key, changed) or self._found(key) != whole:
            return ["записанное под занятым именем не осталось прежним"]
        faults = []
        if _tried(lambda: self._force(key, changed)) and self._found(key) == whole:
            faults.append("изменение не видно при чтении")
        if _tried(lambda: self._remove(key)) and self._found(key) is not None:
            faults.append("удаление не видно при чтении")
        return faults

    def _found(self, key: str) -> bytes | None:
        try:
            return self._read(key)
        except NotFound:
            return None

    @abstractmethod
    def stored_at(self, key: str) -> datetime:
        """As `Files.stored_at`."""

    @abstractmethod
    def keys(self, prefix: str = "") -> Sequence[str]:
        """As `Files.keys`."""

    @abstractmethod
    def remove_forsaken(self, key: str) -> bool:
        """As `Files.remove_forsaken`."""

    @abstractmethod
    def sweep_strays(self) -> int:
        """As `Files.sweep_strays`."""

    @abstractmethod
    def check_ready(self) -> None:
        """As `Files.check_ready`."""

    @abstractmethod
    def _keep(self, key: str, stored: bytes) -> bool:
        """Keep the bytes durably and whole; False, and nothing changed, if the key is taken."""

    @abstractmethod
    def _read(self, key: str) -> bytes:
        """The bytes as stored. Raises `NotFound`."""

    @abstractmethod
    def _hash(self, key: str) -> str:
        """SHA-256 of the bytes as stored, hex. Raises `NotFound`."""

    def _beneath(self, key: str) -> Iterable[str]:
        """The hashes of what lies under the key unseen; a store without versions has none."""
        check_key(key)
        return ()

    @abstractmethod
    def _force(self, key: str, stored: bytes) -> None:
        """Replace the bytes, as an intruder does who may write where the store is."""

    @abstractmethod
    def _remove(self, key: str) -> None:
        """Delete, as the same intruder; nothing if it is not there. Both: for canaries only."""


def canary_result(write_once: WriteOnce, text: str) -> CanaryResult:
    """What was found, just now."""
    return CanaryResult(write_once=write_once, text=text, checked_at=datetime.now(UTC))


def check_key(key: str) -> None:
    """Raises `ValueError` if this is not a storage key."""
    if not is_key(key):
        raise ValueError(f"not a storage key: {key!r}")


def is_key(key: str) -> bool:
    """Whether an object may lie under this key."""
    pattern = _SEALED_KEY if key.startswith(SEALED) else _KEY
    return pattern.fullmatch(key) is not None


def may_begin_key(prefix: str) -> bool:
    """Whether some key begins so; a store may refuse to look for anything else."""
    return any(_KEY.fullmatch(start) for start in (prefix, f"{prefix}0"))


def _opened(key: str, stored: bytes, data_key: bytes) -> bytes:
    if key.startswith(SEALED) and key != SEALED + _sha256(stored):
        raise BytesChanged(f"{key}: the stored bytes have another hash")
    try:
        return decrypt(stored, data_key)
    except (BytesChanged, WrongKey) as error:
        raise type(error)(f"{key}: {error}") from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tried(attempt: Callable[[], None]) -> bool:
    """Whether it was allowed; a system that refuses does more than is asked of it."""
    try:
        attempt()
    except PermissionError:
        return False
    return True
