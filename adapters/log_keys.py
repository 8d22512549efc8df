"""The keys that sign checkpoints of logs, and the signed notes (C2SP `signed-note`) they stand in.

A key follows from the master key, so that nothing more has to be kept secret or restored. A log's
signature is a plain Ed25519 one; a witness signs by `tlog-cosignature`, with a key of its own.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from adapters.files.keyring import MasterKeys
from domain.checkpoints import NAME, Checkpoint, SignedCheckpoint, origin_of, read, written
from domain.errors import ForgedCheckpoint

_LOG: Final = b"nastavnik log signing v1"
_WITNESS: Final = b"nastavnik log witness v1/"
_SIGNS, _COSIGNS = 0x01, 0x04  # the types of signatures, by signed-note
_DASH: Final = "— "
_ID_SIZE, _KEY_SIZE, _TIME_SIZE = 4, 32, 8
_LARGEST_NOTE: Final = 64 * 1024
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class VerifierKey(NamedTuple):
    """A public key with the name of its owner, as it is written and handed around."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature says which key made it."""
        named = f"{self.name}\n".encode() + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:_ID_SIZE]

    def __str__(self) -> str:
        encoded = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.id.hex()}+{encoded}"

    @classmethod
    def of(cls, text: str) -> Self:
        """The key that `str` wrote. Raises `ForgedCheckpoint` on any other text."""
        try:
            name, _, encoded = text.split("+", 2)
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise ForgedCheckpoint("это не ключ журнала") from error
        found = cls(name, raw[0] if raw else 0, raw[1:])
        known = found.kind in (_SIGNS, _COSIGNS) and len(found.public) == _KEY_SIZE
        if not known or not re.fullmatch(NAME, name) or str(found) != text:
            raise ForgedCheckpoint("это не ключ журнала")
        return found


class _Signature(NamedTuple):
    """A line under a note."""

    name: str
    made_by: bytes  # the key's id
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.made_by + self.value).decode()}"


class LogKeys:
    """Signs for the logs and the witnesses of this installation."""

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys

    def keys_of(self, origin: str) -> tuple[str, ...]:
        """The keys that verify a log of ours, the one that signs now first."""
        return tuple(
            _verifier(origin, _SIGNS, self._private(key_id, _LOG)) for key_id in self._keys.ids
        )

    def sign(self, checkpoint: Checkpoint) -> SignedCheckpoint:
        """The checkpoint as a signed note. The same checkpoint gives the same note."""
        text = self.note(checkpoint.origin, written(checkpoint))
        key = self.keys_of(checkpoint.origin)[0]
        return SignedCheckpoint(checkpoint=checkpoint, text=text, key=key)

    def note(self, origin: str, body: str) -> str:
        """A signed note of this text, by the key of that log; no checkpoint may read like it."""
        private = self._private(self._keys.current_id, _LOG)
        key = VerifierKey.of(_verifier(origin, _SIGNS, private))
        return f"{body}\n{_line(key, private.sign(body.encode()))}"

    def verified(self, text: str) -> SignedCheckpoint:
        """The checkpoint of a note that a key of ours has signed, an older one too.

        Raises `ForgedCheckpoint`.
        """
        made_by = {one.made_by for one in _signatures(text)}
        for key in self.keys_of(stated(text).origin):
            if VerifierKey.of(key).id in made_by:
                return SignedCheckpoint(checkpoint=verify(text, key), text=text, key=key)
        raise ForgedCheckpoint("отметка подписана не нашим ключом")

    def witness_keys(self, organisation_id: str) -> tuple[str, ...]:
        """The keys that verify what this organisation states as a witness, the current first."""
        name = origin_of(organisation_id)
        return tuple(
            _verifier(name, _COSIGNS, self._witness(organisation_id, key_id))
            for key_id in self._keys.ids
        )

    def cosign(self, organisation_id: str, text: str, at: datetime) -> str:
        """The line by which the witness says that it keeps the note `text`, with its end.

        The caller has verified the note, and that the log continues what was kept before.
        """
        body, _ = _parts(text)
        seconds = int(at.timestamp())
        private = self._witness(organisation_id, self._keys.current_id)
        key = VerifierKey.of(_verifier(origin_of(organisation_id), _COSIGNS, private))
        signature = private.sign(_cosigned(body, seconds))
        return _line(key, seconds.to_bytes(_TIME_SIZE) + signature)

    def cosigned_by(self, organisation_id: str, text: str) -> str:
        """The key with which this witness has signed the note; an older one verifies too.

        Raises `ForgedCheckpoint`.
        """
        made_by = {one.made_by for one in _signatures(text)}
        for key in self.witness_keys(organisation_id):
            if VerifierKey.of(key).id in made_by:
                verify_cosignature(text, key)
                return key
        raise ForgedCheckpoint(f"под отметкой нет подписи свидетеля {organisation_id}")

    def _private(self, key_id: str, purpose: bytes) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self._keys.subkey(key_id, purpose))

    def _witness(self, organisation_id: str, key_id: str) -> Ed25519PrivateKey:
        # What a witness signs does not say who it is, so each has a key of its own.
        return self._private(key_id, _WITNESS + organisation_id.encode())


def verify(text: str, key: str) -> Checkpoint:
    """The checkpoint of a note that `key` has signed. Raises `ForgedCheckpoint`."""
    found = read(verify_note(text, key))
    if VerifierKey.of(key).name != found.origin:
        raise ForgedCheckpoint(f"это не ключ журнала {found.origin}")
    return found


def verify_note(text: str, key: str) -> str:
    """The text of a note that the key of a log has signed. Raises `ForgedCheckpoint`."""
    known, (body, _) = VerifierKey.of(key), _parts(text)
    if known.kind != _SIGNS:
        raise ForgedCheckpoint("это не ключ журнала")
    for signature in _made_by(known, text):
        _check(known, signature, body.encode())
    return body


def verify_cosignature(text: str, key: str) -> datetime:
    """When the witness of `key` put its signature under the note. Raises `ForgedCheckpoint`."""
    known, (body, _) = VerifierKey.of(key), _parts(text)
    if known.kind != _COSIGNS:
        raise ForgedCheckpoint("это не ключ свидетеля")
    seconds = 0
    for signature in _made_by(known, text):
        seconds = int.from_bytes(signature[:_TIME_SIZE])
        _check(known, signature[_TIME_SIZE:], _cosigned(body, seconds))
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise ForgedCheckpoint("в подписи свидетеля нет времени") from error


def stated(text: str) -> Checkpoint:
    """What a note says; nothing is verified. Raises `ForgedCheckpoint` if it is no note."""
    return read(_parts(text)[0])


def _parts(text: str) -> tuple[str, list[str]]:
    """The signed text and the lines of signatures. Raises `ForgedCheckpoint`."""
    body, blank, under = text.rpartition("\n\n")
    lines = under.split("\n")
    whole = blank and lines.pop() == "" and lines and len(text) <= _LARGEST_NOTE
    if not whole or _CONTROL.search(text):
        raise ForgedCheckpoint("это не подписанная отметка журнала")
    return f"{body}\n", lines


def _signatures(text: str) -> Iterator[_Signature]:
    for line in _parts(text)[1]:
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error) as error:
            raise ForgedCheckpoint("подпись отметки не читается") from error
        found = _Signature(name, raw[:_ID_SIZE], raw[_ID_SIZE:])
        if line != str(found) or not re.fullmatch(NAME, name) or not found.value:
            raise ForgedCheckpoint("подпись отметки не читается")
        yield found


def _made_by(key: VerifierKey, text: str) -> list[bytes]:
    """The signatures that say that `key` made them. Raises `ForgedCheckpoint` without any."""
    found = [
        one.value for one in _signatures(text) if (one.name, one.made_by) == (key.name, key.id)
    ]
    if not found:
        raise ForgedCheckpoint(f"под отметкой нет подписи ключом {key.name}+{key.id.hex()}")
    return found


def _check(key: VerifierKey, signature: bytes, signed: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
    except InvalidSignature as error:
        raise ForgedCheckpoint(f"подпись ключом {key.name}+{key.id.hex()} неверна") from error


def _verifier(name: str, kind: int, private: Ed25519PrivateKey) -> str:
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return str(VerifierKey(name, kind, public))


def _line(key: VerifierKey, signature: bytes) -> str:
    return f"{_Signature(key.name, key.id, signature)}\n"


def _cosigned(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()
