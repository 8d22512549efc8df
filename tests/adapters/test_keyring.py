"""Master keys and the data keys that they wrap."""

import base64

import pytest

from adapters.files.keyring import MasterKeys, new_master_key
from domain.errors import BytesChanged, WrongKey

FIRST = bytes(range(32))
SECOND = bytes(range(1, 33))


def test_a_wrapped_data_key_opens_to_the_same_key() -> None:
    keys = MasterKeys(FIRST)
    data_key, wrapped = keys.new_data_key()
    assert len(data_key) == 32
    assert keys.unwrap(wrapped) == data_key
    assert data_key not in bytes(wrapped)


def test_data_keys_and_wrappings_do_not_repeat() -> None:
    keys = MasterKeys(FIRST)
    made = [keys.new_data_key() for _ in range(50)]
    assert len({data_key for data_key, _ in made}) == 50
    assert len({keys.wrap(made[0][0]) for _ in range(50)}) == 50


def test_after_a_rotation_old_wrappings_open_and_new_ones_are_by_the_current_key() -> None:
    data_key, old = MasterKeys(FIRST).new_data_key()
    rotated = MasterKeys(SECOND, older=[FIRST])
    assert rotated.unwrap(old) == data_key
    assert MasterKeys(SECOND).unwrap(rotated.wrap(data_key)) == data_key


def test_a_lost_master_key_is_named_by_its_id() -> None:
    first = MasterKeys(FIRST)
    _, wrapped = first.new_data_key()
    with pytest.raises(WrongKey, match=first.current_id):
        MasterKeys(SECOND).unwrap(wrapped)


@pytest.mark.parametrize("place", [*range(73)])
def test_a_changed_byte_of_a_wrapped_key_is_refused(place: int) -> None:
    keys = MasterKeys(FIRST)
    wrapped = bytearray(keys.new_data_key()[1])
    wrapped[place] ^= 1
    # A changed id names a master key that nobody has; any other change is told as such.
    expected = WrongKey if 5 <= place < 13 else BytesChanged
    with pytest.raises(expected):
        keys.unwrap(bytes(wrapped))


def test_a_wrapped_key_of_another_length_is_refused() -> None:
    keys = MasterKeys(FIRST)
    _, wrapped = keys.new_data_key()
    for changed in (b"", wrapped[:-1], wrapped + b"\0"):
        with pytest.raises(BytesChanged):
            keys.unwrap(changed)


def test_a_data_key_of_a_wrong_length_is_not_wrapped() -> None:
    with pytest.raises(WrongKey):
        MasterKeys(FIRST).wrap(b"short")


def test_each_purpose_and_each_master_key_has_a_key_of_its_own() -> None:
    keys = MasterKeys(FIRST, older=[SECOND])
    older_id = MasterKeys(SECOND).current_id
    made = {
        keys.subkey(keys.current_id, b"one"),
        keys.subkey(keys.current_id, b"two"),
        keys.subkey(older_id, b"one"),
        FIRST,
    }
    assert len(made) == 4


@pytest.mark.parametrize(
    "text",
    [
        FIRST.hex(),
        FIRST.hex().upper(),
        base64.b64encode(FIRST).decode(),
        base64.urlsafe_b64encode(FIRST).decode() + "\n",
    ],
)
def test_a_master_key_is_read_from_hex_and_base64(text: str) -> None:
    assert MasterKeys.from_text(text).current_id == MasterKeys(FIRST).current_id


def test_base64_for_addresses_is_read_as_well() -> None:
    key = b"\xfb\xff" * 16
    text = base64.urlsafe_b64encode(key).decode()
    assert "-" in text
    assert "_" in text
    assert MasterKeys.from_text(text).current_id == MasterKeys(key).current_id


@pytest.mark.parametrize("text", ["", "secret", "zz" * 32, FIRST.hex()[:-2], FIRST.hex() + "00"])
def test_a_text_that_is_no_master_key_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(ValueError, match="a master key") as refusal:
        MasterKeys.from_text(text)
    assert not text or text not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_new_master_key_is_random_and_can_be_read() -> None:
    texts = {new_master_key() for _ in range(20)}
    assert len({MasterKeys.from_text(text).current_id for text in texts}) == 20


def test_the_keys_are_not_shown_when_printed() -> None:
    shown = repr(MasterKeys(FIRST)) + str(vars(MasterKeys(FIRST)).keys())
    assert FIRST.hex() not in shown
    assert repr(FIRST) not in shown
