"""The cycles below a cycle: invitations, reports, what those who use no system reported."""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Response

from adapters.postgres.below_views import PeoplePage
from adapters.postgres.branch_views import (
    BranchAsked,
    BranchPage,
    BranchStage,
    BranchView,
    FigurePage,
    ReportState,
)
from api import branch_schemas as schemas
from api import branching
from api.deps import Acting, Reader, ServicesOf
from api.downloads import file_answer
from api.guard import Guarded, GuardedUpload
from api.schemas import Answered, Name, Text
from api.uploads import DOCX, REPORT_BODY, XLSX, ReportFile

router = APIRouter(prefix="/cycles", tags=["branches"], route_class=Guarded)
uploads = APIRouter(prefix="/cycles", tags=["branches"], route_class=GuardedUpload)

PageNumber = Annotated[int, Query(ge=1, le=10_000)]
OfDemand = Annotated[
    Name | None, Query(description="По какому отчёту; без него — по первому, которого ждут")
]
OfTurn = Annotated[schemas.Turn | None, Query(description="За какой год программы")]
TheDemand = Annotated[Name, Query(description="Какой отчёт")]
TheTurn = Annotated[schemas.Turn, Query(description="За какой год программы")]
Source = Annotated[Text | None, Query(description="Откуда файл: письмо, его число и номер")]
Branch = Annotated[int, Path(ge=1, le=100_000)]
Ending = Literal["xlsx", "docx"]
MEDIA_TYPES: Final = {"xlsx": XLSX, "docx": DOCX}

FORM_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Форма отчёта",
        "content": {
            one: {"schema": {"type": "string", "format": "binary"}} for one in (XLSX, DOCX)
        },
    }
}


@router.post("/{cycle_id}/branches", name="branches.invite")
async def invite(cycle_id: str, body: schemas.Invitation, act: Acting) -> Answered:
    """Invite organisations below, named or matching; who is invited already stays as he is."""
    return await branching.invite(act, cycle_id, body)


@router.get("/{cycle_id}/branches", name="branches.list")
def branches(
    cycle_id: str,
    services: ServicesOf,
    user: Reader,
    *,
    demand: OfDemand = None,
    turn: OfTurn = None,
    stage: Annotated[BranchStage | None, Query(description="На каком они этапе")] = None,
    state: Annotated[ReportState | None, Query(description="Что с отчётом")] = None,
    overdue: Annotated[bool, Query(description="Только те, кто опоздал")] = False,
    page: PageNumber = 1,
) -> BranchPage:
    """Who was invited, how each report stands, and the sums; a hundred at a time."""
    asked = BranchAsked(demand=demand, turn=turn, stage=stage, state=state, overdue=overdue)
    entered = branching.entered_in(services, user.organisation_id, cycle_id)
    now = services.process_now()
    return services.views.branches(user.organisation_id, cycle_id, asked, entered, now, page)


@router.get("/{cycle_id}/branches/figures/{name}", name="branches.figure")
def figure(
    cycle_id: str,
    name: Annotated[schemas.FigureName, Path()],
    services: ServicesOf,
    user: Reader,
    demand: OfDemand = None,
    turn: OfTurn = None,
) -> FigurePage:
    """A sum, and what each organisation adds to it."""
    asked = BranchAsked(demand=demand, turn=turn)
    entered = branching.entered_in(services, user.organisation_id, cycle_id)
    now = services.process_now()
    return services.views.branch_figures(user.organisation_id, cycle_id, name, asked, entered, now)


@router.post("/{cycle_id}/branches/accept", name="branches.accept")
async def accept(cycle_id: str, body: schemas.Acceptance, act: Acting) -> Answered:
    """Accept the reports of many branches, all or none."""
    return await branching.accept(act, cycle_id, body)


@router.get("/{cycle_id}/branches/people", name="branches.people")
def people(cycle_id: str, services: ServicesOf, user: Reader, turn: OfTurn = None) -> PeoplePage:
    """Who takes part below: a name only where a consent in force names us, others as a number."""
    return services.views.people_below(user.organisation_id, cycle_id, services.process_now(), turn)


@router.get("/{cycle_id}/branches/{n}", name="branches.get")
def branch(
    cycle_id: str,
    n: Branch,
    services: ServicesOf,
    user: Reader,
    demand: OfDemand = None,
    turn: OfTurn = None,
) -> BranchView:
    """One branch with all versions of its report: where each came from, who entered it."""
    asked = BranchAsked(demand=demand, turn=turn)
    entered = branching.entered_in(services, user.organisation_id, cycle_id)
    now = services.process_now()
    return services.views.branch(user.organisation_id, cycle_id, n, asked, entered, now)


@router.post("/{cycle_id}/branches/{n}/return", name="branches.give_back")
async def give_back(
    cycle_id: str, n: Branch, body: schemas.ReturnedReport, act: Acting
) -> Answered:
    """Return one report with a remark; only that branch opens again."""
    return await branching.give_back(act, cycle_id, n, body)


@router.post("/{cycle_id}/branches/{n}/excuse", name="branches.excuse")
async def excuse(cycle_id: str, n: Branch, body: schemas.ExcusedReport, act: Acting) -> Answered:
    """Excuse a branch from a report."""
    return await branching.excuse(act, cycle_id, n, body)


@router.post("/{cycle_id}/branches/{n}/leave", name="branches.release")
async def release(cycle_id: str, n: Branch, body: schemas.Leave, act: Acting) -> Answered:
    """The organisation leaves the cycle; nothing is waited for from it any more."""
    return await branching.release(act, cycle_id, n, body)


@router.get("/{cycle_id}/branches/{n}/form.{ending}", name="branches.form", responses=FORM_ANSWER)
def form(
    cycle_id: str,
    n: Branch,
    ending: Ending,
    services: ServicesOf,
    user: Reader,
    demand: TheDemand,
    turn: TheTurn = 1,
) -> Response:
    """A form of a report to be filled by an organisation that does not use the system."""
    of = schemas.OfDemand(demand=demand, turn=turn)
    asked = branching.form_of(services, user.organisation_id, cycle_id, n, of)
    content = services.report_file(asked, ending)
    return file_answer(
        content, f"{asked.title}, {asked.organisation}.{ending}", MEDIA_TYPES[ending]
    )


@router.post("/{cycle_id}/branches/{n}/reports", name="branches.enter")
async def enter(cycle_id: str, n: Branch, body: schemas.EnteredReport, act: Acting) -> Answered:
    """Enter a report by hand in the place of a branch; it is marked so for good."""
    return await branching.enter(act, cycle_id, n, body)


@uploads.post(
    "/{cycle_id}/branches/{n}/reports/file", name="branches.upload", openapi_extra=REPORT_BODY
)
async def upload(
    cycle_id: str,
    n: Branch,
    file: ReportFile,
    act: Acting,
    demand: TheDemand,
    turn: TheTurn = 1,
    source: Source = None,
) -> Answered:
    """Take the filled form of a branch, XLSX or DOCX (the raw body); mistakes are told by cell."""
    of = schemas.OfDemand(demand=demand, turn=turn)
    return await branching.upload(act, cycle_id, n, of, source, file)


@router.get("/{cycle_id}/report.{ending}", name="cycles.report", responses=FORM_ANSWER)
def own_report(
    cycle_id: str, ending: Ending, services: ServicesOf, user: Reader, turn: TheTurn = 1
) -> Response:
    """What a year of the cycle comes to, as a report to somebody above who is not in the system."""
    report = services.views.own_report(user.organisation_id, cycle_id, turn)
    content = services.report_file(report, ending)
    return file_answer(content, f"{report.title}.{ending}", MEDIA_TYPES[ending])
