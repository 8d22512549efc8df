"""What a document gives to people: who has done what, and the forms to report it and to control."""

import re
from datetime import date
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from api import paper_schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import ScansPage, field, signed_in
from api.pages.words import until, was_due
from api.policy import ALLOWED
from api.routes import assignments, discussion
from api.routes.reading import AssignmentLine, User
from api.services import Services
from domain.errors import Refused, WrongState
from domain.people import AccessRole

router = APIRouter(route_class=ScansPage, include_in_schema=False)

_LABELS: Final = {"text": "Что сказано"}
_STATES: Final = {
    "ahead": "начнётся, когда документ вступит в силу",
    "open": "в работе",
    "late": "просрочено",
    "done": "исполнено",
    "dropped": "снято",
}


@router.get("/assignments/{document_id}", name="pages.assignments")
def of_document(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Items of the document, each with how far it is."""
    return assignments_page(request, services, document_id)


@router.post("/assignments/{document_id}", name="pages.act_on_assignment")
async def act_on(document_id: str, request: Request, services: ServicesOf) -> Response:
    """Report an assignment as done, give it back or give it up; the form says which."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        id_, said = field(request, "assignment"), {"text": field(request, "text").strip()}
        match field(request, "act"):
            case "return":
                reason = paper_schemas.Reason.model_validate(said)
                return await assignments.give_back(document_id, id_, reason, act)
            case "drop":
                reason = paper_schemas.Reason.model_validate(said)
                return await assignments.drop(document_id, id_, reason, act)
            case _:
                body = paper_schemas.Fulfilled.model_validate(said)
                if files:
                    sent = await discussion.upload_file(document_id, files, act)
                    body = body.changed(file_sha256=sent.sha256)
                return await assignments.fulfil(document_id, id_, body, act)

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/assignments/{document_id}",
        again=partial(assignments_page, request, services, document_id),
    )


def assignments_page(
    request: Request, services: Services, document_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The list, with forms for what the reader may do. Raises `NotFound`."""
    user = signed_in(request).user
    organisation, now = user.organisation_id, services.process_now()
    known = services.views.document_assignments(organisation, document_id, now)
    today, zone = services.today(organisation), services.zone(organisation)
    notes = {
        one.id: str(services.views.text(organisation, one.note_id).body["text"])
        for one in known
        if one.note_id
    }
    return show.page(
        request,
        "assignments.html",
        unsent.status,
        document=services.views.document(organisation, document_id),
        lines=known,
        states=_STATES,
        notes=notes,
        terms={one.id: _term(one.due.astimezone(zone).date(), today) for one in known if one.due},
        may={one.id: _may(one, user) for one in known},
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/assignments/(?P<document_id>[0-9a-f]{16})"), assignments_page)
"""Where forms come back to, when their sender had to sign in."""


def _term(due: date, today: date) -> str:
    return was_due(due, today) if due < today else until(due, today)


def _may(one: AssignmentLine, user: User) -> frozenset[str]:
    """Of fulfil, return, drop: what would not be refused."""
    if user.role not in ALLOWED["assignments.fulfil"]:
        return frozenset()
    does = user.role is AccessRole.CURATOR or one.who.id in user.acts_for
    controls = user.role is AccessRole.DIRECTOR or one.controller.id in user.acts_for
    is_open = one.state in ("open", "late")
    asked = {
        "fulfil": does and is_open,
        "return": controls and one.returnable_until is not None,
        "drop": controls and is_open,
    }
    return frozenset(what for what, may in asked.items() if may)


def _words(refusal: Refused) -> str | None:
    if isinstance(refusal, WrongState):
        return "С этим поручением уже сделано другое. Ничего не записано, перед вами нынешнее."
    return None
