"""ClamAV is asked by its own protocol; whatever it does not say is never taken for «clean»."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.scans.checks import ScanChecks
from adapters.scans.clamd import Clamd
from domain.errors import InfectedFile
from domain.scans import Virus
from tests.adapters.scan_files import CODE, a_jpeg, a_scan

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 4 * 2**20  # StreamMaxLength


class Daemon:
    """A clamd as far as we ask it: it reads a command that ends with NUL, and answers so."""

    def __init__(self, listener: socket.socket, spoil: Callable[[bytes], bytes] | None) -> None:
        self.seen: list[bytes] = []
        self._listener = listener
        self._spoil = spoil or (lambda answer: answer)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(60)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as given:
                answer = self._answer(given)
                connection.sendall(self._spoil(answer))

    def _answer(self, given) -> bytes:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a file
        command = b""
        while not command.endswith(b"\0"):
            command += given.read(1)
        if command == b"zVERSION\0":
            return b"ClamAV 1.4.6/27000/Mon Nov  2 09:00:00 2026\0"
        if command != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        content = b""
        while size := struct.unpack(">L", given.read(4))[0]:
            content += given.read(size)
            if len(content) > MOST:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.seen.append(content)
        found = b"stream: Eicar-Test-Signature FOUND\0"
        return found if EICAR in content else b"stream: OK\0"


@contextmanager
def running(
    place: Path | None = None, spoil: Callable[[bytes], bytes] | None = None
) -> Iterator[tuple[Daemon, str]]:
    listener = socket.socket(socket.AF_UNIX if place else socket.AF_INET)
    listener.bind(str(place) if place else ("127.0.0.1", 0))
    listener.listen()
    address = f"unix:{place}" if place else f"127.0.0.1:{listener.getsockname()[1]}"
    daemon = Daemon(listener, spoil)
    try:
        yield daemon, address
    finally:
        daemon.stop()


@pytest.mark.parametrize("by_path", [False, True])
@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 200_001])
def test_the_whole_file_is_told_and_the_verdict_heard(
    tmp_path: Path, by_path: bool, size: int
) -> None:
    content = bytes(size)
    with running(tmp_path / "clamd" if by_path else None) as (daemon, address):
        assert Clamd(address, 5).verdict(content) is Virus.CLEAN
    assert daemon.seen == [content]


def test_what_is_infected_is_refused_by_the_name_of_the_virus() -> None:
    with running() as (_, address), pytest.raises(InfectedFile, match="Eicar-Test-Signature"):
        Clamd(address, 5).verdict(bytes(100_000) + EICAR)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"", id="leaves"),
        pytest.param(lambda _: b"stream: OK", id="cut off"),
        pytest.param(lambda _: b"stream: Broken ERROR\0", id="error"),
        pytest.param(lambda _: b"\0", id="nothing"),
        pytest.param(lambda _: b"stream: not OK\0", id="not in these words"),
        pytest.param(lambda _: b"HTTP/1.1 400 Bad Request\r\n\r\n\0", id="another server"),
        pytest.param(lambda _: b"A" * 100_000, id="endless"),
        pytest.param(lambda _: b"stream: \xff\xfe FOUND\0", id="no name"),
    ],
)
def test_an_answer_that_is_no_answer_leaves_the_file_unchecked(
    spoil: Callable[[bytes], bytes],
) -> None:
    with running(spoil=spoil) as (_, address):
        assert Clamd(address, 5).verdict(b"content") is Virus.UNCHECKED


def test_a_file_over_the_daemons_limit_is_unchecked() -> None:
    with running() as (_, address):
        assert Clamd(address, 5).verdict(bytes(MOST * 3)) is Virus.UNCHECKED


def test_nobody_waits_for_a_daemon_that_is_silent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        daemon = Clamd(f"127.0.0.1:{silent.getsockname()[1]}", 0.1)
        assert daemon.verdict(b"content") is Virus.UNCHECKED
        assert daemon.version() is None


@pytest.mark.parametrize(
    "address", ["127.0.0.1:1", "unix:/nowhere/clamd", "no.such.host.invalid:1"]
)
def test_without_a_daemon_a_file_is_unchecked(address: str) -> None:
    assert Clamd(address, 1).verdict(b"content") is Virus.UNCHECKED
    assert Clamd(address, 1).version() is None


def test_it_says_its_version() -> None:
    with running() as (_, address):
        assert Clamd(address, 5).version() == "ClamAV 1.4.6"


@pytest.fixture
def scan() -> bytes:
    return a_scan()


def test_a_scan_is_clean_if_each_of_its_files_is(scan: bytes) -> None:
    files = [scan, a_jpeg()]
    with running() as (daemon, address):
        scans = ScanChecks(Clamd(address, 5))
        check = scans.check(files, CODE).check
    scans.close()

    assert check.virus is Virus.CLEAN
    assert check.warnings == ()
    assert daemon.seen == files, "as they were sent"


def test_one_infected_file_of_several_is_enough(scan: bytes) -> None:
    with running() as (_, address):
        scans = ScanChecks(Clamd(address, 5))
        with pytest.raises(InfectedFile):
            scans.check([scan, a_jpeg(comment=EICAR)], CODE)
    scans.close()


def test_without_an_answer_a_scan_is_taken_and_says_that_it_is_unchecked(scan: bytes) -> None:
    scans = ScanChecks(Clamd("127.0.0.1:1", 1))
    check = scans.check([scan], CODE).check
    scans.close()

    assert check.virus is Virus.UNCHECKED
    assert check.warnings == ("на вирусы не проверено",)
