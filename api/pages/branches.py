"""«Организации» of a cycle: who was invited, how each report stands, what they come to together."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Final, Self
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import branch_schemas as schemas
from api import branching
from api.act import Act
from api.deps import ServicesOf
from api.legal_schemas import MOST_PAPERS, NewDocument
from api.pages import branch_words, show
from api.pages.cycles import STAGES, Until, when
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt, sent
from api.pages.guard import WritingPage, field, signed_in, to, values
from api.policy import ALLOWED
from api.routes.branch_reading import (
    BranchAsked,
    BranchLine,
    BranchPage,
    DemandLine,
    OrganisationAsked,
)
from api.services import Services
from domain import ids
from domain.base import Value
from domain.errors import NotFound, Refused, WrongState
from domain.report_forms import USUAL
from domain.report_sums import SumLine

router = APIRouter(route_class=WritingPage, include_in_schema=False)

A_PAGE: Final = 100
"""As the views have it."""
OfDemand = Annotated[str, Query(pattern=r"^([a-z][a-z0-9_]{0,39})?$")]
_TURN: Final = r"^([1-9]|10)?$"
OfTurn = Annotated[str, Query(pattern=_TURN)]
_STATE: Final = r"^(missing|sent|returned|accepted|excused|late|overdue)?$"
_STAGE: Final = r"^(invited|joined|closed|left)?$"
_LABELS: Final = {
    "branches": "Организации",
    "matching": "Кого пригласить",
    "kind": "Вид",
    "tag": "Метка",
}


class ShownBranch(Value):
    """An organisation in the list."""

    n: int
    name: str
    path: str
    about: str
    state: str
    origin: str
    when: Until
    waits: bool  # for an answer


class Asked(Value):
    """What of the list is shown: as the address says it."""

    demand: str = ""
    turn: str = ""
    state: str = ""
    stage: str = ""
    page: int = 1

    @classmethod
    def again(cls, unsent: Unsent) -> Self:
        """The report that a form was about, if it named one."""
        turn = unsent.typed.get("turn", "")
        known = re.fullmatch(_TURN, turn) is not None
        return cls(demand=unsent.typed.get("demand", ""), turn=turn if known else "")

    def wanted(self) -> BranchAsked:
        overdue = self.state == "overdue"
        return BranchAsked.model_validate(
            {
                "demand": self.demand or None,
                "turn": int(self.turn) if self.turn else None,
                "state": None if overdue else self.state or None,
                "stage": self.stage or None,
                "overdue": overdue,
            }
        )


def asked_of(
    demand: OfDemand = "",
    turn: OfTurn = "",
    state: Annotated[str, Query(pattern=_STATE)] = "",
    stage: Annotated[str, Query(pattern=_STAGE)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Asked:
    """What of the list the address asks for."""
    return Asked(demand=demand, turn=turn, state=state, stage=stage, page=page)


AskedOf = Annotated[Asked, Depends(asked_of)]


@router.get("/cycles/{cycle_id}/branches", name="pages.branches")
def branches(cycle_id: str, request: Request, services: ServicesOf, asked: AskedOf) -> Response:
    """The organisations of a cycle, those first whose reports wait for an answer."""
    return branches_page(request, services, cycle_id, asked=asked)


@router.post("/cycles/{cycle_id}/branches", name="pages.act_on_branches")
async def accept(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Accept the reports that were ticked."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = schemas.Acceptance.model_validate(
            {
                "demand": field(request, "demand"),
                "turn": field(request, "turn") or 1,
                "branches": [int(one) for one in values(request, "branches") if one.isdecimal()],
            }
        )
        return await branching.accept(act, cycle_id, said)

    unsent = await attempt(request, services, do, _LABELS, _words)
    if unsent is None:
        asked = {"demand": field(request, "demand"), "turn": field(request, "turn")}
        return to(f"/cycles/{cycle_id}/branches?{urlencode(asked)}")
    return await run_in_threadpool(branches_page, request, services, cycle_id, unsent)


@router.post("/cycles/{cycle_id}/branches/invitations", name="pages.invite")
async def invite(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Invite organisations of a kind, with a tag, or all."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        if field(request, "again"):
            return await branching.invite(act, cycle_id, schemas.Invitation(again=True))
        kind, tag = field(request, "kind"), field(request, "tag")
        matching = {"kind": kind or None, "tag": tag or None, "all": not (kind or tag) or None}
        said = schemas.Invitation.model_validate({"matching": matching})
        return await branching.invite(act, cycle_id, said)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/cycles/{cycle_id}/branches",
        again=partial(branches_page, request, services, cycle_id),
    )


@router.post("/cycles/{cycle_id}/branches/papers", name="pages.draft_about")
async def draft_about(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Draft a document about each organisation that the list has shown and that is still there."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        named = [one for one in field(request, "branches").split(",") if one]
        if not named:
            raise NotFound("no organisation is named")
        said = NewDocument.model_validate({"kind": field(request, "kind"), "branches": named})
        return await act.draft(await act.reach(ids.cycle_workflow(cycle_id)), said)

    return await sent(
        *(request, services, do, _LABELS, _about_words),
        then=f"/cycles/{cycle_id}/documents",
        again=partial(branches_page, request, services, cycle_id),
    )


@router.get("/cycles/{cycle_id}/branches/figures/{name}", name="pages.branch_figure")
def figure(
    cycle_id: str,
    name: schemas.FigureName,
    request: Request,
    services: ServicesOf,
    asked: AskedOf,
) -> Response:
    """A sum, and what each organisation adds to it."""
    organisation, now = signed_in(request).user.organisation_id, services.process_now()
    entered = branching.entered_in(services, organisation, cycle_id)
    found = services.views.branch_figures(
        organisation, cycle_id, name, asked.wanted(), entered, now
    )
    return show.page(
        request,
        "branch_figure.html",
        cycle=services.views.cycle_line(organisation, cycle_id, now),
        found=found,
        lines=[
            {
                "name": one.branch.name,
                "path": path_of(cycle_id, found.demand, one.branch.n),
                "value": one.value,
                "state": branch_words.STATES[one.branch.state],
                "origin": branch_words.origin(one.branch),
            }
            for one in found.lines
        ],
    )


def branches_page(
    request: Request,
    services: Services,
    cycle_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    asked: Asked | None = None,
) -> Response:
    """The list with its filters, sums and forms. Raises `NotFound`."""
    user = signed_in(request).user
    organisation, now = user.organisation_id, services.process_now()
    zone = services.zone(organisation)
    chosen = asked or Asked.again(unsent)
    entered = branching.entered_in(services, organisation, cycle_id)
    found = services.views.branches(
        organisation, cycle_id, chosen.wanted(), entered, now, chosen.page
    )
    due = when(found.demand.due, now, zone) if found.demand else Until()
    may_invite = user.role in ALLOWED["branches.invite"]
    below = (
        services.views.organisations_below(organisation, OrganisationAsked())
        if may_invite
        else None
    )
    return show.page(
        request,
        "branches.html",
        unsent.status,
        cycle=services.views.cycle_line(organisation, cycle_id, now),
        stages=STAGES,
        found=found,
        due=due,
        demands=[_demand(cycle_id, one, found) for one in found.demands],
        asked=chosen,
        states=_choices({**branch_words.STATES, "overdue": "опоздали"}, "все отчёты"),
        steps=_choices(branch_words.STAGES, "все организации"),
        counted=", ".join(
            f"{words}: {found.states[state]}"
            for state, words in branch_words.STATES.items()
            if state in found.states
        ),
        lines=[_shown(cycle_id, one, found, due) for one in found.lines],
        may_accept=user.role in ALLOWED["branches.accept"],
        papers=[
            {"id": one.kind, "title": one.title}
            for one in services.kinds.values()
            if one.of_organisation and user.role in ALLOWED["cycles.draft_document"]
        ],
        there=[one.n for one in found.lines if one.stage != "left"][:MOST_PAPERS],
        below=below,
        before=[
            one for one in services.views.branches_before(organisation, cycle_id) if not one.invited
        ]
        if may_invite
        else [],
        kinds=_choices(branch_words.KINDS, "любого вида"),
        tags=_choices({tag: tag for tag in below.tags} if below else {}, "с любой меткой"),
        sums=[one for one in found.sums if _is_shown(one)],
        of=urlencode({"demand": found.demand.demand, "turn": found.demand.turn})
        if found.demand
        else "",
        pages=max(1, -(-found.total // A_PAGE)),
        query=urlencode({**chosen.model_dump(exclude={"page"})}),
        unsent=unsent,
    )


def _again(request: Request, services: Services, cycle_id: str, unsent: Unsent) -> Response:
    return branches_page(request, services, cycle_id, unsent)


BACK: Final = (
    re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/branches(/invitations|/papers)?"),
    _again,
)
"""Where forms come back to, when their sender had to sign in."""


def path_of(cycle_id: str, demand: DemandLine | None, n: int) -> str:
    """Where a branch is shown, with this report of it."""
    of = urlencode({"demand": demand.demand, "turn": demand.turn}) if demand else ""
    return f"/cycles/{cycle_id}/branches/{n}" + (f"?{of}" if of else "")


def _demand(cycle_id: str, one: DemandLine, found: BranchPage) -> dict[str, object]:
    asked = urlencode({"demand": one.demand, "turn": one.turn})
    return {
        "title": demand_title(one),
        "path": f"/cycles/{cycle_id}/branches?{asked}",
        "now": one == found.demand,
    }


def demand_title(one: DemandLine) -> str:
    """«Отчёт за год, год 2»."""
    return f"{one.title}, год {one.turn}" if one.turn > 1 else one.title


def _choices(titles: Mapping[str, str], every: str) -> list[dict[str, str]]:
    return [{"id": "", "title": every}, *({"id": k, "title": v} for k, v in titles.items())]


def _shown(cycle_id: str, line: BranchLine, found: BranchPage, due: Until) -> ShownBranch:
    left = line.stage == "left"
    return ShownBranch(
        n=line.n,
        name=line.name,
        path=path_of(cycle_id, found.demand, line.n),
        about=branch_words.about(line),
        state="" if left or found.demand is None else branch_words.STATES[line.state],
        origin=branch_words.origin(line),
        when=due if line.overdue else Until(),
        waits=line.state == "sent" and not left,
    )


def _is_shown(line: SumLine) -> bool:
    """Of the many figures that the system counts, zeros are shown where they say something."""
    return line.name in USUAL or line.value != "0"


def _words(refusal: Refused) -> str | None:
    match refusal:
        case NotFound():
            return "Таких организаций уровнем ниже нет. Никто не приглашён."
        case WrongState():
            return (
                "Среди отмеченных есть отчёт, который уже не ждёт ответа. Ничего не записано, "
                "перед вами нынешнее состояние."
            )
        case _:
            return None


def _about_words(refusal: Refused) -> str | None:
    match refusal:
        case NotFound() | WrongState():
            return "Список организаций изменился или цикл завершён. Ничего не подготовлено."
        case _:
            return None
