"""Checkpoints of logs: what a log's owner states of it at a size, and how a witness takes it.

The text is that of a C2SP `tlog-checkpoint`: the origin, the size, the root in base64, and one line
of our own with the time; a `signed-note` puts signatures under it. What a witness is given is the
request of C2SP `tlog-witness`: the size that it keeps, a consistency proof, the signed note.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from domain import merkle
from domain.base import Value
from domain.errors import ForgedCheckpoint, LogForked, StaleProof

_ORIGIN = "nastavnik/"
_TIME = "time "
_OLD = "old "
_LONGEST_PROOF = 63  # by tlog-witness: a log of 2**63 entries needs no more
NAME = r"^[^\s+\x00-\x1f]+$"
"""What a log or a witness may be called, by `signed-note`."""


def origin_of(organisation_id: str) -> str:
    """The name of an organisation's log, in its checkpoints and its key."""
    return f"{_ORIGIN}{organisation_id}"


def owner_of(origin: str) -> str:
    """The organisation whose log has this name."""
    return origin.removeprefix(_ORIGIN)


def _in_whole_seconds(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


class Checkpoint(Value):
    """What a log was at a size: the root over its first `size` entries."""

    origin: str = Field(pattern=NAME)
    size: int = Field(ge=0)
    root: str = Field(pattern=r"^[0-9a-f]{64}$")  # hex
    at: Annotated[datetime, AfterValidator(_in_whole_seconds)]  # UTC


class SignedCheckpoint(Value):
    """A checkpoint with its signed note, and the key that verifies it."""

    checkpoint: Checkpoint
    text: str
    key: str


class Submission(Value):
    """What a witness is given: a signed checkpoint that continues the one of `old` entries."""

    old: int = Field(ge=0)
    proof: tuple[str, ...] = Field(max_length=_LONGEST_PROOF)  # hex
    text: str


class Witnessed(Value):
    """A checkpoint of a foreign log that is kept, and what is answered to its owner."""

    checkpoint: Checkpoint
    key: str
    note: str  # as it was given, with the witness's signature under it
    cosignature: str  # that signature's line
    witness_key: str  # which verifies it
    kept_by: str
    kept_at: datetime


def written(checkpoint: Checkpoint) -> str:
    """The text that is signed, each line with its end."""
    at = f"{checkpoint.at:%Y-%m-%dT%H:%M:%SZ}"
    root = _base64(checkpoint.root)
    return f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n{_TIME}{at}\n"


def read(text: str) -> Checkpoint:
    """The checkpoint of a text that `written` made. Raises `ForgedCheckpoint` on any other."""
    try:
        origin, size, root, time, _ = text.split("\n")
        moment = datetime.strptime(time, f"{_TIME}%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        found = Checkpoint(origin=origin, size=int(size), root=_hex(root), at=moment)
    except (ValueError, binascii.Error) as error:
        raise ForgedCheckpoint("это не текст отметки журнала") from error
    if written(found) != text:  # a checkpoint has one text: no leading zeros, no line more
        raise ForgedCheckpoint("это не текст отметки журнала")
    return found


def written_submission(given: Submission) -> str:
    """The text that is handed to a witness."""
    proof = "".join(f"{_base64(one)}\n" for one in given.proof)
    return f"{_OLD}{given.old}\n{proof}\n{given.text}"


def read_submission(text: str) -> Submission:
    """What was handed to a witness. Raises `ForgedCheckpoint` if it is anything else."""
    head, _, note = text.partition("\n\n")
    old, *proof = head.split("\n")
    try:
        found = Submission(
            old=int(old.removeprefix(_OLD)), proof=tuple(map(_hex, proof)), text=note
        )
    except (ValueError, binascii.Error) as error:
        raise ForgedCheckpoint("это не доказательство для свидетеля") from error
    if written_submission(found) != text:
        raise ForgedCheckpoint("это не доказательство для свидетеля")
    return found


def check_continues(
    kept: Checkpoint | None, new: Checkpoint, old: int, proof: Sequence[str]
) -> None:
    """A witness that keeps `kept` may take `new`.

    Raises `LogForked` if the log was cut off or rewritten since, and `StaleProof` if the proof
    begins at another size than the one that is kept.
    """
    size = kept.size if kept else 0
    if new.size < size:
        raise LogForked(f"в хранимой отметке записей {size}, а в этой только {new.size}")
    if kept and new.size == size:
        if new.root != kept.root:
            raise LogForked(
                f"хранится другая отметка с тем же числом записей, {size}: журнал переписан"
            )
        return
    if old != size:
        raise StaleProof(f"нужно доказательство от записи {size}, а это от {old}")
    root = bytes.fromhex(kept.root) if kept else merkle.EMPTY_ROOT
    hashes = [bytes.fromhex(one) for one in proof]
    if not merkle.is_consistent(size, new.size, root, bytes.fromhex(new.root), hashes):
        raise LogForked(f"не доказано, что журнал продолжает отметку на {size} записей")


def _base64(hashed: str) -> str:
    return base64.b64encode(bytes.fromhex(hashed)).decode()


def _hex(text: str) -> str:
    found = base64.b64decode(text, validate=True)
    if len(found) != merkle.HASH_SIZE:
        raise ValueError(f"a hash has {merkle.HASH_SIZE} bytes")
    return found.hex()
