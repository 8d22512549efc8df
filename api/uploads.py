"""Files that people send: one file is one raw body, its type is said and seen."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request

from api.idempotency import Body
from domain.errors import BadUpload

_MAGIC: Final = {
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ZIP_MAGIC: Final = b"PK\x03\x04"


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    content: bytes
    sha256: str
    media_type: str


def _typed(request: Request, body: Body, magic: dict[str, bytes]) -> Upload:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type not in magic:
        raise BadUpload(f"a file of these types is taken: {', '.join(magic)}")
    if not body.content:
        raise BadUpload("the file is empty")
    if not body.content.startswith(magic[media_type]):
        raise BadUpload(f"the file does not begin as {media_type} does")
    return Upload(body.content, body.sha256, media_type)


def scan(request: Request) -> Upload:
    """A PDF, JPEG or PNG. Raises `BadUpload` unless its first bytes are what its type says."""
    return _typed(request, request.state.body, _MAGIC)


def spreadsheet(request: Request) -> Upload:
    """An XLSX. Raises `BadUpload`."""
    return _typed(request, request.state.body, {XLSX: _ZIP_MAGIC})


def template(request: Request) -> Upload:
    """A DOCX. Raises `BadUpload`."""
    return _typed(request, request.state.body, {DOCX: _ZIP_MAGIC})


Scan = Annotated[Upload, Depends(scan)]
Spreadsheet = Annotated[Upload, Depends(spreadsheet)]
TemplateFile = Annotated[Upload, Depends(template)]


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


SCAN_BODY: Final = raw_body(*_MAGIC)
SPREADSHEET_BODY: Final = raw_body(XLSX)
TEMPLATE_BODY: Final = raw_body(DOCX)
