"""Pairs: read, record meetings and monitoring, stop."""

from fastapi import APIRouter, Request, Response

from adapters.postgres.views import LogLine, PairPast, PairView
from api import schemas
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.downloads import BUNDLE_ANSWER, bundle_answer
from api.guard import Guarded
from api.log_asked import OfPair
from api.waiting import with_waiting_pair
from domain import ids
from domain.base import Value
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.pair import Stop
from domain.process import Retry

router = APIRouter(prefix="/pairs", tags=["pairs"], route_class=Guarded)


class Timeline(Value):
    """Events of a pair, in order; `next` as in the log."""

    timeline: tuple[LogLine, ...]
    next: int | None


@router.get("/{pair_id}", name="pairs.get")
def get(pair_id: str, services: ServicesOf, user: Reader) -> PairView:
    """One pair: who, at which stage, with which documents, what is waited for."""
    found = services.views.pair(user.organisation_id, pair_id)
    return with_waiting_pair(services, user, found)


@router.get("/{pair_id}/timeline", name="pairs.timeline")
def timeline(pair_id: str, services: ServicesOf, user: Reader, asked: OfPair) -> Timeline:
    """Everything that happened to the pair and its documents: what, when, who, by which right, on
    what ground, on which version, and whether its files are intact now.
    """
    found = services.views.timeline(user.organisation_id, asked.of(pair_id))
    return Timeline(timeline=found.lines, next=found.next)


@router.get("/{pair_id}/past", name="pairs.past")
def past(pair_id: str, services: ServicesOf, user: Reader, on: OnDay = None) -> PairPast:
    """The pair as it stood at the end of a day, told by the log alone."""
    day = on or services.today(user.organisation_id)
    return services.views.pair_past(user.organisation_id, pair_id, day)


# Not `async`: stored files are read in a thread.
@router.get("/{pair_id}/bundle", name="pairs.bundle", responses=BUNDLE_ANSWER)
def bundle(pair_id: str, request: Request, services: ServicesOf, user: Reader) -> Response:
    """What an auditor takes away of the pair: signed files, the log with proofs, and what checks
    them without us. A ZIP that is made while it is sent; one that breaks off is none.
    """
    return bundle_answer(services, user, request, "pair", pair_id)


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
