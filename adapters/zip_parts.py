"""The parts of an uploaded office file, inflated under limits before any library opens it."""

import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from domain.errors import BadUpload

MIB = 2**20
MAX_FILE = 20 * MIB
MAX_PARTS = 2_000
MAX_PART = 50 * MIB
MAX_INFLATED = 200 * MIB
MAX_RATIO = 200
SMALL_PART = MIB // 10  # below it a high ratio harms nobody

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")
_DOCTYPES = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))


def zip_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each part, one at a time, so that only one is held.

    Real inflated bytes are counted; sizes in headers are not believed. Raises `BadUpload` on a
    file that is no ZIP or breaks a limit; a file is safe to open only after the last part.
    """
    if not 0 < len(content) <= MAX_FILE:
        raise BadUpload(f"файл пуст или больше {MAX_FILE // MIB} МБ")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError) as error:
        raise BadUpload("файл не читается как документ Office") from error
    _check_names(entries)
    total = 0
    for entry in entries:
        if entry.is_dir():
            continue
        part = _inflated(content, entry)
        total += len(part)
        if total > MAX_INFLATED:
            raise BadUpload(f"в развёрнутом виде файл больше {MAX_INFLATED // MIB} МБ")
        _check_part(part)
        yield entry.filename, part


def _check_names(entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise BadUpload(f"в файле больше {MAX_PARTS} частей")
    names = Counter(entry.filename.casefold() for entry in entries)
    if any(count > 1 for count in names.values()):
        raise BadUpload("две части файла с одним именем")
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in entry.orig_filename:
            raise BadUpload("имя части файла ведёт за его пределы")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BadUpload("в файле есть символическая ссылка")
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadUpload("файл зашифрован или сжат необычным способом; снимите пароль")
        if path.name.lower() == "vbaproject.bin":
            raise BadUpload("в файле есть макросы; сохраните его без них")


def _inflated(content: bytes, entry: ZipInfo) -> bytes:
    header = content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
    if len(header) < _LOCAL_HEADER.size:
        raise BadUpload("файл повреждён")
    mark, name_size, extra_size = _LOCAL_HEADER.unpack(header)
    start = entry.header_offset + _LOCAL_HEADER.size + name_size + extra_size
    packed = memoryview(content)[start : start + entry.compress_size]
    if mark != b"PK\x03\x04" or len(packed) != entry.compress_size:
        raise BadUpload("файл повреждён")
    if entry.file_size > min(MAX_PART, max(SMALL_PART, MAX_RATIO * len(packed))):
        raise BadUpload("часть файла разворачивается сверх предела")
    stored = entry.compress_type == ZIP_STORED
    part = bytes(packed) if stored else _decompressed(packed, entry.file_size)
    if len(part) != entry.file_size:
        raise BadUpload("размер части файла не тот, что объявлен")
    return part


def _decompressed(packed: memoryview, declared: int) -> bytes:
    """At most one byte more than was declared: so much tells a lie."""
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        part = stream.decompress(packed, declared + 1)
    except zlib.error as error:
        raise BadUpload("файл повреждён") from error
    if len(part) <= declared and not stream.eof:
        raise BadUpload("файл повреждён")
    return part


def _check_part(part: bytes) -> None:
    if len(part) > MAX_PART:
        raise BadUpload(f"часть файла больше {MAX_PART // MIB} МБ")
    if part.startswith(_ARCHIVES):
        raise BadUpload("в файле вложен архив")
    if any(mark in part for mark in _DOCTYPES):
        raise BadUpload("в файле есть объявление DOCTYPE")
