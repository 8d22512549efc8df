"""What is waited for, in sentences, for one reader."""

from datetime import date, datetime

from api.problems import problem_title
from api.routes.indicators import may_see_people
from api.routes.reading import (
    CycleView,
    DocumentView,
    Named,
    PairView,
    User,
    WaitLine,
    Waits,
)
from api.services import Services
from domain.base import Value
from domain.waiting_words import is_late, is_over, sentence


class Awaited(Value):
    """What one thing waits for. `over`: nothing is waited for any more."""

    of: str  # cycle, row, pair or document
    workflow_id: str  # of the row's cycle or pair, if it is a row
    item_id: str | None
    title: str
    about: tuple[Named, ...]  # mentor and mentee of a pair
    what: str
    waiting: str
    since: datetime | None
    due: datetime | None
    due_day: date | None  # in the organisation's zone
    late: bool
    over: bool


def awaited(services: Services, user: User, waits: Waits) -> tuple[Awaited, ...]:
    """All lines; nobody is named whom this reader may not see."""
    named = may_see_people(user)
    called = waits.called if named else {}
    now, zone = services.process_now(), services.zone(user.organisation_id)

    def line(one: WaitLine) -> Awaited:
        due = one.wait.due
        return Awaited(
            **one.model_dump(include={"of", "workflow_id", "item_id", "title"}),
            about=one.about if named else (),
            what=one.wait.what,
            waiting=sentence(one.wait, called, now, zone, problem_title),
            since=one.wait.since,
            due=due,
            due_day=due.astimezone(zone).date() if due else None,
            late=is_late(one.wait, now),
            over=is_over(one.wait),
        )

    return tuple(map(line, waits.lines))


def awaited_of(services: Services, user: User, workflow_id: str) -> tuple[Awaited, ...]:
    """A cycle, a pair or a document, and then the rows of it."""
    waits = services.views.waits(user.organisation_id, workflow_id, services.process_now())
    return awaited(services, user, waits)


def with_waiting_document(services: Services, user: User, view: DocumentView) -> DocumentView:
    """The document with the sentence about it."""
    (own,) = awaited_of(services, user, f"document/{view.document_id}")
    return view.changed(waiting=own.waiting)


def with_waiting_pair(services: Services, user: User, view: PairView) -> PairView:
    """The pair with the sentence about it."""
    own, *_ = awaited_of(services, user, f"pair/{view.pair_id}")
    return view.changed(waiting=own.waiting)


def with_waiting_cycle(services: Services, user: User, view: CycleView) -> CycleView:
    """The cycle with the sentences about it and its own rows; those of pairs stand with them."""
    own, *rows = awaited_of(services, user, f"cycle/{view.cycle_id}")
    said = {(one.workflow_id, one.item_id): one.waiting for one in rows}
    items = tuple(
        one.changed(waiting=said.get((one.workflow_id, one.item_id), "")) for one in view.items
    )
    return view.changed(waiting=own.waiting, items=items)
