"""What was just done, said on the page that comes next."""

from collections.abc import Sequence
from typing import Final

from api.guard import is_id
from api.pages.state_words import ACTS, event_words
from api.routes.reading import SignedIn, TimelineEvent
from api.services import Services
from domain.errors import NotFound

_RECORDED: Final = {
    "meeting_recorded": "Встреча записана.",
    "monitoring_recorded": "Форма мониторинга записана.",
    "result_proved": "Результат отмечен.",
}


def done_notice(services: Services, who: SignedIn, document_id: str) -> str:
    """«Утверждено: …», if this reader was the last to act on the document; else nothing."""
    if not is_id(document_id):
        return ""
    organisation = who.user.organisation_id
    try:
        document = services.views.document(organisation, document_id)
    except NotFound:
        return ""
    act = _last(services.views.history(organisation, document_id), ACTS, who)
    return f"{event_words(act)}: {document.title}, версия {act.version}." if act else ""


def recorded_notice(who: SignedIn, pair_id: str, timeline: Sequence[TimelineEvent]) -> str:
    """«Встреча записана», if this reader was the last to record something of the pair."""
    own = [one for one in timeline if one.subject == f"pair/{pair_id}"]
    act = _last(own, tuple(_RECORDED), who)
    return _RECORDED[act.action] if act else ""


def _last(
    events: Sequence[TimelineEvent], actions: Sequence[str], who: SignedIn
) -> TimelineEvent | None:
    """The last of these acts, if it is the reader's."""
    act = next((one for one in reversed(events) if one.action in actions), None)
    return act if act and act.actor.id == who.user.id else None
