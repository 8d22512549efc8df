"""The signatures of rehearsed people: right by the rehearsal's own authority, and by no other."""

import datetime as dt
from pathlib import Path

import pytest

from adapters.signatures.checker import SignatureChecker
from domain.names import NameForm
from domain.signing import Answer, SignatureCheck
from runtime.rehearsed_keys import KeyRing

WHO = NameForm(last="Ёлкина", first="Мария", patronymic="Петровна", initials="М. П.", sure=True)
PAPER = "Приказ".encode()


def a_ring(folder: Path, name: str) -> KeyRing:
    home = folder / name
    (home / "keys").mkdir(parents=True)
    ring = KeyRing(trusted=home / "authorities", keys=home / "keys")
    ring.prepare()
    return ring


def checked(ring: KeyRing, signature: bytes, ahead: int = 0) -> list[SignatureCheck]:
    """By a clock that is so many days ahead; never before the signature was made."""
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=ahead)
    return list(SignatureChecker(ring.trusted).check(PAPER, signature, now))


@pytest.mark.parametrize("ahead", [0, 6 * 365])
def test_a_signature_is_right_also_when_the_rehearsals_clock_is_years_ahead(
    tmp_path: Path, ahead: int
) -> None:
    ring = a_ring(tmp_path, "one")
    (check,) = checked(ring, ring.sign(PAPER, WHO), ahead)
    assert check.ok
    assert check.signer
    assert check.signer.owner == "Ёлкина Мария Петровна"


def test_a_second_start_finds_the_same_authority(tmp_path: Path) -> None:
    ring = a_ring(tmp_path, "one")
    signature = ring.sign(PAPER, WHO)
    ring.prepare()
    (check,) = checked(ring, signature)
    assert check.ok


def test_another_rehearsal_does_not_trust_it(tmp_path: Path) -> None:
    one, other = a_ring(tmp_path, "one"), a_ring(tmp_path, "other")
    (check,) = checked(other, one.sign(PAPER, WHO))
    assert check.trusted.answer is not Answer.YES
