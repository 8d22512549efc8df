"""Passwords: how they are kept (Argon2id), and one-time ones; tokens."""

import hashlib
import secrets
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike on paper."""
_GROUPS, _GROUP = 4, 4

# 46 MiB and one pass: OWASP Password Storage Cheat Sheet, Argon2id.
_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)
_AT_ONCE: Final = BoundedSemaphore(2)
"""So that many tries at once cannot take the machine's memory."""
_NOBODYS: Final = (
    "$argon2id$v=19$m=47104,t=1,p=1$MGAQcqYk7UYisnzG6sxDUg$"
    "VKPWDHhV0p4OvjC8CNWCYlF1ju23j3kepsHzNUBIulI"
)
"""Of a password that nobody knows, by the same measure: made once, as each process would pay it."""


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password. Takes as long where none is kept: an account or none."""
    with _AT_ONCE:
        try:
            _HASHER.verify(kept or _NOBODYS, password)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def one_time_password() -> str:
    """A password to be told once: «k7mf-9xqd-3hpt-w2ra»."""
    groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def token_sha256(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain hash guards it."""
    return hashlib.sha256(token.encode()).hexdigest()
