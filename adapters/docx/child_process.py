"""Inside the child process of `adapters.docx.child`: its limits, and what it does on request."""

import ctypes
import json
import resource
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

from pydantic import TypeAdapter

from adapters.docx.checking import check_template
from adapters.docx.child import MEMORY_BYTES
from adapters.docx.comparing import difference
from adapters.docx.compiled import CompiledTemplate
from adapters.docx.fields import Field
from adapters.docx.sandbox import Sandbox
from domain.errors import Refused, TemplateFault

_FIELDS: Final = TypeAdapter(dict[str, Field])
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # <linux/sched.h>


class _Work:
    """What the child can do."""

    def __init__(self) -> None:
        self._template: CompiledTemplate | None = None

    def do(self, request: Mapping[str, Any], contents: list[bytes]) -> tuple[dict[str, Any], bytes]:
        """The answer's fields and bytes. Raises `Refused`."""
        match request["wish"]:
            case "load":
                self._template = CompiledTemplate(contents[0], Sandbox())
                return {}, b""
            case "render" if self._template is not None:
                return {}, self._template.render(request["facts"], code=request["code"])
            case "check":
                fields = _FIELDS.validate_python(request["fields"])
                return {"found": check_template(contents[0], fields).model_dump(mode="json")}, b""
            case "compare":
                fields = _FIELDS.validate_python(request["fields"])
                found = difference(contents[0], contents[1], fields)
                return {"found": found.model_dump(mode="json")}, b""
            case wish:
                raise TemplateFault(f"unknown wish {wish}")


def serve() -> None:
    """Answer requests until the input ends."""
    seconds = int(sys.argv[2])
    _shut_in()
    work = _Work()
    given, out = sys.stdin.buffer, sys.stdout.buffer
    while head := given.readline():
        request = json.loads(head)
        contents = [given.read(size) for size in request["sizes"]]
        _allow(seconds)
        _answer(out, work, request, contents)


def _answer(out: BinaryIO, work: _Work, request: Mapping[str, Any], contents: list[bytes]) -> None:
    content = b""
    try:
        answer, content = work.do(request, contents)
    except Refused as refusal:
        answer = {"refused": type(refusal).__name__, "detail": str(refusal)}
    except MemoryError:
        limit = MEMORY_BYTES // 2**20
        answer = {
            "refused": TemplateFault.__name__,
            "detail": f"шаблону не хватило памяти: больше {limit} МБ",
        }
    except Exception as error:  # noqa: BLE001 - the process edge; its words could quote a fact
        answer = {
            "refused": TemplateFault.__name__,
            "detail": f"шаблон не заполняется ({type(error).__name__})",
        }
    head = json.dumps({**answer, "size": len(content)}, ensure_ascii=False).encode()
    out.write(b"".join((head, b"\n", content)))
    out.flush()


def _shut_in() -> None:
    """Limits for the rest of this process's life. Where a system knows one not, it is absent."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),  # macOS knows it, but does not heed it
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        # A network of its own, with nothing in it. Not everywhere allowed to everybody.
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NET)


def _allow(seconds: int) -> None:
    """Processor time for the next request; when it is used up, the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
