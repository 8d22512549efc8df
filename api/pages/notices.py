"""What was just done, said on the page that comes next."""

from typing import Final

from api.guard import is_id
from api.pages.state_words import last_decision
from api.routes.reading import SignedIn
from api.services import Services
from domain.errors import NotFound

_DONE: Final = {"approved": "Утверждено", "sent_back": "Возвращено с замечанием"}


def done_notice(services: Services, who: SignedIn, document_id: str) -> str:
    """«Утверждено: …», if this reader was the last to decide on the document; else nothing."""
    if not is_id(document_id):
        return ""
    organisation = who.user.organisation_id
    try:
        document = services.views.document(organisation, document_id)
    except NotFound:
        return ""
    decision = last_decision(services.views.history(organisation, document_id))
    if decision is None or decision.actor.id != who.user.id:
        return ""
    return f"{_DONE[decision.action]}: {document.title}, версия {decision.version}."
