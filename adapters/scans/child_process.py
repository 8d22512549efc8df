"""Inside the child process of `adapters.scans.child`: each request is worked on in a fork of it.

The libraries are loaded once, which takes longer than a scan does; a fork has its own limits, sees
the bytes of one request only, and may fail alone.
"""

import io
import os
import resource
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pikepdf

from adapters.confined import answer, confine, limit, requests, said
from adapters.scans.child import CPU_SECONDS, LARGEST_ANSWER, MEMORY_BYTES, Parsed
from adapters.scans.codes import read_codes
from adapters.scans.guard import MAX_PAGES, Kind, kind_of, opened
from adapters.scans.photos import add_page, photo
from domain.errors import BadUpload, Refused

_HARD: Final = "файл не удалось проверить: {}; отсканируйте бумагу заново и пришлите новый файл"


def serve() -> None:
    """Answer requests until the input ends."""
    confine()
    for request, contents in requests():
        answer(_in_a_fork(request, contents))


def _in_a_fork(request: Mapping[str, Any], contents: Sequence[bytes]) -> bytes:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        ended = 1
        try:
            for theirs in (0, 1, reading):  # what the next requests and answers go by
                os.close(theirs)
            _limit()
            with os.fdopen(writing, "wb") as to:
                to.write(_answer(request, contents))
            ended = 0
        finally:
            os._exit(ended)
    os.close(writing)
    with os.fdopen(reading, "rb") as of:
        told = of.read(LARGEST_ANSWER)
        if len(told) == LARGEST_ANSWER:
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if status == 0:
        return told
    slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) in {signal.SIGXCPU, signal.SIGKILL}
    return _refused(_HARD.format("он разбирается слишком долго" if slow else "сбой при разборе"))


def _answer(request: Mapping[str, Any], contents: Sequence[bytes]) -> bytes:
    try:
        count = request["files"]
        return _checked(contents[:count], contents[count:], coded=request["coded"])
    except Refused as refusal:
        return _refused(str(refusal))
    except MemoryError:
        return _refused(_HARD.format("для него не хватает памяти"))
    except Exception as error:  # noqa: BLE001 - the process edge; its words could quote the file
        return _refused(_HARD.format(type(error).__name__))


def _checked(files: Sequence[bytes], copies: Sequence[bytes], *, coded: bool) -> bytes:
    """`copies` is empty, or holds the PDF copy of the document."""
    joined = _joined(files)
    whole = joined or files[0]
    codes = read_codes(whole) if coded else []
    parsed = Parsed(
        pages=_pages(whole), codes=codes, expected=_pages(copies[0]) if copies else None
    )
    return said(parsed.model_dump(), joined or b"")


def _pages(pdf: bytes) -> int:
    with pikepdf.Pdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def _joined(contents: Sequence[bytes]) -> bytes | None:
    """All files as one PDF; None for one PDF, which stays byte for byte. Raises `BadUpload`."""
    whole = pikepdf.Pdf.new()
    parts = []  # kept: pages are copied from them when the whole is saved
    for number, content in enumerate(contents, start=1):
        try:
            kind = kind_of(content)
            if kind is Kind.PDF:
                parts.append(opened(content))
                if len(contents) == 1:
                    return None
                whole.pages.extend(parts[-1].pages)
            else:
                add_page(whole, photo(content, kind))
        except BadUpload as refusal:
            which = f"файл {number}: " if len(contents) > 1 else ""
            raise BadUpload(f"{which}{refusal}") from refusal
    if len(whole.pages) > MAX_PAGES:
        raise BadUpload(f"всего страниц {len(whole.pages)}, а можно не больше {MAX_PAGES}")
    out = io.BytesIO()
    whole.save(out, deterministic_id=True)
    return out.getvalue()


def _refused(detail: str) -> bytes:
    return said({"refused": detail})


def _limit() -> None:
    with suppress(OSError):  # Linux: if memory runs out, this process goes and not the service
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    limit(resource.RLIMIT_AS, MEMORY_BYTES)
    limit(resource.RLIMIT_CPU, CPU_SECONDS)
