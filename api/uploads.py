"""Files that people send: one file is one raw body, its type is said and seen.

Scans may also come several in a form. What a sender calls a file is never read: a name can deceive,
and can name a person.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from api.guard import FORM, GuardedScans, GuardedUpload, media_type_of
from api.idempotency import Body
from api.problems import TooLarge
from domain.errors import BadUpload
from domain.signing import PKCS7

PDF: Final = "application/pdf"
_MAGIC: Final = {
    PDF: b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SIGNATURE_TYPES: Final = (PKCS7, "application/octet-stream")
_ZIP_MAGIC: Final = b"PK\x03\x04"
_MAX_FILES: Final = 50
_MAX_FIELDS: Final = 20  # what a page may send beside the files


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    content: bytes
    sha256: str
    media_type: str


def _typed(request: Request, body: Body, magic: dict[str, bytes]) -> Upload:
    media_type = media_type_of(request)
    if media_type not in magic:
        raise BadUpload(f"принимаются файлы такого вида: {', '.join(magic)}")
    if not body.content:
        raise BadUpload("файл пуст; пришлите его целиком")
    if not body.content.startswith(magic[media_type]):
        raise BadUpload(f"файл начинается не так, как {media_type}; пришлите его в этом виде")
    return Upload(body.content, body.sha256, media_type)


class _InMemory(MultiPartParser):
    """No file lies on a disk on its way, where it would lie unencrypted."""

    spool_max_size = GuardedScans.form_limit


async def scans(request: Request) -> tuple[bytes, ...]:
    """A PDF, JPEG or PNG, or several of them in the order of the form.

    Raises `BadUpload` unless the first bytes of a raw body are what its type says, or if a form
    cannot be read, and `TooLarge`. What the files are is not looked at further here.
    """
    if media_type_of(request) != FORM:
        return (_typed(request, request.state.body, _MAGIC).content,)
    form = await form_in_memory(request.headers, request.stream())
    try:
        files = await files_of(form)
    finally:
        await form.close()
    if not files:
        raise BadUpload("в форме нет ни одного файла")
    return files


async def form_in_memory(headers: Headers, stream: AsyncGenerator[bytes, None]) -> FormData:
    """Fields and files of a form, none of them on a disk. Raises `BadUpload`."""
    try:
        return await _InMemory(
            headers, stream, max_files=_MAX_FILES, max_fields=_MAX_FIELDS
        ).parse()
    except MultiPartException as error:
        raise BadUpload(f"форма не читается, или в ней больше {_MAX_FILES} файлов") from error


async def files_of(form: FormData) -> tuple[bytes, ...]:
    """The files of a form, in their order; where none was chosen, there is none.

    Raises `TooLarge`.
    """
    sent = [one for _, one in form.multi_items() if isinstance(one, UploadFile)]
    chosen = [one for one in sent if one.filename or one.size]
    if any((one.size or 0) > GuardedUpload.body_limit for one in chosen):
        raise TooLarge(f"at most {GuardedUpload.body_limit} bytes are taken in one file")
    return tuple([await one.read() for one in chosen])


def spreadsheet(request: Request) -> Upload:
    """An XLSX. Raises `BadUpload`."""
    return _typed(request, request.state.body, {XLSX: _ZIP_MAGIC})


def signature(request: Request) -> bytes:
    """A file of electronic signatures, which says what it is in more than one way.

    Raises `BadUpload`.
    """
    if media_type_of(request) not in _SIGNATURE_TYPES:
        raise BadUpload(f"принимаются файлы такого вида: {', '.join(_SIGNATURE_TYPES)}")
    body: Body = request.state.body
    if not body.content:
        raise BadUpload("файл пуст; пришлите его целиком")
    return body.content


def template(request: Request) -> Upload:
    """A DOCX. Raises `BadUpload`."""
    return _typed(request, request.state.body, {DOCX: _ZIP_MAGIC})


def report(request: Request) -> Upload:
    """A filled form: XLSX or DOCX. Raises `BadUpload`."""
    return _typed(request, request.state.body, {XLSX: _ZIP_MAGIC, DOCX: _ZIP_MAGIC})


SignatureFile = Annotated[bytes, Depends(signature)]
ScanFiles = Annotated[tuple[bytes, ...], Depends(scans)]
Spreadsheet = Annotated[Upload, Depends(spreadsheet)]
TemplateFile = Annotated[Upload, Depends(template)]
ReportFile = Annotated[Upload, Depends(report)]


def raw_body(*media_types: str) -> dict[str, Any]:
    """What OpenAPI says of a route that takes a file as its body."""
    content = {
        media_type: {
            "schema": {"type": "string", "format": "binary"},
            "example": f"(байты файла {media_type})",
        }
        for media_type in media_types
    }
    return {"requestBody": {"required": True, "content": content}}


def _scan_body() -> dict[str, Any]:
    body = raw_body(*_MAGIC)
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    body["requestBody"]["content"][FORM] = {
        "schema": {"type": "object", "properties": {"files": files}},
        "example": {"files": ["(байты первого снимка)", "(байты второго снимка)"]},
    }
    return body


SCAN_BODY: Final = _scan_body()
SIGNATURE_BODY: Final = raw_body(*_SIGNATURE_TYPES)
SPREADSHEET_BODY: Final = raw_body(XLSX)
TEMPLATE_BODY: Final = raw_body(DOCX)
REPORT_BODY: Final = raw_body(XLSX, DOCX)
