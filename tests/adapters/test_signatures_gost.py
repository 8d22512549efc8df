"""A detached signature by GOST R 34.10-2012: the same three answers, by OpenSSL's engine."""

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.signatures.checker import SignatureChecker
from adapters.signatures.gost import GostOpenSsl, GostUnavailable
from domain.errors import BadSignatureFile
from domain.signing import Answer, SignatureCheck
from tests.adapters.gost import PERSON, GostHolder, Workshop, needed
from tests.adapters.signing import DAY, FILE, Folder, holder, rsa_key

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
LONG = pytest.mark.parametrize("kind", ["gost2012_256", "gost2012_512"])


@dataclass(frozen=True)
class World:
    """A root, a centre below it and a person, of each length of key."""

    shop: Workshop
    roots: dict[str, GostHolder]
    centres: dict[str, GostHolder]
    people: dict[str, GostHolder]
    signatures: dict[str, bytes]
    now: dt.datetime


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    needed()
    shop = Workshop(tmp_path_factory.mktemp("gost"))
    made = World(shop, {}, {}, {}, {}, dt.datetime.now(dt.UTC) + DAY / 24)
    for kind in ("gost2012_256", "gost2012_512"):
        root = shop.holder(f"r{kind}", f"/CN=Головной {kind}", kind=kind, part="authority")
        centre = shop.holder(f"c{kind}", f"/CN=УЦ {kind}", root, kind=kind, part="authority")
        person = shop.holder(f"p{kind}", PERSON, centre, kind=kind)
        made.roots[kind], made.centres[kind], made.people[kind] = root, centre, person
        more = ("-certfile", f"{centre.name}.cer")
        made.signatures[kind] = shop.signed(FILE, person, more=more)
    return made


def authorities(
    world: World, folder: Path, *ones: GostHolder, lists: tuple[bytes, ...] = ()
) -> Path:
    for one in ones:
        (folder / f"{one.name}.cer").write_bytes(world.shop.certificate(one))
    for number, one_list in enumerate(lists):
        (folder / f"{number}.crl").write_bytes(one_list)
    return folder


def check(
    world: World, folder: Path, signature: bytes, content: bytes = FILE, **how: dt.datetime
) -> SignatureCheck:
    [found] = SignatureChecker(folder).check(content, signature, how.get("now", world.now))
    return found


def answers(found: SignatureCheck) -> tuple[Answer, Answer, Answer]:
    return found.intact.answer, found.right.answer, found.trusted.answer


@LONG
def test_a_right_signature_has_three_times_yes(world: World, tmp_path: Path, kind: str) -> None:
    folder = authorities(world, tmp_path, world.roots[kind])
    found = check(world, folder, world.signatures[kind])

    assert answers(found) == (YES, YES, YES)
    assert found.algorithm == f"ГОСТ Р 34.10-2012, {kind[-3:]} бит"
    assert "отзыв не проверялся" in found.trusted.words
    assert found.signer is not None
    assert found.signer.owner == "Ключевская Вера Игоревна"
    assert found.signer.organisation == "Школа «Пример»"
    assert found.signer.issuer == f"УЦ {kind}"
    assert found.mark(dt.UTC) is not None


@LONG
def test_a_changed_byte_is_refused(world: World, tmp_path: Path, kind: str) -> None:
    folder = authorities(world, tmp_path, world.roots[kind])
    signature = world.signatures[kind]

    assert answers(check(world, folder, signature, FILE + b" ")) == (NO, YES, YES)
    spoilt = signature[:-1] + bytes([signature[-1] ^ 1])
    assert answers(check(world, folder, spoilt)) == (YES, NO, YES)


def test_a_signature_of_another_file_is_not_of_this_one(world: World, tmp_path: Path) -> None:
    kind = "gost2012_256"
    other = world.shop.signed(b"another", world.people[kind])
    folder = authorities(world, tmp_path, world.centres[kind])

    assert answers(check(world, folder, other)) == (NO, YES, YES)


def test_a_stranger_is_not_trusted(world: World, tmp_path: Path) -> None:
    folder = authorities(world, tmp_path, world.roots["gost2012_512"])
    found = check(world, folder, world.signatures["gost2012_256"])

    assert answers(found) == (YES, YES, NO)
    assert "не ведёт" in found.trusted.words


def test_a_centre_that_only_bears_the_name_is_not_trusted(world: World, tmp_path: Path) -> None:
    """Where no identifier of a key tells them apart, OpenSSL looks at the signature itself."""
    kind = "gost2012_256"
    name = f"/CN=Головной {kind}"
    fake = world.shop.holder("fake", name, part="authority")
    centre = world.shop.holder("fakecentre", "/CN=УЦ", fake, part="nameless")
    person = world.shop.holder("fakeperson", PERSON, centre)
    more = ("-certfile", "fakecentre.cer")
    folder = authorities(world, tmp_path, world.roots[kind])
    found = check(world, folder, world.shop.signed(FILE, person, more=more))

    assert answers(found) == (YES, YES, NO)
    assert found.trusted.words == "подпись сертификата в цепочке неверна"


def test_a_person_may_not_issue_certificates(world: World, tmp_path: Path) -> None:
    kind = "gost2012_256"
    under = world.shop.holder("under", PERSON, world.people[kind])
    more = ("-certfile", f"{world.people[kind].name}.cer")
    folder = authorities(world, tmp_path, world.centres[kind])
    found = check(world, folder, world.shop.signed(FILE, under, more=more))

    assert found.trusted.answer is NO
    assert "не вправе выдавать" in found.trusted.words


def test_an_expired_certificate_without_a_proven_time_is_unknown(
    world: World, tmp_path: Path
) -> None:
    folder = authorities(world, tmp_path, world.roots["gost2012_256"])
    signature = world.signatures["gost2012_256"]
    found = check(world, folder, signature, now=world.now + 200 * DAY)

    assert answers(found) == (YES, YES, UNKNOWN)
    assert "ничем не подтверждено" in found.trusted.words


def test_lists_of_revoked_certificates_are_heeded(world: World, tmp_path: Path) -> None:
    kind = "gost2012_256"
    root, centre, person = (one[kind] for one in (world.roots, world.centres, world.people))
    clean = world.shop.revoked(centre), world.shop.revoked(root)
    folder = authorities(world, tmp_path, root, centre, lists=clean)
    found = check(world, folder, world.signatures[kind])
    assert found.ok
    assert "не отозван по списку" in found.trusted.words

    authorities(world, folder, lists=(world.shop.revoked(centre, person),))
    found = check(world, folder, world.signatures[kind])
    assert answers(found) == (YES, YES, NO)
    assert "сертификат отозван 01.01.2020" in found.trusted.words


def test_a_list_that_another_has_signed_says_nothing(world: World, tmp_path: Path) -> None:
    kind = "gost2012_256"
    name = f"/CN=УЦ {kind}"
    fake = world.shop.holder("fakelist", name, part="authority")
    forged = world.shop.revoked(fake, world.people[kind])
    folder = authorities(world, tmp_path, world.roots[kind], lists=(forged,))

    assert check(world, folder, world.signatures[kind]).ok


def test_gost_and_rsa_may_stand_in_one_file(world: World, tmp_path: Path) -> None:
    end = world.now + DAY
    root = holder("Корневой", authority=True, end=end)
    person = holder("Второй подписавший", root, key=rsa_key(), end=end)
    (world.shop.folder / "rsa.cer").write_bytes(person.pem)
    (world.shop.folder / "rsa.key").write_bytes(person.key_pem)
    both = world.shop.signed(FILE, world.people["gost2012_256"], GostHolder("rsa"))
    folder = Folder(authorities(world, tmp_path, world.centres["gost2012_256"])).lay(root)
    checker = SignatureChecker(folder)

    found = checker.check(FILE, both, world.now)
    assert [answers(one) for one in found] == [(YES, YES, YES)] * 2
    assert {one.algorithm for one in found} == {"RSA, SHA-256", "ГОСТ Р 34.10-2012, 256 бит"}
    found = checker.check(b"another", both, world.now)
    assert [answers(one) for one in found] == [(NO, YES, YES)] * 2


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("no-such-openssl", "нет программы openssl"),
        ("true", "нет модуля ГОСТ"),
    ],
)
def test_without_openssl_or_its_engine_nothing_is_judged(
    world: World, tmp_path: Path, program: str, words: str
) -> None:
    folder = authorities(world, tmp_path, world.roots["gost2012_256"])
    checker = SignatureChecker(folder, GostOpenSsl(program))
    [found] = checker.check(FILE, world.signatures["gost2012_256"], world.now)

    assert answers(found) == (UNKNOWN, UNKNOWN, UNKNOWN)
    for one in (found.intact, found.right, found.trusted):
        assert one.words.startswith("не проверено: ")
        assert words in one.words


def test_an_openssl_that_hangs_is_ended(tmp_path: Path) -> None:
    slow = tmp_path / "openssl"
    slow.write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    slow.chmod(0o700)

    with pytest.raises(GostUnavailable, match="не уложился в 1 с"):
        GostOpenSsl(str(slow), seconds=1).digest("md_gost12_256", b"")


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_bit_can_be_turned(world: World, tmp_path: Path) -> None:
    folder = authorities(world, tmp_path, world.roots["gost2012_256"])
    signature = world.signatures["gost2012_256"]
    checker = SignatureChecker(folder)
    chance = random.Random(6)
    places = chance.sample(range(len(signature) * 8), 60)
    # Before the value stands the name of its algorithm, at which OpenSSL does not look.
    name = range(len(signature) - 64 - 16, len(signature) - 64)
    places += [byte * 8 + chance.randrange(8) for byte in name]
    for place in places:
        turned = bytearray(signature)
        turned[place // 8] ^= 1 << place % 8
        try:
            found = checker.check(FILE, bytes(turned), world.now)
        except BadSignatureFile:
            continue
        assert not any(one.ok for one in found), place
