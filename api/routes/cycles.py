"""Cycles: launch, read, form pairs."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from adapters.postgres.views import CyclePast, CycleView, NoticeLine, PairLine
from api import legal_schemas, pairs_again, schemas
from api import next_year as years
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.downloads import BUNDLE_ANSWER, bundle_answer
from api.guard import Guarded
from api.launch_schemas import Holding, NextAsked, NextForeseen, NextLaunch
from api.waiting import with_waiting_cycle
from domain import ids
from domain.base import Value
from domain.cycle_pairs import FormPairs, WelcomeMentor
from domain.process import Retry
from domain.roadmap import MOST_TURNS

router = APIRouter(prefix="/cycles", tags=["cycles"], route_class=Guarded)


class Register(Value):
    """The pairs of a cycle."""

    pairs: tuple[PairLine, ...]


class Notices(Value):
    """What was sent in a cycle."""

    notices: tuple[NoticeLine, ...]


@router.post("", name="cycles.launch")
async def launch(body: schemas.Launch, act: Acting) -> schemas.Launched:
    """Launch a cycle of a roadmap: from now on its rows open and its people are asked."""
    state = await act.prepare_launch(body)
    await act.services.gateway.launch(state)
    return schemas.Launched(cycle_id=state.cycle_id)


@router.get("", name="cycles.list")
def cycles(services: ServicesOf, user: Reader) -> schemas.Cycles:
    """All cycles of the organisation, the earliest launched first."""
    known = services.views.cycles(user.organisation_id)
    return schemas.Cycles(cycles=tuple(schemas.Launched(cycle_id=id_) for id_ in known))


@router.get("/{cycle_id}", name="cycles.get")
def get(cycle_id: str, services: ServicesOf, user: Reader) -> CycleView:
    """One cycle: its rows with their results, what is late, counts, what is waited for."""
    found = services.views.cycle(user.organisation_id, cycle_id, services.process_now())
    return with_waiting_cycle(services, user, found)


@router.get("/{cycle_id}/past", name="cycles.past")
def past(cycle_id: str, services: ServicesOf, user: Reader, on: OnDay = None) -> CyclePast:
    """The cycle as it stood at the end of a day, told by the log alone."""
    day = on or services.today(user.organisation_id)
    return services.views.cycle_past(user.organisation_id, cycle_id, day)


@router.get("/{cycle_id}/register", name="cycles.register")
def register(cycle_id: str, services: ServicesOf, user: Reader) -> Register:
    """The register of pairs, by name."""
    return Register(pairs=services.views.register(user.organisation_id, cycle_id))


@router.get("/{cycle_id}/notices", name="cycles.notices")
def notices(cycle_id: str, services: ServicesOf, user: Reader) -> Notices:
    """Reminders and escalations that were sent, the earliest first."""
    return Notices(notices=services.views.notices(user.organisation_id, cycle_id))


# Not `async`: stored files are read in a thread.
@router.get("/{cycle_id}/bundle", name="cycles.bundle", responses=BUNDLE_ANSWER)
def bundle(cycle_id: str, request: Request, services: ServicesOf, user: Reader) -> Response:
    """What an auditor takes away of the cycle: signed files, the log with proofs, and what checks
    them without us. A ZIP that is made while it is sent; one that breaks off is none.
    """
    return bundle_answer(services, user, request, "cycle", cycle_id)


@router.post("/{cycle_id}/pairs", name="cycles.form_pairs")
async def form_pairs(cycle_id: str, body: schemas.Pairs, act: Acting) -> schemas.Answered:
    """Form pairs, all or none; who is a young specialist follows from the years of experience."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    pairs = await act.choose(body.pairs)
    organisation = act.user.organisation_id
    await run_in_threadpool(pairs_again.check, act.services, organisation, cycle_id, pairs)
    return await act.send(cycle, FormPairs, pairs=pairs)


@router.get("/{cycle_id}/pairs/before", name="cycles.pairs_before")
def pairs_before(cycle_id: str, services: ServicesOf, user: Reader) -> Register:
    """The pairs of the year before that may be formed anew, by name: `follows` of a new pair names
    one of them.
    """
    return Register(pairs=pairs_again.proposed(services, user.organisation_id, cycle_id))


@router.post("/{cycle_id}/mentors", name="cycles.welcome_mentor")
async def welcome_mentor(cycle_id: str, body: schemas.NewMentor, act: Acting) -> schemas.Answered:
    """Take a mentee whose pair is completed into the base of mentors."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    return await act.send(cycle, WelcomeMentor, person_id=await act.person(body.person_id))


@router.post("/{cycle_id}/documents", name="cycles.draft_document")
async def draft_document(
    cycle_id: str, body: legal_schemas.NewDocument, act: Acting
) -> legal_schemas.Drafting:
    """Draft a document apart from the rows: to amend, cancel, replace or end earlier ones."""
    return await act.draft(await act.reach(ids.cycle_workflow(cycle_id)), body)


@router.get("/{cycle_id}/next", name="cycles.next")
def next_year(
    cycle_id: str,
    services: ServicesOf,
    user: Reader,
    start: Annotated[schemas.LaunchDay | None, Query()] = None,
    turns: Annotated[int | None, Query(ge=1, le=MOST_TURNS)] = None,
    holder: Annotated[tuple[Holding, ...], Query(max_length=100)] = (),
) -> NextForeseen:
    """What the year after a cycle begins with: who holds which role, what people changed in rows
    and what is proposed of that, what is missing, what stays open in the old cycle.
    """
    asked = NextAsked(start=start, turns=turns, holders=dict(one.split(":", 1) for one in holder))
    return years.foreseen(services, user.organisation_id, cycle_id, asked)


@router.post("/{cycle_id}/next", name="cycles.launch_next")
async def launch_next(cycle_id: str, body: NextLaunch, act: Acting) -> schemas.Launched:
    """Launch the year after a cycle; the old one goes on beside it until it is done."""
    return schemas.Launched(cycle_id=await years.launch(act, cycle_id, body))


@router.post("/{cycle_id}/retry", name="cycles.retry")
async def retry(cycle_id: str, body: schemas.Retry, act: Acting) -> schemas.Answered:
    """Try again what was refused, after its cause was mended."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    note_id = await act.keep("reason", cycle, {"text": body.note})
    return await act.send(cycle, Retry, note_id)
