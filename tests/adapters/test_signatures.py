"""A detached signature by RSA or ECDSA: three answers, each for its own reason."""

import base64
import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.signatures.checker import SignatureChecker
from domain.errors import BadSignatureFile, BadUpload
from domain.signing import Answer, SignatureCheck
from tests.adapters.signing import (
    DAY,
    FILE,
    NOW,
    PERSON,
    YEAR,
    Folder,
    Holder,
    attribute,
    ec_key,
    enveloped,
    holder,
    rsa_key,
    signed_by,
    signer_info,
)

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
ROOT = holder("Корневой центр", authority=True)
CENTRE = holder("Удостоверяющий центр", ROOT, authority=True)
DIRECTOR = holder(PERSON, CENTRE, key=rsa_key())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def check(
    folder: Path | None, signature: bytes, content: bytes = FILE, now: dt.datetime = NOW
) -> SignatureCheck:
    [found] = SignatureChecker(folder).check(content, signature, now)
    return found


def answers(found: SignatureCheck) -> tuple[Answer, Answer, Answer]:
    return found.intact.answer, found.right.answer, found.trusted.answer


def changed(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


RIGHT: dict[str, Callable[[], bytes]] = {
    "RSA": lambda: signed_by(DIRECTOR, CENTRE),
    "RSA, SHA-512": lambda: signed_by(DIRECTOR, CENTRE, hash_="sha512"),
    "RSA-PSS": lambda: signed_by(DIRECTOR, CENTRE, pss=True),
    "RSA by the name of the key only": lambda: signed_by(
        DIRECTOR, CENTRE, method={"algorithm": "rsassa_pkcs1v15"}
    ),
    "ECDSA": lambda: signed_by(holder(PERSON, CENTRE, key=ec_key()), CENTRE),
    "ECDSA, P-384": lambda: signed_by(
        holder(PERSON, CENTRE, key=ec_key(ec.SECP384R1())), CENTRE, hash_="sha384"
    ),
    "by the key's name": lambda: signed_by(DIRECTOR, CENTRE, by_key_id=True),
    "without a time": lambda: signed_by(DIRECTOR, CENTRE, at=None),
    "by the root itself": lambda: signed_by(holder(PERSON, ROOT)),
    "other certificates beside": lambda: signed_by(DIRECTOR, CENTRE, holder("Чужой"), ROOT),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_signature_has_three_times_yes(folder: Folder, case: str) -> None:
    found = check(folder.lay(ROOT), RIGHT[case]())

    assert answers(found) == (YES, YES, YES)
    assert found.ok
    assert "отзыв не проверялся" in found.trusted.words


@pytest.mark.parametrize("case", RIGHT)
def test_a_changed_file_is_not_intact_though_the_signature_is_right(
    folder: Folder, case: str
) -> None:
    found = check(folder.lay(ROOT), RIGHT[case](), changed(FILE))

    assert answers(found) == (NO, YES, YES)
    assert found.mark(dt.UTC) is None


def test_a_value_changed_in_one_bit_is_wrong_though_the_file_is_intact(folder: Folder) -> None:
    found = check(folder.lay(ROOT), changed(signed_by(DIRECTOR, CENTRE)))

    assert answers(found) == (YES, NO, YES)


def test_the_answer_tells_whose_signature_it_is(folder: Folder) -> None:
    found = check(folder.lay(ROOT), signed_by(DIRECTOR, CENTRE))

    assert found.algorithm == "RSA, SHA-256"
    assert found.signed_at == NOW - DAY
    assert found.signer is not None
    assert found.signer.owner == "Вершинина Ольга Павловна"
    assert found.signer.organisation == "Колледж «Пример»"
    assert int(found.signer.serial, 16) == DIRECTOR.certificate.serial_number
    assert found.signer.issuer == "Удостоверяющий центр"
    assert (found.signer.valid_from, found.signer.valid_until) == (NOW - YEAR, NOW + YEAR)


def test_its_mark_has_the_fields_of_the_layout(folder: Folder) -> None:
    found = check(folder.lay(ROOT), signed_by(DIRECTOR, CENTRE))

    assert found.signer is not None
    assert found.mark(dt.timezone(15 * dt.timedelta(hours=1))) == {
        "certificate": found.signer.serial,
        "owner": "Вершинина Ольга Павловна",
        "valid_from": "21.11.2025",
        "valid_until": "21.11.2027",
    }


def test_signs_that_turn_a_line_around_are_left_out_of_names(folder: Folder) -> None:
    odd = PERSON | {NameOID.SURNAME: "Верши\u202eнина\n\x07"}
    found = check(folder.lay(ROOT), signed_by(holder(odd, ROOT)))

    assert found.signer is not None
    assert found.signer.surname == "Вершинина"


@pytest.mark.parametrize(("hash_", "name"), [("md5", "RSA с MD5"), ("sha1", "RSA с SHA-1")])
def test_outdated_algorithms_are_named_and_prove_nothing(
    folder: Folder, hash_: str, name: str
) -> None:
    found = check(folder.lay(ROOT), signed_by(DIRECTOR, CENTRE, hash_=hash_))

    assert answers(found) == (UNKNOWN, NO, YES)
    assert "устаревший алгоритм" in found.intact.words
    assert found.right.words == f"устаревший алгоритм {name}"


def test_an_outdated_hash_under_a_modern_name_proves_nothing(folder: Folder) -> None:
    signature = signed_by(DIRECTOR, CENTRE, hash_="sha1", method={"algorithm": "rsassa_pkcs1v15"})

    assert check(folder.lay(ROOT), signature).right.words == "устаревший алгоритм SHA-1"


def test_a_short_key_proves_nothing(folder: Folder) -> None:
    person = holder(PERSON, ROOT, key=rsa_key(bits=1024))
    found = check(folder.lay(ROOT), signed_by(person))

    assert found.right.words == "устаревший алгоритм RSA 1024 бит"
    assert found.right.answer is NO


def test_an_unknown_algorithm_is_unknown(folder: Folder) -> None:
    found = check(folder.lay(ROOT), signed_by(DIRECTOR, CENTRE, method={"algorithm": "1.2.3.4"}))

    assert found.right.answer is UNKNOWN
    assert "1.2.3.4 не поддерживается" in found.right.words


def test_a_hash_that_differs_from_the_signature_s_is_wrong(folder: Folder) -> None:
    signature = signed_by(DIRECTOR, CENTRE, method={"algorithm": "sha512_rsa"})

    assert check(folder.lay(ROOT), signature).right.answer is NO


def test_a_signature_without_attributes_is_not_judged(folder: Folder) -> None:
    found = check(folder.lay(ROOT), signed_by(DIRECTOR, CENTRE, bare=True))

    assert answers(found) == (UNKNOWN, UNKNOWN, YES)
    assert "нет хеша файла" in found.intact.words


def test_a_signature_whose_certificate_is_missing_is_not_judged(folder: Folder) -> None:
    found = check(folder.lay(ROOT), enveloped([signer_info(DIRECTOR)], [CENTRE.der]))

    assert answers(found) == (YES, UNKNOWN, UNKNOWN)
    assert found.signer is None


def test_a_certificate_put_in_place_of_the_one_that_was_meant_is_noticed(folder: Folder) -> None:
    """Same key, name and number, but another term: only the signed hash tells them apart."""

    def meaning(one: Holder) -> cms.CMSAttribute:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(one.der)
        certs = [tsp.ESSCertIDv2({"cert_hash": digest.finalize()})]
        return attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": certs}))

    right = signed_by(DIRECTOR, CENTRE, extra=[meaning(DIRECTOR)])
    assert check(folder.lay(ROOT), right).ok
    other = signed_by(DIRECTOR, CENTRE, extra=[meaning(CENTRE)])
    assert check(folder.path, other).right.words == "подписавший назвал другой сертификат"


def test_each_signer_has_an_answer_of_his_own(folder: Folder) -> None:
    stranger = holder(PERSON)
    signers = [
        signer_info(DIRECTOR),
        signer_info(stranger),
        signer_info(DIRECTOR, b"another file"),
        signer_info(holder(PERSON, ROOT, key=rsa_key()), hash_="sha1"),
    ]
    signature = enveloped(signers, [DIRECTOR.der, CENTRE.der, stranger.der])
    # DER sorts what is in a set: they are told apart by what they say.
    found = SignatureChecker(folder.lay(ROOT)).check(FILE, signature, NOW)

    assert sorted(answers(one) for one in found) == sorted(
        [(YES, YES, YES), (YES, YES, NO), (NO, YES, YES), (UNKNOWN, UNKNOWN, UNKNOWN)]
    )


@pytest.mark.parametrize("encoding", ["PEM", "base64", "base64 in lines", "BOM"])
def test_a_signature_may_be_text(folder: Folder, encoding: str) -> None:
    der = signed_by(DIRECTOR, CENTRE)
    text = {
        "PEM": b"-----BEGIN CMS-----\r\n" + base64.encodebytes(der) + b"-----END CMS-----\r\n",
        "base64": base64.b64encode(der),
        "base64 in lines": base64.encodebytes(der),
        "BOM": b"\xef\xbb\xbf" + base64.b64encode(der),
    }[encoding]

    assert check(folder.lay(ROOT), text).ok


def test_a_signature_may_be_written_without_lengths(folder: Folder) -> None:
    """BER, as programs write it that do not know beforehand how long it will be."""

    def endless(der: bytes) -> bytes:
        return der[:1] + b"\x80" + der[4:] + b"\x00\x00"

    der = signed_by(DIRECTOR, CENTRE)
    kind, inner = der[4:15], der[15:]
    long = b"0\x80" + kind + endless(inner[:4] + endless(inner[4:])) + b"\x00\x00"

    assert check(folder.lay(ROOT), long).ok


def test_signatures_of_other_programs_are_read(folder: Folder, tmp_path: Path) -> None:
    """They sign now: so these certificates are of now too."""
    now = dt.datetime.now(dt.UTC) + DAY / 24
    root = holder("Корневой центр", authority=True, end=now + DAY)
    key = rsa_key()
    person = holder(PERSON, root, key=key, end=now + DAY)
    path = folder.lay(root)

    options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
    own = pkcs7.PKCS7SignatureBuilder().set_data(FILE)
    own = own.add_signer(person.certificate, key, hashes.SHA256())
    assert check(path, own.sign(serialization.Encoding.DER, options), now=now).ok

    (tmp_path / "key").write_bytes(person.key_pem)
    (tmp_path / "one").write_bytes(person.pem)
    sign = ["openssl", "cms", "-sign", "-binary", "-outform", "DER", "-signer", "one", "-cades"]
    for more in ([], ["-keyid"], ["-keyopt", "rsa_padding_mode:pss"]):
        ended = subprocess.run(
            [*sign, "-inkey", "key", *more],
            input=FILE,
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        assert check(path, ended.stdout, now=now).ok, more


def test_an_empty_file_is_refused(folder: Folder) -> None:
    with pytest.raises(BadUpload):
        check(folder.lay(ROOT), signed_by(DIRECTOR), b"")


SIGNATURE = signed_by(DIRECTOR, CENTRE)


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Folder(tmp_path_factory.mktemp("roots")).lay(ROOT)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, (len(SIGNATURE) + len(FILE)) * 8 - 1))
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_bit_of_file_or_signature_can_be_turned(roots: Path, place: int) -> None:
    both = bytearray(SIGNATURE + FILE)
    both[place // 8] ^= 1 << place % 8
    signature, content = bytes(both[: len(SIGNATURE)]), bytes(both[len(SIGNATURE) :])
    try:
        found = SignatureChecker(roots).check(content, signature, NOW)
    except BadSignatureFile:
        return
    assert not any(one.ok for one in found)
