"""The auditor's bundle: a ZIP that is checked with `sha256sum` alone, and its check.

`files/` holds each sealed file and the rendering that was signed, `log/` one entry of the log in
each file: its first line is the hash of the entry before, the second the event, so that the
SHA-256 of the file is the hash of the entry.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path, PurePosixPath

from domain.base import Value
from domain.errors import BadUpload

SUMS, MANIFEST, README = "SHA256SUMS", "manifest.json", "README.txt"
_LOG, _FILES = "log", "files"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_LARGEST_MEMBER = 64 * 1024 * 1024

_README = """Свидетельства: {subject}

Проверить, что ни один файл не изменён (нужна только программа sha256sum):

    unzip {name} -d bundle
    cd bundle
    sha256sum -c SHA256SUMS

Что здесь лежит
  files/         подписанные файлы и тексты, которые подписывались
  log/           журнал событий: один файл — одно событие; в первой строке хеш предыдущей записи,
                 во второй само событие. SHA-256 такого файла — хеш этой записи.
  manifest.json  опись: документы, редакции, номера, даты, хеши

Как убедиться, что подписан именно этот файл
  1. Посчитайте его хеш: sha256sum files/…
  2. Найдите этот хеш в журнале: grep -l ХЕШ log/*
     Событие sealed называет документ, редакцию и время.

То же делает команда: nastavnik verify {name}
"""


class BundleFile(Value):
    """A file of a document as the bundle holds it."""

    name: str  # inside files/
    document: str
    kind: str
    version: int
    role: str  # signed or registered
    number: str | None
    day: date | None
    sha256: str
    stored_sha256: str


class LogEntry(Value):
    """An entry of the log: its place, and the two lines that its hash is made of."""

    seq: int
    previous: str
    text: str
    hash: str

    @property
    def content(self) -> bytes:
        return f"{self.previous}\n{self.text}".encode()


class Checked(Value):
    """What a check found; `ok` without problems."""

    ok: bool
    checked: int
    problems: tuple[str, ...]
    document: str | None = None
    version: int | None = None


def write_bundle(
    out: Path,
    subject: str,
    files: Iterable[tuple[BundleFile, bytes]],
    log: Iterable[LogEntry],
) -> int:
    """Write the bundle of `subject`; the number of files in it, the sums not counted.

    The same contents give the same bytes. A half-written bundle never stands under `out`.
    """
    manifest: list[BundleFile] = []
    sums: dict[str, str] = {}
    part = out.with_name(f".{out.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:

        def add(name: str, content: bytes) -> None:
            sums[name] = hashlib.sha256(content).hexdigest()
            _store(bundle, name, content)

        for entry in log:
            add(f"{_LOG}/{entry.seq:09d}.txt", entry.content)
        for file, content in files:
            add(f"{_FILES}/{file.name}", content)
            manifest.append(file)
        described = {
            "subject": subject,
            "files": [file.model_dump(mode="json") for file in manifest],
        }
        add(MANIFEST, json.dumps(described, ensure_ascii=False, indent=2).encode())
        add(README, _README.format(subject=subject, name=out.name).encode())
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        _store(bundle, SUMS, lines.encode())
    part.replace(out)
    return len(sums)


def check_bundle(path: Path) -> Checked:
    """Check a bundle, packed or unpacked, against its own sums, manifest and log.

    Raises `BadUpload` if it is no bundle.
    """
    contents = dict(_members(path))
    if SUMS not in contents:
        raise BadUpload(f"{path}: это не свидетельства: нет файла {SUMS}")
    sums = _sums(contents[SUMS].decode())
    found = {name: hashlib.sha256(body).hexdigest() for name, body in contents.items()}
    found.pop(SUMS)
    problems = [
        *_compared(sums, found),
        *_manifest_problems(contents.get(MANIFEST, b"{}"), found, contents),
        *_log_problems(contents),
    ]
    return Checked(ok=not problems, checked=len(found), problems=tuple(problems))


def _store(bundle: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _FIXED_DATE)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o644 << 16
    bundle.writestr(member, content)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.is_file():
                yield file.relative_to(path).as_posix(), file.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as bundle:
            for member in bundle.infolist():
                if member.is_dir():
                    continue
                if (
                    member.file_size > _LARGEST_MEMBER
                    or ".." in PurePosixPath(member.filename).parts
                ):
                    raise BadUpload(f"{path}: недопустимый файл внутри: {member.filename}")
                yield member.filename, bundle.read(member)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError) as error:
        raise BadUpload(f"{path}: архив не читается: {error}") from error


def _sums(text: str) -> dict[str, str]:
    pairs = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
    return {name: digest for digest, name in pairs}


def _compared(sums: Mapping[str, str], found: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(sums.keys() | found.keys()):
        if name not in found:
            yield f"{name}: файла нет"
        elif name not in sums:
            yield f"{name}: лишний файл, в {SUMS} его нет"
        elif sums[name] != found[name]:
            yield f"{name}: файл изменён"


def _manifest_problems(
    text: bytes, found: Mapping[str, str], contents: Mapping[str, bytes]
) -> Iterator[str]:
    try:
        files = [BundleFile.model_validate(entry) for entry in json.loads(text).get("files", [])]
    except (ValueError, AttributeError):
        yield f"{MANIFEST}: опись не читается"
        return
    sealed = _sealed(contents)
    for file in files:
        name = f"{_FILES}/{file.name}"
        if found.get(name) != file.sha256:
            yield f"{name}: хеш не тот, что в описи"
        if file.role == "signed" and (file.document, file.version, file.sha256) not in sealed:
            yield f"{name}: в журнале нет события о закладке этого файла"


def _sealed(contents: Mapping[str, bytes]) -> set[tuple[str, int, str]]:
    """Document, version and hash of every sealing that the log tells of."""
    found = set()
    for event in _events(contents):
        if event.get("action") == "sealed":
            document = str(event["subject"]).removeprefix("document/")
            found.add((document, int(str(event["version"])), str(event["sha256"])))
    return found


def _events(contents: Mapping[str, bytes]) -> Iterator[dict[str, object]]:
    for name, body in contents.items():
        if name.startswith(f"{_LOG}/"):
            try:
                event = json.loads(body.decode().split("\n", 1)[1])
            except (ValueError, IndexError):
                continue
            if isinstance(event, dict):
                yield event


def _log_problems(contents: Mapping[str, bytes]) -> Iterator[str]:
    """Entries that follow each other must name each other; all must be readable."""
    hashes: dict[int, str] = {}
    for name in sorted(contents):
        if not name.startswith(f"{_LOG}/"):
            continue
        body = contents[name]
        lines = body.decode(errors="replace").split("\n")
        seq = int(PurePosixPath(name).stem) if PurePosixPath(name).stem.isdigit() else 0
        if len(lines) != 2 or not seq:  # noqa: PLR2004 - the hash before and the event
            yield f"{name}: запись журнала не читается"
            continue
        if seq - 1 in hashes and hashes[seq - 1] != lines[0]:
            yield f"{name}: запись не продолжает предыдущую"
        hashes[seq] = hashlib.sha256(body).hexdigest()
