"""Scans and photos of signed papers, made as scanners and phones make them; and hostile ones."""

import io
import struct
import zlib

import pikepdf
import pypdfium2
from PIL import Image, ImageDraw

from adapters.docx.qr import qr_png
from domain.ids import document_code

DOCUMENT, OTHER = "41b0c2d7e8f90123", "0f1e2d3c4b5a6978"
CODE = document_code(DOCUMENT, 2)
FOREIGN = document_code(OTHER, 2)
OLDER = document_code(DOCUMENT, 1)

A4 = (1654, 2339)  # 200 dpi
_CODE_PX = 118 + 18  # 15 mm and the white around


def a_page(code: str | None = CODE, size: tuple[int, int] = A4) -> Image.Image:
    """A paper with lines of ink and the code at the right end of its top margin."""
    page = Image.new("RGB", A4, "white")
    ink = ImageDraw.Draw(page)
    for line in range(300, 2100, 45):
        ink.rectangle((236, line, 1500 - line % 200, line + 14), fill=(40, 40, 60))
    if code:
        mark = Image.open(io.BytesIO(qr_png(code))).convert("RGB").resize((_CODE_PX, _CODE_PX))
        page.paste(mark, (A4[0] - 120 - _CODE_PX, 40))
    return page if size == A4 else page.resize(size)


def a_jpeg(image: Image.Image | None = None, *, quality: int = 80, **given: object) -> bytes:
    out = io.BytesIO()
    (image or a_page()).save(out, "JPEG", quality=quality, **given)
    return out.getvalue()


def a_png(image: Image.Image | None = None, **given: object) -> bytes:
    out = io.BytesIO()
    (image or a_page()).save(out, "PNG", **given)
    return out.getvalue()


def a_scan(*codes: str | None) -> bytes:
    """A PDF of scanned pages with these codes."""
    pages = [a_page(code) for code in codes or (CODE,)]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def with_objects(
    *, root: dict[str, object] | None = None, page: dict[str, object] | None = None, pages: int = 1
) -> bytes:
    """A PDF of empty pages, with more in its catalogue and on its first page."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    for name, value in (root or {}).items():
        pdf.Root[name] = value
    for name, value in (page or {}).items():
        pdf.pages[0].obj[name] = value
    return saved(pdf)


def saved(pdf: pikepdf.Pdf, lock: pikepdf.Encryption | None = None) -> bytes:
    out = io.BytesIO()
    pdf.save(out, encryption=lock, compress_streams=False)
    return out.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">L", len(content)) + name + content + struct.pack(">L", check)


def png_of(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG that says it is this large, whatever is in it."""
    header = struct.pack(">2L5B", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*one) for one in chunks)


def png_with(chunk: bytes, content: bytes) -> bytes:
    """A small PNG with a chunk of its own behind the header."""
    whole = a_png(Image.new("RGB", (8, 8)))
    return whole[:33] + png_chunk(chunk, content) + whole[33:]


def zipped(content: bytes = b"echo") -> bytes:
    """A ZIP of one stored file."""
    check, size = zlib.crc32(content), len(content)
    head = struct.pack("<5H3L2H", 20, 0, 0, 0, 0, check, size, size, 1, 0)
    local = b"PK\3\4" + head + b"a" + content
    central = b"PK\1\2\x14\0" + head + struct.pack("<3H2L", 0, 0, 0, 0, 0) + b"a"
    return local + central + b"PK\5\6" + struct.pack("<4H2LH", 0, 0, 1, 1, 46, len(local), 0)


def an_action(kind: str, **more: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary({"/S": pikepdf.Name(kind), **_slashed(more)})


def an_annotation(kind: str, **more: object) -> pikepdf.Dictionary:
    names = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name(kind), "/Rect": [0, 0, 9, 9]}
    return pikepdf.Dictionary({**names, **_slashed(more)})


def _slashed(entries: dict[str, object]) -> dict[str, object]:
    return {f"/{name}": value for name, value in entries.items()}


def page_sides(pdf: bytes) -> list[tuple[float, ...]]:
    """Width and height of each page, in points."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [tuple(float(side) for side in page.mediabox)[2:] for page in document.pages]


def all_drawn(pdf: bytes) -> list[Image.Image]:
    """The pages as a scanner of 200 dpi sees them."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.render(scale=200 / 72).to_pil().convert("RGB") for page in document]
    document.close()
    return pages


def drawn(pdf: bytes, number: int = 0) -> Image.Image:
    """One of the pages, small."""
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[number].render(scale=0.25).to_pil().convert("RGB")
    document.close()
    return picture
