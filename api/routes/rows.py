"""Changes of rows under way, of a cycle and of a pair alike: each with a reason."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from api import choosing
from api import row_schemas as schemas
from api.act import Act
from api.deps import Acting, ItemId, ResultId
from api.guard import Guarded
from api.schemas import Answered
from domain import ids
from domain.planning import last_moment
from domain.process import Command
from domain.row_changes import (
    ChangeLead,
    DraftAgain,
    MarkApplicable,
    MarkNotApplicable,
    MoveDeadline,
)

router = APIRouter(tags=["rows"], route_class=Guarded)

OF_CYCLE = "/cycles/{cycle_id}/items/{item:path}"
OF_PAIR = "/pairs/{pair_id}/items/{item:path}"


@router.post(f"{OF_CYCLE}/deadline", name="cycles.move_deadline")
async def move_deadline_of_cycle(
    cycle_id: str, item: ItemId, body: schemas.NewDeadline, act: Acting
) -> Answered:
    """Give one of the cycle's rows another last day."""
    return await move_deadline(act, ids.cycle_workflow(cycle_id), item, body)


@router.post(f"{OF_PAIR}/deadline", name="pairs.move_deadline")
async def move_deadline_of_pair(
    pair_id: str, item: ItemId, body: schemas.NewDeadline, act: Acting
) -> Answered:
    """As for a cycle."""
    return await move_deadline(act, ids.pair_workflow(pair_id), item, body)


@router.post(f"{OF_CYCLE}/lead", name="cycles.change_lead")
async def change_lead_of_cycle(
    cycle_id: str, item: ItemId, body: schemas.NewLead, act: Acting
) -> Answered:
    """Give one of the cycle's rows to another; its open tasks pass to him."""
    return await change_lead(act, ids.cycle_workflow(cycle_id), item, body)


@router.post(f"{OF_PAIR}/lead", name="pairs.change_lead")
async def change_lead_of_pair(
    pair_id: str, item: ItemId, body: schemas.NewLead, act: Acting
) -> Answered:
    """As for a cycle."""
    return await change_lead(act, ids.pair_workflow(pair_id), item, body)


@router.post(f"{OF_CYCLE}/not-applicable", name="cycles.mark_not_applicable")
async def mark_not_applicable_in_cycle(
    cycle_id: str, item: ItemId, body: schemas.RowReason, act: Acting
) -> Answered:
    """Say that one of the cycle's rows does not apply: nothing waits for it any more."""
    return await mark(act, MarkNotApplicable, ids.cycle_workflow(cycle_id), item, body)


@router.post(f"{OF_PAIR}/not-applicable", name="pairs.mark_not_applicable")
async def mark_not_applicable_in_pair(
    pair_id: str, item: ItemId, body: schemas.RowReason, act: Acting
) -> Answered:
    """As for a cycle."""
    return await mark(act, MarkNotApplicable, ids.pair_workflow(pair_id), item, body)


@router.post(f"{OF_CYCLE}/applicable", name="cycles.mark_applicable")
async def mark_applicable_in_cycle(
    cycle_id: str, item: ItemId, body: schemas.RowReason, act: Acting
) -> Answered:
    """Ask for a row after all, as long as nothing followed without it."""
    return await mark(act, MarkApplicable, ids.cycle_workflow(cycle_id), item, body)


@router.post(f"{OF_PAIR}/applicable", name="pairs.mark_applicable")
async def mark_applicable_in_pair(
    pair_id: str, item: ItemId, body: schemas.RowReason, act: Acting
) -> Answered:
    """As for a cycle."""
    return await mark(act, MarkApplicable, ids.pair_workflow(pair_id), item, body)


@router.post(f"{OF_CYCLE}/results/{{result}}/draft", name="cycles.draft_again")
async def draft_again_in_cycle(
    cycle_id: str, item: ItemId, result: ResultId, body: schemas.NewDraft, act: Acting
) -> Answered:
    """Draft the document of a result anew, after it was withdrawn."""
    return await draft_again(act, ids.cycle_workflow(cycle_id), item, result, body)


@router.post(f"{OF_PAIR}/results/{{result}}/draft", name="pairs.draft_again")
async def draft_again_in_pair(
    pair_id: str, item: ItemId, result: ResultId, body: schemas.NewDraft, act: Acting
) -> Answered:
    """As for a cycle."""
    return await draft_again(act, ids.pair_workflow(pair_id), item, result, body)


async def move_deadline(
    act: Act, workflow_id: str, item: str, body: schemas.NewDeadline
) -> Answered:
    """The day ends where the organisation is."""
    workflow = await act.reach(workflow_id)
    zone = await run_in_threadpool(act.services.zone, act.user.organisation_id)
    note_id = await act.keep("reason", workflow, {"text": body.reason})
    due = last_moment(body.due, zone)
    return await act.send(workflow, MoveDeadline, note_id, item=item, due=due)


async def change_lead(act: Act, workflow_id: str, item: str, body: schemas.NewLead) -> Answered:
    """Raises `NotFound` for who is no person and no body of the organisation."""
    workflow = await act.reach(workflow_id)
    named = (body.lead, *(body.others or ()))
    lead, *others = await run_in_threadpool(_holders, act, named)
    note_id = await act.keep("reason", workflow, {"text": body.reason})
    said = None if body.others is None else tuple(others)
    return await act.send(workflow, ChangeLead, note_id, item=item, lead=lead, others=said)


async def mark(
    act: Act, wish: type[Command], workflow_id: str, item: str, body: schemas.RowReason
) -> Answered:
    """Whether a row applies."""
    workflow = await act.reach(workflow_id)
    note_id = await act.keep("reason", workflow, {"text": body.reason})
    return await act.send(workflow, wish, note_id, item=item)


async def draft_again(
    act: Act, workflow_id: str, item: str, result: str, body: schemas.NewDraft
) -> Answered:
    """A document in the place of one that was withdrawn."""
    workflow = await act.reach(workflow_id)
    note_id = await act.keep("reason", workflow, {"text": body.reason})
    return await act.send(workflow, DraftAgain, note_id, item=item, result=result)


def _holders(act: Act, named: tuple[str, ...]) -> tuple[str, ...]:
    views, organisation = act.services.views, act.user.organisation_id
    people, bodies = views.people(organisation), views.bodies(organisation)
    return tuple(choosing.holder_of(one, people, bodies) for one in named)
