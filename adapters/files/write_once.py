"""What every write-once store does alike; a backend only keeps, reads and lists bytes."""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime

from activities.ports import Stored
from adapters.files.envelope import decrypt, encrypt
from domain.errors import BytesChanged, WrongKey

SEALED = "sealed/"

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

    def seal(self, content: bytes, data_key: bytes) -> Stored:
        """As `Files.seal`. Raises `BytesChanged` if the object lies there with other bytes."""
        stored = encrypt(content, data_key)
        return self._put(SEALED + _sha256(stored), content, stored, data_key)

    def get(self, key: str, data_key: bytes) -> bytes:
        """As `Files.get`."""
        return _opened(key, self.stored_bytes(key), data_key)

    def _put(self, key: str, content: bytes, stored: bytes, data_key: bytes) -> Stored:
        won = self._keep(key, stored)
        kept = self.stored_bytes(key)
        if kept != stored:
            if won:
                raise BytesChanged(f"{key}: what was read back is not what was written")
            content = _opened(key, kept, data_key)
        return Stored(
            key=key, sha256=_sha256(content), stored_sha256=_sha256(kept), size=len(content)
        )

    @abstractmethod
    def stored_bytes(self, key: str) -> bytes:
        """As `Files.stored_bytes`."""

    @abstractmethod
    def stored_at(self, key: str) -> datetime:
        """As `Files.stored_at`."""

    @abstractmethod
    def keys(self, prefix: str = "") -> Sequence[str]:
        """As `Files.keys`."""

    @abstractmethod
    def check_ready(self) -> None:
        """As `Files.check_ready`."""

    @abstractmethod
    def _keep(self, key: str, stored: bytes) -> bool:
        """Keep the bytes durably and whole; False, and nothing changed, if the key is taken."""


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
