"""The log in an auditor's bundle: whether it is proved, whole, and tells of the files."""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Annotated, Final

from pydantic import Field

from domain.audit import AuditEvent
from domain.base import Value
from domain.checkpoints import Checkpoint
from domain.merkle import is_consistent, is_included, leaf_hash
from runtime.bundle import CONSISTENCY, LOG, PROOFS, BundleFile

_NAME: Final = re.compile(rf"{LOG}/(\d{{9,18}})\.json", re.ASCII)
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Told = tuple[str, int | None, str | None]  # subject, version, SHA-256


class _Proof(Value):
    """A line of `PROOFS`."""

    seq: int
    proof: tuple[Hash, ...]


class _Earlier(Value):
    """A line of `CONSISTENCY`."""

    size: int = Field(alias="from")
    root: Hash
    proof: tuple[Hash, ...]


class BundledLog:
    """The entries of a bundle, folded as they are read: what they prove and what they tell."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._leaves: dict[int, bytes] = {}
        self._numbers: dict[str, set[int]] = {}
        self._told: dict[str, set[_Told]] = {}  # by action
        self._sealed: dict[_Told, tuple[str | None, str | None]] = {}  # kind, stored SHA-256
        self._entered: dict[str, tuple[str | None, str | None]] = {}  # number and day
        self._acts: dict[str | None, str | None] = {}  # act by document that it destroyed
        self._earlier: dict[int, str] = {}  # root by size, proved

    def add(self, name: str, content: bytes) -> None:
        """Take a file of the log."""
        match = _NAME.fullmatch(name)
        try:
            event = AuditEvent.model_validate_json(content)
        except ValueError:
            match = None
        if match is None or f"{int(match[1]):09d}" != match[1]:
            self.problems.append(f"{name}: это не запись журнала; попросите выгрузить заново")
            return
        self._leaves[int(match[1])] = leaf_hash(content)
        self._numbers.setdefault(event.subject, set()).add(event.n)
        told = (event.subject, event.version, event.sha256)
        if event.sha256 is not None:
            self._told.setdefault(event.action, set()).add(told)
        if event.action == "sealed":
            self._sealed[told] = event.refs.get("kind"), event.refs.get("stored_sha256")
        if event.action in {"destroyed", "destroyed_again"}:
            self._acts[event.refs.get("document")] = event.refs.get("act")
        if event.action == "registered":
            self._entered[event.subject] = event.refs.get("number") or None, event.refs.get("day")

    def unproved(self, checkpoint: Checkpoint, lines: Iterable[bytes]) -> Iterator[str]:
        """Entries that are not proved to be in the log, and proofs that prove nothing."""
        root, waiting = bytes.fromhex(checkpoint.root), set(self._leaves)
        for place, line in enumerate(lines, start=1):
            said = f"{PROOFS}, строка {place}"
            try:
                given = _Proof.model_validate_json(line)
            except ValueError:
                yield f"{said}: доказательство не читается; попросите выгрузить заново"
                continue
            entry = f"{LOG}/{given.seq:09d}.json"
            if given.seq not in waiting:
                yield (
                    f"{said}: доказательство для {entry} лишнее: такой записи здесь нет, или оно "
                    "второе; попросите выгрузить заново"
                )
                continue
            waiting.discard(given.seq)
            proof = [bytes.fromhex(node) for node in given.proof]
            leaf = self._leaves[given.seq]
            if not is_included(leaf, given.seq - 1, checkpoint.size, proof, root):
                yield (
                    f"{entry}: доказательство ({said}) не сходится с отметкой журнала: запись или "
                    "оно изменены; покажите это организации"
                )
        for seq in sorted(waiting):
            yield (
                f"{LOG}/{seq:09d}.json: нет доказательства, что эта запись есть в журнале; "
                "попросите выгрузить заново"
            )

    def inconsistent(self, checkpoint: Checkpoint, lines: Iterable[bytes]) -> Iterator[str]:
        """Kept checkpoints that are not proved to be a beginning of the log."""
        root = bytes.fromhex(checkpoint.root)
        for place, line in enumerate(lines, start=1):
            said = f"{CONSISTENCY}, строка {place}"
            try:
                given = _Earlier.model_validate_json(line)
            except ValueError:
                yield f"{said}: доказательство не читается; попросите выгрузить заново"
                continue
            proof = [bytes.fromhex(node) for node in given.proof]
            old = bytes.fromhex(given.root)
            if is_consistent(given.size, checkpoint.size, old, root, proof):
                self._earlier[given.size] = given.root
            else:
                yield (
                    f"{said}: не доказано, что журнал продолжает отметку (записей {given.size}); "
                    "покажите это организации"
                )

    def begins_with(self, kept: Checkpoint) -> bool:
        """Whether a line of `inconsistent` proved that the log begins as `kept` says."""
        return self._earlier.get(kept.size) == kept.root

    def gaps(self, subject: str) -> Iterator[str]:
        """Entries that are missing: those of a subject are numbered from 1 without gaps.

        A cycle tells in the bundle of a pair only what it told of that pair.
        """
        if subject not in self._numbers:
            yield f"{subject}: в журнале нет ни одной записи; попросите выгрузить заново"
        for name, there in sorted(self._numbers.items()):
            if name != subject and name.startswith("cycle/"):
                continue
            missing = next(n for n in count(1) if n not in there)
            if missing < max(there):
                yield f"{name}: в журнале нет записи {missing}; попросите выгрузить заново"

    def untrue(self, file: BundleFile) -> Iterator[str]:
        """What the manifest says of a file, and the log does not."""
        subject = f"document/{file.document}"
        told = (subject, file.version, file.sha256)
        if file.role == "signed":
            if told not in self._sealed:
                yield "в журнале нет события о закладке этого файла"
            elif self._sealed[told] != (file.kind, file.stored_sha256):
                yield "о закладке этого файла в журнале сказано другое"
        if file.role == "signature" and told not in self._told.get("signature_attached", ()):
            yield "в журнале нет события об этой подписи"
        if file.role == "registered" and not any(told in said for said in self._told.values()):
            yield "в журнале нет события об этом тексте"
        day = file.day.isoformat() if file.day else None
        if self._entered.get(subject, (file.number, day)) != (file.number, day):
            yield "номер и дата в журнале другие"
        if file.destroyed and self._acts.get(file.document) != file.destroyed.act:
            yield "в описи уничтожен по акту, а в журнале об этом акте не сказано"

    def unlisted(self, files: Iterable[BundleFile]) -> Iterator[str]:
        """Signed files that the log tells of and the manifest does not."""
        listed = {
            (f"document/{file.document}", file.version, file.sha256)
            for file in files
            if file.role == "signed"
        }
        for subject, version, _ in sorted(self._sealed.keys() - listed, key=str):
            yield f"{subject}, редакция {version}: заложен по журналу, а файла нет"
