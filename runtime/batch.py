"""`render --each`: a document for each line of facts; one that fails stops no other."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from activities.ports import Renderer
from domain.base import Value
from domain.errors import Refused
from runtime.home import write_result

NAME: Final = "@name"
"""What a line may call its document; no fact can be called so."""
_LONGEST_LINE: Final = 16 * 1024 * 1024
_LONGEST_NAME: Final = 80
_LISTED: Final = 100
"""Failures that the result names; all are told at once. So memory does not grow with the number."""
_TELL_SECONDS: Final = 2.0


class FailedLine(Value):
    """A line of which no document was made."""

    line: int
    name: str | None
    fault: str


class Batch(Value):
    """How many were made, how many lay there with the same bytes, how many failed."""

    ok: bool
    made: int
    kept: int
    failed: int
    failures: tuple[FailedLine, ...]


class BadLine(Refused):
    """A line is no JSON object of facts, or its name is none for a file."""


def render_each(
    renderer: Renderer, kind: str, lines: BinaryIO, folder: Path, tell: Callable[[str], None]
) -> Batch:
    """Make a document for each line, streaming; `tell` hears progress and each failure.

    A file is named by its line's number and name, and written whole or not at all. What is there
    with the same bytes stays, so a repeat goes on where it was stopped. Raises `OSError` if the
    folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = kept = failed = 0
    failures: list[FailedLine] = []
    told = time.monotonic()
    for number, line in _numbered(lines):
        name = None
        try:
            facts = _facts(line)
            name = _name(facts.pop(NAME, None))
            body = renderer.render(kind, facts)
        except Refused as error:
            failed += 1
            one = FailedLine(line=number, name=name, fault=str(error))
            failures += [one] if len(failures) < _LISTED else []
            tell(_told(one))
            continue
        if _written(folder / _file_name(number, name), body):
            made += 1
        else:
            kept += 1
        if time.monotonic() - told > _TELL_SECONDS:
            told = time.monotonic()
            tell(f"строка {number}: готово {made + kept}, не вышло {failed}")
    return Batch(ok=not failed, made=made, kept=kept, failed=failed, failures=tuple(failures))


def batch_words(batch: Batch) -> str:
    """The end of a batch for people; failures were told before."""
    kept = f", уже были такими же: {batch.kept}" if batch.kept else ""
    return f"Сделано документов: {batch.made}{kept}, не вышло: {batch.failed}."


def _told(one: FailedLine) -> str:
    return f"строка {one.line}{f' ({one.name})' if one.name else ''}: {one.fault}"


def _numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank; of one that is too long, its start."""
    number = 0
    while line := lines.readline(_LONGEST_LINE + 1):
        number += 1
        rest = line
        while rest and not rest.endswith(b"\n"):
            rest = lines.readline(_LONGEST_LINE)
        if line.strip():
            yield number, line


def _facts(line: bytes) -> dict[str, Any]:
    if len(line) > _LONGEST_LINE:
        raise BadLine(f"строка длиннее {_LONGEST_LINE // 2**20} МиБ")
    try:
        facts = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine("это не JSON") from error
    if not isinstance(facts, dict):
        raise BadLine("ожидается объект JSON с фактами")
    return facts


def _name(given: object) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not 0 < len(given.strip()) <= _LONGEST_NAME:
        raise BadLine(f"{NAME}: ожидается текст до {_LONGEST_NAME} знаков")
    if not given.isprintable() or set(given) & set('/\\:*?"<>|'):
        raise BadLine(f"{NAME}: в имени файла есть недопустимый знак")
    return given.strip()


def _file_name(number: int, name: str | None) -> str:
    """The number keeps apart lines of one name, and files in the order of lines."""
    return f"{number:05}{f'-{name}' if name else ''}.docx"


def _written(file: Path, body: bytes) -> bool:
    """Whether the file had to be written."""
    if file.exists() and file.read_bytes() == body:
        return False
    write_result(file, body)
    return True
