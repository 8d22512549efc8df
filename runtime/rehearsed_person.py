"""An account of a rehearsed organisation, as its owner uses it: through the HTTP API."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import httpx

from runtime.processes import ServerFailed

PATIENCE: Final = 180.0  # seconds that an act is tried again while a worker is gone
_PAUSE: Final = 0.2
_LATER: Final = frozenset({409, 425, 429, 500, 502, 503, 504})
_JSON: Final = "application/json"
Answer = dict[str, Any]


class ActRefused(ServerFailed):
    """The service refused what a rehearsed person did; that is a fault, ours or the roadmap's."""


@dataclass(frozen=True)
class Person:
    """An account in the rehearsed organisation."""

    client: httpx.Client

    def get(self, path: str) -> Any:  # noqa: ANN401 - whatever JSON stands there
        """The JSON at `path`, asked again while the service is away."""
        return self._patiently("GET", path, {}, None).json()

    def read(self, path: str) -> bytes:
        """The bytes at `path`."""
        return self._patiently("GET", path, {}, None).content

    def post(self, path: str, key: str, body: Mapping[str, Any]) -> Answer:
        """Do it once, however often it must be asked: `key` is the same each time."""
        content = json.dumps(body, ensure_ascii=False).encode()
        answer: Answer = self._patiently("POST", path, _headers(key, _JSON), content).json()
        return answer

    def upload(self, path: str, key: str, content: bytes, media_type: str) -> Answer:
        """As `post`, with a file as the body."""
        answer: Answer = self._patiently("POST", path, _headers(key, media_type), content).json()
        return answer

    def _patiently(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None
    ) -> httpx.Response:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = self.client.request(method, path, headers=headers, content=content)
            except httpx.TransportError as error:
                trouble: object = error
            else:
                if answer.is_success:
                    return answer
                if not _is_for_later(answer):
                    raise ActRefused(f"{method} {path}: {answer.status_code} {answer.text}")
                trouble = answer.text
            if time.monotonic() > deadline:
                raise ServerFailed(f"{method} {path}: нет ответа {PATIENCE:.0f} с: {trouble}")
            time.sleep(_PAUSE)


def people_at(url: str, tokens: Mapping[str, str]) -> dict[str, Person]:
    """Everybody with an account, each with a client of their own, over connections of all."""
    return {
        name: Person(
            httpx.Client(
                base_url=f"{url}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=60,
                transport=_connections(),
            ),
        )
        for name, token in tokens.items()
    }


@cache
def _connections() -> httpx.HTTPTransport:
    """Shared: to make one takes some 30 ms, and sixty people have accounts."""
    return httpx.HTTPTransport()


def _headers(key: str, media_type: str) -> dict[str, str]:
    return {"Idempotency-Key": key, "Content-Type": media_type}


def _is_for_later(answer: httpx.Response) -> bool:
    """A worker that is away passes, and so does what says when to come again (a twin of this very
    request, a cycle that is being planned); any other refusal stays one.
    """
    if answer.status_code not in _LATER:
        return False
    return answer.status_code != httpx.codes.CONFLICT or "Retry-After" in answer.headers
