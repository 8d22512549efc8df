"""`docx pdf`: PDF copies of files, each with its own outcome."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from adapters.pdf.libreoffice import LibreOffice
from adapters.zip_parts import MAX_FILE
from domain.base import Value
from domain.errors import BadUpload
from runtime.home import write_result
from runtime.output import in_russian
from runtime.settings import WrongCall

_TOGETHER = 20  # files in memory at once


class CopiedFile(Value):
    """One file: where its copy is, or why there is none."""

    file: str
    pdf: str | None = None
    fault: str | None = None


class Copied(Value):
    """All files."""

    ok: bool
    files: tuple[CopiedFile, ...]


def copy_files(
    files: Sequence[Path], folder: Path, office: LibreOffice, tell: Callable[[str], None]
) -> Copied:
    """Make a copy of each file in the folder, which is made if missing; `tell` hears each outcome.

    Raises `WrongCall` if two copies would bear one name, `CopyUnavailable` without LibreOffice.
    """
    office.version()
    _check_names(files)
    folder.mkdir(parents=True, exist_ok=True)
    done = []
    for start in range(0, len(files), _TOGETHER):
        for outcome in _copied(files[start : start + _TOGETHER], folder, office):
            tell(f"{outcome.file}: {outcome.fault or outcome.pdf}")
            done.append(outcome)
    return Copied(ok=all(one.fault is None for one in done), files=tuple(done))


def _check_names(files: Sequence[Path]) -> None:
    for name, alike in groupby(sorted(files, key=_name), key=_name):
        named = [str(file) for file in alike]
        if len(named) > 1:
            said = ", ".join(named)
            raise WrongCall(f"{name}: так назвались бы копии нескольких файлов: {said}")


def _copied(files: Sequence[Path], folder: Path, office: LibreOffice) -> Iterator[CopiedFile]:
    read = {file: _read(file) for file in files}
    documents = [content for content in read.values() if isinstance(content, bytes)]
    made = iter(office.convert(documents))
    for file, content in read.items():
        copy = next(made) if isinstance(content, bytes) else content
        if isinstance(copy, bytes):
            out = folder / _name(file)
            write_result(out, copy)
            yield CopiedFile(file=str(file), pdf=str(out))
        else:
            yield CopiedFile(file=str(file), fault=str(copy))


def _read(file: Path) -> bytes | BadUpload:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_FILE + 1)
    except OSError as error:
        return BadUpload(in_russian(type(error)(error.errno, error.strerror)))  # the file is named
    return content if len(content) <= MAX_FILE else BadUpload(f"больше {MAX_FILE // 2**20} МиБ")


def _name(file: Path) -> str:
    return f"{file.stem}.pdf"
