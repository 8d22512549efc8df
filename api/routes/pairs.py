"""Pairs: read, record meetings and monitoring, stop."""

from fastapi import APIRouter

from adapters.postgres.views import PairView, TimelineEvent
from api import schemas
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from domain import ids
from domain.base import Value
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.pair import Stop
from domain.process import Retry

router = APIRouter(prefix="/pairs", tags=["pairs"], route_class=Guarded)


class Timeline(Value):
    """All events of a pair, in order."""

    timeline: tuple[TimelineEvent, ...]


@router.get("/{pair_id}", name="pairs.get")
def get(pair_id: str, services: ServicesOf, user: Reader) -> PairView:
    """One pair: who, at which stage, with which documents."""
    return services.views.pair(user.organisation_id, pair_id)


@router.get("/{pair_id}/timeline", name="pairs.timeline")
def timeline(pair_id: str, services: ServicesOf, user: Reader) -> Timeline:
    """Everything that happened to the pair and its documents: what, when, who, which version."""
    return Timeline(timeline=services.views.timeline(user.organisation_id, pair_id))


@router.post("/{pair_id}/meetings", name="pairs.record_meeting")
async def record_meeting(pair_id: str, body: schemas.Meeting, act: Acting) -> schemas.Answered:
    """Record a meeting that took place."""
    pair = await act.reach(ids.pair_workflow(pair_id))
    note_id = await act.keep("notes", pair, {"text": body.notes})
    return await act.send(pair, RecordMeeting, note_id, **body.model_dump(exclude={"notes"}))


@router.post("/{pair_id}/monitoring", name="pairs.record_monitoring")
async def record_monitoring(
    pair_id: str, body: schemas.Monitoring, act: Acting
) -> schemas.Answered:
    """Record one voice's monitoring form."""
    pair = await act.reach(ids.pair_workflow(pair_id))
    note_id = await act.keep("notes", pair, {"text": body.notes})
    return await act.send(pair, RecordMonitoring, note_id, **body.model_dump(exclude={"notes"}))


@router.post("/{pair_id}/stop", name="pairs.stop")
async def stop(pair_id: str, body: schemas.Stop, act: Acting) -> schemas.Answered:
    """End the pair early."""
    pair = await act.reach(ids.pair_workflow(pair_id))
    note_id = await act.keep("reason", pair, {"text": body.note})
    return await act.send(pair, Stop, note_id, reason=body.reason)


@router.post("/{pair_id}/retry", name="pairs.retry")
async def retry(pair_id: str, body: schemas.Retry, act: Acting) -> schemas.Answered:
    """Try again what was refused, after its cause was mended."""
    pair = await act.reach(ids.pair_workflow(pair_id))
    note_id = await act.keep("reason", pair, {"text": body.note})
    return await act.send(pair, Retry, note_id)
