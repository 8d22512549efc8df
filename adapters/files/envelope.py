"""How an object lies in a store: encrypted, and the same bytes for the same content and key.

Layout: `NSTV1` | SHA-256 of the content (32 bytes) | key check (16) | ciphertext and tag.
The key check depends on the data key alone and reveals nothing of it. AES-GCM by itself cannot
say whether its key is wrong or its bytes are changed; with the check the two are told apart.
"""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.errors import BytesChanged, WrongKey

MAGIC = b"NSTV1"
KEY_SIZE = 32
_HASH_END = len(MAGIC) + 32
_CHECK_SIZE = 16
_HEADER_SIZE = _HASH_END + _CHECK_SIZE
_TAG_SIZE = 16
# One effective key encrypts exactly one content, so its nonce never meets a second one.
_NONCE = bytes(12)


def encrypt(content: bytes, data_key: bytes) -> bytes:
    """The object of `content`. The same content and data key always give the same bytes.

    Raises `WrongKey` if `data_key` is not 32 bytes long.
    """
    head = MAGIC + hashlib.sha256(content).digest()
    ciphertext = _cipher(head, data_key).encrypt(_NONCE, content, head)
    return head + _key_check(data_key) + ciphertext


def decrypt(stored: bytes, data_key: bytes) -> bytes:
    """The content of an object made by `encrypt`.

    Raises `WrongKey` if the object was made with another data key, `BytesChanged` if it is not
    as `encrypt` made it.
    """
    sha256 = content_sha256(stored)
    head, check = stored[:_HASH_END], stored[_HASH_END:_HEADER_SIZE]
    key_fits = hmac.compare_digest(check, _key_check(data_key))
    try:
        content = _cipher(head, data_key).decrypt(_NONCE, stored[_HEADER_SIZE:], head)
    except InvalidTag as error:
        if key_fits:
            raise BytesChanged(f"the object of content {sha256} was changed") from error
        raise WrongKey(f"the data key does not open the object of content {sha256}") from error
    if not key_fits or hashlib.sha256(content).hexdigest() != sha256:
        raise BytesChanged(f"the object of content {sha256} was changed")
    return content


def content_sha256(stored: bytes) -> str:
    """The content's SHA-256 as the object itself states it, in hex; no key is needed.

    Raises `BytesChanged` if these are not the bytes of an object.
    """
    if not stored.startswith(MAGIC) or len(stored) < _HEADER_SIZE + _TAG_SIZE:
        raise BytesChanged("the bytes are not those of a stored object")
    return stored[len(MAGIC) : _HASH_END].hex()


def derive(key: bytes, purpose: bytes, size: int = KEY_SIZE) -> bytes:
    """A key for one purpose; neither `key` nor another purpose's key follows from it (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=size, salt=None, info=purpose).derive(key)


def _cipher(head: bytes, data_key: bytes) -> AESGCM:
    if len(data_key) != KEY_SIZE:
        raise WrongKey(f"a data key has {KEY_SIZE} bytes, not {len(data_key)}")
    return AESGCM(derive(data_key, b"nastavnik object v1" + head[len(MAGIC) :]))


def _key_check(data_key: bytes) -> bytes:
    return derive(data_key, b"nastavnik key check v1", _CHECK_SIZE)
