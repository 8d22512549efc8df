"""Organisations below the asker's: taken in one by one or by a list, and found again."""

from typing import Annotated

from fastapi import APIRouter, Query

from adapters.postgres.organisation_views import (
    OrganisationAsked,
    OrganisationPage,
    UpperOrganisation,
)
from api import organisation_schemas as schemas
from api import organising
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded, GuardedUpload
from api.uploads import SPREADSHEET_BODY, Spreadsheet
from domain.base import Value
from domain.organisations import OrganisationKind

router = APIRouter(prefix="/organisations", tags=["organisations"], route_class=Guarded)
uploads = APIRouter(prefix="/organisations", tags=["organisations"], route_class=GuardedUpload)

PageNumber = Annotated[int, Query(ge=1, le=10_000)]


class Above(Value):
    """The organisations above one, the nearest first."""

    organisations: tuple[UpperOrganisation, ...]


@router.post("/below", name="organisations.add")
async def add(body: schemas.NewOrganisation, act: Acting) -> schemas.AddedOrganisation:
    """Take in an organisation below; a code that is known is the same organisation."""
    return await organising.add(act, body)


@uploads.post("/below/import", name="organisations.import", openapi_extra=SPREADSHEET_BODY)
async def import_list(table: Spreadsheet, act: Acting) -> schemas.AddedOrganisations:
    """Take in all organisations of an XLSX (the raw body), or none; mistakes are listed."""
    return await organising.add_list(act, table.content)


@router.get("/below", name="organisations.list")
def below(
    services: ServicesOf,
    user: Reader,
    kind: Annotated[OrganisationKind | None, Query(description="Вид организации")] = None,
    tag: Annotated[schemas.Tag | None, Query(description="С такой меткой")] = None,
    outside: Annotated[bool | None, Query(description="Не работает в системе")] = None,
    page: PageNumber = 1,
) -> OrganisationPage:
    """The organisations below, by name, a hundred at a time."""
    asked = OrganisationAsked(kind=kind, tag=tag, outside=outside)
    return services.views.organisations_below(user.organisation_id, asked, page)


@router.get("/above", name="organisations.above")
def above(services: ServicesOf, user: Reader) -> Above:
    """The organisations above, the nearest first: who may be the recipient in a consent."""
    return Above(organisations=services.views.organisations_above(user.organisation_id))


@router.post("/{organisation_id}/password", name="organisations.give_password")
async def give_password(
    organisation_id: str, body: schemas.Nothing, act: Acting
) -> schemas.FirstPassword:
    """Another one-time password, until the organisation's administrator has one of his own."""
    del body
    return await organising.give_password(act, organisation_id)
