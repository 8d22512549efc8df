"""`export` and `verify`: what an auditor takes away, and how it is checked."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from adapters.postgres.archive import SealedFile
from runtime.bundle import BundleFile, Checked, LogEntry, check_bundle, write_bundle
from runtime.wiring import Parts

_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/pkcs7-signature": "p7s",
}
_OWN_ROLES = ("signed", "signature", "visual")
_CHUNK = 1024 * 1024


def export(parts: Parts, what: str, id_: str, out: Path) -> int:
    """Write the bundle of a pair or a cycle; the number of its files.

    Raises `NotFound`, and `BytesChanged` if a sealed file is not what was sealed.
    """
    sealed = parts.archive.sealed_files(what, id_)
    log = (LogEntry(**dict(line)) for line in parts.archive.log(what, id_))
    return write_bundle(out, f"{what}/{id_}", _files(parts, sealed), log)


def _files(parts: Parts, sealed: tuple[SealedFile, ...]) -> Iterator[tuple[BundleFile, bytes]]:
    for place, file in enumerate(sealed, start=1):
        content = parts.files.get(file.key, parts.ledger.data_key(file.key_id))
        role = file.role if file.role in _OWN_ROLES else "registered"
        ending = _ENDINGS[file.media_type]
        yield (
            BundleFile(
                name=f"{place:04d}_{file.kind}_{file.document_id}_v{file.version}_{role}.{ending}",
                document=file.document_id,
                kind=file.kind,
                version=file.version,
                role=role,
                number=file.number,
                day=file.day,
                sha256=file.sha256,
                stored_sha256=file.stored_sha256,
            ),
            content,
        )


def is_bundle(path: Path) -> bool:
    """Whether `path` is checked as a bundle: a folder, or a ZIP that is no DOCX or XLSX."""
    return path.is_dir() or path.suffix.lower() == ".zip"


def verify_bundle(path: Path) -> Checked:
    """Check a bundle. Raises `BadUpload` if it is none."""
    return check_bundle(path)


def verify_file(parts: Parts, path: Path) -> Checked:
    """Say which version of which document a file is, and whether the kept one is intact."""
    known = parts.archive.by_hash(_sha256(path))
    if not known:
        problem = f"{path}: такого файла в хранилище нет, ни одна редакция с ним не совпадает"
        return Checked(ok=False, checked=1, problems=(problem,))
    found = known[0]
    stored = hashlib.sha256(parts.files.stored_bytes(found.key)).hexdigest()
    problems = () if stored == found.stored_sha256 else (f"{found.key}: файл в хранилище изменён",)
    return Checked(
        ok=not problems,
        checked=1,
        problems=problems,
        document=found.document_id,
        version=found.version,
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
