"""ZIP containers whose bytes depend on their content alone."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import NamedTuple

FIRST = "[Content_Types].xml"  # readers of Office files expect it at the start
_LEVEL = 6
_SMALL = 4096
_DATE = (1 << 5) | 1  # 1 January 1980, the earliest that ZIP can tell
_UNIX, _VERSION, _DEFLATED, _UTF8 = 3, 20, 8, 0x800
_MODE = 0o644 << 16
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s4B4H3L5HL")  # and the offset
_OFFSET = struct.Struct("<L")
_END = struct.Struct("<4s4H2LH")


class _Part(NamedTuple):
    """A deflated part with what stands before it, and its directory entry around the offset."""

    content: bytes
    entry: bytes
    name: bytes


class Container:
    """Parts in a fixed order with fixed dates, each deflated once; equal parts, equal bytes."""

    def __init__(self, parts: Mapping[str, bytes]) -> None:
        self._names = sorted(parts, key=lambda name: (name != FIRST, name))
        self._parts = {name: _deflated(name, parts[name]) for name in self._names}
        self._small: dict[str, tuple[bytes, _Part]] = {}

    def written(self, changed: Mapping[str, bytes] | None = None) -> bytes:
        """The file. Only the `changed` parts, which must be known by name, are deflated anew."""
        parts = self._parts
        if changed:
            parts = parts | {name: self._changed(name, part) for name, part in changed.items()}
        pieces: list[bytes] = []
        directory: list[bytes] = []
        offset = 0
        for name in self._names:
            part = parts[name]
            pieces.append(part.content)
            directory += (part.entry, _OFFSET.pack(offset), part.name)
            offset += len(part.content)
        end = b"".join(directory)
        count = len(self._names)
        last = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(end), offset, 0)
        return b"".join((*pieces, end, last))

    def _changed(self, name: str, content: bytes) -> _Part:
        """A small part (a header, say) is mostly as it was the last time."""
        if len(content) > _SMALL:
            return _deflated(name, content)
        last, part = self._small.get(name, (None, None))
        if part is None or content != last:
            part = _deflated(name, content)
            self._small[name] = (content, part)
        return part


def stable_zip(container: bytes) -> bytes:
    """The same parts in a fixed order with fixed dates; equal parts give equal bytes."""
    return Container(unzipped(container)).written()


def unzipped(container: bytes) -> dict[str, bytes]:
    """The parts by name. Raises `zipfile.BadZipFile`."""
    with zipfile.ZipFile(io.BytesIO(container)) as source:
        return {name: source.read(name) for name in source.namelist()}


def _deflated(name: str, content: bytes) -> _Part:
    packed = zlib.compress(content, _LEVEL, -zlib.MAX_WBITS)
    flags = 0 if name.isascii() else _UTF8
    about = (flags, _DEFLATED, 0, _DATE, zlib.crc32(content), len(packed), len(content))
    signs = name.encode()
    local = _LOCAL.pack(b"PK\x03\x04", _VERSION, *about, len(signs), 0)
    versions = (_VERSION, _UNIX, _VERSION, 0)
    entry = _CENTRAL.pack(b"PK\x01\x02", *versions, *about, len(signs), 0, 0, 0, 0, _MODE)
    return _Part(local + signs + packed, entry, signs)
