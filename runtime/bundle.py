"""The auditor's bundle: a ZIP that `sha256sum` alone, a browser or `nastavnik verify` checks.

`files/` holds each sealed file, the rendering that was signed and electronic signatures of it;
`log/` one entry of the log in each file, exactly the bytes that are a leaf of its Merkle tree, with
proofs that the signed checkpoint beside them stands over these entries. It is made as a stream, so
its size costs no memory; what must be known of all before is kept in temporary files meanwhile.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from domain.base import Value
from domain.checkpoints import Checkpoint, SignedCheckpoint
from runtime.check_page.build import PAGE, check_page, frame_hash
from runtime.zip_stream import ZipStream

SUMS, MANIFEST, README, SIGNED = "SHA256SUMS", "manifest.json", "README.txt", "signed.txt"
LOG, FILES = "log", "files"
CHECKPOINT, CONSISTENCY = f"{LOG}/checkpoint.txt", f"{LOG}/consistency.jsonl"
KEY, PROOFS = f"{LOG}/key.txt", f"{LOG}/proofs.jsonl"
COVERED = (README, CHECKPOINT, CONSISTENCY, KEY, PROOFS, MANIFEST)
"""What `SIGNED` names by hash; the checkpoint covers the entries, the manifest the files."""
_CHUNK = 64 * 1024

_README = """Свидетельства: {subject}

Проверить, что ни один файл не изменён, можно тремя способами.

  1. Программой sha256sum:

    unzip {name} -d bundle
    cd bundle
    sha256sum -c SHA256SUMS

  2. В браузере: распакуйте архив, откройте check.html и выберите распакованную папку. Сеть
     не нужна. Список хешей стоит в самой странице; её собственный — только в SHA256SUMS: назвать
     его она не может.

  3. Там, где стоит «Наставник», — ещё и журнал, его подпись и опись; ни сеть, ни сервер не нужны:

    nastavnik verify {name} --key КЛЮЧ --checkpoint ОТМЕТКА

     КЛЮЧ — открытый ключ журнала, который вы получили от организации раньше и другим путём (такой
     же должен лежать в log/key.txt). ОТМЕТКА — файл с прежней отметкой журнала, если она у вас или
     у свидетеля есть: проверка покажет, что с тех пор из журнала ничего не убрали и в нём ничего не
     переписали. Без ключа и отметки проверяется всё остальное.

Что здесь лежит
  files/                 подписанные файлы, тексты, которые подписывались, и электронные подписи
                         (p7s)
  log/НОМЕР.json         журнал событий: один файл — одна запись
  log/checkpoint.txt     подписанная отметка журнала: сколько в нём записей и корень дерева их хешей
                         (C2SP tlog-checkpoint)
  log/consistency.jsonl  доказательства, что прежние отметки — начало того же журнала
  log/key.txt            открытый ключ, которым проверяется подпись отметки
  log/proofs.jsonl       доказательства, что эти записи есть в журнале (RFC 9162)
  manifest.json          опись: документы, редакции, номера, даты, хеши; названо и уничтоженное
  signed.txt             хеши описи, этого файла и доказательств, подписанные тем же ключом

Как убедиться, что подписан именно этот файл
  1. Посчитайте его хеш: sha256sum files/…
  2. Найдите этот хеш в журнале: grep -l ХЕШ log/*.json
     Событие sealed называет документ, редакцию и время.
"""


class ByAct(Value):
    """The act by which something was destroyed."""

    act: str
    number: str | None
    day: date | None


class BundleFile(Value):
    """A file of a document as the bundle holds it; of a destroyed one there are no bytes."""

    name: str  # inside files/
    document: str
    kind: str
    version: int
    role: str  # signed, registered, signature or visual
    number: str | None
    day: date | None
    sha256: str
    stored_sha256: str
    destroyed: ByAct | None = None


@dataclass(frozen=True)
class BundleLog:
    """The log of a bundle; each part is gone through once, in order of the entries."""

    signed: SignedCheckpoint
    entries: Iterable[tuple[int, str]]
    """Number and canonical text."""
    proofs: Iterable[tuple[int, tuple[str, ...]]]
    earlier: Iterable[tuple[Checkpoint, tuple[str, ...]]]
    """Checkpoints that were kept, with the proof that each is a beginning of this one."""
    sign: Callable[[str], str]
    """Makes a signed note of a text, by the key of the checkpoint."""


class BundleStream:
    """The bytes of the bundle of `subject`; the same contents give the same bytes.

    Whatever goes wrong on the way rises between two chunks: what came before it is no ZIP.
    """

    def __init__(
        self, subject: str, log: BundleLog, files: Iterable[tuple[BundleFile, bytes | None]]
    ) -> None:
        """Of a destroyed file there are no bytes."""
        self._subject = subject
        self._log = log
        self._files = files
        self.members = 0
        """How many files it holds, `SHA256SUMS` not counted; known at the end."""

    @property
    def name(self) -> str:
        """What a file with it is called."""
        return bundle_name(self._subject)

    def __iter__(self) -> Iterator[bytes]:
        with ExitStack() as stack:
            spools = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(4)]
            writing = _Writing(ZipStream(spools[0]), {LOG: spools[1], FILES: spools[2]})
            yield from _in_chunks(self._members(writing, spools[3]))
            self.members = writing.zip.members - 1

    def _members(self, writing: "_Writing", listed: IO[bytes]) -> Iterator[bytes]:
        """First what is at hand at once: the reader waits. Folders in order of their names."""
        subject, log, add = self._subject, self._log, writing.add
        for seq, text in log.entries:
            yield from add(f"{LOG}/{seq:09d}.json", [text.encode()])
        yield from add(CHECKPOINT, [log.signed.text.encode()])
        yield from add(CONSISTENCY, (_earlier_line(*one) for one in log.earlier))
        yield from add(KEY, [f"{log.signed.key}\n".encode()])
        yield from add(PROOFS, (_line({"seq": n, "proof": proof}) for n, proof in log.proofs))
        for file, content in self._files:
            if content is not None:
                yield from add(f"{FILES}/{file.name}", [content])
            listed.write((b",\n" if listed.tell() else b"") + file.model_dump_json().encode())
        yield from add(MANIFEST, _manifest(subject, listed))
        yield from add(README, [readme(subject).encode()])
        frame = frame_hash("".join(check_page(subject, [])))
        covered = {name: writing.sum_of[name] for name in COVERED}
        yield from add(SIGNED, [log.sign(signed_text(subject, covered, frame)).encode()])
        yield from add(PAGE, (part.encode() for part in check_page(subject, writing.sums())))
        lines = (f"{digest}  {name}\n".encode() for name, digest in writing.sums())
        yield from writing.zip.member(SUMS, lines)
        yield from writing.zip.end()


class _Writing:
    """A ZIP in the making, and the sums of what is in it: of folders they lie in files."""

    def __init__(self, zip_: ZipStream, spools: Mapping[str, IO[bytes]]) -> None:
        self.zip = zip_
        self.sum_of: dict[str, str] = {}
        self._spools = spools

    def add(self, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The bytes of a member; those of a folder come in order of their names."""
        digest = hashlib.sha256()

        def hashed() -> Iterator[bytes]:
            for chunk in chunks:
                digest.update(chunk)
                yield chunk

        yield from self.zip.member(name, hashed())
        folder, slash, _ = name.partition("/")
        if slash:
            self._spools[folder].write(f"{digest.hexdigest()} {name}\n".encode())
        if not slash or name in COVERED:
            self.sum_of[name] = digest.hexdigest()

    def sums(self) -> Iterator[tuple[str, str | None]]:
        """Name and sum of all members, in order of names; None for the page before it is there."""
        yield README, self.sum_of[README]
        yield PAGE, self.sum_of.get(PAGE)
        for folder in sorted(self._spools):
            self._spools[folder].seek(0)
            for line in self._spools[folder]:
                digest, name = line.decode().rstrip("\n").split(" ", 1)
                yield name, digest
        yield MANIFEST, self.sum_of[MANIFEST]
        yield SIGNED, self.sum_of[SIGNED]


def bundle_name(subject: str) -> str:
    """The file name of the bundle of a pair or cycle."""
    return f"{subject.replace('/', '-')}.zip"


def write_bundle(out: Path, stream: BundleStream) -> int:
    """Write a bundle; the number of files in it, the sums not counted.

    A half-written bundle never stands under `out`.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as file:
            for chunk in stream:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return stream.members


def readme(subject: str) -> str:
    """What a reader of the bundle is told."""
    return _README.format(subject=subject, name=bundle_name(subject))


def signed_text(subject: str, covered: Mapping[str, str], frame: str) -> str:
    """The text of `SIGNED`: the hashes of `covered`, and of the page but for its list."""
    lines = "".join(f"{covered[name]}  {name}\n" for name in COVERED)
    return f"nastavnik bundle\n{subject}\n{lines}{frame}  {PAGE} - list\n"


def _manifest(subject: str, listed: IO[bytes]) -> Iterator[bytes]:
    listed.seek(0)
    yield f'{{"subject": {json.dumps(subject)}, "files": [\n'.encode()
    yield from listed
    yield b"\n]}\n"


def _earlier_line(kept: Checkpoint, proof: tuple[str, ...]) -> bytes:
    return _line({"from": kept.size, "root": kept.root, "proof": proof})


def _line(fields: Mapping[str, object]) -> bytes:
    return f"{json.dumps(fields, separators=(',', ':'))}\n".encode()


def _in_chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in few pieces: each costs its reader a turn."""
    held = bytearray()
    for part in parts:
        held += part
        if len(held) >= _CHUNK:
            yield bytes(held)
            held.clear()
    yield bytes(held)
