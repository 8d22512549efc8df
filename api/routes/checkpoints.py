"""What the organisation's log states of itself, and what is kept of other logs as their witness."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import Field

from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from api.schemas import example
from domain.base import Value
from domain.checkpoints import SignedCheckpoint, Witnessed

router = APIRouter(tags=["log"], route_class=Guarded)

_NOTE: Final = "nastavnik/5f3a\n12\nq83v…=\ntime 2026-11-22T19:10:00Z\n\n— nastavnik/5f3a AAAA…\n"
_KEY: Final = "nastavnik/5f3a+0a1b2c3d+AbCd…"
Note = Annotated[str, Field(min_length=1, max_length=65536)]
KeyText = Annotated[str, Field(min_length=1, max_length=300)]
Size = Annotated[int, Query(ge=0, le=2**62)]


class Handed(Value):
    """A log's checkpoint for its witness: what `proof` gave, and the first time the log's key."""

    model_config = example(submission=f"old 0\n\n{_NOTE}", key=_KEY)

    submission: Note
    key: KeyText | None = None


class Cosigned(Value):
    """A checkpoint of ours with the line of a witness under it, and the witness's key."""

    model_config = example(note=f"{_NOTE}— nastavnik/c1 BBBB…\n", key=_KEY)

    note: Note
    key: KeyText


class WitnessedLogs(Value):
    """What is kept of other logs; of each the latest first."""

    witnessed: tuple[Witnessed, ...]


class SignedAt(Value):
    """When the witness signed."""

    signed_at: datetime


@router.get("/log/checkpoint", name="log.checkpoint")
def checkpoint(services: ServicesOf, user: Reader) -> SignedCheckpoint:
    """A signed checkpoint of the log as it is now, and the key that verifies it."""
    return services.log.checkpoint(user.organisation_id)


@router.get("/log/proof", name="log.proof")
def proof(
    services: ServicesOf,
    user: Reader,
    old: Annotated[Size, Query(alias="from", description="Сколько записей хранит свидетель")] = 0,
    new: Annotated[
        Size | None, Query(alias="to", description="До отметки на столько; без него — до новой")
    ] = None,
) -> SignedCheckpoint:
    """The text for a witness: a new checkpoint, and that it continues the one of `from` entries."""
    return services.log.submission(user.organisation_id, old, new)


@router.get("/log/witnessed", name="log.witnessed")
def witnessed(services: ServicesOf, user: Reader) -> WitnessedLogs:
    """The checkpoints of other logs that the organisation keeps."""
    return WitnessedLogs(witnessed=services.witness.kept(user.organisation_id))


@router.post("/log/witnessed", name="log.witness")
def witness(body: Handed, act: Acting) -> Witnessed:
    """Keep a checkpoint of another log, if it continues the one before; the answer is signed."""
    organisation = act.user.organisation_id
    return act.services.witness.keep(organisation, body.submission, act.user.id, body.key)


@router.post("/log/cosignatures", name="log.keep_cosignature")
def keep_cosignature(body: Cosigned, act: Acting) -> SignedAt:
    """Keep a witness's signature under a checkpoint of the organisation's own log."""
    witness, organisation = act.services.witness, act.user.organisation_id
    signed_at = witness.keep_cosignature(organisation, body.note, body.key, act.user.id)
    return SignedAt(signed_at=signed_at)
