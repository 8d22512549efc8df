"""Who is signed in to the pages, as they need it."""

from typing import Protocol

from api.routes.reading import SignedIn


class Accounts(Protocol):
    """Passwords, sessions, and limits on tries."""

    def sign_in(self, login: str, password: str, address: str) -> str:
        """The token of a new session. Raises `WrongPassword` or `TooOften`."""
        ...

    def signed_in(self, token: str) -> SignedIn:
        """Whose session it is. Raises `NotFound` if it is none, or has ended."""
        ...

    def sign_out(self, token: str) -> None:
        """End a session; harmless if it has ended."""
        ...

    def change_password(self, token: str, old: str, new: str, address: str) -> str:
        """Give the account its owner's own password; all its sessions end, here is a new one.

        Raises `NotFound` without a session, `WrongPassword`, `WeakPassword` or `TooOften`.
        """
        ...

    def admit(self, what: str, who: str, most: int) -> None:
        """Count a try. Raises `TooOften` after `most` of them, for a time that grows."""
        ...

    def first_password(self, organisation_id: str, account_id: str) -> str:
        """A one-time password for an account whose owner never chose his own; as often as needed
        until then. Raises `NotFound`, or `WrongState` once the account is its owner's.
        """
        ...
