"""The register of documents on a day, and the journals of numbers with their files."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response

from api import journalling
from api.deps import ServicesOf
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.past import day_of
from api.pages.state_words import document_words
from api.routes.journals import JournalName, OfYear, book_file

router = APIRouter(route_class=Page, include_in_schema=False)

A_PAGE: Final = 50
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


@router.get("/register", name="pages.register")
def register(
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    on: Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = "",
    page: PageNumber = 1,
) -> Response:
    """The documents that had come into force by a day, the newest first."""
    organisation = who.user.organisation_id
    today = services.today(organisation)
    day, problem = day_of(on, today)
    known = services.views.document_register(organisation, day)[::-1]
    return show.page(
        request,
        "register.html",
        422 if problem else 200,
        documents=[
            (one, document_words(one)) for one in known[(page - 1) * A_PAGE : page * A_PAGE]
        ],
        total=len(known),
        day=day,
        on=on,
        today=today,
        problem=problem,
        page=page,
        pages=max(1, -(-len(known) // A_PAGE)),
    )


@router.get("/journals", name="pages.journals")
def journals(request: Request, services: ServicesOf, who: SignedInReader) -> Response:
    """All journals: what they count, and how far they are this year."""
    known = journalling.listed(services, who.user).journals
    return show.page(request, "journals.html", journals=known)


@router.get("/journals/{name}", name="pages.journal")
def journal(
    name: JournalName,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    year: OfYear = None,
    page: PageNumber = 1,
) -> Response:
    """A page of a journal's year."""
    this = journalling.this_year(services, who.user, None)
    of_year = year or this
    found = services.views.journal_page(who.user.organisation_id, name, of_year, page)
    years = range(this + 1, this - 4, -1)
    return show.page(request, "journal.html", journal=found, years=sorted({of_year, *years})[::-1])


@router.get("/journals/{name}/file", name="pages.journal_file")
def journal_file(
    name: JournalName,
    services: ServicesOf,
    who: SignedInReader,
    ending: Annotated[Literal["xlsx", "docx"], Query(alias="format")],
    year: OfYear = None,
) -> Response:
    """A journal's year as a table or as a document, to be saved."""
    return book_file(services, who.user, name, year, ending)
