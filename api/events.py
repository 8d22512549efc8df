"""What the API does about events and publications: they are told of, corrected, looked after, and
named as what proves a result.
"""

from datetime import timedelta
from typing import Final, Literal

from starlette.concurrency import run_in_threadpool

from activities.event_ports import (
    EventCorrection,
    EventWish,
    ProofClaim,
    PublicationCheck,
    PublicationCorrection,
    PublicationWish,
    Withdrawal,
)
from activities.tasks import KeptText
from api.act import Act
from api.event_schemas import (
    About,
    EventSaid,
    Looked,
    NewEvent,
    NewPublication,
    PublicationSaid,
    WhyWithdrawn,
)
from api.problems import Unavailable
from api.result_schemas import Event, Link
from api.routes.reading import (
    EventLine,
    EventView,
    PersonLine,
    PublicationLine,
    PublicationView,
    ResultAsked,
)
from api.schemas import Answered
from domain import ids
from domain.errors import (
    EventNotHeld,
    EventWithdrawn,
    ForeignEvidence,
    NotFound,
    ProofMissing,
    Refused,
    WrongState,
)
from domain.events import PublicationDetails, check_address, site_of
from domain.evidence import RecordResult, check_event_fits
from domain.planning import turn_of_item

_IN_TIME: Final = timedelta(minutes=1)
"""A row takes such a proof within this time or not at all; an answer is waited for 15 s."""
Where = tuple[str, str, str]
"""Workflow, item, result."""
Fact = tuple[dict[str, object], dict[str, object], str]
"""What the workflow learns, what is kept of it beside, and the id of that."""


def add_event(act: Act, cycle_id: str, said: NewEvent) -> EventView:
    """Keep an event. Raises as `EventDesk.add_event`."""
    event_id = ids.derived_id(act.request_id, "event")
    turn = turn_of_item(said.item) if said.item else said.turn
    _add(act, cycle_id, turn, event_id, said.item, said)
    return act.services.views.event(act.user.organisation_id, event_id)


def correct_event(act: Act, event_id: str, said: EventSaid) -> EventView:
    """Say of an event what is known now. Raises as `EventDesk.correct_event`."""
    organisation = act.user.organisation_id
    wish = EventCorrection(
        wish_id=act.request_id,
        organisation_id=organisation,
        event_id=event_id,
        details=said.told(_people(act, said)),
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.correct_event(wish)
    return act.services.views.event(organisation, event_id)


def add_publication(act: Act, cycle_id: str, said: NewPublication) -> PublicationView:
    """Keep a publication. Raises as `EventDesk.add_publication`."""
    publication_id = ids.derived_id(act.request_id, "publication")
    _publish(act, cycle_id, said.turn, publication_id, said.told())
    return act.services.views.publication(act.user.organisation_id, publication_id)


def correct_publication(act: Act, publication_id: str, said: PublicationSaid) -> PublicationView:
    """Say of a publication what is known now. Raises as `EventDesk.correct_publication`."""
    organisation = act.user.organisation_id
    wish = PublicationCorrection(
        wish_id=act.request_id,
        organisation_id=organisation,
        publication_id=publication_id,
        details=said.told(),
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.correct_publication(wish)
    return act.services.views.publication(organisation, publication_id)


def check_publication(act: Act, publication_id: str, said: Looked) -> PublicationView:
    """Keep that this user looked whether a publication is there. Raises `NotFound`."""
    organisation = act.user.organisation_id
    wish = PublicationCheck(
        wish_id=act.request_id,
        organisation_id=organisation,
        publication_id=publication_id,
        present=said.present,
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.check_publication(wish)
    return act.services.views.publication(organisation, publication_id)


def withdraw_event(act: Act, event_id: str, said: WhyWithdrawn) -> EventView:
    """Have an event count no more. Raises as `EventDesk.withdraw_told`."""
    _withdraw(act, "event", event_id, said)
    return act.services.views.event(act.user.organisation_id, event_id)


def withdraw_publication(act: Act, publication_id: str, said: WhyWithdrawn) -> PublicationView:
    """Have a publication count no more. Raises as `EventDesk.withdraw_told`."""
    _withdraw(act, "publication", publication_id, said)
    return act.services.views.publication(act.user.organisation_id, publication_id)


def _withdraw(
    act: Act, what: Literal["event", "publication"], id_: str, said: WhyWithdrawn
) -> None:
    wish = Withdrawal(
        wish_id=act.request_id,
        organisation_id=act.user.organisation_id,
        what=what,
        id=id_,
        reason=said.reason,
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.withdraw_told(wish)


async def prove(act: Act, where: Where, said: Event | Link) -> Answered:
    """Prove a result by an event or a publication; it cannot be withdrawn meanwhile.

    Raises as `event_fact`, and as the row refuses.
    """
    workflow_id, item, result = where
    if isinstance(said, Event):
        fact, kept, text_id = await run_in_threadpool(event_fact, act, where, said)
    else:
        fact, kept, text_id = await run_in_threadpool(link_fact, act, where, said)
    claim = _claim(act, where, kept, text_id)
    await run_in_threadpool(act.services.desk.claim_proof, claim)
    about = {"item": item, "result": result, "evidence": {**fact, "evidence_id": text_id}}
    before = act.now - timedelta(seconds=act.clock_offset) + _IN_TIME
    try:
        answered = await act.send(workflow_id, RecordResult, None, **about, before=before)
    except Unavailable:
        raise  # the row may have it all the same
    except Refused:
        await run_in_threadpool(act.services.desk.release_proof, claim)
        raise
    await run_in_threadpool(act.services.desk.release_proof, claim)
    return answered


def _claim(act: Act, where: Where, kept: dict[str, object], text_id: str) -> ProofClaim:
    workflow_id, item, result = where
    what: Literal["event", "publication"] = "event" if "event_id" in kept else "publication"
    text = KeptText(
        id=text_id,
        organisation_id=act.user.organisation_id,
        kind="evidence",
        subject=workflow_id,
        author=act.user.id,
        body={"item": item, "result": result, **kept},
    )
    return ProofClaim(request_id=act.request_id, what=what, id=str(kept[f"{what}_id"]), text=text)


def event_fact(act: Act, where: Where, said: Event) -> Fact:
    """The event that shall prove a result: the one that is named, or a new one.

    A new one is made only if the row takes it: what the row refuses leaves no event behind. Raises
    `NotFound`, `ForeignEvidence`, `EventWithdrawn`, `EventNotHeld`, and as the rules of the row.
    """
    organisation, views = act.user.organisation_id, act.services.views
    event_id = said.event_id or ids.derived_id(act.request_id, "event")
    try:
        line = views.event(organisation, event_id).line
    except NotFound:
        if said.event_id is not None:
            raise
        _new_event(act, where, event_id, said)
        line = views.event(organisation, event_id).line
    _check_ours(act, where, line)
    if line.attendance is None:
        raise EventNotHeld("nobody said yet how many people came")
    fact: dict[str, object] = {
        "proof": "event",
        "day": line.day.isoformat(),
        "attendance": line.attendance,
        "kind": line.kind,
    }
    kept = {**fact, "event_id": event_id, "n": line.n}
    return fact, kept, ids.derived_id(*where, event_id)


def link_fact(act: Act, where: Where, said: Link) -> Fact:
    """The publication that shall prove a result; as `event_fact`."""
    organisation, views = act.user.organisation_id, act.services.views
    publication_id = said.publication_id or ids.derived_id(act.request_id, "publication")
    try:
        line = views.publication(organisation, publication_id).line
    except NotFound:
        if said.publication_id is not None:
            raise
        _new_publication(act, where, publication_id, said)
        line = views.publication(organisation, publication_id).line
    _check_ours(act, where, line)
    fact: dict[str, object] = {"proof": "link", "day": line.day.isoformat()}
    kept = {**fact, "address": line.address, "publication_id": publication_id, "n": line.n}
    return fact, kept, ids.derived_id(*where, publication_id)


def _new_event(act: Act, where: Where, event_id: str, said: Event) -> None:
    _, item, _ = where
    asked = _asked(act, where, said.proof)
    if said.day is None or said.attendance is None:
        raise ProofMissing("a new event needs a day and how many people came")
    kind = said.kind or (asked.kinds[0] if asked.kinds else "other")
    check_event_fits(asked.kinds, asked.at_least, kind, said.attendance)
    full = EventSaid(
        kind=kind,
        title=said.title or asked.title,
        day=said.day,
        attendance=said.attendance,
        **{name: getattr(said, name) for name in About.model_fields},
    )
    _add(act, _cycle(act, where), turn_of_item(item), event_id, item, full)


def _new_publication(act: Act, where: Where, publication_id: str, said: Link) -> None:
    _, item, _ = where
    asked = _asked(act, where, said.proof)
    if said.day is None or said.address is None:
        raise ProofMissing("a new publication needs a day and an address")
    check_address(said.address)
    details = PublicationDetails(
        what=said.what or asked.title,
        site=said.site or site_of(said.address),
        address=said.address,
        day=said.day,
    )
    _publish(act, _cycle(act, where), turn_of_item(item), publication_id, details)


def _asked(act: Act, where: Where, proof: str) -> ResultAsked:
    """What the row asks for. Raises `WrongState` or `ProofMissing` as the row itself would."""
    asked = act.services.views.result_asked(act.user.organisation_id, *where)
    if asked.proof != proof:
        raise ProofMissing(f"{where[2]} is proved by {asked.proof}, not by {proof}")
    if not asked.open:
        raise WrongState(f"result {where[2]} of item {where[1]} is not open")
    return asked


def _check_ours(act: Act, where: Where, line: EventLine | PublicationLine) -> None:
    if (line.cycle_id, line.turn) != (_cycle(act, where), turn_of_item(where[1])):
        raise ForeignEvidence("it belongs to another programme or to another of its years")
    if line.withdrawn is not None:
        raise EventWithdrawn("it was entered by mistake and withdrawn")


def _cycle(act: Act, where: Where) -> str:
    kind, _, id_ = where[0].partition("/")
    if kind == "cycle":
        return id_
    return act.services.views.pair(act.user.organisation_id, id_).cycle_id


def _people(act: Act, said: About) -> tuple[PersonLine, ...]:
    """The organisation's people, if any are named."""
    return act.services.views.people(act.user.organisation_id) if said.people else ()


def _add(
    act: Act, cycle_id: str, turn: int, event_id: str, item: str | None, said: EventSaid
) -> None:
    wish = EventWish(
        wish_id=act.request_id,
        organisation_id=act.user.organisation_id,
        cycle_id=cycle_id,
        turn=turn,
        event_id=event_id,
        item_id=item,
        details=said.told(_people(act, said)),
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.add_event(wish)


def _publish(
    act: Act, cycle_id: str, turn: int, publication_id: str, details: PublicationDetails
) -> None:
    wish = PublicationWish(
        wish_id=act.request_id,
        organisation_id=act.user.organisation_id,
        cycle_id=cycle_id,
        turn=turn,
        publication_id=publication_id,
        details=details,
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.add_publication(wish)
