"""The codes on the pages of a scan: each page is drawn small, and its QR codes are read."""

import time
from collections.abc import Sequence
from typing import Final

import pypdfium2
import zxingcpp

from domain.errors import BadUpload
from domain.ids import is_document_code

_QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_SIDES: Final = (2339, 3600)
"""Points of a page's long side: 200 dpi of A4, where a module of our code has four; then more."""
_ONCE_SECONDS: Final = 12.0
"""From here on no page is looked at twice."""
_ALL_SECONDS: Final = 24.0
"""From here on pages count as unread: a scan is never refused for being long to read."""


def read_codes(pdf: bytes) -> Sequence[Sequence[str]]:
    """The codes of ours on each page. Raises `BadUpload` if it cannot be drawn."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except (pypdfium2.PdfiumError, ValueError) as error:
        raise BadUpload("PDF не открывается; напечатайте его в новый PDF и пришлите тот") from error
    try:
        return [_on_page(document, number) for number in range(len(document))]
    finally:
        document.close()


def _on_page(document: pypdfium2.PdfDocument, number: int) -> list[str]:
    for side in _SIDES:
        spent = time.process_time()
        if spent > (_ONCE_SECONDS if side != _SIDES[0] else _ALL_SECONDS):
            return []
        found = _read(document, number, side)
        if found:
            return found
    return []


def _read(document: pypdfium2.PdfDocument, number: int, side: int) -> list[str]:
    """A page that cannot be drawn has no code that could be read."""
    try:
        page = document[number]
        scale = side / max(1.0, *page.get_size())
        bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    except (pypdfium2.PdfiumError, ValueError):
        return []
    try:
        grey = bytes(bitmap.buffer)  # has a name: the view does not hold it alive
        view = zxingcpp.ImageView(
            grey, bitmap.width, bitmap.height, zxingcpp.ImageFormat.Lum, bitmap.stride
        )
        found = zxingcpp.read_barcodes(view, formats=_QR)
    finally:
        bitmap.close()
        page.close()
    return sorted({one.text for one in found if is_document_code(one.text)})
