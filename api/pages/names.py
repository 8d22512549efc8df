"""How a name is declined: what papers would say, to be confirmed or corrected once."""

import re
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in, typed
from api.policy import ALLOWED
from api.routes import people
from api.routes.reading import NamesView, User
from api.services import Services
from domain.base import Value
from domain.names import CASES, PARTS, NameForms

router = APIRouter(route_class=WritingPage, include_in_schema=False)

A_PAGE: Final = 10
"""So many names the first page asks for; answered ones make room for the next."""
_PARTS: Final = {"last": "Фамилия", "first": "Имя", "patronymic": "Отчество"}
_CASES: Final = {
    "gent": "нет (кого?)",
    "datv": "дать (кому?)",
    "accs": "вижу (кого?)",
    "ablt": "доволен (кем?)",
    "loct": "думаю (о ком?)",
}
_LABELS: Final = {**_PARTS, **_CASES}


class CaseForm(Value):
    """A name, or a part of one, in a case."""

    name: str
    word: str
    value: str


class PartFields(Value):
    """The forms of one part of a name, as fields."""

    title: str
    nominative: str
    unsure: bool
    fields: tuple[CaseForm, ...]


class Question(Value):
    """A doubtful name: whole in each case, and the forms that «верно» confirms."""

    path: str
    name: str
    cases: tuple[CaseForm, ...]
    fields: tuple[CaseForm, ...]


def questions(services: Services, user: User) -> tuple[tuple[Question, ...], int]:
    """The first names that this reader is asked about, and how many there are in all."""
    if user.role not in ALLOWED["people.correct_names"]:
        return (), 0
    asked = services.views.name_questions(user.organisation_id)
    first = asked[:A_PAGE]
    known = (services.views.names(user.organisation_id, one.person_id) for one in first)
    return tuple(_question(one) for one in known), len(asked)


@router.get("/people/{person_id}/names", name="pages.names")
def names(person_id: str, request: Request, services: ServicesOf) -> Response:
    """The forms of a name, to be corrected."""
    return names_page(request, services, person_id)


@router.post("/people/{person_id}/names", name="pages.correct_names")
async def correct_names(person_id: str, request: Request, services: ServicesOf) -> Response:
    """Keep how the name is declined."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        organisation = act.user.organisation_id
        known = await run_in_threadpool(services.views.names, organisation, person_id)
        said = _said(known.forms, typed(request))
        if not said:
            return known
        return await people.correct_names(
            person_id, schemas.NameCorrection.model_validate(said), act
        )

    return await sent(
        *(request, services, do, _LABELS),
        then="/" if field(request, "from") == "inbox" else f"/people/{person_id}/names",
        again=partial(names_page, request, services, person_id),
    )


def names_page(
    request: Request, services: Services, person_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    known = services.views.names(signed_in(request).user.organisation_id, person_id)
    # What «верно» of the first page sent stands in this form.
    typed_here = unsent.changed(form="names") if unsent.form else unsent
    return show.page(
        request,
        "names.html",
        unsent.status,
        person_id=person_id,
        name=known.forms.nomn.full,
        parts=_parts(known),
        corrected_by=known.corrected_by,
        unsent=typed_here,
    )


BACK: Final = (re.compile(r"/people/(?P<person_id>[0-9a-f]{16})/names"), names_page)
"""Where the form comes back to, when its sender had to sign in."""


def _question(known: NamesView) -> Question:
    forms = known.forms
    return Question(
        path=f"/people/{known.person_id}/names",
        name=forms.nomn.full,
        cases=tuple(
            CaseForm(name=case, word=_CASES[case], value=forms.form(case).full)
            for case in CASES
            if case in _CASES
        ),
        fields=tuple(one for part in _parts(known) if part.unsure for one in part.fields),
    )


def _parts(known: NamesView) -> tuple[PartFields, ...]:
    """The doubtful parts first."""
    forms = known.forms
    there = [part for part in PARTS if getattr(forms.nomn, part)]
    there.sort(key=lambda part: part not in forms.unsure)
    return tuple(
        PartFields(
            title=_PARTS[part],
            nominative=getattr(forms.nomn, part),
            unsure=part in forms.unsure,
            fields=tuple(
                CaseForm(name=f"{part}.{case}", word=word, value=getattr(_form(forms, case), part))
                for case, word in _CASES.items()
            ),
        )
        for part in there
    )


def _form(forms: NameForms, case: str) -> object:
    return getattr(forms, case)


def _said(forms: NameForms, typed_in: dict[str, str]) -> dict[str, dict[str, str]]:
    """The parts that were doubtful, or that are said otherwise."""
    said: dict[str, dict[str, str]] = {}
    for part in PARTS:
        given = {
            case: typed_in[f"{part}.{case}"].strip()
            for case in _CASES
            if f"{part}.{case}" in typed_in
        }
        known = {case: getattr(_form(forms, case), part) for case in given}
        if given and (part in forms.unsure or given != known):
            said[part] = given
    return said
