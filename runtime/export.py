"""`export` and `verify`: what an auditor takes away, and how it is checked."""

import hashlib
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from adapters.postgres.archive import Exported, SealedFile
from domain.base import Value
from domain.checkpoints import Checkpoint
from domain.errors import BytesChanged, Refused
from runtime.bundle import BundleFile, BundleLog, BundleStream, ByAct
from runtime.wiring import Parts

_ENDINGS = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/pkcs7-signature": "p7s",
}
_OWN_ROLES = ("signed", "signature", "visual")
_PROVED_AT_ONCE = 500


class Recognised(Value):
    """Which version of which document a file is, and what is wrong; nothing if it is not ours."""

    ok: bool
    problems: tuple[str, ...]
    document: str | None = None
    version: int | None = None
    role: str | None = None
    kind: str | None = None
    title: str | None = None
    number: str | None = None
    day: date | None = None
    pair: str | None = None
    destroyed: bool = False
    """By an act: what is kept of it cannot be opened any more."""


def bundle_of(parts: Parts, what: str, id_: str) -> BundleStream:
    """The bundle of a pair or a cycle, as the log is now. Raises `NotFound`.

    While it is read, a file that is not what was sealed raises `NotFound`, `BytesChanged`,
    `WrongKey` or `KeyDestroyed`, with the document's id. No connection is held meanwhile.
    """
    of = parts.archive.exported(what, id_)
    signed = parts.log.checkpoint(of.organisation_id)
    size = signed.checkpoint.size
    log = BundleLog(
        signed=signed,
        entries=((line.seq, line.text) for line in parts.archive.log(of, size)),
        proofs=_proofs(parts, of, size),
        earlier=_earlier(parts, of, size),
        sign=lambda text: parts.log.note(of.organisation_id, text),
    )
    sealed = parts.archive.sealed_files(of, size)
    return BundleStream(f"{what}/{id_}", log, _files(parts, sealed))


def _proofs(parts: Parts, of: Exported, size: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    seqs = (line.seq for line in parts.archive.log(of, size))
    while some := list(islice(seqs, _PROVED_AT_ONCE)):
        yield from tuple(parts.log.inclusion(of.organisation_id, some, size))


def _earlier(parts: Parts, of: Exported, size: int) -> Iterator[tuple[Checkpoint, tuple[str, ...]]]:
    for kept in parts.log.checkpoints(of.organisation_id):
        if 0 < kept.checkpoint.size < size:
            old = kept.checkpoint.size
            yield kept.checkpoint, parts.log.consistency(of.organisation_id, old, size)


def _files(parts: Parts, sealed: Iterator[SealedFile]) -> Iterator[tuple[BundleFile, bytes | None]]:
    for place, file in enumerate(sealed, start=1):
        role = file.role if file.role in _OWN_ROLES else "registered"
        ending = _ENDINGS[file.media_type]
        described = BundleFile(
            name=f"{place:06d}_{file.kind}_{file.document_id}_v{file.version}_{role}.{ending}",
            document=file.document_id,
            kind=file.kind,
            version=file.version,
            role=role,
            number=file.number,
            day=file.day,
            sha256=file.sha256,
            stored_sha256=file.stored_sha256,
            destroyed=_act(file),
        )
        yield described, None if described.destroyed else _content(parts, file)


def _act(file: SealedFile) -> ByAct | None:
    if file.act_id is None:
        return None
    return ByAct(act=file.act_id, number=file.act_number, day=file.act_day)


def _content(parts: Parts, file: SealedFile) -> bytes:
    try:
        content = parts.files.get(file.key, parts.ledger.data_key(file.key_id))
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise BytesChanged(f"{file.key} is not what was recorded")
    except Refused as error:
        where = f"document/{file.document_id}, version {file.version}, {file.role}"
        raise type(error)(f"{where}: {error}") from error
    return content


def is_bundle(path: Path) -> bool:
    """Whether `path` is checked as a bundle: a folder, or a ZIP that is no DOCX or XLSX."""
    return path.is_dir() or path.suffix.lower() == ".zip"


def recognise(parts: Parts, path: Path) -> Recognised:
    """Say which version of which document a file is, and whether the kept one is intact."""
    known = parts.archive.by_hash(_sha256(path))
    if not known:
        problem = f"{path}: такого файла в хранилище нет, ни одна редакция с ним не совпадает"
        return Recognised(ok=False, problems=(problem,))
    found = known[0]
    problems = tuple(_stored_problems(parts, found.key, found.stored_sha256))
    return Recognised(
        ok=not problems,
        problems=problems,
        document=found.document_id,
        title=parts.kinds[found.kind].title if found.kind in parts.kinds else found.kind,
        pair=found.pair_id,
        **found.model_dump(include={"version", "role", "kind", "number", "day", "destroyed"}),
    )


def _stored_problems(parts: Parts, key: str, stored_sha256: str) -> Iterator[str]:
    try:
        stored = hashlib.sha256(parts.files.stored_bytes(key)).hexdigest()
    except Refused:
        yield f"{key}: файла в хранилище нет"
    else:
        if stored != stored_sha256:
            yield f"{key}: файл в хранилище изменён"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
