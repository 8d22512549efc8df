"""Events and publications of a cycle: what was held, what was put out, who looked after it."""

from fastapi import APIRouter

from api import events
from api.deps import Acting, Reader, ServicesOf
from api.event_schemas import (
    EventSaid,
    Looked,
    NewEvent,
    NewPublication,
    PublicationSaid,
    WhyWithdrawn,
)
from api.guard import Guarded
from api.routes.reading import CycleEvents, EventView, PublicationView

router = APIRouter(tags=["events"], route_class=Guarded)

# None of them is `async`: they only wait for the database, in a thread.


@router.get("/cycles/{cycle_id}/events", name="cycles.events")
def listed(cycle_id: str, services: ServicesOf, user: Reader) -> CycleEvents:
    """All events and publications of a cycle, the latest first, and what each of them proves."""
    return services.views.cycle_events(user.organisation_id, cycle_id)


@router.post("/cycles/{cycle_id}/events", name="cycles.add_event")
def add_event(cycle_id: str, body: NewEvent, act: Acting) -> EventView:
    """Enter an event, held or planned."""
    return events.add_event(act, cycle_id, body)


@router.post("/cycles/{cycle_id}/publications", name="cycles.add_publication")
def add_publication(cycle_id: str, body: NewPublication, act: Acting) -> PublicationView:
    """Enter a publication."""
    return events.add_publication(act, cycle_id, body)


@router.get("/events/{event_id}", name="events.get")
def event(event_id: str, services: ServicesOf, user: Reader) -> EventView:
    """One event: who came, what it proves, and what was said of it before."""
    return services.views.event(user.organisation_id, event_id)


@router.post("/events/{event_id}/correction", name="events.correct")
def correct_event(event_id: str, body: EventSaid, act: Acting) -> EventView:
    """Say of an event all that is known now; what was said before is kept."""
    return events.correct_event(act, event_id, body)


@router.post("/events/{event_id}/withdrawal", name="events.withdraw")
def withdraw_event(event_id: str, body: WhyWithdrawn, act: Acting) -> EventView:
    """Withdraw an event that was entered by mistake and proves nothing: it counts no more."""
    return events.withdraw_event(act, event_id, body)


@router.get("/publications/{publication_id}", name="publications.get")
def publication(publication_id: str, services: ServicesOf, user: Reader) -> PublicationView:
    """One publication: what it proves, who looked, and what was said of it before."""
    return services.views.publication(user.organisation_id, publication_id)


@router.post("/publications/{publication_id}/correction", name="publications.correct")
def correct_publication(publication_id: str, body: PublicationSaid, act: Acting) -> PublicationView:
    """Say of a publication all that is known now; what was said before is kept."""
    return events.correct_publication(act, publication_id, body)


@router.post("/publications/{publication_id}/check", name="publications.check")
def check_publication(publication_id: str, body: Looked, act: Acting) -> PublicationView:
    """Note that you looked, and whether the publication is still there."""
    return events.check_publication(act, publication_id, body)


@router.post("/publications/{publication_id}/withdrawal", name="publications.withdraw")
def withdraw_publication(publication_id: str, body: WhyWithdrawn, act: Acting) -> PublicationView:
    """Withdraw a publication that was entered by mistake and proves nothing: it counts no more."""
    return events.withdraw_publication(act, publication_id, body)
