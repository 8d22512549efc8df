"""Events and publications in memory: the desk's part and the views'."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from activities.event_ports import (
    EventCorrection,
    EventWish,
    ProofClaim,
    PublicationCheck,
    PublicationCorrection,
    PublicationWish,
    Withdrawal,
)
from adapters.postgres.event_views import (
    CycleEvents,
    EventLine,
    EventVersion,
    EventView,
    EventYear,
    ProvedResult,
    PublicationLine,
    PublicationVersion,
    PublicationView,
)
from adapters.postgres.shown import Named
from domain.base import Value
from domain.errors import BadDate, BeingNamed, EventWithdrawn, NotFound, ProvesRow
from domain.events import (
    EVENT_KINDS,
    EventDetails,
    EventKind,
    PublicationDetails,
    check_event,
    check_publication,
)
from tests.fakes.form_views import FakeFormViews

HELD_EVENT, PLANNED_EVENT, PUBLISHED = "e1" * 8, "e2" * 8, "e3" * 8
SOMEBODY = Named(id="d" * 16, name="Соколова Н. П.")
TURNS = 2


class Told(Value):
    """A version of an event or a publication."""

    organisation_id: str
    cycle_id: str
    turn: int
    item_id: str | None = None
    details: EventDetails | PublicationDetails
    checked: tuple[datetime, bool] | None = None
    withdrawn: str | None = None
    at: datetime


class MemoryEvents:
    """`EventDesk` over dictionaries, for cycles of two turns."""

    def __init__(self) -> None:
        self.told: dict[str, list[Told]] = {}  # by id, the first version first
        self.wishes: set[str] = set()
        self.proving: set[str] = set()  # what proves a row
        self.claims: dict[tuple[str, str], str] = {}  # by text and request
        self.cycles: set[tuple[str, str]] = set()  # of which organisation

    def add_event(self, wish: EventWish) -> None:
        self._keep(wish, wish.event_id, None)

    def correct_event(self, wish: EventCorrection) -> None:
        self._keep(wish, wish.event_id, self.known(wish.organisation_id, wish.event_id))

    def add_publication(self, wish: PublicationWish) -> None:
        self._keep(wish, wish.publication_id, None)

    def correct_publication(self, wish: PublicationCorrection) -> None:
        known = self.known(wish.organisation_id, wish.publication_id)
        self._keep(wish, wish.publication_id, known)

    def check_publication(self, wish: PublicationCheck) -> None:
        known = self.known(wish.organisation_id, wish.publication_id)
        if wish.wish_id not in self.wishes:
            _check_counts(known)
            self.wishes.add(wish.wish_id)
            looked = known[-1].changed(checked=(wish.at, wish.present), at=wish.at)
            self.told[wish.publication_id].append(looked)

    def withdraw_told(self, wish: Withdrawal) -> None:
        known = self.known(wish.organisation_id, wish.id)
        if wish.wish_id not in self.wishes:
            _check_counts(known)
            if wish.id in self.proving:
                raise ProvesRow("it proves a result")
            if wish.id in self.claims.values():
                raise BeingNamed("it is being named")
            self.wishes.add(wish.wish_id)
            known.append(known[-1].changed(withdrawn=wish.reason, at=wish.at))

    def claim_proof(self, claim: ProofClaim) -> None:
        _check_counts(self.known(claim.text.organisation_id, claim.id))
        self.claims[claim.text.id, claim.request_id] = claim.id

    def release_proof(self, claim: ProofClaim) -> None:
        self.claims.pop((claim.text.id, claim.request_id), None)

    def known(self, organisation_id: str, id_: str) -> list[Told]:
        """All versions. Raises `NotFound`."""
        found = self.told.get(id_, [])
        if not found or found[0].organisation_id != organisation_id:
            raise NotFound("no such event or publication")
        return found

    def _keep(self, wish: Any, id_: str, known: list[Told] | None) -> None:  # noqa: ANN401 - five
        if wish.wish_id in self.wishes:
            return
        if isinstance(wish.details, EventDetails):
            check_event(wish.details, wish.at.date())
        else:
            check_publication(wish.details, wish.at.date())
        if known:
            _check_counts(known)
        place = known[0] if known else wish
        if (wish.organisation_id, place.cycle_id) not in self.cycles:
            raise NotFound("no such cycle")
        if place.turn > TURNS:
            raise BadDate("the programme has no such year")
        self.wishes.add(wish.wish_id)
        self.told.setdefault(id_, []).append(
            Told(
                organisation_id=wish.organisation_id,
                cycle_id=place.cycle_id,
                turn=place.turn,
                item_id=getattr(place, "item_id", None),
                details=wish.details,
                at=wish.at,
            )
        )


class FakeEventViews(FakeFormViews):
    """Reads of what the desk was given. Nothing is proved by it, unless a test says so."""

    happened: MemoryEvents
    proved: dict[str, tuple[ProvedResult, ...]]

    def cycle_events(self, organisation_id: str, cycle_id: str) -> CycleEvents:
        self._check(organisation_id, f"cycle/{cycle_id}")
        ours = [
            (id_, versions)
            for id_, versions in self.happened.told.items()
            if (versions[0].organisation_id, versions[0].cycle_id) == (organisation_id, cycle_id)
        ]
        events = [self._event(*one) for one in ours if _is_event(one[1])]
        published = [self._publication(*one) for one in ours if not _is_event(one[1])]
        return CycleEvents(
            turns=tuple(
                EventYear(turn=n, start=date(2025 + n, 9, 1), end=date(2026 + n, 8, 31))
                for n in range(1, TURNS + 1)
            ),
            events=_latest_first(events),
            publications=_latest_first(published),
        )

    def event(self, organisation_id: str, event_id: str) -> EventView:
        versions = self.happened.known(organisation_id, event_id)
        if not _is_event(versions):
            raise NotFound("this is a publication")
        return EventView(
            line=self._event(event_id, versions),
            people=tuple(Named(id=one, name=one) for one in _said(versions[-1]).people),
            codes=_said(versions[-1]).people,
            versions=tuple(
                EventVersion(
                    **_said(one).model_dump(
                        include={"title", "day", "place", "invited", "attendance"}
                    ),
                    n=n,
                    listed=len(_said(one).people),
                    by=SOMEBODY,
                    at=one.at,
                )
                for n, one in reversed(list(enumerate(versions, start=1)))
            ),
        )

    def publication(self, organisation_id: str, publication_id: str) -> PublicationView:
        versions = self.happened.known(organisation_id, publication_id)
        if _is_event(versions):
            raise NotFound("this is an event")
        return PublicationView(
            line=self._publication(publication_id, versions),
            versions=tuple(
                PublicationVersion(
                    **dict(one.details),
                    n=n,
                    present=one.checked and one.checked[1],
                    by=SOMEBODY,
                    at=one.at,
                )
                for n, one in reversed(list(enumerate(versions, start=1)))
            ),
        )

    def _event(self, id_: str, versions: list[Told]) -> EventLine:
        last = versions[-1]
        details = _said(last)
        kind: EventKind = details.kind
        return EventLine(
            **details.model_dump(exclude={"people", "links"}),
            links=details.links,
            event_id=id_,
            n=len(versions),
            cycle_id=last.cycle_id,
            turn=last.turn,
            item_id=last.item_id,
            kind_title=EVENT_KINDS[kind],
            listed=len(details.people),
            withdrawn=last.withdrawn,
            proves=self.proved.get(id_, ()),
        )

    def _publication(self, id_: str, versions: list[Told]) -> PublicationLine:
        last = versions[-1]
        at, present = last.checked or (None, None)
        return PublicationLine(
            **dict(last.details),
            publication_id=id_,
            n=len(versions),
            cycle_id=last.cycle_id,
            turn=last.turn,
            checked_by=SOMEBODY if last.checked else None,
            checked_at=at,
            present=present,
            withdrawn=last.withdrawn,
            proves=self.proved.get(id_, ()),
        )


def _check_counts(versions: list[Told]) -> None:
    if versions[-1].withdrawn is not None:
        raise EventWithdrawn("it was withdrawn")


def _is_event(versions: list[Told]) -> bool:
    return isinstance(versions[0].details, EventDetails)


def _said(one: Told) -> EventDetails:
    assert isinstance(one.details, EventDetails)
    return one.details


def _latest_first(lines: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(lines, key=lambda one: one.day, reverse=True))


def happen(desk: MemoryEvents, organisation_id: str, cycle_id: str, at: datetime) -> None:
    """A seminar that was held, a conference that is planned, and a publication."""
    desk.cycles.add((organisation_id, cycle_id))
    place = {"organisation_id": organisation_id, "cycle_id": cycle_id, "turn": 1}
    by = {**place, "author": SOMEBODY.id, "at": at}
    held = EventDetails(
        kind="seminar",
        title="Семинар для наставников",
        day=at.date(),
        place="Актовый зал",
        attendance=24,
    )
    planned = EventDetails(kind="conference", title="Итоговая конференция", day=date(2027, 5, 20))
    put_out = PublicationDetails(
        what="Положение", site="Сайт", address="https://college.example/rules", day=at.date()
    )
    for id_, details in ((HELD_EVENT, held), (PLANNED_EVENT, planned)):
        desk.add_event(
            EventWish.model_validate({**by, "wish_id": id_, "event_id": id_, "details": details})
        )
    desk.add_publication(
        PublicationWish.model_validate(
            {**by, "wish_id": PUBLISHED, "publication_id": PUBLISHED, "details": put_out}
        )
    )
