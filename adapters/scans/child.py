"""Files from outside are parsed in a child process, with bounded memory and processor time.

It has no environment and no network, and ends with us: it reads our requests until its input ends.
Whatever goes wrong in it is a refusal of the file, and the next file is asked of a new one.
"""

import json
import os
import signal
import struct
import subprocess
import sys
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, Final

from pydantic import TypeAdapter

from domain.base import Value
from domain.errors import BadUpload

MEMORY_BYTES: Final = 512 * 2**20  # enough for a JPEG of 60 million points, a PNG of 25
CPU_SECONDS: Final = 30
WALL_SECONDS: Final = 40.0  # a claim of an idempotency key is taken over after a minute
LARGEST_ANSWER: Final = 160 * 2**20
FRAME: Final = struct.Struct(">Q")
"""Before each answer, its length: so no answer of a spoilt fork runs into the next."""
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from adapters.scans.child_process import serve; serve()"
)
_FAILED: Final = (
    "файл не удалось проверить: он разбирается слишком долго или ломает разбор; "
    "отсканируйте бумагу заново и пришлите новый файл"
)


class Parsed(Value):
    """What was found in files. Without a wish for codes there are none."""

    pages: int
    codes: Sequence[Sequence[str]]
    expected: int | None  # pages of the copy


def framed(fields: Mapping[str, Any], content: bytes) -> bytes:
    """An answer: a line of JSON, and bytes."""
    return b"".join((json.dumps(fields).encode(), b"\n", content))


class Child:
    """One child process; one request at a time, by one thread at a time."""

    def __init__(self, *, wall: float = WALL_SECONDS) -> None:
        self._wall = wall
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries quote what they read
            env={},
            cwd="/",
            start_new_session=True,  # so that its forks end with it
        )
        self.end = weakref.finalize(self, _end, self._process)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(
        self, files: Sequence[bytes], copy: bytes | None, *, coded: bool
    ) -> tuple[Parsed, bytes]:
        """What was found, and the files as one PDF; no bytes if they are one already.

        Raises `BadUpload`; if the child broke a limit or died, it is gone.
        """
        contents = [*files, *([copy] if copy is not None else [])]
        sizes = [len(content) for content in contents]
        head = json.dumps({"files": len(files), "coded": coded, "sizes": sizes}).encode()
        timer = Timer(self._wall, _kill, [self._process])
        timer.daemon = True
        timer.start()
        try:
            answer, content = self._exchange([head, b"\n", *contents])
            if "refused" not in answer:
                return Parsed.model_validate(answer), content
        except (OSError, ValueError) as error:
            self.end()
            raise BadUpload(_FAILED) from error
        finally:
            timer.cancel()
        raise BadUpload(str(answer["refused"]))

    def _exchange(self, request: Sequence[bytes]) -> tuple[Mapping[str, Any], bytes]:
        """Raises `OSError` or `ValueError` if no whole answer comes."""
        to, of = self._process.stdin, self._process.stdout
        if to is None or of is None:
            raise ValueError("no pipes")
        for part in request:
            to.write(part)
        to.flush()
        frame = of.read(FRAME.size)
        if len(frame) != FRAME.size:
            raise ValueError("the child is gone")
        (size,) = FRAME.unpack(frame)
        if size > LARGEST_ANSWER:
            raise ValueError("the answer is too large")
        said = of.read(size)
        if len(said) != size:
            raise ValueError("the answer is cut off")
        head, _, content = said.partition(b"\n")
        return TypeAdapter(dict[str, Any]).validate_json(head), content


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says so of an ended one
        os.killpg(process.pid, signal.SIGKILL)


def _end(process: subprocess.Popen[bytes]) -> None:
    _kill(process)
    with suppress(OSError):  # what it had not read yet
        process.communicate()
