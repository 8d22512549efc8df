"""What a password must be."""

import pytest

from domain.errors import WeakPassword
from domain.passwords import check_password

OLD = "k7mf-9xqd-3hpt-w2ra"


@pytest.mark.parametrize("good", ["сирень цветёт в мае", "x9!kQ2#mZ7pL", "ы" * 195 + "абвгд"])
def test_long_and_varied_passwords_are_taken(good: str) -> None:
    check_password(good, OLD, "sokolova")


@pytest.mark.parametrize(
    "bad",
    ["", "короткий", "а" * 12, "абабабабабаб", "x9 Sokolova 2026!", OLD, "абвгдежз" * 26],
)
def test_short_plain_and_known_passwords_are_refused(bad: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(bad, OLD, "sokolova")
