"""The payload codec: what Temporal keeps for us is encrypted, failures included."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from adapters.files.keyring import MasterKeys
from domain.base import Message
from domain.errors import BytesChanged, WrongKey
from runtime.codec import EncryptionCodec, data_converter

FIRST = bytes(range(32))
SECOND = bytes(range(1, 33))
CANARY = "канарейка-canary"
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=f'"{CANARY}"'.encode())


class Greeting(Message):
    text: str
    number: int = 1


def _codec(current: bytes = FIRST, *older: bytes) -> EncryptionCodec:
    return EncryptionCodec(MasterKeys(current, older))


async def test_payloads_come_back_as_they_were_in_their_order() -> None:
    payloads = [PLAIN, Payload(metadata={"encoding": b"binary/null"}), Payload()]
    codec = _codec()
    encoded = await codec.encode(payloads)
    assert await codec.decode(encoded) == payloads


async def test_neither_the_content_nor_its_metadata_show_in_an_encoded_payload() -> None:
    [encoded] = await _codec().encode([PLAIN])
    shown = encoded.SerializeToString()
    assert CANARY.encode() not in shown
    assert b"json/plain" not in shown


async def test_the_metadata_names_the_key_by_its_id() -> None:
    [encoded] = await _codec().encode([PLAIN])
    assert dict(encoded.metadata) == {
        "encoding": b"binary/encrypted",
        "encryption-key-id": MasterKeys(FIRST).current_id.encode(),
    }


async def test_the_same_payload_is_never_encrypted_alike() -> None:
    encoded = await _codec().encode([PLAIN] * 20)
    assert len({payload.data for payload in encoded}) == 20


async def test_an_encoded_payload_is_not_encoded_again() -> None:
    codec = _codec()
    encoded = await codec.encode([PLAIN])
    assert await codec.encode(encoded) == encoded
    assert await _codec(SECOND, FIRST).encode(encoded) == encoded


async def test_a_payload_that_is_not_ours_passes_unharmed() -> None:
    foreign = [
        PLAIN,
        Payload(),
        Payload(metadata={"encoding": b"binary/encrypted", "by": b"another"}, data=b"theirs"),
    ]
    assert await _codec().decode(foreign) == foreign


async def test_after_a_rotation_old_payloads_open_and_new_ones_are_by_the_current_key() -> None:
    old = await _codec(FIRST).encode([PLAIN])
    rotated = _codec(SECOND, FIRST)
    assert await rotated.decode(old) == [PLAIN]
    assert await _codec(SECOND).decode(await rotated.encode([PLAIN])) == [PLAIN]


async def test_a_lost_key_is_named_by_its_id() -> None:
    encoded = await _codec(FIRST).encode([PLAIN])
    with pytest.raises(WrongKey, match=MasterKeys(FIRST).current_id):
        await _codec(SECOND).decode(encoded)


@pytest.mark.parametrize("place", [0, 11, 12, -17, -1])
async def test_a_changed_byte_of_a_payload_is_refused(place: int) -> None:
    [encoded] = await _codec().encode([PLAIN])
    changed = bytearray(encoded.data)
    changed[place] ^= 1
    with pytest.raises(BytesChanged):
        await _codec().decode([Payload(metadata=encoded.metadata, data=bytes(changed))])


@pytest.mark.parametrize("size", [0, 5, 12, 20])
async def test_a_part_of_a_payload_is_refused(size: int) -> None:
    [encoded] = await _codec().encode([PLAIN])
    with pytest.raises(BytesChanged):
        await _codec().decode([Payload(metadata=encoded.metadata, data=encoded.data[:size])])


async def test_a_large_payload_is_compressed_before_it_is_encrypted() -> None:
    large = Payload(metadata={"encoding": b"json/plain"}, data=PLAIN.data * 2000)
    codec = _codec()
    [encoded] = await codec.encode([large])
    assert len(encoded.data) < len(large.data) / 50
    assert await codec.decode([encoded]) == [large]


async def test_what_was_encrypted_before_payloads_were_compressed_is_read() -> None:
    """As version 1 wrote it, however large."""
    large = Payload(metadata={"encoding": b"json/plain"}, data=PLAIN.data * 2000)
    keys, nonce = MasterKeys(FIRST), bytes(12)
    key_id = keys.current_id.encode()
    cipher = AESGCM(keys.subkey(keys.current_id, b"nastavnik temporal payload v1"))
    ciphertext = cipher.encrypt(nonce, large.SerializeToString(), key_id)
    old = Payload(
        metadata={"encoding": b"binary/encrypted", "encryption-key-id": key_id},
        data=nonce + ciphertext,
    )
    assert await _codec().decode([old]) == [large]


@pytest.mark.parametrize("said", [None, b"gzip", b""])
async def test_nobody_changes_whether_a_payload_is_compressed(said: bytes | None) -> None:
    large = Payload(metadata={"encoding": b"json/plain"}, data=PLAIN.data * 2000)
    [encoded] = await _codec().encode([large])
    metadata = {k: v for k, v in encoded.metadata.items() if k != "encryption-compression"}
    if said is not None:
        metadata["encryption-compression"] = said
    with pytest.raises(BytesChanged):
        await _codec().decode([Payload(metadata=metadata, data=encoded.data)])


async def test_models_come_back_through_the_converter_and_do_not_show() -> None:
    converter = data_converter(MasterKeys(FIRST))
    greeting = Greeting(text=CANARY, number=7)
    encoded = await converter.encode([greeting])
    assert all(CANARY.encode() not in payload.SerializeToString() for payload in encoded)
    assert await converter.decode(encoded, [Greeting]) == [greeting]


async def test_neither_message_nor_stack_nor_details_nor_cause_of_a_failure_show() -> None:
    converter = data_converter(MasterKeys(FIRST))
    failure = Failure()
    await converter.encode_failure(_raised(), failure)
    shown = failure.SerializeToString()
    for trace in (CANARY.encode(), b"canary", b"_raise", b"cause of"):
        assert trace not in shown


async def test_a_failure_comes_back_with_message_type_details_stack_and_cause() -> None:
    converter = data_converter(MasterKeys(FIRST))
    failure = Failure()
    await converter.encode_failure(_raised(), failure)
    error = await converter.decode_failure(failure)
    assert isinstance(error, ApplicationError)
    assert error.message == f"message {CANARY}"
    assert error.type == "WrongState"
    assert error.non_retryable
    assert list(error.details) == [f"detail {CANARY}"]
    assert isinstance(error.cause, ApplicationError)
    assert error.cause.message == f"cause of {CANARY}"
    assert error.failure is not None
    assert "_raise" in error.failure.stack_trace


def _raised() -> ApplicationError:
    """An error with a stack, a detail and a cause, as a worker reports it."""
    try:
        _raise()
    except ApplicationError as error:
        return error
    raise AssertionError


def _raise() -> None:
    raise ApplicationError(
        f"message {CANARY}", f"detail {CANARY}", type="WrongState", non_retryable=True
    ) from ApplicationError(f"cause of {CANARY}")
