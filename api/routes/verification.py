"""The walk over stored files, and what it found: runs, incidents, notes of what was done."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from activities.verification_ports import IncidentNote
from api.act import Act
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded
from api.paper_schemas import Reason, VerifyNow
from api.routes.reading import IncidentPage, VerificationView
from domain import ids
from domain.base import Value

router = APIRouter(tags=["verification"], route_class=Guarded)


class Verification(Value):
    """The latest walk, if there was one, and how many incidents of the organisation are open."""

    latest: VerificationView | None
    incidents_open: int


class Begun(Value):
    """A walk was asked for; if one was at work already, it simply goes on."""

    asked_at: datetime


class Noted(Value):
    """What a person said was done is kept."""

    incident_id: str
    note_id: str


@router.get("/verification", name="verification.get")
def verification(services: ServicesOf, user: Reader) -> Verification:
    """How far the verification of stored files is, or how the latest ended."""
    page = services.views.incidents(user.organisation_id, only_open=True, page=1)
    return Verification(latest=services.views.verification(), incidents_open=page.open)


@router.post("/verification", name="verification.start")
async def start(body: VerifyNow, act: Acting) -> Begun:
    """Verify all stored files now, without waiting for the night."""
    del body
    await act.services.gateway.verify()
    return Begun(asked_at=act.services.now())


@router.get("/incidents", name="incidents.list")
def incidents(
    services: ServicesOf,
    user: Reader,
    state: Annotated[Literal["open", "all"], Query(description="Открытые или все")] = "open",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> IncidentPage:
    """Stored files that are not what was kept: open incidents first, then the latest."""
    return services.views.incidents(user.organisation_id, only_open=state == "open", page=page)


@router.post("/incidents/{incident_id}/note", name="incidents.note")
async def note(incident_id: str, body: Reason, act: Acting) -> Noted:
    """Say what was done. The incident closes by itself, once a walk finds the file whole."""
    return await keep_note(incident_id, body, act)


async def keep_note(incident_id: str, said: Reason, act: Act) -> Noted:
    """The page of incidents does this too. Raises `NotFound`."""
    subject = ids.incident_subject(incident_id)
    note_id = await act.keep("incident_note", subject, {"text": said.text})
    kept = IncidentNote(
        organisation_id=act.user.organisation_id,
        incident_id=incident_id,
        note_id=str(note_id),
        by=act.user.id,
        at=act.now,
    )
    await run_in_threadpool(act.services.desk.note_incident, kept)
    return Noted(incident_id=incident_id, note_id=kept.note_id)
