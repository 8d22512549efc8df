"""Rights to decide and to sign, for requests."""

from datetime import UTC, date, datetime
from typing import Any

from activities.tasks import MandateWish
from domain.mandates import Capacity, MandateGround, MandateRecord
from tests.fakes.desk import FakeDesk

RIGHT = "8" * 16
ORDER = MandateGround(what="order", number="77-л", day=date(2026, 8, 31))
GROUND = ORDER.model_dump(mode="json")
SUBSTITUTE: dict[str, Any] = {
    "person": "K-01",
    "capacity": "substitute",
    "instead_of": "D-01",
    "since": "2026-09-02",
    "until": "2026-09-15",
    "ground": GROUND,
}
END: dict[str, Any] = {"day": "2026-10-01", "reason": "Приказ от 28 сентября 2026 г. № 90-л"}


def a_desk() -> FakeDesk:
    """A desk of an organisation in which the mentor acts for the novice."""
    desk = FakeDesk()
    right = MandateRecord(
        id=RIGHT,
        person_id="3" * 16,
        capacity=Capacity.ACTING,
        post="исполняющий обязанности директора",
        instead_of="4" * 16,
        since=date(2026, 9, 1),
        ground=ORDER,
    )
    at = datetime(2026, 9, 2, 9, tzinfo=UTC)
    desk.give_mandate(MandateWish(organisation_id="0" * 16, record=right, by="1" * 16, at=at))
    return desk
