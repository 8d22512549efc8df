"""The running service as a command asks it, over HTTP, for one person."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from api.problems import BY_CODE, Unauthorized
from domain.errors import Refused
from runtime.processes import ServerFailed
from runtime.settings import Settings, WrongCall, read_settings

_SECONDS: Final = 60.0
_TRIES: Final = 3

Answer = dict[str, Any]


class NotUnderstood(Refused):
    """What answers at the address is no service of ours."""


@dataclass(frozen=True)
class Client:
    """What one account may ask and do."""

    http: httpx.Client

    def get(self, path: str, about: str = "", **asked: str) -> Answer:
        """The object at `path`. Raises the refusal that was answered, in Russian, of `about`."""
        return self._answer(self.http.build_request("GET", f"/api/v1{path}", params=asked), about)

    def post(self, path: str, about: str, body: Mapping[str, Any]) -> Answer:
        """Do it once, though an answer may be lost on the way."""
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        request = self.http.build_request("POST", f"/api/v1{path}", headers=headers, json=body)
        return self._answer(request, about)

    def _answer(self, request: httpx.Request, about: str) -> Answer:
        tries = _TRIES
        while True:
            tries -= 1
            try:
                return self._read(self.http.send(request), about)
            except httpx.TransportError as error:
                if not tries:
                    raise ServerFailed(
                        f"Служба не отвечает: {self.http.base_url}. Запустите её (nastavnik up) "
                        "или назовите её адрес в NASTAVNIK_URL."
                    ) from error

    def _read(self, answer: httpx.Response, about: str) -> Answer:
        try:
            found = answer.json()
        except ValueError:
            found = None
        if not isinstance(found, dict) or (answer.is_error and "title" not in found):
            raise NotUnderstood(
                f"По адресу {self.http.base_url} отвечает не эта служба ({answer.status_code})."
            )
        if answer.is_error:
            raise _refusal(found, about)
        return found


@contextmanager
def client() -> Iterator[Client]:
    """The service that the settings name, for whoever's token they hold.

    Raises `WrongCall` without a token.
    """
    settings = read_settings()
    if settings.client.token is None:
        raise WrongCall(
            "Нет ключа доступа: задайте NASTAVNIK_TOKEN или файл с ним в NASTAVNIK_TOKEN_FILE. "
            "Ключ показывает nastavnik add user."
        )
    bearer = f"Bearer {settings.client.token.get_secret_value()}"
    with httpx.Client(
        base_url=_url(settings), headers={"Authorization": bearer}, timeout=_SECONDS
    ) as http:
        yield Client(http)


def _url(settings: Settings) -> str:
    return settings.client.url or f"http://127.0.0.1:{settings.web.port}"


def _refusal(problem: Answer, about: str) -> Refused:
    """The refusal as the rules made it, in one Russian sentence."""
    kind = BY_CODE.get(str(problem.get("code")), Refused)
    if kind is Unauthorized:
        return kind("Ключ доступа не подходит: он неизвестен или отозван.")
    title = str(problem["title"])
    return kind(f"{about}: {title[:1].lower()}{title[1:]}." if about else f"{title}.")
