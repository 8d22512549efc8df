"""Accounts in memory."""

import secrets

from adapters.postgres.views import SignedIn
from domain.errors import NotFound, TooOften, WrongPassword, WrongState
from domain.passwords import check_password


class FakeAccounts:
    """`Accounts` over dictionaries: login → password and whose it is; token → login."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[str, SignedIn]] = {}
        self.sessions: dict[str, str] = {}
        self.owned: set[tuple[str, str]] = set()  # organisation, account
        self.given = 0
        self.tries: dict[tuple[str, str], int] = {}

    def sign_in(self, login: str, password: str, address: str) -> str:
        self.admit("login", login, 5)
        if login not in self.known or self.known[login][0] != password:
            raise WrongPassword("login and password do not belong together")
        return self._begin(login)

    def signed_in(self, token: str) -> SignedIn:
        if token not in self.sessions:
            raise NotFound("no such session")
        return self.known[self.sessions[token]][1]

    def sign_out(self, token: str) -> None:
        self.sessions.pop(token, None)

    def change_password(self, token: str, old: str, new: str, address: str) -> str:
        login = self.sessions[token]
        kept, who = self.known[login]
        if kept != old:
            raise WrongPassword("the present password is another")
        check_password(new, old, login)
        self.known[login] = (new, who.changed(must_change_password=False))
        self.sessions = {t: one for t, one in self.sessions.items() if one != login}
        return self._begin(login)

    def admit(self, what: str, who: str, most: int) -> None:
        self.tries[what, who] = self.tries.get((what, who), 0) + 1
        if self.tries[what, who] > most:
            raise TooOften("too many tries")

    def first_password(self, organisation_id: str, account_id: str) -> str:
        if (organisation_id, account_id) in self.owned:
            raise WrongState("the account is its owner's")
        self.given += 1
        return f"one-time-{self.given}"

    def _begin(self, login: str) -> str:
        token = secrets.token_hex(8)
        self.sessions[token] = login
        return token
