"""Checkpoints: one text for each, signatures that others can check, and what a witness takes."""

import base64
import hashlib
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from adapters.files.keyring import MasterKeys
from adapters.log_keys import LogKeys, VerifierKey, stated, verify, verify_cosignature
from domain.checkpoints import (
    Checkpoint,
    Submission,
    check_continues,
    origin_of,
    owner_of,
    read,
    read_submission,
    written,
    written_submission,
)
from domain.errors import ForgedCheckpoint, LogForked, StaleProof
from tests.merkle_trees import Tree

AT = datetime(2026, 11, 22, 19, 10, tzinfo=UTC)
SCHOOL, CITY = "a" * 32, "c" * 32
KEYS = LogKeys(MasterKeys(bytes(range(32))))
TREE = Tree([b"entry %d" % n for n in range(40)])


def a_checkpoint(size: int = 12, tree: Tree = TREE) -> Checkpoint:
    return Checkpoint(origin=origin_of(SCHOOL), size=size, root=tree.roots[size].hex(), at=AT)


SIGNED = KEYS.sign(a_checkpoint())
TEXT = SIGNED.text

# Made by hand: the key is the first one of RFC 8032, the signature OpenSSL's.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
ROOT = base64.b64encode(TREE.roots[5]).decode()
BODY = f"nastavnik/school\n5\n{ROOT}\ntime 2026-11-22T19:10:00Z\n"


def private_file(folder: Path) -> tuple[Path, Ed25519PrivateKey]:
    private = Ed25519PrivateKey.from_private_bytes(SEED)
    file = folder / "key.pem"
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file, private


needs_openssl = pytest.mark.skipif(
    shutil.which("openssl") is None and not os.environ.get("CI"), reason="no openssl here"
)


def by_openssl(folder: Path, *arguments: object) -> None:
    command = ["openssl", "pkeyutl", "-rawin", *map(str, arguments)]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


# The text


def test_a_checkpoint_has_the_text_of_the_format() -> None:
    root = base64.b64encode(TREE.roots[12]).decode()
    lines = f"nastavnik/{SCHOOL}\n12\n{root}\ntime 2026-11-22T19:10:00Z\n"
    assert written(a_checkpoint()) == lines
    assert read(lines) == a_checkpoint()
    assert owner_of(a_checkpoint().origin) == SCHOOL


def test_parts_of_a_second_and_the_time_zone_are_not_stated() -> None:
    later = AT + timedelta(milliseconds=1)
    assert a_checkpoint().changed(at=later) == a_checkpoint()


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("\n12\n", "\n012\n"),
        ("\n12\n", "\n+12\n"),
        ("\n12\n", "\n-12\n"),
        ("\n12\n", "\n12 \n"),
        ("\n12\n", "\n１２\n"),
        ("time 2026", "time  2026"),
        ("T19:10:00Z", "T19:10:60Z"),
        ("T19:10:00Z", "T19:10:00+00:00"),
        ("2026-11-22T", "2026-11-31T"),
        ("time", "Time"),
        ("nastavnik/", "nasta vnik/"),
        ("nastavnik/", "nastavnik+"),
        ("nastavnik/", "nastavnik\t"),
        ("00Z\n", "00Z\nmore\n"),
        ("00Z\n", "00Z"),
        ("00Z\n", "00Z\n\n"),
        ("=\n", "\n"),
        ("=\n", "==\n"),
    ],
)
def test_another_text_is_no_checkpoint(was: str, becomes: str) -> None:
    text = written(a_checkpoint())
    assert was in text
    with pytest.raises(ForgedCheckpoint):
        read(text.replace(was, becomes))


# The signature


def test_a_signed_checkpoint_is_verified_by_its_key_alone() -> None:
    assert verify(TEXT, SIGNED.key) == a_checkpoint()
    assert KEYS.verified(TEXT) == SIGNED
    assert KEYS.keys_of(a_checkpoint().origin) == (SIGNED.key,)
    assert stated(TEXT) == a_checkpoint()


def test_the_same_checkpoint_gives_the_same_note() -> None:
    assert KEYS.sign(a_checkpoint()).text == TEXT


@needs_openssl
def test_openssl_verifies_our_signature(tmp_path: Path) -> None:
    body, _, under = TEXT.rpartition("\n\n")
    name, encoded = under.removeprefix("— ").rstrip("\n").split(" ")
    signed, key = base64.b64decode(encoded), base64.b64decode(SIGNED.key.split("+", 2)[2])
    named = hashlib.sha256(f"{name}\n".encode() + key).digest()[:4]
    assert signed[:4] == named == bytes.fromhex(SIGNED.key.split("+")[1])
    # The public key as OpenSSL takes it: the fixed head of an Ed25519 key, and its 32 bytes.
    (tmp_path / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + key[1:])
    (tmp_path / "body").write_text(f"{body}\n")
    (tmp_path / "signature").write_bytes(signed[4:])
    asked = ("-verify", "-pubin", "-inkey", "key.der", "-in", "body", "-sigfile", "signature")
    by_openssl(tmp_path, *asked)
    (tmp_path / "body").write_text(f"{body}0\n")
    with pytest.raises(subprocess.CalledProcessError):
        by_openssl(tmp_path, *asked)


@needs_openssl
def test_a_note_that_others_signed_is_verified(tmp_path: Path) -> None:
    file, private = private_file(tmp_path)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    (tmp_path / "body").write_text(BODY)
    by_openssl(tmp_path, "-sign", "-inkey", file, "-in", "body", "-out", "signature")
    made_by = hashlib.sha256(b"nastavnik/school\n\x01" + public).digest()[:4]
    encoded = base64.b64encode(made_by + (tmp_path / "signature").read_bytes()).decode()
    key = f"nastavnik/school+{made_by.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
    found = verify(f"{BODY}\n— nastavnik/school {encoded}\n", key)
    assert (found.size, found.root) == (5, TREE.roots[5].hex())


@given(place=st.integers(0, len(TEXT) - 1), new=st.characters(codec="utf-8"))
def test_any_changed_character_is_refused(place: int, new: str) -> None:
    changed = TEXT[:place] + new + TEXT[place + 1 :]
    if changed != TEXT:
        with pytest.raises(ForgedCheckpoint):
            verify(changed, SIGNED.key)


@given(place=st.integers(0, len(TEXT) - 1))
def test_any_lost_character_is_refused(place: int) -> None:
    with pytest.raises(ForgedCheckpoint):
        verify(TEXT[:place] + TEXT[place + 1 :], SIGNED.key)


@given(place=st.integers(0, len(TEXT)), new=st.characters(codec="utf-8"))
def test_any_added_character_is_refused(place: int, new: str) -> None:
    with pytest.raises(ForgedCheckpoint):
        verify(TEXT[:place] + new + TEXT[place:], SIGNED.key)


def test_another_key_is_refused() -> None:
    other = LogKeys(MasterKeys(bytes(32)))
    (key,) = other.keys_of(a_checkpoint().origin)
    for wrong in (key, KEYS.witness_keys(SCHOOL)[0], KEYS.keys_of(origin_of(CITY))[0], "", "x+y+z"):
        with pytest.raises(ForgedCheckpoint):
            verify(TEXT, wrong)
    with pytest.raises(ForgedCheckpoint):
        other.verified(TEXT)


@given(place=st.integers(0, len(SIGNED.key) - 1), new=st.characters(codec="utf-8"))
def test_a_changed_key_is_no_key(place: int, new: str) -> None:
    changed = SIGNED.key[:place] + new + SIGNED.key[place + 1 :]
    if changed != SIGNED.key:
        with pytest.raises(ForgedCheckpoint):
            VerifierKey.of(changed)


def test_a_new_master_key_signs_and_the_older_one_still_verifies() -> None:
    rotated = LogKeys(MasterKeys(bytes(32), [bytes(range(32))]))
    assert rotated.verified(TEXT) == SIGNED
    new = rotated.sign(a_checkpoint(13))
    assert new.key != SIGNED.key
    assert rotated.keys_of(a_checkpoint().origin) == (new.key, SIGNED.key)
    assert rotated.verified(new.text) == new


def test_each_log_has_a_key_of_its_name() -> None:
    other = KEYS.sign(a_checkpoint().changed(origin=origin_of(CITY)))
    assert other.key.split("+")[0] == origin_of(CITY)
    with pytest.raises(ForgedCheckpoint):
        verify(other.text, SIGNED.key)


# The witness's signature


def test_a_witness_signs_under_the_note_and_its_key_tells_when() -> None:
    line = KEYS.cosign(CITY, TEXT, AT)
    assert verify_cosignature(TEXT + line, KEYS.witness_keys(CITY)[0]) == AT
    assert verify(TEXT + line, SIGNED.key) == a_checkpoint()  # foreign signatures are passed over
    for key in (KEYS.witness_keys(SCHOOL)[0], SIGNED.key):
        with pytest.raises(ForgedCheckpoint):
            verify_cosignature(TEXT + line, key)


def test_an_older_key_of_a_witness_still_verifies() -> None:
    rotated = LogKeys(MasterKeys(bytes(32), [bytes(range(32))]))
    new, old = rotated.witness_keys(CITY)
    assert rotated.cosigned_by(CITY, TEXT + KEYS.cosign(CITY, TEXT, AT)) == old
    assert rotated.cosigned_by(CITY, TEXT + rotated.cosign(CITY, TEXT, AT)) == new
    for keys, witness in ((LogKeys(MasterKeys(bytes(32))), CITY), (rotated, SCHOOL)):
        with pytest.raises(ForgedCheckpoint):
            keys.cosigned_by(witness, TEXT + KEYS.cosign(CITY, TEXT, AT))


def test_a_witness_signs_what_the_format_says() -> None:
    line = KEYS.cosign(CITY, TEXT, AT)
    raw = base64.b64decode(line.split(" ")[2])
    key = VerifierKey.of(KEYS.witness_keys(CITY)[0])
    assert (key.kind, raw[:4]) == (4, key.id)
    assert int.from_bytes(raw[4:12]) == int(AT.timestamp())
    said = f"cosignature/v1\ntime {int(AT.timestamp())}\n{written(a_checkpoint())}"
    Ed25519PublicKey.from_public_bytes(key.public).verify(raw[12:], said.encode())


def test_a_cosignature_of_another_note_is_refused() -> None:
    other = KEYS.sign(a_checkpoint(13)).text
    with pytest.raises(ForgedCheckpoint):
        verify_cosignature(other + KEYS.cosign(CITY, TEXT, AT), KEYS.witness_keys(CITY)[0])


# What a witness takes


def a_submission(old: int, new: int, tree: Tree = TREE) -> Submission:
    proof = tuple(one.hex() for one in tree.consistency(old, new)) if old else ()
    return Submission(old=old, proof=proof, text=KEYS.sign(a_checkpoint(new, tree)).text)


@pytest.mark.parametrize(("old", "new"), [(0, 12), (5, 12), (12, 12), (8, 40)])
def test_a_submission_is_read_as_it_was_written(old: int, new: int) -> None:
    given = a_submission(old, new)
    text = written_submission(given)
    assert text.startswith(f"old {old}\n")
    assert read_submission(text) == given


def test_another_text_is_no_submission() -> None:
    text = written_submission(a_submission(5, 12))
    for wrong in (
        *("", TEXT, text[4:], text.replace("old 5", "old 05"), text.replace("\n\n", "\n", 1)),
        *(text.replace("old 5", "old -5"), text.replace("old 5\n", "old 5\nAAAA\n")),
    ):
        with pytest.raises(ForgedCheckpoint):
            read_submission(wrong)


@pytest.mark.parametrize(("old", "new"), [(0, 12), (5, 12), (12, 12), (8, 40)])
def test_a_log_that_continues_is_taken(old: int, new: int) -> None:
    kept = a_checkpoint(old) if old else None
    check_continues(kept, a_checkpoint(new), old, a_submission(old, new).proof)


REWRITTEN = Tree([b"another" if n == 3 else b"entry %d" % n for n in range(40)])


def test_a_log_that_was_cut_off_or_rewritten_is_refused() -> None:
    kept = a_checkpoint(12)
    with pytest.raises(LogForked, match="только 11"):
        check_continues(kept, a_checkpoint(11), 12, ())
    with pytest.raises(LogForked, match="тем же числом записей, 12"):
        check_continues(kept, a_checkpoint(12, REWRITTEN), 12, ())
    for tree in (TREE, REWRITTEN):
        proof = a_submission(12, 40, tree).proof
        with pytest.raises(LogForked, match="не доказано"):
            check_continues(kept, a_checkpoint(40, REWRITTEN), 12, proof)


def test_a_proof_from_another_size_is_asked_for_anew() -> None:
    for kept, old in ((a_checkpoint(12), 5), (a_checkpoint(12), 0), (None, 5)):
        with pytest.raises(StaleProof, match=f"от записи {kept.size if kept else 0}"):
            check_continues(kept, a_checkpoint(40), old, a_submission(old, 40).proof)
