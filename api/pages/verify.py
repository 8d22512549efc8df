"""«Проверить файл»: is it a version of a document of ours, unchanged? For everybody."""

import hashlib
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.deps import ServicesOf
from api.guard import is_id
from api.pages import show
from api.pages.guard import Page, UploadPage, address_of, file_field
from api.pages.state_words import FILE_ROLES
from api.pages.words import long_day, stopped
from api.routes.reading import KnownFile
from domain.base import Value

router = APIRouter(route_class=Page, include_in_schema=False)
uploads = APIRouter(route_class=UploadPage, include_in_schema=False)

MOST_QUESTIONS: Final = 30
"""From one address, in a row; a quarter of an hour without any begins anew."""
_CHUNK: Final = 256 * 1024


class Verdict(Value):
    """What is said of a file or of a paper's code: `good` is a signed copy in force."""

    good: bool
    title: str
    lines: tuple[str, ...]


@router.get("/verify", name="pages.verify")
def verify_page(request: Request) -> Response:
    """The form."""
    return _page(request, None)


@uploads.post("/verify", name="pages.send_verify")
async def verify(request: Request, services: ServicesOf) -> Response:
    """Whether this very file is known. It is hashed and not kept."""
    await run_in_threadpool(services.accounts.admit, "verify", address_of(request), MOST_QUESTIONS)
    chosen = file_field(request, "file")
    if chosen is None:
        return _page(request, None, "Выберите файл.", 422)
    digest = hashlib.sha256()
    while chunk := await chosen.read(_CHUNK):
        digest.update(chunk)
    sha256 = digest.hexdigest()
    known = await run_in_threadpool(services.views.file_by_hash, sha256)
    return _page(request, _of_file(known) if known else _UNKNOWN, sha256=sha256)


@router.get("/v/{code:path}", name="pages.code")
def code(code: str, request: Request, services: ServicesOf) -> Response:
    """What the code on a paper says: `<document>/<version>`."""
    services.accounts.admit("verify", address_of(request), MOST_QUESTIONS)
    document_id, _, version = code.partition("/")
    known = services.views.document_by_code(document_id) if is_id(document_id) else None
    if known is None:
        return _page(request, _UNKNOWN_CODE, status=404)
    printed = int(version) if version.isdecimal() and len(version) < len("10000") else None
    return _page(request, _of_code(known, printed))


_UNKNOWN: Final = Verdict(
    good=False,
    title="Такого файла у нас нет",
    lines=(
        "Ни одна версия ни одного документа с ним не совпадает.",
        "Файл становится другим от одного изменённого знака, и даже если его просто пересохранить.",
    ),
)
_UNKNOWN_CODE: Final = Verdict(
    good=False, title="Документа с таким кодом у нас нет", lines=("Проверьте, весь ли код набран.",)
)


def _of_file(known: KnownFile) -> Verdict:
    lines = [f"Это {FILE_ROLES[known.role]}. Файл не изменён: совпадает до последнего знака."]
    return Verdict(
        good=known.role == "signed" and known.stage == "in_force" and known.ended is None,
        title=f"Это версия {known.version} документа {_named(known)}",
        lines=(*lines, *_standing(known), *_newer(known, known.version)),
    )


def _of_code(known: KnownFile, printed: int | None) -> Verdict:
    version = printed or known.latest_version
    return Verdict(
        good=False,
        title=f"Код версии {version} документа {_named(known)}",
        lines=(
            *_standing(known),
            *_newer(known, version),
            "Код на бумаге не доказывает, что текст на ней тот же: проверьте файл ниже.",
        ),
    )


def _named(known: KnownFile) -> str:
    number = f" №\N{NO-BREAK SPACE}{known.number}" if known.number else ""
    day = f" от {known.day:%d.%m.%Y}" if known.day else ""
    return f"«{known.title}»{number}{day}"


def _standing(known: KnownFile) -> list[str]:
    """Whether the document is signed, and whether it stands."""
    if known.ended is not None:
        return [stopped(f"Документ {known.ended.title} {long_day(known.ended.day)}")]
    if known.stage == "withdrawn":
        return ["Документ отозван и силы не имеет."]
    if known.signed_at is None:
        return ["Документ ещё не подписан."]
    day = known.signed_at.astimezone(ZoneInfo(known.time_zone)).date()
    return [stopped(f"Документ подписан, подписанный экземпляр хранится с {long_day(day)}")]


def _newer(known: KnownFile, version: int) -> list[str]:
    if version >= known.latest_version:
        return []
    return [f"Есть более новая версия: {known.latest_version}."]


def _page(
    request: Request,
    verdict: Verdict | None,
    problem: str = "",
    status: int = 200,
    sha256: str = "",
) -> Response:
    return show.page(
        request, "verify.html", status, verdict=verdict, problem=problem, sha256=sha256
    )
