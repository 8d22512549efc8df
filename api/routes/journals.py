"""Journals: their lines, numbers out of turn, papers from outside, files.

None of these is `async`: the database is waited for in a thread.
"""

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Response

from adapters.postgres.views import JournalLineView, JournalPage
from api import journal_schemas as schemas
from api import journalling
from api.deps import Acting, Reader, ServicesOf
from api.downloads import file_answer
from api.guard import Guarded
from api.routes.reading import User
from api.services import Services
from api.uploads import DOCX, XLSX

router = APIRouter(tags=["journals"], route_class=Guarded)

JournalName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
OfYear = Annotated[int | None, Query(ge=2000, le=2100, description="Какого года; без него — этого")]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
Ending = Literal["xlsx", "docx"]

_TYPES: Final = {"xlsx": XLSX, "docx": DOCX}
_BOOK_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Журнал года",
        "content": {
            media_type: {"schema": {"type": "string", "format": "binary"}}
            for media_type in _TYPES.values()
        },
    }
}


@router.get("/journals", name="journals.list")
def journals(services: ServicesOf, user: Reader) -> schemas.Journals:
    """All journals: mask, what they count today, the last counter of this year."""
    return journalling.listed(services, user)


@router.post("/journals", name="journals.place_kinds")
def place_kinds(body: schemas.KindsCounted, act: Acting) -> schemas.Journals:
    """Count kinds of documents in another journal, under another mask, from a day on."""
    return journalling.place(act, body)


@router.get("/journals/{name}/lines", name="journals.lines")
def lines(
    name: JournalName,
    services: ServicesOf,
    user: Reader,
    year: OfYear = None,
    page: PageNumber = 1,
) -> JournalPage:
    """A page of a journal's year: numbers that were given, reserved, lettered, void."""
    of_year = journalling.this_year(services, user, year)
    return services.views.journal_page(user.organisation_id, name, of_year, page)


@router.get("/journals/{name}/file", name="journals.file", responses=_BOOK_ANSWER)
def file(
    name: JournalName,
    ending: Annotated[Ending, Query(alias="format")],
    services: ServicesOf,
    user: Reader,
    year: OfYear = None,
) -> Response:
    """A journal's year as a table or as a document."""
    return book_file(services, user, name, year, ending)


def book_file(
    services: Services, user: User, name: str, year: int | None, ending: Ending
) -> Response:
    """A journal's year, of this one if none is named, as a file to be saved."""
    of_year = journalling.this_year(services, user, year)
    book = services.views.journal_book(user.organisation_id, name, of_year)
    content = services.journal_file(book, ending)
    return file_answer(content, journalling.file_name(book, ending), _TYPES[ending])


@router.post("/journals/{name}/reserve", name="journals.reserve")
def reserve(name: JournalName, body: schemas.Reserve, act: Acting) -> JournalLineView:
    """Reserve the next number; a document is registered with it later, or it is made void."""
    wish = journalling.wish(act, name, body.reason)
    return journalling.shown(act, act.services.desk.reserve_number(wish))


@router.post("/journals/{name}/lettered", name="journals.letter")
def letter(name: JournalName, body: schemas.LetterNumber, act: Acting) -> JournalLineView:
    """Reserve a number right after a known one of this year: «12-а-о» after «12-о»."""
    wish = journalling.wish(act, name, body.reason)
    return journalling.shown(act, act.services.desk.letter_number(wish, body.after))


@router.post("/journals/{name}/void", name="journals.void")
def void(name: JournalName, body: schemas.VoidNumber, act: Acting) -> JournalLineView:
    """Make a number void that no document has; nothing gets it again."""
    wish = journalling.wish(act, name, body.reason)
    return journalling.shown(act, act.services.desk.void_number(wish, body.number, body.year))


@router.post("/incoming", name="journals.file_incoming")
def file_incoming(body: schemas.Incoming, act: Acting) -> schemas.Filed:
    """File a paper from outside under a number of ours; as a ground, papers of ours cite it."""
    return journalling.file_incoming(act, body)
