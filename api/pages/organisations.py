"""Organisations below: who is there, forms that take in one or a whole list, one-time passwords."""

import re
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import organisation_schemas as schemas
from api import organising
from api.act import Act
from api.deps import ServicesOf
from api.pages import branch_words, show
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import UploadPage, WritingPage, field, signed_in, typed
from api.policy import ALLOWED
from api.problems import RequestInvalid
from api.routes.branch_reading import OrganisationAsked
from api.services import Services
from domain.base import Value
from domain.errors import BadSpreadsheet, BadUpload, NotFound, Refused, WrongLevel, WrongState
from domain.organisations import Level

A_PAGE: Final = 100
"""As the views have it."""
LEVELS: Final = {
    Level.ORGANISATION: "организация",
    Level.MUNICIPALITY: "муниципалитет",
}
"""Who may stand below somebody."""
_LABELS: Final = {
    "code": "Код",
    "name": "Полное название",
    "short_name": "Краткое название",
    "inn": "ИНН",
    "address": "Адрес",
    "city": "Место составления документов",
    "tags": "Метки",
    "login": "Логин администратора",
    "file": "Файл",
}
_AS_TYPED: Final = ("code", "name", "short_name", "inn", "address", "city", "level")


class ListPage(WritingPage):
    """A page whose form may send a list of organisations."""

    body_limit = UploadPage.body_limit
    in_memory = True


router = APIRouter(route_class=ListPage, include_in_schema=False)


class Told(Value):
    """A one-time password that is shown now and never again."""

    name: str
    login: str
    password: str


@router.get("/organisations", name="pages.organisations")
def organisations(
    request: Request,
    services: ServicesOf,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The organisations below, by name."""
    return organisations_page(request, services, page=page)


@router.post("/organisations", name="pages.add_organisations")
async def add(request: Request, services: ServicesOf) -> Response:
    """Take in one or a list, or give another password: the form says which."""
    added: list[schemas.AddedOrganisation] = []

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        match field(request, "act"):
            case "list":
                if not files:
                    raise BadUpload("выберите файл XLSX")
                added.extend((await organising.add_list(act, files[0])).organisations)
            case "password":
                id_ = field(request, "organisation")
                given = await organising.give_password(act, id_)
                added.append(
                    schemas.AddedOrganisation(
                        organisation_id=id_,
                        code="",
                        login=field(request, "login"),
                        one_time_password=given.one_time_password,
                    )
                )
            case _:
                said = schemas.NewOrganisation.model_validate(_said(request))
                added.append(await organising.add(act, said))
        return None

    unsent = await attempt(request, services, do, _LABELS, _words)
    return await run_in_threadpool(
        organisations_page, request, services, unsent or NOTHING_UNSENT, added
    )


def organisations_page(
    request: Request,
    services: Services,
    unsent: Unsent = NOTHING_UNSENT,
    added: Sequence[schemas.AddedOrganisation] = (),
    *,
    page: int = 1,
) -> Response:
    """The list, the forms with what was typed, and passwords that were just made."""
    user = signed_in(request).user
    found = services.views.organisations_below(user.organisation_id, OrganisationAsked(), page)
    names = {one.organisation_id: one.short_name for one in found.organisations}
    lower = [level for level in LEVELS if found.level != level != Level.ORGANISATION]
    return show.page(
        request,
        "organisations.html",
        unsent.status,
        found=found,
        lines=[
            (one, branch_words.KINDS.get(one.kind, "") if one.kind else "", LEVELS[one.level])
            for one in found.organisations
        ],
        added=len(added),
        told=[
            Told(
                name=names.get(one.organisation_id, one.code),
                login=one.login or "",
                password=one.one_time_password,
            )
            for one in added
            if one.one_time_password
        ],
        may_add=user.role in ALLOWED["organisations.add"] and found.level != Level.ORGANISATION,
        levels=[{"id": level, "title": LEVELS[level]} for level in (Level.ORGANISATION, *lower)],
        kinds=[
            {"id": "", "title": "не указан"},
            *({"id": kind, "title": title} for kind, title in branch_words.KINDS.items()),
        ],
        page=page,
        pages=max(1, -(-found.total // A_PAGE)),
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/organisations"), organisations_page)
"""Where forms come back to, when their sender had to sign in."""


def _said(request: Request) -> dict[str, object]:
    tags = (one.strip() for one in field(request, "tags").split(";"))
    said: dict[str, object] = {one: field(request, one).strip() for one in _AS_TYPED}
    return {
        **said,
        "kind": field(request, "kind") or None,
        "login": field(request, "login").strip() or None,
        "tags": [one for one in tags if one],
        "outside": "outside" in typed(request),
    }


def _words(refusal: Refused) -> str | None:
    match refusal:
        case BadSpreadsheet() | BadUpload():
            return f"Список не принят, исправьте и пришлите снова. {refusal}"
        case WrongLevel():
            return "Организация такого уровня не может стоять ниже вашей."
        case WrongState():
            return "У администратора этой организации уже свой пароль: вход теперь только за ним."
        case NotFound() | RequestInvalid():
            return "Такой организации уровнем ниже нет."
        case _:
            return None
