"""A ZIP as a stream: from front to back, and no more of it in memory than the chunk at hand.

`zipfile` keeps a record of every member until the end, so its memory grows with their number; here
the directory that ends a ZIP gathers in a temporary file. Format: PKWARE APPNOTE 6.3.10, sections
4.3 to 4.5; sizes stand after each member (data descriptors), for nothing is gone back to.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

_LARGEST = 0xFFFFFFFF  # of a field of 32 bits; one more member or byte needs ZIP64
_MOST = 0xFFFF
_FLAGS = 0x0808  # sizes follow the content; names are UTF-8
_DEFLATED, _VERSION, _VERSION_64 = 8, 20, 45
_ON_UNIX = 3 << 8
_TIME, _DAY = 0, 0x21  # 1980-01-01: the same contents give the same bytes
_READABLE = 0o100644 << 16
_COPIED = 1024 * 1024


class ZipStream:
    """A ZIP that is written member by member; `directory` is an empty file, open to read and write.

    Take all bytes of a member before the next, and those of `end` last.
    """

    def __init__(self, directory: IO[bytes]) -> None:
        self._directory = directory
        self._at = 0
        self.members = 0

    def member(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of a member. Raises `ValueError` if it has 4 GiB or more."""
        began, crc, size, packed = self._at, 0, 0, 0
        deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        yield self._told(_local_header(name.encode()))
        for chunk in chunks:
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            if out := deflate.compress(chunk):
                packed += len(out)
                yield self._told(out)
        out = deflate.flush()
        packed += len(out)
        if max(size, packed) >= _LARGEST:
            raise ValueError(f"{name} is too large for a member of a ZIP: {size} bytes")
        yield self._told(out + struct.pack("<4sLLL", b"PK\x07\x08", crc, packed, size))
        self._directory.write(_entry(name.encode(), began, crc, packed, size))
        self.members += 1

    def end(self) -> Iterator[bytes]:
        """The directory; without it no program takes the bytes before for a ZIP."""
        began, size = self._at, self._directory.tell()
        self._directory.seek(0)
        while chunk := self._directory.read(_COPIED):
            yield self._told(chunk)
        yield _end(self.members, size, began)

    def _told(self, chunk: bytes) -> bytes:
        self._at += len(chunk)
        return chunk


def _local_header(name: bytes) -> bytes:
    fields = (_VERSION, _FLAGS, _DEFLATED, _TIME, _DAY, 0, 0, 0, len(name), 0)
    return struct.pack("<4sHHHHHLLLHH", b"PK\x03\x04", *fields) + name


def _entry(name: bytes, began: int, crc: int, packed: int, size: int) -> bytes:
    """The member's line in the directory."""
    far = began >= _LARGEST
    extra = struct.pack("<HHQ", 1, 8, began) if far else b""
    version = _VERSION_64 if far else _VERSION
    fields = (
        *(_ON_UNIX | version, version, _FLAGS, _DEFLATED, _TIME, _DAY, crc, packed, size),
        *(len(name), len(extra), 0, 0, 0, _READABLE, _LARGEST if far else began),
    )
    return struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\x01\x02", *fields) + name + extra


def _end(members: int, size: int, began: int) -> bytes:
    """What ends the directory, in the long form too where the short one has no room."""
    long = b""
    if members >= _MOST or max(size, began) >= _LARGEST:
        fields = (44, _ON_UNIX | _VERSION_64, _VERSION_64, 0, 0, members, members, size, began)
        long = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", *fields)
        long += struct.pack("<4sLQL", b"PK\x06\x07", 0, began + size, 1)
    count = min(members, _MOST)
    sizes = (min(size, _LARGEST), min(began, _LARGEST))
    return long + struct.pack("<4sHHHHLLH", b"PK\x05\x06", 0, 0, count, count, *sizes, 0)
