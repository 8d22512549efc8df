"""A world in which events are told of."""

from datetime import date
from typing import Any

from activities.event_ports import EventWish
from domain import ids
from domain.events import EventDetails
from tests.adapters.world import NOW, World

SEMINAR = {
    "kind": "seminar",
    "title": "Семинар для наставников",
    "day": date(2026, 9, 7),
    "place": "Актовый зал",
    "programme": "10:00–10:30 Открытие — директор\n10.30 Разбор планов\nБез времени",
    "attendance": 24,
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
