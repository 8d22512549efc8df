"""The QR code on each page: which document and version it is."""

import io
import os
import shutil
import struct
import subprocess
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import segno
import zxingcpp
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from adapters.docx.qr import placeholder, qr_png
from adapters.pdf.libreoffice import LibreOffice
from domain.errors import FactMissing
from domain.ids import document_code
from tests.adapters.test_docx_renderer import KINDS, example
from tests.law import RENDERER

CODE = document_code("8f2c1d7e-41b0-4c55-9d3a-0123456789ab", 12)
CEREMONIAL = frozenset({"diploma", "thanks_letter", "training_certificate"})
PX = 8  # of a module
QUIET = 4


def coded(kind: str, code: str = CODE, **facts: object) -> bytes:
    return RENDERER.render(kind, example(kind) | {"document": {"code": code}} | facts)


def pictures(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as container:
        assert container.testzip() is None
        return {name: container.read(name) for name in container.namelist() if "/media/" in name}


def pixels(png: bytes) -> tuple[int, list[bytes]]:
    """Rows of a PNG of one bit per pixel, filters none and up undone."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = dict(_chunks(png))
    width, height, depth = struct.unpack(">2LB", chunks[b"IHDR"][:9])
    assert depth == 1
    raw, stride = zlib.decompress(chunks[b"IDAT"]), (width + 7) // 8
    rows: list[bytes] = []
    for start in range(0, height * (stride + 1), stride + 1):
        kind, row = raw[start], raw[start + 1 : start + 1 + stride]
        above = rows[-1] if rows and kind == 2 else bytes(stride)
        rows.append(bytes((a + b) & 0xFF for a, b in zip(row, above, strict=True)))
    return width, rows


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">L", png[at : at + 4])
        name, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert zlib.crc32(name + content) == struct.unpack(">L", png[at + 8 + length :][:4])[0]
        yield name, content
        at += length + 12


def modules(png: bytes) -> list[list[int]]:
    """The code without the white around it: 1 is dark."""
    width, rows = pixels(png)
    inside = slice(QUIET, width // PX - QUIET)
    return [[int(byte == 0) for byte in row[inside]] for row in rows[::PX][inside]]


def read_back(gray: bytes, width: int, height: int) -> set[str]:
    view = zxingcpp.ImageView(gray, width, height, zxingcpp.ImageFormat.Lum)
    return {found.text for found in zxingcpp.read_barcodes(view)}


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=64))
def test_a_code_put_together_from_its_signs_is_what_segno_makes(code: str) -> None:
    whole = segno.make_qr(code, error="m", mode="byte", mask=4, boost_error=False)
    assert modules(qr_png(code)) == [list(row) for row in whole.matrix]


def test_a_scanner_reads_the_code() -> None:
    for code in (CODE, f"{uuid.UUID(int=7)}/1", "a", "~" * 64):
        width, rows = pixels(qr_png(code))
        gray = b"".join(
            bytes(255 if byte >> bit & 1 else 0 for byte in row for bit in range(7, -1, -1))
            for row in rows
        )
        assert read_back(gray, width, len(rows)) == {code}


def test_the_same_code_gives_the_same_picture_and_another_one_another() -> None:
    assert qr_png(CODE) == qr_png(CODE)
    assert qr_png(CODE) != qr_png(document_code("8f2c1d7e-41b0-4c55-9d3a-0123456789ab", 13))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - CEREMONIAL))
def test_every_page_of_each_kind_has_the_code(kind: str) -> None:
    document = coded(kind)
    assert list(pictures(document).values()) == [qr_png(CODE)]
    [section, *_] = Document(io.BytesIO(document)).sections
    for header in (section.first_page_header, section.header):
        assert len(list(header._element.iter(qn("wp:anchor")))) == 1


@pytest.mark.parametrize("kind", sorted(CEREMONIAL))
def test_a_ceremonial_paper_has_none(kind: str) -> None:
    assert pictures(coded(kind)) == {}


def test_without_a_code_nothing_is_seen_in_its_place() -> None:
    document = RENDERER.render("order_pairs", example("order_pairs"))
    assert list(pictures(document).values()) == [placeholder()]
    assert b"tRNS" in placeholder()  # its one pixel is transparent


def test_only_the_picture_tells_two_versions_apart() -> None:
    def parts(document: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(document)) as container:
            return {name: container.read(name) for name in container.namelist()}

    one, other = parts(coded("report")), parts(RENDERER.render("report", example("report")))
    assert {name for name in one if one[name] != other[name]} == set(pictures(coded("report")))
    assert coded("report") == coded("report")


@pytest.mark.parametrize("code", ["", "a b", "номер", "x" * 65, "a\n", 7, None])
def test_a_code_that_cannot_be_told_is_refused(code: Any) -> None:  # noqa: ANN401
    with pytest.raises(FactMissing, match=r"«document\.code»"):
        coded("report", code)


@pytest.fixture(scope="module")
def office() -> LibreOffice:
    for program in ("soffice", "pdftoppm"):
        if shutil.which(program) is None:
            if os.environ.get("CI") == "true":
                pytest.fail(f"{program} is not installed")
            pytest.skip(f"{program} is not installed")
    return LibreOffice(None, 60, 1024)


@pytest.mark.parametrize("kind", ["order_pairs", "register_mentors"])
def test_the_code_is_read_from_each_printed_page(
    kind: str, office: LibreOffice, tmp_path: Path
) -> None:
    marks = ["ПРОЕКТ", "РЕПЕТИЦИЯ"]
    (tmp_path / "copy.pdf").write_bytes(office.converted(coded(kind, marks=marks)))
    command = ["pdftoppm", "-gray", "-r", "200", "copy.pdf", "page"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    pages = sorted(tmp_path.glob("page*.pgm"))
    assert pages
    for page in pages:
        _, size, _, gray = page.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        assert read_back(gray, width, height) == {CODE}
        # It stands in the top margin, at its right end, and nothing else does behind it.
        right, top = width * 175 // 210, height * 20 // 297
        assert read_back(_cut(gray, width, right, top), width - right, top) == {CODE}


def _cut(gray: bytes, width: int, left: int, height: int) -> bytes:
    """The upper right corner of a page."""
    return b"".join(gray[row * width + left : (row + 1) * width] for row in range(height))
