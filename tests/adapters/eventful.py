"""A world in which events are told of."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from activities import tasks
from activities.event_ports import EventCorrection, EventWish, PublicationWish, Withdrawal
from domain import ids
from domain.events import EventDetails, PublicationDetails
from domain.items import Item
from tests.adapters.world import NOW, World

SEMINAR = {
    "kind": "seminar",
    "title": "Семинар для наставников",
    "day": date(2026, 9, 7),
    "place": "Актовый зал",
    "programme": "10:00–10:30 Открытие — директор\n10.30 Разбор планов\nБез времени",
    "attendance": 24,
}

RULES = {
    "what": "Положение",
    "site": "Сайт колледжа",
    "address": "https://college.example/rules",
    "day": date(2026, 9, 7),
}


class Eventful(World):
    """Two events and a publication have ids here."""

    @property
    def held(self) -> str:
        return ids.derived_id("event", self.organisation)

    @property
    def other(self) -> str:
        return ids.derived_id("other event", self.organisation)

    @property
    def published(self) -> str:
        return ids.derived_id("publication", self.organisation)


def add(world: Eventful, event_id: str = "", **fields: Any) -> None:  # noqa: ANN401 - any
    """An event of the cycle; `about` are fields of the wish."""
    about = fields.pop("about", {})
    known = {
        "wish_id": f"add {event_id or world.held}",
        "organisation_id": world.organisation,
        "cycle_id": world.cycle,
        "turn": 1,
        "event_id": event_id or world.held,
        "details": EventDetails.model_validate({**SEMINAR, **fields}),
        "author": "user-curator",
        "at": NOW,
    }
    world.desk.add_event(EventWish.model_validate({**known, **about}))


def correct(world: Eventful, wish: str = "w2", organisation: str = "", **fields: object) -> None:
    world.desk.correct_event(
        EventCorrection(
            wish_id=f"{wish} {world.held}",
            organisation_id=organisation or world.organisation,
            event_id=world.held,
            details=EventDetails.model_validate({**SEMINAR, **fields}),
            author="user-curator",
            at=NOW,
        )
    )


def prove(world: Eventful, *bodies: Mapping[str, object]) -> None:
    """The second row of the cycle, proved by all these."""
    kept = [
        tasks.KeptText(
            id=ids.new_id(),
            organisation_id=world.organisation,
            kind="evidence",
            subject=world.cycle_workflow,
            author="user",
            body=dict(body),
        )
        for body in bodies
    ]
    for one in kept:
        world.desk.keep_text(one)
    first, *more = (one.id for one in kept)
    cycle = world.with_pair()
    item: Item = cycle.items[1].with_result(
        "answers", done=True, evidence_id=first, more=tuple(more)
    )
    world.save(cycle.with_item(item).changed(revision=9))


def publish(world: Eventful, **fields: object) -> None:
    world.desk.add_publication(
        PublicationWish(
            wish_id=f"publish {world.published}",
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            turn=1,
            publication_id=world.published,
            details=PublicationDetails.model_validate({**RULES, **fields}),
            author="user-curator",
            at=NOW,
        )
    )


def withdraw(world: Eventful, what: str, wish: str = "withdraw") -> None:
    world.desk.withdraw_told(
        Withdrawal.model_validate(
            {
                "wish_id": f"{wish} {what} {world.held}",
                "organisation_id": world.organisation,
                "what": what,
                "id": world.held if what == "event" else world.published,
                "reason": "Внесено дважды",
                "author": "user-curator",
                "at": NOW + timedelta(hours=2),
            }
        )
    )
