"""Somebody at the pages, without a browser: follows forms as they stand there."""

import re
from dataclasses import dataclass
from html import unescape

import httpx
from fastapi import FastAPI

from domain import ids

_FORM = re.compile(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Visitor:
    """One browser's cookies, and the page that it shows."""

    client: httpx.AsyncClient
    shown: httpx.Response | None = None

    @classmethod
    def of(cls, app: FastAPI, base: str = "http://school") -> "Visitor":
        transport = httpx.ASGITransport(app, client=(ids.new_id(), 1))
        return cls(httpx.AsyncClient(transport=transport, base_url=base))

    @property
    def text(self) -> str:
        """The words of the page, with plain spaces."""
        assert self.shown is not None
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", self.shown.text)))

    @property
    def status(self) -> int:
        assert self.shown is not None
        return self.shown.status_code

    @property
    def path(self) -> str:
        assert self.shown is not None
        return self.shown.url.path

    async def go(self, path: str) -> "Visitor":
        self.shown = await self.client.get(path, follow_redirects=True)
        return self

    def hidden(self, action: str, place: int = 0) -> dict[str, str]:
        """The hidden fields of the form on the page with this action."""
        assert self.shown is not None
        forms = [form for to, form in _FORM.findall(self.shown.text) if to == action]
        return {name: unescape(value) for name, value in _INPUT.findall(forms[place])}

    async def send(self, action: str, place: int = 0, /, **fields: str) -> "Visitor":
        """Send the form on the page with this action, filled in."""
        given = {**self.hidden(action, place), **fields}
        self.shown = await self.client.post(action, data=given, follow_redirects=True)
        return self

    async def send_files(
        self, action: str, name: str, *contents: bytes, **fields: str
    ) -> "Visitor":
        """Send the form on the page with this action, with files, or with none chosen."""
        files = [(name, ("Иванова.bin", one, "text/html")) for one in contents]
        chosen = files or [(name, ("", b"", "application/octet-stream"))]
        given = {**self.hidden(action), **fields}
        self.shown = await self.client.post(action, data=given, files=chosen, follow_redirects=True)
        return self

    def value(self, id_: str) -> str:
        """What stands in a field of the page."""
        assert self.shown is not None
        area = re.search(rf'<textarea id="{id_}"[^>]*>(.*?)</textarea>', self.shown.text, re.DOTALL)
        field = re.search(rf'<input id="{id_}"[^>]* value="([^"]*)"', self.shown.text)
        found = area or field
        assert found is not None, f"no field {id_}"
        return unescape(found.group(1))

    async def sign_in(self, login: str, password: str, path: str = "/") -> "Visitor":
        await self.go(path)
        return await self.send("/signin", login=login, password=password)
