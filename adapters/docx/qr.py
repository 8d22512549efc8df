"""The code on a page: which document and version it is, as a QR picture."""

import struct
import zlib
from functools import lru_cache, reduce
from operator import xor

import segno

_MODULE_PX = 8  # so that one byte of a row is one module
_QUIET = 4  # modules of white around, as the code's standard asks (ISO/IEC 18004)
_MASK = 4
_LEVEL = 3  # the picture is a sixth larger than at 6, and made in half the time
_SEEN = 8192  # signs at places: all that ids of one length can have
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WHITE_AND_BLACK = bytes.maketrans(b"01", b"\xff\x00")


def qr_png(code: str) -> bytes:
    """A PNG that scanners read as `code`, which is ASCII; equal codes give equal bytes.

    With a fixed mask the modules are an affine function of the text's bits. So a code is put
    together from what single signs change, each of them encoded once: segno takes half a
    millisecond for a whole code, which is as long as all the rest of a document takes.
    """
    side, zeros = _zeros(len(code))
    changes = (_change(len(code), place, sign) for place, sign in enumerate(code))
    return _png(side, reduce(xor, changes, zeros))


def placeholder() -> bytes:
    """The invisible picture of one pixel that stands in a template where the code will."""
    return _file(1, 1, zlib.compress(b"\0\xff"), transparent=True)


@lru_cache(_SEEN)
def _change(length: int, place: int, sign: str) -> int:
    text = "0" * place + sign + "0" * (length - place - 1)
    return _zeros(length)[1] ^ _modules(text)[1]


@lru_cache(64)
def _zeros(length: int) -> tuple[int, int]:
    return _modules("0" * length)


def _modules(text: str) -> tuple[int, int]:
    """How many modules a side has, and all of them as the bits of a number, dark ones set."""
    code = segno.make_qr(text, error="m", mode="byte", mask=_MASK, boost_error=False)
    rows = [bytes(row) for row in code.matrix]
    return len(rows), int(b"".join(rows).translate(bytes.maketrans(b"\0\1", b"01")), 2)


def _png(side: int, modules: int) -> bytes:
    dark = format(modules, f"0{side * side}b").encode().translate(_WHITE_AND_BLACK)
    quiet = b"\xff" * _QUIET
    across = side + 2 * _QUIET
    same = (b"\2" + bytes(across)) * (_MODULE_PX - 1)  # filter 2: as the row above
    blank = (b"\0" + b"\xff" * across + same) * _QUIET
    rows = (
        b"".join((b"\0", quiet, dark[start : start + side], quiet, same))
        for start in range(0, side * side, side)
    )
    pixels = across * _MODULE_PX
    return _file(pixels, pixels, zlib.compress(b"".join((blank, *rows, blank)), _LEVEL))


def _file(width: int, height: int, pixels: bytes, *, transparent: bool = False) -> bytes:
    """A PNG of one bit per pixel; `transparent`: its white is not to be seen."""
    header = struct.pack(">2L5B", width, height, 1, 0, 0, 0, 0)
    clear = _chunk(b"tRNS", b"\0\1") if transparent else b""
    return b"".join(
        (_SIGNATURE, _chunk(b"IHDR", header), clear, _chunk(b"IDAT", pixels), _chunk(b"IEND", b""))
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return b"".join(
        (
            struct.pack(">L", len(content)),
            name,
            content,
            struct.pack(">L", zlib.crc32(name + content)),
        )
    )
