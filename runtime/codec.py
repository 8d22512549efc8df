"""Encryption of all that Temporal keeps for us, failures included."""

import dataclasses
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from adapters.files.keyring import MasterKeys
from domain.errors import BytesChanged

_ENCODING = b"binary/encrypted"
_KEY_ID = "encryption-key-id"
_NONCE_SIZE = 12
_PURPOSE = b"nastavnik temporal payload v1"


class EncryptionCodec(PayloadCodec):
    """AES-256-GCM with a key derived from the current master key, whose id is in the metadata.

    What an older master key encrypted is still decoded while that key is among `keys`.
    """

    def __init__(self, keys: MasterKeys) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Each payload encrypted whole, its metadata too; one that already is stays as it is."""
        return [self._encoded(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """What was encoded; a payload that is not encrypted is returned as it is.

        Raises `WrongKey` that names the id of a master key which we do not have, and
        `BytesChanged` if the payload is not as it was encoded.
        """
        return [self._decoded(payload) for payload in payloads]

    def _encoded(self, payload: Payload) -> Payload:
        if _is_encrypted(payload):
            return payload
        key_id = self._keys.current_id
        nonce = secrets.token_bytes(_NONCE_SIZE)
        cipher = AESGCM(self._keys.subkey(key_id, _PURPOSE))
        ciphertext = cipher.encrypt(nonce, payload.SerializeToString(), key_id.encode())
        return Payload(
            metadata={"encoding": _ENCODING, _KEY_ID: key_id.encode()}, data=nonce + ciphertext
        )

    def _decoded(self, payload: Payload) -> Payload:
        if not _is_encrypted(payload):
            return payload
        key_id = payload.metadata[_KEY_ID].decode(errors="replace")
        cipher = AESGCM(self._keys.subkey(key_id, _PURPOSE))
        nonce, ciphertext = payload.data[:_NONCE_SIZE], payload.data[_NONCE_SIZE:]
        try:
            return Payload.FromString(cipher.decrypt(nonce, ciphertext, key_id.encode()))
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            raise BytesChanged(f"a payload of master key {key_id} was changed") from error


def data_converter(keys: MasterKeys) -> DataConverter:
    """The one data converter of every Temporal client here: pydantic models, all encrypted."""
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptionCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def key_id_of(payload: Payload) -> str | None:
    """The id of the master key that encrypted it; None if none did."""
    if not _is_encrypted(payload):
        return None
    return payload.metadata[_KEY_ID].decode(errors="replace")


def _is_encrypted(payload: Payload) -> bool:
    return payload.metadata.get("encoding") == _ENCODING and _KEY_ID in payload.metadata
