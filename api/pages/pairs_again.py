"""«Пары прошлого года»: the curator forms anew those that are ticked, and no other."""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import pairs_again, schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.cycles import STAGES
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, signed_in, values
from api.routes import cycles as routes
from api.routes.reading import PairLine
from api.services import Services
from domain.errors import NotFound, PairExists, Refused, WrongState

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {"pairs": "Пары"}


@router.get("/cycles/{cycle_id}/pairs/before", name="pages.pairs_before")
def pairs_before(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """The pairs of the year before that nobody formed anew yet."""
    return before_page(request, services, cycle_id)


@router.post("/cycles/{cycle_id}/pairs/before", name="pages.form_pairs_again")
async def form_again(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Form those that are ticked, all or none."""
    organisation = signed_in(request).user.organisation_id

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        ticked = values(request, "pairs")
        before = await run_in_threadpool(pairs_again.before, services, organisation, cycle_id)
        if set(ticked) - {one.pair_id for one in before}:
            raise NotFound("a pair that was ticked is not on the list any more")
        body = {"pairs": [_formed(one) for one in before if one.pair_id in ticked]}
        return await routes.form_pairs(cycle_id, schemas.Pairs.model_validate(body), act)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/cycles/{cycle_id}/pairs",
        again=partial(before_page, request, services, cycle_id),
    )


def before_page(
    request: Request, services: Services, cycle_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The list with what was ticked before. Raises `NotFound`."""
    organisation, now = signed_in(request).user.organisation_id, services.process_now()
    return show.page(
        request,
        "pairs_before.html",
        unsent.status,
        cycle=services.views.cycle_line(organisation, cycle_id, now),
        stages=STAGES,
        pairs=pairs_again.proposed(services, organisation, cycle_id),
        ticked=str(unsent.said("again", "pairs")).splitlines(),
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/pairs/before"), before_page)
"""Where the form comes back to, when its sender had to sign in."""


def _formed(one: PairLine) -> dict[str, object]:
    """The same two people in the same form, as a request forms them."""
    same = one.model_dump(include={"form", "role_model", "mentor_type"})
    people = {"mentor_id": one.mentor.id, "mentee_id": one.mentee.id}
    return {**same, **people, "follows": one.pair_id}


def _words(refusal: Refused) -> str | None:
    match refusal:
        case PairExists():
            return "Кто-то из отмеченных уже в паре этого года. Ни одна пара не образована."
        case NotFound():
            return (
                "Кого-то из отмеченных нет в списке пар или людей, или дорожная карта больше не "
                "знает такой формы. Ни одна пара не образована."
            )
        case WrongState():
            return "Приказ о парах этого года уже готовится. Ни одна пара не образована."
        case _:
            return None
