"""The form for a paper of one side of a pair: a consent to transfer or to publish, a withdrawal."""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.act import Act
from api.deps import ServicesOf
from api.legal_schemas import NewDocument
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in
from api.services import Services
from domain import ids
from domain.errors import NotAbove, NotFound, Refused, WrongState
from domain.people import is_minor
from domain.transfers import RECIPIENT

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {"person": "О ком", "kind": "Какой документ", "inputs": "Получатель или срок"}
_PAPERS: Final = {
    "transfer": "Согласие на передачу сведений получателю",
    "publication": "Согласие на публикацию сведений",
    "withdrawal": "Отзыв согласий",
}


@router.get("/pairs/{pair_id}/papers", name="pages.person_paper")
def person_paper(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """The form."""
    return person_paper_page(request, services, pair_id)


@router.post("/pairs/{pair_id}/papers", name="pages.draft_person_paper")
async def draft(pair_id: str, request: Request, services: ServicesOf) -> Response:
    """Draft the paper."""
    organisation = signed_in(request).user.organisation_id
    pair = await run_in_threadpool(services.views.pair, organisation, pair_id)

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        side, what = field(request, "side"), field(request, "what")
        if side not in ("mentor", "mentee") or what not in _PAPERS:
            raise NotFound("no such paper of a side of a pair")
        person = pair.mentor.id if side == "mentor" else pair.mentee.id
        kind = await run_in_threadpool(_kind, services, organisation, person, what)
        given = (("until", "until"), ("recipient", RECIPIENT)) if what == "transfer" else ()
        said = {fact: typed for name, fact in given if (typed := field(request, name).strip())}
        body = NewDocument.model_validate({"kind": kind, "person": person, "inputs": said})
        return await act.draft(await act.reach(ids.cycle_workflow(pair.cycle_id)), body)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/cycles/{pair.cycle_id}/documents",
        again=partial(person_paper_page, request, services, pair_id),
    )


def person_paper_page(
    request: Request, services: Services, pair_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    pair = services.views.pair(organisation, pair_id)
    above = services.views.organisations_above(organisation)
    return show.page(
        request,
        "person_paper.html",
        unsent.status,
        pair=pair,
        sides=[
            {"id": "mentor", "title": f"{pair.mentor.name}, наставник"},
            {"id": "mentee", "title": f"{pair.mentee.name}, наставляемый"},
        ],
        papers=[{"id": id_, "title": title} for id_, title in _PAPERS.items()],
        recipients=[
            *({"id": one.organisation_id, "title": one.name} for one in above),
            {"id": "", "title": "другой: впишут от руки"},
        ],
        nearest=above[0].organisation_id if above else "",
        today=services.today(organisation).isoformat(),
        unsent=unsent,
    )


def _kind(services: Services, organisation: str, person_id: str, what: str) -> str:
    """The form of the paper that the person's age asks for today."""
    if what == "withdrawal":
        return "consent_withdrawal"
    born = {one.id: one.birth_date for one in services.views.people(organisation)}
    minor = is_minor(born[person_id], services.today(organisation))
    return f"consent_{what}_{'minor' if minor else 'adult'}"


BACK: Final = (re.compile(r"/pairs/(?P<pair_id>[0-9a-f]{16})/papers"), person_paper_page)
"""Where the form comes back to, when its sender had to sign in."""


def _words(refusal: Refused) -> str | None:
    match refusal:
        case NotAbove():
            return "Получатель: этой организации больше нет уровнем выше. Выберите из списка."
        case NotFound():
            return "Выберите, о ком документ и какой он."
        case WrongState():
            return "Программа завершена, новых документов в ней не готовят."
        case _:
            return None
