"""Whether a certificate is trusted at the signing time: chains, stamps, lists, the folder."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from adapters.signatures.checker import SignatureChecker
from domain.errors import BadAuthorities
from domain.signing import Answer
from tests.adapters.signing import (
    DAY,
    FILE,
    NOW,
    PERSON,
    YEAR,
    Folder,
    Holder,
    Stamper,
    ec_key,
    holder,
    issued_with_sha1,
    revoked,
    rsa_key,
    signed_by,
    stamping_holder,
    usage,
)
from tests.adapters.test_signatures import (
    CENTRE,
    DIRECTOR,
    NO,
    ROOT,
    UNKNOWN,
    YES,
    answers,
    check,
)

STAMPS = stamping_holder(ROOT)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def expired(end: dt.datetime) -> Holder:
    return holder(PERSON, ROOT, end=end)


def short() -> Holder:
    return holder("УЦ 2", ROOT, authority=True, length=0)


def of_old_times() -> bytes:
    centre = holder("УЦ", ROOT, authority=True, key=rsa_key(1))
    return signed_by(issued_with_sha1(holder(PERSON, centre), centre), centre)


def unknown() -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")


def round_chain() -> bytes:
    """Two centres, each issued by the other."""
    keys = ec_key(), ec_key()
    first = holder("Первый", authority=True, key=keys[0])
    second = holder("Второй", first, authority=True, key=keys[1])
    first_again = holder("Первый", second, authority=True, key=keys[0])
    return signed_by(holder(PERSON, second), second, first_again)


UNTRUSTED: dict[str, tuple[Callable[[], bytes], Answer, str]] = {
    "expired before signing": (lambda: signed_by(expired(NOW - 2 * DAY)), NO, "истёк"),
    "expired since": (
        lambda: signed_by(expired(NOW - DAY / 2)),
        UNKNOWN,
        "ничем не подтверждено",
    ),
    "not yet valid": (
        lambda: signed_by(holder(PERSON, ROOT, start=NOW - DAY / 2)),
        NO,
        "начался позже",
    ),
    "signed tomorrow": (
        lambda: signed_by(holder(PERSON, ROOT), at=NOW + DAY),
        NO,
        "ещё не наступило",
    ),
    "a self-signed stranger": (lambda: signed_by(holder(PERSON)), NO, "самоподписанный"),
    "a centre that nobody trusts": (
        lambda: signed_by(holder(PERSON, holder("Корневой центр", authority=True))),
        NO,
        "не ведёт к удостоверяющему центру",
    ),
    "its centre is not inside": (lambda: signed_by(DIRECTOR), NO, "не ведёт"),
    "issued by a person": (
        lambda: signed_by(holder(PERSON, DIRECTOR), DIRECTOR, CENTRE),
        NO,
        "не вправе выдавать",
    ),
    "a centre that may not issue": (
        lambda: signed_by(
            holder(PERSON, centre := holder("УЦ", ROOT, authority=True, key_usage=usage())), centre
        ),
        NO,
        "не вправе выдавать",
    ),
    "a longer chain than is allowed": (
        lambda: signed_by(
            holder(PERSON, third := holder("УЦ 3", second := short(), authority=True)),
            *(third, second),
        ),
        NO,
        "RFC 5280",
    ),
    "not a key for signing": (
        lambda: signed_by(holder(PERSON, ROOT, key_usage=usage(sign=False))),
        NO,
        "не для подписи",
    ),
    "an expired centre": (
        lambda: signed_by(
            holder(PERSON, old := holder("УЦ", ROOT, authority=True, end=NOW - 2 * DAY)), old
        ),
        NO,
        "срок сертификата удостоверяющего центра истёк",
    ),
    "a certificate signed with SHA-1": (of_old_times, NO, "устаревшим"),
    "an unknown extension that must be known": (
        lambda: signed_by(holder(PERSON, ROOT, critical=[unknown()])),
        NO,
        "неизвестное обязательное расширение",
    ),
    "a chain that goes round": (round_chain, NO, "не ведёт"),
}


@pytest.mark.parametrize("case", UNTRUSTED)
def test_what_is_not_to_be_trusted_is_told_with_its_reason(folder: Folder, case: str) -> None:
    signature, answer, words = UNTRUSTED[case]
    found = check(folder.lay(ROOT), signature())

    assert answers(found) == (YES, YES, answer)
    assert words in found.trusted.words


def test_without_a_list_of_authorities_trust_is_unknown(folder: Folder) -> None:
    for given_folder in (None, folder.path):
        found = check(given_folder, signed_by(DIRECTOR, CENTRE))
        assert answers(found) == (YES, YES, UNKNOWN)
        assert "список удостоверяющих центров" in found.trusted.words


def test_a_centre_may_be_trusted_without_its_root(folder: Folder) -> None:
    assert check(folder.lay(CENTRE), signed_by(DIRECTOR)).ok


def test_a_way_through_a_valid_certificate_of_a_centre_is_preferred(folder: Folder) -> None:
    key = ec_key()
    centres = [
        holder("УЦ", ROOT, authority=True, key=key, end=end) for end in (NOW - 2 * DAY, NOW + YEAR)
    ]
    person = holder(PERSON, centres[0])

    for order in (centres, centres[::-1]):
        assert check(folder.lay(ROOT), signed_by(person, *order)).ok


def test_many_certificates_of_one_name_take_no_long_time(folder: Folder) -> None:
    key = ec_key()
    strangers = [holder("УЦ", holder("УЦ", key=key), authority=True, key=key) for _ in range(45)]
    found = check(folder.lay(ROOT), signed_by(holder(PERSON, strangers[0]), *strangers))

    assert found.trusted.answer is NO


def test_a_checked_time_stamp_proves_the_time(folder: Folder) -> None:
    person = expired(NOW - DAY / 2)
    stamper = Stamper(STAMPS, NOW - DAY)
    found = check(folder.lay(ROOT), signed_by(person, stamper=stamper))

    assert found.ok
    assert found.stamped_at == NOW - DAY
    assert "подтверждено меткой" in found.trusted.words


def test_a_time_stamp_counts_more_than_what_the_signer_says(folder: Folder) -> None:
    person = expired(NOW - DAY)
    signature = signed_by(person, at=NOW - 2 * DAY, stamper=Stamper(STAMPS, NOW - DAY / 2))

    assert check(folder.lay(ROOT), signature).trusted.answer is NO


BAD_STAMPS: dict[str, Callable[[], Stamper]] = {
    "of another signature": lambda: Stamper(STAMPS, NOW - DAY, of=b"another"),
    "of a stranger": lambda: Stamper(stamping_holder(holder("Чужой", authority=True)), NOW - DAY),
    "by a certificate for something else": lambda: Stamper(DIRECTOR, NOW - DAY),
    "by an expired certificate": lambda: Stamper(
        stamping_holder(ROOT, end=NOW - 2 * DAY), NOW - DAY
    ),
    "of tomorrow": lambda: Stamper(STAMPS, NOW + DAY),
}


@pytest.mark.parametrize("case", BAD_STAMPS)
def test_a_bad_time_stamp_proves_nothing_and_is_told(folder: Folder, case: str) -> None:
    found = check(folder.lay(ROOT), signed_by(expired(NOW - DAY / 2), stamper=BAD_STAMPS[case]()))

    assert answers(found) == (YES, YES, UNKNOWN)
    assert found.stamped_at is None
    assert "метка времени есть, но не подтверждена" in found.trusted.words


def test_what_is_no_time_stamp_in_its_place_is_told(folder: Folder) -> None:
    found = check(folder.lay(ROOT), signed_by(DIRECTOR, CENTRE, stamp=signed_by(DIRECTOR)))

    assert found.ok
    assert "не подтверждена" in found.trusted.words


def test_a_list_of_revoked_certificates_is_heeded(folder: Folder) -> None:
    clean = folder.lay(ROOT, CENTRE, lists=[revoked(CENTRE, {}), revoked(ROOT, {})])
    found = check(clean, signed_by(DIRECTOR, CENTRE))
    assert found.ok
    assert "не отозван по списку от 19.11.2026" in found.trusted.words

    folder.lay(lists=[revoked(CENTRE, {DIRECTOR: NOW - 2 * DAY})])
    found = check(clean, signed_by(DIRECTOR, CENTRE))
    assert answers(found) == (YES, YES, NO)
    assert "отозван 18.11.2026" in found.trusted.words


def test_a_revoked_centre_takes_its_people_along(folder: Folder) -> None:
    path = folder.lay(
        ROOT, CENTRE, lists=[revoked(CENTRE, {}), revoked(ROOT, {CENTRE: NOW - 9 * DAY})]
    )
    found = check(path, signed_by(DIRECTOR))

    assert found.trusted.answer is NO
    assert "сертификат удостоверяющего центра отозван" in found.trusted.words


def test_a_later_revocation_harms_only_a_time_that_nothing_proves(folder: Folder) -> None:
    path = folder.lay(ROOT, lists=[revoked(CENTRE, {DIRECTOR: NOW - DAY / 2}, made=NOW)])

    assert check(path, signed_by(DIRECTOR, CENTRE)).trusted.answer is UNKNOWN
    stamped = signed_by(DIRECTOR, CENTRE, stamper=Stamper(STAMPS, NOW - DAY))
    assert check(path, stamped).ok


UNHEEDED: dict[str, Callable[[], bytes]] = {
    "signed by another": lambda: revoked(CENTRE, {DIRECTOR: NOW - 9 * DAY}, key=ec_key()),
    "of another centre": lambda: revoked(ROOT, {DIRECTOR: NOW - 9 * DAY}),
}


@pytest.mark.parametrize("case", UNHEEDED)
def test_a_foreign_list_says_nothing(folder: Folder, case: str) -> None:
    found = check(folder.lay(ROOT, lists=[UNHEEDED[case]()]), signed_by(DIRECTOR, CENTRE))

    assert found.ok
    assert "отзыв не проверялся" in found.trusted.words


def test_a_list_that_is_out_of_date_clears_nobody(folder: Folder) -> None:
    old = revoked(CENTRE, {}, made=NOW - 9 * DAY, until=NOW - 8 * DAY)
    found = check(folder.lay(ROOT, lists=[old]), signed_by(DIRECTOR, CENTRE))

    assert "отзыв не проверялся: список отозванных просрочен" in found.trusted.words


def test_a_folder_of_authorities_is_read_as_it_is_today(folder: Folder) -> None:
    checker = SignatureChecker(folder.path)
    signature = signed_by(DIRECTOR, CENTRE)
    assert not checker.check(FILE, signature, NOW)[0].ok

    (folder.path / "README.txt").write_text("Список получен 1 ноября", "utf-8")
    both = (ROOT.certificate, CENTRE.certificate)
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in both)
    (folder.path / "bundle.pem").write_bytes(pem)
    assert checker.check(FILE, signature, NOW)[0].ok


@pytest.mark.parametrize("name", ["one.cer", "one.crl", "one.pem"])
def test_a_broken_file_in_the_folder_of_authorities_is_named(folder: Folder, name: str) -> None:
    folder.lay(ROOT)
    (folder.path / name).write_bytes(b"-----BEGIN nothing" if name == "one.pem" else b"0\x03abc")

    with pytest.raises(BadAuthorities, match=name):
        check(folder.path, signed_by(DIRECTOR))
