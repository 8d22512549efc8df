"""One organisation below, in a cycle: its report in all versions, and what is done about it."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api import branch_schemas as schemas
from api import branching
from api.act import Act
from api.deps import ServicesOf
from api.downloads import file_answer
from api.pages import branch_words, show
from api.pages.branches import Asked, AskedOf, demand_title, path_of
from api.pages.cycles import when
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import UploadPage, WritingPage, field, signed_in, to, typed
from api.pages.words import moment
from api.policy import ALLOWED
from api.routes.branch_reading import BranchView
from api.schemas import Name
from api.services import Services
from api.uploads import DOCX, XLSX, Upload
from domain.errors import (
    BadFigures,
    BadSpreadsheet,
    BadUpload,
    NotFound,
    NotYours,
    Refused,
    WrongState,
)
from domain.report_forms import ReportForm

router = APIRouter(route_class=WritingPage, include_in_schema=False)

Branch = Annotated[int, Path(ge=1, le=100_000)]
_FIGURE: Final = "figure."
"""Begins the name of a field with a figure."""
_LABELS: Final = {
    "remark": "Что исправить",
    "reason": "Причина",
    "source": "Откуда известно",
    "figures": "Показатели",
    "file": "Файл",
}


class FormPage(WritingPage):
    """A page whose form may send a filled form of a report."""

    body_limit = UploadPage.body_limit
    in_memory = True


uploads = APIRouter(route_class=FormPage, include_in_schema=False)


@router.get("/cycles/{cycle_id}/branches/{n}", name="pages.branch")
def branch(
    cycle_id: str, n: Branch, request: Request, services: ServicesOf, asked: AskedOf
) -> Response:
    """A branch with its report on a demand."""
    return branch_page(request, services, cycle_id, n, asked=asked)


@router.get("/cycles/{cycle_id}/branches/{n}/form.{ending}", name="pages.branch_form")
def form(
    cycle_id: str,
    n: Branch,
    ending: Literal["xlsx", "docx"],
    request: Request,
    services: ServicesOf,
    *,
    demand: Name,
    turn: schemas.Turn = 1,
) -> Response:
    """The form of a report, to be filled elsewhere."""
    organisation = signed_in(request).user.organisation_id
    of = schemas.OfDemand(demand=demand, turn=turn)
    asked = branching.form_of(services, organisation, cycle_id, n, of)
    name = f"{asked.title}, {asked.organisation}.{ending}"
    content = services.report_file(asked, ending)
    return file_answer(content, name, XLSX if ending == "xlsx" else DOCX)


@router.post("/cycles/{cycle_id}/branches/{n}/return", name="pages.return_report")
async def give_back(cycle_id: str, n: Branch, request: Request, services: ServicesOf) -> Response:
    """Return the report with a remark."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {**_of(request), "remark": field(request, "remark").strip()}
        return await branching.give_back(
            act, cycle_id, n, schemas.ReturnedReport.model_validate(said)
        )

    unsent = await attempt(request, services, do, _LABELS, _words)
    return await _shown(request, services, cycle_id, n, unsent)


@uploads.post("/cycles/{cycle_id}/branches/{n}", name="pages.act_on_branch")
async def act_on(cycle_id: str, n: Branch, request: Request, services: ServicesOf) -> Response:
    """Enter a report, take a filled form, excuse the branch, or let it go: the form says which."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        reason = {"reason": field(request, "reason").strip()}
        match field(request, "act"):
            case "excuse":
                excused = schemas.ExcusedReport.model_validate({**_of(request), **reason})
                return await branching.excuse(act, cycle_id, n, excused)
            case "leave":
                leave = schemas.Leave.model_validate(reason)
                return await branching.release(act, cycle_id, n, leave)
            case "upload":
                of = schemas.OfDemand.model_validate(_of(request))
                source = field(request, "source").strip() or None
                return await branching.upload(act, cycle_id, n, of, source, _file(files))
            case _:
                entered = schemas.EnteredReport.model_validate(_entered(request))
                return await branching.enter(act, cycle_id, n, entered)

    organisation = signed_in(request).user.organisation_id
    asked = await run_in_threadpool(branching.asked_by, services, organisation, cycle_id)
    titles = {one.name: one.title for one in asked}
    unsent = await attempt(request, services, do, {**_LABELS, **titles}, _words)
    return await _shown(request, services, cycle_id, n, unsent)


async def _shown(
    request: Request, services: Services, cycle_id: str, n: int, unsent: Unsent | None
) -> Response:
    if unsent is None:
        return to(f"/cycles/{cycle_id}/branches/{n}?{_query(request)}")
    return await run_in_threadpool(branch_page, request, services, cycle_id, n, unsent)


def branch_page(
    request: Request,
    services: Services,
    cycle_id: str,
    n: int,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    asked: Asked | None = None,
) -> Response:
    """The branch with its forms. Raises `NotFound`."""
    user = signed_in(request).user
    organisation, now = user.organisation_id, services.process_now()
    chosen = asked or Asked.again(unsent)
    entered = branching.entered_in(services, organisation, cycle_id)
    found = services.views.branch(organisation, cycle_id, n, chosen.wanted(), entered, now)
    zone = services.zone(organisation)
    line, demand = found.line, found.demand
    waits = demand is not None and not demand.done and line.stage != "left"
    may_enter = user.role in ALLOWED["branches.enter"]
    return show.page(
        request,
        "branch.html",
        unsent.status,
        cycle=services.views.cycle_line(organisation, cycle_id, now),
        found=found,
        line=line,
        about=branch_words.about(line),
        state=branch_words.STATES[line.state],
        demands=[
            {
                "title": demand_title(one),
                "path": path_of(cycle_id, one, line.n),
                "now": one == demand,
            }
            for one in found.demands
        ],
        due=when(demand.due, now, zone) if demand and line.overdue else None,
        versions=[
            {
                "version": one.version,
                "origin": branch_words.ORIGINS[one.origin],
                "by": one.given_by.name if one.given_by else "",
                "when": moment(one.at, zone),
                "source": one.source or "",
                "file": one.file_sha256 or "",
                "figures": [said for said in one.figures if said.value != "0"],
                "zeros": sum(said.value == "0" for said in one.figures),
            }
            for one in found.versions
        ],
        place=f"/cycles/{cycle_id}/branches/{line.n}",
        may_return=waits and line.state == "sent" and user.role in ALLOWED["branches.give_back"],
        may_excuse=waits and may_enter and line.state not in ("accepted", "excused"),
        may_leave=may_enter and line.stage != "left",
        form=_form(services, organisation, cycle_id, found) if waits and may_enter else None,
        unsent=unsent,
    )


def _again(request: Request, services: Services, cycle_id: str, n: str, unsent: Unsent) -> Response:
    return branch_page(request, services, cycle_id, int(n), unsent)


BACK: Final = (
    re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/branches/(?P<n>[0-9]{1,6})(/return)?"),
    _again,
)
"""Where forms come back to, when their sender had to sign in."""


def _form(
    services: Services, organisation: str, cycle_id: str, found: BranchView
) -> ReportForm | None:
    if found.demand is None:
        return None
    of = schemas.OfDemand(demand=found.demand.demand, turn=found.demand.turn)
    return branching.form_of(services, organisation, cycle_id, found.line.n, of)


def _of(request: Request) -> dict[str, object]:
    return {"demand": field(request, "demand"), "turn": field(request, "turn") or 1}


def _query(request: Request) -> str:
    of = _of(request)
    return urlencode(of) if of["demand"] else ""


def _entered(request: Request) -> Mapping[str, object]:
    """What was typed as figures; an empty field says nothing."""
    figures = {
        name.removeprefix(_FIGURE): words.strip()
        for name, words in typed(request).items()
        if name.startswith(_FIGURE) and words.strip()
    }
    return {**_of(request), "figures": figures, "source": field(request, "source").strip()}


def _file(files: tuple[bytes, ...]) -> Upload:
    """Which of the two it is, its bytes say. Raises `BadUpload`."""
    if not files:
        raise BadUpload("файл не выбран")
    (content, *_) = files
    word = b"word/document.xml" in content
    return Upload(content, sha256(content).hexdigest(), DOCX if word else XLSX)


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadFigures() | BadSpreadsheet():
            return " ".join(f"{line.rstrip('.')}." for line in str(refusal).splitlines())
        case WrongState():
            return (
                "Этого отчёта уже не ждут, или на него уже ответили. Ничего не записано, "
                "перед вами нынешнее состояние."
            )
        case NotYours():
            return "Отвечает тот, кто ведёт эту строку, куратор или администратор."
        case NotFound():
            return "Такого отчёта у этой программы нет. Ничего не записано."
        case _:
            return None
