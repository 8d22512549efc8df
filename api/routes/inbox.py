"""What waits for whoever asks."""

from fastapi import APIRouter

from adapters.postgres.news_views import NewsLine
from adapters.postgres.views import InboxTask, NameQuestion
from api.deps import Reader, ServicesOf
from api.guard import Guarded
from api.policy import ALLOWED
from domain.base import Value

router = APIRouter(tags=["inbox"], route_class=Guarded)


class Inbox(Value):
    """What waits, the most urgent first."""

    tasks: tuple[InboxTask, ...]
    news: tuple[NewsLine, ...] = ()
    """What became lately of documents in which the reader had a part."""
    questions: tuple[NameQuestion, ...] = ()
    """Names to be declined by a person once: `POST /people/{id}/names` answers."""


@router.get("/inbox", name="inbox.list")
def inbox(services: ServicesOf, user: Reader) -> Inbox:
    """Tasks of the user's person and bodies; a curator sees also what may be done for others.

    Curator and administrator are asked besides how doubtful names are declined.
    """
    now = services.process_now()
    tasks = services.views.inbox(user.organisation_id, user.acts_for, user.role, now)
    asked = user.role in ALLOWED["people.correct_names"]
    questions = services.views.name_questions(user.organisation_id) if asked else ()
    news = services.views.news(user.organisation_id, user.acts_for, now)
    return Inbox(tasks=tasks, news=news, questions=questions)
