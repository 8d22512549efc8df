"""What waits for whoever asks."""

from fastapi import APIRouter

from adapters.postgres.views import InboxTask
from api.deps import Reader, ServicesOf
from api.guard import Guarded
from domain.base import Value

router = APIRouter(tags=["inbox"], route_class=Guarded)


class Inbox(Value):
    """What waits, the most urgent first."""

    tasks: tuple[InboxTask, ...]


@router.get("/inbox", name="inbox.list")
def inbox(services: ServicesOf, user: Reader) -> Inbox:
    """Tasks of the user's person and bodies; a curator sees also what may be done for others."""
    now = services.process_now()
    tasks = services.views.inbox(user.organisation_id, user.acts_for, user.role, now)
    return Inbox(tasks=tasks)
