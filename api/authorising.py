"""What the API does with rights to decide and to sign, and how open documents hear of it."""

import asyncio
from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool

from activities.tasks import MandateEnd, MandateWish
from api.act import Act
from api.authority_schemas import AuthorityEnd, NewAuthority
from api.choosing import person_of
from api.routes.reading import AuthorityLine
from api.services import Services
from domain import ids
from domain.errors import NotFound
from domain.mandates import MandateGround, MandateRecord, last_day_of
from domain.messages import MandatesChanged

_AT_ONCE: Final = 10
"""Documents that are told at the same time."""


async def give(act: Act, said: NewAuthority) -> AuthorityLine:
    """Record a right and tell the open documents.

    Raises as `Desk.give_mandate`; `Unavailable` if some were not told: the same request goes on.
    """
    record = await run_in_threadpool(_record, act, said)
    wish = MandateWish(
        organisation_id=act.user.organisation_id,
        record=record,
        succeeds=said.succeeds is not None,
        by=act.user.id,
        at=act.now,
    )
    await run_in_threadpool(act.services.desk.give_mandate, wish)
    return await _told(act, record.id)


async def end(act: Act, mandate_id: str, said: AuthorityEnd) -> AuthorityLine:
    """End a right and tell the open documents. Raises as `Desk.end_mandate`, and as `give`."""
    reason = await act.keep("reason", ids.mandate_subject(mandate_id), {"text": said.reason})
    wish = MandateEnd(
        id=mandate_id,
        organisation_id=act.user.organisation_id,
        day=said.day,
        by=act.user.id,
        at=act.now,
        reason_id=str(reason),
    )
    await run_in_threadpool(act.services.desk.end_mandate, wish)
    return await _told(act, mandate_id)


async def tell(
    services: Services, clock_offset: int, now: datetime, organisation_id: str | None = None
) -> None:
    """Tell open documents the rights of their organisations, where they may not know of a change.

    Harmless to repeat: a document heeds the latest revision only. Raises `Unavailable`.
    """
    desk, gateway = services.desk, services.gateway
    for untold in await run_in_threadpool(desk.untold_mandates, now, organisation_id):
        fact = MandatesChanged(mandates=untold.mandates, clock_offset=clock_offset)
        for first in range(0, len(untold.documents), _AT_ONCE):
            some = untold.documents[first : first + _AT_ONCE]
            told = (gateway.tell_mandates(document, fact) for document in some)
            for failure in await asyncio.gather(*told, return_exceptions=True):
                if failure is not None:
                    raise failure
        await run_in_threadpool(desk.mandates_told, untold)


def _record(act: Act, said: NewAuthority) -> MandateRecord:
    organisation = act.user.organisation_id
    unknown = [kind for kind in said.kinds if kind not in act.services.kinds]
    if unknown:
        raise NotFound(f"there is no kind {', '.join(unknown)}")
    people = act.services.views.people(organisation)
    place = said.instead_of or said.succeeds
    return MandateRecord(
        id=ids.derived_id(act.request_id, "mandate"),
        person_id=person_of(said.person, people),
        instead_of=person_of(place, people) if place else None,
        until=last_day_of(said.capacity, said.ground, said.until),
        ground=MandateGround(**dict(said.ground)),
        **said.model_dump(include={"capacity", "post", "kinds", "since"}),
    )


async def _told(act: Act, mandate_id: str) -> AuthorityLine:
    services, organisation = act.services, act.user.organisation_id
    await tell(services, act.clock_offset, act.now, organisation)
    today = await run_in_threadpool(services.today, organisation)
    known = await run_in_threadpool(services.views.authorities, organisation, today)
    return next(one for one in known if one.id == mandate_id)
