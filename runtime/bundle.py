"""The auditor's bundle: a ZIP that `sha256sum` alone or a browser checks, and its own check.

`files/` holds each sealed file, the rendering that was signed and electronic signatures of it;
`log/` one entry of the log in each file: its first line is the hash of the entry before, the second
the event, so that the SHA-256 of the file is the hash of the entry.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import count
from pathlib import Path, PurePosixPath

from domain.audit import AuditEvent
from domain.base import Value
from domain.errors import BadUpload
from runtime.check_page.build import PAGE, check_page, listed_in

SUMS, MANIFEST, README = "SHA256SUMS", "manifest.json", "README.txt"
_LOG, _FILES = "log", "files"
_FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_LARGEST_MEMBER = 64 * 1024 * 1024
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError),  # a compression unknown to us; an encrypted member
)

_README = """Свидетельства: {subject}

Проверить, что ни один файл не изменён, можно тремя способами.

  1. Программой sha256sum:

    unzip {name} -d bundle
    cd bundle
    sha256sum -c SHA256SUMS

  2. В браузере: распакуйте архив, откройте check.html и выберите распакованную папку. Сеть
     не нужна. Список хешей стоит в самой странице; её собственный — только в SHA256SUMS: назвать
     его она не может.

  3. Там, где стоит «Наставник», — ещё и журнал и опись: nastavnik verify {name}

Что здесь лежит
  files/         подписанные файлы, тексты, которые подписывались, и электронные подписи (p7s)
  log/           журнал событий: один файл — одно событие; в первой строке хеш предыдущей записи,
                 во второй само событие. SHA-256 такого файла — хеш этой записи.
  manifest.json  опись: документы, редакции, номера, даты, хеши

Как убедиться, что подписан именно этот файл
  1. Посчитайте его хеш: sha256sum files/…
  2. Найдите этот хеш в журнале: grep -l ХЕШ log/*
     Событие sealed называет документ, редакцию и время.
"""


class BundleFile(Value):
    """A file of a document as the bundle holds it."""

    name: str  # inside files/
    document: str
    kind: str
    version: int
    role: str  # signed, registered, signature or visual
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


class _Manifest(Value):
    """What stands in the bundle."""

    subject: str
    files: tuple[BundleFile, ...]


class _Entry(Value):
    """An entry of the log as its file holds it."""

    previous: str
    event: AuditEvent


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
    part = out.with_name(f".{out.name}.part")
    try:
        written = _write(part, out.name, subject, files, log)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return written


def _write(
    part: Path,
    name: str,
    subject: str,
    files: Iterable[tuple[BundleFile, bytes]],
    log: Iterable[LogEntry],
) -> int:
    manifest: list[BundleFile] = []
    sums: dict[str, str] = {}
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:

        def add(name: str, content: bytes) -> None:
            sums[name] = hashlib.sha256(content).hexdigest()
            _store(bundle, name, content)

        for entry in log:
            add(f"{_LOG}/{entry.seq:09d}.txt", entry.content)
        for file, content in files:
            add(f"{_FILES}/{file.name}", content)
            manifest.append(file)
        described = _Manifest(subject=subject, files=tuple(manifest)).model_dump(mode="json")
        add(MANIFEST, json.dumps(described, ensure_ascii=False, indent=2).encode())
        add(README, _README.format(subject=subject, name=name).encode())
        add(PAGE, check_page(subject, sums).encode())
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
        _store(bundle, SUMS, lines.encode())
    return len(sums)


def check_bundle(path: Path) -> Checked:
    """Check a bundle, packed or unpacked, against its own sums, page, manifest and log.

    Raises `BadUpload` if it is no bundle.
    """
    contents = dict(_members(path))
    if SUMS not in contents:
        raise BadUpload(f"{path}: это не свидетельства: нет файла {SUMS}")
    try:
        sums = _sums(contents[SUMS].decode())
    except UnicodeDecodeError as error:
        raise BadUpload(f"{path}: {SUMS} не читается: это не текст") from error
    found = {name: hashlib.sha256(body).hexdigest() for name, body in contents.items()}
    found.pop(SUMS)
    entries = {name: _entry(body) for name, body in contents.items() if _is_in(_LOG, name)}
    problems = [*_compared(sums, found), *_log_problems(entries, found)]
    problems += _page_problems(contents.get(PAGE, b""), sums)
    events = [entry.event for entry in entries.values() if entry]
    try:
        manifest = _Manifest.model_validate_json(contents.get(MANIFEST, b""))
    except ValueError:
        problems.append(f"{MANIFEST}: опись не читается")
    else:
        problems += _manifest_problems(manifest, found, events)
        problems += _gaps(manifest.subject, events)
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
    seen: set[str] = set()
    try:
        with zipfile.ZipFile(path) as bundle:
            for member in bundle.infolist():
                if member.is_dir():
                    continue
                name = PurePosixPath(member.filename)
                leads_out = name.is_absolute() or ".." in name.parts
                # Of two members of a name each program would unpack another one.
                if leads_out or member.file_size > _LARGEST_MEMBER or member.filename in seen:
                    raise BadUpload(f"{path}: недопустимый файл внутри: {member.filename}")
                seen.add(member.filename)
                yield member.filename, bundle.read(member)
    except _UNREADABLE as error:
        raise BadUpload(f"{path}: архив не читается: {error}") from error


def _is_in(folder: str, name: str) -> bool:
    return name.startswith(f"{folder}/")


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


def _page_problems(page: bytes, sums: Mapping[str, str]) -> Iterator[str]:
    """The page must hold the sums, or it would call other files intact."""
    try:
        listed = listed_in(page)
    except (ValueError, TypeError, RecursionError):
        yield f"{PAGE}: список хешей в странице не читается"
        return
    if listed != {**sums, PAGE: None}:
        yield f"{PAGE}: список хешей в странице не тот, что в {SUMS}"


def _manifest_problems(
    manifest: _Manifest, found: Mapping[str, str], events: Iterable[AuditEvent]
) -> Iterator[str]:
    """Files, manifest and the sealings that the log tells of must be the same; and it must tell of
    each signature.
    """
    told_of = [(event.action, (event.subject, event.version, event.sha256)) for event in events]
    sealed = {told for action, told in told_of if action == "sealed"}
    attached = {told for action, told in told_of if action == "signature_attached"}
    signed = set()
    for file in manifest.files:
        name = f"{_FILES}/{file.name}"
        if found.get(name) != file.sha256:
            yield f"{name}: хеш не тот, что в описи"
        told = (f"document/{file.document}", file.version, file.sha256)
        if file.role == "signature" and told not in attached:
            yield f"{name}: в журнале нет события об этой подписи"
        if file.role == "signed":
            signed.add(told)
            if told not in sealed:
                yield f"{name}: в журнале нет события о закладке этого файла"
    for subject, version, _ in sorted(sealed - signed, key=str):
        yield f"{subject}, редакция {version}: заложен по журналу, а файла нет"
    described = {f"{_FILES}/{file.name}" for file in manifest.files}
    for name in sorted(found):
        if _is_in(_FILES, name) and name not in described:
            yield f"{name}: в описи такого файла нет"


def _entry(body: bytes) -> _Entry | None:
    """The entry that a file of the log holds; None if it cannot be read."""
    try:
        previous, text = body.decode().split("\n")
        return _Entry(previous=previous, event=AuditEvent.model_validate_json(text))
    except ValueError:
        return None


def _log_problems(entries: Mapping[str, _Entry | None], found: Mapping[str, str]) -> Iterator[str]:
    """All entries must be readable, and those that follow each other name each other."""
    hashes: dict[int, str] = {}
    for name, entry in sorted(entries.items()):
        number = PurePosixPath(name).stem
        if entry is None or not number.isdecimal():
            yield f"{name}: запись журнала не читается"
            continue
        seq = int(number)
        if hashes.get(seq - 1, entry.previous) != entry.previous:
            yield f"{name}: запись не продолжает предыдущую"
        hashes[seq] = found[name]


def _gaps(subject: str, events: Iterable[AuditEvent]) -> Iterator[str]:
    """Entries that are missing: those of a subject are numbered from 1 without gaps.

    A cycle tells in the bundle of a pair only what it told of that pair.
    """
    numbers: dict[str, set[int]] = {}
    for event in events:
        if event.subject == subject or not event.subject.startswith("cycle/"):
            numbers.setdefault(event.subject, set()).add(event.n)
    for name, there in sorted(numbers.items()):
        missing = next(n for n in count(1) if n not in there)
        if missing < max(there):
            yield f"{name}: в журнале нет записи {missing}"
