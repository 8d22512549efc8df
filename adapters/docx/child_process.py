"""Inside the child process of `adapters.docx.child`: its limits, and what it does on request."""

import resource
import sys
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from adapters.confined import answer, confine, limit, requests, said
from adapters.docx.checking import check_template
from adapters.docx.child import MEMORY_BYTES
from adapters.docx.comparing import difference
from adapters.docx.compiled import CompiledTemplate
from adapters.docx.fields import Field
from adapters.docx.roadmap_tables import word_tables
from adapters.docx.sandbox import Sandbox
from domain.errors import Refused, TemplateFault

_FIELDS: Final = TypeAdapter(dict[str, Field])


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
            case "tables":
                return {"found": word_tables(contents[0]).model_dump(mode="json")}, b""
            case wish:
                raise TemplateFault(f"unknown wish {wish}")


def serve() -> None:
    """Answer requests until the input ends."""
    seconds = int(sys.argv[2])
    limit(resource.RLIMIT_AS, MEMORY_BYTES)
    confine()
    work = _Work()
    for request, contents in requests():
        _allow(seconds)
        answer(_done(work, request, contents))


def _done(work: _Work, request: Mapping[str, Any], contents: list[bytes]) -> bytes:
    try:
        return said(*work.do(request, contents))
    except Refused as refusal:
        return said({"refused": type(refusal).__name__, "detail": str(refusal)})
    except MemoryError:
        most = MEMORY_BYTES // 2**20
        return _faulty(f"шаблону не хватило памяти: больше {most} МБ")
    except Exception as error:  # noqa: BLE001 - the process edge; its words could quote a fact
        return _faulty(f"шаблон не заполняется ({type(error).__name__})")


def _faulty(detail: str) -> bytes:
    return said({"refused": TemplateFault.__name__, "detail": detail})


def _allow(seconds: int) -> None:
    """Processor time for the next request; when it is used up, the kernel ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
