"""A file that somebody sent as a scan, looked at before anything of it is kept.

What it is, its own first bytes say; its name is not even read. Nothing in it may run, hide a second
file, or grow beyond bounds: what is refused says what is wrong and what to do. It reads hostile
bytes with libraries, so it runs in `child_process` only.
"""

import io
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import pikepdf

from domain.errors import BadUpload

MIB: Final = 2**20
MAX_FILE: Final = 20 * MIB
MAX_PAGES: Final = 100
MAX_PIXELS: Final = 60_000_000  # of one picture; the best phones make photos of 50
_MAX_THINGS: Final = 400_000  # names, numbers and the like that a PDF is made of


class Kind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"


_MAGIC: Final[Mapping[bytes, Kind]] = {
    b"%PDF-": Kind.PDF,
    b"\xff\xd8\xff": Kind.JPEG,
    b"\x89PNG\r\n\x1a\n": Kind.PNG,
}
_PAGE: Final = re.compile(rb"(?i)<\s*(?:!doctype\s+html|html|script|svg|iframe|body)[\s>/]")
_SNIFFED: Final = 1024  # how far browsers look for a web page
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_FAR: Final = 22 + 0xFFFF  # how far from its end a ZIP is looked for (APPNOTE 4.3.16)
_AGAIN: Final = "отсканируйте бумагу заново и пришлите новый файл"
_PRINT: Final = "напечатайте его в новый PDF или отсканируйте бумагу и пришлите новый файл"

# Of actions, annotations and dictionaries (ISO 32000-1, tables 169 and 198, and 7.11, 12.7.8).
_ACTIONS: Final[Mapping[str, str]] = {
    "/JavaScript": "сценарий (JavaScript)",
    "/Launch": "запуск программы",
    "/GoToE": "переход во вложенный файл",
    "/GoToR": "переход в другой файл",
    "/ImportData": "загрузка данных",
    "/SubmitForm": "отправка данных",
    "/Movie": "видео",
    "/Sound": "звук",
    "/Rendition": "видео или звук",
    "/RichMediaExecute": "видео или звук",
}
_SUBTYPES: Final[Mapping[str, str]] = {
    "/FileAttachment": "вложенный файл",
    "/Movie": "видео",
    "/RichMedia": "видео или звук",
    "/Screen": "видео или звук",
    "/Sound": "звук",
}
_KEYS: Final[Mapping[str, str]] = {
    "/EF": "вложенный файл",
    "/EmbeddedFiles": "вложенный файл",
    "/JS": "сценарий (JavaScript)",
    "/XFA": "форма с программой (XFA)",
}


def kind_of(content: bytes) -> Kind:
    """What it is by its own bytes. Raises `BadUpload`, also for what it hides beside that."""
    if not content:
        raise BadUpload("файл пуст; пришлите скан или снимок целиком")
    if len(content) > MAX_FILE:
        raise BadUpload(f"больше {MAX_FILE // MIB} МиБ; отсканируйте с разрешением 200–300 dpi")
    found = [kind for magic, kind in _MAGIC.items() if content.startswith(magic)]
    if not found:
        raise BadUpload("это не PDF, JPEG и не PNG; сохраните скан в одном из этих видов")
    refuse_web_page(content[:_SNIFFED])
    if _ZIP_END in content[-_ZIP_FAR:]:
        raise BadUpload(f"внутри спрятан архив ZIP; {_AGAIN}")
    return found[0]


def refuse_web_page(content: bytes) -> None:
    """Raises `BadUpload` if this could be shown as a web page."""
    if _PAGE.search(content):
        raise BadUpload(f"внутри спрятана веб-страница; {_AGAIN}")


def opened(content: bytes) -> pikepdf.Pdf:
    """A PDF with nothing in it that acts. Raises `BadUpload`."""
    tail = content[content.rfind(b"%%EOF") + 5 :] if b"%%EOF" in content else None
    if tail is None:
        raise BadUpload("PDF обрывается, пришёл не целиком; пришлите его ещё раз")
    if tail.strip(b"\0\t\n\f\r "):
        raise BadUpload(f"за концом PDF стоит что-то ещё; {_PRINT}")
    try:
        pdf = pikepdf.Pdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise BadUpload(f"PDF закрыт паролем; снимите защиту или {_PRINT}") from error
    except (pikepdf.PdfError, ValueError, OverflowError) as error:
        raise BadUpload(f"PDF повреждён и не читается; {_PRINT}") from error
    if pdf.is_encrypted:
        raise BadUpload(f"PDF защищён (зашифрован); снимите защиту или {_PRINT}")
    if not 0 < len(pdf.pages) <= MAX_PAGES:
        raise BadUpload(
            f"в PDF страниц {len(pdf.pages)}, а можно от 1 до {MAX_PAGES}; "
            "пришлите только подписанный документ"
        )
    _refuse_active(pdf)
    return pdf


def _refuse_active(pdf: pikepdf.Pdf) -> None:
    waiting: list[Any] = list(pdf.objects)
    seen = 0
    while waiting:
        seen += 1
        if seen > _MAX_THINGS:
            raise BadUpload(f"PDF устроен слишком сложно для скана; {_PRINT}")
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += [part for part in one if _is_direct(part)]
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            entries = {str(name): one.get(name) for name in one.keys()}  # noqa: SIM118 - no Mapping
            _refuse_entries(entries)
            waiting += [value for value in entries.values() if _is_direct(value)]


def _is_direct(value: object) -> bool:
    """Whether it stands right here; what is elsewhere has its own turn."""
    nests = isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream)
    return nests and not getattr(value, "is_indirect", False)


def _refuse_entries(entries: Mapping[str, Any]) -> None:
    subtype = entries.get("/Subtype")
    acts = [words for key, words in _KEYS.items() if key in entries]
    for known, name in ((_ACTIONS, entries.get("/S")), (_SUBTYPES, subtype)):
        if isinstance(name, pikepdf.Name) and str(name) in known:
            acts.append(known[str(name)])
    if acts:
        raise BadUpload(f"в PDF есть {acts[0]}; {_PRINT}")
    if subtype == pikepdf.Name.Image:
        sides = (entries.get("/Width"), entries.get("/Height"))
        check_pixels(*(side if isinstance(side, int) else 0 for side in sides))


def check_pixels(width: int, height: int) -> None:
    """Raises `BadUpload` for a picture that would fill the memory when it is shown."""
    if width * height > MAX_PIXELS:
        raise BadUpload(
            f"картинка {width}×{height} точек, а можно не больше {MAX_PIXELS // 10**6} млн; "
            "уменьшите её или отсканируйте с разрешением 200–300 dpi"
        )
