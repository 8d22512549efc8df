"""What cycles above ask of the organisation: it launches its own cycle, and corrects reports."""

from typing import Annotated

from fastapi import APIRouter, Path

from adapters.postgres.invitation_views import InvitationLine
from api import branch_schemas as schemas
from api import branching
from api.deps import Acting, ItemId, Reader, ResultId, ServicesOf
from api.guard import Guarded
from api.schemas import Answered, Launched
from domain import ids
from domain.base import Value
from domain.upper import SendReport

router = APIRouter(tags=["invitations"], route_class=Guarded)


class Invitations(Value):
    """All invitations of the organisation, the latest first."""

    invitations: tuple[InvitationLine, ...]


@router.get("/invitations", name="invitations.list")
def invitations(services: ServicesOf, user: Reader) -> Invitations:
    """The cycles above that invited the organisation, and how its reports to them stand."""
    now = services.process_now()
    return Invitations(invitations=services.views.invitations(user.organisation_id, now))


@router.post("/invitations/{cycle_id}/{n}/launch", name="invitations.launch")
async def launch(
    cycle_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    body: schemas.BranchLaunch,
    act: Acting,
) -> Launched:
    """Launch the cycle that was asked for, by the roadmap of the cycle above."""
    return Launched(cycle_id=await branching.launch(act, cycle_id, n, body))


@router.post(
    "/cycles/{cycle_id}/items/{item:path}/results/{result}/send", name="cycles.send_report"
)
async def send_report(
    cycle_id: str, item: ItemId, result: ResultId, body: schemas.CorrectedReport, act: Acting
) -> Answered:
    """Count a returned report anew and send it up again."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    note = await act.keep("note", cycle, {"text": body.note})
    return await act.send(cycle, SendReport, note, item=item, result=result)
