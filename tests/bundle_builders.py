"""Bundles for tests: a log in memory with its key, and what is told and kept of a few documents."""

import hashlib
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from adapters.files.keyring import MasterKeys
from adapters.log_keys import LogKeys
from domain.audit import AuditEvent, canonical
from domain.checkpoints import Checkpoint, SignedCheckpoint, origin_of
from domain.merkle import (
    Span,
    Subtree,
    consistency_spans,
    inclusion_spans,
    leaf_hash,
    node_hash,
    span_hash,
)
from runtime.bundle import SUMS, BundleFile, BundleLog, BundleStream, write_bundle
from runtime.check_page.build import PAGE, check_page

ORIGIN = origin_of("0" * 16)
NOON = datetime(2024, 9, 2, 12, tzinfo=UTC)
Files = list[tuple[BundleFile, bytes | None]]


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def a_key(seed: int = 1) -> LogKeys:
    return LogKeys(MasterKeys(bytes([seed] * 32)))


def key_text(seed: int = 1) -> str:
    """As its owner hands it around."""
    return a_key(seed).keys_of(ORIGIN)[0]


@dataclass
class ALog:
    """A whole log: its texts in order; of those at `told` (all, if None) a bundle tells."""

    texts: Sequence[str]
    key: LogKeys = field(default_factory=a_key)
    kept: Sequence[int] = ()
    told: Sequence[int] | None = None
    _hashes: dict[Subtree, bytes] = field(default_factory=dict)

    def signed(self, size: int | None = None) -> SignedCheckpoint:
        return self.key.sign(self.checkpoint(len(self.texts) if size is None else size))

    def checkpoint(self, size: int) -> Checkpoint:
        root = span_hash(Span(0, size), self._hash).hex()
        at = NOON + timedelta(minutes=size)
        return Checkpoint(origin=ORIGIN, size=size, root=root, at=at)

    def bundled(self) -> BundleLog:
        numbers = range(1, len(self.texts) + 1) if self.told is None else self.told
        size = len(self.texts)
        return BundleLog(
            signed=self.signed(),
            entries=((seq, self.texts[seq - 1]) for seq in numbers),
            proofs=((seq, self._proof(inclusion_spans(seq - 1, size))) for seq in numbers),
            earlier=(
                (self.checkpoint(old), self._proof(consistency_spans(old, size)))
                for old in self.kept
            ),
            sign=partial(self.key.note, ORIGIN),
        )

    def _proof(self, spans: Sequence[Span]) -> tuple[str, ...]:
        return tuple(span_hash(span, self._hash).hex() for span in spans)

    def _hash(self, tree: Subtree) -> bytes:
        if tree not in self._hashes:
            if tree.level == 0:
                self._hashes[tree] = leaf_hash(self.texts[tree.place].encode())
            else:
                below = (Subtree(tree.level - 1, 2 * tree.place + side) for side in (0, 1))
                self._hashes[tree] = node_hash(*(self._hash(one) for one in below))
        return self._hashes[tree]


def texts_of(events: Sequence[AuditEvent]) -> list[str]:
    return [canonical(event) for event in events]


@dataclass
class ACycle:
    """Papers of an invented cycle, with what the log tells of them."""

    events: list[AuditEvent] = field(default_factory=list)
    files: Files = field(default_factory=list)

    def happened(
        self,
        subject: str,
        action: str,
        content: bytes | None = None,
        *,
        version: int | None = None,
        **refs: str,
    ) -> None:
        n = 1 + sum(event.subject == subject for event in self.events)
        self.events.append(
            AuditEvent(
                subject=subject,
                n=n,
                action=action,
                actor="system",
                at=NOON + timedelta(minutes=len(self.events)),
                version=version,
                sha256=None if content is None else sha(content),
                refs={"cycle": "c1", **refs},
            )
        )

    def keep(
        self, document: str, version: int, role: str, content: bytes, number: str | None = None
    ) -> None:
        """Put a file into the bundle."""
        ending = {"signed": "pdf", "signature": "p7s"}.get(role, "docx")
        described = BundleFile(
            name=f"{len(self.files) + 1:06d}_order_{document}_v{version}_{role}.{ending}",
            document=document,
            kind="order",
            version=version,
            role=role,
            number=number,
            day=date(2024, 9, 2),
            sha256=sha(content),
            stored_sha256=sha(content[::-1]),
        )
        self.files.append((described, content))

    def paper(
        self, document: str, version: int, draft: bytes, scan: bytes, number: str | None
    ) -> None:
        """A paper from its draft to the sealed scan; some kinds have no number."""
        subject = f"document/{document}"
        self.happened(subject, "drafted", draft, version=version)
        entered = {"number": number or "", "day": "2024-09-02", "kind": "order"}
        self.happened(subject, "registered", draft, version=version, **entered)
        sealed = {"kind": "order", "stored_sha256": sha(scan[::-1])}
        self.happened(subject, "sealed", scan, version=version, **sealed)
        self.keep(document, version, "registered", draft, number)
        self.keep(document, version, "signed", scan, number)

    def written(self, out: Path, subject: str = "cycle/c1", log: ALog | None = None) -> Path:
        """The bundle; `log` if it is another one than of these events alone."""
        log = log or ALog(texts_of(self.events), kept=(2, len(self.events) - 1))
        write_bundle(out, BundleStream(subject, log.bundled(), self.files))
        return out


def a_cycle() -> ACycle:
    """Two papers between the launch and the end."""
    cycle = ACycle()
    cycle.happened("cycle/c1", "launched")
    cycle.paper("d1", 2, b"PK the text that was signed", b"%PDF-1.4 a signed scan", "1-o")
    cycle.paper("d2", 1, b"PK another text", b"%PDF-1.4 another scan", "2-o")
    cycle.happened("cycle/c1", "closed")
    return cycle


def a_random_cycle(chance: random.Random) -> ACycle:
    """Between one and four papers, of any bytes."""
    cycle = ACycle()
    cycle.happened("cycle/c1", "launched")
    for number in range(1, chance.randint(2, 5)):
        cycle.happened("pair/p1", "stage_completed")
        draft, scan = chance.randbytes(chance.randint(1, 300)), chance.randbytes(200)
        entered = chance.choice([f"{number}-o", None])
        cycle.paper(f"d{number}", chance.randint(1, 3), draft, scan, entered)
    return cycle


def unpacked(bundle: Path, folder: Path) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def files_in(folder: Path) -> Iterator[str]:
    """The names of all files, in order."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix()


def resum(folder: Path, *, page: bool = False) -> None:
    """Make the sums agree again, as a forger would; with `page`, its list too."""
    sums = {name: sha((folder / name).read_bytes()) for name in files_in(folder) if name != SUMS}
    if page:
        lines = sorted([*((n, d) for n, d in sums.items() if n != PAGE), (PAGE, None)])
        subject = json.loads((folder / "manifest.json").read_text("utf-8"))["subject"]
        (folder / PAGE).write_text("".join(check_page(subject, lines)), "utf-8")
        sums[PAGE] = sha((folder / PAGE).read_bytes())
    lines_of = (f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    (folder / SUMS).write_text("".join(lines_of), "utf-8")


def edit_lines(file: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the lines of a file of JSON lines."""
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    change(lines)
    text = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)
    file.write_text(text)
