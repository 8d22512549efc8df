"""Scans as they are checked before they are taken: what they are, whose codes, viruses."""

from collections.abc import Sequence
from threading import Lock
from typing import Final

from adapters.scans.child import Child, Parsed
from adapters.scans.clamd import Clamd
from adapters.turns import Turns
from domain.errors import BadUpload
from domain.scans import CheckedScan, ScanCheck, Virus, matched

AT_ONCE: Final = 2
WAITING: Final = 6
"""Checks that may wait for their turn; who comes then is told to come again."""
MAX_FILES: Final = 50
MAX_ALL: Final = 60 * 2**20  # bytes of all files of one request


class ScanChecks:
    """Safe to use in many threads at once. Files are parsed in children, at most `AT_ONCE`."""

    def __init__(self, antivirus: Clamd | None = None) -> None:
        self._antivirus = antivirus
        self._lock = Lock()
        self._turns = Turns(AT_ONCE, WAITING)
        self._idle: list[Child] = []

    def check(
        self, files: Sequence[bytes], code: str | None = None, copy: bytes | None = None
    ) -> CheckedScan:
        """As the port `Scans` says."""
        if not files or len(files) > MAX_FILES or sum(map(len, files)) > MAX_ALL:
            raise BadUpload(
                f"за один раз принимается от 1 до {MAX_FILES} файлов, "
                f"вместе не больше {MAX_ALL // 2**20} МиБ"
            )
        with self._turns.one():
            parsed, content = self._parsed(files, copy, coded=code is not None)
            virus = self._verdict(files)
        if code is None:
            check = ScanCheck(pages=parsed.pages, virus=virus)
        else:
            check = matched(code, parsed.codes, parsed.expected, virus)
        return CheckedScan(content=content or files[0], check=check)

    def close(self) -> None:
        """End the children; they come again when they are needed."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def _parsed(
        self, files: Sequence[bytes], copy: bytes | None, *, coded: bool
    ) -> tuple[Parsed, bytes]:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child is None or not child.is_alive:
            child = Child()
        try:
            return child.ask(files, copy, coded=coded)
        finally:
            if child.is_alive:
                with self._lock:
                    self._idle.append(child)

    def _verdict(self, files: Sequence[bytes]) -> Virus:
        if self._antivirus is None:
            return Virus.UNCHECKED
        # After one that was not answered nobody is kept waiting for the others.
        clean = all(self._antivirus.verdict(content) is Virus.CLEAN for content in files)
        return Virus.CLEAN if clean else Virus.UNCHECKED
