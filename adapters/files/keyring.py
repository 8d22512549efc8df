"""The master keys, and the data keys that they wrap."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import NewType, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.files.envelope import KEY_SIZE, derive
from domain.errors import BytesChanged, WrongKey

WrappedKey = NewType("WrappedKey", bytes)
"""`NSTK1` | id of the master key (8 bytes) | nonce (12) | encrypted data key and tag (48)."""

_MAGIC = b"NSTK1"
_ID_SIZE = 8
_HEAD_SIZE = len(_MAGIC) + _ID_SIZE
_NONCE_SIZE = 12
_WRAPPED_SIZE = _HEAD_SIZE + _NONCE_SIZE + KEY_SIZE + 16
_WRAPPING = b"nastavnik data key wrapping v1"


def new_master_key() -> str:
    """A fresh random master key, as the text that `MasterKeys.from_text` reads."""
    return base64.b64encode(secrets.token_bytes(KEY_SIZE)).decode()


class MasterKeys:
    """The current master key and the older ones, each known by an id made from its hash.

    New things are encrypted with the current key, old ones are opened with whichever made them.
    A master key never encrypts anything itself: each purpose has a key derived from it.
    """

    def __init__(self, current: bytes, older: Sequence[bytes] = ()) -> None:
        if any(len(key) != KEY_SIZE for key in (current, *older)):
            raise ValueError(f"a master key has {KEY_SIZE} bytes")
        self._keys = {_id_of(key): key for key in (current, *older)}
        self.current_id = _id_of(current)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of all keys, the current one's first."""
        return tuple(self._keys)

    @classmethod
    def from_text(cls, current: str, older: Sequence[str] = ()) -> Self:
        """Keys written in hex or base64. Raises `ValueError`, which never shows the text."""
        return cls(key_from_text(current), [key_from_text(text) for text in older])

    def subkey(self, key_id: str, purpose: bytes) -> bytes:
        """The key for one purpose. Raises `WrongKey` that names the id if it is not among ours."""
        if key_id not in self._keys:
            ours = ", ".join(self._keys)
            raise WrongKey(f"master key {key_id} is not among the given ones ({ours})")
        return derive(self._keys[key_id], purpose)

    def new_data_key(self) -> tuple[bytes, WrappedKey]:
        """A fresh random data key, and the same wrapped; only the wrapped one may be stored."""
        data_key = secrets.token_bytes(KEY_SIZE)
        return data_key, self.wrap(data_key)

    def wrap(self, data_key: bytes) -> WrappedKey:
        """`data_key` wrapped by the current master key. Raises `WrongKey` on a wrong length."""
        if len(data_key) != KEY_SIZE:
            raise WrongKey(f"a data key has {KEY_SIZE} bytes, not {len(data_key)}")
        head = _MAGIC + bytes.fromhex(self.current_id)
        nonce = secrets.token_bytes(_NONCE_SIZE)
        cipher = AESGCM(self.subkey(self.current_id, _WRAPPING))
        return WrappedKey(head + nonce + cipher.encrypt(nonce, data_key, head))

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key.

        Raises `WrongKey` that names the master key's id if that key is not among ours, and
        `BytesChanged` if `wrapped` is not what `wrap` made.
        """
        if not wrapped.startswith(_MAGIC) or len(wrapped) != _WRAPPED_SIZE:
            raise BytesChanged("the bytes are not those of a wrapped key")
        head, sealed = wrapped[:_HEAD_SIZE], wrapped[_HEAD_SIZE:]
        key_id = head[len(_MAGIC) :].hex()
        cipher = AESGCM(self.subkey(key_id, _WRAPPING))
        try:
            return cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], head)
        except InvalidTag as error:
            raise BytesChanged(f"a key wrapped by master key {key_id} was changed") from error


def _id_of(key: bytes) -> str:
    return hashlib.sha256(b"nastavnik master key id v1" + key).digest()[:_ID_SIZE].hex()


def key_from_text(text: str) -> bytes:
    """The 32 bytes of a key written in hex or base64. Raises `ValueError`, without the text."""
    text = text.strip()
    try:
        if len(text) == 2 * KEY_SIZE:
            return bytes.fromhex(text)
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError:
        # The cause is left out: it could show a part of the key.
        raise ValueError("a master key is 32 bytes written in hex or base64") from None
