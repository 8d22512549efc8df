"""A stored object as an answer: always an attachment, never something that a browser runs."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from api.routes.reading import DocumentView, ObjectLine, User
from api.services import Services
from api.uploads import DOCX, XLSX
from domain.errors import BytesChanged, NotFound, Refused
from domain.signing import PKCS7

_PDF: Final = "application/pdf"
_ZIP: Final = "application/zip"
_ENDINGS: Final = {
    DOCX: "docx",
    _PDF: "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    PKCS7: "p7s",
}
_FORBIDDEN_IN_NAMES: Final = '/\\:*?"<>|'

FILE_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Файл",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in _ENDINGS
        },
    }
}
DOCX_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Документ Word",
        "content": {DOCX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
BUNDLE_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Свидетельства",
        "content": {_ZIP: {"schema": {"type": "string", "format": "binary"}}},
    }
}
TABLE_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Таблица",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
COPY_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Копия в PDF",
        "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}},
    }
}


def attachment(
    services: Services, document: DocumentView, role: str, version: int | None, number: int = 1
) -> Response:
    """The decrypted bytes, checked against the recorded hash.

    Raises `NotFound`, `KeyDestroyed`, `WrongKey` or `BytesChanged`.
    """
    stored = chosen(document, role, version, number)
    name = file_name(document, stored, number)
    return file_answer(content_of(services, stored), name, stored.media_type)


def attached(services: Services, document: DocumentView, sha256: str) -> Response:
    """A file that was sent with what somebody said of the document. Raises as `attachment`."""
    for stored in document.objects:
        if stored.role == "incoming" and stored.sha256 == sha256:
            name = f"{document.title}, приложение.{_ENDINGS.get(stored.media_type, 'bin')}"
            return file_answer(content_of(services, stored), name, stored.media_type)
    raise NotFound(f"document {document.document_id} has no such file")


def copy_attachment(
    services: Services, document: DocumentView, role: str, version: int | None
) -> Response:
    """A PDF made of the decrypted bytes. Raises as `attachment`, and `CopyUnavailable`."""
    stored = chosen(document, role, version)
    copy = services.pdf_copy(stored.sha256, content_of(services, stored))
    name = file_name(document, stored).removesuffix(".docx")
    return file_answer(copy, f"{name}, копия.pdf", _PDF)


def table_attachment(
    services: Services, user: User, document_id: str, version: int | None, address: str
) -> Response:
    """A version's facts as a table, with links to the service at `address`.

    Raises `NotFound` for a kind without tables, `KeyDestroyed` or `BytesChanged`.
    """
    known = services.views.version_facts(user.organisation_id, document_id, version)
    if known.kind not in services.tables:
        raise NotFound(f"documents of kind {known.kind} have no table")
    name = f"{known.title} № {known.number}" if known.number else known.title
    content = services.table_file(known, address)
    return file_answer(content, f"{name}, версия {known.version}.xlsx", XLSX)


def content_of(services: Services, stored: ObjectLine) -> bytes:
    """The decrypted bytes. Raises `KeyDestroyed`, `WrongKey` or `BytesChanged`."""
    content = services.files.get(stored.key, services.desk.data_key(stored.key_id))
    if sha256(content).hexdigest() != stored.sha256:
        raise BytesChanged(f"{stored.key} is not what was recorded")
    return content


def bundle_answer(
    services: Services, user: User, request: Request, what: str, id_: str
) -> Response:
    """The auditor's bundle of a pair or a cycle, as it is read; call it in a thread.

    A file that is lost or changed breaks the answer off: the client sees that it is not whole, and
    the log names the document. Raises `NotFound`.
    """
    if not services.views.has_process(user.organisation_id, f"{what}/{id_}"):
        raise NotFound(f"there is no {what}/{id_}")
    bundle = services.bundle(what, id_)
    chunks = iter(bundle)
    first = next(chunks)  # until then nothing is answered, and a refusal is told as one

    def all_of_it() -> Iterator[bytes]:
        yield first
        try:
            yield from chunks
        except Refused as error:
            request.state.code, request.state.detail = type(error).__name__, str(error)
            raise

    return StreamingResponse(all_of_it(), headers=_headers(bundle.name), media_type=_ZIP)


def file_answer(content: bytes, name: str, media_type: str) -> Response:
    """A file to be saved under this name."""
    return Response(content, headers=_headers(name), media_type=media_type)


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": disposition(name),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }


def file_name(document: DocumentView, stored: ObjectLine, number: int = 1) -> str:
    """«Приказ о парах № 12-о от 02.09.2024, подписанный экземпляр.pdf»."""
    name = document.title
    if stored.role != "draft" and document.number:
        name += f" № {document.number}"
    if stored.role != "draft" and document.day:
        name += f" от {document.day:%d.%m.%Y}"
    marks = {
        "draft": f", версия {stored.version}",
        "signed": ", подписанный экземпляр",
        "signature": f", подпись {number}",
        "visual": ", копия с отметкой о подписи",
    }
    return f"{name}{marks.get(stored.role, '')}.{_ENDINGS.get(stored.media_type, 'bin')}"


def disposition(name: str) -> str:
    """`Content-Disposition` of RFC 6266 for a Russian name, without signs that could deceive."""
    safe = "".join(
        "-" if sign in _FORBIDDEN_IN_NAMES else sign for sign in name if sign.isprintable()
    )
    ending = safe.rpartition(".")[2]
    return f"attachment; filename=\"document.{ending}\"; filename*=UTF-8''{quote(safe, safe='')}"


def chosen(document: DocumentView, role: str, version: int | None, number: int = 1) -> ObjectLine:
    """The stored object of this role, of the latest version if none is named. Raises `NotFound`.

    Of files of signatures there may be several: `number` counts them in the order of sealing.
    """
    found = [
        one
        for one in document.objects
        if one.role == role and (version is None or one.version == version)
    ]
    latest = max((one.version for one in found), default=0)
    found = [one for one in found if one.version == latest]
    if len(found) < number:
        raise NotFound(f"document {document.document_id} has no such file")
    return found[number - 1]
