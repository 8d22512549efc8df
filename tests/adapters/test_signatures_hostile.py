"""Signatures that somebody made to harm: refused in a sentence, soon, in little memory."""

import base64
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import cms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.signatures.checker import SignatureChecker
from domain.errors import BadSignatureFile
from domain.signing import MOST_BYTES
from tests.adapters.signing import (
    DAY,
    FILE,
    NOW,
    PERSON,
    Folder,
    Stamper,
    enveloped,
    holder,
    rsa_key,
    signed_by,
    signer_info,
    stamping_holder,
)

ROOT = holder("Корневой центр", authority=True)
PERSON_OF_ROOT = holder(PERSON, ROOT)
SIGNATURE = signed_by(
    holder(PERSON, ROOT, key=rsa_key()), stamper=Stamper(stamping_holder(ROOT), NOW - DAY)
)


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> SignatureChecker:
    return SignatureChecker(Folder(tmp_path_factory.mktemp("roots")).lay(ROOT))


def tlv(tag: int, value: bytes) -> bytes:
    return bytes([tag, 0x84]) + len(value).to_bytes(4, "big") + value


def with_members(field: str, members: bytes) -> bytes:
    """A CMS in which one set holds `members` in place of its own."""
    sets = {"digest_algorithms": b"", "certificates": b"", "signer_infos": b""} | {field: members}
    body = (
        b"\x02\x01\x01"
        + tlv(0x31, sets["digest_algorithms"])
        + tlv(0x30, cms.ContentType("data").dump())
        + tlv(0xA0, sets["certificates"])
        + tlv(0x31, sets["signer_infos"])
    )
    return tlv(0x30, cms.ContentType("signed_data").dump() + tlv(0xA0, tlv(0x30, body)))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (bytes, "пуст"),
    "the document itself": (lambda: b"PK\x03\x04 a document", "не подпись"),
    "text": ("Подпись".encode, "не подпись"),
    "a page of a browser": (lambda: b"<html>0\x82", "не подпись"),
    "text of something else": (lambda: base64.b64encode(b"not a signature"), "не подпись"),
    "PEM with nothing inside": (lambda: b"-----BEGIN CMS-----\n-----END CMS-----", "не подпись"),
    "a beginning of PEM": (lambda: b"-----BEGIN", "не подпись"),
    "a certificate": (lambda: ROOT.der, "не подпись"),
    "too large": (lambda: b"0" * (MOST_BYTES + 1), "больше 4 МБ"),
    "half of a signature": (lambda: SIGNATURE[: len(SIGNATURE) // 2], "повреждён"),
    "something behind it": (lambda: SIGNATURE + b"\x00", "повреждён"),
    "lengths that lie": (lambda: b"0\x84\xff\xff\xff\xff" + SIGNATURE[4:], "повреждён"),
    "a length of a million octets": (lambda: b"0\xfe" + b"\xff" * 126, "повреждён"),
    "nested too deeply": (lambda: b"0\x80" * 100_000, "повреждён"),
    "no signer": (lambda: enveloped([], [ROOT.der]), "ни одной подписи"),
    "the file inside": (
        lambda: enveloped([signer_info(PERSON_OF_ROOT)], [PERSON_OF_ROOT.der], content=FILE),
        "присоединённая",
    ),
    "thousands of certificates": (
        lambda: with_members("certificates", ROOT.der * 5000),
        "слишком много",
    ),
    "a million signers": (
        lambda: with_members("signer_infos", b"0\x00" * 1_000_000),
        "слишком много",
    ),
    "a million algorithms": (
        lambda: with_members("digest_algorithms", b"0\x00" * 1_000_000),
        "слишком много",
    ),
    "a broken certificate": (
        lambda: with_members("certificates", tlv(0x30, ROOT.der[4:-90])),
        "повреждён",
    ),
    "more signers than a paper has": (
        lambda: enveloped([signer_info(PERSON_OF_ROOT)] * 21, [PERSON_OF_ROOT.der]),
        "слишком много",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_detached_signature_is_refused(checker: SignatureChecker, case: str) -> None:
    make, words = REFUSED[case]
    file = make()
    began = time.process_time()
    tracemalloc.start()
    with pytest.raises(BadSignatureFile, match=words) as refusal:
        checker.check(FILE, file, NOW)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert time.process_time() - began < 2
    assert most < 6 * MOST_BYTES
    assert "Вершинина" not in str(refusal.value)
    assert len(str(refusal.value)) < 200


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SIGNATURE) - 1),
            st.sampled_from(["put", "cut", "copy"]),
            st.binary(min_size=1, max_size=3),
            st.integers(0, len(SIGNATURE) - 1),
        ),
        min_size=1,
        max_size=6,
    )
)
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_a_spoilt_signature_is_answered_or_refused_and_nothing_else(
    checker: SignatureChecker, changes: list[tuple[int, str, bytes, int]]
) -> None:
    spoilt = bytearray(SIGNATURE)
    for place, how, given_bytes, other in changes:
        match how:
            case "put":
                spoilt[place : place + len(given_bytes)] = given_bytes
            case "cut":
                del spoilt[place : place + given_bytes[0]]
            case _:
                spoilt[place:place] = spoilt[other : other + given_bytes[0]]
    try:
        found = checker.check(b"another file", bytes(spoilt), NOW)
    except BadSignatureFile:
        return
    assert not any(one.ok for one in found)


def test_no_words_of_an_answer_name_the_signer(tmp_path: Path) -> None:
    folder = Folder(tmp_path).lay(ROOT)
    for signature in (SIGNATURE, signed_by(holder(PERSON)), signed_by(PERSON_OF_ROOT)):
        for content in (FILE, b"another file"):
            [found] = SignatureChecker(folder).check(content, signature, NOW)
            for one in (found.intact, found.right, found.trusted):
                assert "Вершинина" not in one.words
