"""PDF copies of stored documents: made when somebody asks, once for all who ask at that time."""

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from adapters.pdf.libreoffice import LibreOffice
from domain.errors import CopyUnavailable

_AT_ONCE: Final = 2
_WAITING: Final = 8
"""Conversions that may wait for their turn; who comes then is told to come again."""
_KEPT_SECONDS: Final = 3600.0


class PdfCopies:
    """Copies by the hash of their DOCX. Safe to use in many threads at once.

    Made ones are kept in memory only, at most an hour, `cache_mib` in all, the least used leave
    first. So no copy of a minor's document lies on a disk, and none long outlives its key.
    """

    def __init__(self, office: LibreOffice, cache_mib: int) -> None:
        self._office = office
        self._limit = cache_mib * 1024 * 1024
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._size = 0
        self._making: dict[str, Future[bytes]] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="pdf")

    def copy(self, sha256: str, document: bytes) -> bytes:
        """The PDF of the document with this hash. Waits until it is made.

        Raises `CopyUnavailable` if it cannot be made now, or too many others wait.
        """
        kept = self._kept_or_making(sha256, document)
        return kept if isinstance(kept, bytes) else kept.result()

    def begun(self, sha256: str, document: bytes) -> bool:
        """Whether the copy is there. If not, it is begun, unless too many others wait."""
        try:
            return isinstance(self._kept_or_making(sha256, document), bytes)
        except CopyUnavailable:
            return False

    def _kept_or_making(self, sha256: str, document: bytes) -> bytes | Future[bytes]:
        with self._lock:
            self._drop_old()
            if sha256 in self._kept:
                self._kept.move_to_end(sha256)
                return self._kept[sha256][1]
            making = self._making.get(sha256)
            if making is None:
                if len(self._making) >= _AT_ONCE + _WAITING:
                    raise CopyUnavailable("слишком много копий делается одновременно")
                making = self._making[sha256] = self._pool.submit(self._make, sha256, document)
            return making

    def made(self, sha256: str) -> bytes | None:
        """The copy, if it is at hand; none is made."""
        with self._lock:
            self._drop_old()
            return self._kept[sha256][1] if sha256 in self._kept else None

    def _make(self, sha256: str, document: bytes) -> bytes:
        made = None
        try:
            made = self._office.converted(document)
            return made
        finally:
            with self._lock:
                del self._making[sha256]
                if made is not None:
                    self._keep(sha256, made)

    def _keep(self, sha256: str, made: bytes) -> None:
        self._kept[sha256] = (time.monotonic() + _KEPT_SECONDS, made)
        self._size += len(made)
        while self._size > self._limit:
            self._drop(next(iter(self._kept)))

    def _drop_old(self) -> None:
        now = time.monotonic()
        for sha256 in [name for name, (until, _) in self._kept.items() if until < now]:
            self._drop(sha256)

    def _drop(self, sha256: str) -> None:
        self._size -= len(self._kept.pop(sha256)[1])
