"""A row of a cycle or of a pair, and the forms that change it: its deadline, its lead, whether it
applies, and whether a withdrawn document is drafted anew.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import row_schemas as schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.cycles import state_of
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import Page, field, signed_in, to
from api.pages.words import long_day
from api.routes import rows
from api.routes.reading import Named
from api.routes.roadmap_reading import ItemLine
from api.services import Services
from domain import ids
from domain.base import Value
from domain.errors import BadDate, NotFound, Refused, RowAtWork, WrongState
from domain.row_changes import MarkApplicable, MarkNotApplicable

router = APIRouter(route_class=Page, include_in_schema=False)

ItemId = Annotated[
    str, Query(pattern=r"^[0-9.]{1,12}(@[0-9]{1,2})?(#[0-9]{1,3})?(/[0-9a-f]{16})?$")
]

_LABELS: Final = {"due": "Новый последний день", "lead": "Кто отвечает", "reason": "Почему"}


class Holder(Value):
    """Somebody to choose."""

    id: str
    title: str


@router.get("/cycles/{cycle_id}/row", name="pages.row_of_cycle")
def of_cycle(cycle_id: str, item: ItemId, request: Request, services: ServicesOf) -> Response:
    """One of the cycle's rows."""
    return cycle_page(request, services, cycle_id, item=item)


@router.get("/pairs/{pair_id}/row", name="pages.row_of_pair")
def of_pair(pair_id: str, item: ItemId, request: Request, services: ServicesOf) -> Response:
    """One of the pair's rows."""
    return pair_page(request, services, pair_id, item=item)


@router.post("/cycles/{cycle_id}/row", name="pages.change_row_of_cycle")
async def change_of_cycle(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Change one of the cycle's rows."""
    unsent = await _changed(request, services, ids.cycle_workflow(cycle_id))
    if unsent is None:
        return to(f"/cycles/{cycle_id}")
    return await run_in_threadpool(cycle_page, request, services, cycle_id, unsent)


@router.post("/pairs/{pair_id}/row", name="pages.change_row_of_pair")
async def change_of_pair(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """Change one of the pair's rows."""
    unsent = await _changed(request, services, ids.pair_workflow(pair_id))
    if unsent is None:
        return to(f"/pairs/{pair_id}")
    return await run_in_threadpool(pair_page, request, services, pair_id, unsent)


def cycle_page(
    request: Request,
    services: Services,
    cycle_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    item: str = "",
) -> Response:
    """The forms of a cycle's row, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    cycle = services.views.cycle_line(organisation, cycle_id, services.process_now())
    place = (ids.cycle_workflow(cycle_id), f"/cycles/{cycle_id}", cycle.title)
    return _page(request, services, place, unsent, item)


def pair_page(
    request: Request,
    services: Services,
    pair_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    item: str = "",
) -> Response:
    """The forms of a pair's row, with what was typed before. Raises `NotFound`."""
    pair = services.views.pair(signed_in(request).user.organisation_id, pair_id)
    where = f"{pair.mentor.name} → {pair.mentee.name}"
    place = (ids.pair_workflow(pair_id), f"/pairs/{pair_id}", where)
    return _page(request, services, place, unsent, item, (pair.mentor, pair.mentee))


BACK: Final = (
    (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/row"), cycle_page),
    (re.compile(r"/pairs/(?P<pair_id>[0-9a-f]{16})/row"), pair_page),
)
"""Where forms come back to, when their sender had to sign in."""


async def _changed(request: Request, services: Services, workflow: str) -> Unsent | None:
    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        item, reason = field(request, "item"), field(request, "reason").strip()
        match field(request, "form"):
            case "deadline":
                said = {"due": field(request, "due"), "reason": reason}
                body = schemas.NewDeadline.model_validate(said)
                return await rows.move_deadline(act, workflow, item, body)
            case "lead":
                led = {"lead": field(request, "lead"), "reason": reason}
                lead = schemas.NewLead.model_validate(led)
                return await rows.change_lead(act, workflow, item, lead)
            case "skip" | "resume" as form:
                wish = MarkNotApplicable if form == "skip" else MarkApplicable
                why = schemas.RowReason(reason=reason)
                return await rows.mark(act, wish, workflow, item, why)
            case "draft":
                again = schemas.NewDraft(reason=reason or None)
                return await rows.draft_again(act, workflow, item, field(request, "result"), again)
            case form:
                raise NotFound(f"there is no form {form}")

    return await attempt(request, services, do, _LABELS, _words)


def _page(
    request: Request,
    services: Services,
    place: tuple[str, str, str],
    unsent: Unsent,
    item: str,
    sides: Sequence[Named] = (),
) -> Response:
    """`place` is the workflow, the page of it, and how that is called; `sides` are of a pair."""
    workflow, path, where = place
    who = signed_in(request)
    organisation = who.user.organisation_id
    item = unsent.typed.get("item", item)
    row = services.views.row_line(organisation, workflow, item, services.process_now())
    due = row.due.astimezone(services.zone(organisation)).date() if row.due else None
    return show.page(
        request,
        "row.html",
        unsent.status,
        place=path,
        where=where,
        row=row,
        state=state_of(row),
        until=long_day(due) if due else "без срока",
        today=services.today(organisation).isoformat(),
        holders=_holders(services, organisation, row, sides),
        awaiting=[one for one in row.results if one.awaits_draft],
        at_work=[one for one in row.results if one.document_id and not one.done],
        unsent=unsent,
    )


def _holders(
    services: Services, organisation: str, row: ItemLine, sides: Sequence[Named]
) -> list[Holder]:
    """Staff, bodies and the sides of the pair, the present lead first."""
    people = services.views.people(organisation)
    staff: Mapping[str, str] = {one.id: one.name for one in people if "staff" in one.roles}
    bodies = {one.id: one.name for one in services.views.bodies(organisation)}
    others = {**{one.id: one.name for one in sides}, **staff, **bodies}
    others.pop(row.lead.id, None)
    known = {row.lead.id: row.lead.name, **others}
    return [Holder(id=id_, title=title) for id_, title in known.items()]


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadDate():
            return "Новый последний день: не раньше сегодняшнего и не раньше, чем строка откроется."
        case RowAtWork():
            return "Документ этой строки в работе: сначала отзовите его. Ничего не записано."
        case WrongState():
            return (
                "Сейчас строку так изменить нельзя: она сделана или уже такая. Ничего не записано."
            )
        case _:
            return None
