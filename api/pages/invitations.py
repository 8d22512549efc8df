"""«Приглашения»: what cycles above ask of the organisation, and what it does about that."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import branch_schemas as schemas
from api import branching, next_year
from api.act import Act
from api.deps import ServicesOf
from api.downloads import file_answer
from api.launch_schemas import NextAsked
from api.pages import show
from api.pages.cycles import when
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt, sent
from api.pages.guard import WritingPage, field, signed_in, to, values
from api.pages.launch import (
    LABELS,
    Checked,
    asked_in,
    check,
    looked_at,
    role_choices,
    wants_launch,
)
from api.pages.results import ItemId, ResultId
from api.policy import ALLOWED
from api.routes import invitations as routes
from api.routes.branch_reading import InvitationLine
from api.services import Services
from api.uploads import DOCX, XLSX
from domain.errors import AlreadyLaunched, NotFound, Refused, WrongState

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {"note": "Что исправлено"}
_STATES: Final[Mapping[str, str]] = {
    "missing": "ещё не отправлен",
    "sent": "отправлен, ждёт ответа",
    "returned": "возвращён",
    "accepted": "принят",
    "excused": "освобождены от него",
    "late": "отправлен, когда его уже не ждали",
}
_STAGES: Final[Mapping[str, str]] = {
    "invited": "ждёт запуска",
    "joined": "идёт",
    "closed": "завершена",
    "left": "вы выбыли",
}
_MAY_CHANGE: Final[Mapping[str, str]] = {
    "deadlines": "сроки",
    "leads": "ответственных",
    "rows": "строки",
}


@router.get("/invitations", name="pages.invitations")
def invitations(request: Request, services: ServicesOf) -> Response:
    """All invitations with the reports that are asked for."""
    user = signed_in(request).user
    now, zone = services.process_now(), services.zone(user.organisation_id)
    known = services.views.invitations(user.organisation_id, now)
    return show.page(
        request,
        "invitations.html",
        lines=[_shown(one, now, zone) for one in known],
        may_launch=user.role in ALLOWED["invitations.launch"],
    )


@router.get("/invitations/{cycle_id}/{n}/launch", name="pages.launching")
def launching(cycle_id: str, n: int, request: Request, services: ServicesOf) -> Response:
    """The form that launches the cycle that was asked for."""
    return launching_page(request, services, cycle_id, n)


@router.post("/invitations/{cycle_id}/{n}/launch", name="pages.launch_invited")
async def launch(
    cycle_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    services: ServicesOf,
) -> Response:
    """Check what is missing; launch if that was asked for by somebody who saw just that."""
    organisation = signed_in(request).user.organisation_id
    checked: list[Checked] = []
    launched: list[str] = []

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        line = await run_in_threadpool(
            services.views.invitation, organisation, cycle_id, n, services.process_now()
        )
        said = asked_in(request)
        next_ = await run_in_threadpool(_next, services, organisation, line, said)
        seen = {**said, "holders": next_.holders} if next_ else said
        checked.append(await check(services, organisation, {**seen, "roadmap": line.roadmap}))
        if wants_launch(request, checked[0]):
            rows = {"rows": values(request, "rows")}
            body = schemas.BranchLaunch.model_validate({**said, **rows})
            launched.append(await branching.launch(act, cycle_id, n, body))
        return None

    unsent = await attempt(request, services, do, LABELS, _words)
    if launched:
        return to(f"/cycles/{launched[0]}")
    back = unsent or looked_at(request)
    return await run_in_threadpool(launching_page, request, services, cycle_id, n, back, *checked)


def launching_page(
    request: Request,
    services: Services,
    cycle_id: str,
    n: int | str,
    unsent: Unsent = NOTHING_UNSENT,
    checked: Checked | None = None,
) -> Response:
    """The form, with what was chosen before and what the check found. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    now = services.process_now()
    line = services.views.invitation(organisation, cycle_id, int(n), now)
    if line.roadmap is None:
        raise NotFound("the cycle above names no roadmap")
    roadmap = services.roadmaps(line.roadmap)
    next_ = _next(services, organisation, line, {})
    holders = next_.holders if next_ else {}
    choices = role_choices(services, organisation, roadmap)
    return show.page(
        request,
        "launching.html",
        unsent.status,
        line=line,
        title=roadmap.title,
        roles=[
            {**one, "value": holders.get(role, "")}
            for role, one in zip(roadmap.launch_roles(), choices, strict=True)
        ],
        changes=next_.changes() if next_ else (),
        taken=unsent.typed.get("rows", "").splitlines(),
        enough=bool(services.views.people(organisation)),
        may_change=", ".join(_MAY_CHANGE[one] for one in line.adapt),
        start=max(line.start, services.today(organisation)).isoformat(),
        checked=checked,
        unsent=unsent,
    )


@router.get("/cycles/{cycle_id}/correct", name="pages.correction")
def correction(
    cycle_id: str, request: Request, services: ServicesOf, *, item: ItemId, result: ResultId
) -> Response:
    """A returned report: the remark, and the form that sends it again."""
    return correction_page(request, services, cycle_id, item=item, result=result)


@router.post("/cycles/{cycle_id}/correct", name="pages.send_correction")
async def send_correction(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Count the report anew and send it again."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        item, result = field(request, "item"), field(request, "result")
        said = {"note": field(request, "note").strip() or None}
        body = schemas.CorrectedReport.model_validate(said)
        return await routes.send_report(cycle_id, item, result, body, act)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then="/invitations",
        again=partial(correction_page, request, services, cycle_id),
    )


def correction_page(
    request: Request,
    services: Services,
    cycle_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    item: str = "",
    result: str = "",
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    organisation, now = signed_in(request).user.organisation_id, services.process_now()
    known = services.views.invitations(organisation, now)
    remarks = [
        one.remark
        for line in known
        if line.own_cycle_id == cycle_id
        for one in line.reports
        if one.state == "returned" and one.remark
    ]
    return show.page(
        request,
        "correction.html",
        unsent.status,
        cycle=services.views.cycle_line(organisation, cycle_id, now),
        remarks=remarks,
        item=unsent.typed.get("item", item),
        result=unsent.typed.get("result", result),
        unsent=unsent,
    )


@router.get("/cycles/{cycle_id}/report.{ending}", name="pages.cycle_report")
def report(
    cycle_id: str,
    ending: Literal["xlsx", "docx"],
    request: Request,
    services: ServicesOf,
    turn: Annotated[int, Query(ge=1, le=10)] = 1,
) -> Response:
    """The organisation's own report, for somebody above who is not in the system."""
    organisation = signed_in(request).user.organisation_id
    found = services.views.own_report(organisation, cycle_id, turn)
    content = services.report_file(found, ending)
    return file_answer(content, f"{found.title}.{ending}", XLSX if ending == "xlsx" else DOCX)


BACK: Final = (
    (
        re.compile(r"/invitations/(?P<cycle_id>[0-9a-f]{16})/(?P<n>[0-9]{1,6})/launch"),
        launching_page,
    ),
    (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/correct"), correction_page),
)
"""Where forms come back to, when their sender had to sign in."""


def _next(
    services: Services, organisation_id: str, line: InvitationLine, said: Mapping[str, object]
) -> next_year.Next | None:
    """What carries over from our cycle of the year before, if there was one."""
    asked = NextAsked.model_validate(said)
    return next_year.of_branch(services, organisation_id, line, asked)


def _shown(line: InvitationLine, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    return {
        "line": line,
        "stage": _STAGES[line.stage],
        "reminded": line.reminded.astimezone(zone).date()
        if line.reminded and line.stage == "invited"
        else None,
        "launchable": line.stage == "invited" and line.own_cycle_id is None and line.roadmap,
        "reports": [
            {
                "title": f"{one.title}, год {one.turn}" if one.turn > 1 else one.title,
                "state": _STATES[one.state],
                "remark": one.remark if one.state == "returned" else "",
                "when": when(one.due, now, zone)
                if one.state in ("missing", "returned") and line.stage != "left"
                else None,
            }
            for one in line.reports
        ],
    }


def _words(refusal: Refused) -> str | None:
    match refusal:
        case AlreadyLaunched():
            return "По этой дорожной карте программа организации уже идёт. Ничего не запущено."
        case WrongState():
            return "Приглашения больше нет, или отчёт уже отправлен. Ничего не записано."
        case _:
            return None
