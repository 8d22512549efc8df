"""The stylesheet and the icon, of this very version of the program."""

from typing import Final

from fastapi import APIRouter, Response

from api.pages.guard import Page
from api.pages.show import FILES
from domain.errors import NotFound

router = APIRouter(route_class=Page, include_in_schema=False)

_KEPT: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get("/static/{name}", name="pages.file")
def file(name: str) -> Response:
    """A file of the pages; its name changes with what is in it."""
    known = FILES.get(f"/static/{name}")
    if known is None:
        raise NotFound("there is no such file")
    content, media_type = known
    return Response(content, media_type=media_type, headers=_KEPT)
