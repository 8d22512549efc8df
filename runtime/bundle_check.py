"""What an auditor's bundle is checked for: its own sums, its page, the signed log, its manifest.

Nothing else is needed: no network, no server, no secret. Each problem names a file, a document, a
pair or an entry, and what to do.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from adapters.log_keys import verify, verify_note
from domain.base import Value
from domain.checkpoints import Checkpoint
from domain.errors import BadUpload, ForgedCheckpoint
from runtime.bundle import (
    CHECKPOINT,
    CONSISTENCY,
    COVERED,
    FILES,
    KEY,
    LOG,
    MANIFEST,
    PROOFS,
    SIGNED,
    SUMS,
    BundleFile,
    signed_text,
)
from runtime.bundle_log import BundledLog
from runtime.check_page.build import PAGE, frame_hash, listed_in

AGAIN = "попросите выгрузить свидетельства заново"
_ASK = "покажите это организации"
_LARGEST_HELD = 64 * 1024 * 1024  # bytes of what is looked into; files are only hashed
_CHUNK = 1024 * 1024
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError),
    *(NotImplementedError, RuntimeError),  # a compression unknown to us; an encrypted member
)

_OURS = frozenset({SUMS, PAGE, SIGNED, FILES, LOG, *COVERED})
"""What lies in the outermost folder; the rest of FILES and LOG is looked at by itself."""

Openers = Mapping[str, Callable[[], IO[bytes]]]


class Checked(Value):
    """What a check found; `ok` without problems. The rest is of the log, as far as it was read."""

    ok: bool
    checked: int
    problems: tuple[str, ...]
    signed_files: int = 0  # signed copies that the manifest lists
    key: str | None = None
    size: int | None = None
    at: datetime | None = None


class _Manifest(Value):
    """What stands in the bundle."""

    subject: str
    files: tuple[BundleFile, ...]


class _Bundle(Value):
    """A bundle as it was read: hashes of all, bytes of what is looked into."""

    found: dict[str, str]  # SHA-256 by name
    held: dict[str, bytes]
    unread: tuple[str, ...]

    def text(self, name: str) -> str:
        """What a file says; nothing if it is not there or no text."""
        return self.held.get(name, b"").decode(errors="replace")


def check_bundle(
    path: Path,
    key: str | None = None,
    earlier: bytes | None = None,
    former_keys: Sequence[str] = (),
) -> Checked:
    """Check a bundle, packed or unpacked.

    `key` is the verifier key of the log as the reader knows it, `former_keys` those that it had
    before, `earlier` the file of a checkpoint that he or a witness kept, signed by one of these.
    Raises `BadUpload` if it is no bundle.
    """
    with _opened(path) as openers:
        if SUMS not in openers:
            raise BadUpload(f"{path}: это не свидетельства: нет файла {SUMS}")
        log = BundledLog()
        bundle = _read(openers, log)
        problems = [*bundle.unread, *_sums_problems(bundle), *log.problems]
        checkpoint = _checkpoint(bundle, key, problems)
        if checkpoint is not None:
            problems += log.unproved(checkpoint, _lines(openers, PROOFS))
            problems += log.inconsistent(checkpoint, _lines(openers, CONSISTENCY))
            if earlier is not None:
                keys = (key or _key(bundle), *former_keys)
                problems += _earlier_problems(log, checkpoint, keys, earlier)
    manifest = _manifest(bundle, problems)
    if manifest is not None:
        problems += [*_manifest_problems(manifest, bundle.found, log), *log.gaps(manifest.subject)]
        if checkpoint is not None:
            problems += _signed_problems(bundle, manifest.subject)
    return Checked(
        ok=not problems,
        checked=len(bundle.found) - 1,
        problems=tuple(problems),
        signed_files=sum(file.role == "signed" for file in manifest.files) if manifest else 0,
        key=_key(bundle) or None,
        size=checkpoint.size if checkpoint else None,
        at=checkpoint.at if checkpoint else None,
    )


@contextmanager
def _opened(path: Path) -> Iterator[Openers]:
    """How each file of a bundle is opened, by its name inside."""
    if path.is_dir():
        files = (file for file in sorted(path.rglob("*")) if file.is_file())
        yield {file.relative_to(path).as_posix(): partial(_file, file) for file in files}
        return
    try:
        archive = zipfile.ZipFile(path)
    except _UNREADABLE as error:
        raise BadUpload(f"{path}: архив не читается: {error}; {AGAIN}") from error
    with archive:
        openers: dict[str, Callable[[], IO[bytes]]] = {}
        for member in archive.infolist():
            name = PurePosixPath(member.filename)
            # Of two members of a name each program would unpack another one.
            if name.is_absolute() or ".." in name.parts or member.filename in openers:
                raise BadUpload(f"{path}: недопустимый файл внутри: {member.filename}; {AGAIN}")
            if not member.is_dir():
                openers[member.filename] = partial(archive.open, member)
        yield openers


def _file(path: Path) -> IO[bytes]:
    return path.open("rb")


def _read(openers: Openers, log: BundledLog) -> _Bundle:
    """Go through all files once; entries go to `log`."""
    found, held, unread = {}, {}, []
    for name in sorted(openers):
        looked_into = not name.startswith(f"{FILES}/") and name not in (PROOFS, CONSISTENCY)
        try:
            found[name], content = _hashed(openers[name], looked_into=looked_into)
        except _UNREADABLE:
            unread.append(f"{name}: файл не читается, он повреждён; {AGAIN}")
            found[name] = ""
            continue
        if name.startswith(f"{LOG}/") and name not in COVERED:
            log.add(name, content)
        else:
            held[name] = content
    return _Bundle(found=found, held=held, unread=tuple(unread))


def _hashed(opener: Callable[[], IO[bytes]], *, looked_into: bool) -> tuple[str, bytes]:
    digest, held = hashlib.sha256(), bytearray()
    with opener() as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if looked_into:
                held += chunk
            if len(held) > _LARGEST_HELD:
                raise ValueError("larger than anything that we write")
    return digest.hexdigest(), bytes(held)


def _lines(openers: Openers, name: str) -> Iterator[bytes]:
    """The lines of a file; none of what is not there or not read: that is told already."""
    if name not in openers:
        return
    try:
        with openers[name]() as file:
            while line := file.readline(_CHUNK):
                yield line
    except _UNREADABLE:
        return


def _sums_problems(bundle: _Bundle) -> Iterator[str]:
    """Each file must have the sum that the list and the page say."""
    lines = bundle.text(SUMS).splitlines()
    sums = {name: digest for digest, name in (it.split("  ", 1) for it in lines if "  " in it)}
    if len(sums) != len(lines):
        yield f"{SUMS}: список читается не весь; {AGAIN}"
    for name in sorted(bundle.found):
        if name.partition("/")[0] not in _OURS:
            yield f"{name}: посторонний файл, в свидетельствах таких нет; уберите его"
    for name in sorted(sums.keys() | bundle.found.keys() - {SUMS}):
        if name not in bundle.found:
            yield f"{name}: файла нет; {AGAIN}"
        elif name not in sums:
            yield f"{name}: лишний файл, в {SUMS} его нет; уберите его"
        elif sums[name] != bundle.found[name]:
            yield f"{name}: файл изменён; {AGAIN}"
    # The page must hold the sums, or it would call other files intact.
    try:
        listed = listed_in(bundle.held.get(PAGE, b""))
    except (ValueError, TypeError, RecursionError):
        yield f"{PAGE}: список хешей в странице не читается; {AGAIN}"
        return
    if listed != {**sums, PAGE: None}:
        yield f"{PAGE}: список хешей в странице не тот, что в {SUMS}; {AGAIN}"


def _key(bundle: _Bundle) -> str:
    return bundle.text(KEY).strip()


def _checkpoint(bundle: _Bundle, known: str | None, problems: list[str]) -> Checkpoint | None:
    """The checkpoint, if its signature is right; without it the log proves nothing."""
    key = _key(bundle)
    if known is not None and known.strip() != key:
        problems.append(
            f"{KEY}: ключ журнала не тот, что вы назвали; спросите организацию, её ли это ключ"
        )
    try:
        return verify(bundle.text(CHECKPOINT), key)
    except ForgedCheckpoint:
        problems.append(f"{CHECKPOINT}: подпись отметки не сходится с ключом {KEY}; {_ASK}")
        return None


def _earlier_problems(
    log: BundledLog, now: Checkpoint, keys: Sequence[str], earlier: bytes
) -> Iterator[str]:
    """The log must still begin with what a checkpoint that was kept says of it."""
    kept = _kept(earlier.decode(errors="replace"), keys)
    if kept is None:
        yield f"прежняя отметка: её подпись не сходится с ключом журнала; {_ASK}"
        return
    told = f"прежняя отметка (записей {kept.size})"
    if kept.origin != now.origin:
        yield f"{told}: она другого журнала, {kept.origin}; {_ASK}"
    elif kept.size > now.size:
        yield f"{told}: свидетельства старше её; {AGAIN}"
    elif (kept.root != now.root) if kept.size == now.size else not log.begins_with(kept):
        yield (
            f"{told}: в {CONSISTENCY} нет доказательства, что журнал продолжает её; попросите "
            f"выгрузить свидетельства заново, а если не поможет — журнал переписан: {_ASK}"
        )


def _kept(text: str, keys: Sequence[str]) -> Checkpoint | None:
    """The checkpoint, if one of the keys has signed it."""
    for key in keys:
        with suppress(ForgedCheckpoint):
            return verify(text, key.strip())
    return None


def _signed_problems(bundle: _Bundle, subject: str) -> Iterator[str]:
    """What was signed when the bundle was made must be what is in it."""
    try:
        said = verify_note(bundle.text(SIGNED), _key(bundle))
    except ForgedCheckpoint:
        yield f"{SIGNED}: подпись не сходится с ключом {KEY}; {AGAIN}"
        return
    covered = {name: bundle.found.get(name, "") for name in COVERED}
    try:
        frame = frame_hash(bundle.text(PAGE))
    except ValueError:
        frame = ""
    there = signed_text(subject, covered, frame).splitlines()
    for line in there:
        if line not in said.splitlines():
            name = line.partition("  ")[2].partition(" ")[0] or MANIFEST
            yield f"{name}: не то, что было подписано при выгрузке; {AGAIN}"
    if len(said.splitlines()) != len(there):
        yield f"{SIGNED}: подписано не то, что выгружается; {AGAIN}"


def _manifest(bundle: _Bundle, problems: list[str]) -> _Manifest | None:
    try:
        return _Manifest.model_validate_json(bundle.held.get(MANIFEST, b""))
    except ValueError:
        problems.append(f"{MANIFEST}: опись не читается; {AGAIN}")
        return None


def _manifest_problems(
    manifest: _Manifest, found: Mapping[str, str], log: BundledLog
) -> Iterator[str]:
    """Files, manifest and what the log tells of documents must be the same."""
    described = set()
    for file in manifest.files:
        name = f"{FILES}/{file.name}"
        if name in described:
            yield f"{name}: в описи назван дважды; {AGAIN}"
        described.add(name)
        if file.destroyed and name in found:
            yield f"{name}: в описи уничтожен по акту, а файл есть; {_ASK}"
        if not file.destroyed and found.get(name) != file.sha256:
            yield f"{name}: хеш не тот, что в описи; {AGAIN}"
        yield from (f"{name}: {problem}; {_ASK}" for problem in log.untrue(file))
    yield from (f"{problem}; {AGAIN}" for problem in log.unlisted(manifest.files))
    for name in sorted(found):
        if name.startswith(f"{FILES}/") and name not in described:
            yield f"{name}: в описи такого файла нет; уберите его"
