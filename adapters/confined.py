"""A child process for what came from outside: no environment, no network, no files to write.

It answers one request at a time, a line of JSON and bytes each way, and ends with us: it reads our
requests until its input ends. Whatever breaks it, the next request is asked of a new one.
"""

import ctypes
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, Final

from pydantic import TypeAdapter

_FRAME: Final = struct.Struct(">Q")
"""Before each answer, its length: so no answer of a spoilt child runs into the next."""
_FIELDS: Final = TypeAdapter(dict[str, Any])
_ROOT: Final = Path(__file__).parents[1]
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # <linux/sched.h>


class ChildGoneError(Exception):
    """No whole answer came: the child broke a limit, was too slow or died. It is ended."""

    def __init__(self, code: int, *, timed_out: bool) -> None:
        super().__init__(code)
        self.used_up_its_time = code == -signal.SIGXCPU  # of the processor
        self.timed_out = timed_out


class Confined:
    """One child, which runs `serve` of a module; one request at a time, by one thread at a time."""

    def __init__(self, module: str, *words: object, wall: float, largest: int) -> None:
        """`wall` seconds and `largest` bytes are the most that an answer may take."""
        self._wall, self._largest = wall, largest
        program = (
            f"import sys; sys.path.insert(0, sys.argv[1]); from {module} import serve; serve()"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", program, str(_ROOT), *map(str, words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it could quote what people wrote
            env={},
            cwd="/",
            start_new_session=True,  # so that its forks end with it
        )
        self.end = weakref.finalize(self, _end, self._process)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def exchange(
        self, fields: Mapping[str, Any], contents: Sequence[bytes]
    ) -> tuple[dict[str, Any], bytes]:
        """The answer's fields and bytes. Raises `ChildGoneError`."""
        sizes = [len(content) for content in contents]
        head = json.dumps({**fields, "sizes": sizes}, ensure_ascii=False).encode()
        timer = Timer(self._wall, _kill, [self._process])
        timer.daemon = True
        timer.start()
        try:
            return self._exchanged([head, b"\n", *contents])
        except (OSError, ValueError) as error:
            timed_out = not timer.is_alive()
            _kill(self._process)
            raise ChildGoneError(self._process.wait(), timed_out=timed_out) from error
        finally:
            timer.cancel()

    def _exchanged(self, request: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
        """Raises `OSError` or `ValueError` if no whole answer comes."""
        to, of = self._process.stdin, self._process.stdout
        if to is None or of is None:
            raise ValueError("no pipes")
        for part in request:
            to.write(part)
        to.flush()
        frame = of.read(_FRAME.size)
        if len(frame) != _FRAME.size:
            raise ValueError("the child is gone")
        (size,) = _FRAME.unpack(frame)
        if size > self._largest:
            raise ValueError("the answer is too large")
        said = of.read(size)
        if len(said) != size:
            raise ValueError("the answer is cut off")
        head, _, content = said.partition(b"\n")
        return _FIELDS.validate_json(head), content


# Inside the child


def said(fields: Mapping[str, Any], content: bytes = b"") -> bytes:
    """An answer as it goes out: a line of JSON, and bytes."""
    return b"".join((json.dumps(fields, ensure_ascii=False).encode(), b"\n", content))


def requests() -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """What is asked, until the input ends."""
    given = sys.stdin.buffer
    while head := given.readline():
        fields = json.loads(head)
        yield fields, [given.read(size) for size in fields.pop("sizes")]


def answer(whole: bytes) -> None:
    """Answer the request with what `said` made."""
    sys.stdout.buffer.write(_FRAME.pack(len(whole)) + whole)
    sys.stdout.buffer.flush()


def confine() -> None:
    """No network and no files for the rest of this process's life, as far as the system can."""
    limit(resource.RLIMIT_FSIZE, 0)
    limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        # A network of its own, with nothing in it. Not everywhere allowed to everybody.
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NET)


def limit(what: int, most: int) -> None:
    """Set a limit for good; a system that does not know it goes without."""
    with suppress(ValueError, OSError):  # macOS knows RLIMIT_AS, but does not heed it
        resource.setrlimit(what, (most, most))


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says so of an ended one
        os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill(process)
    with suppress(OSError):  # what it had not read yet
        process.communicate()
