"""Passwords as they are kept."""

from argon2 import extract_parameters

from adapters import passwords


def test_a_password_fits_what_is_kept_of_it_and_nothing_else() -> None:
    kept = passwords.hashed("длинный пароль")
    assert passwords.fits("длинный пароль", kept)
    assert not passwords.fits("другой пароль", kept)
    assert not passwords.fits("длинный пароль", None)


def test_a_login_that_nobody_has_costs_as_much_as_one_that_somebody_has() -> None:
    kept = passwords.hashed("длинный пароль")
    assert extract_parameters(passwords._NOBODYS) == extract_parameters(kept)
