"""A store that speaks S3 and says that it locks, but lets some things happen; one object."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from pydantic import SecretStr

from adapters.files.minio import Bucket

VERSION = "first-version"
_LOCK = (
    "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>"
    "</ObjectLockConfiguration>"
)


class LyingStore(BaseHTTPRequestHandler):
    """Lets happen what `lets` names: and says so, does it `hushed`, or has it `said only`.

    Of what `away` names it answers that it is busy.
    """

    lets: ClassVar[set[str]] = set()
    away: ClassVar[set[str]] = set()
    versioning: ClassVar[str] = "Enabled"
    kept: ClassVar[dict[str, str]] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        asked = self.asked()
        if "object-lock" in asked:
            self.say(200, _LOCK)
        elif "versioning" in asked:
            status = f"<Status>{self.versioning}</Status>" if self.versioning else ""
            self.say(200, f"<VersioningConfiguration>{status}</VersioningConfiguration>")
        elif "versions" in asked:
            self.say(
                200, f"<ListVersionsResult><Name>papers</Name>{self.listed()}</ListVersionsResult>"
            )
        elif "body" not in self.kept:
            self.say(404, _error("NoSuchVersion"))
        elif "retention" in asked:
            self.say(200, self.kept["retention"])
        else:
            self.say(200, self.kept["body"])

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if "retention" in self.asked():
            what = "soften" if "GOVERNANCE" in body else "shorten"
            self.decide(what, {"retention": body})
        elif "body" not in self.kept:
            mode = self.headers["x-amz-object-lock-mode"]
            until = self.headers["x-amz-object-lock-retain-until-date"]
            heeded = "no retention" not in self.lets
            self.kept.update(
                key=urlsplit(self.path).path.split("/", 2)[2],
                body=body,
                retention=_retention(mode if heeded else "GOVERNANCE", until),
            )
            self.say(200)
        elif self.headers.get("If-None-Match"):
            self.decide("second put", {}, refusal=(412, "PreconditionFailed"))
        elif "overwrite" in self.lets:
            self.kept["body"] = body
            self.say(200)
        else:
            self.say(200, version="later-version")

    def do_DELETE(self) -> None:
        if self.asked().get("versionId") == ["later-version"]:
            self.say(204)
        else:
            self.decide("delete", None)

    def decide(
        self,
        what: str,
        change: dict[str, str] | None,
        refusal: tuple[int, str] = (400, "ObjectLocked"),
    ) -> None:
        """Do it if it is let; say what is meant to be believed."""
        if what in self.away:
            self.say(503, _error("SlowDown"))
            return
        done = what in self.lets or f"{what}, hushed" in self.lets
        if done:
            if change is None:
                self.kept.clear()
            else:
                self.kept.update(change)
        if what in self.lets or f"{what}, said only" in self.lets:
            self.say(200)
        else:
            self.say(refusal[0], _error(refusal[1]))

    def asked(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, keep_blank_values=True)

    def listed(self) -> str:
        if "body" not in self.kept:
            return ""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        return (
            f"<Version><Key>{self.kept['key']}</Key><VersionId>{VERSION}</VersionId>"
            f"<LastModified>{now}</LastModified><IsLatest>true</IsLatest><Size>6</Size></Version>"
        )

    def say(self, status: int, text: str = "", version: str = VERSION) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("x-amz-version-id", version)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at what the client says."""


def _retention(mode: str, until: str) -> str:
    return f"<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>"


def _error(code: str) -> str:
    return f"<Error><Code>{code}</Code><Message>no</Message></Error>"


@contextmanager
def lying(
    *lets: str, away: frozenset[str] = frozenset(), versioning: str = "Enabled"
) -> Iterator[Bucket]:
    """A bucket of a store that lets these things happen, or does not answer when they are asked."""
    LyingStore.lets, LyingStore.away = set(lets), set(away)
    LyingStore.versioning = versioning
    LyingStore.kept.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), LyingStore) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield Bucket(
                endpoint=f"127.0.0.1:{server.server_address[1]}",
                name="papers",
                access_key=SecretStr("someone"),
                secret_key=SecretStr("a-long-secret"),
                region="us-east-1",
                secure=False,
            )
        finally:
            server.shutdown()
