"""Rights to decide and to sign: who decides for whom; the administrator gives and ends them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api import authorising
from api.act import Act
from api.authority_schemas import AuthorityEnd, NewAuthority
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in
from api.pages.words import long_day
from api.policy import ALLOWED
from api.routes.reading import AuthorityLine, PersonLine
from api.services import Services
from domain.base import Value
from domain.errors import BadDate, Refused, RightOver, RightTaken
from domain.mandates import Capacity

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {
    "person": "Кто",
    "capacity": "Как решает",
    "post": "Должность в подписи",
    "instead_of": "Вместо кого",
    "succeeds": "Кого сменяет",
    "since": "С какого дня",
    "until": "По какой день",
    "what": "Основание",
    "number": "Номер основания",
    "reason": "Причина",
}
_FIELDS: Final = ("person", "capacity", "post", "instead_of", "succeeds", "since", "until")
_MAY_BE_LEFT_OUT: Final = ("post", "instead_of", "succeeds", "until")
_CAPACITIES: Final[Mapping[Capacity, str]] = {
    Capacity.SUBSTITUTE: "замещает на время отсутствия",
    Capacity.POWER_OF_ATTORNEY: "по доверенности, вместе с доверителем",
    Capacity.ACTING: "исполняет обязанности",
    Capacity.OWN: "руководитель, своё право",
}
_HEADS: Final = (Capacity.OWN, Capacity.ACTING)
_GROUNDS: Final = {"order": "приказ", "power_of_attorney": "доверенность", "charter": "устав"}


class ShownRight(Value):
    """A right in words."""

    id: str
    title: str
    how: str
    days: str
    kinds: str
    ground: str
    ended: str
    endable: bool
    end_day: str
    """The day that the form begins with."""


@router.get("/authorities", name="pages.authorities")
def authorities(
    request: Request,
    services: ServicesOf,
    holder: Annotated[str, Query(pattern=r"^([0-9a-f]{16})?$")] = "",
) -> Response:
    """All rights; `holder` is a person in whose place nobody may decide."""
    return authorities_page(request, services, holder=holder)


@router.post("/authorities", name="pages.act_on_authority")
async def act_on(request: Request, services: ServicesOf) -> Response:
    """Give a right, change the head, or end a right; the form says which."""
    ends = field(request, "act") == "end"

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        if ends:
            said = {name: field(request, name).strip() for name in ("day", "reason")}
            end = AuthorityEnd.model_validate(said)
            return await authorising.end(act, field(request, "right"), end)
        return await authorising.give(act, NewAuthority.model_validate(_said(request)))

    labels = {**_LABELS, "day": "С какого дня" if ends else "День основания"}
    return await sent(
        *(request, services, do, labels, _words),
        then="/authorities",
        again=partial(authorities_page, request, services),
    )


def authorities_page(
    request: Request, services: Services, unsent: Unsent = NOTHING_UNSENT, *, holder: str = ""
) -> Response:
    """The rights, with the forms for whoever may use them."""
    user = signed_in(request).user
    organisation = user.organisation_id
    today = services.today(organisation)
    known = services.views.authorities(organisation, today)
    may = user.role in ALLOWED["authorities.give"]
    people = services.views.people(organisation) if may or holder else ()
    shown = {one.id: _shown(one, services, today) for one in known}
    over = [one for one in known if not one.in_force and one.since <= today]
    return show.page(
        request,
        "authorities.html",
        unsent.status,
        groups=[
            ("Действуют сегодня", [shown[one.id] for one in known if one.in_force]),
            ("Начнутся позже", [shown[one.id] for one in known if one.since > today]),
            ("Прекращены", [shown[one.id] for one in reversed(over)]),
        ],
        may=may,
        people=_choices(people, known, holder),
        capacities=[{"id": one, "title": title} for one, title in _CAPACITIES.items()],
        heads=[{"id": one, "title": _CAPACITIES[one]} for one in _HEADS],
        grounds=[{"id": one, "title": title} for one, title in _GROUNDS.items()],
        holder=next((one for one in people if one.id == holder), None),
        today=today.isoformat(),
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/authorities"), authorities_page)
"""Where forms come back to, when their sender had to sign in."""


def _shown(one: AuthorityLine, services: Services, today: date) -> ShownRight:
    post = f", {one.post}" if one.post else ""
    place = f" · вместо кого: {one.instead_of.name}" if one.instead_of else ""
    until = f" по {long_day(one.until)}" if one.until else ", без срока"
    kinds = [services.kinds[kind].title for kind in one.kinds if kind in services.kinds]
    what, day = _GROUNDS[one.ground.what], long_day(one.ground.day)
    over = one.until is not None and one.until < today
    return ShownRight(
        id=one.id,
        title=f"{one.person.name}{post}",
        how=f"{one.capacity_title}{place}",
        days=f"с {long_day(one.since)}{until}",
        kinds="; ".join(kinds),
        ground=f"{what} № {one.ground.number} от {day}",
        ended=_ended(one),
        endable=one.ended_on is None and not over,
        end_day=max(today, one.since).isoformat(),
    )


def _ended(one: AuthorityLine) -> str:
    """Since when it is no more, and why; empty if nobody has ended it."""
    if one.ended_on is None:
        return ""
    by = f" ({one.ended_by.name})" if one.ended_by else ""
    return f"прекращено с {long_day(one.ended_on)}{by}{': ' + one.reason if one.reason else ''}"


def _choices(
    people: Sequence[PersonLine], known: Sequence[AuthorityLine], holder: str
) -> list[dict[str, str]]:
    """Who may be named: the staff, and whoever stands in a right already."""
    named = {one.id for line in known for one in (line.person, line.instead_of) if one} | {holder}
    return [
        {"id": one.id, "title": f"{one.name}, {one.post}" if one.post else one.name}
        for one in people
        if "staff" in one.roles or one.id in named
    ]


def _said(request: Request) -> dict[str, object]:
    """What was typed of a new right, as the API takes it."""
    said = {name: field(request, name).strip() for name in _FIELDS}
    return {
        **{name: one for name, one in said.items() if one or name not in _MAY_BE_LEFT_OUT},
        "ground": {
            "what": field(request, "what"),
            "number": field(request, "number").strip(),
            "day": field(request, "day"),
        },
    }


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadDate():
            return "Дни: право не кончается раньше, чем начинается. Ничего не записано."
        case RightTaken():
            return (
                "На эти дни такое право уже дано, или этого человека уже сменили. "
                "Прекратите прежнее право или назовите другие дни. Ничего не записано."
            )
        case RightOver():
            return "Это право к этому дню уже прекращено. Ничего не записано."
        case _:
            return None
