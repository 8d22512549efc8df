"""What an auditor looks through: the organisation's log, and who looked at data of minors."""

from fastapi import APIRouter

from adapters.postgres.views import LogLine, ReadLine
from api.deps import Reader, ServicesOf
from api.guard import Guarded
from api.log_asked import OfLog, OfReads
from domain.base import Value

router = APIRouter(tags=["log"], route_class=Guarded)


class Log(Value):
    """Entries of the log by their numbers; `next` is the `after` of the following ones, or the
    `before` of the earlier ones where the newest were asked for.
    """

    entries: tuple[LogLine, ...]
    next: int | None


class ReadsOfMinors(Value):
    """Reads, the latest first; `next` is the `before` of the earlier ones."""

    reads: tuple[ReadLine, ...]
    next: int | None


@router.get("/log", name="log.list")
def log(services: ServicesOf, user: Reader, asked: OfLog) -> Log:
    """Entries of the organisation's own log, with what each rests on."""
    found = services.views.log(user.organisation_id, asked.of_all())
    return Log(entries=found.lines, next=found.next)


@router.get("/reads", name="reads.list")
def reads(services: ServicesOf, user: Reader, asked: OfReads) -> ReadsOfMinors:
    """Who was shown data of people who were minors on that day: when, by which route, what."""
    found = services.views.reads(user.organisation_id, asked.of_all(), asked.before, asked.limit)
    return ReadsOfMinors(reads=found.lines, next=found.next)
