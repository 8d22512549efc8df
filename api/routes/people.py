"""People: import from a spreadsheet with their bodies, list to choose from, forms of names."""

from typing import Annotated

from fastapi import APIRouter, Query

from adapters.postgres.views import NamesView
from api import schemas
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded, GuardedUpload
from api.uploads import SPREADSHEET_BODY, Spreadsheet

router = APIRouter(tags=["people"], route_class=Guarded)
uploads = APIRouter(tags=["people"], route_class=GuardedUpload)


Unsure = Annotated[bool, Query(description="Только те, чьё имя в падежах нужно проверить")]


@uploads.post("/people/import", name="people.import", openapi_extra=SPREADSHEET_BODY)
async def import_people(table: Spreadsheet, act: Acting) -> schemas.Imported:
    """Take all people and bodies of an XLSX (the raw body), or none; mistakes are listed."""
    return await act.enrol(table.content)


@router.get("/people", name="people.list")
def people(services: ServicesOf, user: Reader, *, unsure: Unsure = False) -> schemas.People:
    """The organisation's people, by name."""
    known = services.views.people(user.organisation_id)
    shown = tuple(schemas.Person.of(one) for one in known if not (unsure and one.sure))
    return schemas.People(people=shown)


@router.get("/people/{person_id}/names", name="people.names")
def names(person_id: str, services: ServicesOf, user: Reader) -> NamesView:
    """How a person's name is declined, and what of it nobody is sure about."""
    return services.views.names(user.organisation_id, person_id)


@router.post("/people/{person_id}/names", name="people.correct_names")
async def correct_names(person_id: str, body: schemas.NameCorrection, act: Acting) -> NamesView:
    """Say how parts of the name are declined; it holds until the name itself changes."""
    return await act.correct_names(person_id, body)
