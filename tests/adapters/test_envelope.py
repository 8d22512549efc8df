"""The format of a stored object."""

import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from adapters.files.envelope import content_sha256, decrypt, encrypt
from domain.errors import BytesChanged, WrongKey

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
KEYS = st.binary(min_size=32, max_size=32)


def _by_the_book(content: bytes, stated_hash: bytes, data_key: bytes) -> bytes:
    """The format written out once more, so that a slip in one of the two is seen."""

    def hkdf(info: bytes, size: int) -> bytes:
        return HKDF(SHA256(), size, None, info).derive(data_key)

    effective = hkdf(b"nastavnik object v1" + stated_hash, 32)
    ciphertext = AESGCM(effective).encrypt(bytes(12), content, b"NSTV1" + stated_hash)
    return b"NSTV1" + stated_hash + hkdf(b"nastavnik key check v1", 16) + ciphertext


@given(content=st.binary(), data_key=KEYS)
def test_what_was_encrypted_is_decrypted_and_states_its_hash(
    content: bytes, data_key: bytes
) -> None:
    stored = encrypt(content, data_key)
    assert decrypt(stored, data_key) == content
    assert content_sha256(stored) == hashlib.sha256(content).hexdigest()


@given(content=st.binary(), data_key=KEYS)
def test_the_bytes_follow_from_content_and_key_by_the_written_format(
    content: bytes, data_key: bytes
) -> None:
    by_the_book = _by_the_book(content, hashlib.sha256(content).digest(), data_key)
    assert encrypt(content, data_key) == encrypt(content, data_key) == by_the_book


def test_the_bytes_are_those_of_the_first_release() -> None:
    stored = encrypt("Приказ № 1".encode(), KEY)
    assert (
        hashlib.sha256(stored).hexdigest()
        == "4c75929bcb2d280bd1472e36469a0b97ea291f3545a31004033451b2f4de9a57"
    )


@given(content=st.binary(min_size=8))
def test_the_content_does_not_show_in_the_bytes(content: bytes) -> None:
    assert content not in encrypt(content, KEY)


def test_two_contents_under_one_data_key_never_share_a_key_stream() -> None:
    def key_stream(content: bytes) -> bytes:
        ciphertext = encrypt(content, KEY)[53:-16]
        return bytes(a ^ b for a, b in zip(content, ciphertext, strict=True))

    assert key_stream(bytes(32)) != key_stream(bytes(31) + b"\1")


@given(content=st.binary(), data_key=KEYS)
def test_another_data_key_is_told_as_such(content: bytes, data_key: bytes) -> None:
    with pytest.raises(WrongKey):
        decrypt(encrypt(content, data_key), bytes(byte ^ 1 for byte in data_key))


@given(content=st.binary(max_size=40), data=st.data())
def test_a_change_of_any_bit_is_told_as_a_change(content: bytes, data: st.DataObject) -> None:
    stored = bytearray(encrypt(content, KEY))
    place = data.draw(st.integers(0, len(stored) - 1))
    stored[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BytesChanged):
        decrypt(bytes(stored), KEY)


@given(content=st.binary(max_size=40), data=st.data())
def test_a_part_of_an_object_is_told_as_a_change(content: bytes, data: st.DataObject) -> None:
    stored = encrypt(content, KEY)
    with pytest.raises(BytesChanged):
        decrypt(stored[: data.draw(st.integers(0, len(stored) - 1))], KEY)


def test_an_object_that_states_a_false_hash_of_its_content_is_refused() -> None:
    forged = _by_the_book(b"this", hashlib.sha256(b"that").digest(), KEY)
    with pytest.raises(BytesChanged):
        decrypt(forged, KEY)


def test_a_data_key_of_a_wrong_length_is_refused() -> None:
    with pytest.raises(WrongKey, match="32 bytes, not 16"):
        encrypt(b"content", KEY[:16])


def test_a_refusal_names_the_content_by_its_hash_and_never_shows_it() -> None:
    with pytest.raises(WrongKey) as refusal:
        decrypt(encrypt(b"canary", KEY), OTHER_KEY)
    assert hashlib.sha256(b"canary").hexdigest() in str(refusal.value)
    assert "canary" not in str(refusal.value)
