"""People and bodies: import from a spreadsheet, list to choose from."""

from fastapi import APIRouter

from adapters.postgres.views import BodyLine
from api import schemas
from api.deps import Acting, Reader, ServicesOf
from api.guard import Guarded, GuardedUpload
from api.uploads import SPREADSHEET_BODY, Spreadsheet
from domain.base import Value

router = APIRouter(tags=["people"], route_class=Guarded)
uploads = APIRouter(tags=["people"], route_class=GuardedUpload)


class Bodies(Value):
    """All bodies of the organisation."""

    bodies: tuple[BodyLine, ...]


@uploads.post("/people/import", name="people.import", openapi_extra=SPREADSHEET_BODY)
async def import_people(table: Spreadsheet, act: Acting) -> schemas.Imported:
    """Take all people and bodies of an XLSX (the raw body), or none; mistakes are listed."""
    return await act.enrol(table.content)


@router.get("/people", name="people.list")
def people(services: ServicesOf, user: Reader) -> schemas.People:
    """The organisation's people, by name."""
    known = services.views.people(user.organisation_id)
    return schemas.People(people=tuple(schemas.Person.of(one) for one in known))


@router.get("/bodies", name="bodies.list")
def bodies(services: ServicesOf, user: Reader) -> Bodies:
    """The organisation's bodies, by name."""
    return Bodies(bodies=services.views.bodies(user.organisation_id))
