"""ClamAV's daemon, asked over its own protocol: INSTREAM (clamd(8), «COMMANDS»)."""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from domain.errors import InfectedFile
from domain.scans import Virus

_CHUNK: Final = 64 * 1024
_LONGEST_ANSWER: Final = 4096
_UNIX: Final = "unix:"
_NAME: Final = re.compile(rb"stream: ([!-~]{1,128}) FOUND")


class Clamd:
    """A daemon at `host:port` or `unix:/path`. Safe to use in many threads at once."""

    def __init__(self, address: str, seconds: float) -> None:
        self._address = address
        self._seconds = seconds

    def verdict(self, content: bytes) -> Virus:
        """Clean, or unchecked if it did not answer, or not by yes or no.

        Raises `InfectedFile` with the name that the virus has there.
        """
        try:
            with self._connected() as connection:
                answer = _asked(connection, content)
        except (OSError, ValueError):
            return Virus.UNCHECKED
        found = _NAME.fullmatch(answer)
        if found:
            raise InfectedFile(
                f"антивирус нашёл {found[1].decode('ascii')}; "
                "проверьте компьютер и отсканируйте бумагу заново"
            )
        return Virus.CLEAN if answer == b"stream: OK" else Virus.UNCHECKED

    def version(self) -> str | None:
        """What it calls itself; None if it does not answer."""
        try:
            with self._connected() as connection:
                connection.sendall(b"zVERSION\0")
                return _answer(connection).decode("ascii", "replace").split("/")[0]
        except (OSError, ValueError):
            return None

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self._address.startswith(_UNIX):
            connection = socket.socket(socket.AF_UNIX)
            where: str | tuple[str, int] = self._address.removeprefix(_UNIX)
        else:
            host, _, port = self._address.rpartition(":")
            connection = socket.create_connection((host, int(port)), self._seconds)
            where = ""
        with connection:
            connection.settimeout(self._seconds)
            if where:
                connection.connect(where)
            yield connection


def _asked(connection: socket.socket, content: bytes) -> bytes:
    """It may answer and leave before all is sent: then the answer is all that counts."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            connection.sendall(struct.pack(">L", len(chunk)) + chunk)
        connection.sendall(struct.pack(">L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return _answer(connection)
    return _answer(connection)


def _answer(connection: socket.socket) -> bytes:
    """What stands before the NUL. Raises `ValueError` if none comes."""
    said = b""
    while b"\0" not in said:
        more = connection.recv(_LONGEST_ANSWER)
        said += more
        if not more or len(said) > _LONGEST_ANSWER:
            raise ValueError("no whole answer")
    return said.partition(b"\0")[0]
