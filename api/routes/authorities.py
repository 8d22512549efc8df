"""Rights to decide and to sign: who, in whose place, from when until when, on which ground."""

from fastapi import APIRouter

from adapters.postgres.views import AuthorityLine
from api import authorising
from api.authority_schemas import Authorities, AuthorityEnd, NewAuthority
from api.deps import Acting, OnDay, Reader, ServicesOf
from api.guard import Guarded

router = APIRouter(prefix="/authorities", tags=["authorities"], route_class=Guarded)


@router.get("", name="authorities.list")
def authorities(services: ServicesOf, user: Reader, on: OnDay = None) -> Authorities:
    """All that were ever recorded; those in force on the day are flagged."""
    day = on or services.today(user.organisation_id)
    return Authorities(on=day, authorities=services.views.authorities(user.organisation_id, day))


@router.post("", name="authorities.give")
async def give(body: NewAuthority, act: Acting) -> AuthorityLine:
    """Record a right, or a change of the head; open documents heed it at once."""
    return await authorising.give(act, body)


@router.post("/{mandate_id}/end", name="authorities.end")
async def end(mandate_id: str, body: AuthorityEnd, act: Acting) -> AuthorityLine:
    """End a right from a day on; open documents heed it at once."""
    return await authorising.end(act, mandate_id, body)
