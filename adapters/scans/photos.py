"""Photos of a paper as pages of a PDF: upright as they were taken, without what they tell besides.

The pixels of a JPEG are taken over as they are, not compressed anew; where and with what the photo
was taken, thumbnails and everything behind the picture stay out. The same photos give the same
bytes.
"""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

import pikepdf
from PIL import Image, UnidentifiedImageError

from adapters.scans.guard import Kind, check_pixels, refuse_web_page
from domain.errors import BadUpload

PAGE_POINTS: Final = 842  # the long side of a page: A4, 297 mm
_ORIENTATION: Final = 0x0112  # EXIF 2.3, table 4
_CUT: Final = "снимок обрезан или повреждён; пришлите его ещё раз или снимите заново"

# A photo is drawn into the square (0,0)–(1,1); this turns the square to stand upright: for each
# value of the orientation the six numbers of `cm` (ISO 32000-1, 8.3.3) for a page of 1 by 1.
_UPRIGHT: Final = {
    1: (1, 0, 0, 1, 0, 0),
    2: (-1, 0, 0, 1, 1, 0),
    3: (-1, 0, 0, -1, 1, 1),
    4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1),
    6: (0, -1, 1, 0, 0, 1),
    7: (0, 1, 1, 0, 0, 0),
    8: (0, 1, -1, 0, 1, 0),
}
_ON_ITS_SIDE: Final = 5  # from this value on, width and height change places

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_COLOURS: Final = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}  # what says how colours are meant
_BARE: Final = 18  # of these with a marker, and no thumbnail
_APPS: Final = range(0xE0, 0xF0)
_PLAIN: Final = (0xC0, 0xC1, 0xC2)  # frames that a PDF may hold: baseline, extended, progressive
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MARKER: Final = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])")
_AFTER_PIXELS: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_BEHIND: Final = re.compile(rb"PK\x03\x04|%PDF-|Rar!\x1a|7z\xbc\xaf|\x7fELF|#!/")
_PNG_SIGNATURE: Final = 8

Image.MAX_IMAGE_PIXELS = None  # `check_pixels` says it better, and before anything is decoded


class Photo(NamedTuple):
    """A picture as a PDF holds it."""

    width: int
    height: int
    colours: int  # 1 is grey
    content: bytes
    filter: pikepdf.Name
    orientation: int


def photo(content: bytes, kind: Kind) -> Photo:
    """The picture, decoded once to see that it is whole. Raises `BadUpload`."""
    plain = _jpeg(content) if kind is Kind.JPEG else None
    if kind is Kind.PNG:
        _check_png(content)
    try:
        with warnings.catch_warnings(action="ignore"):  # of notes that it cannot read
            return _decoded(content, kind, plain)
    except (
        *(OSError, SyntaxError, ValueError, ArithmeticError, EOFError, LookupError, TypeError),
        *(struct.error, zlib.error, UnidentifiedImageError),
    ) as error:
        raise BadUpload(_CUT) from error


def add_page(pdf: pikepdf.Pdf, picture: Photo) -> None:
    """Put the picture on a page of its own, as large as A4 allows."""
    lies = picture.orientation >= _ON_ITS_SIDE
    across, down = (picture.height, picture.width) if lies else (picture.width, picture.height)
    scale = PAGE_POINTS / max(across, down)
    width, height = max(1, round(across * scale)), max(1, round(down * scale))
    a, b, c, d, e, f = _UPRIGHT[picture.orientation]
    turned = (a * width, b * height, c * width, d * height, e * width, f * height)
    image = pikepdf.Stream(
        pdf,
        picture.content,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        ColorSpace=pikepdf.Name.DeviceGray if picture.colours == 1 else pikepdf.Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=picture.filter,
    )
    drawing = f"q {' '.join(map(str, turned))} cm /Im Do Q".encode()
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, width, height],
        Contents=pdf.make_stream(drawing),
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=pdf.make_indirect(image))),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _decoded(content: bytes, kind: Kind, plain: bytes | None) -> Photo:
    with Image.open(io.BytesIO(content), formats=[kind.value]) as image:
        check_pixels(*image.size)
        if min(image.size) < 1:
            raise BadUpload(_CUT)
        orientation = _orientation(image)
        image.load()
        if plain is not None and image.mode in {"L", "RGB"}:
            colours = len(image.getbands())
            return Photo(*image.size, colours, plain, pikepdf.Name.DCTDecode, orientation)
        shown = _on_white(image)
        packed = zlib.compress(shown.tobytes(), 6)
        colours = len(shown.getbands())
        return Photo(*shown.size, colours, packed, pikepdf.Name.FlateDecode, orientation)


def _orientation(image: Image.Image) -> int:
    """As the camera noted it; what cannot be read or makes no sense counts as upright."""
    try:
        noted = image.getexif().get(_ORIENTATION, 1)
    except (SyntaxError, ValueError, LookupError, TypeError, OSError, struct.error):
        return 1
    return noted if isinstance(noted, int) and noted in _UPRIGHT else 1


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"1", "L"}:
        return image.convert("L")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def _jpeg(content: bytes) -> bytes | None:
    """The JPEG without its notes; None if a PDF may not hold its kind. Raises `BadUpload`."""
    kept, may_stay = [b"\xff\xd8"], False
    for marker, segment, end in _segments(content):
        if marker == _COM:
            refuse_web_page(segment)
        elif marker in _APPS:
            if segment[4:9] == _COLOURS.get(marker) and len(segment) <= _BARE:
                kept.append(segment)
        else:
            kept.append(segment)
        if marker in _FRAMES:
            may_stay = marker in _PLAIN
        if marker == _EOI:
            _check_behind(content[end:])
    return b"".join(kept) if may_stay else None


def _segments(content: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, bytes and end of each segment, the last is the picture's end. Raises `BadUpload`."""
    at = 2
    while True:
        found = _MARKER.match(content, at)
        if found is None:
            raise BadUpload(_CUT)
        marker, start = found[1][0], found.end()
        if marker == _EOI:
            yield marker, b"\xff\xd9", start
            return
        length = int.from_bytes(content[start : start + 2])
        at = start + length
        if marker == _SOI or length < 2 or at > len(content):  # noqa: PLR2004 - counts itself
            raise BadUpload(_CUT)
        if marker == _SOS:
            following = _AFTER_PIXELS.search(content, at)
            if following is None:
                raise BadUpload(_CUT)
            at = following.start()
        yield marker, b"\xff" + content[start - 1 : at], at


def _check_behind(behind: bytes) -> None:
    """Phones put a second picture or a short film behind the first; those are left out.

    Raises `BadUpload` for what no camera puts there.
    """
    refuse_web_page(behind)
    if _BEHIND.match(behind.lstrip(b"\0\t\n\r ")):
        raise BadUpload("за снимком спрятан другой файл; снимите бумагу заново")


def _check_png(content: bytes) -> None:
    """Raises `BadUpload` for what stands behind the picture, or is a page in its notes."""
    at = _PNG_SIGNATURE
    while at + 12 <= len(content):
        length, name = struct.unpack(">L4s", content[at : at + 8])
        if name not in {b"IDAT", b"iCCP", b"PLTE"}:
            refuse_web_page(content[at + 8 : at + 8 + length])
        at += 12 + length
        if name == b"IEND":
            if content[at:].strip(b"\0"):
                raise BadUpload("за снимком спрятан другой файл; снимите бумагу заново")
            return
    raise BadUpload(_CUT)
