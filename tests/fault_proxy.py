"""A bad road to a good S3 store: a proxy that spoils what passes through it, as a test says."""

import http.client
import random
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from adapters.files.minio import Bucket

PIECE = 64 * 1024
_HOP = {"connection", "transfer-encoding", "keep-alive"}
HANGS_FOR = 60.0
"""Seconds; longer than any client waits."""


@dataclass(frozen=True)
class Asked:
    """A request that passes. Bytes of an object go up with it, come down with its answer."""

    method: str
    path: str
    size: int

    @property
    def is_upload(self) -> bool:
        return self.method == "PUT" and self.size > 0 and "retention" not in self.path

    @property
    def is_download(self) -> bool:
        parts = urlsplit(self.path)
        return self.method == "GET" and parts.path.count("/") > 1 and not parts.query


@dataclass(frozen=True)
class Fault:
    """What becomes of a request; nothing if all fields are as they are."""

    name: str = "none"
    status: int = 0
    code: str = ""
    delay: float = 0.0
    up: int | None = None
    """Bytes of the request's body after which the connection is cut."""
    down: int | None = None
    """Bytes of the answer's body after which it is cut."""
    answer_lost: bool = False
    """The store does as it is asked, and its answer never comes."""
    flip: int | None = None
    """The byte of the answer's body that is another one."""
    instead: bytes | None = None
    """The answer's body: an older version."""


WELL = Fault()


def busy() -> Fault:
    return Fault("busy", status=503, code="SlowDown")


def full() -> Fault:
    return Fault("full", status=507, code="XMinioStorageFull")


def slow(seconds: float) -> Fault:
    return Fault("slow", delay=seconds)


def hanging() -> Fault:
    return Fault("hanging", delay=HANGS_FOR)


def cut_up(at: int) -> Fault:
    return Fault("cut up", up=at)


def cut_down(at: int) -> Fault:
    return Fault("cut down", down=at)


def answer_lost() -> Fault:
    return Fault("answer lost", answer_lost=True)


def flipped(at: int = 40) -> Fault:
    return Fault("flipped", flip=at)


def older(body: bytes) -> Fault:
    return Fault("older", instead=body)


Rule = Callable[[Asked], Fault]


def well(_: Asked) -> Fault:
    """Nothing is spoilt."""
    return WELL


@dataclass
class Proxy:
    """Stands before a store. `rule` may be changed while requests pass."""

    to: Bucket
    rule: Rule = well
    port: int = 0
    met: Counter[str] = field(default_factory=Counter)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def bucket(self) -> Bucket:
        """The bucket, as it is reached on the bad road."""
        return replace(self.to, endpoint=f"127.0.0.1:{self.port}")


@contextmanager
def fault_proxy(to: Bucket) -> Iterator[Proxy]:
    """A proxy before the bucket's store until the end of the block."""
    proxy = Proxy(to)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        proxy.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield proxy
        finally:
            proxy.ended.set()
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    proxy: Proxy
    protocol_version = "HTTP/1.1"

    def pass_on(self) -> None:
        """One request and its answer, spoilt as the rule says."""
        size = int(self.headers.get("Content-Length", 0))
        fault = self.proxy.rule(Asked(self.command, self.path, size))
        self.proxy.met[fault.name] += 1
        if fault.delay and self.proxy.ended.wait(fault.delay):
            self.close_connection = True
            return
        if fault.status:
            self.rfile.read(size)
            self.refuse(fault)
        elif fault.up is not None:
            self.cut_upload(fault.up, size)
        else:
            self.answer(self.rfile.read(size), fault)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = pass_on  # noqa: N815 - called by http.server

    def refuse(self, fault: Fault) -> None:
        body = f"<Error><Code>{fault.code}</Code><Message>no</Message></Error>".encode()
        self.send_response(fault.status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def cut_upload(self, at: int, size: int) -> None:
        """The store gets so much of the body, and both sides lose the connection."""
        part = self.rfile.read(min(at, size))
        host, _, port = self.proxy.to.endpoint.partition(":")
        head = f"{self.command} {self.path} HTTP/1.1\r\n{self.headers.as_string()}"
        with socket.create_connection((host, int(port))) as store:
            store.sendall(head.replace("\n", "\r\n").replace("\r\r", "\r").encode() + part)
        self.cut()

    def answer(self, body: bytes, fault: Fault) -> None:
        store = http.client.HTTPConnection(self.proxy.to.endpoint, timeout=30)
        try:
            store.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                store.putheader(name, value)
            store.endheaders(body)
            answer = store.getresponse()
            content = answer.read()
        finally:
            store.close()
        if fault.answer_lost:
            self.cut()
            return
        self.say(answer, _spoilt(content, fault), fault)

    def say(self, answer: http.client.HTTPResponse, content: bytes, fault: Fault) -> None:
        self.send_response_only(answer.status)
        length = answer.headers.get("Content-Length") if self.command == "HEAD" else None
        for name, value in answer.headers.items():
            if name.lower() not in {*_HOP, "content-length"}:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", length or str(len(content)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault.down is not None and fault.down < len(content):
            self.wfile.write(content[: fault.down])
            self.cut()
        else:
            self.wfile.write(content)

    def cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at what the client says."""


def _spoilt(content: bytes, fault: Fault) -> bytes:
    if fault.instead is not None:
        return fault.instead
    if fault.flip is None or not content:
        return content
    place = fault.flip % len(content)
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def first(fault: Fault, times: int) -> Rule:
    """The fault befalls the first requests that it fits."""
    left = [times]

    def rule(asked: Asked) -> Fault:
        if left[0] and fits(fault, asked):
            left[0] -= 1
            return fault
        return WELL

    return rule


class Share:
    """One of the faults befalls a share of the requests that they fit, by a seed; each of them once
    before any befalls again.
    """

    def __init__(self, faults: Sequence[Fault], share: float, seed: int) -> None:
        self._faults = faults
        self._share = share
        self._random = random.Random(seed)
        self._new = list(faults)
        self._lock = threading.Lock()

    def __call__(self, asked: Asked) -> Fault:
        with self._lock:
            if self._random.random() >= self._share:
                return WELL
            new = [one for one in self._new if fits(one, asked)]
            chosen = self._random.choice(new or [one for one in self._faults if fits(one, asked)])
            if new:
                self._new.remove(chosen)
            return chosen


def fits(fault: Fault, asked: Asked) -> bool:
    """Whether the fault can befall this request."""
    if fault.up is not None:
        return asked.is_upload
    if fault.down is not None or fault.flip is not None or fault.instead is not None:
        return asked.is_download
    return True
